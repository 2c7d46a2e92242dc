/*
 * One table of extract/ as a filter. What is known of the file that a row came from (its
 * headers as they came, what its schema expects, columns that went through a spreadsheet) is
 * in extract/files.csv below --in, as for the whole stage. Without --in there is only the
 * schema that the record_id names: its first headers stand for those of the file, and nothing
 * is known of a whole column. A row that this table can't use is only rejected where its
 * schema feeds no other.
 */
#include "filter.h"

#include "contexts.h"
#include "csv_table.h"
#include "destination.h"

#include <unistd.h>

enum { FLUSH = 1 << 20 };

struct schema_context { /* a schema's answer to the question what is known of a file */
	struct clean_context context;
	struct str headers[F_COUNT];
};

struct filter {
	struct run *run;
	const struct cleaner *cleaner;
	const struct schemas *schemas;
	struct schema_context *contexts; /* by schema; the last one where none is known */
	struct contexts files; /* below --in; empty without it */
	struct clean_context of_file; /* of the row's file */
	enum entity entity;
	struct csv_reader *in;
	int columns[F_COUNT]; /* of the input; -1: not there */
	struct outfile *out;
	struct destination rejects_file;
	struct rowset rejects;
	struct buf out_text, rejects_text;
	struct arena arena; /* of one row */
};

static bool find_entity(struct filter *x, struct fault *f)
{
	for (enum entity entity = 0; entity < ENTITY_COUNT; entity++) {
		if (str_eq(entity_name(entity), str_of(x->run->opt.table))) {
			x->entity = entity;
			return true;
		}
	}
	return fault_set(f, EXIT_USAGE, "--table is customer, vehicle or contact, not \"%s\"",
			 x->run->opt.table);
}

static bool find_columns(struct filter *x, struct fault *f)
{
	size_t n;
	const enum field *fields = entity_fields(x->entity, &n);

	for (int i = 0; i < F_COUNT; i++)
		x->columns[i] = -1;
	for (size_t i = 0; i < n; i++)
		x->columns[fields[i]] = csv_reader_column(x->in, field_name(fields[i]));
	if (x->columns[F_RECORD_ID] >= 0)
		return true;
	fault_set(f, EXIT_FAILED, "the input has no column record_id");
	fault_hint(f, "it takes a table of extract/, such as extract/%s.csv", x->run->opt.table);
	return false;
}

static void make_contexts(struct filter *x)
{
	const struct schemas *s = x->schemas;

	x->contexts = arena_zalloc(&x->run->arena, (s->n + 1) * sizeof(*x->contexts));
	for (size_t i = 0; i <= s->n; i++) {
		struct schema_context *to = &x->contexts[i];
		const struct schema *schema = &s->list[i];

		to->context.lang = x->run->opt.lang;
		if (i == s->n)
			break;
		to->context.schema = schema->name;
		to->context.expected = schema->expected;
		to->context.headers = to->headers;
		to->context.elsewhere = schema->feeds != FEEDS(x->entity);
		for (size_t c = 0; c < schema->n_columns; c++)
			for (size_t k = 0; k < schema->columns[c].n_fields; k++)
				if (!to->headers[schema->columns[c].fields[k]].n)
					to->headers[schema->columns[c].fields[k]] =
						schema->columns[c].headers[0];
	}
}

/* The schema whose name is in front of the record id. */
static const struct clean_context *context_of_schema(struct filter *x, struct str record_id)
{
	struct schema_context *best = &x->contexts[x->schemas->n];
	size_t longest = 0;
	struct str stem;
	uint32_t row;

	record_id_split(record_id, &stem, &row);
	for (size_t i = 0; i < x->schemas->n; i++) {
		struct str name = x->schemas->list[i].name;

		if (name.n > longest && stem.n > name.n && stem.p[name.n] == '_' &&
		    str_starts(stem, name)) {
			longest = name.n;
			best = &x->contexts[i];
		}
	}
	best->context.file = str_printf(&x->arena, "%.*s.csv", STR_FMT(stem));
	return &best->context;
}

static const struct clean_context *context_of(struct filter *x, struct str record_id)
{
	size_t at = x->files.n ? contexts_find(&x->files, record_id) : 0;

	if (at + 1 >= x->files.n) /* the last one is of files that are not known */
		return context_of_schema(x, record_id);
	x->of_file = x->files.list[at].context;
	x->of_file.elsewhere = !str_eq(x->files.list[at].feeds, entity_name(x->entity));
	return &x->of_file;
}

static void move_rejects(struct filter *x)
{
	struct str v[REJ_COLUMNS];

	for (size_t i = 0; i < x->rejects.n; i++) {
		rowset_get(&x->rejects, i, v);
		csv_row(&x->rejects_text, v, REJ_COLUMNS);
	}
	if (x->rejects.n) {
		rowset_release(&x->rejects);
		rowset_init(&x->rejects, &table_rejects_clean);
	}
}

static void flush(struct filter *x, size_t from)
{
	if (x->out_text.n >= from) {
		outfile_str(x->out, buf_view(&x->out_text));
		buf_reset(&x->out_text);
	}
	if (x->rejects_text.n >= from) {
		outfile_str(x->rejects_file.file, buf_view(&x->rejects_text));
		buf_reset(&x->rejects_text);
	}
}

static void filter_row(struct filter *x, const struct str *fields)
{
	struct record rec = {.feeds = FEEDS(x->entity)};

	for (int i = 0; i < F_COUNT; i++)
		if (x->columns[i] >= 0)
			rec.v[i] = fields[x->columns[i]];
	if (cleaner_record(x->cleaner, context_of(x, rec.v[F_RECORD_ID]), &rec, &x->rejects,
			   &x->arena) != FATE_REJECTED)
		record_csv(&rec, x->entity, &x->out_text);
	move_rejects(x);
	arena_reset(&x->arena);
}

static void filter_rows(struct filter *x)
{
	const struct str *fields;

	record_csv_header(x->entity, &x->out_text);
	rowset_csv(&x->rejects, &x->rejects_text); /* the header */
	while (csv_reader_next(x->in, &fields)) {
		filter_row(x, fields);
		flush(x, FLUSH);
	}
	flush(x, 0);
}

static bool load_files(struct filter *x, struct fault *f)
{
	const struct rowset *files;

	if (!x->run->opt.in)
		return true;
	files = run_table(x->run, &table_files, false, f);
	if (files)
		contexts_load(&x->files, files, x->run->opt.lang);
	return files != NULL;
}

static bool open_all(struct filter *x, struct fault *f)
{
	if (!load_files(x, f))
		return false;
	x->in = csv_reader_open("-", f);
	if (!x->in || !find_columns(x, f))
		return false;
	if (!destination_open(&x->rejects_file, x->run->opt.rejects, f))
		return false;
	x->out = outfile_fd(STDOUT_FILENO, "standard output");
	return true;
}

static bool close_all(struct filter *x, bool ok, struct fault *f)
{
	if (x->in)
		ok &= csv_reader_close(x->in, f);
	if (x->out)
		ok &= outfile_commit(x->out, f);
	if (x->rejects_file.file && ok)
		ok = destination_commit(&x->rejects_file, f);
	else
		destination_abandon(&x->rejects_file);
	contexts_release(&x->files);
	rowset_release(&x->rejects);
	buf_release(&x->out_text);
	buf_release(&x->rejects_text);
	arena_release(&x->arena);
	return ok;
}

bool filter_table(struct run *r, const struct cleaner *c, struct fault *f)
{
	struct filter x = {.run = r,
			   .cleaner = c,
			   .schemas = run_schemas(r, f),
			   .rejects_file = {.stream = -1}};
	bool ok;

	if (!x.schemas || !find_entity(&x, f))
		return false;
	make_contexts(&x);
	rowset_init(&x.rejects, &table_rejects_clean);
	ok = open_all(&x, f);
	if (ok)
		filter_rows(&x);
	return close_all(&x, ok, f);
}
