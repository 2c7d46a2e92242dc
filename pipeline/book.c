/* See book.h and include/run.h. */
#include "book.h"

#include "again.h"
#include "date.h"
#include "outfile.h"
#include "spill.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#ifndef YICE_DATA_DIR
#define YICE_DATA_DIR "/usr/local/share/yice"
#endif

static const char *const date_columns[] = { "business_date", NULL };
static const struct table_def table_date = { "extract/run", date_columns, 0 };

void book_open(struct run *r)
{
	r->book = xcalloc(1, sizeof(*r->book));
	r->book->out = r->opt.out ? r->opt.out : ".";
	r->book->state.lock = -1;
	r->book->later = later_new();
	book_spill(r, r->opt.out);
}

void book_spill(struct run *r, const char *folder)
{
	spill_begin(folder, r->opt.memory ? r->opt.memory : memory_of_machine() / 2);
}

bool book_written(struct run *r, struct fault *f)
{
	return later_wait(r->book->later, f);
}

void book_trouble(struct run *r, struct fault *trouble)
{
	if (fault_is(trouble))
		fault_set(&r->book->trouble, trouble->status, "%.*s", STR_FMT(buf_view(&trouble->text)));
	fault_release(trouble);
}

bool book_sound(struct run *r, struct fault *f)
{
	const struct fault *trouble = &r->book->trouble;

	return !fault_is(trouble) || fault_set(f, trouble->status, "%.*s", STR_FMT(buf_view(&trouble->text)));
}

static void release_rowset(struct rowset *rs)
{
	rowset_release(rs);
	free(rs);
}

static void release_records(struct records *rs)
{
	if (rs)
		records_release(rs);
	free(rs);
}

void book_close(struct run *r)
{
	struct book *b = r->book;

	later_free(b->later); /* it may still write what goes below */
	analysis_close(b->analysis);
	for (size_t i = 0; i < b->n_rowsets; i++)
		release_rowset(b->rowsets[i]);
	free(b->rowsets);
	map_release(&b->tables);
	map_release(&b->previous);
	dataset_release(&b->all);
	release_records(b->extracted);
	release_records(b->cleaned);
	received_close(b->received);
	if (b->have_state)
		state_close(&b->state);
	if (b->have_codes)
		codes_release(&b->codes);
	if (b->have_schemas)
		schemas_release(&b->schemas);
	if (b->private_dir) {
		struct fault ignored = { 0 };

		remove_tree(b->private_dir, &ignored);
		fault_release(&ignored);
	}
	fault_release(&b->trouble);
	arena_release(&b->arena);
	free(b);
	r->book = NULL;
}

/* ---- rules, schemas, codes ---- */

static bool is_folder(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* Beside the executable's tree (build/yice -> rules/), else where they were installed. */
static const char *data_dir(struct run *r, const char *name)
{
	char exe[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", exe, sizeof(exe) - 1);

	for (int up = 0; n > 0 && up < 3; up++) {
		while (n > 0 && exe[n - 1] != '/')
			n--;
		const char *path = str_keepz(&r->book->arena,
					     str_printf(&r->book->arena, "%.*s%s", (int)n, exe, name));
		if (n > 0 && is_folder(path))
			return path;
		if (n > 0)
			n--;
	}
	return str_keepz(&r->book->arena, str_printf(&r->book->arena, YICE_DATA_DIR "/%s", name));
}

static const char *existing_dir(const char *path, const char *what, struct fault *f)
{
	if (is_folder(path))
		return path;
	fault_set(f, EXIT_USAGE, "there is no folder of %s at %s", what, path);
	fault_hint(f, "name it with --%s DIR", what);
	return NULL;
}

const char *run_rules_dir(struct run *r, struct fault *f)
{
	if (!r->book->rules)
		r->book->rules = existing_dir(r->opt.rules ? r->opt.rules : data_dir(r, "rules"), "rules", f);
	return r->book->rules;
}

const struct codes *run_codes(struct run *r, struct fault *f)
{
	struct book *b = r->book;
	const char *dir = run_rules_dir(r, f);

	if (!b->have_codes && dir)
		b->have_codes = codes_load(&b->codes, dir, f);
	return b->have_codes ? &b->codes : NULL;
}

const struct schemas *run_schemas(struct run *r, struct fault *f)
{
	struct book *b = r->book;

	if (b->have_schemas)
		return &b->schemas;
	b->schemas_dir = existing_dir(r->opt.schemas ? r->opt.schemas : data_dir(r, "schemas"), "schemas", f);
	if (b->schemas_dir)
		b->have_schemas = schemas_load(&b->schemas, b->schemas_dir, f);
	return b->have_schemas ? &b->schemas : NULL;
}

/* ---- the business date ---- */

static struct str today(struct arena *a)
{
	time_t now = time(NULL);
	struct tm tm;

	localtime_r(&now, &tm);
	return str_printf(a, "%04d-%02d-%02d", tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday);
}

struct str run_date(struct run *r)
{
	struct book *b = r->book;
	struct fault trouble = { 0 };

	if (!b->date.n && r->opt.date)
		b->date = str_of(r->opt.date);
	if (!b->date.n && r->opt.in) {
		const struct rowset *rs = run_table(r, &table_date, true, &trouble);

		if (rs && rs->n && date_is(rowset_value(rs, 0, 0)))
			b->date = rowset_value(rs, 0, 0);
	}
	if (!b->date.n)
		b->date = today(&b->arena);
	book_trouble(r, &trouble);
	return b->date;
}

bool run_put_date(struct run *r, struct fault *f)
{
	struct rowset rs;
	struct str date = run_date(r);

	rowset_init(&rs, &table_date);
	rowset_add(&rs, &date);
	return run_put(r, &rs, f);
}

/* ---- tables ---- */

const char *run_out_path(struct run *r, const char *inside)
{
	return str_keepz(&r->book->arena, str_printf(&r->book->arena, "%s/%s", r->book->out, inside));
}

const char *run_in_path(struct run *r, const char *inside)
{
	const char *dir = r->chained || !r->opt.in ? r->book->out : r->opt.in;

	return str_keepz(&r->book->arena, str_printf(&r->book->arena, "%s/%s", dir, inside));
}

/* Takes the rowset's contents; a table put twice is the later one. */
static struct rowset *hold(struct book *b, struct map *where, struct rowset *rs)
{
	struct rowset *held = xcalloc(1, sizeof(*held));
	bool added;
	uint64_t *slot = map_put(where, str_of(rs->def->path), b->n_rowsets, &added);

	*held = *rs;
	*rs = (struct rowset){ 0 };
	*slot = b->n_rowsets;
	GROW(b->rowsets, b->n_rowsets, b->cap_rowsets);
	b->rowsets[b->n_rowsets++] = held;
	return held;
}

static const struct rowset *load_table(struct book *b, struct map *where, const struct table_def *def,
				       const char *dir, bool optional, struct fault *f)
{
	struct rowset rs;

	rowset_init(&rs, def);
	if (!rowset_load(&rs, dir, optional, f)) {
		rowset_release(&rs);
		return NULL;
	}
	return hold(b, where, &rs);
}

const struct rowset *run_table(struct run *r, const struct table_def *def, bool optional, struct fault *f)
{
	uint64_t *held = map_get(&r->book->tables, str_of(def->path));

	if (held)
		return r->book->rowsets[*held];
	return load_table(r->book, &r->book->tables, def, run_in_path(r, "."), optional, f);
}

static bool left_out(const struct run *r, const struct table_def *def)
{
	return r->opt.final_only && str_eq(str_of(def->path), STR("master/lineage"));
}

struct writing { /* a table or records handed over, to be written */
	const struct rowset *rowset;
	struct records *records;
	const char *dir;
};

static struct writing *writing_new(const struct rowset *rowset, struct records *records, const char *dir)
{
	struct writing *w = xmalloc(sizeof(*w));

	*w = (struct writing){ rowset, records, dir };
	return w;
}

static bool write_rowset(void *context, struct fault *f)
{
	struct writing *w = context;
	bool ok = rowset_save(w->rowset, w->dir, f);

	free(w);
	return ok;
}

static bool write_records(void *context, struct fault *f)
{
	struct writing *w = context;
	bool ok = records_save(w->records, w->dir, f);

	free(w);
	return ok;
}

static bool drop_records(void *context, struct fault *f)
{
	(void)f;
	release_records(context);
	return true;
}

bool run_put(struct run *r, struct rowset *rs, struct fault *f)
{
	struct rowset *held = hold(r->book, &r->book->tables, rs);

	return left_out(r, held->def) ||
	       later_do(r->book->later, write_rowset, writing_new(held, NULL, r->book->out), f);
}

const struct rowset *run_previous(struct run *r, const struct table_def *def, struct fault *f)
{
	struct book *b = r->book;
	uint64_t *held = map_get(&b->previous, str_of(def->path));

	if (held)
		return b->rowsets[*held];
	if (!book_state(r, f))
		return NULL;
	return load_table(b, &b->previous, def, b->have_state ? state_kept_dir(&b->state) : "", true, f);
}

bool run_keep(struct run *r, const struct rowset *rs, struct fault *f)
{
	if (!r->chained)
		return true; /* only a whole run moves the state on */
	return rowset_save(rs, state_next_kept_dir(&r->book->state), f);
}

const char *run_previous_path(struct run *r, const struct table_def *def, struct fault *f)
{
	struct book *b = r->book;
	const char *path;

	if (!book_state(r, f) || !b->have_state)
		return NULL;
	path = str_keepz(&b->arena,
			 str_printf(&b->arena, "%s/%s.csv", state_kept_dir(&b->state), def->path));
	return file_exists(path) ? path : NULL;
}

bool share_file(const char *from, const char *to, struct fault *f)
{
	char block[1 << 16];
	struct outfile *o;
	FILE *in;
	size_t n;

	if (link(from, to) == 0)
		return true;
	in = fopen(from, "rb");
	if (!in)
		return fault_errno(f, "read", from);
	o = outfile_open(to, f);
	while (o && (n = fread(block, 1, sizeof(block), in)) > 0)
		outfile_write(o, block, n);
	bool whole = !ferror(in) || fault_errno(f, "read", from);

	fclose(in);
	if (o && !whole)
		outfile_abandon(o);
	return o && whole && outfile_commit(o, f);
}

struct sharing {
	const char *from, *to, *folder;
};

static bool share_put(void *context, struct fault *f)
{
	struct sharing *s = context;
	bool ok = make_folders(s->folder, f) && share_file(s->from, s->to, f);

	free(s);
	return ok;
}

/* Behind the writing of the table itself. */
bool run_keep_put(struct run *r, const struct table_def *def, struct fault *f)
{
	struct arena *a = &r->book->arena;
	struct str folder, name = str_of(def->path);
	struct sharing *s;
	const char *kept;

	if (!r->chained)
		return true;
	kept = state_next_kept_dir(&r->book->state);
	folder = name;
	while (folder.n && folder.p[folder.n - 1] != '/')
		folder.n--;
	s = xmalloc(sizeof(*s));
	s->from = run_out_path(r, str_keepz(a, str_printf(a, "%s.csv", def->path)));
	s->to = str_keepz(a, str_printf(a, "%s/%s.csv", kept, def->path));
	s->folder = str_keepz(a, str_printf(a, "%s/%.*s", kept, STR_FMT(folder)));
	return later_do(r->book->later, share_put, s, f);
}

/* ---- records of this run ---- */

const struct records *run_new_records(struct run *r, const char *stage, struct fault *f)
{
	struct book *b = r->book;
	struct records **rs = str_eq(str_of(stage), STR("extract")) ? &b->extracted : &b->cleaned;

	if (!*rs) {
		*rs = xmalloc(sizeof(**rs));
		records_init(*rs);
		if (!records_load(*rs, run_in_path(r, stage), f))
			return NULL;
		records_sort(*rs);
	}
	return *rs;
}

static bool forget_records(struct run *r, struct records **rs, struct fault *f)
{
	struct records *old = *rs;

	*rs = NULL;
	return later_do(r->book->later, drop_records, old, f);
}

bool run_put_records(struct run *r, const char *stage, struct records *rs, struct fault *f)
{
	struct book *b = r->book;
	bool extracted = str_eq(str_of(stage), STR("extract"));
	struct records **held = extracted ? &b->extracted : &b->cleaned;

	if (!forget_records(r, held, f))
		return false;
	*held = xmalloc(sizeof(**held));
	**held = *rs;
	records_sort(*held);
	*rs = (struct records){ 0 };
	if (!r->opt.final_only &&
	    !later_do(b->later, write_records, writing_new(NULL, *held, run_out_path(r, stage)), f))
		return false;
	if (extracted)
		return true;
	dataset_release(&b->all); /* it was asked for before this run's part was there */
	return forget_records(r, &b->extracted, f); /* only clean reads them */
}

/* ---- what was received ---- */

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
	if (!book_received(r, r->chained ? NULL : run_in_path(r, "extract"), f))
		return false;
	if (!r->book->settled)
		received_settle(r->book->received);
	r->book->settled = true;
	return true;
}

enum run_record_state run_record_state(struct run *r, struct str record_id)
{
	struct fault trouble = { 0 };
	struct str stem;
	struct kept kept;
	uint32_t row;
	bool ok = settle(r, &trouble);

	book_trouble(r, &trouble);
	record_id_split(record_id, &stem, &row);
	if (!ok || !received_kept(r->book->received, stem, row, &kept))
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
	struct fault trouble = { 0 };
	struct str stem;
	struct kept kept;
	uint32_t row;
	bool ok = settle(r, &trouble);

	book_trouble(r, &trouble);
	record_id_split(record_id, &stem, &row);
	return ok && received_kept(r->book->received, stem, row, &kept) ? kept.last_stem : (struct str){ 0 };
}

bool run_original(struct run *r, struct str record_id, struct str *row, struct str *header)
{
	struct fault trouble = { 0 };
	struct str stem;
	uint32_t number;
	bool ok = settle(r, &trouble);

	record_id_split(record_id, &stem, &number);
	const struct received_file *file = ok ? received_find(r->book->received, stem) : NULL;

	if (file)
		*header = file->header;
	ok = file && received_original(r->book->received, stem, number, row, &trouble);
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

bool run_reread(struct run *r, struct str record_id, struct record *rec, struct arena *a, struct fault *f)
{
	return settle(r, f) && extract_row_again(r, r->book->received, record_id, rec, a, f);
}

bool run_values_as_they_came(struct run *r, struct rowset *rejects, struct fault *f)
{
	return settle(r, f) && extract_values_again(r, r->book->received, rejects, f);
}

const struct records *run_records(struct run *r, struct fault *f)
{
	return settle(r, f) && dataset_records(r, f) ? r->book->all.all : NULL;
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
