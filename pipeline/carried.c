#include "carried.h"

#include "book.h"
#include "fingerprint.h"
#include "infile.h"
#include "outfile.h"
#include "pool.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/stat.h>

enum { NAME, VALUE, RESULTS_COLUMNS };

static const char *const results_columns[] = { "name", "value", NULL };
/* `basis`, `asks` (0 or 1), then the path of each result and its sum. */
static const struct table_def table_results = { "results", results_columns, 0 };

/* What the stages that are left out keep in the state; they need not be written again. */
static const struct str kept_folders[] = {
	STR_INIT("resolve"), STR_INIT("master"), STR_INIT("return"), STR_INIT("review"),
};

static const struct str QUALITY = STR_INIT("report/quality.csv"), HISTORY = STR_INIT("master/history.csv"),
			LINEAGE = STR_INIT("master/lineage.csv");

static bool is_result(struct str path)
{
	return str_starts(path, STR("resolve/")) || str_starts(path, STR("master/")) || str_starts(path, STR("return/")) ||
	       str_eq(path, STR("report/returns.csv"));
}

static const char *below(struct run *r, const char *dir, struct str inside)
{
	return str_keepz(&r->arena, str_printf(&r->arena, "%s/%.*s", dir, STR_FMT(inside)));
}

/* ---- whether they stand ---- */

static bool has_word(struct str text, struct str word)
{
	for (size_t i = 0; i + word.n <= text.n; i++) {
		if (strncasecmp(text.p + i, word.p, word.n) == 0)
			return true;
	}
	return false;
}

/* The lists of return are questions in SQL that a house writes: one that asks for the ledger, or for the
 * quality, of which a part is of this run, may be answered otherwise though nothing came. */
static bool questions_ask_of_the_run(struct run *r, bool *ask, struct fault *f)
{
	struct infile in;

	if (!infile_open(&in, below(r, run_rules_dir(r, f), STR("followup.csv")), false, (struct infile_limits){ 0 }, f))
		return false;
	*ask = has_word(in.bytes, STR("ledger")) || has_word(in.bytes, STR("quality"));
	infile_close(&in);
	return true;
}

static struct str told(const struct rowset *results, struct str name)
{
	for (size_t i = 0; i < results->n; i++) {
		if (str_eq(rowset_value(results, i, NAME), name))
			return rowset_value(results, i, VALUE);
	}
	return STR("");
}

static const char *last_out(struct run *r)
{
	const struct rowset *outs = &r->book->state.outs;

	return outs->n ? str_keepz(&r->arena, rowset_value(outs, outs->n - 1, 1)) : NULL;
}

/* A file as long as its sum tells: whatever else lies there now need not be read, however long it is. */
static bool may_be(const char *path, struct str sum)
{
	struct stat st;
	struct str size;
	uint64_t bytes;

	return str_cut(&sum, ' ', &size) && str_u64(size, &bytes) && lstat(path, &st) == 0 && S_ISREG(st.st_mode) &&
	       (uint64_t)st.st_size == bytes;
}

/* ---- taking them over ---- */

struct taking {
	struct run *r;
	const char *from; /* OUT of the last run */
	struct sum *files;
	size_t n, cap;
	bool *taken; /* by file */
};

/* Copied, not shared: people open what lies in OUT in programs that write into the file itself. The
 * sum is that of the bytes that were written here. */
static void take_file(void *context, size_t i, unsigned worker)
{
	struct taking *t = context;
	const struct sum *file = &t->files[i];
	struct arena a = { 0 };
	struct fault ignored = { 0 };
	const char *from = str_keepz(&a, str_printf(&a, "%s/%.*s", t->from, STR_FMT(file->path)));
	const char *to = str_keepz(&a, str_printf(&a, "%s/%.*s", t->r->book->out, STR_FMT(file->path)));
	struct str sum;

	(void)worker;
	t->taken[i] = may_be(from, file->value) && copy_file_unsynced(from, to, &ignored) && sum_of_file(&a, to, &sum, &ignored) &&
		      str_eq(sum, file->value);
	fault_release(&ignored);
	arena_release(&a);
}

static bool list_files(struct taking *t, const struct rowset *results)
{
	bool need_lineage = run_tells_lineage(t->r), has_lineage = false;

	for (size_t i = 0; i < results->n; i++) {
		struct str path = rowset_value(results, i, NAME);
		bool lineage = str_eq(path, LINEAGE);

		has_lineage |= lineage;
		if (!is_result(path) || str_eq(path, HISTORY) || (lineage && !need_lineage))
			continue;
		GROW(t->files, t->n, t->cap);
		t->files[t->n++] = (struct sum){ path, rowset_value(results, i, VALUE) };
	}
	return has_lineage || !need_lineage;
}

static bool all_taken(const struct taking *t)
{
	for (size_t i = 0; i < t->n; i++) {
		if (!t->taken[i])
			return false;
	}
	return t->n > 0;
}

static bool take_files(struct run *r, const struct rowset *results, const char *from)
{
	struct taking t = { .r = r, .from = from };
	bool ok = list_files(&t, results);

	t.taken = xcalloc(t.n + 1, sizeof(*t.taken));
	if (ok)
		pool_each(r->opt.jobs, t.n, take_file, &t);
	ok = ok && all_taken(&t);
	free(t.files);
	free(t.taken);
	return ok;
}

/* The numbers that report goes on from. */
static bool take_quality(struct run *r, const struct rowset *results, const char *from)
{
	struct fault ignored = { 0 };
	struct rowset *quality = &r->book->carried.quality;
	const char *path = below(r, from, QUALITY);
	struct str is, was = told(results, QUALITY);
	bool ok = may_be(path, was) && sum_of_file(&r->arena, path, &is, &ignored) && str_eq(is, was);

	if (ok) {
		rowset_init(quality, &table_quality);
		ok = rowset_load(quality, from, false, &ignored);
	}
	fault_release(&ignored);
	return ok;
}

static bool keep_folder(struct run *r, struct str name, struct fault *f)
{
	struct state *s = &r->book->state;
	const char *from = below(r, state_kept_dir(s), name), *to = below(r, state_next_kept_dir(s), name);
	DIR *folder = opendir(from);
	bool ok = folder || errno == ENOENT || fault_errno(f, "open", from);

	ok = ok && (!folder || make_folders(to, f));
	for (struct dirent *e; folder && ok && (ok = folder_next(folder, from, &e, f)) && e;) {
		if (e->d_name[0] != '.')
			ok = share_file(below(r, from, str_of(e->d_name)), below(r, to, str_of(e->d_name)), f);
	}
	if (folder)
		closedir(folder);
	return ok;
}

static bool keep(struct run *r, struct fault *f)
{
	for (size_t i = 0; i < sizeof(kept_folders) / sizeof(kept_folders[0]); i++) {
		if (!keep_folder(r, kept_folders[i], f))
			return false;
	}
	return true;
}

/* Each folder that results were copied into. */
static bool each_folder(struct run *r, bool (*act)(const char *folder, struct fault *f), struct fault *f)
{
	static const char *const folders[] = { "resolve", "master", "return", "report" };

	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		if (!act(run_out_path(r, folders[i]), f))
			return false;
	}
	return true;
}

static bool put_history(struct run *r, struct fault *f)
{
	struct rowset none;

	rowset_init(&none, &table_history);
	return run_put(r, &none, f);
}

bool carried_take(struct run *r, bool news, struct fault *f)
{
	struct carried *c = &r->book->carried;
	const char *from = last_out(r);
	const struct rowset *results;
	bool ask;

	if (!fingerprint_of_all(r, &c->basis, f) || !questions_ask_of_the_run(r, &ask, f))
		return false;
	if (ask)
		c->basis = STR("");
	if (news || !from || !c->basis.n)
		return true;
	results = run_previous(r, &table_results, f);
	if (!results || !str_eq(told(results, STR("basis")), c->basis))
		return results != NULL;
	if (!take_quality(r, results, from) || !take_files(r, results, from))
		return each_folder(r, remove_tree, f); /* what was copied before one was found to be another */
	c->is = true;
	c->asks = str_eq(told(results, STR("asks")), STR("1"));
	r->needs_person |= c->asks;
	run_say(r, "nothing is new: what resolve, merge and return made in the last run is carried over");
	return keep(r, f) && each_folder(r, outfile_sync_tree, f) && put_history(r, f);
}

/* ---- what is remembered ---- */

bool carried_remember(struct run *r, const struct sums *sums, struct fault *f)
{
	const struct carried *c = &r->book->carried;
	struct rowset results;
	bool ok;

	if (!c->basis.n)
		return true;
	rowset_init(&results, &table_results);
	rowset_add(&results, (struct str[]){ STR("basis"), c->basis });
	rowset_add(&results, (struct str[]){ STR("asks"), c->asks ? STR("1") : STR("0") });
	for (size_t i = 0; i < sums->n; i++) {
		if (is_result(sums->list[i].path) || str_eq(sums->list[i].path, QUALITY))
			rowset_add(&results, (struct str[]){ sums->list[i].path, sums->list[i].value });
	}
	ok = run_keep(r, &results, f);
	rowset_release(&results);
	return ok;
}

void carried_release(struct carried *c)
{
	if (c->quality.store)
		rowset_release(&c->quality);
}
