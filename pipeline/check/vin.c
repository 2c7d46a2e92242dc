/*
 * GB 16735-2019: 17 characters without I, O, Q. Position 9 is the check digit, position 10
 * the model year (30-year cycle).
 */
#include "vin.h"

#include "date.h"
#include "form.h"
#include "tables.h"

enum { VIN_LENGTH = 17, CHECK_AT = 8, YEAR_AT = 9 };

/* What each character counts, + 1; 0: not one of a VIN. A1 B2 ... H8 J1 ... N5 P7 R9 S2 ... Z9. */
static const uint8_t counts[256] = {
	['0'] = 1, ['1'] = 2, ['2'] = 3,  ['3'] = 4,  ['4'] = 5,  ['5'] = 6, ['6'] = 7,
	['7'] = 8, ['8'] = 9, ['9'] = 10, ['A'] = 2,  ['B'] = 3,  ['C'] = 4, ['D'] = 5,
	['E'] = 6, ['F'] = 7, ['G'] = 8,  ['H'] = 9,  ['J'] = 2,  ['K'] = 3, ['L'] = 4,
	['M'] = 5, ['N'] = 6, ['P'] = 8,  ['R'] = 10, ['S'] = 3,  ['T'] = 4, ['U'] = 5,
	['V'] = 6, ['W'] = 7, ['X'] = 8,  ['Y'] = 9,  ['Z'] = 10,
};

int vin_check_digit(const char *seventeen)
{
	static const uint8_t weights[VIN_LENGTH] = {8, 7, 6, 5, 4, 3, 2, 10, 0,
						    9, 8, 7, 6, 5, 4, 3, 2};
	unsigned sum = 0, ones = 0;

	for (int i = 0; i < VIN_LENGTH; i++) {
		unsigned count = counts[(uint8_t)seventeen[i]];

		ones += count == 0;
		sum += (count - 1) * weights[i];
	}
	return ones ? -1 : "0123456789X"[sum % 11];
}

static bool holds(struct str vin)
{
	return vin.n == VIN_LENGTH && vin_check_digit(vin.p) == vin.p[CHECK_AT];
}

/* ISO 3780 gives China L, and since 2022 H. */
static bool of_china(struct str vin)
{
	return vin.n && (vin.p[0] == 'L' || vin.p[0] == 'H');
}

/* The newest year of the code that is not more than two years ahead. */
static int model_year(char code, int32_t today)
{
	static const char codes[] = "ABCDEFGHJKLMNPRSTVWXY123456789";
	const char *at = code ? strchr(codes, code) : NULL;
	int year, month, day, now = 2039;

	if (!at)
		return 0;
	if (today) {
		date_parts(today, &now, &month, &day);
		now += 2;
	}
	year = 1980 + (int)(at - codes);
	while (year + 30 <= now)
		year += 30;
	return year <= now ? year : 0;
}

static char meant_by(char c)
{
	return c == 'O' || c == 'Q' ? '0' : c == 'I' ? '1' : 0;
}

/* The first character that no VIN has; empty where there is none. */
static struct str odd_character(struct str vin)
{
	for (size_t i = 0; i < vin.n; i++)
		if (!counts[(uint8_t)vin.p[i]]) {
			size_t end = i;

			utf8_next(vin, &end);
			return str_span(vin.p + i, vin.p + end);
		}
	return STR("");
}

/*
 * O and Q were typed for 0, I for 1: no VIN has these letters. Repaired where the check digit
 * then holds. Where it does not, Q may have been meant for another letter: only told.
 */
static bool look_alikes_undone(struct arena *a, struct str *vin)
{
	struct str repaired = *vin;

	for (size_t i = 0; i < vin->n; i++) {
		char meant = meant_by(vin->p[i]);

		if (counts[(uint8_t)vin->p[i]])
			continue;
		if (!meant)
			return false;
		repaired = form_with(a, repaired, i, meant);
	}
	if (!holds(repaired))
		return false;
	*vin = repaired;
	return true;
}

/* Pairs that are taken for each other on paper. */
static const char confused[][2] = {
	{'5', 'S'}, {'8', 'B'}, {'2', 'Z'}, {'U', 'V'}, {'0', 'D'}, {'1', 'L'},
	{'6', 'G'}, {'4', 'A'}, {'1', '7'}, {'M', 'N'}, {'C', 'G'}, {'E', 'F'},
};

static void candidate(struct arena *a, struct str vin, struct verdict *v, size_t *found)
{
	if (!holds(vin) || str_eq(vin, v->suggestion))
		return;
	(*found)++;
	v->suggestion = str_keep(a, vin);
}

/* One confused character or two neighbours swapped: told where exactly one choice holds. */
static void slip_suggest(struct arena *a, struct str vin, struct verdict *v)
{
	size_t found = 0;

	for (size_t i = 0; i < vin.n; i++) {
		for (size_t k = 0; k < sizeof(confused) / sizeof(confused[0]); k++)
			for (int side = 0; side < 2; side++)
				if (vin.p[i] == confused[k][side])
					candidate(a, form_with(a, vin, i, confused[k][!side]), v,
						  &found);
		if (i && vin.p[i] != vin.p[i - 1])
			candidate(a,
				  form_with(a, form_with(a, vin, i, vin.p[i - 1]), i - 1, vin.p[i]),
				  v, &found);
	}
	if (found != 1)
		v->suggestion = STR("");
}

/* Of a number that the check digit speaks against, or that has none. */
static void judge(struct arena *a, struct vin *out)
{
	struct verdict *v = &out->verdict;
	size_t n = utf8_count(v->value);
	struct str odd = odd_character(v->value);

	if (n != VIN_LENGTH) {
		verdict_add(v, REASON_vin_length, FINDING_WRONG, str_printf(a, "%zu", n));
		if (odd.n)
			verdict_add(v, REASON_vin_character, FINDING_WRONG, odd);
		return;
	}
	if (v->value.n != VIN_LENGTH || vin_check_digit(v->value.p) < 0) {
		bool undone = look_alikes_undone(a, &v->value);

		verdict_add(v, undone ? REASON_vin_look_alike : REASON_vin_character,
			    undone ? FINDING_FIXED : FINDING_WRONG, odd);
		return;
	}
	verdict_add(v, of_china(v->value) ? REASON_vin_checksum : REASON_vin_checksum_abroad,
		    of_china(v->value) ? FINDING_WRONG : FINDING_DOUBT,
		    (struct str){v->value.p + CHECK_AT, 1});
	if (of_china(v->value))
		slip_suggest(a, v->value, v);
}

/* 11111111111111111 passes the check digit. Of China's makers the check digit tells it all. */
static bool made_up(const struct reference *ref, struct str vin)
{
	return !of_china(vin) &&
	       (form_monotonous(vin) || is_placeholder(ref, PLACEHOLDER_VIN, vin));
}

void vin_check(const struct reference *ref, int32_t today, struct str raw, struct arena *a,
	       struct vin *out)
{
	struct verdict *v = &out->verdict;
	bool good = holds(raw);

	verdict_start(v, raw);
	out->china = false;
	out->model_year = 0;
	if (!good) {
		v->value = form_code(a, raw, " -_/.,'`()[]");
		good = holds(v->value);
	}
	if (!v->value.n)
		return;
	if (!good && !made_up(ref, v->value))
		judge(a, out);
	if (made_up(ref, v->value)) { /* what a repair led to as well */
		verdict_start(v, v->value);
		verdict_add(v, REASON_vin_placeholder, FINDING_WRONG, STR(""));
	}
	out->china = of_china(v->value);
	out->model_year = v->value.n == VIN_LENGTH ? model_year(v->value.p[YEAR_AT], today) : 0;
}
