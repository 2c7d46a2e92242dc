/*
 * Which consultants of which dealers a customer has, by the dealers' own records. That is a
 * pass over all records, in the order that clusters and records share; only customers with
 * more than one of them come into the table.
 */
#include "followup.h"

#include <stdlib.h>

enum { CON_CUSTOMER, CON_DEALER, CON_NAME, CON_LAST_ON, CON_WIDTH };

static const char *const consultant_columns[] = {"customer_id", "dealer_code", "name", "last_on",
						 NULL};
const struct table_def table_consultant = {"consultant", consultant_columns, 0};


struct gathering {
	const struct desk *d;
	struct map customers; /* customer_id -> index of its first */
	struct map several; /* customer, US, dealer, US, consultant -> index into list */
	struct str (*first)[CON_WIDTH];
	size_t n_first, cap_first;
	struct str (*list)[CON_WIDTH];
	size_t n, cap;
	struct map names; /* dealers and consultants, each kept once */
};

static struct str keep(struct gathering *g, struct str text)
{
	bool added;
	size_t at = *map_put(&g->names, text, g->names.n, &added);

	return g->names.entries[at].key;
}

static void put(struct gathering *g, const struct str *v)
{
	struct arena a = {0};
	struct str key = str_printf(&a, "%.*s\x1F%.*s\x1F%.*s", STR_FMT(v[CON_CUSTOMER]),
				    STR_FMT(v[CON_DEALER]), STR_FMT(v[CON_NAME]));
	bool added;
	size_t at = *map_put(&g->several, key, g->n, &added);

	arena_release(&a);
	if (added) {
		GROW(g->list, g->n, g->cap);
		memcpy(g->list[g->n++], v, sizeof(*g->list));
	} else if (str_cmp(v[CON_LAST_ON], g->list[at][CON_LAST_ON]) > 0) {
		g->list[at][CON_LAST_ON] = v[CON_LAST_ON];
	}
}

static bool same_hands(const struct str *a, const struct str *b)
{
	return str_eq(a[CON_DEALER], b[CON_DEALER]) && str_eq(a[CON_NAME], b[CON_NAME]);
}

/* Most customers have one consultant: only their newest date is kept of them. */
static void take(struct gathering *g, const struct str *v)
{
	bool added;
	size_t at = *map_put(&g->customers, v[CON_CUSTOMER], g->n_first, &added);

	if (added) {
		GROW(g->first, g->n_first, g->cap_first);
		memcpy(g->first[g->n_first++], v, sizeof(*g->first));
	} else if (same_hands(g->first[at], v)) {
		if (str_cmp(v[CON_LAST_ON], g->first[at][CON_LAST_ON]) > 0)
			g->first[at][CON_LAST_ON] = v[CON_LAST_ON];
	} else {
		put(g, v);
	}
}

/* What the first one is in the end comes beside the others. */
static void join_first(struct gathering *g)
{
	size_t others = g->n;

	for (size_t i = 0; i < others; i++)
		put(g, g->first[*map_get(&g->customers, g->list[i][CON_CUSTOMER])]);
}

static bool is_of_a_dealer(const struct origin *o)
{
	return o->reads && str_eq(o->reads->source, STR("dms")) && o->sender.n &&
	       str_eq(dealer_folder(o->sender, STR("")), o->sender);
}

static void gather(struct gathering *g, const struct rowset *clusters)
{
	const struct records *records = g->d->records;
	struct arena a = {0};
	size_t at = 0;

	for (size_t i = 0; i < clusters->n; i++, arena_reset(&a)) {
		struct str id = rowset_value(clusters, i, CLU_RECORD_ID), name;
		const struct origin *o = desk_origin(g->d, id);

		if (!is_of_a_dealer(o))
			continue;
		while (at < records->n &&
		       record_id_cmp(records_value(records, at, F_RECORD_ID, &a), id) < 0)
			at++;
		if (at == records->n)
			break;
		name = records_value(records, at, F_SALES_CONSULTANT, &a);
		if (name.n)
			take(g, (struct str[CON_WIDTH]){
					rowset_value(clusters, i, CLU_CUSTOMER_ID),
					keep(g, o->sender), keep(g, name), o->observed_on});
	}
	arena_release(&a);
}

void consultants_find(struct rowset *rs, const struct desk *d, const struct rowset *clusters)
{
	struct gathering g = {.d = d};

	gather(&g, clusters);
	join_first(&g);
	for (size_t i = 0; i < g.n; i++)
		rowset_add(rs, g.list[i]);
	map_release(&g.customers);
	map_release(&g.several);
	map_release(&g.names);
	free(g.first);
	free(g.list);
}
