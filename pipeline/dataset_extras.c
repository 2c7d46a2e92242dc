/*
 * Records that share a kept row with another one: values that came back between two files that
 * arrived before. They have its values and its faults, under names of their own.
 */
#include "book.h"

#include <stdlib.h>

struct extras {
	struct map by_name; /* of the record whose row it is -> the last of them + 1 */
	size_t *before; /* each one's neighbour + 1; 0: none */
	struct arena arena;
};

static void extras_init(struct extras *x, const struct received *received)
{
	*x = (struct extras){ .before = xcalloc(received_extras(received) + 1, sizeof(*x->before)) };
	for (size_t i = 0; i < received_extras(received); i++) {
		struct kept kept;
		struct str stem;
		uint32_t row;
		uint64_t *last;

		received_extra(received, i, &stem, &row, &kept);
		last = map_put(&x->by_name, str_printf(&x->arena, "%.*s:%u", STR_FMT(stem), row), 0, NULL);
		x->before[i] = (size_t)*last;
		*last = i + 1;
	}
}

static void extras_release(struct extras *x)
{
	map_release(&x->by_name);
	free(x->before);
	arena_release(&x->arena);
}

static size_t extras_last(const struct extras *x, struct str record_id)
{
	const uint64_t *last = map_get(&x->by_name, record_id);

	return last ? (size_t)*last : 0;
}

static struct str extra_name(const struct received *received, size_t i, struct kept *kept, struct arena *a)
{
	struct str stem;
	uint32_t row;

	received_extra(received, i, &stem, &row, kept);
	return str_printf(a, "%.*s:%u", STR_FMT(kept->stem), kept->row);
}

/* A correction that was given again is judged by itself (mend.h). */
void dataset_extra_records(struct run *r, struct records *all)
{
	const struct received *received = r->book->received;
	struct arena a = { 0 };
	struct extras x;
	size_t n = all->n;

	extras_init(&x, received);
	for (size_t i = 0; x.by_name.n && i < n; i++, arena_reset(&a)) {
		size_t at = extras_last(&x, records_value(all, i, F_RECORD_ID, &a));
		struct record rec;
		struct kept kept;

		if (at)
			records_get(all, i, &rec, &a);
		for (; at && !str_eq(rec.v[F_SOURCE], STR("correction")); at = x.before[at - 1]) {
			rec.v[F_RECORD_ID] = extra_name(received, at - 1, &kept, &a);
			rec.v[F_OBSERVED_ON] = kept.observed_on;
			records_add(all, &rec);
		}
	}
	if (all->n > n)
		records_sort(all);
	extras_release(&x);
	arena_release(&a);
}

void dataset_extras(struct run *r, struct rowset *to, int id)
{
	const struct received *received = r->book->received;
	bool rejects = to->def == &table_rejects_clean;
	struct str v[TABLE_MAX_COLUMNS];
	struct arena a = { 0 };
	struct extras x;
	size_t n = to->n;

	extras_init(&x, received);
	for (size_t i = 0; x.by_name.n && i < n; i++, arena_reset(&a)) {
		struct kept kept;
		char number[16];

		rowset_get(to, i, v);
		if (rejects && str_eq(v[REJ_SOURCE], STR("correction")))
			continue;
		for (size_t at = extras_last(&x, v[id]); at; at = x.before[at - 1]) {
			v[id] = extra_name(received, at - 1, &kept, &a);
			if (rejects) {
				reject_id_make(v[id], v[REJ_FIELD], v[REJ_CODE], number);
				v[REJ_REJECT_ID] = (struct str){ number, sizeof(number) };
				v[REJ_FILE] = received_find(received, kept.stem)->name;
				v[REJ_ROW] = str_printf(&a, "%u", kept.row);
			} else {
				v[CRW_OBSERVED_ON] = kept.observed_on;
			}
			rowset_add(to, v);
		}
	}
	extras_release(&x);
	arena_release(&a);
}
