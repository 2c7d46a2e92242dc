/*
 * Which customers are in several hands, of consultants or of dealers, by the dealers' own records of
 * customers. That is a pass over those records by number; only where two of them differ it is asked
 * which of them still stand: a row that took the place of another is a handover.
 */
#include "followup.h"

#include "clientele.h"
#include "versions.h"

#include <stdlib.h>

static const char *const consultant_columns[] = {"customer_id", "dealer_code", "name", "last_on",
						 NULL};
const struct table_def table_consultant = {"consultant", consultant_columns, 0};

enum { NO_HANDS = 0, SEVERAL = UINT32_MAX };

/* ---- the rows of customers in several hands ---- */

static bool is_of_a_dealer(const struct origin *o)
{
	return o->reads && str_eq(o->reads->source, STR("dms")) &&
	       (o->reads->feeds & FEEDS(ENTITY_CUSTOMER)) && o->sender.n &&
	       str_eq(dealer_folder(o->sender, STR("")), o->sender);
}

/* The hands that a row gives its customer to: their number, from 1. */
static uint32_t hands_of(struct consultants *c, const struct origin *o, struct str name)
{
	buf_reset(&c->key);
	buf_str(&c->key, o->sender);
	buf_char(&c->key, 0x1F);
	buf_str(&c->key, name);
	return (uint32_t)*map_put(&c->hands, buf_view(&c->key), c->hands.n, NULL) + 1;
}

static void note(struct consultants *c, uint32_t person, uint32_t hands)
{
	uint32_t *known = &c->of_person[person];

	*known = *known == NO_HANDS || *known == hands ? hands : SEVERAL;
}

static void keep(struct consultants *c, const struct desk *d, const struct origin *o, size_t record)
{
	struct str id = records_value(d->records, record, F_RECORD_ID, &c->arena);

	GROW(c->rows, c->n, c->cap);
	c->rows[c->n++] = (struct held){
		.person = c->person_of[record],
		.hands = hands_of(c, o, records_value(d->records, record, F_SALES_CONSULTANT, &c->arena)),
		.from = o,
		.record_id = str_keep(&c->arena, id),
	};
}

static void look_at(struct consultants *c, const struct desk *d, const struct origin *o, bool several)
{
	struct arena a = {0};
	size_t i, end;

	for (records_of_file(d->records, o->stem, &i, &end); i < end; i++, arena_reset(&a)) {
		uint32_t person = c->person_of[i];

		if (person == RUN_NOBODY)
			continue;
		if (!several)
			note(c, person, hands_of(c, o, records_value(d->records, i, F_SALES_CONSULTANT, &a)));
		else if (c->of_person[person] == SEVERAL)
			keep(c, d, o, i);
	}
	arena_release(&a);
}

void consultants_gather(struct consultants *c, const struct desk *d)
{
	c->of_person = xcalloc(c->people[0]->n + c->people[1]->n, sizeof(*c->of_person));
	for (int several = 0; several < 2; several++)
		for (size_t i = 0; i < d->n; i++)
			if (is_of_a_dealer(&d->origins[i]))
				look_at(c, d, &d->origins[i], several);
}

/* ---- those that stand ---- */

static void drop_replaced(struct consultants *c, struct desk *d)
{
	struct version *versions = xcalloc(c->n, sizeof(*versions));
	size_t standing = 0;

	for (size_t i = 0; i < c->n; i++) {
		versions[i].record_id = c->rows[i].record_id;
		c->rows[i].last_on = desk_last_origin(d, c->rows[i].record_id)->observed_on;
	}
	versions_find(d, versions, c->n, &c->arena);
	for (size_t i = 0; i < c->n; i++)
		if (!versions[i].newer.n)
			c->rows[standing++] = c->rows[i];
	c->n = standing;
	free(versions);
}

static int by_person_and_hands(const void *a, const void *b)
{
	const struct held *x = a, *y = b;
	int order = (x->person > y->person) - (x->person < y->person);

	if (!order)
		order = (x->hands > y->hands) - (x->hands < y->hands);
	return order ? order : str_cmp(y->last_on, x->last_on);
}

static void tell(struct rowset *rs, const struct consultants *c, const struct held *row)
{
	struct str name = c->hands.entries[row->hands - 1].key, dealer;

	str_cut(&name, 0x1F, &dealer);
	rowset_add(rs, (struct str[]){ people_value(c->people, row->person, CUS_CUSTOMER_ID), dealer, name, row->last_on });
}

void consultants_find(struct rowset *rs, struct consultants *c, struct desk *d)
{
	drop_replaced(c, d);
	for (size_t i = 0; i < c->n; i++)
		c->of_person[c->rows[i].person] = NO_HANDS;
	for (size_t i = 0; i < c->n; i++)
		if (c->of_person[c->rows[i].person] != SEVERAL)
			note(c, c->rows[i].person, c->rows[i].hands);
	if (c->n)
		qsort(c->rows, c->n, sizeof(*c->rows), by_person_and_hands);
	for (size_t i = 0; i < c->n; i++) {
		const struct held *row = &c->rows[i];
		bool told = i && row[-1].person == row->person && row[-1].hands == row->hands;

		if (!told && c->of_person[row->person] == SEVERAL)
			tell(rs, c, row);
	}
}

void consultants_release(struct consultants *c)
{
	free(c->of_person);
	free(c->rows);
	map_release(&c->hands);
	buf_release(&c->key);
	arena_release(&c->arena);
}
