/*
 * Mobiles have 11 digits by the ranges of rules/ref/mobile_ranges.csv. What people put around
 * them is taken off silently: +86, 0086, a leading 0, separators, labels, an extension. Of
 * two numbers in a cell the first valid one is used, and that is told.
 */
#include "phone_cell.h"

#include "form.h"
#include "text.h"

static enum mobile_kind kind_of(const struct reference *ref, struct str digits)
{
	unsigned prefix = 0;

	for (int i = 0; i < 5; i++)
		prefix = prefix * 10 + (unsigned)(digits.p[i] - '0');
	return prefix >= 10000 && prefix < 20000 ? ref->mobile[prefix - 10000] : MOBILE_UNASSIGNED;
}

static bool eleven_digits(struct str s)
{
	bool ok = s.n == MOBILE_DIGITS;

	for (size_t i = 0; ok && i < MOBILE_DIGITS; i++)
		ok = is_digit(s.p[i]);
	return ok;
}

static bool person_range(const struct reference *ref, struct str eleven)
{
	enum mobile_kind kind = kind_of(ref, eleven);

	return kind == MOBILE_ORDINARY || kind == MOBILE_VIRTUAL || kind == MOBILE_DATA_CARD ||
	       kind == MOBILE_SATELLITE;
}

/* Seven equal digits on end, or eight that count up or down, are nobody's number but a
 * salesman's fingers on the keys. */
static bool typed_idly(struct str s)
{
	size_t same = 1, up = 1, down = 1;

	for (size_t i = 1; i < s.n; i++) {
		int step = s.p[i] - s.p[i - 1];

		same = step == 0 ? same + 1 : 1;
		up = step == 1 ? up + 1 : 1;
		down = step == -1 ? down + 1 : 1;
		if (same >= 7 || up >= 8 || down >= 8)
			return true;
	}
	return false;
}

/* Nobody's number by its list, or all of it one run. */
static bool made_up(const struct reference *ref, struct str s)
{
	return form_monotonous(s) || is_placeholder(ref, PLACEHOLDER_PHONE, s);
}

bool phone_placeholder(const struct reference *ref, struct str s)
{
	return typed_idly(s) || made_up(ref, s);
}

/* The placeholders that typed_idly does not see are round numbers such as 13800138000. */
static bool suspicious(struct str eleven)
{
	return memcmp(eleven.p + 8, "000", 3) == 0 || typed_idly(eleven);
}

bool mobile_holds(const struct reference *ref, struct str value)
{
	return eleven_digits(value) && person_range(ref, value) &&
	       !(suspicious(value) && phone_placeholder(ref, value));
}

/* 86, 0086 and 0 before a mobile. */
struct str phone_without_country(struct str s)
{
	static const struct str prefixes[] = {STR_INIT("0086"), STR_INIT("+86"), STR_INIT("86"),
					      STR_INIT("0")};

	for (int i = 0; i < 4; i++) {
		size_t n = prefixes[i].n;

		if (str_starts(s, prefixes[i]) && s.n == n + MOBILE_DIGITS && s.p[n] == '1' &&
		    s.p[n + 1] >= '3')
			return str_span(s.p + n, s.p + s.n);
	}
	return s;
}

/*
 * Cuts a cell into numbers. Blanks, hyphens, dots and brackets belong to the spelling of one
 * number; everything else ends it, and so does a blank where a whole mobile is read already.
 */
void phone_cut(struct str s, struct arena *a, struct pieces *pieces)
{
	char *p = arena_alloc(a, s.n + 1);
	size_t n = 0, start = 0;
	bool extension = false;

	memset(pieces, 0, sizeof(*pieces));
	for (size_t i = 0; i <= s.n;) {
		size_t at = i;
		uint32_t c = i < s.n ? utf8_next(s, &i) : (i++, (uint32_t)',');
		bool digit = c < 0x80 && is_digit((char)c);
		bool soft = c == ' ' || c == '-' || c == '.' || c == '(' || c == ')' || c == '_' ||
			    c == 0x2010 || c == 0x2013 || c == 0x2014 || c == 0x2212;

		if (soft && n - start == MOBILE_DIGITS && p[start] == '1' && c == ' ')
			soft = false;
		if ((digit || (c == '+' && n == start)) && !extension) {
			p[n++] = (char)c;
			continue;
		}
		if (soft || (digit && extension))
			continue;
		extension = c == 0x8F6C || c == 'X' || c == '#' || c == '*'; /* 转801 */
		if (n > start && pieces->n < PIECES_MAX) {
			pieces->digits[pieces->n++] = (struct str){p + start, n - start};
			start = n;
		}
		if (c < 0x80 && is_upper((char)c)) {
			pieces->letter = true;
			pieces->broken |= !extension && at && is_digit(s.p[at - 1]) && i < s.n &&
					  is_digit(s.p[i]);
		}
		if (at < s.n && !extension && !pieces->words.n && (c >= 0x3400 && c < 0xA000))
			pieces->words = str_span(s.p + at, s.p + s.n);
	}
}

/* 010-12345678 in a field for mobiles. */
static bool is_landline(const struct reference *ref, struct str digits)
{
	unsigned code = 0;

	for (size_t i = 1; i < 4 && i < digits.n; i++) {
		code = code * 10 + (unsigned)(digits.p[i] - '0');
		if (i >= 2 && digits.p[0] == '0' && ref->areas[code].known &&
		    digits.n - i - 1 >= 7 && digits.n - i - 1 <= 8)
			return true;
	}
	return false;
}

/* Two mobiles, or a mobile and a landline: each holds as it stands. */
static bool two_numbers(const struct reference *ref, struct str front, struct str back)
{
	bool mobile_first = mobile_holds(ref, front), mobile_last = mobile_holds(ref, back);

	return (mobile_first && mobile_last) || (mobile_first && is_landline(ref, back)) ||
	       (mobile_last && is_landline(ref, front));
}

void phone_split(const struct reference *ref, struct pieces *pieces)
{
	struct str all = pieces->digits[0];

	if (pieces->n != 1 || all.n < MOBILE_DIGITS + 9)
		return;
	for (int i = 0; i < 2 && pieces->n == 1; i++) {
		const char *cut = i ? all.p + all.n - MOBILE_DIGITS : all.p + MOBILE_DIGITS;
		struct str front = str_span(all.p, cut), back = str_span(cut, all.p + all.n);

		if (!two_numbers(ref, front, back))
			continue;
		pieces->digits[0] = front;
		pieces->digits[1] = back;
		pieces->n = 2;
	}
}

static void eleven_judge(const struct reference *ref, struct str digits, struct verdict *v)
{
	if (made_up(ref, digits))
		verdict_add(v, REASON_mobile_placeholder, FINDING_WRONG, digits);
	else if (!person_range(ref, digits))
		verdict_add(
			v, is_landline(ref, digits) ? REASON_mobile_landline : REASON_mobile_prefix,
			FINDING_WRONG, (struct str){digits.p, 3});
	else if (typed_idly(digits))
		verdict_add(v, REASON_mobile_placeholder, FINDING_WRONG, digits);
}

static void mobile_judge(const struct reference *ref, struct str digits, struct arena *a,
			 struct verdict *v)
{
	struct str count = str_printf(a, "%zu", digits.n);
	bool landline = is_landline(ref, digits);

	v->value = digits;
	if (digits.n < MOBILE_DIGITS)
		verdict_add(v, landline ? REASON_mobile_landline_short : REASON_mobile_too_short,
			    FINDING_WRONG, count);
	else if (digits.n == MOBILE_DIGITS)
		eleven_judge(ref, digits, v);
	else if (digits.n == 13 && kind_of(ref, digits) == MOBILE_MACHINE)
		verdict_add(v, REASON_mobile_machine, FINDING_WRONG, count);
	else
		verdict_add(v, landline ? REASON_mobile_landline_long : REASON_mobile_too_long,
			    FINDING_WRONG, count);
}

/* 1.3812345678E10 is exact; 1.38E+10 has lost digits. */
bool mobile_scientific(const struct reference *ref, struct str s, struct arena *a,
		       struct verdict *v)
{
	struct str mantissa;
	unsigned exponent;

	if (!form_scientific(s, &mantissa, &exponent, a) || exponent < 6)
		return false;
	if (exponent == 10 && mantissa.n == MOBILE_DIGITS) {
		mobile_judge(ref, mantissa, a, v);
		return true;
	}
	v->value = s;
	verdict_add(v, REASON_mobile_scientific, FINDING_WRONG, s);
	return true;
}

enum { LONGEST = 64 }; /* bytes of a cell that may hold one number */

/* O typed for 0 and I or l for 1: no number has letters. */
static struct str letters_undone(struct arena *a, struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (c == 'O' || c == 'I' || c == 'L')
			s = form_with(a, s, i, c == 'O' ? '0' : '1');
	}
	return s;
}

static void pieces_judge(const struct reference *ref, struct str s, struct pieces *pieces,
			 struct arena *a, struct phone_number *out)
{
	struct verdict *v = &out->verdict;
	size_t first = PIECES_MAX;

	for (size_t i = 0; i < pieces->n; i++)
		pieces->digits[i] = phone_without_country(pieces->digits[i]);
	phone_split(ref, pieces);
	for (size_t i = 0; i < pieces->n; i++) {
		if (!mobile_holds(ref, pieces->digits[i])) {
			if (!out->other.n && is_landline(ref, pieces->digits[i]))
				out->other = pieces->digits[i];
			continue;
		}
		if (first == PIECES_MAX)
			first = i;
		else if (!out->other.n && !str_eq(pieces->digits[i], pieces->digits[first]))
			out->other = pieces->digits[i];
	}
	if (first == PIECES_MAX) {
		out->other = STR("");
		mobile_judge(ref, pieces->n ? pieces->digits[0] : STR(""), a, v);
		if (!pieces->n)
			v->value = s;
		return;
	}
	v->value = pieces->digits[first];
	out->is_mobile = true;
	if (pieces->n > 1)
		verdict_add(v, REASON_mobile_second_dropped, FINDING_FIXED,
			    pieces->digits[first ? 0 : 1]);
	else if (pieces->words.n)
		verdict_add(v, REASON_mobile_words_dropped, FINDING_FIXED, pieces->words);
}

void mobile_check(const struct reference *ref, struct str raw, struct arena *a,
		  struct phone_number *out)
{
	struct verdict *v = &out->verdict;
	struct pieces pieces;
	struct str s, repaired;

	verdict_start(v, raw);
	out->other = STR("");
	out->is_mobile = true;
	if (mobile_holds(ref, raw))
		return;
	out->is_mobile = false;
	s = form_phone(a, raw);
	v->value = s;
	if (!s.n || mobile_scientific(ref, s, a, v)) {
		out->is_mobile = s.n && verdict_usable(v);
		return;
	}
	phone_cut(s, a, &pieces);
	repaired = pieces.letter && s.n <= LONGEST ? letters_undone(a, s) : s;
	if (repaired.p != s.p) {
		struct pieces again;

		phone_cut(repaired, a, &again);
		if (again.n == 1 && mobile_holds(ref, phone_without_country(again.digits[0]))) {
			v->value = phone_without_country(again.digits[0]);
			verdict_add(v, REASON_mobile_look_alike, FINDING_FIXED, s);
			out->is_mobile = true;
			return;
		}
	}
	pieces_judge(ref, s, &pieces, a, out);
}
