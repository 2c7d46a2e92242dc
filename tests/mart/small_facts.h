/* Tables of a few columns made by hand, and the facts of them. */
#ifndef YICE_TEST_SMALL_FACTS_H
#define YICE_TEST_SMALL_FACTS_H

#include "mart/facts.h"

#include <criterion/criterion.h>

enum { SMALL_CUSTOMER, SMALL_PENDING, SMALL_VEHICLE, SMALL_OWNERSHIP, SMALL_CONTACT, SMALL_TABLES };

struct small {
	struct rowset rows[SMALL_TABLES];
	struct source *sources[SMALL_TABLES];
	struct fact_tables tables;
	struct fact_terms terms;
	struct facts facts;
	struct arena a;
};

static inline void small_open(struct small *x)
{
	static const struct table_def *const defs[SMALL_TABLES] = {
		&table_customer, &table_pending, &table_vehicle, &table_ownership, &table_contact,
	};

	*x = (struct small){ 0 };
	for (int i = 0; i < SMALL_TABLES; i++) {
		rowset_init(&x->rows[i], defs[i]);
		x->sources[i] = source_new(STR("of the run"));
		for (int k = 0; defs[i]->columns[k]; k++)
			source_add_column(x->sources[i], str_of(defs[i]->columns[k]), STR("TEXT"), k);
		x->sources[i]->rows = &x->rows[i];
	}
	x->tables = (struct fact_tables){ x->sources[0], x->sources[1], x->sources[2], x->sources[3], x->sources[4] };
	x->terms.today = STR("2026-03-03");
	map_put(&x->terms.service_kinds, STR("maintenance"), 0, NULL);
	map_put(&x->terms.service_kinds, STR("first_service"), 0, NULL);
	map_put(&x->terms.unpaid_settlements, STR("warranty"), 0, NULL);
}

static inline void small_person(struct small *x, int table, const char *customer_id)
{
	struct str v[TABLE_MAX_COLUMNS] = { [CUS_CUSTOMER_ID] = str_of(customer_id) };

	rowset_add(&x->rows[table], v);
}

static inline void small_car(struct small *x, const char *vin, const char *bought_on, const char *price)
{
	struct str v[TABLE_MAX_COLUMNS] = { [VEH_VIN] = str_of(vin), [VEH_PURCHASE_DATE] = str_of(bought_on),
					    [VEH_PRICE] = str_of(price), [VEH_DEALER_CODE] = STR("D001") };

	rowset_add(&x->rows[SMALL_VEHICLE], v);
}

static inline void small_owns(struct small *x, const char *customer_id, const char *vin, const char *role,
			      const char *since)
{
	struct str v[TABLE_MAX_COLUMNS] = { [OWN_VIN] = str_of(vin), [OWN_CUSTOMER_ID] = str_of(customer_id),
					    [OWN_ROLE] = str_of(role), [OWN_SINCE] = str_of(since) };

	rowset_add(&x->rows[SMALL_OWNERSHIP], v);
}

static inline void small_owned(struct small *x, const char *customer_id, const char *vin, const char *since,
			       const char *until)
{
	struct str v[TABLE_MAX_COLUMNS] = { [OWN_VIN] = str_of(vin), [OWN_CUSTOMER_ID] = str_of(customer_id),
					    [OWN_ROLE] = STR("former_owner"), [OWN_SINCE] = str_of(since),
					    [OWN_UNTIL] = str_of(until) };

	rowset_add(&x->rows[SMALL_OWNERSHIP], v);
}

static inline void small_visit(struct small *x, const char *customer_id, const char *vin, const char *at,
			       const char *kind, const char *amount)
{
	struct str v[TABLE_MAX_COLUMNS] = { [CON_CUSTOMER_ID] = str_of(customer_id), [CON_VIN] = str_of(vin),
					    [CON_CONTACT_AT] = str_of(at), [CON_KIND] = str_of(kind),
					    [CON_AMOUNT] = str_of(amount), [CON_DEALER_CODE] = STR("D002") };

	rowset_add(&x->rows[SMALL_CONTACT], v);
}

static inline void small_make(struct small *x, unsigned jobs)
{
	for (int i = 0; i < SMALL_TABLES; i++)
		x->sources[i]->n = x->rows[i].n;
	facts_make(&x->facts, &x->tables, &x->terms, jobs);
}

static inline struct str small_word(const struct small *x, uint32_t number)
{
	return wordbook_text(&x->facts.words, number);
}

static inline void small_release(struct small *x)
{
	facts_release(&x->facts);
	fact_terms_release(&x->terms);
	for (int i = 0; i < SMALL_TABLES; i++) {
		source_free(x->sources[i]);
		rowset_release(&x->rows[i]);
	}
	arena_release(&x->a);
}

#endif
