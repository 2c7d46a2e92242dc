#include "accuracy.h"

#include <stdatomic.h>
#include <stdlib.h>

static const struct {
	enum entity entity;
	enum field field;
	int column; /* of the master table */
} compared[] = {
	{ ENTITY_CUSTOMER, F_NAME, CUS_NAME },
	{ ENTITY_CUSTOMER, F_GENDER, CUS_GENDER },
	{ ENTITY_CUSTOMER, F_BIRTH_DATE, CUS_BIRTH_DATE },
	{ ENTITY_CUSTOMER, F_MOBILE, CUS_MOBILE },
	{ ENTITY_CUSTOMER, F_EMAIL, CUS_EMAIL },
	{ ENTITY_VEHICLE, F_PLATE, VEH_PLATE },
	{ ENTITY_VEHICLE, F_ENGINE_NO, VEH_ENGINE_NO },
	{ ENTITY_VEHICLE, F_MODEL, VEH_MODEL },
	{ ENTITY_VEHICLE, F_PURCHASE_DATE, VEH_PURCHASE_DATE },
};

enum { COMPARED = sizeof(compared) / sizeof(*compared), UNVOUCHED = UINT8_MAX };

struct seen { /* a record: for attribute k bit 2k: it has a value, 2k + 1: the golden one */
	uint32_t person, car, origin;
	uint32_t values;
};

_Static_assert(2 * COMPARED <= 32, "two bits for each attribute");

struct origin { /* records of one source and dealer */
	struct origin_scope scope;
	uint8_t rank[COMPARED];
	struct count of[COMPARED];
};

struct part { /* what one thread has seen */
	struct seen *seen;
	size_t n_seen, cap_seen;
	struct origin *origins;
	size_t n_origins, cap_origins;
	struct map by_origin; /* "source/dealer" */
	struct buf scratch;
};

struct accuracy {
	const struct inputs *in;
	/* by number of the customer or car: the best rank behind its value, of all parts */
	_Atomic uint8_t *best[COMPARED];
	struct part *parts;
	unsigned n_parts;
};

struct accuracy *accuracy_new(const struct inputs *in, unsigned parts)
{
	struct accuracy *acc = xcalloc(1, sizeof(*acc));

	acc->in = in;
	acc->parts = xcalloc(parts, sizeof(*acc->parts));
	acc->n_parts = parts;
	for (size_t k = 0; k < COMPARED; k++) {
		size_t n = compared[k].entity == ENTITY_CUSTOMER ? in->n_people : in->vehicle->n;

		acc->best[k] = xmalloc(n + 1);
		memset((void *)acc->best[k], UNVOUCHED, n);
	}
	return acc;
}

static uint32_t find_origin(struct part *p, const struct golden_rules *rules,
			    const struct origin_scope *from)
{
	struct origin *last = p->n_seen ? &p->origins[p->seen[p->n_seen - 1].origin] : NULL;
	bool added;

	if (last && str_eq(last->scope.source, from->source) && str_eq(last->scope.dealer, from->dealer))
		return p->seen[p->n_seen - 1].origin;
	buf_reset(&p->scratch);
	buf_str(&p->scratch, from->source);
	buf_char(&p->scratch, '/');
	buf_str(&p->scratch, from->dealer);
	size_t at = *map_put(&p->by_origin, buf_view(&p->scratch), p->n_origins, &added);

	if (added) {
		GROW(p->origins, p->n_origins, p->cap_origins);
		struct origin *o = &p->origins[p->n_origins++];

		struct str key = p->by_origin.entries[at].key;

		*o = (struct origin){ .scope = *from };
		o->scope.dealer = str_span(key.p + from->source.n + 1, key.p + key.n);
		for (size_t k = 0; k < COMPARED; k++)
			o->rank[k] = rules->of[compared[k].entity][compared[k].field]
					     .rank[golden_source_number(rules, from->source)];
	}
	return (uint32_t)at;
}

static bool is_golden(const struct inputs *in, size_t k, struct str value, struct str golden)
{
	if (compared[k].field == F_MODEL)
		return str_eq(golden_model(&in->golden, value), golden_model(&in->golden, golden));
	return str_eq(value, golden);
}

static uint32_t who_is_it(const struct seen *s, size_t k)
{
	return compared[k].entity == ENTITY_CUSTOMER ? s->person : s->car;
}

static void vouch(_Atomic uint8_t *best, uint8_t rank)
{
	uint8_t before = *best;

	while (rank < before && !atomic_compare_exchange_weak(best, &before, rank))
		;
}

static uint64_t columns_of(enum entity entity)
{
	uint64_t columns = 0;

	for (size_t k = 0; k < COMPARED; k++)
		if (compared[k].entity == entity)
			columns |= 1ull << compared[k].column;
	return columns;
}

/* What is compared of the customer and the car that a record speaks of. */
static void get_golden(const struct inputs *in, const struct seen *s, struct str *customer, struct str *vehicle)
{
	size_t customers = in->people[0]->n;

	if (s->person < customers)
		rowset_some(in->people[0], s->person, columns_of(ENTITY_CUSTOMER), customer);
	else if (s->person != NOBODY)
		rowset_some(in->people[1], s->person - customers, columns_of(ENTITY_CUSTOMER), customer);
	if (s->car != NOBODY)
		rowset_some(in->vehicle, s->car, columns_of(ENTITY_VEHICLE), vehicle);
}

void accuracy_add(struct accuracy *acc, unsigned part, const struct record *rec, size_t record,
		  const struct origin_scope *from)
{
	struct part *p = &acc->parts[part];
	struct seen s = {
		.person = rec->feeds & FEEDS(ENTITY_CUSTOMER) ? acc->in->person_of[record] : NOBODY,
		.car = acc->in->car_of[record],
	};
	struct str customer[CUS_COLUMNS], vehicle[VEH_COLUMNS];

	if (s.person == NOBODY && s.car == NOBODY)
		return;
	s.origin = find_origin(p, &acc->in->golden, from);
	get_golden(acc->in, &s, customer, vehicle);
	for (size_t k = 0; k < COMPARED; k++) {
		struct str value = rec->v[compared[k].field];
		uint32_t who = who_is_it(&s, k);

		if (who == NOBODY || !value.n)
			continue;
		bool golden = is_golden(acc->in, k, value,
					(compared[k].entity == ENTITY_CUSTOMER ? customer :
										 vehicle)[compared[k].column]);

		s.values |= (golden ? 3u : 1u) << 2 * k;
		if (golden)
			vouch(&acc->best[k][who], p->origins[s.origin].rank[k]);
	}
	GROW(p->seen, p->n_seen, p->cap_seen);
	p->seen[p->n_seen++] = s;
}

static void compare(struct accuracy *acc, struct part *p, const struct seen *s)
{
	struct origin *o = &p->origins[s->origin];

	for (size_t k = 0; k < COMPARED; k++) {
		if (!(s->values >> 2 * k & 1))
			continue;
		uint8_t best = acc->best[k][who_is_it(s, k)];

		if (best == UNVOUCHED || best >= o->rank[k])
			continue;
		o->of[k].denominator++;
		o->of[k].numerator += s->values >> (2 * k + 1) & 1;
	}
}

static void book(const struct origin *o, struct tally *t)
{
	for (size_t k = 0; k < COMPARED; k++) {
		struct str field = field_name(compared[k].field);
		int64_t same = o->of[k].numerator, all = o->of[k].denominator;

		if (!all)
			continue;
		tally_add_origin(t, M_agrees, &o->scope, same, all);
		tally_add(t, M_agrees, SCOPE_FIELD, field, same, all);
		tally_add_pair(t, M_agrees, SCOPE_SOURCE_FIELD, o->scope.source, field, same, all);
	}
}

void accuracy_count(struct accuracy *acc, struct tally *t)
{
	for (unsigned part = 0; part < acc->n_parts; part++) {
		struct part *p = &acc->parts[part];

		for (size_t i = 0; i < p->n_seen; i++)
			compare(acc, p, &p->seen[i]);
		for (size_t i = 0; i < p->n_origins; i++)
			book(&p->origins[i], t);
	}
}

void accuracy_free(struct accuracy *acc)
{
	for (size_t k = 0; k < COMPARED; k++)
		free((void *)acc->best[k]);
	for (unsigned part = 0; part < acc->n_parts; part++) {
		struct part *p = &acc->parts[part];

		free(p->seen);
		free(p->origins);
		map_release(&p->by_origin);
		buf_release(&p->scratch);
	}
	free(acc->parts);
	free(acc);
}
