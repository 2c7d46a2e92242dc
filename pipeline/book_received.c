/* What was received, by this run and before, as the stages ask for it. */
#include "book.h"

#include "again.h"
#include "extract/decisions.h"
#include "outfile.h"
#include "pool.h"

#include <stdlib.h>

bool book_state(struct run *r, struct fault *f)
{
	if (r->book->have_state || !r->opt.state)
		return true;
	r->book->have_state = true;
	return state_open(&r->book->state, r->opt.state, false, f);
}

static bool has_received(const char *dir, struct arena *a)
{
	return file_exists(str_keepz(a, str_printf(a, "%s/received.keys.gz", dir)));
}

bool book_received(struct run *r, const char *new_dir, struct fault *f)
{
	struct book *b = r->book;
	size_t n = 0;

	if (b->received)
		return true;
	if (!book_state(r, f))
		return false;
	const char **dirs = xcalloc((b->have_state ? b->state.n_segments : 0) + 2, sizeof(*dirs));

	for (size_t i = 0; b->have_state && i < b->state.n_segments; i++) {
		const char *segment = state_segment_dir(&b->state, i);

		dirs[n++] = str_keepz(&b->arena, str_printf(&b->arena, "%s/extract", segment));
	}
	if (new_dir && has_received(new_dir, &b->arena))
		dirs[n++] = new_dir;
	b->received = received_open(dirs, n, f);
	free(dirs);
	return b->received != NULL;
}

void book_forget_received(struct run *r)
{
	received_close(r->book->received);
	r->book->received = NULL;
}

static bool settle(struct run *r, struct fault *f)
{
	if (!r->book->received && !book_received(r, r->chained ? NULL : run_in_path(r, "extract"), f))
		return false;
	if (!r->book->settled)
		received_settle(r->book->received);
	if (!r->book->settled && r->book->handed_over)
		received_forget_repeats(r->book->received);
	r->book->settled = true;
	return true;
}

/* False where no such row is kept. */
static bool find_kept(struct run *r, struct str stem, uint32_t row, struct kept *kept)
{
	struct fault trouble = { 0 };
	bool ok = settle(r, &trouble);

	book_trouble(r, &trouble);
	return ok && received_kept(r->book->received, stem, row, kept);
}

enum run_record_state run_record_state(struct run *r, struct str record_id)
{
	struct str stem;
	struct kept kept;
	uint32_t row;

	record_id_split(record_id, &stem, &row);
	if (!find_kept(r, stem, row, &kept))
		return RUN_UNKNOWN;
	if (kept.state == KEPT_WITHDRAWN)
		return RUN_WITHDRAWN;
	return kept.state == KEPT && kept.row == row && str_eq(kept.stem, stem) ? RUN_RECORD : RUN_REPEATED;
}

struct str run_newest(struct run *r, struct str record_id, struct arena *a)
{
	struct fault trouble = { 0 };
	struct str stem, newest;
	uint32_t row, newest_row;
	bool ok = settle(r, &trouble);

	book_trouble(r, &trouble);
	record_id_split(record_id, &stem, &row);
	if (!ok || !received_newest(r->book->received, stem, row, &newest, &newest_row))
		return record_id;
	return str_printf(a, "%.*s:%u", STR_FMT(newest), newest_row);
}

struct str run_last_file(struct run *r, struct str record_id)
{
	struct str stem;
	struct kept kept;
	uint32_t row;

	record_id_split(record_id, &stem, &row);
	return find_kept(r, stem, row, &kept) ? kept.last_stem : (struct str){ 0 };
}

bool run_original(struct run *r, struct str record_id, struct original_row *original)
{
	struct fault trouble = { 0 };
	const struct received_file *file = NULL;
	struct str stem;
	uint32_t row;
	bool ok = settle(r, &trouble);

	record_id_split(record_id, &stem, &row);
	if (ok) {
		received_place(r->book->received, &stem, &row);
		file = received_find(r->book->received, stem);
	}
	if (file)
		*original = (struct original_row){ .header = file->header, .stem = file->stem,
						   .encoding = file->encoding };
	ok = file && received_original(r->book->received, stem, row, &original->row, &trouble);
	book_trouble(r, &trouble);
	return ok;
}

bool run_original_line(struct run *r, struct str record_id, struct str *line, struct arena *a)
{
	struct fault ignored = { 0 };
	bool ok = settle(r, &ignored) && extract_line_again(r->book->received, record_id, line, a);

	fault_release(&ignored);
	return ok;
}

/* Of a record that a late file named, the row that was kept, under the record's name. */
bool run_reread(struct run *r, struct str record_id, struct record *rec, struct arena *a, struct fault *f)
{
	struct str stem;
	struct kept kept;
	uint32_t row;

	if (!settle(r, f))
		return false;
	record_id_split(record_id, &stem, &row);
	bool renamed = received_kept(r->book->received, stem, row, &kept) &&
		       received_place(r->book->received, &stem, &row);

	if (!extract_row_again(r, r->book->received, str_printf(a, "%.*s:%u", STR_FMT(stem), row), rec, a, f))
		return false;
	if (renamed) {
		rec->v[F_RECORD_ID] = str_keep(a, record_id);
		rec->v[F_OBSERVED_ON] = kept.observed_on;
	}
	return true;
}

const struct received *run_received(struct run *r, struct fault *f)
{
	return settle(r, f) ? r->book->received : NULL;
}

static void want(struct received *received, struct str record_id)
{
	struct str stem;
	uint32_t row;

	record_id_split(record_id, &stem, &row);
	received_want(received, stem, row);
}

/* `return` sends these rows back as they came. */
static bool goes_back(const struct rowset *all, size_t i)
{
	struct str action = rowset_value(all, i, REJ_ACTION);

	return str_eq(action, STR("reject")) || str_eq(action, STR("blank"));
}

/* All in one go, and with them those that `return` will ask for. */
static bool fetch_rows_of(struct run *r, const struct rowset *rejects, struct fault *f)
{
	const struct rowset *all = &r->book->all.rejects;
	struct received *received = r->book->received;

	for (size_t i = 0; i < rejects->n; i++)
		want(received, rowset_value(rejects, i, REJ_RECORD_ID));
	for (size_t i = 0; r->book->all.have_tables && i < all->n; i++)
		if (goes_back(all, i))
			want(received, rowset_value(all, i, REJ_RECORD_ID));
	return received_fetch(received, f);
}

bool run_values_as_they_came(struct run *r, struct rowset *rejects, struct fault *f)
{
	return settle(r, f) && fetch_rows_of(r, rejects, f) &&
	       extract_values_again(r, r->book->received, rejects, f);
}

/* ---- a stage by hand reads what was received and what was cleaned at the same time ---- */

struct reading {
	struct run *r;
	const char *cleaned;
	struct fault faults[2];
	bool ok[2];
};

static void read_one(void *context, size_t which, unsigned worker)
{
	struct reading *reading = context;

	(void)worker;
	reading->ok[which] = which == 0 ? settle(reading->r, &reading->faults[0]) :
					  book_load_cleaned(reading->r->book, reading->cleaned,
							    &reading->faults[1]);
}

static bool read_both(struct run *r, struct fault *f)
{
	struct reading reading = { .r = r };
	bool ok = true;

	if (r->chained || r->book->settled)
		return true;
	reading.cleaned = run_in_path(r, "clean");
	pool_each(pool_jobs(), 2, read_one, &reading);
	for (int i = 0; i < 2; i++) {
		const struct fault *told = &reading.faults[i];

		ok = ok && (reading.ok[i] || fault_set(f, told->status, "%.*s", STR_FMT(buf_view(&told->text))));
		fault_release(&reading.faults[i]);
	}
	return ok;
}

const struct records *run_records(struct run *r, struct fault *f)
{
	return read_both(r, f) && settle(r, f) && dataset_records(r, f) ? r->book->all.all : NULL;
}

const struct rowset *run_all_rejects(struct run *r, struct fault *f)
{
	return settle(r, f) && dataset_tables(r, f) ? &r->book->all.rejects : NULL;
}

const struct rowset *run_all_files(struct run *r, struct fault *f)
{
	return settle(r, f) && dataset_tables(r, f) ? &r->book->all.files : NULL;
}

const struct rowset *run_all_seen(struct run *r, struct fault *f)
{
	return settle(r, f) && dataset_tables(r, f) ? &r->book->all.seen : NULL;
}

const struct rowset *run_earlier_correction_rows(struct run *r, struct fault *f)
{
	return settle(r, f) && dataset_tables(r, f) ? &r->book->all.correction_rows : NULL;
}

const struct rowset *run_all_corrections(struct run *r, struct fault *f)
{
	return settle(r, f) && dataset_tables(r, f) ? &r->book->all.corrections : NULL;
}

static bool has_key(void *run, struct str record_id)
{
	struct run *r = run;
	struct str stem;
	uint32_t row;

	record_id_split(record_id, &stem, &row);
	return received_has_key(r->book->received, stem, row);
}

static struct str last_file(void *run, struct str record_id)
{
	return run_last_file(run, record_id);
}

/* What cannot be read as a row is told of by extract and is no trouble here. */
static bool as_it_came(void *run, struct str record_id, struct record *rec, struct arena *a)
{
	struct fault trouble = { 0 };
	bool read = run_reread(run, record_id, rec, a, &trouble);

	book_trouble(run, &trouble);
	return read;
}

const struct mended_rows *run_mended(struct run *r, struct fault *f)
{
	struct dataset *d = &r->book->all;
	const struct schemas *schemas = run_schemas(r, f);
	const struct mended_from from = {
		.records = schemas ? run_records(r, f) : NULL,
		.rejects = run_all_rejects(r, f),
		.files = run_all_files(r, f),
		.schemas = schemas,
		.context = r,
		.has_key = has_key,
		.last_file = last_file,
		.reread = as_it_came,
	};

	if (!from.records || !from.rejects || !from.files)
		return NULL;
	if (!d->have_mended)
		mended_rows_find(&d->mended, &from);
	d->have_mended = true;
	return &d->mended;
}

/* Extract joins them in a whole run. By hand the stage's own come first: of a decision that the
 * state knows as taken back, its word counts. */
const struct rowset *run_all_decisions(struct run *r, struct fault *f)
{
	const struct rowset *own = run_table(r, &table_decisions, true, f);
	const struct rowset *kept = own && !r->chained ? run_previous(r, &table_decisions, f) : NULL;
	struct book *b = r->book;
	struct rowset all;

	if (!own || r->chained)
		return own;
	if (!kept || b->have_decisions)
		return kept ? &b->decisions : NULL;
	rowset_init(&all, &table_decisions);
	rowset_init(&b->decisions, &table_decisions);
	b->have_decisions = true;
	rowset_append(&all, own);
	rowset_append(&all, kept);
	decisions_settle(&all, &b->decisions);
	rowset_release(&all);
	return &b->decisions;
}
