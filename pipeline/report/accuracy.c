#include "accuracy.h"

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

struct accuracy {
	const struct inputs *in;
	uint8_t *best[COMPARED]; /* by number of the customer or car: the best rank behind its value */
	struct seen *seen;
	size_t n_seen, cap_seen;
	struct origin *origins;
	size_t n_origins, cap_origins;
	struct map by_origin; /* "source/dealer" */
	struct arena scratch;
};

struct accuracy *accuracy_new(const struct inputs *in)
{
	struct accuracy *acc = xcalloc(1, sizeof(*acc));

	acc->in = in;
	for (size_t k = 0; k < COMPARED; k++) {
		size_t n = compared[k].entity == ENTITY_CUSTOMER ? in->n_people : in->vehicle->n;

		acc->best[k] = xmalloc(n + 1);
		memset(acc->best[k], UNVOUCHED, n);
	}
	return acc;
}

static uint32_t find_origin(struct accuracy *acc, const struct origin_scope *from)
{
	struct origin *last = acc->n_seen ? &acc->origins[acc->seen[acc->n_seen - 1].origin] : NULL;
	bool added;

	if (last && str_eq(last->scope.source, from->source) && str_eq(last->scope.dealer, from->dealer))
		return acc->seen[acc->n_seen - 1].origin;
	arena_reset(&acc->scratch);
	size_t at = *map_put(&acc->by_origin,
			     str_printf(&acc->scratch, "%.*s/%.*s", STR_FMT(from->source),
					STR_FMT(from->dealer)),
			     acc->n_origins, &added);

	if (added) {
		const struct golden_rules *rules = &acc->in->golden;

		GROW(acc->origins, acc->n_origins, acc->cap_origins);
		struct origin *o = &acc->origins[acc->n_origins++];

		*o = (struct origin){ .scope = *from };
		for (size_t k = 0; k < COMPARED; k++)
			o->rank[k] = rules->of[compared[k].entity][compared[k].field]
					     .rank[golden_source_number(rules, from->source)];
	}
	return (uint32_t)at;
}

static bool is_golden(const struct inputs *in, size_t k, struct str value, uint32_t who)
{
	struct str golden = compared[k].entity == ENTITY_CUSTOMER ?
				    inputs_person(in, who, (enum customer_column)compared[k].column) :
				    rowset_value(in->vehicle, who, compared[k].column);

	if (compared[k].field == F_MODEL)
		return str_eq(golden_model(&in->golden, value), golden_model(&in->golden, golden));
	return str_eq(value, golden);
}

static uint32_t who_is_it(const struct seen *s, size_t k)
{
	return compared[k].entity == ENTITY_CUSTOMER ? s->person : s->car;
}

void accuracy_add(struct accuracy *acc, const struct record *rec, uint32_t person,
		  const struct origin_scope *from)
{
	const uint64_t *car = rec->feeds & FEEDS(ENTITY_VEHICLE) && rec->v[F_VIN].n ?
				      map_get(&acc->in->by_vin, rec->v[F_VIN]) :
				      NULL;
	struct seen s = {
		.person = rec->feeds & FEEDS(ENTITY_CUSTOMER) ? person : NOBODY,
		.car = car ? (uint32_t)*car : NOBODY,
	};

	if (s.person == NOBODY && s.car == NOBODY)
		return;
	s.origin = find_origin(acc, from);
	for (size_t k = 0; k < COMPARED; k++) {
		struct str value = rec->v[compared[k].field];
		uint32_t who = who_is_it(&s, k);
		uint8_t rank = acc->origins[s.origin].rank[k];

		if (who == NOBODY || !value.n)
			continue;
		bool golden = is_golden(acc->in, k, value, who);

		s.values |= (golden ? 3u : 1u) << 2 * k;
		if (golden && rank < acc->best[k][who])
			acc->best[k][who] = rank;
	}
	GROW(acc->seen, acc->n_seen, acc->cap_seen);
	acc->seen[acc->n_seen++] = s;
}

static void compare(struct accuracy *acc, const struct seen *s)
{
	struct origin *o = &acc->origins[s->origin];

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
	for (size_t i = 0; i < acc->n_seen; i++)
		compare(acc, &acc->seen[i]);
	for (size_t i = 0; i < acc->n_origins; i++)
		book(&acc->origins[i], t);
}

void accuracy_free(struct accuracy *acc)
{
	for (size_t k = 0; k < COMPARED; k++)
		free(acc->best[k]);
	free(acc->seen);
	free(acc->origins);
	map_release(&acc->by_origin);
	arena_release(&acc->scratch);
	free(acc);
}
