#define _GNU_SOURCE /* qsort_r */
#include "mending.h"

#include "date.h"
#include "map.h"

#include <stdlib.h>

/* Who is laid over last, counts: the later day, on one day the smaller record id. */
static int by_base(const void *a, const void *b)
{
	const struct mending *x = a, *y = b;

	if (x->base != y->base)
		return x->base < y->base ? -1 : 1;
	if (x->day != y->day)
		return x->day < y->day ? -1 : 1;
	return (x->correction < y->correction) - (x->correction > y->correction);
}

static int by_correction(const void *a, const void *b, void *mendings)
{
	const struct mending *list = mendings;
	uint32_t x = list[*(const uint32_t *)a].correction, y = list[*(const uint32_t *)b].correction;

	return (x > y) - (x < y);
}

struct answered { /* record and file of answers -> index of sets */
	struct map of;
	struct field_set *sets;
	size_t cap;
};

/* The answers of one file to one record; only one of them carries a rejected row. */
static struct field_set *answered_with(struct answered *all, const struct str v[COR_COLUMNS], struct arena *a)
{
	struct str stem;
	uint32_t row;
	bool added;
	size_t n = all->of.n;
	uint64_t *at;

	record_id_split(v[COR_RECORD_ID], &stem, &row);
	at = map_put(&all->of, str_printf(a, "%.*s\x1F%.*s", STR_FMT(v[COR_BASE_RECORD_ID]), STR_FMT(stem)), n,
		     &added);
	if (added) {
		GROW(all->sets, n, all->cap);
		all->sets[n] = (struct field_set){ 0 };
	}
	return &all->sets[*at];
}

static void take(struct mendings *m, const struct str v[COR_COLUMNS], struct answered *all, struct arena *a)
{
	ptrdiff_t correction = records_find(m->records, v[COR_RECORD_ID]);
	ptrdiff_t base = records_find(m->records, v[COR_BASE_RECORD_ID]);

	if (correction < 0 || base == correction)
		return;
	m->list[m->n++] = (struct mending){
		.base = base < 0 ? MENDS_NOTHING : (uint32_t)base,
		.correction = (uint32_t)correction,
		.field = field_find(v[COR_FIELD]),
		.mended = *answered_with(all, v, a),
		.base_id = v[COR_BASE_RECORD_ID],
		.base_source = v[COR_BASE_SOURCE],
		.day = date_day(records_value(m->records, (size_t)correction, F_OBSERVED_ON, a)),
	};
}

static bool is_applied(const struct str v[COR_COLUMNS])
{
	return str_eq(v[COR_STATUS], STR("applied"));
}

void mendings_index(struct mendings *m)
{
	qsort(m->list, m->n, sizeof(*m->list), by_base);
	m->by_correction = xreallocarray(m->by_correction, m->n + 1, sizeof(*m->by_correction));
	m->n_own = 0;
	for (size_t i = 0; i < m->n; i++)
		if (!m->list[i].carried)
			m->by_correction[m->n_own++] = (uint32_t)i;
	qsort_r(m->by_correction, m->n_own, sizeof(*m->by_correction), by_correction, m->list);
}

void mendings_open(struct mendings *m, const struct records *records,
		   const struct rowset *corrections)
{
	struct str v[COR_COLUMNS];
	struct answered all = { 0 };
	struct arena a = { 0 };

	*m = (struct mendings){ .records = records };
	m->list = xreallocarray(NULL, corrections->n + 1, sizeof(*m->list));
	for (size_t i = 0; i < corrections->n; i++, arena_reset(&a)) {
		rowset_get(corrections, i, v);
		if (is_applied(v) && field_find(v[COR_FIELD]) != F_COUNT)
			field_set_join(answered_with(&all, v, &a), field_group(field_find(v[COR_FIELD])));
	}
	for (size_t i = 0; i < corrections->n; i++, arena_reset(&a)) {
		rowset_get(corrections, i, v);
		if (is_applied(v))
			take(m, v, &all, &a);
	}
	map_release(&all.of);
	free(all.sets);
	arena_release(&a);
	mendings_index(m);
}

void mendings_close(struct mendings *m)
{
	free(m->list);
	free(m->by_correction);
	free(m->replaced);
	*m = (struct mendings){ 0 };
}

const struct mending *mendings_of(const struct mendings *m, size_t base, size_t *n)
{
	size_t low = 0, high = m->n, end;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (m->list[middle].base < base)
			low = middle + 1;
		else
			high = middle;
	}
	for (end = low; end < m->n && m->list[end].base == base;)
		end++;
	*n = end - low;
	return m->list + low;
}

const struct mending *mendings_by(const struct mendings *m, size_t correction)
{
	size_t low = 0, high = m->n_own;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (m->list[m->by_correction[middle]].correction < correction)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == m->n_own || m->list[m->by_correction[low]].correction != correction)
		return NULL;
	return &m->list[m->by_correction[low]];
}

void mendings_record(const struct mendings *m, size_t i, struct record *rec, struct arena *a)
{
	const struct mending *mending;
	struct record correction;
	size_t n = 0;

	records_get(m->records, i, rec, a);
	for (mending = mendings_of(m, i, &n); n > 0; mending++, n--) {
		records_get(m->records, mending->correction, &correction, a);
		for (enum field field = F_CUSTOMER_TYPE; field < F_COUNT; field++)
			if (correction.v[field].n)
				rec->v[field] = correction.v[field];
	}
}
