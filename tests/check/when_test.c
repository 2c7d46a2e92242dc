#include <stdio.h>

#include "verdicts.h"
#include "when.h"

struct when_case {
	const char *input, *value, *findings;
};

static void expect_cases(const struct when_context *context, const struct when_case *cases,
			 size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct verdict v;

		when_check(context, str_of(cases[i].input), &arena, &v);
		expect_verdict(cases[i].input, &v, cases[i].value, cases[i].findings);
	}
}

#define EXPECT_CASES(context, cases)                                                               \
	expect_cases(context, cases, sizeof(cases) / sizeof((cases)[0]))

Test(when, every_form_of_one_day_is_that_day)
{
	static const char *const forms[] = {
		"2014-03-05",
		"2014/3/5",
		"2014.3.5",
		"2014-3-5",
		"20140305",
		"140305",
		"14-3-5",
		"2014年3月5日",
		"2014年03月05日",
		"2014年3月5号",
		"05-Mar-14",
		"5 March 2014",
		"Mar 5, 2014",
		"05-3月-14",
		"05-3月 -14",
		"2014-03-05T00:00:00",
		"2014/3/5 0:00:00",
		"2014-03-05 10:20:30.5",
		"二〇一四年三月五日",
		"二零一四年三月五日",
		"41703",
		"41703.75",
		"２０１４－０３－０５",
		"2014 03 05",
		"2014-03-05 星期三",
		"20140305102030",
		"Wed Mar 05 10:00:00 CST 2014",
		"2014-03-04T16:00:00.000Z",
		"'2014-03-05",
		"2014年3月5日 上午10:20",
	};
	struct when_context context = {.today = today(), .past = true};

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		struct when_case c = {forms[i], "2014-03-05", ""};

		expect_cases(&context, &c, 1);
	}
}

/* Serials of the 1900 system, by LibreOffice. */
Test(when, serials_are_days)
{
	static const struct when_case cases[] = {
		{"41703", "2014-03-05", ""},
		{"32939", "1990-03-07", ""},
		{"45657", "2024-12-31", ""},
		{"99999", NULL, "DATE_FORMAT"},
	};
	struct when_context context = {.today = today(), .past = true};

	EXPECT_CASES(&context, cases);
}

Test(when, what_is_no_date_is_told)
{
	static const struct when_case cases[] = {
		{"2014-13-05", NULL, "DATE_FORMAT"},
		{"2014-02-30", NULL, "DATE_FORMAT"},
		{"20140231", NULL, "DATE_FORMAT"},
		{"2014年03月", NULL, "DATE_FORMAT"},
		{"3月5日", NULL, "DATE_FORMAT"},
		{"2014", NULL, "DATE_FORMAT"},
		{"201403", NULL, "DATE_FORMAT"},
		{"昨天", NULL, "DATE_FORMAT"},
		{"abc", NULL, "DATE_FORMAT"},
		{"2014-03-05 25:00", NULL, "DATE_FORMAT"},
		{"1900-01-00", NULL, "DATE_FORMAT"},
		{"1900-01-01", NULL, "DATE_FORMAT"},
		{"9999-12-31", NULL, "DATE_FORMAT"},
		{"0000-00-00", NULL, "DATE_FORMAT"},
		{"1970-01-01", NULL, "DATE_FORMAT"},
		{"1753-01-01 00:00:00", NULL, "DATE_FORMAT"},
		{"2026-03-02", "2026-03-02", "DATE_FUTURE"},
		{"2026-03-01", "2026-03-01", ""},
	};
	struct when_context context = {.today = today(), .past = true};

	EXPECT_CASES(&context, cases);
}

Test(when, day_and_month_are_told_apart_or_the_date_is_ambiguous)
{
	static const struct when_case cases[] = {
		{"3/5/2014", NULL, "DATE_FORMAT"},   {"25/3/2014", "2014-03-25", ""},
		{"3/25/2014", "2014-03-25", ""},     {"5/5/2014", "2014-05-05", ""},
		{"05.03.2014", NULL, "DATE_FORMAT"}, {"3/5/14", NULL, "DATE_FORMAT"},
		{"14/3/5", "2014-03-05", ""},	     {"13/13/2014", NULL, "DATE_FORMAT"},
	};
	struct when_context context = {.today = today(), .past = true};

	EXPECT_CASES(&context, cases);
}

Test(when, two_digit_years_of_a_birth_lie_in_the_past)
{
	static const struct when_case births[] = {
		{"90-03-07", "1990-03-07", ""},
		{"27-03-07", "1927-03-07", ""},
		{"1970-01-01", "1970-01-01", ""},
		{"1850-01-01", NULL, "DATE_FORMAT"},
	};
	struct when_context birth = {.today = today(), .past = true, .birth = true};

	EXPECT_CASES(&birth, births);
}

/* The end of an insurance is no day of a hundred years ago. */
Test(when, two_digit_years_of_what_may_lie_ahead_reach_twenty_years_on)
{
	static const struct when_case plans[] = {
		{"27-03-07", "2027-03-07", ""}, {"28-05-31", "2028-05-31", ""},
		{"280531", "2028-05-31", ""},	{"31/5/28", "2031-05-28", ""},
		{"31-5月-28", "2028-05-31", ""}, {"46-12-31", "2046-12-31", ""},
		{"47-01-01", "1947-01-01", ""}, {"98-05-31", "1998-05-31", ""},
	};
	static const struct when_case past[] = {
		{"27-03-07", "2027-03-07", "DATE_FUTURE"},
		{"28-05-31", "1928-05-31", ""},
	};
	struct when_context plan = {.today = today()}, done = {.today = today(), .past = true};

	EXPECT_CASES(&plan, plans);
	EXPECT_CASES(&done, past);
}

/* Nobody bought a car in 1931 who can have bought it on the last day of 2025. */
Test(when, a_day_of_the_last_century_that_may_be_one_of_this_is_ambiguous)
{
	static const struct when_case past[] = {
		{"31-12-25", NULL, "DATE_FORMAT"}, {"31/12/25", NULL, "DATE_FORMAT"},
		{"30.6.24", NULL, "DATE_FORMAT"},  {"311225", NULL, "DATE_FORMAT"},
		{"25-12-31", "2025-12-31", ""},	   {"98-05-31", "1998-05-31", ""},
		{"31-31-25", NULL, "DATE_FORMAT"}, {"1931-12-25", "1931-12-25", ""},
	};
	static const struct when_case births[] = {
		{"31-12-25", "1931-12-25", ""},
		{"311225", "1931-12-25", ""},
	};
	struct when_context done = {.today = today(), .past = true};
	struct when_context birth = {.today = today(), .past = true, .birth = true};

	EXPECT_CASES(&done, past);
	EXPECT_CASES(&birth, births);
}

Test(when, times_are_read_with_their_half_of_the_day)
{
	static const struct when_case cases[] = {
		{"2014-03-05", "2014-03-05T00:00:00", ""},
		{"2014/3/5 15:04", "2014-03-05T15:04:00", ""},
		{"2014/3/5 下午 3:04", "2014-03-05T15:04:00", ""},
		{"2014/3/5 3:04:05 PM", "2014-03-05T15:04:05", ""},
		{"2014-03-05T15:04:05+08:00", "2014-03-05T15:04:05", ""},
		{"2014-03-05T07:04:05Z", "2014-03-05T15:04:05", ""},
		{"2014年3月5日15时4分", "2014-03-05T15:04:00", ""},
		{"41703.5", "2014-03-05T12:00:00", ""},
		{"20140305150405", "2014-03-05T15:04:05", ""},
		{"2014-03-05 12:30 AM", "2014-03-05T00:30:00", ""},
	};
	struct when_context context = {.today = today(), .past = true, .time = true};

	EXPECT_CASES(&context, cases);
}

/* A blank behind keeps a value from the short way. */
Test(when, the_short_way_for_usual_forms_reads_what_the_long_one_reads)
{
	static const char *const dates[] = { "%d-%02d-%02d", "%d/%d/%d", "%d年%d月%d日", "%d.%d.%02d" };
	static const char *const times[] = { "", " 0:00", " 00:00:00", " 9:05", "T15:04:05", " 23:59:60",
					     " 24:00:00", " 7:60", "  8:00", " 8", " 8:1:2", "T9:5", " 08:00:00Z" };
	static const int days[][3] = { { 2014, 3, 5 }, { 1970, 1, 1 }, { 1920, 5, 1 }, { 1921, 5, 1 }, { 2099, 1, 1 },
				       { 2030, 1, 1 }, { 2024, 2, 29 }, { 2023, 2, 29 }, { 2014, 13, 1 } };

	for (unsigned k = 0; k < 8; k++)
		for (size_t t = 0; t < sizeof(times) / sizeof(times[0]); t++)
			for (size_t d = 0; d < sizeof(days) / sizeof(days[0]); d++)
				for (size_t n = 0; n < sizeof(dates) / sizeof(dates[0]); n++) {
					struct when_context context = {
						.today = today(), .past = k & 1, .birth = k & 2, .time = k & 4
					};
					const int *v = days[d];
					char date[64], text[96], longer[97];
					struct verdict is, expected;

					snprintf(date, sizeof(date), dates[n], v[0], v[1], v[2]);
					snprintf(text, sizeof(text), "%s%s", date, times[t]);
					snprintf(longer, sizeof(longer), "%s ", text);
					when_check(&context, str_of(text), &arena, &is);
					when_check(&context, str_of(longer), &arena, &expected);
					cr_assert(str_eq(is.value, expected.value), "%s is %.*s, not %.*s", text,
						  STR_FMT(is.value), STR_FMT(expected.value));
					cr_assert_eq(is.n, expected.n, "%s", text);
				}
}
