#include "people.h"

#include "name_set.h"
#include "pool.h"

#include <stdlib.h>

struct part_result { /* of one part of the grouped ID numbers */
	uint32_t n_identities;
	struct shared_id *shared;
	size_t n_shared, cap_shared;
};

struct grouping {
	struct people *p;
	const struct pairs *ids;
	struct part_result *parts;
	struct arena *arenas; /* one for each worker */
};

/* ---- one ID number, many names ---- */

/* The name set's groups that a source gives; NOBODY where it gives none or unlike ones. */
static uint32_t trusted_group(const struct people *p, const struct pair *group, size_t n,
			      const struct name_set *names, struct str source)
{
	struct arena a = { 0 };
	uint32_t found = NOBODY;

	for (size_t i = 0; i < n; i++) {
		uint32_t record = group[i].record;

		if (!p->person[record].name ||
		    !str_eq(records_value(p->reading->records, record, F_SOURCE, &a), source))
			continue;
		for (size_t k = 0; k < names->n; k++) {
			if (names->list[k].number != p->person[record].name)
				continue;
			if (found != NOBODY && found != names->list[k].group) {
				arena_release(&a);
				return NOBODY;
			}
			found = names->list[k].group;
		}
	}
	arena_release(&a);
	return found;
}

static uint32_t winning_group(const struct people *p, const struct pair *group, size_t n,
			      const struct name_set *names)
{
	const struct matching *m = p->reading->matching;
	uint32_t winner = NOBODY;

	for (size_t i = 0; i < m->n_trust && winner == NOBODY; i++)
		winner = trusted_group(p, group, n, names, m->trust[i]);
	return winner;
}

static bool is_of_group(const struct name_set *names, uint32_t number, uint32_t group)
{
	for (size_t i = 0; i < names->n; i++)
		if (names->list[i].number == number)
			return names->list[i].group == group;
	return false;
}

/* Bars the records whose name is not the winner's; all of them where there is no winner. */
static void bar_losers(struct people *p, const struct pair *group, size_t n,
		       const struct name_set *names, struct shared_id *shared)
{
	uint32_t winner = winning_group(p, group, n, names);

	shared->winner = winner == NOBODY ? NOBODY : names->list[winner].record;
	for (size_t i = 0; i < n; i++)
		if (winner == NOBODY || !is_of_group(names, p->person[group[i].record].name, winner))
			p->flags[group[i].record] |= RECORD_SHARED_ID;
}

/* Of the whole names under one ID number the one that most records bear; NOBODY where two do. */
static uint32_t commonest_group(const struct people *p, const struct pair *group, size_t n,
				const struct name_set *names)
{
	uint32_t best = NOBODY;
	size_t most = 0;

	for (uint32_t k = 0; k < names->n; k++) {
		size_t records = 0;

		for (size_t i = 0; i < n && names->list[k].group == k; i++)
			records += is_whole_name(p->person[group[i].record].name) &&
				   is_of_group(names, p->person[group[i].record].name, k);
		if (records == most)
			best = NOBODY;
		if (records > most) {
			most = records;
			best = k;
		}
	}
	return best;
}

/* Two or three unlike names are a conflict within one customer, which merge tells. But a row
 * under the other name may be somebody else's, whose own records must not follow it. */
static void dispute(struct people *p, const struct pair *group, size_t n,
		    const struct name_set *names)
{
	uint32_t holder = winning_group(p, group, n, names);

	if (holder == NOBODY)
		holder = commonest_group(p, group, n, names);
	for (size_t i = 0; i < n; i++) {
		uint32_t record = group[i].record, name = p->person[record].name;

		if (name && (holder == NOBODY || !is_of_group(names, name, holder)))
			p->flags[record] |= RECORD_DISPUTED;
	}
}

/* How many different people the names can be. A surname that is left of a name which failed
 * (东方 of 东方小姐) adds nobody to whole names: it was typed by somebody who did not know. */
static uint32_t count_unlike(struct name_set *names, const struct people *p, struct arena *a)
{
	uint32_t whole = 0, surnames = 0;

	name_set_compare(names, p->reading, a);
	for (uint32_t k = 0; k < names->n; k++) {
		bool has_whole = false;

		for (size_t i = k; i < names->n; i++)
			has_whole |= names->list[i].group == k && is_whole_name(names->list[i].number);
		whole += names->list[k].group == k && has_whole;
		surnames += names->list[k].group == k && !has_whole;
	}
	return whole > surnames ? whole : surnames;
}

static void judge_group(struct people *p, const struct pair *group, size_t n,
			struct name_set *names, struct part_result *result, struct arena *a)
{
	struct shared_id shared = { .record = group[0].record, .records = (uint32_t)n };
	size_t limit = p->reading->matching->id_names;

	name_set_clear(names);
	for (size_t i = 0; i < n; i++)
		name_set_add(names, p->person[group[i].record].name, group[i].record);
	if (names->n < 2)
		return;
	shared.names = count_unlike(names, p, a);
	if (shared.names <= limit)
		dispute(p, group, n, names);
	if (shared.names > limit) {
		bar_losers(p, group, n, names, &shared);
		GROW(result->shared, result->n_shared, result->cap_shared);
		result->shared[result->n_shared++] = shared;
	}
	arena_reset(a);
}

static bool keeps_id(const struct people *p, uint32_t record)
{
	return !(p->flags[record] & RECORD_SHARED_ID);
}

static void judge_part(void *context, size_t part, unsigned worker)
{
	struct grouping *g = context;
	struct name_set names = { 0 };
	size_t from, end = g->ids->start[part];

	while (pairs_next(g->ids, part, &from, &end)) {
		bool held = false;

		judge_group(g->p, g->ids->list + from, end - from, &names, &g->parts[part],
			    &g->arenas[worker]);
		for (size_t i = from; i < end; i++)
			held |= keeps_id(g->p, g->ids->list[i].record);
		g->parts[part].n_identities += held;
	}
	name_set_release(&names);
}

/* A number for now: that of the group's first pair. */
static void mark_part(void *context, size_t part, unsigned worker)
{
	struct grouping *g = context;
	struct people *p = g->p;
	size_t from, end = g->ids->start[part];

	(void)worker;
	while (pairs_next(g->ids, part, &from, &end))
		for (size_t i = from; i < end; i++)
			if (keeps_id(p, g->ids->list[i].record))
				p->person[g->ids->list[i].record].who = (uint32_t)from;
}

/* Identities are numbered as their first records come, so that whoever goes through them goes
 * through the records in order. */
static void number_identities(struct grouping *g)
{
	struct people *p = g->p;
	uint32_t *number = xreallocarray(NULL, g->ids->start[g->ids->n_parts] + 1, sizeof(*number));

	memset(number, 0xFF, (g->ids->start[g->ids->n_parts] + 1) * sizeof(*number));
	p->first = xreallocarray(NULL, (size_t)p->n_identities + 1, sizeof(*p->first));
	p->same_as = xreallocarray(NULL, (size_t)p->n_identities + 1, sizeof(*p->same_as));
	p->n_identities = 0;
	for (uint32_t i = 0; i < p->n; i++) {
		uint32_t *slot = p->person[i].who == NOBODY ? NULL : &number[p->person[i].who];

		if (!slot)
			continue;
		if (*slot == NOBODY) {
			p->first[p->n_identities] = i;
			p->same_as[p->n_identities] = p->n_identities;
			*slot = p->n_identities++;
		}
		p->person[i].who = *slot;
	}
	free(number);
}

static int by_record(const void *a, const void *b)
{
	const struct shared_id *x = a, *y = b;

	return (x->record > y->record) - (x->record < y->record);
}

/* How many identities there are, and the shared ID numbers of all parts. */
static void gather_parts(struct grouping *g)
{
	struct people *p = g->p;

	for (size_t part = 0; part < g->ids->n_parts; part++) {
		struct part_result *result = &g->parts[part];

		p->n_identities += result->n_identities;
		p->shared = xreallocarray(p->shared, p->n_shared + result->n_shared + 1,
					  sizeof(*p->shared));
		if (result->n_shared)
			memcpy(p->shared + p->n_shared, result->shared,
			       result->n_shared * sizeof(*p->shared));
		p->n_shared += result->n_shared;
		free(result->shared);
	}
	if (p->n_shared)
		qsort(p->shared, p->n_shared, sizeof(*p->shared), by_record);
}

static void number_loose(struct people *p)
{
	size_t n = 0;

	for (size_t i = 0; i < p->n; i++)
		n += p->person[i].who == NOBODY && (p->reading->role[i] == ROLE_CUSTOMER ||
					     p->reading->role[i] == ROLE_CONTACT);
	p->loose = xreallocarray(NULL, n + 1, sizeof(*p->loose));
	for (size_t i = 0; i < p->n; i++) {
		if (p->person[i].who != NOBODY || (p->reading->role[i] != ROLE_CUSTOMER &&
						   p->reading->role[i] != ROLE_CONTACT))
			continue;
		p->person[i].who = LOOSE | p->n_loose;
		p->loose[p->n_loose++] = (uint32_t)i;
	}
}

static void group_all(struct grouping *g)
{
	struct people *p = g->p;
	size_t n_parts = g->ids->n_parts;

	g->parts = xcalloc(n_parts, sizeof(*g->parts));
	pool_each(p->jobs, n_parts, judge_part, g);
	gather_parts(g);
	pool_each(p->jobs, n_parts, mark_part, g);
	number_identities(g);
	free(g->parts);
}

void people_open(struct people *p, struct gather *gather)
{
	struct grouping g = { .p = p, .ids = &gather->ids };

	*p = (struct people){
		.reading = gather->reading,
		.gather = gather,
		.jobs = gather->jobs,
		.n = gather->n,
		.person = gather->person,
		.flags = gather->flags,
	};
	g.arenas = xcalloc(p->jobs, sizeof(*g.arenas));
	pairs_settle(&gather->ids);
	group_all(&g);
	pairs_release(&gather->ids);
	number_loose(p);
	for (unsigned i = 0; i < p->jobs; i++)
		arena_release(&g.arenas[i]);
	free(g.arenas);
}

void people_close(struct people *p)
{
	free(p->first);
	free(p->same_as);
	free(p->loose);
	free(p->shared);
	*p = (struct people){ 0 };
}

struct str people_document(const struct people *p, uint32_t identity, struct arena *a)
{
	struct record rec;

	reading_record(p->reading, p->first[identity], &rec, a);
	return reading_identity(&rec, a);
}
