/* The generator's own numbers, held to the standards' examples and to the program's checks,
 * which were written apart from it. */
#include <criterion/criterion.h>

#include "../../fixtures/generate/calendar.h"
#include "../../fixtures/generate/car.h"
#include "../../fixtures/generate/chance.h"
#include "../../fixtures/generate/numbers.h"
#include "../../fixtures/generate/rows.h"
#include "date.h"
#include "id_number.h"
#include "map.h"
#include "vin.h"

static const struct world world = {
	.seed = 11, .people = 4000, .dealers = 7, .days = 3, .last_day = 20515, .fault_rate = 1
};

/* GB 11643 annex, GB 32100 and GB 11714 examples, a published Chinese VIN. */
Test(generate, check_digits_are_those_of_the_standards)
{
	char vin[17];

	cr_expect_eq(resident_check("11010519491231002"), 'X');
	cr_expect_eq(resident_check("13050319670401001"), '6');
	cr_expect_eq(uscc_check("91350100M000100Y4"), '3');
	cr_expect_eq(organisation_check("D2143569"), 'X');
	memcpy(vin, "LFV2A115?H3201804", 17);
	vin_seal(vin);
	cr_expect_eq(vin[8], '1');
}

Test(generate, a_shuffle_meets_every_number_once)
{
	enum { SIZE = 43 * 1000 };
	static char met[SIZE];

	for (uint64_t i = 0; i < SIZE; i++)
		met[chance_shuffle(7, i, SIZE)]++;
	for (size_t i = 0; i < SIZE; i++)
		cr_assert_eq(met[i], 1, "%zu", i);
}

Test(generate, its_calendar_is_the_programs)
{
	for (int32_t day = -40000; day < 40000; day++) {
		int year, month, day_of_month;

		calendar_parts(day, &year, &month, &day_of_month);
		cr_assert_eq(calendar_day(year, month, day_of_month), day);
		cr_assert_eq(date_make(year, month, day_of_month), day);
	}
}

Test(generate, nobody_has_anothers_number)
{
	static struct person p;
	struct map numbers = { 0 }, mobiles = { 0 };
	bool added;

	for (uint64_t i = 0; i < world.people; i++) {
		person_make(&p, &world, i);
		map_put(&numbers, p.id_number, i, &added);
		cr_assert(added, "%.*s", STR_FMT(p.id_number));
		if (spouse_of(&world, i) == NOBODY) {
			map_put(&mobiles, p.mobile, i, &added);
			cr_assert(added, "%.*s", STR_FMT(p.mobile));
		}
	}
	map_release(&numbers);
	map_release(&mobiles);
}

Test(generate, what_should_hold_holds_for_the_program_too)
{
	static struct subject s;
	unsigned residents = 0;

	for (uint64_t i = 0; i < world.people; i++) {
		subject_make(&s, &world, i);
		subject_car(&s, 0);
		if (s.person.document == DOCUMENT_RESIDENT) {
			cr_assert(id_number_holds(s.person.id_number), "%.*s",
				  STR_FMT(s.person.id_number));
			residents++;
		}
		if (s.person.document == DOCUMENT_USCC)
			cr_assert_eq(uscc_check_character(s.person.id_number.p),
				     s.person.id_number.p[17]);
		cr_assert_eq(vin_check_digit(s.car.vin.p) == s.car.vin.p[8], !s.car.unsealed);
	}
	cr_expect_gt(residents, world.people / 2);
}

Test(generate, a_person_is_the_same_whenever_made)
{
	static struct person a, b;

	person_make(&a, &world, 99);
	person_make(&b, &world, 3);
	person_make(&b, &world, 99);
	cr_expect(str_eq(a.name, b.name) && str_eq(a.id_number, b.id_number) &&
		  str_eq(a.address2, b.address2));
}

Test(generate, spouses_share_a_home_and_twins_a_birth_date)
{
	static struct person a, b;
	unsigned couples = 0, twins = 0;

	for (uint64_t i = 0; i + BLOCK <= world.people; i += BLOCK) {
		struct block block = block_of(&world, i);

		if (block.married) {
			person_make(&a, &world, i);
			person_make(&b, &world, i + 1);
			cr_assert(str_eq(a.address1, b.address1) && str_eq(a.address2, b.address2));
			cr_assert_neq(a.gender, b.gender);
			couples++;
		}
		if (block.twins) {
			person_make(&a, &world, i + 2);
			person_make(&b, &world, i + 3);
			cr_assert_eq(a.birth, b.birth);
			cr_assert_not(str_eq(a.id_number, b.id_number));
			twins++;
		}
	}
	cr_expect(couples > 0 && twins > 0);
}
