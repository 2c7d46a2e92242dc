#include "phone_number.h"
#include "verdicts.h"

struct phone_case {
	const char *input, *value, *findings;
};

Test(mobile, form_is_undone_silently)
{
	static const struct phone_case cases[] = {
		{"13912345670", "13912345670", ""},
		{"+86 139-1234-5670", "13912345670", ""},
		{"+8613912345670", "13912345670", ""},
		{"0086 13912345670", "13912345670", ""},
		{"8613912345670", "13912345670", ""},
		{"013912345670", "13912345670", ""},
		{"１３９１２３４５６７０", "13912345670", ""},
		{"手机：13912345670", "13912345670", ""},
		{"'13912345670", "13912345670", ""},
		{"13912345670.0", "13912345670", ""},
		{"1.3912345670E10", "13912345670", ""},
		{"13912345670转801", "13912345670", ""},
		{"\u202a13912345670\u202c", "13912345670", ""},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct phone_number p;

		mobile_check(reference(), str_of(cases[i].input), &arena, &p);
		expect_verdict(cases[i].input, &p.verdict, cases[i].value, cases[i].findings);
	}
}

Test(mobile, each_damage_has_its_code)
{
	static const struct phone_case cases[] = {
		{"1391234567", NULL, "MOBILE_TOO_SHORT"},
		{"139", NULL, "MOBILE_TOO_SHORT"},
		{"1.39E+10", NULL, "MOBILE_TOO_SHORT"},
		{"62345679", NULL, "MOBILE_TOO_SHORT"},
		{"没有电话", NULL, "MOBILE_TOO_SHORT"},
		{"139123456701", NULL, "MOBILE_TOO_LONG"},
		{"1064798345678", NULL, "MOBILE_TOO_LONG"}, /* a machine's */
		{"0571-87654329", NULL, "MOBILE_TOO_LONG"},
		{"14291234567", NULL, "MOBILE_PREFIX"},
		{"12098345671", NULL, "MOBILE_PREFIX"},
		{"010-62345679", NULL, "MOBILE_PREFIX"},
		{"13800138000", NULL, "MOBILE_PLACEHOLDER"},
		{"13888888888", NULL, "MOBILE_PLACEHOLDER"},
		{"12345678901", NULL, "MOBILE_PLACEHOLDER"},
		{"00000000000", NULL, "MOBILE_PLACEHOLDER"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct phone_number p;

		mobile_check(reference(), str_of(cases[i].input), &arena, &p);
		expect_verdict(cases[i].input, &p.verdict, cases[i].value, cases[i].findings);
	}
}

Test(mobile, of_two_numbers_the_first_valid_one_is_used)
{
	static const struct phone_case cases[] = {
		{"13912345670/13712349876", "13912345670", "=MOBILE_TOO_LONG"},
		{"13912345670 13712349876", "13912345670", "=MOBILE_TOO_LONG"},
		{"13912345670、13712349876", "13912345670", "=MOBILE_TOO_LONG"},
		{"010-62345679；13912345670", "13912345670", "=MOBILE_TOO_LONG"},
		{"1391234567013712349876", "13912345670", "=MOBILE_TOO_LONG"},
		{"010-62345679 13912345670", "13912345670", "=MOBILE_TOO_LONG"},
		{"13912345670-010-62345679", "13912345670", "=MOBILE_TOO_LONG"},
		{"0755-8234567 13912345670", "13912345670", "=MOBILE_TOO_LONG"},
		{"010-6234 13912345670", NULL, "MOBILE_TOO_LONG"},
		{"010-62345679 1391234567", NULL, "MOBILE_TOO_LONG"},
		{"13912345670张先生", "13912345670", "=MOBILE_TOO_LONG"},
		{"139O2345670", "13902345670", "=MOBILE_TOO_SHORT"},
	};
	struct phone_number p;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		mobile_check(reference(), str_of(cases[i].input), &arena, &p);
		expect_verdict(cases[i].input, &p.verdict, cases[i].value, cases[i].findings);
	}
	mobile_check(reference(), STR("13912345670/13712349876"), &arena, &p);
	cr_expect(str_eq(p.other, STR("13712349876")));
	mobile_check(reference(), STR("010-62345679 13912345670"), &arena, &p);
	cr_expect(str_eq(p.other, STR("01062345679")));
	phone_check(reference(), STR("010-62345679 13912345670"), &arena, &p);
	expect_verdict("two in a field for phones", &p.verdict, "010-62345679", "=PHONE_FORMAT");
}

/* MIIT's plan by libphonenumber: 192 (2020), 1610 (2026), 1349 satellite, 14x data cards. */
Test(mobile, ranges_are_those_of_the_table)
{
	static const char *const ranges[] = {"130", "1349", "145", "147", "149", "150", "162",
					     "165", "1610", "166", "170", "173", "180", "189",
					     "190", "191",  "192", "193", "195", "199"};
	static const char *const none[] = {"142", "154", "160", "163", "179", "194", "1611"};

	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++) {
		struct str number = str_printf(
			&arena, "%.11s", str_printf(&arena, "%s91357924680%c", ranges[i], 0).p);

		cr_expect(mobile_holds(reference(), number), "%s", ranges[i]);
	}
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
		struct str number = str_printf(&arena, "%.11s",
					       str_printf(&arena, "%s91357924680%c", none[i], 0).p);

		cr_expect_not(mobile_holds(reference(), number), "%s", none[i]);
	}
	cr_expect_eq(phone_ranges_date(reference()).n, 10);
}

Test(phone, landlines_are_written_with_area_code_and_extension)
{
	static const struct phone_case cases[] = {
		{"010-62345679", "010-62345679", ""},
		{"01062345679", "010-62345679", ""},
		{"(010) 6234 5679", "010-62345679", ""},
		{"+86 10 6234 5679", "010-62345679", ""},
		{"0571-87654329-801", "0571-87654329-801", ""},
		{"0571-87654329转801", "0571-87654329-801", ""},
		{"13912345670", "13912345670", ""},
		{"4008123456", "4008123456", ""},
		{"95518", "95518", "PHONE_FORMAT"}, /* an insurer's */
		{"62345679", "62345679", "?PHONE_FORMAT"},
		{"0565-2345679", "0565-2345679", "?PHONE_FORMAT"}, /* merged into 0551 in 2012 */
		{"0378-2345679", "0378-2345679", ""}, /* the old code of Kaifeng and the new one */
		{"0371-22345679", "0371-22345679", ""},
		{"0414-2345679", "0414-2345679", ""},
		{"1062345679", "010-62345679", "=PHONE_FORMAT"},
		{"57187654329", "0571-87654329", "=PHONE_FORMAT"},
		{"01S62345679", NULL, "PHONE_FORMAT"},
		{"Tel: 010-62345679", "010-62345679", ""},
		{"0571-876543", NULL, "PHONE_FORMAT"},
		{"0699-8765432", NULL, "PHONE_FORMAT"},
		{"14291234567", NULL, "PHONE_FORMAT"},
		{"6.23E+07", NULL, "PHONE_FORMAT"},
		{"无电话", NULL, "PHONE_FORMAT"},
		{"010-62345679/13912345670", "010-62345679", "=PHONE_FORMAT"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct phone_number p;

		phone_check(reference(), str_of(cases[i].input), &arena, &p);
		expect_verdict(cases[i].input, &p.verdict, cases[i].value, cases[i].findings);
	}
}
