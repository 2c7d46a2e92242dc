/*
 * The manifest is a table kind,name,detail: `format`, `run`, `segment` (one a folder, oldest
 * first), `file` (path, size and sum of every file that belongs to the state) and `out` (where
 * each run wrote), and last `end` with the XXH3 of all before it. All of it is compared at
 * opening: what a disk, a copy or a hand changed, or cut short, is told before it is read.
 */
#include "state.h"

#include "book.h"
#include "buf.h"
#include "digest.h"
#include "infile.h"
#include "outfile.h"
#include "sums.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { KIND, NAME, DETAIL, MANIFEST_COLUMNS };

static const char *const manifest_columns[] = { "kind", "name", "detail", NULL };
static const struct table_def table_manifest = { "manifest", manifest_columns, 1 };
static const char FORMAT[] = "2", FORMER_FORMAT[] = "1"; /* without `end` */

static const char *join(struct state *s, const char *a, const char *b)
{
	return str_keepz(&s->arena, str_printf(&s->arena, "%s/%s/%s", s->dir, a, b));
}

static const char *in_state(struct state *s, const char *name)
{
	return str_keepz(&s->arena, str_printf(&s->arena, "%s/%s", s->dir, name));
}

static const char *numbered(struct state *s, const char *folder, uint32_t run)
{
	return join(s, folder, str_keepz(&s->arena, str_printf(&s->arena, "%06u", run)));
}

const char *state_segment_dir(struct state *s, size_t i)
{
	return join(s, "received", str_keepz(&s->arena, s->segments[i]));
}

const char *state_kept_dir(struct state *s)
{
	return s->kept ? s->kept : numbered(s, "kept", s->run);
}

const char *state_next_kept_dir(struct state *s)
{
	return numbered(s, "kept", s->run + 1);
}

const char *state_next_segment_dir(struct state *s)
{
	return numbered(s, "received", s->run + 1);
}

static bool take_lock(struct state *s, struct fault *f)
{
	const char *path = in_state(s, "lock");

	s->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (s->lock < 0)
		return fault_errno(f, "open", path);
	if (flock(s->lock, LOCK_EX | LOCK_NB) == 0)
		return true;
	if (errno != EWOULDBLOCK)
		return fault_errno(f, "lock", path);
	fault_set(f, EXIT_LOCKED, "another run works on the state %s", s->dir);
	fault_hint(f, "wait until it ends; the lock goes with its process");
	return false;
}

static bool is_damaged(struct fault *f, struct str how)
{
	fault_set(f, EXIT_FAILED, "the state is damaged: %.*s", STR_FMT(how));
	fault_hint(f, "restore the state folder from a backup");
	return false;
}

/* Told is the size and, but in the former format and for received rows, the sum. */
static bool check_file(struct state *s, struct str name, struct str told, struct fault *f)
{
	struct stat st;
	uint64_t bytes;
	const char *path = str_keepz(&s->arena, str_printf(&s->arena, "%s/%.*s", s->dir, STR_FMT(name)));
	struct str sum = told, size, is;

	if (!str_cut(&sum, ' ', &size) || !str_u64(size, &bytes) || stat(path, &st) != 0 || (uint64_t)st.st_size != bytes)
		return is_damaged(f, str_printf(&s->arena, "%s is missing or has another size than %.*s bytes", path,
						STR_FMT(size)));
	if (!sum.n)
		return true;
	return sum_of_file(&s->arena, path, &is, f) &&
	       (str_eq(is, told) || is_damaged(f, str_printf(&s->arena, "%s holds other bytes than a run wrote", path)));
}

static bool take_file(struct state *s, const struct str *v, struct fault *f)
{
	map_put(&s->file_rows, v[NAME], s->files.n, NULL);
	rowset_add(&s->files, v);
	return check_file(s, v[NAME], v[DETAIL], f);
}

static bool read_entry(struct state *s, const struct str *v, struct fault *f)
{
	uint64_t run;

	if (str_eq(v[KIND], STR("run")) && str_u64(v[NAME], &run)) {
		s->run = (uint32_t)run;
		s->date = str_keep(&s->arena, v[DETAIL]);
	}
	if (str_eq(v[KIND], STR("file")))
		return take_file(s, v, f);
	if (str_eq(v[KIND], STR("segment"))) {
		s->segments = xreallocarray(s->segments, s->n_segments + 1, sizeof(*s->segments));
		s->segments[s->n_segments++] = str_keep(&s->arena, v[NAME]);
	}
	if (str_eq(v[KIND], STR("out")))
		rowset_add(&s->outs, v);
	return true;
}

/* Anything but what the first run leaves when it dies. */
static bool holds_a_later_run(struct state *s, const char *folder, bool *holds, struct fault *f)
{
	const char *path = in_state(s, folder);
	DIR *d = opendir(path);
	bool ok = true;

	if (!d)
		return errno == ENOENT || fault_errno(f, "open", path);
	for (struct dirent *e; (ok = folder_next(d, path, &e, f)) && e;) {
		if (e->d_name[0] != '.' && !str_eq(str_of(e->d_name), STR("000001")))
			*holds = true;
	}
	closedir(d);
	return ok;
}

/* Without a manifest it is new, or its first run died; where a run has ended, one is lost, and
 * what it named must not be swept away. */
static bool may_lack_manifest(struct state *s, struct fault *f)
{
	const char *lock = in_state(s, "lock");
	struct stat st = { 0 };

	if (stat(lock, &st) != 0 && errno != ENOENT)
		return fault_errno(f, "look at", lock);
	bool had = st.st_size > 0;

	if (!holds_a_later_run(s, "received", &had, f) || !holds_a_later_run(s, "kept", &had, f))
		return false;
	return !had || is_damaged(f, str_printf(&s->arena, "%s/manifest.csv is missing", s->dir));
}

/* The lock bears a line from the first switch on. Where it cannot be written the next run does it. */
static void note_begun(struct state *s)
{
	static const struct str line = STR_INIT("manifest.csv says what belongs to this state\n");
	struct stat st;

	if (s->lock < 0 || fstat(s->lock, &st) != 0 || st.st_size > 0)
		return;
	if (pwrite(s->lock, line.p, line.n, 0) < 0)
		return;
}

static struct str end_line(struct state *s, struct str before)
{
	struct hash128 sum = hash128(before);

	return str_printf(&s->arena, "end,%016llx%016llx,\n", (unsigned long long)sum.hi, (unsigned long long)sum.lo);
}

static bool has_end(struct state *s, bool *has, struct fault *f)
{
	const size_t length = end_line(s, STR("")).n;
	struct infile in;
	struct str rows;

	if (!infile_open(&in, in_state(s, "manifest.csv"), false, (struct infile_limits){ 0 }, f))
		return false;
	rows = (struct str){ in.bytes.p, in.bytes.n < length ? 0 : in.bytes.n - length };
	*has = rows.n && str_eq((struct str){ rows.p + rows.n, length }, end_line(s, rows));
	infile_close(&in);
	return true;
}

static bool is_cut(struct state *s, struct fault *f)
{
	return is_damaged(f, str_printf(&s->arena, "%s/manifest.csv was cut short or changed", s->dir));
}

/* In the former format an `out` was the last line. */
static bool is_whole(struct state *s, const struct rowset *manifest, struct fault *f)
{
	struct str first[MANIFEST_COLUMNS] = { 0 }, last[MANIFEST_COLUMNS] = { 0 };
	bool whole = false;

	if (manifest->n) {
		rowset_get(manifest, 0, first);
		rowset_get(manifest, manifest->n - 1, last);
	}
	if (str_eq(first[KIND], STR("format")) && str_eq(first[NAME], STR(FORMER_FORMAT)))
		whole = str_eq(last[KIND], STR("out"));
	else if (str_eq(first[KIND], STR("format")) && !str_eq(first[NAME], STR(FORMAT)))
		return fault_set(f, EXIT_FAILED, "the state %s has format %.*s, this program reads format %s",
				 s->dir, STR_FMT(first[NAME]), FORMAT);
	else if (!has_end(s, &whole, f))
		return false;
	return whole || is_cut(s, f);
}

static bool read_manifest(struct state *s, struct fault *f)
{
	struct rowset manifest;
	struct str v[MANIFEST_COLUMNS];
	bool ok;

	if (!file_exists(in_state(s, "manifest.csv")))
		return may_lack_manifest(s, f);
	rowset_init(&manifest, &table_manifest);
	ok = rowset_load(&manifest, s->dir, false, f) && is_whole(s, &manifest, f);
	for (size_t i = 0; ok && i < manifest.n; i++) {
		rowset_get(&manifest, i, v);
		ok = read_entry(s, v, f);
	}
	rowset_release(&manifest);
	ok = ok && (s->run || is_cut(s, f));
	if (ok)
		note_begun(s);
	return ok;
}

static bool is_segment(const struct state *s, const char *name)
{
	for (size_t i = 0; i < s->n_segments; i++) {
		if (str_eq(s->segments[i], str_of(name)))
			return true;
	}
	return false;
}

/* Folders below received/ and kept/ that the manifest does not name. */
static bool sweep(struct state *s, const char *folder, bool kept, struct fault *f)
{
	const char *path = str_keepz(&s->arena, str_printf(&s->arena, "%s/%s", s->dir, folder));
	const char *current = str_keepz(&s->arena, str_printf(&s->arena, "%06u", s->run));
	DIR *d = opendir(path);
	bool ok = true;

	if (!d)
		return errno == ENOENT || fault_errno(f, "open", path);
	for (struct dirent *e; ok && (ok = folder_next(d, path, &e, f)) && e;) {
		bool known = kept ? str_eq(str_of(e->d_name), str_of(current)) : is_segment(s, e->d_name);

		if (e->d_name[0] != '.' && !known)
			ok = remove_tree(join(s, folder, e->d_name), f);
	}
	closedir(d);
	return ok;
}

bool state_sweep(struct state *s, struct fault *f)
{
	return sweep(s, "received", false, f) && sweep(s, "kept", true, f);
}

bool state_open(struct state *s, const char *dir, bool write, struct fault *f)
{
	struct stat st;

	*s = (struct state){ .lock = -1 };
	s->dir = xstrdup(dir);
	rowset_init(&s->files, &table_manifest);
	rowset_init(&s->outs, &table_manifest);
	if (!write && stat(dir, &st) != 0) {
		if (errno != ENOENT)
			return fault_errno(f, "open the state", dir);
		fault_set(f, EXIT_USAGE, "there is no state at %s", dir);
		fault_hint(f, "name the folder that yice run keeps with --state DIR");
		return false;
	}
	if (write && (!make_folders(dir, f) || !take_lock(s, f)))
		return false;
	if (!read_manifest(s, f))
		return false;
	return !write || state_sweep(s, f);
}

/* The cleaned form under rules that are no longer in use. */
static bool is_former(const char *name, const char *rules)
{
	return str_starts(str_of(name), STR("rules-")) && !str_eq(str_of(name), str_of(rules));
}

/* Removed only after the switch, and only for room: nothing reads them any more. */
static void drop_former(struct state *s, const char *segment, const char *rules)
{
	struct dirent **entries;
	int n = scandir(segment, &entries, NULL, alphasort);
	struct fault ignored = { 0 };

	for (int i = 0; i < n; i++) {
		if (is_former(entries[i]->d_name, rules))
			remove_tree(str_keepz(&s->arena, str_printf(&s->arena, "%s/%s", segment, entries[i]->d_name)),
				    &ignored);
		free(entries[i]);
	}
	if (n >= 0)
		free(entries);
	fault_release(&ignored);
}

/* Size and sum. Received rows are many, read in part each night, and have sums of their own within. */
static bool tell_file(struct state *s, struct str name, struct stat *st, struct str *told, struct fault *f)
{
	const uint64_t *row = map_get(&s->file_rows, name);
	struct str size = str_printf(&s->arena, "%lld", (long long)st->st_size);

	*told = row ? rowset_value(&s->files, *row, DETAIL) : size;
	if (str_eq(*told, size) && !str_ends(name, STR("/received.rows.gz")))
		return sum_of_file(&s->arena, in_state(s, str_keepz(&s->arena, name)), told, f);
	return true;
}

/* A line for every file below DIR/inside; of the folders rules-... only the one in use. */
static bool list_files(struct state *s, struct rowset *manifest, const char *inside, const char *rules,
		       struct fault *f)
{
	const char *path = str_keepz(&s->arena, str_printf(&s->arena, "%s/%s", s->dir, inside));
	struct dirent **entries;
	int n = scandir(path, &entries, NULL, alphasort);
	bool ok = true;

	if (n < 0)
		return errno == ENOENT || fault_errno(f, "open", path);
	for (int i = 0; i < n; i++) {
		struct str name = str_printf(&s->arena, "%s/%s", inside, entries[i]->d_name), told;
		struct stat st;

		if (entries[i]->d_name[0] != '.' && !is_former(entries[i]->d_name, rules) && ok) {
			const char *file = str_keepz(&s->arena, str_printf(&s->arena, "%s/%.*s", s->dir, STR_FMT(name)));

			if (lstat(file, &st) != 0)
				ok = fault_errno(f, "look at", file);
			else if (S_ISDIR(st.st_mode))
				ok = list_files(s, manifest, str_keepz(&s->arena, name), rules, f);
			else if ((ok = tell_file(s, name, &st, &told, f)))
				rowset_add(manifest, (struct str[]){ STR("file"), name, told });
		}
		free(entries[i]);
	}
	free(entries);
	return ok;
}

bool state_prepare(struct state *s, bool segment, const char *rules, struct str date, const char *out,
		   struct fault *f)
{
	struct rowset manifest;
	struct buf bytes = { 0 };
	struct str v[MANIFEST_COLUMNS], next = str_printf(&s->arena, "%06u", s->run + 1);
	bool ok = true;

	rowset_init(&manifest, &table_manifest);
	rowset_add(&manifest, (struct str[]){ STR("format"), STR(FORMAT), STR("") });
	rowset_add(&manifest, (struct str[]){ STR("run"), str_printf(&s->arena, "%u", s->run + 1), date });
	if (segment) {
		s->segments = xreallocarray(s->segments, s->n_segments + 1, sizeof(*s->segments));
		s->segments[s->n_segments++] = next;
	}
	for (size_t i = 0; ok && i < s->n_segments; i++) {
		rowset_add(&manifest, (struct str[]){ STR("segment"), s->segments[i], STR("") });
		ok = list_files(s, &manifest,
				str_keepz(&s->arena, str_printf(&s->arena, "received/%.*s", STR_FMT(s->segments[i]))), rules, f);
	}
	if (ok)
		ok = list_files(s, &manifest, str_keepz(&s->arena, str_printf(&s->arena, "kept/%.*s", STR_FMT(next))), rules, f);
	for (size_t i = 0; i < s->outs.n; i++) {
		rowset_get(&s->outs, i, v);
		rowset_add(&manifest, v);
	}
	rowset_add(&manifest, (struct str[]){ STR("out"), str_of(out), date });
	rowset_csv(&manifest, &bytes);
	buf_str(&bytes, end_line(s, buf_view(&bytes)));
	ok = ok && outfile_put(in_state(s, "manifest.next.csv"), buf_view(&bytes), f);
	buf_release(&bytes);
	rowset_release(&manifest);
	return ok;
}

/* The manifest before keeps a second name (a copy on file systems without hard links) until the
 * folder is synced: where that fails the switch is taken back, since it might not outlast a power
 * failure. */
bool state_switch(struct state *s, const char *rules, struct fault *f)
{
	const char *manifest = in_state(s, "manifest.csv"), *next = in_state(s, "manifest.next.csv");
	const char *before = in_state(s, "manifest.before.csv");
	bool had, ok;

	unlink(before);
	had = link(manifest, before) == 0;
	if (!had && errno != ENOENT) {
		had = copy_file(manifest, before, f);
		if (!had)
			return false;
	}
	ok = rename(next, manifest) == 0 || fault_errno(f, "move into place", manifest);
	if (ok && !sync_folder_of(manifest)) {
		ok = fault_errno(f, "sync the folder of", manifest);
		if (had ? rename(before, manifest) : unlink(manifest))
			fault_hint(f, "the run is in the state all the same: what it brought comes again as duplicate");
	}
	unlink(before);
	if (ok)
		note_begun(s);
	for (size_t i = 0; ok && i < s->n_segments; i++)
		drop_former(s, state_segment_dir(s, i), rules);
	return ok;
}

void state_clear_next(struct state *s)
{
	struct fault ignored = { 0 };

	unlink(in_state(s, "manifest.next.csv"));
	remove_tree(state_next_segment_dir(s), &ignored);
	remove_tree(state_next_kept_dir(s), &ignored);
	fault_release(&ignored);
}

void state_close(struct state *s)
{
	if (s->lock >= 0)
		close(s->lock); /* the lock goes with it */
	free(s->dir);
	free(s->segments);
	rowset_release(&s->files);
	map_release(&s->file_rows);
	rowset_release(&s->outs);
	arena_release(&s->arena);
	*s = (struct state){ .lock = -1 };
}
