#include "name_match.h"

#include "buf.h"
#include "text.h"

#include <stdlib.h>

/* A name past this is compared for equality only: no slip is looked for in a paragraph. */
enum { MAX_CHARACTERS = 48, MAX_WORDS = 12 };

struct letters {
	uint32_t c[MAX_CHARACTERS];
	size_t n;
	bool whole; /* all of the name fitted */
};

/* What is put for a character that a system could not write. */
static bool is_unreadable(uint32_t c)
{
	return c == '?' || c == '*' || c == 0x25A1 /* □ */ || c == 0x3007 /* 〇 */ ||
	       c == 0xFFFD || (c >= 0xE000 && c <= 0xF8FF) /* private use */;
}

static bool is_latin(uint32_t c)
{
	return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       (c >= 0xC0 && c <= 0x24F && c != 0xD7 && c != 0xF7);
}

static bool is_letter(uint32_t c)
{
	return is_latin(c) || is_unreadable(c) || text_is_han(c) || c >= 0x250;
}

/* The dots of minority and foreign names, in every form they are typed. */
static bool is_mark(uint32_t c)
{
	return c == 0x2022 || c == 0x2027 || c == 0x30FB || c == 0xFF65 ||
	       (c >= 0x2010 && c <= 0x201F) || (c >= 0x3000 && c <= 0x303F && c != 0x3007) ||
	       (c >= 0xFF00 && c <= 0xFF0F);
}

static bool has_han(struct str s)
{
	for (size_t i = 0; i < s.n;)
		if (text_is_han(utf8_next(s, &i)))
			return true;
	return false;
}

static bool is_closing(struct str s)
{
	return str_ends(s, STR(")")) || str_ends(s, STR("）")) || str_ends(s, STR("]")) ||
	       str_ends(s, STR("】"));
}

/* "张三(北京某某公司)": a remark at the end is no part of the name before it. */
static struct str without_remark(struct str s)
{
	for (size_t i = 0, at = 0; i < s.n && is_closing(s); at = i) {
		uint32_t c = utf8_next(s, &i);

		if ((c == '(' || c == 0xFF08 || c == '[' || c == 0x3010) && at >= 6)
			return (struct str){ s.p, at };
	}
	return s;
}

/* Nothing but ideographs of three bytes: nearly every name. */
static bool is_plain(struct str s)
{
	for (size_t i = 0; i < s.n; i += 3)
		if ((unsigned char)s.p[i] < 0xE4 || (unsigned char)s.p[i] > 0xE9)
			return false;
	return s.n % 3 == 0;
}

/* Letters only, without the marks between them. */
static struct str letters_only(struct str s, struct arena *a)
{
	char *to, *end;

	if (is_plain(s))
		return s;
	to = end = arena_alloc(a, s.n + 1);
	for (size_t i = 0; i < s.n;) {
		uint32_t c = utf8_next(s, &i);

		if (is_letter(c) && !is_mark(c))
			end += utf8_put(c, end);
	}
	return str_span(to, end);
}

static int by_bytes(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

/* "Smith, John" and "JOHN SMITH" are one name: its words, sorted. */
static struct str sorted_words(struct str s, struct arena *a)
{
	struct str words[MAX_WORDS];
	size_t n = 0, start = 0, at = 0;
	struct buf b = { 0 };

	for (size_t i = 0; n < MAX_WORDS; at = i) {
		uint32_t c = i < s.n ? utf8_next(s, &i) : ' ';
		bool letter = is_letter(c) && !is_mark(c);

		if (!letter && at > start)
			words[n++] = (struct str){ s.p + start, at - start };
		if (!letter)
			start = i;
		if (at == s.n)
			break;
	}
	qsort(words, n, sizeof(*words), by_bytes);
	for (size_t w = 0; w < n; w++) {
		if (w)
			buf_char(&b, ' ');
		buf_str(&b, words[w]);
	}
	struct str joined = str_keep(a, buf_view(&b));

	buf_release(&b);
	return joined;
}

static bool strip_one(struct str *s, const struct str *endings, size_t n, size_t keep)
{
	for (size_t i = 0; i < n; i++) {
		if (s->n >= endings[i].n + keep && str_ends(*s, endings[i])) {
			s->n -= endings[i].n;
			return true;
		}
	}
	return false;
}

/* What is left of a company's name without its legal form: two characters at least. */
static struct str company_core(const struct name_words *words, struct str text)
{
	while (strip_one(&text, words->company_forms, words->n_company_forms, 6))
		;
	return text;
}

void name_form_make(struct name_form *form, const struct name_words *words, struct str name,
		    bool company, struct arena *a)
{
	struct str folded = text_fold_han(a, text_upper(a, name)), core;

	*form = (struct name_form){ 0 };
	if (!has_han(folded)) {
		form->text = sorted_words(folded, a);
		return;
	}
	form->text = letters_only(without_remark(folded), a);
	core = company_core(words, form->text);
	if (company || core.n < form->text.n)
		form->core = core;
	else
		strip_one(&form->text, words->titles, words->n_titles, 6);
}

void name_form_surname(struct name_form *form, struct str surname, struct arena *a)
{
	*form = (struct name_form){
		.text = text_fold_han(a, surname),
		.surname_only = true,
	};
}

static void letters_of(struct letters *l, struct str s)
{
	l->n = 0;
	for (size_t i = 0; i < s.n && l->n < MAX_CHARACTERS;)
		l->c[l->n++] = utf8_next(s, &i);
	l->whole = l->n < MAX_CHARACTERS;
}

static bool same_but(const struct letters *a, size_t i, const struct letters *b, size_t j)
{
	return a->n - i == b->n - j && memcmp(a->c + i, b->c + j, (a->n - i) * sizeof(*a->c)) == 0;
}

enum difference { DIFFERENT, OTHER_CHARACTER, SWAPPED, ONE_MORE };

/* How the longer name comes from the shorter; *at: the first character that differs. */
static enum difference difference_of(const struct letters *longer, const struct letters *shorter,
				     size_t *at)
{
	size_t i = 0;

	if (!longer->whole || !shorter->whole)
		return DIFFERENT;
	while (i < shorter->n && longer->c[i] == shorter->c[i])
		i++;
	*at = i;
	if (longer->n == shorter->n + 1)
		return same_but(longer, i + 1, shorter, i) ? ONE_MORE : DIFFERENT;
	if (longer->n != shorter->n)
		return DIFFERENT;
	if (same_but(longer, i + 1, shorter, i + 1))
		return OTHER_CHARACTER;
	if (i + 2 <= longer->n && longer->c[i] == shorter->c[i + 1] &&
	    longer->c[i + 1] == shorter->c[i] && same_but(longer, i + 2, shorter, i + 2))
		return SWAPPED;
	return DIFFERENT;
}

static enum difference compare_letters(struct str a, struct str b, struct letters *la,
				       struct letters *lb, size_t *at)
{
	letters_of(la, a);
	letters_of(lb, b);
	return la->n >= lb->n ? difference_of(la, lb, at) : difference_of(lb, la, at);
}

static bool sounds_alike(uint32_t a, uint32_t b)
{
	return is_unreadable(a) || is_unreadable(b) || text_sound(a) == text_sound(b);
}

static enum name_grade compare_han(struct str a, struct str b)
{
	struct letters la, lb;
	size_t at = 0, shorter;
	enum difference difference = compare_letters(a, b, &la, &lb, &at);

	shorter = la.n < lb.n ? la.n : lb.n;
	switch (difference) {
	case ONE_MORE:
		return shorter >= 2 && at > 0 ? NAME_NEAR : NAME_UNLIKE;
	case OTHER_CHARACTER:
		if (shorter >= 2 && sounds_alike(la.c[at], lb.c[at]))
			return NAME_NEAR;
		return shorter >= 3 && at > 0 ? NAME_SLIP : NAME_UNLIKE;
	case SWAPPED:
		return shorter >= 3 && at > 0 ? NAME_SLIP : NAME_UNLIKE;
	default:
		return NAME_UNLIKE;
	}
}

static size_t count_words(struct str s)
{
	size_t n = s.n > 0;

	for (size_t i = 0; i < s.n; i++)
		n += s.p[i] == ' ';
	return n;
}

/* Every word of `few` stands in `many` too (both sorted). */
static bool words_within(struct str few, struct str many)
{
	struct str word, other;

	while (str_cut(&few, ' ', &word)) {
		do {
			if (!str_cut(&many, ' ', &other))
				return false;
		} while (!str_eq(word, other));
	}
	return true;
}

/* Foreign names: a middle name left out, a letter mistyped in a long one. */
static enum name_grade compare_latin(struct str a, struct str b)
{
	struct letters la, lb;
	size_t at, words_a = count_words(a), words_b = count_words(b);

	if (words_a >= 2 && words_b >= 2 && words_a != words_b &&
	    (words_a < words_b ? words_within(a, b) : words_within(b, a)))
		return NAME_NEAR;
	if (compare_letters(a, b, &la, &lb, &at) == DIFFERENT || la.n < 8 || lb.n < 8)
		return NAME_UNLIKE;
	return NAME_SLIP;
}

/* "北京华夏租赁有限公司" and "华夏租赁" are one: the shorter core ends the longer one. */
static enum name_grade compare_companies(const struct name_form *a, const struct name_form *b)
{
	const struct name_form *longer = a->core.n >= b->core.n ? a : b;
	const struct name_form *shorter = longer == a ? b : a;
	struct letters la, lb;
	size_t at;

	if (utf8_count(shorter->core) >= 4 && str_ends(longer->core, shorter->core))
		return NAME_NEAR;
	if (compare_letters(a->core, b->core, &la, &lb, &at) != DIFFERENT && la.n >= 5 && lb.n >= 5)
		return NAME_SLIP;
	return str_eq(a->core, b->core) ? NAME_NEAR : NAME_UNLIKE;
}

enum name_grade name_compare(const struct name_form *a, const struct name_form *b)
{
	if (!a->text.n || !b->text.n)
		return NAME_ABSENT;
	if (a->surname_only)
		return str_starts(b->text, a->text) ? NAME_SURNAME : NAME_UNLIKE;
	if (b->surname_only)
		return str_starts(a->text, b->text) ? NAME_SURNAME : NAME_UNLIKE;
	if (str_eq(a->text, b->text))
		return NAME_EXACT;
	if (a->core.n && b->core.n)
		return compare_companies(a, b);
	if (a->core.n || b->core.n)
		return NAME_UNLIKE;
	if (has_han(a->text) && has_han(b->text))
		return compare_han(a->text, b->text);
	return has_han(a->text) || has_han(b->text) ? NAME_UNLIKE : compare_latin(a->text, b->text);
}

bool name_alike(const struct name_form *a, const struct name_form *b)
{
	struct letters la, lb;
	size_t at;

	if (name_compare(a, b) != NAME_UNLIKE)
		return true;
	return !a->core.n && !b->core.n &&
	       compare_letters(a->text, b->text, &la, &lb, &at) != DIFFERENT;
}
