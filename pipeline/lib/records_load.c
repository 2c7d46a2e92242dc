#include <stdlib.h>

#include "csv_table.h"
#include "pool.h"
#include "records_file.h"
#include "records_store.h"

struct input { /* one of the three tables, with its next row */
	struct csv_reader *reader; /* NULL at its end, and where there is no such table */
	const struct str *row;
	int id; /* the column of record_id */
	enum field *fields; /* of each column; F_COUNT: none of ours */
	struct buf last; /* the record_id before */
};

static bool input_close(struct input *in, struct fault *f)
{
	bool ok = !in->reader || csv_reader_close(in->reader, f);

	in->reader = NULL;
	return ok;
}

/* The next row; the order of record ids is what joins the three tables, so it is checked. */
static bool input_next(struct input *in, struct fault *f)
{
	struct str id;

	if (!csv_reader_next(in->reader, &in->row))
		return input_close(in, f);
	id = in->row[in->id];
	if (in->last.n > 0 && record_id_cmp(buf_view(&in->last), id) >= 0)
		return fault_set(f, EXIT_FAILED,
				 "%s, line %zu: record_id %.*s does not come after %.*s",
				 csv_reader_path(in->reader), csv_reader_line(in->reader), STR_FMT(id),
				 STR_FMT(in->last));
	buf_reset(&in->last);
	buf_str(&in->last, id);
	return true;
}

/* Takes over the reader (NULL: it could not be opened). */
static bool input_open(struct input *in, struct csv_reader *reader, enum entity entity, struct arena *a,
		       struct fault *f)
{
	size_t n;

	in->reader = reader;
	if (!reader)
		return false;
	in->id = csv_reader_column(in->reader, field_name(F_RECORD_ID));
	if (in->id < 0)
		return fault_set(f, EXIT_FAILED, "%s has no column record_id",
				 csv_reader_path(reader));
	n = csv_reader_columns(in->reader);
	in->fields = arena_alloc(a, n * sizeof(*in->fields));
	for (size_t i = 0; i < n; i++) {
		enum field field = field_find(csv_reader_header(in->reader, i));

		in->fields[i] = field < F_COUNT && entity_has(entity, field) ? field : F_COUNT;
	}
	return input_next(in, f);
}

static void input_take(struct input *in, enum entity entity, struct record *rec)
{
	size_t n = csv_reader_columns(in->reader);

	rec->feeds |= FEEDS(entity);
	for (size_t i = 0; i < n; i++)
		if (in->fields[i] < F_COUNT && in->row[i].n > 0)
			rec->v[in->fields[i]] = in->row[i];
}

/* Which inputs have a row of the smallest record_id; 0 at the end of all. */
static unsigned smallest(const struct input *in)
{
	unsigned found = 0;
	struct str least = STR("");

	for (enum entity e = 0; e < ENTITY_COUNT; e++) {
		int c;

		if (!in[e].reader)
			continue;
		c = found ? record_id_cmp(in[e].row[in[e].id], least) : -1;
		if (c < 0) {
			found = 0;
			least = in[e].row[in[e].id];
		}
		if (c <= 0)
			found |= FEEDS(e);
	}
	return found;
}

static bool join(struct records *rs, struct input in[ENTITY_COUNT], struct fault *f)
{
	struct record rec;
	unsigned have;
	bool ok = true;

	while (ok && (have = smallest(in))) {
		memset(&rec, 0, sizeof(rec));
		for (enum entity e = 0; e < ENTITY_COUNT; e++)
			if (have & FEEDS(e))
				input_take(&in[e], e, &rec);
		records_add(rs, &rec);
		for (enum entity e = 0; ok && e < ENTITY_COUNT; e++)
			if (have & FEEDS(e))
				ok = input_next(&in[e], f);
	}
	return ok;
}

static bool inputs_close(struct input in[ENTITY_COUNT], struct fault *f)
{
	bool ok = true;

	for (enum entity e = 0; e < ENTITY_COUNT; e++) {
		ok = input_close(&in[e], f) && ok;
		buf_release(&in[e].last);
	}
	return ok;
}

static bool load_in_one_go(struct records *rs, const char *dir, struct fault *f)
{
	struct input in[ENTITY_COUNT] = { 0 };
	struct arena a = { 0 };
	char path[PATH_MAX];
	bool ok = true;

	for (enum entity e = 0; ok && e < ENTITY_COUNT; e++) {
		ok = records_path(path, dir, e, f);
		if (ok && csv_table_exists(path))
			ok = input_open(&in[e], csv_reader_open(path, f), e, &a, f);
	}
	ok = ok && join(rs, in, f);
	ok = inputs_close(in, f) && ok;
	arena_release(&a);
	return ok && !fault_is(f);
}

/* ---- piece by piece, on several threads ---- */

enum { PIECES_PER_JOB = 3 };

struct piece {
	struct records records;
	bool ok;
};

struct loading {
	struct records *to;
	const struct records_cuts *cuts;
	struct piece *slots;
	size_t n_slots;
	bool ok;
};

/* The rows of a piece have the ids for which it was cut: so all rows are in order where those of
 * each piece are. */
static bool is_within(const struct records *rs, const struct records_cuts *cuts, size_t piece)
{
	struct arena a = { 0 };
	bool within = true;

	if (rs->n > 0 && piece > 0)
		within = record_id_cmp(records_value(rs, 0, F_RECORD_ID, &a), cuts->ids[piece]) >= 0;
	if (rs->n > 0 && piece + 1 < cuts->n)
		within = within && record_id_cmp(records_value(rs, rs->n - 1, F_RECORD_ID, &a),
						 cuts->ids[piece + 1]) < 0;
	arena_release(&a);
	return within;
}

static void load_piece(void *context, size_t number, unsigned worker)
{
	const struct loading *l = context;
	struct piece *p = &l->slots[number % l->n_slots];
	struct input in[ENTITY_COUNT] = { 0 };
	struct fault f = { 0 };
	struct arena a = { 0 };

	(void)worker;
	p->ok = true;
	records_init(&p->records);
	for (enum entity e = 0; p->ok && e < ENTITY_COUNT; e++) {
		const struct cut_table *t = &l->cuts->tables[e];
		struct str rows = cut_rows(l->cuts, e, number);

		if (rows.n)
			p->ok = input_open(&in[e], csv_reader_over(t->path, t->header, rows, &f), e, &a, &f);
	}
	p->ok = p->ok && join(&p->records, in, &f);
	p->ok = inputs_close(in, &f) && p->ok && is_within(&p->records, l->cuts, number);
	arena_release(&a);
	fault_release(&f); /* whoever reads the tables in one go tells it, with its line */
}

static void gather_piece(void *context, size_t number)
{
	struct loading *l = context;
	struct piece *p = &l->slots[number % l->n_slots];

	l->ok = l->ok && p->ok;
	if (l->ok)
		records_append(l->to, &p->records);
	records_release(&p->records);
}

static bool load_pieces(struct records *rs, const struct records_cuts *cuts, unsigned jobs)
{
	struct loading l = { .to = rs, .cuts = cuts, .n_slots = (size_t)jobs * PIECES_PER_JOB, .ok = true };

	l.slots = xcalloc(l.n_slots, sizeof(*l.slots));
	pool_in_order(jobs, cuts->n, l.n_slots, load_piece, gather_piece, &l);
	free(l.slots);
	return l.ok;
}

/* False where the tables cannot be cut, or not all is well with them. */
static bool load_side_by_side(struct records *rs, const char *dir)
{
	unsigned jobs = pool_jobs();
	struct records_cuts cuts;
	bool ok = jobs > 1 && records_cuts_make(&cuts, dir, jobs);

	if (!ok)
		return false;
	ok = load_pieces(rs, &cuts, jobs) && records_cuts_intact(&cuts);
	records_cuts_release(&cuts);
	if (!ok) {
		records_empty(rs);
	}
	return ok;
}

bool records_load(struct records *rs, const char *dir, struct fault *f)
{
	if (!load_side_by_side(rs, dir) && !load_in_one_go(rs, dir, f))
		return false;
	records_sort(rs);
	return true;
}
