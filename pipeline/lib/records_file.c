#include <limits.h>
#include <stdio.h>

#include "csv_table.h"
#include "record.h"

enum { FLUSH_AT = 256 << 10 };

/* DIR/customer.csv and its like. */
static bool table_path(char path[PATH_MAX], const char *dir, enum entity entity, struct fault *f)
{
	int n = snprintf(path, PATH_MAX, "%s/%.*s.csv", dir, STR_FMT(entity_name(entity)));

	return (n > 0 && n < PATH_MAX) ||
	       fault_set(f, EXIT_FAILED, "the name of the folder %s is too long", dir);
}

struct output {
	struct outfile *file;
	struct buf buf;
};

static void output_flush(struct output *o)
{
	outfile_str(o->file, buf_view(&o->buf));
	buf_reset(&o->buf);
}

bool records_save(const struct records *rs, const char *dir, struct fault *f)
{
	struct output out[ENTITY_COUNT] = { 0 };
	struct record rec;
	struct arena a = { 0 };
	char path[PATH_MAX];
	bool ok = true;

	for (enum entity e = 0; ok && e < ENTITY_COUNT; e++) {
		ok = table_path(path, dir, e, f) && (out[e].file = outfile_open(path, f));
		record_csv_header(e, &out[e].buf);
	}
	for (size_t i = 0; ok && i < rs->n; i++) {
		records_get(rs, i, &rec, &a);
		for (enum entity e = 0; e < ENTITY_COUNT; e++) {
			if (!(rec.feeds & FEEDS(e)))
				continue;
			record_csv(&rec, e, &out[e].buf);
			if (out[e].buf.n >= FLUSH_AT)
				output_flush(&out[e]);
		}
		arena_reset(&a);
	}
	for (enum entity e = 0; e < ENTITY_COUNT; e++) {
		if (ok) {
			output_flush(&out[e]);
			ok = outfile_commit(out[e].file, f);
		} else {
			outfile_abandon(out[e].file);
		}
		buf_release(&out[e].buf);
	}
	arena_release(&a);
	return ok;
}

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

static bool input_open(struct input *in, const char *dir, enum entity entity, struct arena *a,
		       struct fault *f)
{
	char path[PATH_MAX];
	size_t n;

	if (!table_path(path, dir, entity, f))
		return false;
	if (!csv_table_exists(path))
		return true;
	in->reader = csv_reader_open(path, f);
	if (!in->reader)
		return false;
	in->id = csv_reader_column(in->reader, field_name(F_RECORD_ID));
	if (in->id < 0)
		return fault_set(f, EXIT_FAILED, "%s has no column record_id", path);
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

bool records_load(struct records *rs, const char *dir, struct fault *f)
{
	struct input in[ENTITY_COUNT] = { 0 };
	struct arena a = { 0 };
	struct record rec;
	unsigned have;
	bool ok = true;

	for (enum entity e = 0; ok && e < ENTITY_COUNT; e++)
		ok = input_open(&in[e], dir, e, &a, f);
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
	for (enum entity e = 0; e < ENTITY_COUNT; e++) {
		ok = input_close(&in[e], f) && ok;
		buf_release(&in[e].last);
	}
	arena_release(&a);
	records_sort(rs);
	return ok && !fault_is(f);
}
