/*
 * Any phone: an area code of rules/ref/area_codes.csv and a number of the length that goes with
 * it, a mobile, a service number, or one from abroad.
 */
#include "form.h"
#include "phone_cell.h"

struct landline {
	struct str area, local, extension;
};

static bool service_number(struct str s)
{
	return ((s.n == 10 && (str_starts(s, STR("400")) || str_starts(s, STR("800")))) ||
		(s.n == 5 && (str_starts(s, STR("95")) || str_starts(s, STR("96")))));
}

/* The area code in front of all digits, by the table; 0: none fits. */
static size_t area_length(const struct reference *ref, struct str s)
{
	unsigned two, three;

	if (s.n < 4 || s.p[0] != '0')
		return 0;
	two = (unsigned)(s.p[1] - '0') * 10 + (unsigned)(s.p[2] - '0');
	three = two * 10 + (unsigned)(s.p[3] - '0');
	return ref->areas[two].known && two >= 10 && two < 30 ? 3
	       : ref->areas[three].known && three >= 300      ? 4
							      : 0;
}

static void landline_judge(const struct reference *ref, const struct landline *line,
			   struct arena *a, struct verdict *v)
{
	const struct area_code *area;
	uint64_t code;

	v->value = line->extension.n
			   ? str_printf(a, "%.*s-%.*s-%.*s", STR_FMT(line->area),
					STR_FMT(line->local), STR_FMT(line->extension))
			   : str_printf(a, "%.*s-%.*s", STR_FMT(line->area), STR_FMT(line->local));
	str_u64(line->area, &code);
	area = &ref->areas[code];
	if (phone_placeholder(ref, line->local)) {
		verdict_add(v, REASON_phone_placeholder, FINDING_WRONG, line->local);
	} else if (area->merged_into && (line->local.n == 7 || line->local.n == 8)) {
		verdict_add(v, REASON_phone_area_merged, FINDING_DOUBT, line->area)->expected =
			str_printf(a, "0%u", area->merged_into);
	} else if (!(line->local.n == 8 && area->eight) && !(line->local.n == 7 && area->seven)) {
		verdict_add(v, REASON_phone_length, FINDING_WRONG,
			    str_printf(a, "%zu", line->local.n))
			->expected = area->eight ? STR("8") : STR("7");
	}
}

/* A spreadsheet makes 1062345679 of 01062345679: certain where area code and length fit. */
static bool zero_lost(const struct reference *ref, struct str s)
{
	char whole[16] = "0";
	struct str with = {whole, s.n + 1};
	const struct area_code *area;
	uint64_t code;
	size_t n;

	if (s.n < 9 || s.n > 11 || s.p[0] == '0' || s.p[0] == '+')
		return false;
	memcpy(whole + 1, s.p, s.n);
	n = area_length(ref, with);
	if (!n || !str_u64((struct str){whole, n}, &code))
		return false;
	area = &ref->areas[code];
	return (area->eight && with.n - n == 8) || (area->seven && with.n - n == 7);
}

static void phone_judge(const struct reference *ref, struct str digits, struct str extension,
			struct arena *a, struct phone_number *out)
{
	struct verdict *v = &out->verdict;
	size_t area;

	v->value = digits;
	if (phone_placeholder(ref, digits)) {
		verdict_add(v, REASON_phone_placeholder, FINDING_WRONG, digits);
		return;
	}
	if (mobile_holds(ref, digits)) {
		out->is_mobile = true;
		return;
	}
	if (service_number(digits))
		return;
	if (digits.n > 8 && digits.p[0] == '+' && !str_starts(digits, STR("+86")))
		return; /* abroad */
	if (str_starts(digits, STR("+86")))
		digits = str_printf(a, "0%.*s", (int)digits.n - 3, digits.p + 3);
	else if (str_starts(digits, STR("0086")))
		digits = str_printf(a, "0%.*s", (int)digits.n - 4, digits.p + 4);
	if (zero_lost(ref, digits)) {
		verdict_add(v, REASON_phone_zero_lost, FINDING_FIXED, digits);
		digits = str_printf(a, "0%.*s", STR_FMT(digits));
	}
	area = area_length(ref, digits);
	if (area) {
		struct landline line = {
			{digits.p, area}, {digits.p + area, digits.n - area}, extension};

		landline_judge(ref, &line, a, v);
	} else if (digits.p[0] == '0') {
		verdict_add(v, REASON_phone_area, FINDING_WRONG,
			    (struct str){digits.p, digits.n < 4 ? digits.n : 4});
	} else if (digits.n == MOBILE_DIGITS && digits.p[0] == '1') {
		verdict_add(v, REASON_phone_range, FINDING_WRONG, (struct str){digits.p, 3});
	} else if (digits.n == 7 || digits.n == 8) {
		verdict_add(v, REASON_phone_no_area, FINDING_DOUBT, digits);
	} else {
		verdict_add(v, REASON_phone_length, FINDING_WRONG, str_printf(a, "%zu", digits.n));
	}
}

/* The digits behind 转, ext., x or # of the cleaned cell, or a third group behind hyphens. */
static struct str extension_of(struct str s)
{
	static const struct str marks[] = {STR_INIT("转"), STR_INIT("EXT."), STR_INIT("EXT"),
					   STR_INIT("X"),  STR_INIT("#"),    STR_INIT("*")};

	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
		ptrdiff_t at = str_find(s, marks[i]);
		struct str tail;

		if (at <= 0)
			continue;
		tail = str_trim(str_span(s.p + at + marks[i].n, s.p + s.n));
		if (tail.n <= 6 && str_is_digits(tail))
			return tail;
	}
	return STR("");
}

/* 010-12345678-801: three groups of which the last is an extension. */
static struct str third_group(struct str s, struct str *rest)
{
	struct str groups = s, group[3] = {{0}}, more;
	size_t n = 0;

	*rest = s;
	while (n < 3 && str_cut(&groups, '-', &group[n]))
		n++;
	if (n < 3 || str_cut(&groups, '-', &more) || !str_is_digits(group[0]) ||
	    !str_is_digits(group[1]) || !str_is_digits(group[2]) || s.p[0] != '0' ||
	    group[1].n < 7 || group[2].n > 6)
		return STR("");
	*rest = str_span(s.p, group[1].p + group[1].n);
	return group[2];
}

/* The further numbers of the cell: one steps in where the first is faulty. */
static void others_judge(const struct reference *ref, const struct pieces *pieces, struct arena *a,
			 struct phone_number *out)
{
	for (size_t i = 1; i < pieces->n; i++) {
		struct phone_number next = {.is_mobile = false};

		verdict_start(&next.verdict, pieces->digits[i]);
		phone_judge(ref, phone_without_country(pieces->digits[i]), STR(""), a, &next);
		if (!verdict_usable(&next.verdict))
			continue;
		if (!verdict_usable(&out->verdict)) {
			out->verdict = next.verdict;
			out->is_mobile = next.is_mobile;
		} else if (!out->other.n) {
			out->other = next.verdict.value;
		}
	}
}

void phone_check(const struct reference *ref, struct str raw, struct arena *a,
		 struct phone_number *out)
{
	struct verdict *v = &out->verdict;
	struct pieces pieces;
	struct str s, extension, rest;

	verdict_start(v, raw);
	out->other = STR("");
	out->is_mobile = false;
	if (mobile_holds(ref, raw)) {
		out->is_mobile = true;
		return;
	}
	s = form_phone(a, raw);
	v->value = s;
	if (!s.n)
		return;
	if (mobile_scientific(ref, s, a, v)) {
		out->is_mobile = verdict_usable(v);
		if (v->n)
			v->findings[0].reason = REASON_phone_scientific;
		return;
	}
	extension = third_group(s, &rest);
	if (!extension.n)
		extension = extension_of(s);
	phone_cut(rest, a, &pieces);
	phone_split(ref, &pieces);
	if (!pieces.n || pieces.broken) {
		verdict_add(v, REASON_phone_characters, FINDING_WRONG, s);
		return;
	}
	phone_judge(ref, phone_without_country(pieces.digits[0]), extension, a, out);
	others_judge(ref, &pieces, a, out);
	if (pieces.n > 1 && verdict_usable(v))
		verdict_add(v, REASON_phone_second_dropped, FINDING_FIXED, pieces.digits[1]);
}
