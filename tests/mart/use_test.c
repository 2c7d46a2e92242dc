/* How visits make the use of a car. */
#include "small_facts.h"

static void open_one_car(struct small *x)
{
	small_open(x);
	small_person(x, SMALL_CUSTOMER, "C1");
	small_car(x, "V0", "2020-01-01", "1");
	small_car(x, "V1", "2020-01-01", "1");
}

Test(use, the_newest_visit_is_told_by_its_hour_and_a_day_that_is_missing_is_none)
{
	struct small x;

	open_one_car(&x);
	small_visit(&x, "C1", "V1", "2025-02-02T09:00:00", "maintenance", "1");
	small_visit(&x, "C1", "V1", "2025-02-02T15:00:00", "maintenance", "2");
	small_visit(&x, "C1", "V1", "2025-02-02T10:00:00", "first_service", "3");
	small_visit(&x, "C1", "V1", "", "maintenance", "4");
	small_make(&x, 2);
	cr_assert_eq(x.facts.uses[1].visits, 4);
	cr_assert_eq(x.facts.uses[1].fen, 1000);
	cr_assert_eq(x.facts.uses[1].newest, 2);
	cr_assert_eq(x.facts.uses[1].serviced, 2);
	cr_assert(str_eq(small_word(&x, x.facts.uses[1].first_service), STR("2025-02-02")));
	cr_assert(x.facts.n_used == 1 && x.facts.used[0] == 1, "nobody came with the other car");
	small_release(&x);
}

Test(use, a_visit_to_the_dealer_who_sold_the_car_is_told_apart)
{
	struct small x;
	struct str at_home[TABLE_MAX_COLUMNS] = {
		[CON_VIN] = STR("V1"), [CON_CONTACT_AT] = STR("2025-01-01"), [CON_KIND] = STR("maintenance"),
		[CON_DEALER_CODE] = STR("D001"), [CON_MILEAGE] = STR("9000"),
	};

	open_one_car(&x);
	small_visit(&x, "C1", "V1", "2025-02-02T09:00:00", "maintenance", "1");
	rowset_add(&x.rows[SMALL_CONTACT], at_home);
	at_home[CON_CONTACT_AT] = STR("2024-12-31");
	at_home[CON_MILEAGE] = STR("8000");
	rowset_add(&x.rows[SMALL_CONTACT], at_home);
	small_make(&x, 1);
	cr_assert(str_eq(small_word(&x, x.facts.uses[1].last), STR("2025-02-02")));
	cr_assert(str_eq(small_word(&x, x.facts.uses[1].last_own), STR("2025-01-01")));
	cr_assert(x.facts.uses[1].has_mileage && x.facts.uses[1].mileage == 9000);
	small_release(&x);
}

Test(use, a_car_that_no_table_knows_has_its_visits_by_its_vin)
{
	struct small x;

	open_one_car(&x);
	small_visit(&x, "C1", "V8", "2025-01-01T09:00:00", "maintenance", "1");
	small_visit(&x, "C1", "V9", "2025-01-02T09:00:00", "maintenance", "1");
	small_visit(&x, "C1", "V8", "2025-01-03T09:00:00", "maintenance", "1");
	small_visit(&x, "C1", "", "2025-01-04T09:00:00", "maintenance", "1");
	small_make(&x, 1);
	cr_assert_eq(x.facts.stray.n, 2);
	cr_assert_eq(x.facts.strays[0].visits, 2);
	cr_assert_eq(x.facts.strays[0].newest, 3);
	cr_assert_eq(x.facts.strays[1].visits, 1);
	cr_assert_eq(x.facts.n_used, 0);
	small_release(&x);
}
