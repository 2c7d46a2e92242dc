/*
 * GB 32100-2015: authority, category, region (6), organisation code (9, GB 11714 with a check
 * character of its own), check character. Some codes of the Fujian pilot are in force
 * although the last one fails.
 */
#include "uscc.h"

#include "form.h"
#include "tables.h"

static const char uscc_alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";

static int uscc_value(char c)
{
	const char *at = c ? strchr(uscc_alphabet, c) : NULL;

	return at ? (int)(at - uscc_alphabet) : -1;
}

int uscc_check_character(const char *seventeen)
{
	static const uint8_t weights[17] = {1,	3,  9,	27, 19, 26, 16, 17, 20,
					    29, 25, 13, 8,  24, 10, 30, 28};
	unsigned sum = 0;

	for (int i = 0; i < 17; i++) {
		int value = uscc_value(seventeen[i]);

		if (value < 0)
			return -1;
		sum += (unsigned)value * weights[i];
	}
	return uscc_alphabet[(31 - sum % 31) % 31];
}

int org_code_check_character(const char *eight)
{
	static const uint8_t weights[8] = {3, 7, 9, 10, 5, 8, 4, 2};
	unsigned sum = 0;

	for (int i = 0; i < 8; i++) {
		if (!is_digit(eight[i]) && !is_upper(eight[i]))
			return -1;
		sum += weights[i] *
		       (unsigned)(is_digit(eight[i]) ? eight[i] - '0' : eight[i] - 'A' + 10);
	}
	return "0X987654321"[sum % 11];
}

/* ISO 7064 MOD 11,10. */
int licence_check_digit(const char *fourteen)
{
	unsigned product = 10;

	for (int i = 0; i < 14; i++) {
		unsigned sum;

		if (!is_digit(fourteen[i]))
			return -1;
		sum = (product + (unsigned)(fourteen[i] - '0')) % 10;
		product = (sum ? sum : 10) * 2 % 11;
	}
	return '0' + (int)((11 - product) % 10);
}

bool org_code_holds(struct str value)
{
	return value.n == 9 && org_code_check_character(value.p) == value.p[8];
}

bool licence_holds(struct str value)
{
	return value.n == 15 && licence_check_digit(value.p) == value.p[14];
}

static bool outer_holds(struct str value)
{
	return value.n == 18 && uscc_check_character(value.p) == value.p[17];
}

static bool inner_holds(struct str value)
{
	return value.n == 18 && org_code_holds((struct str){value.p + 8, 9});
}

/* The pilot gave out codes for new and old organisation codes alike. The inner check character is
 * left to tell a slip, and it guards what a customer is known by. */
static bool pilot(struct str value)
{
	return inner_holds(value) && memcmp(value.p + 2, "35", 2) == 0;
}

static bool authority_exists(const struct reference *ref, struct str value)
{
	return ref->uscc_authorities[(uint8_t)value.p[0]][(uint8_t)value.p[1]];
}

static uint32_t region_of(const char *six)
{
	uint32_t code = 0;

	for (int i = 0; i < 6; i++) {
		if (!is_digit(six[i]))
			return 0;
		code = code * 10 + (uint32_t)(six[i] - '0');
	}
	return code;
}

/* 10....: registered with the state administration itself. */
static bool region_exists(const struct reference *ref, struct str value)
{
	uint32_t region = region_of(value.p + 2);

	return region / 10000 == 10 || region_province(ref, region);
}

bool uscc_holds(const struct reference *ref, struct str value)
{
	return outer_holds(value) && inner_holds(value) && authority_exists(ref, value) &&
	       region_exists(ref, value);
}

bool old_tax_number_holds(const struct reference *ref, struct str value)
{
	return value.n == 15 && region_province(ref, region_of(value.p)) &&
	       org_code_holds((struct str){value.p + 6, 9});
}

/* The alphabet has neither I nor O nor Z nor S: these can only stand for what they look
 * like. Repaired where both check characters then hold. */
static bool look_alikes_undone(const struct reference *ref, struct arena *a, struct id_number *out)
{
	struct str value = out->verdict.value, repaired = value, was = STR("");
	static const char from[] = "IOZS", to[] = "1025";

	for (size_t i = 0; i < value.n; i++) {
		const char *at = value.p[i] ? strchr(from, value.p[i]) : NULL;

		if (at) {
			was = (struct str){value.p + i, 1};
			repaired = form_with(a, repaired, i, to[at - from]);
		}
	}
	if (!was.n || !uscc_holds(ref, repaired) || id_number_holds(repaired))
		return false;
	out->verdict.value = repaired;
	verdict_add(&out->verdict, REASON_uscc_look_alike, FINDING_FIXED, was);
	return true;
}

static bool characters_fit(struct id_number *out)
{
	struct str value = out->verdict.value;

	for (size_t i = 0; i < value.n; i++) {
		size_t end = i;

		if (i >= 2 && i < 8 ? is_digit(value.p[i]) : uscc_value(value.p[i]) >= 0)
			continue;
		utf8_next(value, &end);
		verdict_add(&out->verdict, REASON_uscc_character, FINDING_WRONG,
			    str_span(value.p + i, value.p + end));
		return false;
	}
	return true;
}

static void uscc_judge(const struct reference *ref, struct arena *a, struct id_number *out)
{
	struct verdict *v = &out->verdict;
	struct str value;

	out->type = ID_TYPE_USCC;
	if (!look_alikes_undone(ref, a, out) && !characters_fit(out))
		return;
	value = v->value;
	if (!authority_exists(ref, value))
		verdict_add(v, REASON_uscc_authority,
			    outer_holds(value) ? FINDING_DOUBT : FINDING_WRONG,
			    (struct str){value.p, 2});
	if (!region_exists(ref, value))
		verdict_add(v, REASON_uscc_region, FINDING_WRONG, (struct str){value.p + 2, 2});
	if (!outer_holds(value)) {
		if (pilot(value))
			verdict_add(v, REASON_uscc_pilot, FINDING_DOUBT, STR(""));
		else
			verdict_add(v, REASON_uscc_checksum, FINDING_WRONG, STR(""));
	} else if (!inner_holds(value)) {
		verdict_add(v, REASON_uscc_inner_checksum, FINDING_WRONG,
			    (struct str){value.p + 8, 9});
	}
}

static void old_number_judge(const struct reference *ref, struct id_number *out)
{
	struct verdict *v = &out->verdict;

	if (old_tax_number_holds(ref, v->value)) {
		out->type = ID_TYPE_ORG_CODE;
		v->value = (struct str){v->value.p + 6, 9};
		verdict_add(v, REASON_uscc_tax_number, FINDING_FIXED, v->value);
	} else if (!str_is_digits(v->value)) {
		verdict_add(v, REASON_uscc_length, FINDING_WRONG, STR("15"));
	} else if (licence_holds(v->value)) {
		verdict_add(v, REASON_uscc_licence, FINDING_DOUBT, STR(""));
	} else {
		verdict_add(v, REASON_licence_checksum, FINDING_WRONG, STR(""));
	}
}

void company_number_judge(const struct reference *ref, struct arena *a, struct id_number *out)
{
	struct verdict *v = &out->verdict;
	size_t n = utf8_count(v->value);

	if (n == 18) {
		uscc_judge(ref, a, out);
	} else if (n == 9 && v->value.n == 9) {
		out->type = ID_TYPE_ORG_CODE;
		if (!org_code_holds(v->value))
			verdict_add(v, REASON_org_code_checksum, FINDING_WRONG, STR(""));
	} else if (n == 15 && v->value.n == 15) {
		out->type = ID_TYPE_USCC;
		old_number_judge(ref, out);
	} else {
		verdict_add(v, REASON_uscc_length, FINDING_WRONG, str_printf(a, "%zu", n));
	}
}
