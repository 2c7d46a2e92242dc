/* Where the records went, by number: what merge and report hand over, or found anew by hand. */
#include "book.h"

#include <stdlib.h>

void run_put_person_lines(struct run *r, uint32_t *lines)
{
	free(r->book->person_lines);
	r->book->person_lines = lines;
}

void run_put_car_lines(struct run *r, uint32_t *lines)
{
	free(r->book->car_lines);
	r->book->car_lines = lines;
}

void run_put_lacking(struct run *r, uint64_t *lacking)
{
	free(r->book->lacking);
	r->book->lacking = lacking;
}

const uint32_t *run_car_lines(const struct run *r)
{
	return r->book->car_lines;
}

const uint64_t *run_lacking(const struct run *r)
{
	return r->book->lacking;
}

static bool number_people(struct run *r, struct map *by_id, struct fault *f)
{
	const struct table_def *tables[] = { &table_customer, &table_pending };

	for (size_t k = 0; k < 2; k++) {
		const struct rowset *rs = run_table(r, tables[k], true, f);

		if (!rs)
			return false;
		for (size_t i = 0; i < rs->n; i++)
			map_put(by_id, rowset_value(rs, i, CUS_CUSTOMER_ID), by_id->n, NULL);
	}
	return true;
}

/* Records and clusters are both in the order of record ids. */
static uint32_t *find_people(const struct records *records, const struct rowset *clusters,
			     const struct map *by_id)
{
	uint32_t *lines = xmalloc((records->n + 1) * sizeof(*lines));
	struct arena a = { 0 };
	size_t next = 0;

	memset(lines, 0xFF, records->n * sizeof(*lines)); /* RUN_NOBODY */
	for (size_t i = 0; i < records->n; i++, arena_reset(&a)) {
		struct str record_id = records_value(records, i, F_RECORD_ID, &a);

		for (; next < clusters->n; next++) {
			int c = record_id_cmp(rowset_value(clusters, next, CLU_RECORD_ID), record_id);
			const uint64_t *at =
				c ? NULL : map_get(by_id, rowset_value(clusters, next, CLU_CUSTOMER_ID));

			if (c > 0)
				break;
			if (at)
				lines[i] = (uint32_t)*at;
		}
	}
	arena_release(&a);
	return lines;
}

const uint32_t *run_person_lines(struct run *r, struct fault *f)
{
	struct book *b = r->book;
	const struct rowset *clusters;
	const struct records *records;
	struct map by_id = { 0 };

	if (b->person_lines)
		return b->person_lines;
	clusters = run_table(r, &table_clusters, true, f);
	records = run_records(r, f);
	if (clusters && records && number_people(r, &by_id, f))
		b->person_lines = find_people(records, clusters, &by_id);
	map_release(&by_id);
	return b->person_lines;
}
