#include <criterion/criterion.h>

#include "../../pipeline/report/tally.h"

TestSuite(tally);

static struct str value_of(int64_t numerator, int64_t denominator, enum unit unit)
{
	static char room[32];
	struct count c = { numerator, denominator };

	return count_value(&c, unit, room);
}

Test(tally, values_are_rounded_half_up_without_floating_point)
{
	cr_assert(str_eq(value_of(1, 3, UNIT_SHARE), STR("0.3333")));
	cr_assert(str_eq(value_of(2, 3, UNIT_SHARE), STR("0.6667")));
	cr_assert(str_eq(value_of(1, 8000, UNIT_SHARE), STR("0.0001")));
	cr_assert(str_eq(value_of(5, 5, UNIT_SHARE), STR("1.0000")));
	cr_assert(str_eq(value_of(175098, 27, UNIT_MEAN), STR("64.85")));
	cr_assert(str_eq(value_of(12, 0, UNIT_COUNT), STR("12")));
}

Test(tally, a_share_of_nothing_has_no_value)
{
	cr_assert(str_eq(value_of(0, 0, UNIT_SHARE), STR("")));
	cr_assert(str_eq(value_of(0, 0, UNIT_MEAN), STR("")));
}

static void fill(struct tally *t, bool backwards)
{
	static const struct str dealers[] = { STR_INIT("D10"), STR_INIT("D2"), STR_INIT("D1") };

	for (int i = 0; i < 3; i++) {
		struct origin_scope from = { STR("dms"), dealers[backwards ? 2 - i : i] };

		tally_add_origin(t, M_faultless, &from, 1, 2);
		tally_add_pair(t, M_faults, SCOPE_DEALER_CODE, from.dealer, STR("ID_LENGTH"), 1, 1);
	}
}

Test(tally, the_order_of_counting_does_not_show)
{
	struct buf one = { 0 }, other = { 0 };

	for (int backwards = 0; backwards < 2; backwards++) {
		struct tally t = { 0 };
		struct rowset quality;

		fill(&t, backwards);
		rowset_init(&quality, &table_quality);
		tally_table(&t, &quality);
		rowset_csv(&quality, backwards ? &other : &one);
		rowset_release(&quality);
		tally_release(&t);
	}
	cr_assert(str_eq(buf_view(&one), buf_view(&other)));
	cr_assert(str_has(buf_view(&one), STR("validity,faultless,all,,0.5000,3,6\n")));
	cr_assert(str_has(buf_view(&one), STR("validity,faultless,dealer,D1,0.5000,1,2\n"
					      "validity,faultless,dealer,D10,0.5000,1,2\n"
					      "validity,faultless,dealer,D2,0.5000,1,2\n")));
	cr_assert(str_has(buf_view(&one), STR("validity,faults,dealer/code,D1/ID_LENGTH,1.0000,1,1\n")));
	buf_release(&one);
	buf_release(&other);
}

Test(tally, names_of_metrics_and_scopes_are_found_again)
{
	for (enum metric m = 0; m < METRICS; m++)
		cr_assert_eq(metric_find(metric_facts[m].name), m);
	for (enum scope_kind k = 0; k < SCOPE_KINDS; k++)
		cr_assert_eq(scope_kind_find(scope_kind_name(k)), k);
	cr_assert_eq(metric_find(STR("no such")), METRICS);
	cr_assert_eq(scope_kind_find(STR("")), SCOPE_KINDS);
}
