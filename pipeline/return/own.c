#include "own.h"

#include "versions.h"

#include <stdlib.h>

const struct own_rows own_nothing = { OWN_NONE, { OWN_NONE, OWN_NONE, OWN_NONE } };

static const enum field value_fields[OWN_VALUES] = {
	[OWN_NAME] = F_NAME,
	[OWN_MOBILE] = F_MOBILE,
	[OWN_PHONE] = F_PHONE,
};

/* Whether a record stands is asked only of one that has what all newer ones lack. */
void own_take(struct own_rows *rows, size_t record, struct desk *d)
{
	bool stands = rows->newest == OWN_NONE, judged = stands;
	struct arena a = {0};

	if (stands)
		rows->newest = (uint32_t)record;
	for (int i = 0; i < OWN_VALUES; i++) {
		if (rows->with[i] != OWN_NONE || !records_value(d->records, record, value_fields[i], &a).n)
			continue;
		if (!judged)
			stands = version_stands(d, records_value(d->records, record, F_RECORD_ID, &a));
		judged = true;
		if (stands)
			rows->with[i] = (uint32_t)record;
	}
	arena_release(&a);
}

struct str own_value(const struct own_rows *rows, enum own_value value, const struct desk *d, struct arena *a)
{
	uint32_t record = rows->with[value];

	return record == OWN_NONE ? (struct str){0} : records_value(d->records, record, value_fields[value], a);
}

static struct str key_of(const uint32_t *customer)
{
	return (struct str){ (const char *)customer, sizeof(*customer) };
}

static size_t want(struct own *own, struct map *asked, struct str key)
{
	bool added;
	size_t number = *map_put(asked, key, own->n, &added);

	if (added) {
		GROW(own->rows, own->n, own->cap);
		own->rows[own->n++] = own_nothing;
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

void own_each(const struct dealer *dealer, void (*offer)(void *context, size_t record), void *context)
{
	for (int of_customers = 1; of_customers >= 0; of_customers--)
		for (size_t k = dealer->n_sent; k-- > 0;) {
			const struct sent *sent = &dealer->sent[k];
			const struct schema *reads = sent->origin->reads;

			if ((reads && reads->feeds & FEEDS(ENTITY_CUSTOMER)) != of_customers)
				continue;
			for (size_t i = sent->to; i-- > sent->from;)
				offer(context, i);
		}
}

struct finding {
	struct own *own;
	const struct clientele *clientele;
	struct desk *desk;
};

static void offer(void *context, size_t record)
{
	const struct finding *x = context;
	struct own *own = x->own;
	uint32_t person = x->clientele->of_record[record];
	struct str vin = own->vins.n ? records_value(x->desk->records, record, F_VIN, NULL) : STR("");
	const uint64_t *customer = person == RUN_NOBODY ? NULL : map_get(&own->customers, key_of(&person));
	const uint64_t *car = vin.n ? map_get(&own->vins, vin) : NULL;

	if (customer)
		own_take(&own->rows[*customer], record, x->desk);
	if (car && own->rows[*car].newest == OWN_NONE)
		own->rows[*car].newest = (uint32_t)record;
}

void own_find(struct own *own, const struct dealer *dealer, const struct clientele *p, struct desk *d)
{
	if (own->n)
		own_each(dealer, offer, &(struct finding){ own, p, d });
}

struct own_rows own_rows_of(const struct own *own, size_t number)
{
	return own->rows[number];
}

void own_release(struct own *own)
{
	map_release(&own->customers);
	map_release(&own->vins);
	free(own->rows);
}
