#include "again.h"

#include "encoding.h"
#include "export.h"
#include "file_note.h"

struct file_again {
	struct run *r;
	struct received *received;
	struct map no_rows; /* record ids */
	size_t file; /* index in received */
	struct arena arena; /* of the file */
	struct arena row_arena;
};

static bool reopen(struct file_again *x, const struct received_file *file, struct export **e, struct fault *f)
{
	const struct schemas *schemas = run_schemas(x->r, f);
	const struct reference *reference = schemas ? run_reference(x->r, f) : NULL;
	struct export_name name;
	struct str reason;

	if (!reference)
		return false;
	*e = NULL;
	if (export_name_parse(&name, schemas, file->name, &reason))
		*e = export_reopen(&name, file->header, file->encoding, file->delimiter, reference, &x->arena,
				   &reason);
	if (*e)
		return true;
	fault_set(f, EXIT_USAGE, "%.*s was received, but the schemas of today cannot read it: %.*s",
		  STR_FMT(file->name), STR_FMT(reason));
	fault_hint(f, "let its schema go on knowing the headers that it had");
	return false;
}

static bool read_rows(struct file_again *x, const struct received_file *file, struct records *records,
		      struct fault *f)
{
	struct export *e;
	struct raw_row raw = { 0 };
	struct record rec;
	const char *code;
	struct str detail;

	if (!reopen(x, file, &e, f))
		return false;
	for (size_t i = 0; i < received_kept_rows(x->received, x->file); i++) {
		if (!received_kept_row(x->received, x->file, i, &raw.row, &raw.bytes, f)) {
			export_close(e);
			return false;
		}
		/* Rows that are none stay with the faults that were told of them; some are forgotten. */
		if (raw.bytes.n && export_record(e, &raw, &rec, &code, &detail, &x->row_arena) &&
		    !map_get(&x->no_rows, rec.v[F_RECORD_ID]))
			records_add(records, &rec);
		arena_reset(&x->row_arena);
	}
	export_close(e);
	return true;
}

static bool wanted(struct run *r, const struct rowset *files, const struct received_file *file, struct fault *f)
{
	const struct schemas *schemas = run_schemas(r, f);
	const struct schema *schema = schemas ? schemas_find(schemas, file->schema) : NULL;

	for (size_t i = 0; i < files->n; i++) {
		if (str_eq(rowset_value(files, i, FIL_STEM), file->stem) &&
		    str_eq(rowset_value(files, i, FIL_STATUS), STR("ok")))
			return !schema || !schema->corrections;
	}
	return false;
}

bool extract_again(struct run *r, struct received *received, const struct rowset *files,
		   const struct rowset *rejects, struct records *records, struct fault *f)
{
	struct file_again x = { .r = r, .received = received };
	bool ok = true;

	for (size_t i = 0; i < rejects->n; i++)
		map_put(&x.no_rows, rowset_value(rejects, i, REJ_RECORD_ID), 0, NULL);
	for (x.file = 0; ok && x.file < received_files(received); x.file++) {
		const struct received_file *file = received_file(received, x.file);

		if (wanted(r, files, file, f))
			ok = read_rows(&x, file, records, f);
		arena_reset(&x.arena);
	}
	records_sort(records);
	map_release(&x.no_rows);
	arena_release(&x.arena);
	arena_release(&x.row_arena);
	return ok;
}

void extract_file_again(const struct schemas *schemas, struct str *v, struct arena *a)
{
	const struct schema *schema = schemas_find(schemas, v[FIL_SCHEMA]);

	if (!schema || !str_eq(v[FIL_STATUS], STR("ok")))
		return;
	v[FIL_FEEDS] = file_note_feeds(schema, a);
	v[FIL_EXPECTS] = file_note_expects(schema, a);
}

bool extract_row_again(struct run *r, struct received *received, struct str record_id,
		       struct record *rec, struct arena *a, struct fault *f)
{
	struct file_again x = { .r = r, .received = received };
	const struct received_file *file;
	struct export *e;
	struct raw_row raw = { 0 };
	struct record values;
	struct str stem, detail;
	const char *code;
	bool ok;

	record_id_split(record_id, &stem, &raw.row);
	file = received_find(received, stem);
	if (!file || !received_original(received, stem, raw.row, &raw.bytes, f) || !reopen(&x, file, &e, f))
		return false;
	ok = export_record(e, &raw, &values, &code, &detail, &x.row_arena);
	if (ok) {
		*rec = (struct record){ .feeds = values.feeds };
		for (int i = 0; i < F_COUNT; i++)
			rec->v[i] = str_keep(a, values.v[i]);
	}
	export_close(e);
	arena_release(&x.arena);
	arena_release(&x.row_arena);
	return ok;
}

/* The export of the line at hand stays open for the next: lines are in the order of records. */
struct values_again {
	struct file_again x;
	struct export *e;
	const struct received_file *file;
};

static bool turn_to(struct values_again *w, const struct received_file *file, struct fault *f)
{
	if (file == w->file)
		return true;
	export_close(w->e);
	w->e = NULL;
	w->file = NULL;
	arena_reset(&w->x.arena);
	if (!reopen(&w->x, file, &w->e, f))
		return false;
	w->file = file;
	return true;
}

static bool value_again(struct values_again *w, struct str *v, struct fault *f)
{
	enum field field = field_find(v[REJ_FIELD]);
	const struct received_file *file;
	struct raw_row raw = { 0 };
	struct record rec;
	struct str stem, detail;
	const char *code;

	record_id_split(v[REJ_RECORD_ID], &stem, &raw.row);
	received_place(w->x.received, &stem, &raw.row);
	file = received_find(w->x.received, stem);
	if (!file || field == F_COUNT || str_eq(v[REJ_SOURCE], STR("correction")) ||
	    !received_original(w->x.received, stem, raw.row, &raw.bytes, f))
		return !fault_is(f);
	if (!turn_to(w, file, f))
		return false;
	if (export_record(w->e, &raw, &rec, &code, &detail, &w->x.row_arena) && rec.v[field].n)
		v[REJ_VALUE] = rec.v[field];
	return true;
}

bool extract_values_again(struct run *r, struct received *received, struct rowset *rejects, struct fault *f)
{
	struct values_again w = { .x = { .r = r, .received = received } };
	struct rowset as_came;
	struct str v[REJ_COLUMNS];
	bool ok = true;

	rowset_init(&as_came, rejects->def);
	for (size_t i = 0; ok && i < rejects->n; i++) {
		rowset_get(rejects, i, v);
		ok = value_again(&w, v, f);
		rowset_add(&as_came, v);
		arena_reset(&w.x.row_arena);
	}
	rowset_release(rejects);
	*rejects = as_came;
	export_close(w.e);
	arena_release(&w.x.arena);
	arena_release(&w.x.row_arena);
	return ok;
}

bool extract_line_again(struct received *received, struct str record_id, struct str *line,
			struct arena *a)
{
	const struct received_file *file;
	struct fault ignored = { 0 };
	enum encoding encoding;
	struct str stem, bytes;
	uint32_t row;
	size_t bad;
	bool ok;

	record_id_split(record_id, &stem, &row);
	received_place(received, &stem, &row);
	file = received_find(received, stem);
	ok = file && encoding_find(file->encoding, &encoding) &&
	     received_original(received, stem, row, &bytes, &ignored) &&
	     encoding_decode(encoding, bytes, a, line, &bad);
	fault_release(&ignored);
	if (ok)
		*line = str_trim(*line);
	return ok;
}
