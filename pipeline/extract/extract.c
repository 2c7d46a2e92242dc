/*
 * extract: files of an inbox in; rows of known columns out, each with its origin.
 *
 * Comes in: exports as people and systems made them. Goes out: extract/customer, vehicle and
 * contact with the values as they came, decoded; extract/files (what is known of each file);
 * extract/corrections (rows of mended reject files); the ledger; and the original bytes of
 * every row that is new (received.*.gz). Rejected: rows that are no rows (ROW_*). Into
 * quarantine: files that fit no schema or cannot be read. Never: changes a value.
 */
#include "stage.h"

#include "book.h"
#include "decisions.h"
#include "export.h"
#include "file_note.h"
#include "forgotten.h"
#include "inbox.h"
#include "later.h"
#include "read_limits.h"
#include "pool.h"
#include "text.h"

#include <stdlib.h>

/* A piece fits the cache of a core; a batch keeps all of them busy. */
enum { PIECE_ROWS = 128, BATCH_PIECES = 16, BATCH_ROWS = PIECE_ROWS * BATCH_PIECES };

struct row { /* a row on its way: decoded by a worker, booked in order */
	struct raw_row raw;
	struct record record;
	struct str correction[CRW_COLUMNS];
	const char *code; /* NULL: it is a row */
	struct str detail;
	struct hash128 values;
	uint64_t key;
	bool forgotten; /* of somebody who asked to be: nothing of it is kept */
};

struct batch { /* rows of one file, in order */
	struct row *rows; /* BATCH_ROWS */
	size_t n;
	struct arena arenas[BATCH_PIECES];
	struct buf keys[BATCH_PIECES];
};

struct counts {
	uint64_t rows, accepted, rejected, duplicate;
};

struct extraction {
	struct run *r;
	const struct codes *codes;
	struct received *received;
	struct limits limits;
	struct forgotten forgotten;
	struct records records;
	struct rowset rejects, files, corrections, decisions, ledger;
	/* of the file at hand */
	const struct inbox_file *file;
	struct export *export;
	struct counts counts;
	struct batch batches[2]; /* one is filled and decoded while the other is booked */
	struct batch *filling;
	struct later *booking;
	struct arena file_arena;
	uint64_t total_rows;
};

/* ---- one row, on any thread ---- */

static void put_value(struct buf *b, struct str s)
{
	uint32_t n = (uint32_t)s.n;

	buf_add(b, &n, sizeof(n));
	buf_str(b, s);
}

/* Sender, schema and values tell rows apart; not the file, nor its date. */
static void identify(struct row *row, const struct export_name *name, struct buf *b)
{
	const struct schema *schema = name->schema;
	struct str key = STR("");

	buf_reset(b);
	put_value(b, schema->name);
	put_value(b, name->sender);
	size_t front = b->n;

	if (row->code) {
		put_value(b, row->raw.bytes);
	} else if (schema->corrections) {
		for (int i = CRW_REJECT_ID; i < CRW_COLUMNS; i++)
			put_value(b, row->correction[i]);
		key = row->correction[CRW_REJECT_ID];
	} else {
		for (int i = F_DEALER_CODE; i < F_COUNT; i++) {
			if (i != F_OBSERVED_ON && row->record.v[i].n) {
				buf_char(b, (char)i);
				put_value(b, row->record.v[i]);
			}
		}
		if (schema->key != F_COUNT)
			key = str_trim(row->record.v[schema->key]);
	}
	row->values = hash128(buf_view(b));
	row->key = 0;
	if (key.n) {
		b->n = front;
		put_value(b, key);
		row->key = hash64(buf_view(b)) | 1;
	}
}

/* ---- people who asked to be forgotten ---- */

/* The bytes that are kept lose what the cells lost. */
static void overwrite(struct row *row, struct str number, struct arena *a)
{
	char *copy = arena_bytes(a, row->raw.bytes.n);

	memcpy(copy, row->raw.bytes.p, row->raw.bytes.n);
	forgotten_overwrite(copy, row->raw.bytes.n, number);
	row->raw.bytes.p = copy;
}

static bool answers_forgotten(const struct extraction *x, const struct row *row, struct arena *a)
{
	return forgotten_number(&x->forgotten, row->correction[CRW_VALUE], a) ||
	       forgotten_number(&x->forgotten, row->correction[CRW_CORRECTED_VALUE], a);
}

/* A row of theirs goes; of somebody else's row, what it says of them. */
static void forget(const struct extraction *x, struct row *row, struct arena *a)
{
	const struct forgotten *fg = &x->forgotten;
	bool correction = x->file->name.schema->corrections;
	struct str numbers[FORGOTTEN_CELLS], cells[FORGOTTEN_CELLS];
	size_t n = forgotten_find(fg, row->raw.bytes, numbers, FORGOTTEN_CELLS, a), n_cells;
	char hash[CUSTOMER_ID_LENGTH];

	row->forgotten = row->code || correction ? n > 0 : forgotten_row(fg, &row->record, a);
	if (correction && !row->code)
		row->forgotten |= answers_forgotten(x, row, a);
	if (row->forgotten) {
		customer_id_make(&fg->key, (struct str){ (char *)&row->values, sizeof(row->values) }, hash);
		row->values = hash128((struct str){ hash, sizeof(hash) });
		row->raw.bytes.n = 0;
		return;
	}
	if (row->code || correction)
		return;
	n_cells = forgotten_blank(fg, &row->record, cells, a);
	for (size_t i = 0; i < n; i++) {
		forgotten_clear(&row->record, numbers[i], a);
		overwrite(row, numbers[i], a);
	}
	for (size_t i = 0; i < n_cells; i++)
		overwrite(row, text_code(a, cells[i]), a);
}

static void decode_piece(void *context, size_t piece, unsigned worker)
{
	struct extraction *x = context;
	struct batch *b = x->filling;
	struct arena *a = &b->arenas[piece];
	size_t end = (piece + 1) * PIECE_ROWS < b->n ? (piece + 1) * PIECE_ROWS : b->n;

	(void)worker;
	arena_reset(a);
	for (size_t i = piece * PIECE_ROWS; i < end; i++) {
		struct row *row = &b->rows[i];

		row->code = row->raw.code;
		row->detail = row->raw.detail;
		if (!row->code && x->file->name.schema->corrections)
			export_correction(x->export, &row->raw, row->correction, &row->code, &row->detail, a);
		else if (!row->code)
			export_record(x->export, &row->raw, &row->record, &row->code, &row->detail, a);
		identify(row, &x->file->name, &b->keys[piece]);
		row->forgotten = false;
		if (forgotten_any(&x->forgotten))
			forget(x, row, a);
	}
}

/* ---- booking, in order ---- */

static void book_bad_row(struct extraction *x, const struct row *row, struct arena *a)
{
	const struct export_name *name = &x->file->name;
	struct reject reject = {
		.code = codes_find(x->codes, str_of(row->code)),
		.record_id = str_printf(a, "%.*s:%u", STR_FMT(name->stem), row->raw.row),
		.source = name->schema->source,
		.dealer_code = str_eq(name->sender, STR("hq")) ? STR("") : name->sender,
		.file = x->file->file,
		.detail = row->detail,
	};

	if (!reject.code)
		BUG("code %s is not in rules/codes.csv", row->code);
	reject.action = reject.code->action;
	reject_add(&x->rejects, &reject, x->r->opt.lang, a);
	x->counts.rejected++;
}

static void book_row(struct extraction *x, struct row *row, struct arena *a)
{
	enum sight sight = received_sight(x->received, row->raw.row, row->raw.offset, row->raw.bytes,
					  row->values, row->forgotten ? 0 : row->key);

	x->counts.rows++;
	if (!row->code && !row->forgotten && !x->file->name.schema->corrections)
		export_observe(x->export, &row->record);
	if (sight == SIGHT_DUPLICATE || row->forgotten) {
		x->counts.duplicate++;
	} else if (row->code) {
		book_bad_row(x, row, a);
	} else {
		x->counts.accepted++;
		if (x->file->name.schema->corrections)
			rowset_add(&x->corrections, row->correction);
		else
			records_add(&x->records, &row->record);
	}
}

struct to_book {
	struct extraction *x;
	struct batch *batch;
};

static bool book_rows(void *context, struct fault *f)
{
	struct to_book *t = context;
	struct batch *b = t->batch;

	(void)f;
	for (size_t i = 0; i < b->n; i++)
		book_row(t->x, &b->rows[i], &b->arenas[i / PIECE_ROWS]);
	free(t);
	return true;
}

static void wait_for_booking(struct extraction *x)
{
	struct fault none = { 0 };

	later_wait(x->booking, &none);
}

/* Decodes the rows gathered, and has them booked while the next are gathered. */
static void end_batch(struct extraction *x)
{
	struct batch *b = x->filling;
	struct to_book *t = xmalloc(sizeof(*t));
	struct fault none = { 0 };

	pool_each(x->r->opt.jobs, (b->n + PIECE_ROWS - 1) / PIECE_ROWS, decode_piece, x);
	x->total_rows += b->n;
	wait_for_booking(x);
	*t = (struct to_book){ x, b };
	later_do(x->booking, book_rows, t, &none);
	x->filling = b == &x->batches[0] ? &x->batches[1] : &x->batches[0];
	x->filling->n = 0;
	run_progress(x->r, "extract", x->total_rows, 0);
}

/* ---- one file ---- */

static void note_file(struct extraction *x)
{
	const struct inbox_file *file = x->file;
	const struct schema *schema = file->name.schema;
	struct arena *a = &x->file_arena;
	struct str v[FIL_COLUMNS] = {
		[FIL_FILE] = file->file,
		[FIL_SHA256] = { file->sha256, file->sha256[0] ? 64 : 0 },
		[FIL_STATUS] = file->reason.n ? STR("quarantined") : STR("ok"),
		[FIL_REASON] = file->reason,
		[FIL_ROWS] = str_printf(a, "%llu", (unsigned long long)x->counts.rows),
	};

	if (schema) { /* so that the answer reaches the sender of a misnamed file too */
		v[FIL_SCHEMA] = schema->name;
		v[FIL_SENDER] = file->name.sender;
		v[FIL_SOURCE] = schema->source;
	}
	if (schema && !file->misnamed) {
		v[FIL_STEM] = file->name.stem;
		v[FIL_OBSERVED_ON] = (struct str){ file->name.observed_on, 10 };
		v[FIL_MODE] = schema->full ? STR("full") : STR("delta");
		v[FIL_FEEDS] = file_note_feeds(schema, a);
		v[FIL_EXPECTS] = file_note_expects(schema, a);
	}
	if (x->export) {
		v[FIL_ENCODING] = export_encoding(x->export);
		v[FIL_DELIMITER] = export_delimiter(x->export);
		v[FIL_HEADERS] = file_note_headers(x->export, a);
		v[FIL_UNKNOWN_HEADERS] = export_unknown_headers(x->export, a);
		v[FIL_FINDINGS] = export_findings(x->export, a);
	}
	rowset_add(&x->files, v);
}

static void note_ledger(struct extraction *x, struct str encoding)
{
	const struct inbox_file *file = x->file;
	struct arena *a = &x->file_arena;
	const struct counts *c = &x->counts;
	bool named = file->name.schema != NULL;
	struct str v[LED_COLUMNS] = {
		[LED_FILE] = file->file,
		[LED_SOURCE] = named ? file->name.schema->source : STR(""),
		[LED_SENDER] = named ? file->name.sender : STR(""),
		[LED_SHA256] = { file->sha256, file->sha256[0] ? 64 : 0 },
		[LED_ENCODING] = encoding,
		[LED_ROWS] = str_printf(a, "%llu", (unsigned long long)c->rows),
		[LED_ACCEPTED] = str_printf(a, "%llu", (unsigned long long)c->accepted),
		[LED_FLAGGED] = STR("0"),
		[LED_REJECTED] = str_printf(a, "%llu", (unsigned long long)c->rejected),
		[LED_DUPLICATE] = str_printf(a, "%llu", (unsigned long long)c->duplicate),
		[LED_STATUS] = file->reason.n ? STR("quarantined") : STR("ok"),
		[LED_REASON] = file->reason,
	};

	rowset_add(&x->ledger, v);
}

static void read_rows(struct extraction *x)
{
	struct received_file info = {
		.name = x->file->file,
		.stem = x->file->name.stem,
		.schema = x->file->name.schema->name,
		.sender = x->file->name.sender,
		.sha256 = { x->file->sha256, 64 },
		.encoding = export_encoding(x->export),
		.delimiter = export_delimiter(x->export).n ? export_delimiter(x->export).p[0] : ',',
		.full = x->file->name.schema->full,
		.header = export_header(x->export),
	};

	memcpy(info.observed_on, x->file->name.observed_on, sizeof(info.observed_on));
	received_begin(x->received, &info);
	x->filling->n = 0;
	while (export_next(x->export, &x->filling->rows[x->filling->n].raw)) {
		if (++x->filling->n == BATCH_ROWS)
			end_batch(x);
	}
	if (x->filling->n)
		end_batch(x);
	wait_for_booking(x);
	received_end(x->received);
}

static void note(struct extraction *x)
{
	const struct inbox_file *file = x->file;

	if (file->reason.n) {
		x->r->needs_person = true;
		run_say(x->r, "quarantine: %.*s: %.*s", STR_FMT(file->file), STR_FMT(file->reason));
	}
	note_file(x);
	note_ledger(x, x->export ? export_encoding(x->export) : STR(""));
}

/* False where the file did not stay what it was: nothing of it may be kept. */
static bool read_file(struct extraction *x, struct inbox_file *file)
{
	bool intact = true;

	x->file = file;
	x->export = NULL;
	x->counts = (struct counts){ 0 };
	if (file->known) {
		x->counts.rows = x->counts.duplicate = file->known->rows;
		note_ledger(x, file->known->encoding);
		return true;
	}
	if (decisions_is_file(file->file) && !file->changed) {
		file->reason = (struct str){ 0 };
		decisions_read(file->path, &x->decisions, &x->counts.rows, &x->file_arena, &file->reason);
		x->counts.accepted = x->counts.rows;
		intact = inbox_file_unchanged(file);
	} else if (!file->reason.n) {
		x->export = export_open(file->path, &file->name, &x->limits, &x->file_arena, &file->reason);
		if (x->export)
			read_rows(x);
		intact = inbox_file_unchanged(file) && (!x->export || export_intact(x->export));
	}
	if (intact)
		note(x);
	export_close(x->export);
	arena_reset(&x->file_arena);
	return intact;
}

/* ---- the stage ---- */

static int by_record(const struct str *a, const struct str *b)
{
	return record_id_cmp(a[REJ_RECORD_ID], b[REJ_RECORD_ID]);
}

static int by_correction(const struct str *a, const struct str *b)
{
	return record_id_cmp(a[CRW_RECORD_ID], b[CRW_RECORD_ID]);
}

static int by_name(const struct str *a, const struct str *b)
{
	return str_cmp(a[0], b[0]);
}

static bool hand_over_decisions(struct extraction *x, struct fault *f)
{
	struct rowset standing;

	rowset_init(&standing, &table_decisions);
	decisions_settle(&x->decisions, &standing);
	return run_keep(x->r, &x->decisions, f) && run_put(x->r, &standing, f);
}

static bool hand_over(struct extraction *x, struct fault *f)
{
	records_sort(&x->records);
	rowset_sort(&x->rejects, by_record);
	rowset_sort(&x->corrections, by_correction);
	rowset_sort(&x->files, by_name);
	rowset_sort(&x->ledger, by_name);
	return received_commit(x->received, f) && run_put_date(x->r, f) &&
	       run_put_records(x->r, "extract", &x->records, f) && run_put(x->r, &x->rejects, f) &&
	       run_put(x->r, &x->files, f) && run_put(x->r, &x->corrections, f) &&
	       hand_over_decisions(x, f) &&
	       run_put(x->r, &x->ledger, f);
}

static bool find_files(struct run *r, struct inbox *in, struct fault *f)
{
	if (r->opt.inbox)
		return inbox_add(in, r->opt.inbox, f);
	for (size_t i = 0; i < r->opt.n_arguments; i++) {
		if (!inbox_add(in, r->opt.arguments[i], f))
			return false;
	}
	return true;
}

static void extraction_init(struct extraction *x, struct run *r)
{
	*x = (struct extraction){ .r = r };
	records_init(&x->records);
	rowset_init(&x->rejects, &table_rejects_extract);
	rowset_init(&x->files, &table_files);
	rowset_init(&x->corrections, &table_correction_rows);
	rowset_init(&x->decisions, &table_decisions);
	rowset_init(&x->ledger, &table_ledger);
	for (int i = 0; i < 2; i++)
		x->batches[i].rows = xcalloc(BATCH_ROWS, sizeof(*x->batches[i].rows));
	x->filling = &x->batches[0];
	x->booking = later_new();
}

static void extraction_release(struct extraction *x)
{
	if (x->records.store)
		records_release(&x->records);
	if (x->rejects.store)
		rowset_release(&x->rejects);
	if (x->files.store)
		rowset_release(&x->files);
	if (x->corrections.store)
		rowset_release(&x->corrections);
	if (x->decisions.store)
		rowset_release(&x->decisions);
	if (x->ledger.store)
		rowset_release(&x->ledger);
	later_free(x->booking);
	for (int k = 0; k < 2; k++) {
		struct batch *b = &x->batches[k];

		for (size_t i = 0; i < BATCH_PIECES; i++) {
			arena_release(&b->arenas[i]);
			buf_release(&b->keys[i]);
		}
		free(b->rows);
	}
	arena_release(&x->file_arena);
	forgotten_release(&x->forgotten);
}

/* Their hashes go on from run to run. */
static bool load_forgotten(struct extraction *x, struct fault *f)
{
	const struct rowset *table = run_previous(x->r, &table_forgotten, f);

	return table && forgotten_load(&x->forgotten, table, run_rules_dir(x->r, f), f) &&
	       (!table->n || run_keep(x->r, table, f));
}

/* What `yice review` decided lies in the state, and comes in as if from the inbox. */
static bool read_reviewed(struct extraction *x, struct fault *f)
{
	const char *state = x->r->opt.state;
	struct rowset reviewed;
	bool ok;

	if (!x->r->chained)
		return true;
	rowset_init(&reviewed, &table_own_decisions);
	ok = rowset_load(&reviewed, state, true, f);
	for (size_t i = 0; ok && i < reviewed.n; i++) {
		struct str v[DEC_COLUMNS];

		rowset_get(&reviewed, i, v);
		rowset_add(&x->decisions, v);
	}
	rowset_release(&reviewed);
	return ok;
}

static bool load(struct extraction *x, struct fault *f)
{
	struct run *r = x->r;
	const struct rowset *decided;

	if (!(x->codes = run_codes(r, f)) || !limits_load(&x->limits, run_rules_dir(r, f), f) ||
	    !book_received(r, NULL, f))
		return false;
	x->received = r->book->received;
	if (!received_create(x->received, run_out_path(r, "extract"), f) ||
	    !(decided = run_previous(r, &table_decisions, f)))
		return false;
	rowset_append(&x->decisions, decided);
	return load_forgotten(x, f) && read_reviewed(x, f);
}

/* Reads all files; stops at one that changed meanwhile, which it marks. */
static bool extract_all(struct run *r, const struct schemas *schemas, struct inbox *in,
			bool *changed, struct fault *f)
{
	struct extraction x;
	bool ok;

	extraction_init(&x, r);
	ok = load(&x, f);
	if (ok)
		inbox_judge(in, schemas, x.received, run_date(r));
	*changed = false;
	for (size_t i = 0; ok && i < in->n && !*changed; i++) {
		*changed = !read_file(&x, &in->files[i]);
		in->files[i].changed |= *changed;
	}
	if (ok && !*changed)
		ok = hand_over(&x, f);
	extraction_release(&x);
	return ok;
}

/* Of a file that changes while it is read, some rows are booked already: all is thrown away
 * and read once more without it. */
static bool extract_run(struct run *r, struct fault *f)
{
	const struct schemas *schemas = run_schemas(r, f);
	struct inbox in = { 0 };
	bool ok = schemas && find_files(r, &in, f), again = true;

	while (ok && again) {
		ok = extract_all(r, schemas, &in, &again, f);
		if (again)
			book_forget_received(r);
	}
	inbox_release(&in);
	return ok;
}

static const struct stage_option options[] = {
	OPTION_SCHEMAS, OPTION_RULES, OPTION_OUT, OPTION_DATE, OPTION_JOBS, OPTION_MEMORY,
	OPTION_LANG, { "--tables", "all|final", "final leaves out the three large tables", false },
	OPTION_QUIET, { 0 },
};

const struct stage stage_extract = {
	.name = "extract",
	.summary = "bytes -> rows of known columns, each with its origin",
	.usage = "--schemas DIR --out DIR FILE...",
	.help = "Reads exports named SCHEMA_SENDER_YYYYMMDD[_PART].csv[.gz] (or .xlsx, .xls) and writes\n"
		"extract/customer, vehicle and contact with the values as they came, and ledger.csv.\n"
		"A row that is no row is in extract/rejects.csv with its reason; a file that fits no\n"
		"schema or cannot be read goes to quarantine, and the others are read without it.",
	.options = options,
	.arguments = "FILE... (a folder stands for all files in it)",
	.run = extract_run,
};
