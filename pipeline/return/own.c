#include "own.h"

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
			stands = desk_stands(d, records_value(d->records, record, F_RECORD_ID, &a));
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

/* From the last record to the first: the newest is met first. */
static void offer_file(struct own *own, const struct sent *sent, const struct clientele *p, struct desk *d)
{
	for (size_t i = sent->to; i-- > sent->from;) {
		uint32_t person = p->of_record[i];
		struct str vin = own->vins.n ? records_value(d->records, i, F_VIN, NULL) : STR("");
		const uint64_t *customer = person == RUN_NOBODY ? NULL : map_get(&own->customers, key_of(&person));
		const uint64_t *car = vin.n ? map_get(&own->vins, vin) : NULL;

		if (customer)
			own_take(&own->rows[*customer], i, d);
		if (car && own->rows[*car].newest == OWN_NONE)
			own->rows[*car].newest = (uint32_t)i;
	}
}

/* The files are in the order of their days; those that speak of customers come before the others. */
void own_find(struct own *own, const struct dealer *dealer, const struct clientele *p, struct desk *d)
{
	for (int of_customers = 1; of_customers >= 0 && own->n; of_customers--)
		for (size_t i = dealer->n_sent; i-- > 0;) {
			const struct schema *reads = dealer->sent[i].origin->reads;

			if ((reads && reads->feeds & FEEDS(ENTITY_CUSTOMER)) == of_customers)
				offer_file(own, &dealer->sent[i], p, d);
		}
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
