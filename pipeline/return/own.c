#include "own.h"

#include <stdlib.h>

static struct str key_of(const uint32_t *customer)
{
	return (struct str){ (const char *)customer, sizeof(*customer) };
}

static size_t want(struct own *own, struct map *asked, struct str key)
{
	bool added;
	size_t number = *map_put(asked, key, own->n, &added);

	if (added) {
		GROW(own->newest, own->n, own->cap);
		own->newest[own->n++] = OWN_NONE;
	}
	return number;
}

size_t own_want_customer(struct own *own, uint32_t customer)
{
	return want(own, &own->customers, key_of(&customer));
}

size_t own_want_car(struct own *own, struct str vin)
{
	return vin.n ? want(own, &own->vins, vin) : own_want_customer(own, RUN_NOBODY);
}

static void offer(struct own *own, const struct map *asked, struct str key, size_t record)
{
	const uint64_t *at = map_get(asked, key);

	if (at)
		own->newest[*at] = (uint32_t)record;
}

/* Of two the later one stays. */
static void offer_file(struct own *own, const struct sent *sent, const struct clientele *p, const struct desk *d)
{
	for (size_t i = sent->from; i < sent->to; i++) {
		struct str vin = own->vins.n ? records_value(d->records, i, F_VIN, NULL) : STR("");

		if (p->of_record[i] != RUN_NOBODY)
			offer(own, &own->customers, key_of(&p->of_record[i]), i);
		if (vin.n)
			offer(own, &own->vins, vin, i);
	}
}

/* The files are in the order of their days, those that speak of customers come last. */
void own_find(struct own *own, const struct dealer *dealer, const struct clientele *p, const struct desk *d)
{
	for (int of_customers = 0; of_customers < 2 && own->n; of_customers++)
		for (size_t i = 0; i < dealer->n_sent; i++) {
			const struct schema *reads = dealer->sent[i].origin->reads;

			if ((reads && reads->feeds & FEEDS(ENTITY_CUSTOMER)) == of_customers)
				offer_file(own, &dealer->sent[i], p, d);
		}
}

uint32_t own_record(const struct own *own, size_t number)
{
	return own->newest[number];
}

void own_release(struct own *own)
{
	map_release(&own->customers);
	map_release(&own->vins);
	free(own->newest);
}
