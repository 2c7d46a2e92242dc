#include <criterion/criterion.h>

#include <stdio.h>
#include <stdlib.h>

#include "date.h"
#include "merge/ownership.h"

static const unsigned INVOICE = 4, FINANCE = 8, DMS = 16;

static struct ownership o;
static struct rowset lines;

static void claim(enum claim_kind kind, const char *customer, const char *day, unsigned rank)
{
	GROW(o.claims, o.n_claims, o.cap_claims);
	o.claims[o.n_claims] = (struct claim){
		.kind = kind,
		.who = (uint32_t)(unsigned char)customer[0],
		.customer = str_of(customer),
		.day = date_day(str_of(day)),
		.observed_on = date_day(STR("2026-03-01")),
		.rank = rank,
		.place = (uint32_t)o.n_claims,
	};
	o.n_claims++;
}

static void sale(const char *customer, const char *day, const char *sent_on, const char *dealer_code, const char *price)
{
	claim(CLAIM_OWNS, customer, day, INVOICE);
	o.claims[o.n_claims - 1].observed_on = date_day(str_of(sent_on));
	o.claims[o.n_claims - 1].dealer_code = str_of(dealer_code);
	o.claims[o.n_claims - 1].price = str_of(price);
}

/* One line for each period: "customer role since until", then " dealer price" where it has any. */
static void expect(const char *const *expected)
{
	struct str row[OWN_COLUMNS];
	char line[128];
	size_t n = 0;

	rowset_init(&lines, &table_ownership);
	ownership_settle(&o, 60);
	ownership_emit(&o, STR("V"), &lines);
	for (; expected[n]; n++) {
		cr_assert_lt(n, lines.n, "%s is missing", expected[n]);
		rowset_get(&lines, n, row);
		snprintf(line, sizeof(line), "%.*s %.*s %.*s %.*s", STR_FMT(row[OWN_CUSTOMER_ID]),
			 STR_FMT(row[OWN_ROLE]), STR_FMT(row[OWN_SINCE]), STR_FMT(row[OWN_UNTIL]));
		if (row[OWN_DEALER_CODE].n || row[OWN_PRICE].n)
			snprintf(line + strlen(line), sizeof(line) - strlen(line), " %.*s %.*s",
				 STR_FMT(row[OWN_DEALER_CODE]), STR_FMT(row[OWN_PRICE]));
		cr_expect_str_eq(line, expected[n]);
	}
	cr_expect_eq(lines.n, n);
	rowset_release(&lines);
	ownership_release(&o);
}

#define EXPECT(...) expect((const char *const[]){ __VA_ARGS__, NULL })

Test(ownership, a_later_claim_is_a_sale_on)
{
	claim(CLAIM_OWNS, "B", "2024-06-01", DMS);
	claim(CLAIM_OWNS, "A", "2020-01-05", INVOICE);
	claim(CLAIM_OWNS, "A", "2019-12-28", DMS);
	EXPECT("A former_owner 2020-01-05 2024-06-01", "B owner 2024-06-01 ");
}

Test(ownership, two_claims_of_one_sale_leave_the_car_with_the_better_source)
{
	claim(CLAIM_OWNS, "lessee", "2020-01-03", FINANCE);
	claim(CLAIM_OWNS, "company", "2020-01-05", INVOICE);
	EXPECT("company owner 2020-01-05 ", "lessee user 2020-01-03 ");
}

Test(ownership, the_first_owner_may_buy_it_back)
{
	claim(CLAIM_OWNS, "A", "2018-01-01", INVOICE);
	claim(CLAIM_OWNS, "B", "2020-01-01", INVOICE);
	claim(CLAIM_OWNS, "A", "2022-01-01", INVOICE);
	EXPECT("A former_owner 2018-01-01 2020-01-01", "B former_owner 2020-01-01 2022-01-01",
	       "A owner 2022-01-01 ");
}

Test(ownership, a_wrong_claim_between_two_of_one_owner_is_no_sale)
{
	claim(CLAIM_OWNS, "A", "2020-01-01", INVOICE);
	claim(CLAIM_OWNS, "B", "2020-05-01", DMS);
	claim(CLAIM_OWNS, "A", "2020-05-20", INVOICE);
	EXPECT("A owner 2020-01-01 ", "B user 2020-05-01 ");
}

Test(ownership, who_brings_the_car_uses_it_unless_it_is_his)
{
	claim(CLAIM_OWNS, "A", "2020-01-01", INVOICE);
	claim(CLAIM_USES, "A", "2021-01-01", DMS);
	claim(CLAIM_USES, "driver", "2022-01-01", DMS);
	claim(CLAIM_USES, "driver", "2021-06-01", DMS);
	EXPECT("A owner 2020-01-01 ", "driver user 2021-06-01 ");
}

Test(ownership, a_former_owner_who_still_comes_uses_it)
{
	claim(CLAIM_OWNS, "A", "2020-01-01", INVOICE);
	claim(CLAIM_OWNS, "B", "2023-01-01", DMS);
	claim(CLAIM_USES, "A", "2022-01-01", DMS);
	claim(CLAIM_USES, "A", "2024-01-01", DMS);
	EXPECT("A former_owner 2020-01-01 2023-01-01", "B owner 2023-01-01 ", "A user 2024-01-01 ");
}

Test(ownership, who_is_insured_owns_only_where_nobody_else_claims_to)
{
	claim(CLAIM_INSURED, "A", "2025-01-01", FINANCE);
	EXPECT("A owner 2025-01-01 ");
	claim(CLAIM_INSURED, "A", "2025-01-01", FINANCE);
	claim(CLAIM_OWNS, "B", "2020-01-01", DMS);
	EXPECT("B owner 2020-01-01 ", "A user 2025-01-01 ");
}

Test(ownership, without_any_day_the_better_source_then_the_first_record_owns)
{
	claim(CLAIM_OWNS, "A", "", DMS);
	claim(CLAIM_OWNS, "B", "", INVOICE);
	claim(CLAIM_OWNS, "C", "", INVOICE);
	EXPECT("B owner  ", "A user  ", "C user  ");
}

Test(ownership, who_only_comes_for_service_owns_nothing)
{
	claim(CLAIM_USES, "driver", "2022-01-01", DMS);
	EXPECT("driver user 2022-01-01 ");
}

Test(ownership, each_owner_has_the_dealer_and_the_price_of_his_own_sale)
{
	sale("A", "2020-01-01", "2020-01-02", "D001", "400000");
	claim(CLAIM_OWNS, "A", "2020-01-01", DMS);
	sale("B", "2023-01-01", "2023-01-02", "D002", "250000");
	claim(CLAIM_OWNS, "C", "2023-01-10", DMS);
	EXPECT("A former_owner 2020-01-01 2023-01-01 D001 400000", "B owner 2023-01-01  D002 250000",
	       "C user 2023-01-10 ");
}

Test(ownership, an_invoice_written_anew_has_the_price_of_the_sale_and_one_of_another_sale_has_not)
{
	sale("A", "2020-01-01", "2020-01-02", "D001", "400000");
	sale("A", "2020-01-20", "2020-01-21", "D001", "380000");
	sale("A", "2022-01-01", "2022-01-02", "D002", "200000");
	EXPECT("A owner 2020-01-01  D001 380000");
	sale("A", "2020-01-01", "2020-02-02", "D001", "380000");
	sale("A", "2020-01-20", "2020-01-21", "D001", "400000");
	EXPECT("A owner 2020-01-01  D001 380000");
}
