/* Numbers, phones and names of forgotten people among the bytes of rows: found, and overwritten. */
#include "forgotten.h"

#include "number_bytes.h"

#include <iconv.h>

enum { OLD_LENGTH = 15 };

/* ---- finding numbers ---- */

/* How many bytes a filler takes, as it is or of full width (UTF-8, GB18030, UTF-16), or a longer dash. */
static size_t filler_width(const char *bytes, size_t n)
{
	static const struct str wide[] = { STR_INIT("\xE3\x80\x80"), STR_INIT("\xEF\xBC\x8D"), STR_INIT("\xA1\xA1"),
					   STR_INIT("\xA3\xAD"), STR_INIT("\x0D\xFF"), STR_INIT("\xFF\x0D"),
					   STR_INIT("\xE2\x80\x93"), STR_INIT("\xE2\x80\x94"), STR_INIT("\xA1\xAA") };

	if ((unsigned char)*bytes < 0x80 && *bytes != '\x0D')
		return is_filler(*bytes);
	for (size_t i = 0; i < sizeof(wide) / sizeof(wide[0]); i++) {
		if (str_starts((struct str){ bytes, n }, wide[i]))
			return wide[i].n;
	}
	return 0;
}

/* How many bytes a digit takes there, as it is or of full width (UTF-8, GB18030, UTF-16); 0: there is none. */
static size_t digit_width(const char *bytes, size_t n, char *digit)
{
	const unsigned char *b = (const unsigned char *)bytes;
	size_t width = 0;
	unsigned d = 10;

	if (is_digit(*bytes)) {
		*digit = *bytes;
		return 1;
	}
	if (n < 2)
		return 0;
	if (b[0] == 0xA3 || b[0] == 0xFF)
		width = 2, d = b[1] - (b[0] == 0xFF ? 0x10u : 0xB0u);
	else if (b[1] == 0xFF)
		width = 2, d = b[0] - 0x10u;
	else if (n > 2 && b[0] == 0xEF && b[1] == 0xBC)
		width = 3, d = b[2] - 0x90u;
	*digit = (char)('0' + d % 10);
	return d < 10 ? width : 0;
}

static bool goes_on(struct str bytes, size_t i)
{
	char digit;

	while (i < bytes.n && bytes.p[i] == '\0')
		i++;
	return i < bytes.n && digit_width(bytes.p + i, bytes.n - i, &digit);
}

/* The 15 digits, or the 17 and the check character, that begin there and are one of theirs. */
static bool find_number_at(const struct forgotten *fg, struct str bytes, size_t i, struct str *number, struct arena *a)
{
	char run[18];

	for (size_t length = 0; i < bytes.n && length < sizeof(run);) {
		size_t left = bytes.n - i, width = digit_width(bytes.p + i, left, &run[length]);

		if (!width && length == 17 && (bytes.p[i] == 'x' || bytes.p[i] == 'X')) {
			run[length] = 'X';
			width = 1;
		}
		i += width ? width : filler_width(bytes.p + i, left);
		if (!width && (i == bytes.n - left))
			return false;
		length += width > 0;
		*number = (struct str){ run, length };
		if (width && (length == OLD_LENGTH || length == sizeof(run)) && !goes_on(bytes, i) &&
		    forgotten_number(fg, *number, a)) {
			*number = str_keep(a, *number);
			return true;
		}
	}
	return false;
}

size_t forgotten_find(const struct forgotten *fg, struct str bytes, struct str *numbers, size_t most, struct arena *a)
{
	size_t found = 0, width;
	bool within = false; /* a group of digits */
	char digit;

	for (size_t i = 0; i < bytes.n && found < most; i += width ? width : 1) {
		width = digit_width(bytes.p + i, bytes.n - i, &digit);
		if (width && !within)
			found += find_number_at(fg, bytes, i, &numbers[found], a);
		within = width || (within && bytes.p[i] == '\0');
	}
	return found;
}

/* ---- overwriting ---- */

/* How many bytes a character takes that is there as it is, or of full width (clean makes these the
 * plain ones) in UTF-8, GB18030 or UTF-16; 0: it is another one. */
static size_t width_of(const char *bytes, size_t n, char c)
{
	const unsigned char *b = (const unsigned char *)bytes;
	unsigned char full = (unsigned char)(c - 0x20); /* U+FF00 and this */

	if ((*bytes >= 'a' && *bytes <= 'z' ? (char)(*bytes - 'a' + 'A') : *bytes) == c)
		return 1;
	if (c <= ' ' || n < 2)
		return 0;
	if ((b[0] == 0xA3 && b[1] == (unsigned char)(c | 0x80)) || (b[0] == full && b[1] == 0xFF) ||
	    (b[0] == 0xFF && b[1] == full))
		return 2;
	return n >= 3 && b[0] == 0xEF && b[1] == 0xBC + (full >> 6) && b[2] == (0x80 | (full & 0x3F)) ? 3 : 0;
}

/* Told quickly, since it is asked of each byte. */
static inline bool can_begin(const char *bytes, size_t n, char c)
{
	return ((*bytes ^ c) & 0x5F) == 0 || *bytes == '\xA3' || *bytes == '\xEF' || *bytes == '\xFF' ||
	       (n > 1 && bytes[1] == '\xFF');
}

/* Where a match of the number that begins at `at` ends, or 0. */
static size_t match_end(const char *bytes, size_t n, size_t at, struct str number)
{
	size_t i = at, d = 0;

	while (i < n && d < number.n) {
		size_t width = width_of(bytes + i, n - i, number.p[d]);

		if (width)
			d++;
		else if (d == 0 || !(width = filler_width(bytes + i, n - i)))
			return 0;
		i += width;
	}
	return d == number.n ? i : 0;
}

bool forgotten_holds(struct str bytes, struct str number)
{
	for (size_t at = 0; number.n && at < bytes.n; at++) {
		if (can_begin(bytes.p + at, bytes.n - at, number.p[0]) && match_end(bytes.p, bytes.n, at, number))
			return true;
	}
	return false;
}

/* Zeros of UTF-16 stay, and a half of what is of full width becomes one. */
static void blank(char *bytes, size_t from, size_t end)
{
	for (size_t i = from; i < end; i++) {
		if (bytes[i])
			bytes[i] = bytes[i] == '\xFF' ? '\0' : ' ';
	}
}

size_t forgotten_overwrite(char *bytes, size_t n, struct str number)
{
	size_t times = 0;

	for (size_t at = 0; number.n && at < n; at++) {
		size_t end = can_begin(bytes + at, n - at, number.p[0]) ? match_end(bytes, n, at, number) : 0;

		blank(bytes, at, end);
		times += end > 0;
	}
	return times;
}

/* Where what is dialled before a phone begins: the country, or a zero. */
static size_t dialled_from(const char *bytes, size_t at)
{
	static const struct str before[] = { STR_INIT("6800"), STR_INIT("68+"), STR_INIT("68"), STR_INIT("0") };

	for (size_t k = 0; k < sizeof(before) / sizeof(before[0]); k++) {
		size_t i = at, d = 0;

		while (i > 0 && d < before[k].n && (bytes[i - 1] == before[k].p[d] || is_filler(bytes[i - 1]))) {
			i--;
			d += bytes[i] == before[k].p[d];
		}
		if (d == before[k].n && (i == 0 || !is_digit(bytes[i - 1])))
			return i;
	}
	return at;
}

size_t forgotten_overwrite_phone(char *bytes, size_t n, struct str phone)
{
	size_t times = 0;

	for (size_t at = 0; phone.n && at < n; at++) {
		size_t end = match_end(bytes, n, at, phone);

		if (end)
			blank(bytes, dialled_from(bytes, at), end);
		times += end > 0;
	}
	return times;
}

size_t forgotten_overwrite_number(char *bytes, size_t n, const struct forgotten_person *is)
{
	return forgotten_overwrite(bytes, n, is->number) + forgotten_overwrite(bytes, n, is->old_number);
}

static const char *const encodings[FORGOTTEN_SPELLINGS] = { "UTF-8", "GB18030", "UTF-16LE", "UTF-16BE" };

/* The bytes of a text in an encoding; empty where it has none. */
static struct str encoded(struct arena *a, struct str name, const char *encoding)
{
	iconv_t to = iconv_open(encoding, "UTF-8");
	char *in = (char *)name.p, *out = arena_alloc(a, name.n * 4 + 1), *end = out;
	size_t n_in = name.n, room = name.n * 4 + 1;

	bool known = to != (iconv_t)-1, ok = known && iconv(to, &in, &n_in, &end, &room) != (size_t)-1;

	if (known)
		iconv_close(to);
	return ok ? str_span(out, end) : STR("");
}

void forgotten_spell(struct str name, struct str spellings[FORGOTTEN_SPELLINGS], struct arena *a)
{
	for (size_t i = 0; i < FORGOTTEN_SPELLINGS; i++) {
		struct str bytes = encoded(a, name, encodings[i]);
		char *p = arena_alloc(a, bytes.n + 1);
		size_t n = 0;

		for (size_t k = 0; k < bytes.n; k++) {
			char c = bytes.p[k];

			if (!is_filler(c))
				p[n++] = c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
		}
		spellings[i] = (struct str){ p, n };
	}
}

static bool is_own_phone(const struct record *rec, struct str phone, struct arena *a)
{
	return str_eq(forgotten_phone(a, rec->v[F_MOBILE]), phone) || str_eq(forgotten_phone(a, rec->v[F_PHONE]), phone);
}

static size_t overwrite_mention(char *bytes, size_t n, const struct forgotten_mention *m, bool name, struct arena *a)
{
	struct str spellings[FORGOTTEN_SPELLINGS];
	size_t times = 0;

	if (!name)
		return forgotten_overwrite_phone(bytes, n, m->phone);
	forgotten_spell(m->name, spellings, a);
	for (size_t i = 0; i < FORGOTTEN_SPELLINGS; i++)
		times += forgotten_overwrite(bytes, n, spellings[i]);
	return times;
}

void forgotten_clear_mention(struct record *rec, char *bytes, size_t n, const struct forgotten_mention *m, struct arena *a)
{
	bool name = is_own_phone(rec, m->phone, a);

	overwrite_mention(bytes, n, m, name, a);
	for (int i = F_SOURCE_KEY; i < F_COUNT; i++) {
		char *copy = str_keepz(a, rec->v[i]);

		if (rec->v[i].n && overwrite_mention(copy, rec->v[i].n, m, name, a))
			rec->v[i] = str_trim((struct str){ copy, rec->v[i].n });
	}
}

void forgotten_clear_number(struct record *rec, char *bytes, size_t n, struct str number, struct arena *a)
{
	forgotten_overwrite(bytes, n, number);
	for (int i = F_SOURCE_KEY; i < F_COUNT; i++) {
		if (rec->v[i].n < number.n)
			continue;
		char *copy = str_keepz(a, rec->v[i]);

		if (forgotten_overwrite(copy, rec->v[i].n, number))
			rec->v[i] = str_trim((struct str){ copy, rec->v[i].n });
	}
}
