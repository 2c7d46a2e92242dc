/*
 * Rows that were mended and sent again: their newest row stands for them. What was corrected in one
 * of them and is still missing there is laid over the newest row.
 */
#include "mending.h"

#include <stdlib.h>

static int by_record(const void *a, const void *b)
{
	const struct replaced *x = a, *y = b;

	return (x->record > y->record) - (x->record < y->record);
}

static void replace(struct mendings *m, uint32_t record, struct str newest)
{
	ptrdiff_t at = newest.n ? records_find(m->records, newest) : -1;

	if (at >= 0)
		m->replaced[m->n_replaced++] = (struct replaced){ record, (uint32_t)at };
}

/* Rows that clean rejected are no records; what a correction brought in of such a one is. */
static void find_replaced(struct mendings *m, const struct mended_rows *mended)
{
	m->replaced = xreallocarray(NULL, mended->newer.n + m->n + 1, sizeof(*m->replaced));
	for (size_t i = 0; i < mended->newer.n; i++) {
		struct str id = mended->newer.entries[i].key;
		ptrdiff_t record = records_find(m->records, id);

		if (record >= 0)
			replace(m, (uint32_t)record, mended_row(mended, id));
	}
	for (size_t i = 0; i < m->n; i++)
		if (m->list[i].base == MENDS_NOTHING)
			replace(m, m->list[i].correction, mended_row(mended, m->list[i].base_id));
	qsort(m->replaced, m->n_replaced, sizeof(*m->replaced), by_record);
}

static bool lacks(const struct mendings *m, uint32_t record, enum field field)
{
	return field < F_COUNT && !records_value(m->records, record, field, NULL).n;
}

static void lay_over_newest(struct mendings *m)
{
	size_t n = m->n, cap = m->n;

	for (size_t i = 0; i < n; i++) {
		struct mending again = m->list[i];
		uint32_t row = again.base == MENDS_NOTHING ? again.correction : again.base;

		again.base = mendings_newest(m, row);
		again.carried = true;
		if (again.base == row || m->list[i].carried || !lacks(m, again.base, again.field))
			continue;
		GROW(m->list, m->n, cap);
		m->list[m->n++] = again;
	}
	if (m->n > n)
		mendings_index(m);
}

void mendings_follow(struct mendings *m, const struct mended_rows *mended)
{
	if (!mended->n)
		return;
	find_replaced(m, mended);
	lay_over_newest(m);
}

uint32_t mendings_newest(const struct mendings *m, uint32_t record)
{
	struct replaced key = { .record = record };
	const struct replaced *found =
		m->n_replaced ? bsearch(&key, m->replaced, m->n_replaced, sizeof(key), by_record) : NULL;

	return found ? found->newest : record;
}
