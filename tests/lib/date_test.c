#include <criterion/criterion.h>

#include "date.h"

Test(date, every_day_of_ten_thousand_years_makes_the_round)
{
	char text[10], before[10] = "0000-00-00";

	for (int32_t day = date_make(0, 1, 1); day <= date_make(9999, 12, 31); day++) {
		date_text(day, text);
		cr_assert_eq(date_day((struct str){ text, 10 }), day);
		cr_assert_lt(memcmp(before, text, 10), 0);
		memcpy(before, text, 10);
	}
}

Test(date, known_days_have_their_numbers)
{
	cr_assert_eq(date_day(STR("1970-01-01")), 0);
	cr_assert_eq(date_day(STR("2000-03-01")), 11017);
	cr_assert_eq(date_day(STR("2026-03-01T08:00:00")), 20513);
	cr_assert_eq(date_day(STR("1969-12-31")), -1);
}

Test(date, days_that_no_calendar_has_are_none)
{
	cr_assert_not(date_is(STR("2023-02-29")));
	cr_assert(date_is(STR("2024-02-29")));
	cr_assert_not(date_is(STR("1900-02-29")));
	cr_assert(date_is(STR("2000-02-29")));
	cr_assert_not(date_is(STR("2024-13-01")));
	cr_assert_not(date_is(STR("2024-00-10")));
	cr_assert_not(date_is(STR("2024-1-01x")));
	cr_assert_not(date_is(STR("2024-01-01T00:00:00")));
	cr_assert_eq(date_day(STR("")), INT32_MIN);
}

Test(date, eight_digits_become_a_date)
{
	char out[10];

	cr_assert(date_compact(STR("20260301"), out));
	cr_assert_eq(memcmp(out, "2026-03-01", 10), 0);
	cr_assert_not(date_compact(STR("20260230"), out));
	cr_assert_not(date_compact(STR("2026030"), out));
	cr_assert_not(date_compact(STR("2026O301"), out));
}
