/*
 * Names as people type them. What is certain is put right: blanks that pad a name, the dot
 * between the parts of a minority name, a title behind a full name, a remark in brackets.
 * What leaves no name (a surname with a title, a placeholder, a masked character) is told.
 */
#include "person_name.h"

#include "form.h"
#include "plain_value.h"
#include "tables.h"
#include "text.h"

enum { LONGEST = 512 }; /* bytes; around more there is no title, and no end of looking for one */

#define MIDDLE_DOT "\u00B7"

static size_t han_count(struct str s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n;)
		n += text_is_han(utf8_next(s, &i));
	return n;
}

/* Two to four characters that start with a surname: a person, whatever they mean. */
static bool reads_as_person(const struct reference *ref, struct str s)
{
	size_t n = utf8_count(s), surname = surname_length(ref, s);

	return n >= 2 && n <= 3 && han_count(s) == n && surname && surname < s.n;
}

bool name_is_company(const struct reference *ref, struct str cleaned)
{
	size_t n = utf8_count(cleaned);

	if (reads_as_person(ref, cleaned))
		return false;
	for (size_t i = 0; i < ref->n_markers; i++) {
		const struct marker *m = &ref->markers[i];
		bool single = utf8_count(m->word) == 1;

		if (single && n < 4)
			continue;
		if (m->anywhere && !single ? str_has(cleaned, m->word) : str_ends(cleaned, m->word))
			return cleaned.n > m->word.n;
		/* 北京某某有限公司(市场部): what follows the legal form is a remark. */
		if (!m->anywhere && str_ends(m->word, STR("公司")) && str_has(cleaned, m->word))
			return true;
	}
	return false;
}

/* The marks that stand for U+00B7 between the parts of a name, after NFKC. */
static bool is_dot(uint32_t c)
{
	return c == 0xB7 || c == 0x2022 || c == 0x2027 || c == 0x30FB || c == 0x3002 || c == '.' ||
	       c == 0x2219 || c == 0x22C5 || c == 0x2024 || c == 0x25CF;
}

static const struct title *title_of(const struct reference *ref, struct str s)
{
	const struct title *best = NULL;

	for (size_t i = 0; i < ref->n_titles; i++) {
		const struct title *t = &ref->titles[i];
		bool fits =
			t->position == TITLE_PREFIX ? str_starts(s, t->word) : str_ends(s, t->word);

		if (fits && (!best || t->word.n > best->word.n))
			best = t;
	}
	return best;
}

/* Without the title behind it: a title's characters do not make a name a long one. */
static size_t name_han_count(const struct reference *ref, struct str s)
{
	const struct title *t = s.n <= LONGEST ? title_of(ref, s) : NULL;

	return han_count(s) - (t && t->position != TITLE_PREFIX ? han_count(t->word) : 0);
}

/*
 * Between ideographs a dot becomes U+00B7, and a blank goes where the name is short (王 伟,
 * padded to align) or becomes a dot where it is long (a minority name).
 */
static struct str dots_and_blanks(const struct reference *ref, struct arena *a, struct str s)
{
	char *p = arena_alloc(a, s.n * 2 + 1);
	size_t n = 0, han = name_han_count(ref, s);
	bool after_han = false, changed = false;

	for (size_t i = 0; i < s.n;) {
		size_t start = i, next = i;
		uint32_t c = utf8_next(s, &i);
		bool before_han;

		next = i;
		before_han = i < s.n && text_is_han(utf8_next(s, &next));
		if (after_han && before_han && (is_dot(c) || c == ' ')) {
			changed = true;
			if (is_dot(c) || han > 4) {
				memcpy(p + n, MIDDLE_DOT, 2);
				n += 2;
			}
			continue;
		}
		memcpy(p + n, s.p + start, i - start);
		n += i - start;
		after_han = text_is_han(c);
	}
	return changed ? (struct str){p, n} : s;
}

/* A single rare ideograph written as two in brackets, 王(方方), stays a riddle. */
static bool brackets_judge(const struct reference *ref, struct arena *a, struct person_name *out)
{
	struct verdict *v = &out->verdict;
	ptrdiff_t open = str_find(v->value, STR("("));
	struct str before, inside;
	size_t end;

	if (open < 0)
		return true;
	before = value_undress((struct str){v->value.p, (size_t)open});
	inside = str_span(v->value.p + open + 1, v->value.p + v->value.n);
	for (end = 0; end < inside.n && inside.p[end] != ')'; end++)
		continue;
	inside = value_undress((struct str){inside.p, end});
	if (!before.n) {
		v->value = inside;
		return true;
	}
	if (surname_length(ref, before) == before.n && utf8_count(before) == 1) {
		verdict_add(v, REASON_name_unknown_character, FINDING_WRONG, inside);
		return false;
	}
	if (name_is_company(ref, inside))
		out->employer = inside;
	v->value = before;
	verdict_add(v, REASON_name_remark_dropped, FINDING_FIXED,
		    str_printf(a, "(%.*s)", STR_FMT(inside)));
	return true;
}

/* A single character is a title only beside a bare surname (王总, 小李): it may as well be
 * part of a given name. */
static void title_judge(const struct reference *ref, struct person_name *out)
{
	struct verdict *v = &out->verdict;
	const struct title *t = title_of(ref, v->value);
	struct str rest;
	bool bare;

	if (!t)
		return;
	rest = t->position == TITLE_PREFIX
		       ? str_span(v->value.p + t->word.n, v->value.p + v->value.n)
		       : (struct str){v->value.p, v->value.n - t->word.n};
	rest = str_trim(rest);
	while (str_ends(rest, STR(MIDDLE_DOT))) /* that parted the title from the name */
		rest = str_trim((struct str){rest.p, rest.n - (sizeof(MIDDLE_DOT) - 1)});
	bare = rest.n && (surname_length(ref, rest) == rest.n || utf8_count(rest) == 1);
	if (utf8_count(t->word) == 1) {
		if (rest.n && surname_length(ref, rest) == rest.n)
			verdict_add(v, REASON_name_surname_title,
				    t->sure ? FINDING_WRONG : FINDING_DOUBT, v->value);
		return;
	}
	if (t->position == TITLE_PREFIX)
		return;
	out->gender = t->gender;
	if (!rest.n) {
		verdict_add(v, REASON_name_title_only, FINDING_WRONG, v->value);
	} else if (t->relation) {
		verdict_add(v, REASON_name_relation, FINDING_WRONG, t->word);
	} else if (bare) {
		verdict_add(v, REASON_name_surname_title, FINDING_WRONG, v->value);
	} else {
		v->value = rest;
		verdict_add(v, REASON_name_title_dropped, FINDING_FIXED, t->word);
	}
}

/* What systems write for a character that they lack: a box, a star, the private use area. */
static bool is_unknown_mark(uint32_t c)
{
	return c == 0x25A1 || c == 0x3013 || c == 0x25CB || c == 0x25C7 || c == 0x25A0 ||
	       c == '*' || c == '_' || c == '#' || (c >= 0xE000 && c <= 0xF8FF) || c >= 0xF0000;
}

/* Letters of Latin, Greek and Cyrillic script; signs among them are left out. */
static bool is_letter(uint32_t c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	       (c >= 0xC0 && c < 0x530 && c != 0xD7 && c != 0xF7);
}

/* "Smith, John": the one comma, at `at`, parts family and given names written in letters. */
static bool parts_family_name(struct str s, size_t at)
{
	struct str before = {s.p, at}, behind = str_trim(str_span(s.p + at + 1, s.p + s.n));
	size_t first = 0, last = at;

	if (str_has(before, STR(",")) || str_has(behind, STR(",")) || !before.n || !behind.n)
		return false;
	do
		last--;
	while (last && ((uint8_t)s.p[last] & 0xC0) == 0x80);
	return is_letter(utf8_next(before, &last)) && is_letter(utf8_next(behind, &first));
}

static void characters_judge(struct person_name *out)
{
	struct verdict *v = &out->verdict;
	size_t han = 0, letters = 0, count = 0;
	bool odd[REASON_COUNT] = {false};

	for (size_t i = 0; i < v->value.n;) {
		size_t start = i;
		uint32_t c = utf8_next(v->value, &i);
		enum reason reason;

		count++;
		han += text_is_han(c);
		letters += is_letter(c);
		if (c == ',' && parts_family_name(v->value, start))
			continue;
		if (text_is_han(c) || is_letter(c) || c == 0xB7 || c == ' ' ||
		    (start && (c == '-' || c == '.' || c == '\'' || c == 0x2019)))
			continue;
		reason = c == '?' || c == 0xFFFD	 ? REASON_text_question_marks
			 : c < 0x80 && is_digit((char)c) ? REASON_name_digits
			 : is_unknown_mark(c)		 ? REASON_name_unknown_character
							 : REASON_name_symbol;
		if (!odd[reason])
			verdict_add(v, reason, FINDING_WRONG,
				    str_span(v->value.p + start, v->value.p + i));
		odd[reason] = true;
	}
	if (!han && !letters && verdict_usable(v))
		verdict_add(v, REASON_name_symbol, FINDING_WRONG, v->value);
	if (han && letters)
		verdict_add(v, REASON_name_mixed, FINDING_WRONG, STR(""));
	if (han > 6 && !str_has(v->value, STR(MIDDLE_DOT)) && verdict_usable(v))
		verdict_add(v, REASON_name_too_long, FINDING_DOUBT, STR(""));
}

static bool is_placeholder_name(const struct reference *ref, struct str s)
{
	size_t first = 0;
	uint32_t c;

	if (is_placeholder(ref, PLACEHOLDER_NAME, s) || str_starts(s, STR("测试")) ||
	    value_is_empty_like(ref, s)) /* (N/A), 不详先生: a whole value would be empty already */
		return true;
	/* 啊啊啊 is nobody; 龙龙龙 has a surname. */
	if (utf8_count(s) < 3 || surname_length(ref, s))
		return false;
	c = utf8_next(s, &first);
	for (size_t i = first; i < s.n;)
		if (utf8_next(s, &i) != c)
			return false;
	return true;
}

/* Too short, a placeholder or nothing but titles. */
static void bare_judge(const struct reference *ref, struct person_name *out)
{
	struct verdict *v = &out->verdict;
	struct str before;

	do {
		before = v->value;
		if (utf8_count(v->value) < 2)
			verdict_add(v, REASON_name_too_short, FINDING_WRONG, v->value);
		else if (is_placeholder_name(ref, v->value))
			verdict_add(v, REASON_name_placeholder, FINDING_WRONG, v->value);
		else if (v->value.n <= LONGEST)
			title_judge(ref, out);
	} while (v->value.n < before.n && verdict_usable(v)); /* 小王厂长 -> 小王 */
}

static void person_judge(const struct reference *ref, struct arena *a, struct person_name *out)
{
	struct verdict *v = &out->verdict;

	if (!brackets_judge(ref, a, out))
		return;
	v->value = dots_and_blanks(ref, a, v->value);
	bare_judge(ref, out);
	if (!verdict_usable(v))
		return;
	if (utf8_count(v->value) == 3 &&
	    (str_has(v->value, STR("先生")) || str_has(v->value, STR("女士")) ||
	     str_has(v->value, STR("小姐"))))
		verdict_add(v, REASON_name_surname_title, FINDING_WRONG, v->value);
	characters_judge(out);
}

/* The usual name, at once: a surname and one or two ideographs of the basic block, that look
 * like no title and no placeholder from afar. */
static bool plain_name(const struct reference *ref, struct str raw)
{
	uint32_t first, last;
	size_t surname, i = 0, end = raw.n - 3;

	if (raw.n < 6 || raw.n > 9 || raw.n % 3)
		return false;
	for (size_t k = 0; k < raw.n; k += 3) {
		uint8_t lead = (uint8_t)raw.p[k];

		/* U+4E00..U+9FFF: E4 B8 80 .. E9 BF BF */
		if (lead < 0xE4 || lead > 0xE9 || (lead == 0xE4 && (uint8_t)raw.p[k + 1] < 0xB8) ||
		    ((uint8_t)raw.p[k + 1] & 0xC0) != 0x80 ||
		    ((uint8_t)raw.p[k + 2] & 0xC0) != 0x80)
			return false;
	}
	first = utf8_next(raw, &i);
	last = utf8_next(raw, &end);
	/* 先生王 and 啊啊啊 do not get past the surname, for neither 先 nor 啊 is one. */
	if (charset_has(&ref->title_ends, first) || charset_has(&ref->title_ends, last) ||
	    first == last)
		return false;
	if (charset_has(&ref->placeholder_starts, first) && is_placeholder_name(ref, raw))
		return false;
	surname = surname_length(ref, raw);
	return surname && surname < raw.n;
}

void name_check(const struct reference *ref, enum name_party stated, struct str raw,
		struct arena *a, struct person_name *out)
{
	struct verdict *v = &out->verdict;

	out->employer = STR("");
	out->gender = 0;
	out->party = PARTY_PERSON;
	verdict_start(v, raw);
	if (stated != PARTY_COMPANY && plain_name(ref, raw))
		return;
	v->value = form_text(a, raw);
	if (!v->value.n) {
		out->party = PARTY_UNKNOWN;
		return;
	}
	if (stated != PARTY_PERSON || han_count(v->value) > 6)
		if (name_is_company(ref, v->value) &&
		    !is_placeholder(ref, PLACEHOLDER_NAME, v->value)) {
			/* 张三(北京某某公司) is a person and the employer. */
			ptrdiff_t open = str_find(v->value, STR("("));
			struct str before = {v->value.p, open > 0 ? (size_t)open : 0};

			if (!reads_as_person(ref, str_trim(before))) {
				out->party = PARTY_COMPANY;
				if (str_has(v->value, STR("?")))
					verdict_add(v, REASON_text_question_marks, FINDING_WRONG,
						    STR("?"));
				return;
			}
		}
	if (stated == PARTY_COMPANY && utf8_count(v->value) >= 4 &&
	    !is_placeholder_name(ref, v->value)) {
		out->party = PARTY_COMPANY;
		return;
	}
	person_judge(ref, a, out);
}
