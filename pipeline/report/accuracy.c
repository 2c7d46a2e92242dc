/*
 * How right is a source? Its values are held against the golden one wherever a source of
 * higher rank stands behind that: first each record that gives the golden value vouches for
 * it with its rank, then each record that ranks lower than the best of them is compared.
 */
#include "parts.h"

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

struct comparison {
	const struct inputs *in;
	struct tally *tally;
	uint8_t *best[COMPARED]; /* by number of the customer or car: the best rank behind its value */
	size_t cluster; /* where the walk through clusters stands */
};

struct subject { /* whom and what a record speaks of; NOBODY where the master has none */
	uint32_t person, car;
};

static struct str golden_value(const struct inputs *in, size_t attribute, uint32_t who)
{
	if (compared[attribute].entity == ENTITY_CUSTOMER)
		return inputs_person(in, who, (enum customer_column)compared[attribute].column);
	return rowset_value(in->vehicle, who, compared[attribute].column);
}

static bool agrees(const struct inputs *in, size_t attribute, struct str value, struct str golden)
{
	if (compared[attribute].field == F_MODEL)
		return str_eq(golden_model(&in->golden, value),
			      golden_model(&in->golden, golden));
	return str_eq(value, golden);
}

static uint8_t rank_of(const struct inputs *in, size_t attribute, struct str source)
{
	return in->golden.of[compared[attribute].entity][compared[attribute].field]
		.rank[golden_source_number(&in->golden, source)];
}

static void vouch(struct comparison *c, size_t attribute, uint32_t who, const struct record *rec)
{
	struct str value = rec->v[compared[attribute].field], source = rec->v[F_SOURCE];
	uint8_t *best = &c->best[attribute][who], rank = rank_of(c->in, attribute, source);

	if (rank < *best && agrees(c->in, attribute, value, golden_value(c->in, attribute, who)))
		*best = rank;
}

static void compare(struct comparison *c, size_t attribute, uint32_t who, const struct record *rec)
{
	struct str value = rec->v[compared[attribute].field], source = rec->v[F_SOURCE];
	struct str field = field_name(compared[attribute].field);
	uint8_t best = c->best[attribute][who];

	if (best == UNVOUCHED || best >= rank_of(c->in, attribute, source))
		return;
	bool same = agrees(c->in, attribute, value, golden_value(c->in, attribute, who));
	struct str stem;
	uint32_t row;

	record_id_split(rec->v[F_RECORD_ID], &stem, &row);
	struct origin_scope from = { source, inputs_dealer(rec->v[F_DEALER_CODE],
							   inputs_export(c->in, stem)) };

	tally_add_origin(c->tally, M_agrees, &from, same, 1);
	tally_add(c->tally, M_agrees, SCOPE_FIELD, field, same, 1);
	tally_add_pair(c->tally, M_agrees, SCOPE_SOURCE_FIELD, source, field, same, 1);
}

static struct subject subject_of(struct comparison *c, const struct record *rec)
{
	const struct rowset *clusters = c->in->clusters;
	struct subject s = { NOBODY, NOBODY };
	const uint64_t *at;

	for (; c->cluster < clusters->n; c->cluster++) {
		int order = record_id_cmp(rowset_value(clusters, c->cluster, CLU_RECORD_ID),
					  rec->v[F_RECORD_ID]);

		if (order > 0)
			break;
		at = order ? NULL : map_get(&c->in->by_customer,
					    rowset_value(clusters, c->cluster, CLU_CUSTOMER_ID));
		if (at)
			s.person = (uint32_t)*at;
	}
	at = rec->v[F_VIN].n ? map_get(&c->in->by_vin, rec->v[F_VIN]) : NULL;
	if (at)
		s.car = (uint32_t)*at;
	return s;
}

static void each_record(struct comparison *c,
			void (*act)(struct comparison *, size_t, uint32_t, const struct record *))
{
	struct arena a = { 0 };
	struct record rec;

	c->cluster = 0;
	for (size_t i = 0; i < c->in->records->n; i++) {
		arena_reset(&a);
		records_get(c->in->records, i, &rec, &a);
		if (str_eq(rec.v[F_SOURCE], STR("correction")))
			continue;
		struct subject s = subject_of(c, &rec);

		for (size_t k = 0; k < COMPARED; k++) {
			enum entity entity = compared[k].entity;
			uint32_t who = entity == ENTITY_CUSTOMER ? s.person : s.car;

			if (who != NOBODY && rec.feeds & FEEDS(entity) && rec.v[compared[k].field].n)
				act(c, k, who, &rec);
		}
	}
	arena_release(&a);
}

void compare_sources(const struct inputs *in, struct tally *t)
{
	struct comparison c = { .in = in, .tally = t };

	for (size_t k = 0; k < COMPARED; k++) {
		size_t n = compared[k].entity == ENTITY_CUSTOMER ? in->n_people : in->vehicle->n;

		c.best[k] = xmalloc(n ? n : 1);
		memset(c.best[k], UNVOUCHED, n);
	}
	each_record(&c, vouch);
	each_record(&c, compare);
	for (size_t k = 0; k < COMPARED; k++)
		free(c.best[k]);
}
