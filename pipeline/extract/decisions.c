#include "decisions.h"

#include "map.h"

#include <stdlib.h>
#include <string.h>

bool decisions_is_file(struct str file_name)
{
	return str_eq(file_name, STR("decisions.csv"));
}

bool decisions_read(const char *path, struct rowset *all, uint64_t *rows, struct arena *a, struct str *reason)
{
		struct fault f = { 0 };
	struct rowset read;
	const char *slash = strrchr(path, '/');
	char *dir = str_keepz(a, slash ? str_span(path, slash) : STR("."));
	struct str v[DEC_COLUMNS];

	rowset_init(&read, &table_own_decisions);
	if (!rowset_load(&read, dir, false, &f)) {
		struct str text = buf_view(&f.text);

		str_cut(&text, '\n', reason);
		*reason = str_keep(a, *reason);
	}
	for (size_t i = 0; !reason->n && i < read.n; i++) {
		rowset_get(&read, i, v);
		if (!v[DEC_DECISION_ID].n || !v[DEC_ACTION].n)
			*reason = str_printf(a, "row %zu has no decision_id or no action", i + 2);
	}
	for (size_t i = 0; !reason->n && i < read.n; i++) {
		rowset_get(&read, i, v);
		rowset_add(all, v);
	}
	*rows = reason->n ? 0 : read.n;
	rowset_release(&read);
	fault_release(&f);
	return !reason->n;
}

/* Later lines of one id stand behind earlier ones: by date, then as they were read. */
static int by_date(const struct str *a, const struct str *b)
{
	return str_cmp(a[DEC_DECIDED_ON], b[DEC_DECIDED_ON]);
}

static int by_date_and_id(const struct str *a, const struct str *b)
{
	int c = by_date(a, b);

	return c ? c : str_cmp(a[DEC_DECISION_ID], b[DEC_DECISION_ID]);
}

void decisions_settle(struct rowset *all, struct rowset *standing)
{
	struct map last = { 0 };
	struct rowset newest;
	struct str v[DEC_COLUMNS];

	rowset_init(&newest, &table_decisions);
	rowset_sort(all, by_date);
	for (size_t i = 0; i < all->n; i++)
		*map_put(&last, rowset_value(all, i, DEC_DECISION_ID), i, NULL) = i;
	for (size_t i = 0; i < all->n; i++) {
		rowset_get(all, i, v);
		if (*map_get(&last, v[DEC_DECISION_ID]) != i)
			continue;
		rowset_add(&newest, v);
		if (!str_eq(v[DEC_ACTION], STR("remove")))
			rowset_add(standing, v);
	}
	rowset_sort(standing, by_date_and_id);
	map_release(&last);
	rowset_release(all);
	*all = newest;
}
