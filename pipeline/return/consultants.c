/*
 * Which consultants of which dealers a customer has, by the dealers' own records. That is a
 * pass over all records; only customers with more than one of them come into the table.
 */
#include "followup.h"

#include <stdlib.h>

enum { CON_CUSTOMER, CON_DEALER, CON_NAME, CON_LAST_ON, CON_WIDTH };

static const char *const consultant_columns[] = {"customer_id", "dealer_code", "name", "last_on",
						 NULL};
const struct table_def table_consultant = {"consultant", consultant_columns, 0};

struct hands { /* whose the customer is; numbers of texts */
	uint32_t dealer, name, last_on;
};

struct gathering {
	const struct desk *d;
	struct hands *first; /* by the line of the customer; no name: none yet */
	struct map several; /* customer, US, dealer, US, consultant -> index into list */
	struct line_hands {
		uint32_t line;
		struct hands hands;
	} *list;
	size_t n, cap;
	struct map texts; /* dealers, consultants and days, each kept once; "" is the first */
};

static uint32_t number(struct gathering *g, struct str text)
{
	return (uint32_t)*map_put(&g->texts, text, g->texts.n, NULL);
}

static struct str text(const struct gathering *g, uint32_t number)
{
	return g->texts.entries[number].key;
}

static void be_seen_on(const struct gathering *g, struct hands *hands, uint32_t day)
{
	if (str_cmp(text(g, day), text(g, hands->last_on)) > 0)
		hands->last_on = day;
}

static void put(struct gathering *g, uint32_t line, struct hands hands)
{
	uint32_t key[] = {line, hands.dealer, hands.name};
	bool added;
	size_t at = *map_put(&g->several, (struct str){(const char *)key, sizeof(key)}, g->n, &added);

	if (added) {
		GROW(g->list, g->n, g->cap);
		g->list[g->n++] = (struct line_hands){line, hands};
	} else {
		be_seen_on(g, &g->list[at].hands, hands.last_on);
	}
}

/* Most customers have one consultant: only their newest date is kept of them. */
static void take(struct gathering *g, uint32_t line, struct hands hands)
{
	struct hands *first = &g->first[line];

	if (!first->name)
		*first = hands;
	else if (first->dealer == hands.dealer && first->name == hands.name)
		be_seen_on(g, first, hands.last_on);
	else
		put(g, line, hands);
}

/* What the first one is in the end comes beside the others. */
static void join_first(struct gathering *g)
{
	size_t others = g->n;

	for (size_t i = 0; i < others; i++)
		put(g, g->list[i].line, g->first[g->list[i].line]);
}

static bool is_of_a_dealer(const struct origin *o)
{
	return o->reads && str_eq(o->reads->source, STR("dms")) && o->sender.n &&
	       str_eq(dealer_folder(o->sender, STR("")), o->sender);
}

static void gather(struct gathering *g, const uint32_t *lines)
{
	const struct records *records = g->d->records;
	struct arena a = {0};

	for (size_t i = 0; i < records->n; i++, arena_reset(&a)) {
		struct str name = lines[i] == RUN_NOBODY ? STR("") :
							   records_value(records, i, F_SALES_CONSULTANT, &a);
		const struct origin *o;

		if (!name.n)
			continue;
		o = desk_origin(g->d, records_value(records, i, F_RECORD_ID, &a));
		if (is_of_a_dealer(o))
			take(g, lines[i],
			     (struct hands){number(g, o->sender), number(g, name), number(g, o->observed_on)});
	}
	arena_release(&a);
}

static struct str customer_id(const struct rowset *const *people, uint32_t line)
{
	return line < people[0]->n ? rowset_value(people[0], line, CUS_CUSTOMER_ID) :
				     rowset_value(people[1], line - people[0]->n, CUS_CUSTOMER_ID);
}

void consultants_find(struct rowset *rs, const struct desk *d, const uint32_t *lines,
		      const struct rowset *const *people)
{
	struct gathering g = {.d = d, .first = xcalloc(people[0]->n + people[1]->n, sizeof(*g.first))};

	number(&g, STR(""));
	gather(&g, lines);
	join_first(&g);
	for (size_t i = 0; i < g.n; i++) {
		const struct hands *hands = &g.list[i].hands;

		rowset_add(rs, (struct str[CON_WIDTH]){customer_id(people, g.list[i].line),
						       text(&g, hands->dealer), text(&g, hands->name),
						       text(&g, hands->last_on)});
	}
	map_release(&g.several);
	map_release(&g.texts);
	free(g.first);
	free(g.list);
}
