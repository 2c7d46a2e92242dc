/* The tables and records of a run: held in memory for the next stage, written beside. */
#include "book.h"

#include "outfile.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const uint64_t LET_GO = UINT64_MAX; /* in place of the index of a rowset */

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

void book_tables_release(struct book *b)
{
	for (size_t i = 0; i < b->n_rowsets; i++)
		release_rowset(b->rowsets[i]);
	free(b->rowsets);
	map_release(&b->tables);
	map_release(&b->previous);
	release_records(b->extracted);
	release_records(b->cleaned);
	free(b->person_lines);
	free(b->car_lines);
	free(b->lacking);
}

/* ---- where tables are written and read ---- */

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
	const uint64_t *held = map_get(&r->book->tables, str_of(def->path));

	if (held && *held != LET_GO)
		return r->book->rowsets[*held];
	if (held && !book_written(r, f))
		return NULL;
	return load_table(r->book, &r->book->tables, def, run_in_path(r, "."), optional, f);
}

bool run_holds(const struct run *r, const struct table_def *def)
{
	const uint64_t *held = map_get(&r->book->tables, str_of(def->path));

	return held && *held != LET_GO;
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

static bool release_later(void *context, struct fault *f)
{
	(void)f;
	rowset_release(context);
	return true;
}

/* Behind its writing. */
bool run_let_go(struct run *r, const struct table_def *def, struct fault *f)
{
	uint64_t *held = map_get(&r->book->tables, str_of(def->path));
	struct rowset *rs;

	if (!r->chained || !run_holds(r, def) || left_out(r, def))
		return true;
	rs = r->book->rowsets[*held];
	*held = LET_GO;
	return later_do(r->book->later, release_later, rs, f);
}

const struct rowset *run_previous(struct run *r, const struct table_def *def, struct fault *f)
{
	struct book *b = r->book;
	uint64_t *held = map_get(&b->previous, str_of(def->path));
	struct rowset none;

	if (held)
		return b->rowsets[*held];
	if (!book_state(r, f))
		return NULL;
	if (b->have_state)
		return load_table(b, &b->previous, def, state_kept_dir(&b->state), true, f);
	rowset_init(&none, def);
	return hold(b, &b->previous, &none);
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

static bool copy(const char *from, const char *to, bool sync_later, struct fault *f)
{
	char block[1 << 16];
	struct outfile *o;
	FILE *in;
	size_t n;

	in = fopen(from, "rb");
	if (!in)
		return fault_errno(f, "read", from);
	o = outfile_open(to, f);
	if (o)
		outfile_as_is(o);
	if (o && sync_later)
		outfile_sync_later(o);
	while (o && (n = fread(block, 1, sizeof(block), in)) > 0)
		outfile_write(o, block, n);
	bool whole = !ferror(in) || fault_errno(f, "read", from);

	fclose(in);
	if (o && !whole)
		outfile_abandon(o);
	return o && whole && outfile_commit(o, f);
}

bool copy_file(const char *from, const char *to, struct fault *f)
{
	return copy(from, to, false, f);
}

bool copy_file_unsynced(const char *from, const char *to, struct fault *f)
{
	return copy(from, to, true, f);
}

bool share_file(const char *from, const char *to, struct fault *f)
{
	return link(from, to) == 0 || copy_file(from, to, f);
}

struct keeping {
	const char *from, *to, *folder;
};

static bool keep_put(void *context, struct fault *f)
{
	struct keeping *s = context;
	bool ok = make_folders(s->folder, f) && copy_file(s->from, s->to, f);

	free(s);
	return ok;
}

/* Behind the writing of the table itself. */
bool run_keep_put(struct run *r, const struct table_def *def, struct fault *f)
{
	struct arena *a = &r->book->arena;
	struct str folder, name = str_of(def->path);
	struct keeping *s;
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
	return later_do(r->book->later, keep_put, s, f);
}

/* ---- records of this run ---- */

static bool load_records(struct records **rs, const char *dir, struct fault *f)
{
	*rs = xmalloc(sizeof(**rs));
	records_init(*rs);
	records_share(*rs);
	if (records_load(*rs, dir, f))
		return true;
	release_records(*rs);
	*rs = NULL;
	return false;
}

const struct records *run_new_records(struct run *r, const char *stage, struct fault *f)
{
	struct book *b = r->book;
	struct records **rs = str_eq(str_of(stage), STR("extract")) ? &b->extracted : &b->cleaned;

	if (!*rs && !load_records(rs, run_in_path(r, stage), f))
		return NULL;
	return *rs;
}

bool book_load_cleaned(struct book *b, const char *dir, struct fault *f)
{
	return b->cleaned || load_records(&b->cleaned, dir, f);
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
	b->handed_over = true;
	if (b->settled)
		received_forget_repeats(b->received); /* only corrections look for them */
	dataset_release(&b->all); /* it was asked for before this run's part was there */
	return forget_records(r, &b->extracted, f); /* only clean reads them */
}
