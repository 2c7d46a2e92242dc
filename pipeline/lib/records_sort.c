#define _GNU_SOURCE /* qsort_r */
#include <stdlib.h>

#include "records_store.h"

static int compare_origins(const void *a, const void *b, void *context)
{
	const struct origin *origins = context;

	return str_cmp(origins[*(const uint32_t *)a].stem, origins[*(const uint32_t *)b].stem);
}

/* Ranks the stems; returns how many there are. */
static size_t rank_stems(struct records_store *s)
{
	uint32_t *order = xcalloc(s->n_origins, sizeof(*order));
	size_t rank = 0;

	for (uint32_t i = 0; i < s->n_origins; i++)
		order[i] = i;
	qsort_r(order, s->n_origins, sizeof(*order), compare_origins, s->origins);
	for (size_t i = 0; i < s->n_origins; i++) {
		struct origin *o = &s->origins[order[i]];

		if (i > 0 && !str_eq(s->origins[order[i - 1]].stem, o->stem))
			rank++;
		o->rank = (uint32_t)rank;
	}
	free(order);
	return s->n_origins ? rank + 1 : 0;
}

struct row_place {
	uint32_t row;
	size_t place;
	unsigned char *p;
};

static int compare_places(const void *a, const void *b)
{
	const struct row_place *x = a, *y = b;

	if (x->row != y->row)
		return x->row < y->row ? -1 : 1;
	return (x->place > y->place) - (x->place < y->place);
}

/* The rows of one file mostly come in order. */
static void sort_rows(unsigned char **rows, size_t n)
{
	struct row_place *places;
	size_t i = 1;

	while (i < n && packed_row(rows[i - 1]) <= packed_row(rows[i]))
		i++;
	if (i >= n)
		return;
	places = xcalloc(n, sizeof(*places));
	for (i = 0; i < n; i++)
		places[i] = (struct row_place){ packed_row(rows[i]), i, rows[i] };
	qsort(places, n, sizeof(*places), compare_places);
	for (i = 0; i < n; i++)
		rows[i] = places[i].p;
	free(places);
}

/* Records go to the range of their stem, in the order they were added; then each range is
 * put in order of rows. */
void records_sort(struct records *rs)
{
	struct records_store *s = rs->store;
	unsigned char **sorted;
	size_t at = 0;

	if (s->sorted)
		return;
	sorted = xcalloc(rs->n, sizeof(*sorted));
	free(s->stems);
	s->n_stems = rank_stems(s);
	s->stems = xcalloc(s->n_stems, sizeof(*s->stems));
	for (size_t i = 0; i < s->n_origins; i++)
		s->stems[s->origins[i].rank].stem = s->origins[i].stem;
	for (size_t i = 0; i < rs->n; i++)
		s->stems[packed_origin(s, s->rows[i])->rank].end++;
	for (size_t k = 0; k < s->n_stems; k++) {
		s->stems[k].first = at;
		at += s->stems[k].end;
		s->stems[k].end = s->stems[k].first;
	}
	for (size_t i = 0; i < rs->n; i++)
		sorted[s->stems[packed_origin(s, s->rows[i])->rank].end++] = s->rows[i];
	for (size_t k = 0; k < s->n_stems; k++)
		sort_rows(sorted + s->stems[k].first, s->stems[k].end - s->stems[k].first);
	free(s->rows);
	s->rows = sorted;
	s->cap = rs->n;
	s->sorted = true;
}

static const struct stem_range *find_stem(const struct records_store *s, struct str stem)
{
	size_t low = 0, high = s->n_stems;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int c = str_cmp(s->stems[middle].stem, stem);

		if (c == 0)
			return &s->stems[middle];
		if (c < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

void records_of_file(const struct records *rs, struct str stem, size_t *first, size_t *end)
{
	const struct stem_range *range;

	if (!rs->store->sorted && rs->n > 0)
		BUG("records_of_file before records_sort");
	range = find_stem(rs->store, stem);
	*first = range ? range->first : 0;
	*end = range ? range->end : 0;
}

ptrdiff_t records_find(const struct records *rs, struct str record_id)
{
	const struct records_store *s = rs->store;
	const struct stem_range *range;
	struct str stem;
	uint32_t row;
	size_t low, high;

	if (!s->sorted && rs->n > 0)
		BUG("records_find before records_sort");
	record_id_split(record_id, &stem, &row);
	range = find_stem(s, stem);
	if (!range)
		return -1;
	low = range->first;
	high = range->end;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (packed_row(s->rows[middle]) < row)
			low = middle + 1;
		else
			high = middle;
	}
	return low < range->end && packed_row(s->rows[low]) == row ? (ptrdiff_t)low : -1;
}
