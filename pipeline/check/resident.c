/*
 * Resident ID numbers, GB 11643-1999: region (6), birth date (8), sequence (3, odd: male),
 * check character by ISO 7064 MOD 11-2. The 1989 form has 15 digits, a year of two and no
 * check character.
 *
 * Each fault is told that does not follow from another one: a wrong length hides the rest,
 * and a county that does not exist is not told where the check character fails too (one slip
 * makes both).
 */
#include "resident.h"

#include "date.h"
#include "form.h"
#include "tables.h"

#define LONGEST_LIFE 120 /* years; the oldest number met is told above 100 */
#define DAYS_OF_YEARS(n) ((n)*365 + (n) / 4)

int id_number_check_character(const char *seventeen)
{
	static const uint8_t weights[17] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
	unsigned sum = 0, bad = 0;

	for (int i = 0; i < 17; i++) {
		unsigned digit = (uint8_t)seventeen[i] - (unsigned)'0';

		bad |= digit > 9;
		sum += digit * weights[i];
	}
	return bad ? -1 : "10X98765432"[sum % 11];
}

bool id_number_holds(struct str value)
{
	return value.n == 18 && id_number_check_character(value.p) == value.p[17] &&
	       birth_day(value.p + 6) != INT32_MIN;
}

static void person_facts(struct id_number *out)
{
	const char *p = out->verdict.value.p;
	char *d = out->birth_date;

	memcpy(d, p + 6, 4);
	d[4] = d[7] = '-';
	memcpy(d + 5, p + 10, 2);
	memcpy(d + 8, p + 12, 2);
	out->gender = (p[16] - '0') % 2 ? 'M' : 'F';
}

bool resident_at_once(const struct reference *ref, const struct id_context *context, struct str raw,
		      struct id_number *out)
{
	int32_t born;

	if (raw.n != 18 || raw.p[0] == '9' || context->stated > ID_TYPE_RESIDENT ||
	    id_number_check_character(raw.p) != raw.p[17])
		return false;
	born = birth_day(raw.p + 6);
	if (born == INT32_MIN || !region_numbers_people(ref, region_code(raw.p)) ||
	    (context->spreadsheet && memcmp(raw.p + 15, "000", 3) == 0))
		return false;
	if (context->today && (born > context->today || born < context->today - DAYS_OF_YEARS(100)))
		return false;
	for (size_t i = 0; i < ref->n_placeholder_ids; i++)
		if (memcmp(ref->placeholder_ids[i], raw.p, 18) == 0)
			return false;
	verdict_start(&out->verdict, raw);
	out->type = ID_TYPE_RESIDENT;
	out->region = region_code(raw.p);
	person_facts(out);
	return true;
}

/* The birth date of an 18-character number whose digits 7-14 are digits. */
static bool birth_judge(const struct id_context *context, struct id_number *out)
{
	struct verdict *v = &out->verdict;
	struct str date = {v->value.p + 6, 8};
	int32_t born = birth_day(date.p);

	if (born == INT32_MIN)
		verdict_add(v, REASON_id_birth_impossible, FINDING_WRONG, date);
	else if (context->today && born > context->today)
		verdict_add(v, REASON_id_birth_future, FINDING_WRONG, date);
	else if (context->today && born < context->today - DAYS_OF_YEARS(LONGEST_LIFE))
		verdict_add(v, REASON_id_birth_too_old, FINDING_WRONG, date);
	else if (context->today && born < context->today - DAYS_OF_YEARS(100))
		verdict_add(v, REASON_id_birth_too_old, FINDING_DOUBT, date);
	else
		return true;
	return !verdict_first(v, FINDING_WRONG);
}

/* 810000, 820000 and 830000 are the residence permits since 2018. */
static void region_judge(const struct reference *ref, bool checksum_holds, struct id_number *out)
{
	struct verdict *v = &out->verdict;
	uint32_t code = region_code(v->value.p);

	if (!region_province(ref, code))
		verdict_add(v, REASON_id_province, FINDING_WRONG, (struct str){v->value.p, 2});
	else if (checksum_holds && !region_numbers_people(ref, code))
		verdict_add(v, REASON_id_county, FINDING_DOUBT, (struct str){v->value.p, 6});
	else
		out->region = region_is_known(ref, code) ? code : 0;
}

static void foreign_judge(const struct reference *ref, const struct id_context *context,
			  struct id_number *out)
{
	struct verdict *v = &out->verdict;
	const char *p = v->value.p;
	bool holds = id_number_check_character(p) == p[17];

	out->type = ID_TYPE_FOREIGN_RESIDENT;
	if (!region_province(ref, two_digits(p + 1) * 10000))
		verdict_add(v, REASON_id_province, FINDING_WRONG, (struct str){p + 1, 2});
	else if (holds && !ref->nations[two_digits(p + 3) * 10 + (unsigned)(p[5] - '0')])
		verdict_add(v, REASON_id_nation, FINDING_DOUBT, (struct str){p + 3, 3});
	birth_judge(context, out);
	if (!holds)
		verdict_add(v, REASON_id_checksum, FINDING_WRONG, (struct str){p + 17, 1});
	if (verdict_usable(v))
		person_facts(out);
}

static void eighteen_judge(const struct reference *ref, const struct id_context *context,
			   struct id_number *out)
{
	struct verdict *v = &out->verdict;
	const char *p = v->value.p;
	bool holds = id_number_check_character(p) == p[17];

	if (p[0] == '9') {
		foreign_judge(ref, context, out);
		return;
	}
	out->type = ID_TYPE_RESIDENT;
	/* A number that Excel cut has 15 true digits; 9 % of those pass by chance, which is
	 * why the column as a whole is asked too. */
	if (memcmp(p + 15, "000", 3) == 0 && (context->spreadsheet || !holds)) {
		verdict_add(v, REASON_id_zeros, FINDING_WRONG, STR("000"));
		return;
	}
	region_judge(ref, holds, out);
	birth_judge(context, out);
	if (!holds)
		verdict_add(v, REASON_id_checksum, FINDING_WRONG, (struct str){p + 17, 1});
	if (verdict_usable(v))
		person_facts(out);
}

/* Sequences 996 to 999 were kept for people over a hundred: born in 18xx. */
static struct str to_eighteen(struct arena *a, struct str fifteen)
{
	char *p = arena_alloc(a, 18);

	memcpy(p, fifteen.p, 6);
	memcpy(p + 6, memcmp(fifteen.p + 12, "996", 3) >= 0 ? "18" : "19", 2);
	memcpy(p + 8, fifteen.p + 6, 9);
	p[17] = (char)id_number_check_character(p);
	return (struct str){p, 18};
}

static void fifteen_judge(const struct reference *ref, const struct id_context *context,
			  struct arena *a, struct id_number *out)
{
	struct verdict *v = &out->verdict;
	struct str old = v->value, full = to_eighteen(a, old);
	bool old_date = birth_day(full.p + 6) != INT32_MIN;

	out->type = ID_TYPE_RESIDENT;
	/* Where YYMMDD is no date but the next two digits make YYYYMMDD one, this is the head
	 * of a number of 18. */
	if (!old_date && (memcmp(old.p + 6, "19", 2) == 0 || memcmp(old.p + 6, "20", 2) == 0) &&
	    birth_day(old.p + 6) != INT32_MIN) {
		verdict_add(v, REASON_id_length, FINDING_WRONG, STR("15"));
		return;
	}
	v->value = full;
	region_judge(ref, true, out);
	birth_judge(context, out);
	if (verdict_usable(v)) {
		verdict_add(v, REASON_id_old_form, FINDING_FIXED, old);
		person_facts(out);
	} else {
		v->value = old;
	}
}

/* What people type for the X at the end, and O and I for 0 and 1. */
static char meant_by(uint32_t c, bool last)
{
	switch (c) {
	case 0xD7: /* × */
	case 0x425: /* Cyrillic Х, х */
	case 0x445:
	case 0x3A7: /* Greek Χ, χ */
	case 0x3C7:
	case '*':
	case 0x2715: /* ✕ */
		return last ? 'X' : 0;
	case 'O':
	case 0x41E: /* Cyrillic О */
	case 0x39F: /* Greek Ο */
		return '0';
	case 'I':
	case 'L':
	case '|':
		return '1';
	default:
		return 0;
	}
}

/* The value with its look-alikes undone in *repaired; `odd` is the first character that is
 * no digit where one must be. False where one of them looks like nothing. */
static bool look_alikes_undone(struct str value, char repaired[18], struct str *odd)
{
	size_t at = 0;
	bool ok = true;

	odd->n = 0;
	for (size_t i = 0; i < value.n && at < 18; at++) {
		size_t start = i;
		uint32_t c = utf8_next(value, &i);

		repaired[at] = c < 0x80 ? (char)c : '?';
		if (is_digit(repaired[at]) || (at == 17 && c == 'X'))
			continue;
		if (!odd->n)
			*odd = str_span(value.p + start, value.p + i);
		repaired[at] = meant_by(c, at == 17);
		ok &= repaired[at] != 0;
	}
	return ok;
}

/* The one digit for the one hole that the check character leaves. */
static void hole_suggest(const struct id_context *context, struct arena *a, struct str value,
			 struct verdict *v)
{
	size_t hole = 18, found = 0;
	struct str candidate = {NULL, 0};

	for (size_t i = 0; value.n == 18 && i < 18; i++) {
		if (is_digit(value.p[i]) || (i == 17 && value.p[i] == 'X'))
			continue;
		if (hole != 18)
			return;
		hole = i;
	}
	for (char c = '0'; hole < 17 && c <= '9'; c++) {
		struct str filled = form_with(a, value, hole, c);

		if (!id_number_holds(filled) ||
		    (context->today && birth_day(filled.p + 6) > context->today))
			continue;
		candidate = filled;
		found++;
	}
	if (found == 1)
		v->suggestion = candidate;
}

static size_t astray(struct str eighteen)
{
	size_t n = 0;

	for (size_t i = 0; i < 18; i++)
		n += !is_digit(eighteen.p[i]) && !(i == 17 && eighteen.p[i] == 'X');
	return n;
}

static void characters_judge(const struct reference *ref, const struct id_context *context,
			     struct arena *a, struct id_number *out)
{
	struct verdict *v = &out->verdict;
	char repaired[18];
	struct str odd, whole = {repaired, 18};

	out->type = ID_TYPE_RESIDENT;
	if (look_alikes_undone(v->value, repaired, &odd) && id_number_holds(whole) &&
	    region_province(ref, region_code(repaired))) {
		v->value = str_keep(a, whole);
		eighteen_judge(ref, context, out);
		verdict_add(v, REASON_id_look_alike, FINDING_FIXED, odd);
		return;
	}
	verdict_add(v, REASON_id_character, FINDING_WRONG, odd);
	hole_suggest(context, a, v->value, v);
	/* With two characters astray it is another kind of number, of which nothing follows. */
	if (v->value.n != 18 || astray(v->value) > 1)
		return;
	if (v->value.p[0] != '9' && all_digits(v->value, 0, 6))
		region_judge(ref, false, out);
	if (all_digits(v->value, 6, 14))
		birth_judge(context, out);
}

/* 19 digits of which one is too many, often a doubled one: told where one choice holds. */
static void deletion_suggest(struct arena *a, struct str value, struct verdict *v)
{
	char shorter[18];
	bool found = false;

	for (size_t i = 0; i < value.n; i++) {
		struct str candidate = {shorter, 18};

		memcpy(shorter, value.p, i);
		memcpy(shorter + i, value.p + i + 1, 18 - i);
		if (!id_number_holds(candidate))
			continue;
		if (found && !str_eq(v->suggestion, candidate)) {
			v->suggestion = STR("");
			return;
		}
		found = true;
		v->suggestion = str_keep(a, candidate);
	}
}

void resident_judge(const struct reference *ref, const struct id_context *context, struct arena *a,
		    struct id_number *out)
{
	struct verdict *v = &out->verdict;
	size_t n = utf8_count(v->value);
	size_t digits = 0;

	out->type = ID_TYPE_RESIDENT;
	for (size_t i = 0; i < v->value.n; i++)
		digits += is_digit(v->value.p[i]);
	if (n == 15 && digits == 15) {
		fifteen_judge(ref, context, a, out);
	} else if (n == 18 && v->value.n == 18 && all_digits(v->value, 0, 17) &&
		   (is_digit(v->value.p[17]) || v->value.p[17] == 'X')) {
		eighteen_judge(ref, context, out);
	} else if (n == 18) {
		characters_judge(ref, context, a, out);
	} else if (!digits || (n == 15 && v->value.n == 15)) {
		verdict_add(v, REASON_id_character, FINDING_WRONG, digits ? STR("") : v->value);
	} else {
		verdict_add(v, REASON_id_length, FINDING_WRONG, str_printf(a, "%zu", n));
		if (n == 19 && v->value.n == 19)
			deletion_suggest(a, v->value, v);
	}
}
