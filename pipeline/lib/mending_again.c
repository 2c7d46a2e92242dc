/*
 * Rows that were mended and sent again: their newest row stands for them. What was corrected in one
 * of them and is still missing there is laid over the newest row.
 *
 * What an answer brought in of a rejected row is known by that answer alone. Where a later one says
 * that the row speaks of somebody else or of another car, nobody says the former any more.
 */
#include "mending.h"

#include "map.h"

#include <stdlib.h>

static int by_record(const void *a, const void *b)
{
	const struct replaced *x = a, *y = b;

	return (x->record > y->record) - (x->record < y->record);
}

static void replace(struct mendings *m, uint32_t record, ptrdiff_t newest)
{
	if (newest >= 0)
		m->replaced[m->n_replaced++] = (struct replaced){ record, (uint32_t)newest };
}

static ptrdiff_t find(const struct mendings *m, struct str record_id)
{
	return record_id.n ? records_find(m->records, record_id) : -1;
}

/* ---- rows that answers brought in ---- */

static bool differ(struct str a, struct str b)
{
	return a.n && b.n && !str_eq(a, b);
}

/* Does the newer record speak of another person or car than what an answer brought in? */
static bool speaks_of_another(const struct mendings *m, uint32_t brought_in, uint32_t newer)
{
	struct arena a = { 0 };
	struct record old, now;
	bool other;

	records_get(m->records, brought_in, &old, &a);
	records_get(m->records, newer, &now, &a);
	if (old.v[F_ID_NUMBER].n && now.v[F_ID_NUMBER].n)
		other = !str_eq(old.v[F_ID_NUMBER], now.v[F_ID_NUMBER]);
	else
		other = differ(old.v[F_NAME], now.v[F_NAME]);
	other = other || differ(old.v[F_VIN], now.v[F_VIN]);
	arena_release(&a);
	return other;
}

static void replace_brought_in(struct mendings *m, const struct mending *former, struct mending *last,
			       const struct mended_rows *mended)
{
	uint32_t old = former->correction;
	ptrdiff_t newest = find(m, mended_row(mended, former->base_id));
	ptrdiff_t of_key = find(m, mended_keyed_row(mended, former->base_id));

	if (newest >= 0) {
		replace(m, old, newest);
	} else if (of_key >= 0) {
		if (speaks_of_another(m, old, (uint32_t)of_key))
			replace(m, old, of_key);
	} else if (former != last && speaks_of_another(m, old, last->correction)) {
		replace(m, old, last->correction);
		field_set_join(&last->mended, former->mended); /* it holds that, too (mend_judge.c) */
	}
}

/* They stand in the order in which they count. */
static void find_brought_in(struct mendings *m, const struct mended_rows *mended)
{
	struct map last = { 0 };

	for (size_t i = 0; i < m->n; i++)
		if (m->list[i].base == MENDS_NOTHING)
			*map_put(&last, m->list[i].base_id, 0, NULL) = i;
	for (size_t i = 0; i < m->n && last.n; i++)
		if (m->list[i].base == MENDS_NOTHING)
			replace_brought_in(m, &m->list[i], &m->list[*map_get(&last, m->list[i].base_id)], mended);
	map_release(&last);
}

/* ---- all of them ---- */

/* Rows that clean rejected are no records; what a correction brought in of such a one is. */
static void find_replaced(struct mendings *m, const struct mended_rows *mended)
{
	m->replaced = xreallocarray(NULL, mended->newer.n + m->n + 1, sizeof(*m->replaced));
	for (size_t i = 0; i < mended->newer.n; i++) {
		struct str id = mended->newer.entries[i].key;
		ptrdiff_t record = find(m, id);

		if (record >= 0)
			replace(m, (uint32_t)record, find(m, mended_row(mended, id)));
	}
	find_brought_in(m, mended);
	if (m->n_replaced)
		qsort(m->replaced, m->n_replaced, sizeof(*m->replaced), by_record);
}

static bool lacks(const struct mendings *m, uint32_t record, enum field field)
{
	return field < F_COUNT && !records_value(m->records, record, field, NULL).n;
}

/* Not of a row that spoke of another: what was mended in it was that one's. */
static void lay_over_newest(struct mendings *m, const struct mended_rows *mended)
{
	size_t n = m->n, cap = m->n;

	for (size_t i = 0; i < n; i++) {
		struct mending again = m->list[i];
		uint32_t row = again.base == MENDS_NOTHING ? again.correction : again.base;

		again.base = mendings_newest(m, row);
		again.carried = true;
		if (again.base == row || m->list[i].carried || !lacks(m, again.base, again.field) ||
		    (m->list[i].base == MENDS_NOTHING && !mended_row(mended, again.base_id).n))
			continue;
		GROW(m->list, m->n, cap);
		m->list[m->n++] = again;
	}
	if (m->n > n)
		mendings_index(m);
}

void mendings_follow(struct mendings *m, const struct mended_rows *mended)
{
	if (!mended->n && !m->n)
		return;
	find_replaced(m, mended);
	lay_over_newest(m, mended);
}

uint32_t mendings_newest(const struct mendings *m, uint32_t record)
{
	struct replaced key = { .record = record };
	const struct replaced *found =
		m->n_replaced ? bsearch(&key, m->replaced, m->n_replaced, sizeof(key), by_record) : NULL;

	return found ? found->newest : record;
}

ptrdiff_t mendings_find_newest(const struct mendings *m, struct str record_id)
{
	ptrdiff_t record = find(m, record_id);

	return record < 0 ? record : (ptrdiff_t)mendings_newest(m, (uint32_t)record);
}
