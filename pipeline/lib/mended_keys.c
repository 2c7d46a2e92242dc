#include "mended_keys.h"

#include <stdlib.h>

enum { TWICE = UINT32_MAX };

void keyed_rows_add(struct keyed_rows *rows, struct str id, struct str key)
{
	GROW(rows->list, rows->n, rows->cap);
	rows->list[rows->n++] = (struct keyed_row){ id, key };
}

/* Key -> the record that has it; TWICE where several have. */
static void index_file(struct map *at, const struct records *records, struct str stem, enum field key)
{
	size_t i, end;

	for (records_of_file(records, stem, &i, &end); i < end; i++) {
		struct str value = str_trim(records_value(records, i, key, NULL));
		bool added;
		uint64_t *place = value.n ? map_put(at, value, i, &added) : NULL;

		if (place && !added)
			*place = TWICE;
	}
}

void keyed_rows_settle(struct keyed_rows *rows, size_t from, const struct records *records, struct str stem,
		       enum field key)
{
	struct map cleaned = { 0 }, times = { 0 };
	size_t left = from;

	if (rows->n == from)
		return;
	index_file(&cleaned, records, stem, key);
	for (size_t i = from; i < rows->n; i++)
		++*map_put(&times, rows->list[i].key, 0, NULL);
	for (size_t i = from; i < rows->n; i++)
		if (*map_get(&times, rows->list[i].key) == 1 && !map_get(&cleaned, rows->list[i].key))
			rows->list[left++] = rows->list[i];
	rows->n = left;
	map_release(&cleaned);
	map_release(&times);
}

void keyed_rows_find(const struct keyed_rows *rows, const struct records *records, struct str stem,
		     enum field key, struct mended_rows *m)
{
	struct map at = { 0 };

	if (rows->n)
		index_file(&at, records, stem, key);
	for (size_t i = 0; i < rows->n; i++) {
		const uint64_t *place = map_get(&at, rows->list[i].key);

		if (!place || *place == TWICE)
			continue;
		*map_put(&m->keyed, rows->list[i].id, 0, NULL) = m->n;
		GROW(m->ids, m->n, m->cap);
		m->ids[m->n++] = records_value(records, *place, F_RECORD_ID, &m->arena);
	}
	map_release(&at);
}

void keyed_rows_release(struct keyed_rows *rows)
{
	free(rows->list);
	*rows = (struct keyed_rows){ 0 };
}
