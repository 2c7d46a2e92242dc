#include "crowd.h"

#include <stdlib.h>

enum { MAX_HOLDERS = 8 /* of one value under one name: past this nothing is made of it */ };

/* Who came with a car is not who owns it: the names of service visits under a VIN or plate
 * are drivers, relatives and colleagues, and do not make it shared. */
static bool counts(const struct people *p, enum match_field field, uint32_t record)
{
	bool of_car = field == MATCH_VIN || field == MATCH_PLATE;

	return p->reading->role[record] == ROLE_CUSTOMER || !of_car;
}

/* Relatives bear like names, but they are customers of their own: more ID numbers under one
 * phone than the guard allows names is no family either. */
static bool has_many_owners(const struct people *p, const struct pair *group, size_t n, size_t limit)
{
	uint32_t owners[64];
	size_t found = 0;

	if (limit >= sizeof(owners) / sizeof(owners[0]))
		return false;
	for (size_t i = 0; i < n && found <= limit; i++) {
		uint32_t who = p->person[group[i].record].who;
		size_t k = 0;

		if (who & LOOSE)
			continue;
		while (k < found && owners[k] != who)
			k++;
		if (k == found)
			owners[found++] = who;
	}
	return found > limit;
}

static bool has_many_names(const struct people *p, enum match_field field, const struct pair *group,
			   size_t n, struct name_set *names, struct arena *a)
{
	size_t limit = p->reading->matching->guard[field].names;
	bool many;

	name_set_clear(names);
	for (size_t i = 0; i < n && names->n <= limit; i++)
		name_set_add(names, p->person[group[i].record].name, group[i].record);
	if (names->n <= limit)
		return false; /* so few however alike they are, which is nearly always */
	name_set_clear(names);
	for (size_t i = 0; i < n && names->n <= 16 * limit; i++)
		if (counts(p, field, group[i].record))
			name_set_add(names, p->person[group[i].record].name, group[i].record);
	many = names->n > limit && name_set_compare(names, p->reading, a) > limit;
	arena_reset(a);
	return many;
}

static bool is_shared(const struct people *p, enum match_field field, const struct pair *group,
		      size_t n, struct name_set *names, struct arena *a)
{
	size_t limit = p->reading->matching->guard[field].names;
	bool of_person = field == MATCH_MOBILE || field == MATCH_PHONE;

	return n > limit && (has_many_names(p, field, group, n, names, a) ||
			     (of_person && has_many_owners(p, group, n, limit)));
}

static void tell_shared(const struct people *p, enum match_field field, const struct pair *group,
			size_t n, struct crowd_part *part)
{
	GROW(part->shared, part->n_shared, part->cap_shared);
	part->shared[part->n_shared++] = pair_hash(group);
	for (size_t i = 0; i < n && p->reading->matching->guard[field].tell.n; i++) {
		GROW(part->told, part->n_told, part->cap_told);
		part->told[part->n_told++] = (struct crowd_told){ group[i].record, field };
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

		if (p->person[record].who & LOOSE || !p->person[record].name ||
		    (p->flags[record] & RECORD_DISPUTED))
			continue;
		while (k < found && p->person[holders[k]].who != p->person[record].who)
			k++;
		if (k < found)
			continue;
		if (found == MAX_HOLDERS)
			return 0;
		holders[found++] = record;
	}
	return found;
}

static void seek_twins(const struct people *p, enum match_field field, const struct pair *group,
		       size_t n, struct crowd_part *part)
{
	uint32_t holders[MAX_HOLDERS];
	size_t n_holders = holders_of(p, group, n, holders);

	for (size_t i = 0; i < n_holders; i++) {
		for (size_t j = 0; j < i; j++) {
			if (p->person[holders[i]].name != p->person[holders[j]].name)
				continue;
			GROW(part->twins, part->n_twins, part->cap_twins);
			part->twins[part->n_twins++] = (struct twin){
				.one = p->person[holders[j]].who,
				.other = p->person[holders[i]].who,
				.record = holders[j],
				.other_record = holders[i],
				.field = field,
			};
		}
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

bool crowd_judge(const struct people *p, enum match_field field, const struct pair *group,
		 size_t n, struct crowd_part *part, struct arena *a)
{
	if (is_shared(p, field, group, n, &part->names, a)) {
		tell_shared(p, field, group, n, part);
		return false;
	}
	if (links_alone(p->reading->matching, field))
		seek_twins(p, field, group, n, part);
	return true;
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

void crowd_join(struct crowd *c, struct crowd_part *part)
{
	for (size_t i = 0; i < part->n_shared; i++)
		add_shared(c, part->shared[i]);
	for (size_t i = 0; i < part->n_told; i++) {
		GROW(c->told, c->n_told, c->cap_told);
		c->told[c->n_told++] = part->told[i];
	}
	for (size_t i = 0; i < part->n_twins; i++) {
		GROW(c->twins, c->n_twins, c->cap_twins);
		c->twins[c->n_twins++] = part->twins[i];
	}
	free(part->shared);
	free(part->told);
	free(part->twins);
	name_set_release(&part->names);
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

void crowd_sort(struct crowd *c)
{
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
