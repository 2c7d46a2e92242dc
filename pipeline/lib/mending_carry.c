/*
 * Which other rows a correction mends: those of the same sender, schema and key that hold the
 * value which it mended. What clean blanked in its base (a mobile that is too short) it also
 * blanks in them, so the correction stands alone there; but a value that only the whole shows
 * to be wrong (an ID number under many names) stands in each of them until it is mended.
 */
#include "mending.h"

#include "map.h"

#include <stdlib.h>

struct carry { /* the last correction of a value under a key */
	size_t mending; /* of the list */
	struct str key; /* the sender's own */
	enum field key_field;
	struct str value, vin; /* vin: of a car's values */
	struct str schema, sender, owner; /* owner: whose answers count */
	size_t next; /* index + 1 of another one of that key */
};

struct carrying {
	struct mendings *m;
	const struct rowset *files;
	const struct schemas *schemas;
	struct map stems; /* -> row of files */
	struct carry *list;
	size_t n, cap;
	struct map by_value; /* all that two rows must have in common -> index in list */
	struct map by_key; /* -> index + 1 of the first one of the list */
	bool key_fields[F_COUNT];
	size_t cap_mendings;
	struct arena arena;
};

/* Where its sender's own key of a record means something; false where it has none. */
static bool find_scope(const struct carrying *c, size_t record, struct carry *carry, struct arena *a)
{
	const struct schema *schema;
	const uint64_t *file;
	struct str stem;
	uint32_t row;

	record_id_split(records_value(c->m->records, record, F_RECORD_ID, a), &stem, &row);
	file = map_get(&c->stems, stem);
	if (!file)
		return false;
	carry->schema = rowset_value(c->files, *file, FIL_SCHEMA);
	carry->sender = rowset_value(c->files, *file, FIL_SENDER);
	carry->owner = records_value(c->m->records, record, F_DEALER_CODE, a);
	if (!carry->owner.n)
		carry->owner = carry->sender;
	schema = schemas_find(c->schemas, carry->schema);
	if (!schema || schema->key == F_COUNT)
		return false;
	carry->key_field = schema->key;
	carry->key = records_value(c->m->records, record, schema->key, a);
	return carry->key.n > 0;
}

static bool is_later(const struct mending *x, const struct mending *y)
{
	return x->day != y->day ? x->day > y->day : x->correction < y->correction;
}

static void take(struct carrying *c, size_t i)
{
	const struct mending *mending = &c->m->list[i];
	struct arena *a = &c->arena;
	struct carry carry = { .mending = i };
	uint64_t *at;
	bool added;

	if (mending->base == MENDS_NOTHING || mending->field == F_COUNT)
		return;
	carry.value = records_value(c->m->records, mending->base, mending->field, a);
	if (!carry.value.n || !find_scope(c, mending->base, &carry, a))
		return;
	if (field_is_of_a_car(mending->field))
		carry.vin = records_value(c->m->records, mending->base, F_VIN, a);
	at = map_put(&c->by_value,
		     str_printf(a, "%.*s\x1F%.*s\x1F%.*s\x1F%.*s\x1F%d\x1F%.*s\x1F%.*s",
				STR_FMT(carry.schema), STR_FMT(carry.sender), STR_FMT(carry.owner),
				STR_FMT(carry.key), mending->field, STR_FMT(carry.vin),
				STR_FMT(carry.value)),
		     c->n, &added);
	if (!added) {
		if (is_later(mending, &c->m->list[c->list[*at].mending]))
			c->list[*at].mending = i;
		return;
	}
	GROW(c->list, c->n, c->cap);
	c->list[c->n++] = carry;
	c->key_fields[carry.key_field] = true;
}

static void index_keys(struct carrying *c)
{
	for (size_t i = 0; i < c->n; i++) {
		uint64_t *first = map_put(&c->by_key, c->list[i].key, 0, NULL);

		c->list[i].next = (size_t)*first;
		*first = i + 1;
	}
}

static bool holds(const struct carrying *c, const struct carry *carry, size_t record, struct arena *a)
{
	const struct mending *mending = &c->m->list[carry->mending];
	struct carry its = { 0 };

	return mending->base != record && mending->correction != record &&
	       str_eq(records_value(c->m->records, record, mending->field, a), carry->value) &&
	       (!field_is_of_a_car(mending->field) ||
		str_eq(records_value(c->m->records, record, F_VIN, a), carry->vin)) &&
	       find_scope(c, record, &its, a) && its.key_field == carry->key_field &&
	       str_eq(its.schema, carry->schema) && str_eq(its.sender, carry->sender) &&
	       str_eq(its.owner, carry->owner);
}

static void lay_over(struct carrying *c, const struct carry *carry, size_t record)
{
	struct mending carried = c->m->list[carry->mending];

	carried.base = (uint32_t)record;
	carried.carried = true;
	GROW(c->m->list, c->m->n, c->cap_mendings);
	c->m->list[c->m->n++] = carried;
}

static void look_at(struct carrying *c, enum field key_field, size_t record, struct arena *a)
{
	struct str key = records_value(c->m->records, record, key_field, a);
	const uint64_t *first = key.n ? map_get(&c->by_key, key) : NULL;

	for (size_t i = first ? (size_t)*first : 0; i; i = c->list[i - 1].next)
		if (c->list[i - 1].key_field == key_field && holds(c, &c->list[i - 1], record, a))
			lay_over(c, &c->list[i - 1], record);
	arena_reset(a);
}

void mendings_carry(struct mendings *m, const struct rowset *files, const struct schemas *schemas)
{
	struct carrying c = { .m = m, .files = files, .schemas = schemas, .cap_mendings = m->n };
	struct arena a = { 0 };

	for (size_t i = 0; i < files->n && m->n; i++)
		map_put(&c.stems, rowset_value(files, i, FIL_STEM), i, NULL);
	for (size_t i = 0; i < m->n_own; i++)
		take(&c, i);
	index_keys(&c);
	for (enum field field = 0; c.n && field < F_COUNT; field++)
		for (size_t i = 0; c.key_fields[field] && i < m->records->n; i++)
			look_at(&c, field, i, &a);
	free(c.list);
	map_release(&c.stems);
	map_release(&c.by_value);
	map_release(&c.by_key);
	arena_release(&c.arena);
	arena_release(&a);
	if (m->n > m->n_own)
		mendings_index(m);
}
