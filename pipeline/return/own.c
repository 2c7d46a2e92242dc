#include "own.h"

#include <stdlib.h>

static struct str name_of(struct own *own, struct str dealer, struct str of)
{
	buf_reset(&own->name);
	buf_str(&own->name, dealer);
	buf_char(&own->name, 0x1F);
	buf_str(&own->name, of);
	return buf_view(&own->name);
}

void own_want_customer(struct own *own, struct str dealer, struct str customer_id)
{
	bool added;

	map_put(&own->asked, name_of(own, dealer, customer_id), own->n, &added);
	if (added) {
		GROW(own->newest, own->n, own->cap);
		own->newest[own->n++] = (struct own_newest){0};
	}
}

void own_want_car(struct own *own, struct str dealer, struct str vin)
{
	own_want_customer(own, dealer, vin);
	map_put(&own->vins, vin, 0, NULL);
}

static bool is_better(const struct own_newest *one, const struct own_newest *than)
{
	int c = (int)one->of_customers - (int)than->of_customers;

	if (!than->record_id.n)
		return true;
	if (!c)
		c = str_cmp(one->date, than->date);
	return c ? c > 0 : record_id_cmp(one->record_id, than->record_id) > 0;
}

static void offer(struct own *own, const struct origin *o, struct str of, struct str record_id,
		  struct arena *keep)
{
	const uint64_t *at =
		map_get(&own->asked, name_of(own, dealer_folder(o->sender, STR("")), of));
	struct own_newest *newest = at ? &own->newest[*at] : NULL;
	struct own_newest offered = {
		.record_id = record_id,
		.date = o->observed_on,
		.of_customers = o->reads && o->reads->feeds & FEEDS(ENTITY_CUSTOMER),
	};

	if (!newest || !is_better(&offered, newest))
		return;
	*newest = offered;
	newest->record_id = str_keep(keep, record_id);
}

static void offer_cars(struct own *own, struct desk *d)
{
	struct arena a = {0};

	for (size_t i = 0; own->vins.n && i < d->records->n; i++, arena_reset(&a)) {
		struct str vin = records_value(d->records, i, F_VIN, &a), id;

		if (!vin.n || !map_get(&own->vins, vin))
			continue;
		id = records_value(d->records, i, F_RECORD_ID, &a);
		offer(own, desk_origin(d, id), vin, id, &d->arena);
	}
	arena_release(&a);
}

bool own_find(struct own *own, struct desk *d, struct fault *f)
{
	const struct rowset *clusters = run_table(d->r, &table_clusters, true, f);

	for (size_t i = 0; clusters && i < clusters->n; i++) {
		struct str id = rowset_value(clusters, i, CLU_RECORD_ID);

		offer(own, desk_origin(d, id), rowset_value(clusters, i, CLU_CUSTOMER_ID), id,
		      &d->arena);
	}
	offer_cars(own, d);
	return clusters != NULL;
}

struct str own_record(struct own *own, struct str dealer, struct str customer_or_vin)
{
	const uint64_t *at = map_get(&own->asked, name_of(own, dealer, customer_or_vin));

	return at ? own->newest[*at].record_id : (struct str){0};
}

void own_release(struct own *own)
{
	map_release(&own->asked);
	map_release(&own->vins);
	buf_release(&own->name);
	free(own->newest);
}
