#include "clientele.h"

#include "digest.h"

#include <stdlib.h>

struct str people_value(const struct rowset *const tables[2], uint32_t customer, enum customer_column column)
{
	size_t customers = tables[0]->n;

	return customer < customers ? rowset_value(tables[0], customer, column) :
				      rowset_value(tables[1], customer - customers, column);
}

struct str clientele_value(const struct clientele *p, uint32_t customer, enum customer_column column)
{
	return people_value(p->tables, customer, column);
}

/* The slot of that customer, or the empty one where it belongs. */
static uint32_t *slot_find(const struct clientele *p, struct str customer_id)
{
	size_t i = (size_t)hash64(customer_id) & (p->n_slots - 1);

	while (p->slots[i] && !str_eq(clientele_value(p, p->slots[i] - 1, CUS_CUSTOMER_ID), customer_id))
		i = (i + 1) & (p->n_slots - 1);
	return &p->slots[i];
}

uint32_t clientele_find(const struct clientele *p, struct str customer_id)
{
	uint32_t slot = *slot_find(p, customer_id);

	return slot ? slot - 1 : RUN_NOBODY;
}

static void number_people(struct clientele *p)
{
	for (p->n_slots = 64; p->n_slots < p->n * 2;)
		p->n_slots *= 2;
	p->slots = xcalloc(p->n_slots, sizeof(*p->slots));
	for (uint32_t i = 0; i < p->n; i++) {
		uint32_t *slot = slot_find(p, clientele_value(p, i, CUS_CUSTOMER_ID));

		if (!*slot)
			*slot = i + 1;
	}
}

/* Counted, then dealt. Meanwhile `place` holds the dealers, and where theirs begin stands one
 * further on. */
static void deal_people(struct clientele *p, const struct dealers *ds)
{
	p->dealt = xcalloc(p->n, sizeof(*p->dealt));
	p->place = xcalloc(p->n, sizeof(*p->place));
	p->firsts = xcalloc(ds->n + 2, sizeof(*p->firsts));
	for (uint32_t i = 0; i < p->n; i++) {
		struct str folder = dealer_folder(clientele_value(p, i, CUS_DEALER_CODE), STR(""));

		p->place[i] = (uint32_t)(dealers_get(ds, folder) - ds->list);
		p->firsts[p->place[i] + 2]++;
	}
	for (size_t k = 2; k < ds->n + 2; k++)
		p->firsts[k] += p->firsts[k - 1];
	for (uint32_t i = 0; i < p->n; i++) {
		p->place[i] = p->firsts[p->place[i] + 1]++;
		p->dealt[p->place[i]] = i;
	}
}

static bool find_lacking(struct clientele *p, struct run *r, const struct standard *standard, struct fault *f)
{
	struct standard_tables tables = {
		.people = { p->tables[0], p->tables[1] },
		.vehicle = run_table(r, &table_vehicle, true, f),
		.ownership = run_table(r, &table_ownership, true, f),
		.contact = run_table(r, &table_contact, true, f),
	};
	struct map by_id = { 0 };

	p->lacking = run_lacking(r);
	if (p->lacking)
		return true;
	if (!tables.vehicle || !tables.ownership || !tables.contact)
		return false;
	for (uint32_t i = 0; i < p->n; i++)
		map_put(&by_id, clientele_value(p, i, CUS_CUSTOMER_ID), i, NULL);
	p->lacking = p->own_lacking = standard_lacking(standard, &tables, &by_id);
	map_release(&by_id);
	return true;
}

bool clientele_open(struct clientele *p, const struct dealers *ds, struct run *r, const struct standard *standard,
		 struct fault *f)
{
	*p = (struct clientele){ .tables = { run_table(r, &table_customer, true, f),
					  run_table(r, &table_pending, true, f) } };
	if (!p->tables[0] || !p->tables[1] || !(p->of_record = run_person_lines(r, f)))
		return false;
	p->n = p->tables[0]->n + p->tables[1]->n;
	number_people(p);
	deal_people(p, ds);
	return find_lacking(p, r, standard, f);
}

void clientele_close(struct clientele *p)
{
	free(p->dealt);
	free(p->place);
	free(p->firsts);
	free(p->own_lacking);
	free(p->slots);
}
