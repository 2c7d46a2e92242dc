/* The folders of a run, looked at before anything is read there or written into one of them. */
#include "placing.h"
#include "stage.h"

#include "csv_table.h"
#include "destination.h"
#include "text.h"

#include <errno.h>
#include <sys/stat.h>

static bool lies_in(struct str path, struct str folder)
{
	if (!folder.n || !str_starts(path, folder))
		return false;
	return path.n == folder.n || path.p[folder.n] == '/' || folder.p[folder.n - 1] == '/';
}

/* Below the inbox it is not read; the inbox itself would be. */
static bool is_not_inbox(const char *name, const char *path, const char *inbox, struct fault *f)
{
	struct arena a = { 0 };
	bool same = str_eq(destination_place(&a, path), destination_place(&a, inbox));

	arena_release(&a);
	if (!same)
		return true;
	fault_set(f, EXIT_USAGE, "%s %s is the inbox: the next run would read what this one writes", name, path);
	fault_hint(f, "name a folder of its own with %s DIR", name);
	return false;
}

/* Else what belongs to the one would be counted and removed with the other. */
static bool are_two(const char *state, const char *out, struct fault *f)
{
	struct arena a = { 0 };
	struct str s = destination_place(&a, state), o = destination_place(&a, out);
	bool one = str_eq(s, o);

	arena_release(&a);
	if (!one)
		return true;
	fault_set(f, EXIT_USAGE, "--state %s and --out %s are one folder", state, out);
	fault_hint(f, "name two folders, best beside each other");
	return false;
}

static bool outlasts(const char *option, const char *path, const char *folder, const char *name, struct fault *f)
{
	struct arena a = { 0 };
	const char *replaced = str_keepz(&a, str_printf(&a, "%s/%s", folder, name));

	if (lies_in(destination_place(&a, path), destination_place(&a, replaced))) {
		fault_set(f, EXIT_USAGE, "%s %s lies in %s, which each run replaces", option, path, replaced);
		fault_hint(f, "name a folder of its own with %s DIR", option);
	}
	arena_release(&a);
	return !fault_is(f);
}

/* What is remembered would go with the results before, or these with what the state has no more. */
static bool outlast_the_run(const char *state, const char *out, struct fault *f)
{
	static const char *const swept[] = { "received", "kept", "forgetting" };
	bool ok = outlasts("--state", state, out, ".part", f);

	for (size_t i = 0; ok && run_results[i]; i++)
		ok = outlasts("--state", state, out, run_results[i], f);
	for (size_t i = 0; ok && i < sizeof(swept) / sizeof(swept[0]); i++)
		ok = outlasts("--out", out, state, swept[i], f);
	return ok;
}

/* The state writes it down, and is text. */
static bool is_text(const char *out, struct fault *f)
{
	if (text_is_utf8(str_of(out)))
		return true;
	fault_set(f, EXIT_USAGE, "--out %s: the name is not UTF-8", out);
	fault_hint(f, "name a folder that the state can write down");
	return false;
}

/* A run or a stage by hand left one of these. */
static bool is_a_run(const char *out)
{
	static const char *const tables[] = { "ledger", "extract/files", "clean/rejects", "resolve/clusters",
					      "master/customer", "report/quality", "report/returns" };
	const char *const files[] = { "run.json", run_staging_name };
	struct arena a = { 0 };
	bool is = false;

	for (size_t i = 0; !is && i < sizeof(tables) / sizeof(tables[0]); i++)
		is = csv_table_exists(str_keepz(&a, str_printf(&a, "%s/%s.csv", out, tables[i])));
	for (size_t i = 0; !is && i < sizeof(files) / sizeof(files[0]); i++)
		is = file_exists(str_keepz(&a, str_printf(&a, "%s/%s", out, files[i])));
	arena_release(&a);
	return is;
}

static bool goes_unharmed(const char *out, const char *inbox, const char *name, struct fault *f)
{
	struct arena a = { 0 };
	const char *path = str_keepz(&a, str_printf(&a, "%s/%s", out, name));

	if (lies_in(destination_place(&a, inbox), destination_place(&a, path))) {
		fault_set(f, EXIT_USAGE, "the inbox %s lies in %s, which each run replaces", inbox, path);
		fault_hint(f, "copy what is to be read into a folder of its own and name that with --inbox DIR");
	} else if (file_exists(path) && !is_a_run(out)) {
		fault_set(f, EXIT_USAGE, "%s holds a %s that no run made: it would be removed", out, name);
		fault_hint(f, "name an empty folder, or one that is not there yet, with --out DIR");
	}
	arena_release(&a);
	return !fault_is(f);
}

bool places_check(const struct run_options *o, struct fault *f)
{
	bool ok = is_not_inbox("--out", o->out, o->inbox, f) && is_not_inbox("--state", o->state, o->inbox, f) &&
		  are_two(o->state, o->out, f) && outlast_the_run(o->state, o->out, f) && is_text(o->out, f);

	for (size_t i = 0; ok && run_results[i]; i++)
		ok = goes_unharmed(o->out, o->inbox, run_results[i], f);
	return ok;
}

/* What cannot be looked at for another reason, making it will tell. A link that leads to nothing is
 * in the way as a file is. */
static bool is_or_becomes_folder(const char *option, const char *path, struct fault *f)
{
	struct stat st;
	bool obstacle = stat(path, &st) == 0 ? !S_ISDIR(st.st_mode) :
					       errno == ENOTDIR || errno == ELOOP ||
						       (errno == ENOENT && lstat(path, &st) == 0);

	if (!obstacle)
		return true;
	fault_set(f, EXIT_USAGE, "%s %s is no folder", option, path);
	fault_hint(f, "name a folder with %s DIR", option);
	return false;
}

bool places_settled(const struct stage *stage, const struct run_options *o, struct fault *f)
{
	const char *works_in = o->out ? o->out : o->in;
	bool ok = (!o->state || is_or_becomes_folder("--state", o->state, f)) &&
		  (!o->out || stage->use == OUT_READS || is_or_becomes_folder("--out", o->out, f));

	ok = ok && (stage->use != OUT_WRITES || !works_in || out_hold(works_in, false, f));
	if (!ok || stage->use == OUT_OWNS)
		return ok;
	ok = (!o->in || out_whole(o->in, f)) && (!o->out || out_whole(o->out, f));
	for (size_t i = 0; ok && stage->needs && i < o->n_arguments; i++)
		ok = out_whole(o->arguments[i], f);
	return ok;
}
