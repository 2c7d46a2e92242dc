#include "text.h"

#include "mem.h"

#include <endian.h>
#include <pthread.h>
#include <stdlib.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>
#include <unicode/utrans.h>

enum { HAN_FIRST = 0x3400, HAN_END = 0xA000 }; /* extension A and the unified ideographs */

static bool is_tail(char c)
{
	return ((unsigned char)c & 0xC0) == 0x80;
}

/* U+4000..U+9FFF (lead bytes E4..E9): ideographs and hexagrams, which NFKC leaves alone
 * and which combine with nothing. */
static bool is_plain_han(const char *p, const char *end)
{
	unsigned char lead = (unsigned char)*p;

	return lead >= 0xE4 && lead <= 0xE9 && end - p >= 3 && is_tail(p[1]) && is_tail(p[2]);
}

bool text_is_utf8(struct str s)
{
	const char *p = s.p, *end = s.n ? s.p + s.n : s.p;

	while (p < end) {
		size_t i = 0;

		if (end - p >= 8) {
			uint64_t word;

			memcpy(&word, p, 8);
			word = le64toh(word) & 0x8080808080808080u;
			if (!word) {
				p += 8;
				continue;
			}
			p += __builtin_ctzll(word) / 8;
		}
		if ((unsigned char)*p < 0x80) {
			p++;
		} else if (is_plain_han(p, end)) {
			p += 3;
		} else {
			/* U+FFFD itself has three bytes, a malformed one moves by one */
			if (utf8_next(str_span(p, end), &i) == 0xFFFD && i == 1)
				return false;
			p += i;
		}
	}
	return true;
}

/* The usual value: printable ASCII and plain ideographs, single spaces within. */
static bool is_clean(struct str s)
{
	const char *p = s.p, *end = s.n ? s.p + s.n : s.p;
	bool space = true; /* at the front no space may stand */

	while (p < end) {
		if (*p > ' ' && *p < 0x7F) {
			space = false;
			p++;
		} else if (is_plain_han(p, end)) {
			space = false;
			p += 3;
		} else if (*p == ' ' && !space) {
			space = true;
			p++;
		} else {
			return false;
		}
	}
	return s.n == 0 || !space;
}

static bool is_dropped(uint32_t c)
{
	return c == 0x7F || (c < 0x20 && !u_isUWhiteSpace((UChar32)c)) ||
	       u_hasBinaryProperty((UChar32)c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT);
}

/* Other characters of Chinese text that NFKC leaves alone and that combine with nothing:
 * the middle dot of minority names, dashes, quotes, CJK punctuation and brackets. */
static bool is_settled(uint32_t c)
{
	return (c > ' ' && c < 0x7F) || (c >= 0x4000 && c <= 0x9FFF) || c == 0xB7 ||
	       c == 0x2014 || (c >= 0x2018 && c <= 0x201D && c != 0x201A && c != 0x201B) ||
	       (c >= 0x3001 && c <= 0x3003) || (c >= 0x3005 && c <= 0x3011) ||
	       (c >= 0x3014 && c <= 0x301B);
}

static bool is_full_width(uint32_t c)
{
	return c >= 0xFF01 && c <= 0xFF5E;
}

/* What is left to do after normalisation: spaces. Writes to out and returns the length. */
static size_t squeeze(struct str s, char *out, bool drop_all)
{
	size_t n = 0;
	bool space = false;

	for (size_t i = 0; i < s.n;) {
		uint32_t c = utf8_next(s, &i);

		if (!is_settled(c) && u_isUWhiteSpace((UChar32)c)) {
			space = n > 0 && !drop_all;
			continue;
		}
		if (space)
			out[n++] = ' ';
		space = false;
		n += utf8_put(c, out + n);
	}
	return n;
}

/* Full-width ASCII, odd spaces and invisible characters need no ICU where everything beside
 * them is settled. Gives the text with invisible ones dropped; *settled tells whether NFKC
 * has anything left to do. Malformed bytes become U+FFFD, which is three times as long. */
static struct str drop_and_narrow(struct arena *a, struct str s, bool *settled)
{
	char *out = arena_alloc(a, s.n * 3);
	size_t n = 0;

	*settled = true;
	for (size_t i = 0; i < s.n;) {
		uint32_t c = utf8_next(s, &i);

		if (is_full_width(c))
			c = c - 0xFF01 + '!';
		else if (!is_settled(c) && is_dropped(c))
			continue;
		else if (!is_settled(c) && !u_isUWhiteSpace((UChar32)c) && c != 0xFFFD)
			*settled = false;
		n += utf8_put(c, out + n);
	}
	return (struct str){ out, n };
}

static const UNormalizer2 *nfkc;
static pthread_once_t nfkc_once = PTHREAD_ONCE_INIT;

static void get_nfkc(void)
{
	UErrorCode status = U_ZERO_ERROR;

	nfkc = unorm2_getNFKCInstance(&status);
	if (U_FAILURE(status))
		library_failed("ICU has no NFKC: %s", u_errorName(status));
}

/* NFKC makes at most 18 UTF-16 units of one. */
static struct str normalise(struct arena *a, struct str s)
{
	UErrorCode status = U_ZERO_ERROR;
	int32_t n, wide, bytes;
	UChar *from, *to;
	char *out;

	pthread_once(&nfkc_once, get_nfkc);
	if (s.n > INT32_MAX / 64)
		return s;
	from = arena_alloc(a, (s.n + 1) * sizeof(*from));
	u_strFromUTF8(from, (int32_t)s.n + 1, &n, s.p, (int32_t)s.n, &status);
	wide = unorm2_normalize(nfkc, from, n, NULL, 0, &status);
	if (status != U_BUFFER_OVERFLOW_ERROR && U_FAILURE(status))
		return s;
	status = U_ZERO_ERROR;
	to = arena_alloc(a, ((size_t)wide + 1) * sizeof(*to));
	unorm2_normalize(nfkc, from, n, to, wide + 1, &status);
	out = arena_alloc(a, (size_t)wide * 3 + 1);
	u_strToUTF8(out, wide * 3 + 1, &bytes, to, wide, &status);
	if (status == U_MEMORY_ALLOCATION_ERROR)
		library_failed("ICU cannot get its memory");
	return U_FAILURE(status) ? s : (struct str){ out, (size_t)bytes };
}

static struct str clean_slowly(struct arena *a, struct str s, bool drop_spaces)
{
	bool settled;
	struct str t = drop_and_narrow(a, s, &settled);
	char *out;

	if (!settled)
		t = normalise(a, t);
	out = arena_alloc(a, t.n + 1);
	return (struct str){ out, squeeze(t, out, drop_spaces) };
}

struct str text_clean(struct arena *a, struct str s)
{
	return is_clean(s) ? s : clean_slowly(a, s, false);
}

/* Codes are upper-case ASCII, or begin with an ideograph as plates do. */
static bool is_code(struct str s)
{
	const char *p = s.p, *end = s.n ? s.p + s.n : s.p;

	while (p < end) {
		if (*p > ' ' && *p < 0x7F && !(*p >= 'a' && *p <= 'z'))
			p++;
		else if (is_plain_han(p, end))
			p += 3;
		else
			return false;
	}
	return true;
}

/* A space that goes, or a letter that grows, may bring a mark and its letter together:
 * again, until nothing changes. */
struct str text_code(struct arena *a, struct str s)
{
	while (!is_code(s)) {
		struct str before = s;

		s = text_upper(a, clean_slowly(a, s, true));
		if (str_eq(s, before))
			break;
	}
	return s;
}

struct str text_upper(struct arena *a, struct str s)
{
	size_t i = 0;
	char *out;

	while (i < s.n && !(s.p[i] >= 'a' && s.p[i] <= 'z'))
		i++;
	if (i == s.n)
		return s;
	out = (char *)str_keep(a, s).p;
	for (; i < s.n; i++)
		if (out[i] >= 'a' && out[i] <= 'z')
			out[i] = (char)(out[i] - 'a' + 'A');
	return (struct str){ out, s.n };
}

bool text_is_han(uint32_t c)
{
	return (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x3400 && c <= 0x4DBF) || c == 0x3007 ||
	       c == 0x3005 || (c >= 0xF900 && c <= 0xFAFF) || (c >= 0x20000 && c <= 0x3FFFD);
}

enum { HAN_COUNT = HAN_END - HAN_FIRST };

static uint16_t folded[HAN_COUNT];
static pthread_once_t folded_once = PTHREAD_ONCE_INIT;

/* Every ideograph goes through ICU's rules once, a line feed between, so that no rule for
 * a word of several characters takes hold. */
static void fold_all(void)
{
	static const UChar id[] = u"Traditional-Simplified";
	UErrorCode status = U_ZERO_ERROR;
	UTransliterator *t = utrans_openU(id, -1, UTRANS_FORWARD, NULL, 0, NULL, &status);
	UChar *text = xcalloc(4 * HAN_COUNT, sizeof(*text));
	int32_t n = 2 * HAN_COUNT, limit = n;

	for (int i = 0; i < HAN_COUNT; i++) {
		folded[i] = (uint16_t)(HAN_FIRST + i);
		text[2 * i] = folded[i];
		text[2 * i + 1] = '\n';
	}
	if (U_SUCCESS(status))
		utrans_transUChars(t, text, &n, 4 * HAN_COUNT, 0, &limit, &status);
	if (U_FAILURE(status))
		library_failed("ICU has no Traditional-Simplified: %s", u_errorName(status));
	for (int32_t i = 0, line = 0; i + 1 < n && line < HAN_COUNT; line++) {
		if (text[i + 1] == '\n' && text[i] >= HAN_FIRST && text[i] < HAN_END)
			folded[line] = text[i];
		while (i < n && text[i++] != '\n')
			;
	}
	utrans_close(t);
	free(text);
	if (folded[0x842C - HAN_FIRST] != 0x4E07) /* without memory it lets everything pass */
		library_failed("ICU does not know that U+842C is written U+4E07");
}

static uint32_t sounds[HAN_COUNT]; /* 0: not asked for yet */
static pthread_mutex_t sounds_lock = PTHREAD_MUTEX_INITIALIZER;
static UTransliterator *to_latin;

/* Base 32 of the letters: the longest syllables have six. */
static uint32_t letters_number(const UChar *letters, int32_t n)
{
	uint32_t number = 0;

	for (int32_t k = 0; k < n && k < 6; k++)
		number = number * 32 + (letters[k] & 31);
	return number;
}

/* A name is misheard in few of the many ideographs, so each is asked for when it is met. */
static uint32_t find_sound(uint32_t c)
{
	UErrorCode status = U_ZERO_ERROR;
	UChar text[32] = { (UChar)c };
	int32_t n = 1, limit = 1;
	uint32_t sound;

	pthread_mutex_lock(&sounds_lock);
	if (!to_latin)
		to_latin = utrans_openU(u"Han-Latin; Latin-ASCII", -1, UTRANS_FORWARD, NULL, 0, NULL, &status);
	if (U_SUCCESS(status))
		utrans_transUChars(to_latin, text, &n, 32, 0, &limit, &status);
	if (U_FAILURE(status))
		library_failed("ICU has no Han-Latin: %s", u_errorName(status));
	sound = n == 1 && text[0] == c ? c | 0x80000000u : letters_number(text, n);
	pthread_mutex_unlock(&sounds_lock);
	return sound;
}

uint32_t text_sound(uint32_t c)
{
	uint32_t *slot, sound;

	if (c < HAN_FIRST || c >= HAN_END)
		return c | 0x80000000u;
	slot = &sounds[c - HAN_FIRST];
	sound = __atomic_load_n(slot, __ATOMIC_RELAXED);
	if (!sound) {
		sound = find_sound(c);
		__atomic_store_n(slot, sound, __ATOMIC_RELAXED);
	}
	return sound;
}

struct str text_fold_han(struct arena *a, struct str s)
{
	char *out = NULL;

	pthread_once(&folded_once, fold_all);
	for (size_t i = 0; i < s.n;) {
		size_t at = i;
		uint32_t c;

		if ((unsigned char)s.p[i] < 0xE3) {
			i++;
			continue;
		}
		c = utf8_next(s, &i);
		if (c < HAN_FIRST || c >= HAN_END || folded[c - HAN_FIRST] == c)
			continue;
		if (!out)
			out = (char *)str_keep(a, s).p;
		utf8_put(folded[c - HAN_FIRST], out + at);
	}
	return out ? (struct str){ out, s.n } : s;
}
