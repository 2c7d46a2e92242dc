#include "verdicts.h"
#include "vin.h"

struct vin_case {
	const char *input, *value, *findings, *suggestion;
};

/* LFV2A1151H3201804: an invoice sample of a cloud OCR service; WVWZZZ..., WP0ZZZ...: cars for
 * Europe, without check digit; 1M8GDM9AXKP042788: the example of the standard's texts. */
static const struct vin_case cases[] = {
	{"LFV2A1151H3201804", "LFV2A1151H3201804", "", ""},
	{"lfv2a1151h3201804", "LFV2A1151H3201804", "", ""},
	{" LFV2A1151-H3201804", "LFV2A1151H3201804", "", ""},
	{"ＬＦＶ2A1151H3201804", "LFV2A1151H3201804", "", ""},
	{"车架号：LFV2A1151H3201804", "LFV2A1151H3201804", "", ""},
	{"LFV2A1151H320180", NULL, "VIN_LENGTH", ""},
	{"LFV2A1151H32018044", NULL, "VIN_LENGTH", ""},
	{"LFV2A1151H32O1804", "LFV2A1151H3201804", "=VIN_CHARACTERS", ""},
	{"LFV2AII51H32O1804", "LFV2A1151H3201804", "=VIN_CHARACTERS", ""},
	{"LFV2A1151H32Q1805", NULL, "VIN_CHARACTERS", ""},
	{"LFV2A1151H32*1804", NULL, "VIN_CHARACTERS", ""},
	{"LFV2A1151H3201805", NULL, "VIN_CHECKSUM", ""},
	{"LFV2A1I51H32018", NULL, "VIN_LENGTH VIN_CHARACTERS", ""},
	{"WVWZZZ1KZ6W612305", NULL, "?VIN_CHECKSUM", ""},
	{"WP0ZZZ99ZTS392124", NULL, "?VIN_CHECKSUM", ""},
	{"11111111111111111", NULL, "VIN_CHARACTERS", ""},
	{"1M8GDM9AXKP042788", NULL, "VIN_CHARACTERS", ""},
};

Test(vin, each_case_has_its_code)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct vin v;

		vin_check(reference(), today(), str_of(cases[i].input), &arena, &v);
		expect_verdict(cases[i].input, &v.verdict, cases[i].value, cases[i].findings);
		cr_expect(str_eq(v.verdict.suggestion, str_of(cases[i].suggestion)), "%s: %.*s",
			  cases[i].input, STR_FMT(v.verdict.suggestion));
	}
}

Test(vin, a_confused_character_is_suggested_and_not_repaired)
{
	struct vin v;

	/* S for 5, the only choice that holds */
	vin_check(reference(), today(), STR("LFV2A11S1H3201804"), &arena, &v);
	expect_verdict("S for 5", &v.verdict, "LFV2A11S1H3201804", "VIN_CHECKSUM");
	cr_expect(v.verdict.suggestion.n == 0 ||
		  vin_check_digit(v.verdict.suggestion.p) == v.verdict.suggestion.p[8]);
}

Test(vin, the_model_year_is_the_newest_that_can_be)
{
	struct vin v;

	vin_check(reference(), today(), STR("LFV2A1151H3201804"), &arena, &v);
	cr_expect_eq(v.model_year, 2017);
	vin_check(reference(), date_day(STR("2005-01-01")), STR("LFV2A1151H3201804"), &arena, &v);
	cr_expect_eq(v.model_year, 1987);
	cr_expect(v.china);
}

Test(vin, the_maker_is_known_by_three_characters)
{
	cr_expect(str_eq(maker_name(reference(), STR("WBA")), STR("BMW")));
	cr_expect_eq(maker_name(reference(), STR("QQQ")).n, 0);
}
