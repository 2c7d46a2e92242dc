#include "tally.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

void tally_add(struct tally *t, enum metric metric, enum scope_kind kind, struct str scope,
	       int64_t numerator, int64_t denominator)
{
	bool added;
	size_t at = *map_put(&t->scopes[metric][kind], scope, t->n, &added);

	if (added) {
		GROW(t->counts, t->n, t->cap);
		t->counts[t->n++] = (struct count){ 0 };
	}
	t->counts[at].numerator += numerator;
	t->counts[at].denominator += denominator;
}

void tally_add_pair(struct tally *t, enum metric metric, enum scope_kind kind, struct str first,
		    struct str second, int64_t numerator, int64_t denominator)
{
	arena_reset(&t->scratch);
	tally_add(t, metric, kind,
		  str_printf(&t->scratch, "%.*s/%.*s", STR_FMT(first), STR_FMT(second)), numerator,
		  denominator);
}

void tally_add_origin(struct tally *t, enum metric metric, const struct origin_scope *from,
		      int64_t numerator, int64_t denominator)
{
	tally_add(t, metric, SCOPE_ALL, STR(""), numerator, denominator);
	if (from->source.n)
		tally_add(t, metric, SCOPE_SOURCE, from->source, numerator, denominator);
	if (from->dealer.n)
		tally_add(t, metric, SCOPE_DEALER, from->dealer, numerator, denominator);
}

void tally_merge(struct tally *to, const struct tally *from)
{
	for (enum metric metric = 0; metric < METRICS; metric++)
		for (enum scope_kind kind = 0; kind < SCOPE_KINDS; kind++) {
			const struct map *scopes = &from->scopes[metric][kind];

			for (size_t i = 0; i < scopes->n; i++) {
				const struct count *c = &from->counts[scopes->entries[i].value];

				tally_add(to, metric, kind, scopes->entries[i].key, c->numerator,
					  c->denominator);
			}
		}
}

const struct count *tally_get(const struct tally *t, enum metric metric, enum scope_kind kind,
			      struct str scope)
{
	const uint64_t *at = map_get(&t->scopes[metric][kind], scope);

	return at ? &t->counts[*at] : NULL;
}

/* ---- numbers as text ---- */

bool count_is(const struct count *c, enum unit unit)
{
	return unit == UNIT_COUNT || c->denominator > 0;
}

double count_number(const struct count *c, enum unit unit)
{
	if (unit == UNIT_COUNT)
		return (double)c->numerator;
	return (double)c->numerator / (double)c->denominator / (unit == UNIT_MEAN ? 100 : 1);
}

/* `whole` in units of 10^-digits */
static struct str decimal(int64_t whole, int digits, char *room)
{
	int64_t unit = digits == 4 ? 10000 : 100;
	int n = snprintf(room, 32, "%" PRId64 ".%0*" PRId64, whole / unit, digits, whole % unit);

	return (struct str){ room, (size_t)n };
}

static struct str whole_number(int64_t number, char *room)
{
	return (struct str){ room, (size_t)snprintf(room, 32, "%" PRId64, number) };
}

struct str count_value(const struct count *c, enum unit unit, char *room)
{
	if (!count_is(c, unit))
		return STR("");
	if (unit == UNIT_COUNT)
		return whole_number(c->numerator, room);
	if (unit == UNIT_SHARE)
		return decimal((c->numerator * 10000 + c->denominator / 2) / c->denominator, 4, room);
	return decimal((c->numerator + c->denominator / 2) / c->denominator, 2, room);
}

/* ---- the table ---- */

static int by_scope(const void *a, const void *b)
{
	return str_cmp(((const struct map_entry *)a)->key, ((const struct map_entry *)b)->key);
}

static void table_line(struct rowset *quality, enum metric metric, enum scope_kind kind,
		       struct str scope, const struct count *c)
{
	const struct metric_facts *m = &metric_facts[metric];
	char rooms[3][32];

	rowset_add(quality,
		   (struct str[QUA_COLUMNS]){
			   [QUA_DIMENSION] = m->dimension,
			   [QUA_METRIC] = m->name,
			   [QUA_SCOPE_KIND] = scope_kind_name(kind),
			   [QUA_SCOPE] = scope,
			   [QUA_VALUE] = count_value(c, m->unit, rooms[0]),
			   [QUA_NUMERATOR] = m->unit == UNIT_MEAN ? decimal(c->numerator, 2, rooms[1]) :
								    whole_number(c->numerator, rooms[1]),
			   [QUA_DENOMINATOR] = m->unit == UNIT_COUNT ?
						       STR("") :
						       whole_number(c->denominator, rooms[2]),
		   });
}

static void table_lines(const struct tally *t, enum metric metric, enum scope_kind kind,
			struct rowset *quality)
{
	const struct map *scopes = &t->scopes[metric][kind];
	struct map_entry *sorted;

	if (!scopes->n)
		return;
	sorted = xcalloc(scopes->n, sizeof(*sorted));
	memcpy(sorted, scopes->entries, scopes->n * sizeof(*sorted));
	qsort(sorted, scopes->n, sizeof(*sorted), by_scope);
	for (size_t i = 0; i < scopes->n; i++)
		table_line(quality, metric, kind, sorted[i].key, &t->counts[sorted[i].value]);
	free(sorted);
}

void tally_table(const struct tally *t, struct rowset *quality)
{
	for (enum metric metric = 0; metric < METRICS; metric++)
		for (enum scope_kind kind = 0; kind < SCOPE_KINDS; kind++)
			table_lines(t, metric, kind, quality);
}

void tally_release(struct tally *t)
{
	for (enum metric metric = 0; metric < METRICS; metric++)
		for (enum scope_kind kind = 0; kind < SCOPE_KINDS; kind++)
			map_release(&t->scopes[metric][kind]);
	free(t->counts);
	arena_release(&t->scratch);
	*t = (struct tally){ 0 };
}
