#include "placing.h"

#include "book.h"
#include "infile.h"
#include "outfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <unistd.h>

const char *const run_results[] = { "extract", "clean",	     "resolve",	    "master",	"report",
				    "return",  "ledger.csv", "yice.sqlite", "run.json", NULL };

const char run_staging_name[] = ".part";
static const char PLACING[] = "placing"; /* the number of the run, then the names that OUT held */

bool out_hold(const char *out, bool alone, struct fault *f)
{
	int fd = open(out, O_RDONLY | O_DIRECTORY | O_CLOEXEC); /* the lock goes with the process */

	if (fd < 0 || flock(fd, (alone ? LOCK_EX : LOCK_SH) | LOCK_NB) == 0)
		return true;
	if (errno == EWOULDBLOCK) {
		fault_set(f, EXIT_LOCKED, "another run works in %s", out);
		fault_hint(f, "wait until it ends; the lock goes with its process");
	}
	close(fd);
	return !fault_is(f);
}

bool out_whole(const char *out, struct fault *f)
{
	struct arena a = { 0 };
	const char *list = str_keepz(&a, str_printf(&a, "%s/%s/%s", out, run_staging_name, PLACING));
	bool whole = access(list, F_OK) != 0;

	arena_release(&a);
	if (whole || !out_hold(out, false, f))
		return whole;
	fault_set(f, EXIT_FAILED, "a run died while it placed its results in %s: they may be of two runs", out);
	fault_hint(f, "run the same `yice run` again first: it sets that right");
	return false;
}

static const char *placed(struct run *r, const char *name)
{
	return str_keepz(&r->arena, str_printf(&r->arena, "%s/%s", r->opt.out, name));
}

static const char *former(struct run *r, const char *name)
{
	return run_out_path(r, str_keepz(&r->arena, str_printf(&r->arena, "old-%s", name)));
}

static bool move(const char *from, const char *to, struct fault *f)
{
	return rename(from, to) == 0 || errno == ENOENT || fault_errno(f, "move into place", to);
}

static bool write_list(struct run *r, struct fault *f)
{
	struct buf b = { 0 };
	bool ok;

	buf_printf(&b, "%u\n", r->book->state.run + 1);
	for (size_t i = 0; run_results[i]; i++) {
		if (file_exists(placed(r, run_results[i])))
			buf_printf(&b, "%s\n", run_results[i]);
	}
	ok = outfile_put(run_out_path(r, PLACING), buf_view(&b), f);
	buf_release(&b);
	return ok;
}

/* What this run did not make is no longer there. */
static bool move_all(struct run *r, struct fault *f)
{
	for (size_t i = 0; run_results[i]; i++) {
		if (!move(placed(r, run_results[i]), former(r, run_results[i]), f) ||
		    !move(run_out_path(r, run_results[i]), placed(r, run_results[i]), f))
			return false;
	}
	return sync_folder_of(placed(r, run_results[0])) || fault_errno(f, "sync", r->opt.out);
}

bool results_place(struct run *r, struct fault *f)
{
	if (!write_list(r, f))
		return false;
	return move_all(r, f) || results_take_back(r, f);
}

void results_stay(struct run *r)
{
	unlink(run_out_path(r, PLACING)); /* else it goes with the staging folder */
}

static bool held_before(struct str list, const char *name)
{
	struct str line;

	while (str_cut(&list, '\n', &line)) {
		if (str_eq(line, str_of(name)))
			return true;
	}
	return false;
}

/* A result goes back to the staging folder when OUT held none before, or holds it still
 * beside the moved one. */
static bool take_back(struct run *r, struct str list, struct fault *f)
{
	for (size_t i = 0; run_results[i]; i++) {
		bool moved = file_exists(former(r, run_results[i]));

		if ((moved || !held_before(list, run_results[i])) &&
		    !move(placed(r, run_results[i]), run_out_path(r, run_results[i]), f))
			return false;
		if (moved && !move(former(r, run_results[i]), placed(r, run_results[i]), f))
			return false;
	}
	return true;
}

static bool with_list(struct run *r, bool only_unswitched, struct fault *f)
{
	const char *path = run_out_path(r, PLACING);
	struct infile in;
	struct str list, line;
	uint64_t run = 0;
	bool ok;

	if (!file_exists(path))
		return true;
	if (!infile_open(&in, path, true, (struct infile_limits){ 0 }, f))
		return false;
	list = in.bytes;
	ok = str_cut(&list, '\n', &line) && str_u64(line, &run);
	if (ok && (!only_unswitched || r->book->state.run < run))
		ok = take_back(r, list, f) && unlink(path) == 0;
	infile_close(&in);
	return ok;
}

bool results_take_back(struct run *r, struct fault *f)
{
	struct fault second = { 0 };

	if (!with_list(r, false, &second))
		fault_hint(f, "the results in %s are of two runs: run the same command again", r->opt.out);
	fault_release(&second);
	return false;
}

bool results_recover(struct run *r, struct fault *f)
{
	return with_list(r, true, f);
}

bool results_settled(struct run *r)
{
	return !file_exists(run_out_path(r, PLACING));
}
