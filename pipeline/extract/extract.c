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
#include "booking.h"
#include "decisions.h"
#include "export_inside.h"
#include "later.h"
#include "pool.h"

#include <stdlib.h>

enum {
	WAVE_FILES = 64,
	WAVE_BYTES = 8 << 20, /* of the files of a wave, as they lie there */
	SMALL_BYTES = 16 << 20, /* inflated: of a larger file the rows are read in batches */
	BATCH_PIECES = 8,
};

struct extraction {
	struct booking b;
	struct limits limits;
	struct forgotten forgotten;
	const struct reference *reference; /* tells keys from what stands where one should */
	struct later *later; /* books, while the next files are read */
	uint64_t total_rows;
};

/* ---- reading: several files at once, or several pieces of one ---- */

/* A wave of files: each is opened by one worker, who reads a small one to its end. */
struct wave {
	struct extraction *x;
	struct reading list[WAVE_FILES];
	size_t n;
};

static void open_file(struct extraction *x, struct reading *r)
{
	struct inbox_file *file = r->file;

	if (file->known || file->reason.n || (decisions_is_file(file->file) && !file->changed))
		return;
	r->opened = true;
	r->export = export_open(file->path, &file->name, &x->limits, x->reference, &r->arena,
				&file->reason);
}

static void add_piece(struct reading *r, struct piece *piece)
{
	GROW(r->pieces, r->n, r->cap);
	r->pieces[r->n++] = piece;
	r->place += piece->n;
}

/* The next rows of the file as a piece, not yet decoded; false where there are none. */
static bool next_piece(struct reading *r)
{
	struct piece *piece = piece_new(r->place);

	if (piece_fill(piece, r->export)) {
		add_piece(r, piece);
		return true;
	}
	piece_free(piece);
	return false;
}

static void decode_piece(struct extraction *x, const struct reading *r, size_t piece)
{
	piece_decode(r->pieces[piece], r->export, &r->file->name, x->reference,
		     &x->forgotten);
}

static void read_small(void *context, size_t i, unsigned worker)
{
	struct wave *w = context;
	struct reading *r = &w->list[i];

	(void)worker;
	open_file(w->x, r);
	r->whole = !r->export || export_size(r->export) <= SMALL_BYTES;
	while (r->whole && r->export && next_piece(r))
		decode_piece(w->x, r, r->n - 1);
}

struct batch { /* pieces of a large file */
	struct extraction *x;
	struct reading *at_hand, *next;
	size_t most; /* pieces */
};

static void fill(const struct batch *batch)
{
	while (batch->next->n < batch->most && next_piece(batch->next))
		continue;
}

/* One worker splits the next batch while the others decode the one at hand. */
static void do_in_batch(void *context, size_t i, unsigned worker)
{
	const struct batch *batch = context;

	(void)worker;
	if (i == 0)
		fill(batch);
	else
		decode_piece(batch->x, batch->at_hand, i - 1);
}

/* ---- booking, beside the reading ---- */

struct to_book {
	struct extraction *x;
	struct reading *r;
	size_t n; /* whole files from r on; 0: pieces of r, which is a copy */
};

static bool book(void *context, struct fault *f)
{
	struct to_book *t = context;

	(void)f;
	for (size_t i = 0; i < t->n; i++) {
		book_begin(&t->x->b, &t->r[i]);
		book_rows(&t->x->b, &t->r[i]);
		book_end(&t->x->b, &t->r[i]);
	}
	if (!t->n) {
		book_rows(&t->x->b, t->r);
		free(t->r->pieces);
		free(t->r);
	}
	free(t);
	return true;
}

static void wait_for_booking(struct extraction *x)
{
	struct fault none = { 0 };

	later_wait(x->later, &none);
}

static void book_later(struct extraction *x, struct reading *r, size_t n)
{
	struct to_book *t = xmalloc(sizeof(*t));
	struct fault none = { 0 };

	for (size_t i = 0; i < n; i++)
		x->total_rows += r[i].place;
	*t = (struct to_book){ x, r, n };
	later_do(x->later, book, t, &none);
}

/* ---- all files ---- */

/* A large file: a batch of pieces is decoded while the one before is booked. */
static void read_large(struct extraction *x, struct reading *r)
{
	unsigned jobs = x->b.r->opt.jobs;
	uint64_t before = x->total_rows;
	struct reading next = { .file = r->file, .export = r->export };
	struct batch batch = { .x = x, .next = &next };

	batch.most = jobs > BATCH_PIECES / 2 ? 2 * (size_t)jobs : BATCH_PIECES;
	wait_for_booking(x);
	book_begin(&x->b, r);
	fill(&batch);
	while (next.n) {
		batch.at_hand = xmalloc(sizeof(next));
		*batch.at_hand = next;
		next.pieces = NULL;
		next.n = next.cap = 0;
		pool_each(jobs, batch.at_hand->n + 1, do_in_batch, &batch);
		wait_for_booking(x);
		x->total_rows = before + batch.at_hand->place;
		book_later(x, batch.at_hand, 0);
		run_progress(x->b.r, "extract", x->total_rows, 0);
	}
	wait_for_booking(x);
	book_end(&x->b, r);
}

/* The next files of the inbox: small ones as long as they are few and short together. */
static size_t gather_wave(struct wave *w, struct inbox *in, size_t from)
{
	uint64_t bytes = 0;

	w->n = 0;
	while (from + w->n < in->n && w->n < WAVE_FILES && bytes < WAVE_BYTES) {
		bytes += (uint64_t)in->files[from + w->n].stat.st_size;
		w->list[w->n] = (struct reading){ .file = &in->files[from + w->n] };
		w->n++;
	}
	return w->n;
}

/* Files are booked in order; those of a run of small ones together. */
static void book_wave(struct extraction *x, struct wave *w)
{
	for (size_t i = 0, end; i < w->n; i = end) {
		for (end = i; end < w->n && w->list[end].whole; end++)
			continue;
		if (end > i)
			book_later(x, w->list + i, end - i);
		else
			read_large(x, &w->list[end++]);
	}
	run_progress(x->b.r, "extract", x->total_rows, 0);
}

/* While the files of one wave are booked, those of the next are read. */
static void read_files(struct extraction *x, struct inbox *in)
{
	struct wave *waves = xcalloc(2, sizeof(*waves)), *w = waves;

	for (size_t at = 0; at < in->n; at += w->n, w = &waves[w == waves]) {
		w->x = x;
		gather_wave(w, in, at);
		pool_each(x->b.r->opt.jobs, w->n, read_small, w);
		wait_for_booking(x);
		book_wave(x, w);
	}
	wait_for_booking(x);
	free(waves);
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

static bool hand_over_decisions(struct booking *b, struct fault *f)
{
	struct rowset standing;

	rowset_init(&standing, &table_decisions);
	decisions_settle(&b->decisions, &standing);
	return run_keep(b->r, &b->decisions, f) && run_put(b->r, &standing, f);
}

static bool hand_over(struct booking *b, struct fault *f)
{
	records_sort(&b->records);
	rowset_sort(&b->rejects, by_record);
	rowset_sort(&b->corrections, by_correction);
	rowset_sort(&b->files, by_name);
	rowset_sort(&b->ledger, by_name);
	return received_commit(b->received, f) && run_put_date(b->r, f) &&
	       run_put_records(b->r, "extract", &b->records, f) && run_put(b->r, &b->rejects, f) &&
	       run_put(b->r, &b->files, f) && run_put(b->r, &b->corrections, f) &&
	       hand_over_decisions(b, f) &&
	       run_put(b->r, &b->ledger, f);
}

static bool find_files(struct run *r, struct inbox *in, struct fault *f)
{
	inbox_leave_out(in, r->opt.out);
	inbox_leave_out(in, r->opt.state);
	if (r->opt.inbox)
		return inbox_add(in, r->opt.inbox, f);
	if (!r->opt.n_arguments) {
		fault_set(f, EXIT_USAGE, "extract takes at least one file");
		fault_hint(f, "name exports, or a folder of them");
		return false;
	}
	for (size_t i = 0; i < r->opt.n_arguments; i++) {
		if (!inbox_add(in, r->opt.arguments[i], f))
			return false;
	}
	return true;
}

/* Their hashes go on from run to run. */
static bool load_forgotten(struct extraction *x, struct fault *f)
{
	const struct rowset *table = run_previous(x->b.r, &table_forgotten, f);

	return table && forgotten_load(&x->forgotten, table, run_rules_dir(x->b.r, f), f) &&
	       (!table->n || run_keep(x->b.r, table, f));
}

/* What `yice review` decided lies in the state, and comes in as if from the inbox. */
static bool read_reviewed(struct extraction *x, struct fault *f)
{
	const char *state = x->b.r->opt.state;
	struct rowset reviewed;
	bool ok;

	if (!x->b.r->chained)
		return true;
	rowset_init(&reviewed, &table_own_decisions);
	ok = rowset_load(&reviewed, state, true, f);
	for (size_t i = 0; ok && i < reviewed.n; i++) {
		struct str v[DEC_COLUMNS];

		rowset_get(&reviewed, i, v);
		rowset_add(&x->b.decisions, v);
	}
	rowset_release(&reviewed);
	return ok;
}

static bool load(struct extraction *x, struct fault *f)
{
	struct booking *b = &x->b;
	struct run *r = b->r;
	const struct rowset *decided;

	if (!(b->codes = run_codes(r, f)) || !limits_load(&x->limits, run_rules_dir(r, f), f) ||
	    !(x->reference = run_reference(r, f)) ||
	    !book_received(r, NULL, f))
		return false;
	b->received = r->book->received;
	if (!received_create(b->received, run_out_path(r, "extract"), f) ||
	    !(decided = run_previous(r, &table_decisions, f)))
		return false;
	rowset_append(&b->decisions, decided);
	return load_forgotten(x, f) && read_reviewed(x, f);
}

static void extraction_release(struct extraction *x)
{
	later_free(x->later);
	booking_release(&x->b);
	forgotten_release(&x->forgotten);
}

/* Reads all files; marks those that changed meanwhile. */
static bool extract_all(struct run *r, const struct schemas *schemas, struct inbox *in,
			bool *changed, struct fault *f)
{
	struct extraction x = { .later = later_new() };
	bool ok;

	booking_init(&x.b, r);
	ok = load(&x, f);
	if (ok) {
		inbox_judge(in, schemas, x.b.received, run_date(r));
		read_files(&x, in);
	}
	*changed = x.b.changed;
	if (ok && !*changed)
		ok = hand_over(&x.b, f);
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
	.use = OUT_WRITES,
	.run = extract_run,
};
