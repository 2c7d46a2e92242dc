#include "crowd.h"

#include "name_set.h"
#include "pairs.h"
#include "pool.h"

#include <stdlib.h>

enum { MAX_HOLDERS = 8 /* of one value under one name: past this nothing is made of it */ };

struct part_find { /* what one part of the grouped values shows */
	uint64_t *shared;
	size_t n_shared, cap_shared;
	struct crowd_told *told;
	size_t n_told, cap_told;
	struct twin *twins;
	size_t n_twins, cap_twins;
};

struct sweep { /* over one field */
	struct crowd *crowd;
	const struct people *p;
	enum match_field field;
	bool seeks_twins;
	struct pairs values;
	struct part_find *parts;
	struct arena *arenas; /* one for each worker */
};

/* Who came with a car is not who owns it: the names of service visits under a VIN or plate
 * are drivers, relatives and colleagues, and do not make it shared. */
static bool counts(const struct sweep *s, size_t record)
{
	enum role role = s->p->reading->role[record];
	bool of_car = s->field == MATCH_VIN || s->field == MATCH_PLATE;

	return role == ROLE_CUSTOMER || (role == ROLE_CONTACT && !of_car);
}

static void gather_piece(void *context, size_t piece, unsigned worker)
{
	struct sweep *s = context;
	struct arena *a = &s->arenas[worker];
	size_t end = (piece + 1) * RECORDS_PIECE < s->p->n ? (piece + 1) * RECORDS_PIECE : s->p->n;

	for (size_t i = piece * RECORDS_PIECE; i < end; i++) {
		uint64_t value = counts(s, i) ? reading_value(s->p->reading, i, s->field, a) : 0;

		if (value)
			pairs_add(&s->values, piece, value, (uint32_t)i);
		arena_reset(a);
	}
}

static bool is_shared(const struct sweep *s, const struct pair *group, size_t n,
		      struct name_set *names, struct arena *a)
{
	size_t limit = s->p->reading->matching->guard[s->field].names;
	bool shared;

	name_set_clear(names);
	for (size_t i = 0; i < n && names->n <= 16 * limit; i++)
		name_set_add(names, s->p->name[group[i].record], group[i].record);
	shared = names->n > limit && name_set_compare(names, s->p->reading, a) > limit;
	arena_reset(a);
	return shared;
}

static void tell_shared(const struct sweep *s, const struct pair *group, size_t n,
			struct part_find *find)
{
	GROW(find->shared, find->n_shared, find->cap_shared);
	find->shared[find->n_shared++] = pair_hash(group);
	for (size_t i = 0; i < n && s->p->reading->matching->guard[s->field].tell.n; i++) {
		GROW(find->told, find->n_told, find->cap_told);
		find->told[find->n_told++] = (struct crowd_told){ group[i].record, s->field };
	}
}

/* The different holders in a group, each with the first record that shows it. Zero where
 * there are too many to be one person's documents. */
static size_t holders_of(const struct people *p, const struct pair *group, size_t n,
			 uint32_t holders[MAX_HOLDERS])
{
	size_t found = 0;

	for (size_t i = 0; i < n; i++) {
		uint32_t record = group[i].record;
		size_t k = 0;

		if (p->who[record] & LOOSE || !p->name[record])
			continue;
		while (k < found && p->who[holders[k]] != p->who[record])
			k++;
		if (k < found)
			continue;
		if (found == MAX_HOLDERS)
			return 0;
		holders[found++] = record;
	}
	return found;
}

static void seek_twins(const struct sweep *s, const struct pair *group, size_t n,
		       struct part_find *find)
{
	const struct people *p = s->p;
	uint32_t holders[MAX_HOLDERS];
	size_t n_holders = holders_of(p, group, n, holders);

	for (size_t i = 0; i < n_holders; i++) {
		for (size_t j = 0; j < i; j++) {
			if (p->name[holders[i]] != p->name[holders[j]])
				continue;
			GROW(find->twins, find->n_twins, find->cap_twins);
			find->twins[find->n_twins++] = (struct twin){
				.one = p->who[holders[j]],
				.other = p->who[holders[i]],
				.record = holders[j],
				.other_record = holders[i],
				.field = s->field,
			};
		}
	}
}

static void judge_part(void *context, size_t part, unsigned worker)
{
	struct sweep *s = context;
	struct name_set names = { 0 };
	size_t from, end = s->values.start[part];

	while (pairs_next(&s->values, part, &from, &end)) {
		const struct pair *group = s->values.list + from;
		size_t n = end - from;

		if (n < 2)
			continue;
		if (is_shared(s, group, n, &names, &s->arenas[worker]))
			tell_shared(s, group, n, &s->parts[part]);
		else if (s->seeks_twins)
			seek_twins(s, group, n, &s->parts[part]);
	}
	name_set_release(&names);
}

/* ---- the set of shared values ---- */

static uint64_t *slot_of(const struct crowd *c, uint64_t value)
{
	size_t i = (size_t)(value >> 20) & (c->n_slots - 1);

	while (c->shared[i] && c->shared[i] != value)
		i = (i + 1) & (c->n_slots - 1);
	return &c->shared[i];
}

bool crowd_shares(const struct crowd *c, uint64_t value)
{
	return c->n_shared && *slot_of(c, value) == value;
}

static void add_shared(struct crowd *c, uint64_t value)
{
	struct crowd larger = { .n_slots = c->n_slots ? c->n_slots * 2 : 64 };

	if (c->n_shared >= c->n_slots / 2) {
		larger.shared = xcalloc(larger.n_slots, sizeof(*larger.shared));
		for (size_t i = 0; i < c->n_slots; i++)
			if (c->shared[i])
				*slot_of(&larger, c->shared[i]) = c->shared[i];
		free(c->shared);
		c->shared = larger.shared;
		c->n_slots = larger.n_slots;
	}
	*slot_of(c, value) = value;
	c->n_shared++;
}

static void gather_parts(struct sweep *s)
{
	struct crowd *c = s->crowd;

	for (size_t part = 0; part < s->values.n_parts; part++) {
		struct part_find *find = &s->parts[part];

		for (size_t i = 0; i < find->n_shared; i++)
			add_shared(c, find->shared[i]);
		for (size_t i = 0; i < find->n_told; i++) {
			GROW(c->told, c->n_told, c->cap_told);
			c->told[c->n_told++] = find->told[i];
		}
		for (size_t i = 0; i < find->n_twins; i++) {
			GROW(c->twins, c->n_twins, c->cap_twins);
			c->twins[c->n_twins++] = find->twins[i];
		}
		free(find->shared);
		free(find->told);
		free(find->twins);
	}
}

/* A value that by itself would link two records under one name. */
static bool links_alone(const struct matching *m, enum match_field field)
{
	for (size_t i = 0; i < m->n_evidence; i++)
		if (m->evidence[i].fields == 1u << field && m->evidence[i].score[NAME_EXACT] >= m->link)
			return true;
	return false;
}

static void sweep_field(struct crowd *c, const struct people *p, enum match_field field)
{
	struct sweep s = {
		.crowd = c,
		.p = p,
		.field = field,
		.seeks_twins = links_alone(p->reading->matching, field),
		.arenas = xcalloc(p->jobs, sizeof(*s.arenas)),
	};

	pairs_init(&s.values, people_pieces(p), p->jobs);
	pool_each(p->jobs, people_pieces(p), gather_piece, &s);
	pairs_settle(&s.values);
	s.parts = xcalloc(s.values.n_parts, sizeof(*s.parts));
	pool_each(p->jobs, s.values.n_parts, judge_part, &s);
	gather_parts(&s);
	free(s.parts);
	pairs_release(&s.values);
	for (unsigned i = 0; i < p->jobs; i++)
		arena_release(&s.arenas[i]);
	free(s.arenas);
}

static int told_order(const void *a, const void *b)
{
	const struct crowd_told *x = a, *y = b;

	if (x->record != y->record)
		return (x->record > y->record) - (x->record < y->record);
	return (x->field > y->field) - (x->field < y->field);
}

static int twin_order(const void *a, const void *b)
{
	const struct twin *x = a, *y = b;
	uint32_t left[] = { x->record, x->other_record, x->field };
	uint32_t right[] = { y->record, y->other_record, y->field };

	for (int i = 0; i < 3; i++)
		if (left[i] != right[i])
			return left[i] < right[i] ? -1 : 1;
	return 0;
}

/* A field at a time: all values of all records at once would not fit the memory that the
 * records themselves leave. */
void crowd_open(struct crowd *c, const struct people *p)
{
	*c = (struct crowd){ 0 };
	for (int field = 0; field < MATCH_FIELDS; field++)
		if (p->reading->matching->guard[field].names)
			sweep_field(c, p, (enum match_field)field);
	if (c->n_told)
		qsort(c->told, c->n_told, sizeof(*c->told), told_order);
	if (c->n_twins)
		qsort(c->twins, c->n_twins, sizeof(*c->twins), twin_order);
}

void crowd_close(struct crowd *c)
{
	free(c->shared);
	free(c->told);
	free(c->twins);
	*c = (struct crowd){ 0 };
}
