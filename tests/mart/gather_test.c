/* What facts_gather takes from the tables, and that no border of a block shows. */
#include "small_facts.h"

Test(gather, a_car_bought_from_its_owner_is_used_and_costs_nothing_that_we_know)
{
	struct small x;

	small_open(&x);
	small_person(&x, SMALL_CUSTOMER, "C1");
	small_person(&x, SMALL_PENDING, "P1");
	small_car(&x, "V1", "2020-01-01", "100000.55");
	small_owns(&x, "C1", "V1", "former_owner", "2020-01-01");
	small_owns(&x, "P1", "V1", "owner", "2024-05-05");
	small_make(&x, 1);
	cr_assert_eq(x.facts.n_purchases, 2);
	cr_assert(!x.facts.purchases[0].used && x.facts.purchases[0].fen == 10000055);
	cr_assert(x.facts.purchases[1].used && x.facts.purchases[1].fen == 0);
	cr_assert_eq(x.facts.purchases[1].person, 2, "pending people come behind the customers");
	cr_assert(str_eq(small_word(&x, x.facts.purchases[1].bought_on), STR("2024-05-05")));
	cr_assert_eq(x.facts.n_cars, 1, "the former owner has it no more");
	cr_assert_eq(x.facts.all_fen, 10000055);
	small_release(&x);
}

/* Of a car sold on by an invoice, which is the only one that the car still has. */
static void hold_new_once(const char *first_sold_on)
{
	struct small x;
	const struct purchase *p;

	small_open(&x);
	small_person(&x, SMALL_CUSTOMER, "C1");
	small_person(&x, SMALL_CUSTOMER, "C2");
	small_person(&x, SMALL_CUSTOMER, "C3");
	rowset_add(&x.rows[SMALL_VEHICLE],
		   (struct str[TABLE_MAX_COLUMNS]){ [VEH_VIN] = STR("V1"), [VEH_PURCHASE_DATE] = str_of(first_sold_on),
						    [VEH_INVOICE_DATE] = STR("2024-05-05"), [VEH_PRICE] = STR("60000"),
						    [VEH_DELIVERY_DATE] = STR("2024-05-07") });
	small_owned(&x, "C1", "V1", "2020-01-01", "2024-05-05");
	small_owned(&x, "C2", "V1", "2024-05-05", "2025-06-06");
	small_owns(&x, "C3", "V1", "owner", "2025-06-06");
	small_make(&x, 1);
	p = x.facts.purchases;
	cr_assert(!p[0].used && p[0].fen == 0, "new, at a price that nobody knows any more");
	cr_assert(str_eq(small_word(&x, p[0].delivered_on), STR("2020-01-01")));
	cr_assert(p[1].used && p[1].fen == 6000000);
	cr_assert(str_eq(small_word(&x, p[1].delivered_on), STR("2024-05-05")));
	cr_assert(p[2].used && p[2].fen == 0);
	small_release(&x);
}

Test(gather, a_car_sold_on_by_an_invoice_is_new_to_its_first_owner_alone)
{
	hold_new_once("2020-01-01");
	hold_new_once("2024-05-05");
}

static void sell(struct small *x, const char *customer_id, const char *role, const char *since, const char *until,
		 const char *dealer_code, const char *price)
{
	rowset_add(&x->rows[SMALL_OWNERSHIP],
		   (struct str[TABLE_MAX_COLUMNS]){ [OWN_VIN] = STR("V1"), [OWN_CUSTOMER_ID] = str_of(customer_id),
						    [OWN_ROLE] = str_of(role), [OWN_SINCE] = str_of(since),
						    [OWN_UNTIL] = str_of(until), [OWN_DEALER_CODE] = str_of(dealer_code),
						    [OWN_PRICE] = str_of(price) });
}

static void expect_sold(const struct small *x, size_t i, const char *dealer, int64_t fen)
{
	cr_expect(str_eq(small_word(x, x->facts.purchases[i].dealer), str_of(dealer)), "the dealer of purchase %zu", i);
	cr_expect_eq(x->facts.purchases[i].fen, fen, "the price of purchase %zu", i);
}

Test(gather, a_purchase_is_of_the_dealer_and_at_the_price_of_its_sale)
{
	struct small x;

	small_open(&x);
	small_person(&x, SMALL_CUSTOMER, "C1");
	small_person(&x, SMALL_CUSTOMER, "C2");
	small_person(&x, SMALL_CUSTOMER, "C3");
	small_car(&x, "V1", "2020-01-01", "100000");
	sell(&x, "C1", "former_owner", "2020-01-01", "2022-05-05", "D002", "90000.50");
	sell(&x, "C2", "former_owner", "2022-05-05", "2024-05-05", "", "");
	sell(&x, "C3", "owner", "2024-05-05", "", "", "60000");
	small_make(&x, 1);
	expect_sold(&x, 0, "D002", 9000050);
	expect_sold(&x, 1, "", 0); /* the car's dealer is its present owner's alone */
	expect_sold(&x, 2, "D001", 6000000);
	small_release(&x);
}

Test(gather, what_no_table_knows_is_nobody_and_no_car)
{
	struct small x;

	small_open(&x);
	small_car(&x, "V1", "2020-01-01", "1");
	small_owns(&x, "gone", "V1", "owner", "");
	small_owns(&x, "gone", "V2", "owner", "");
	small_owns(&x, "gone", "V1", "driver", "");
	small_visit(&x, "", "V2", "2025-01-01T10:00:00", "maintenance", "1");
	small_visit(&x, "", "V9", "2025-01-01T10:00:00", "maintenance", "2");
	small_visit(&x, "gone", "V1", "2025-01-01T10:00:00", "complaint", "4");
	small_make(&x, 1);
	cr_assert(x.facts.n_purchases == 1 && x.facts.purchases[0].person == NOBODY);
	cr_assert_eq(x.facts.n_visits, 2, "a complaint is no visit");
	cr_assert(x.facts.visits[0].person == NOBODY && x.facts.visits[0].owner == 2 && !x.facts.visits[0].vehicle);
	cr_assert(!x.facts.visits[1].person && !x.facts.visits[1].owner);
	cr_assert_eq(x.facts.all_fen, 100 + 100, "of nobody at all no money is counted");
	small_release(&x);
}

Test(gather, a_visit_without_a_name_is_that_of_the_first_owner)
{
	struct small x;

	small_open(&x);
	small_person(&x, SMALL_CUSTOMER, "C1");
	small_person(&x, SMALL_CUSTOMER, "C2");
	small_car(&x, "V1", "2020-01-01", "1");
	small_owns(&x, "C2", "V1", "owner", "");
	small_owns(&x, "C0", "V1", "former_owner", "");
	small_owns(&x, "C1", "V1", "owner", "");
	small_visit(&x, "", "V1", "2025-01-01T10:00:00", "maintenance", "1");
	small_make(&x, 1);
	cr_assert(x.facts.visits[0].owner == 3 && x.facts.visits[0].person == 1);
	small_release(&x);
}

enum { PEOPLE = 1000, MANY = 70000 }; /* rows: three blocks of each table */

static const char *numbered(struct small *x, const char *front, size_t number)
{
	return str_keepz(&x->a, str_printf(&x->a, "%s%06zu", front, number));
}

static const char *day_of(struct small *x, size_t i)
{
	return str_keepz(&x->a, str_printf(&x->a, "%04zu-%02zu-%02zu", 1990 + i / 2500, 1 + i % 12, 1 + i % 28));
}

static void open_many(struct small *x, unsigned jobs)
{
	small_open(x);
	for (size_t i = 0; i < PEOPLE; i++)
		small_person(x, SMALL_CUSTOMER, numbered(x, "C", i));
	for (size_t i = 0; i < MANY; i++) {
		const char *vin = numbered(x, "V", i), *day = day_of(x, i);

		small_car(x, vin, day, "1.01");
		small_owns(x, numbered(x, "C", (i * 7) % PEOPLE), vin, "owner", day);
		small_visit(x, numbered(x, "C", i % PEOPLE), vin, day, "maintenance", "0.02");
	}
	small_make(x, jobs);
}

Test(gather, rows_of_all_blocks_keep_their_words_and_stand_in_the_order_of_people)
{
	struct small x;

	open_many(&x, 4);
	cr_assert(x.facts.n_purchases == MANY && x.facts.n_cars == MANY && x.facts.n_visits == MANY);
	cr_assert_eq(x.facts.all_fen, MANY * (101 + 2));
	for (size_t i = 0; i < MANY; i++) {
		const struct purchase *p = &x.facts.purchases[i];
		const struct workshop_visit *v = &x.facts.visits[i];

		cr_assert(i == 0 || p[-1].person < p->person ||
			  (p[-1].person == p->person && p[-1].ownership < p->ownership));
		cr_assert_eq(p->person, p->ownership * 7 % PEOPLE + 1);
		cr_assert(str_eq(small_word(&x, p->bought_on), str_of(day_of(&x, p->ownership))));
		cr_assert(v->contact == i && v->vehicle == i + 1 && v->person == i % PEOPLE + 1);
		cr_assert(str_eq(small_word(&x, v->day), str_of(day_of(&x, i))));
	}
	small_release(&x);
}

Test(gather, the_number_of_threads_changes_nothing)
{
	struct small one, four;

	open_many(&one, 1);
	open_many(&four, 4);
	cr_assert(memcmp(one.facts.cars, four.facts.cars, MANY * sizeof(struct car)) == 0);
	for (size_t i = 0; i < MANY; i++) {
		const struct purchase *p = &one.facts.purchases[i], *q = &four.facts.purchases[i];
		const struct vehicle_use *u = &one.facts.uses[i], *w = &four.facts.uses[i];

		cr_assert(p->person == q->person && p->ownership == q->ownership && p->bought_on == q->bought_on &&
			  p->delivered_on == q->delivered_on && p->dealer == q->dealer && p->fen == q->fen);
		cr_assert(u->fen == w->fen && u->last == w->last && u->newest == w->newest);
	}
	for (size_t i = 0; i < PEOPLE; i++)
		cr_assert(one.facts.standings[i].fen == four.facts.standings[i].fen &&
			  one.facts.standings[i].grade == four.facts.standings[i].grade);
	small_release(&one);
	small_release(&four);
}
