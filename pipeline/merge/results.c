#include "results.h"

void results_take(struct results *to, const struct piece *piece)
{
	rowset_append(&to->rejects, &piece->rejects);
	rowset_append(&to->review, &piece->review);
	if (to->lineage)
		outfile_str(to->lineage, buf_view(&piece->lineage));
}

void results_take_rows(const struct golden_table *t, const struct rows *rows, struct rowset *to,
		       struct history *history)
{
	for (size_t i = 0; i < rows->n; i += t->width) {
		history_row(history, rows->values + i, rows->why + i);
		rowset_add(to, rows->values + i);
	}
}

ptrdiff_t master_row(const struct rowset *rs, struct str key)
{
	size_t low = 0, high = rs->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (str_cmp(rowset_value(rs, middle, 0), key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < rs->n && str_eq(rowset_value(rs, low, 0), key) ? (ptrdiff_t)low : -1;
}
