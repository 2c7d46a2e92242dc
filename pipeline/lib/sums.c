#include "sums.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "digest.h"
#include "infile.h"
#include "outfile.h"
#include "pool.h"
#include "written.h"

static const struct str OPENING = STR_INIT("  \"sums\": {\n");

static bool left_out(struct str name, bool top)
{
	return !name.n || name.p[0] == '.' || str_ends(name, STR(".part")) ||
	       (top && str_eq(name, STR("run.json")));
}

static bool find_files(struct sums *s, const char *dir, struct str inside, struct fault *f)
{
	const char *path = str_keepz(&s->arena, str_printf(&s->arena, "%s/%.*s", dir, STR_FMT(inside)));
	struct dirent **entries;
	int n = scandir(path, &entries, NULL, alphasort);

	if (n < 0)
		return fault_errno(f, "read the folder", path);
	for (int i = 0; i < n; i++) {
		struct str name = str_of(entries[i]->d_name);
		struct str below = str_printf(&s->arena, "%.*s%s%.*s", STR_FMT(inside), inside.n ? "/" : "", STR_FMT(name));
		struct stat st;

		if (!left_out(name, !inside.n) && !fault_is(f)) {
			const char *file = str_keepz(&s->arena, str_printf(&s->arena, "%s/%.*s", dir, STR_FMT(below)));

			if (lstat(file, &st) != 0) {
				fault_errno(f, "look at", file);
			} else if (S_ISDIR(st.st_mode)) {
				find_files(s, dir, below, f);
			} else {
				GROW(s->list, s->n, s->cap);
				s->list[s->n++] = (struct sum){ .path = below };
			}
		}
		free(entries[i]);
	}
	free(entries);
	return !fault_is(f);
}

struct hashing {
	struct sums *s;
	const char *dir;
	struct hash128 *hashes;
	int64_t *sizes; /* -errno where the file cannot be read */
};

/* Read, not mapped: the pages of a large table would count as memory of the run. */
static int64_t hash_file(int fd, struct hash128 *h)
{
	struct hash128_pieces *pieces = hash128_begin();
	char piece[64 << 10];
	int64_t size = 0;
	ssize_t n;

	while (size >= 0 && (n = read(fd, piece, sizeof(piece))) != 0) {
		if (n > 0) {
			hash128_add(pieces, piece, (size_t)n);
			size += n;
		} else if (errno != EINTR) {
			size = -errno;
		}
	}
	*h = hash128_end(pieces);
	return size;
}

static int64_t hash_path(const char *path, struct hash128 *h)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	int64_t size = -errno;

	if (fd < 0)
		return size;
	if (!written_find(fd, h, &size))
		size = hash_file(fd, h);
	close(fd);
	return size;
}

static void hash_one(void *context, size_t i, unsigned worker)
{
	struct hashing *x = context;
	struct arena a = { 0 };

	(void)worker;
	if (x->s->list[i].value.n)
		return;
	x->sizes[i] = hash_path(str_keepz(&a, str_printf(&a, "%s/%.*s", x->dir, STR_FMT(x->s->list[i].path))), &x->hashes[i]);
	arena_release(&a);
}

/* False with a fault where it could not be read. */
static bool value_of(struct arena *a, const char *path, int64_t size, struct hash128 h, struct str *value, struct fault *f)
{
	if (size < 0) {
		errno = (int)-size;
		return fault_errno(f, "read", path);
	}
	*value = str_printf(a, "%lld %016llx%016llx", (long long)size, (unsigned long long)h.hi, (unsigned long long)h.lo);
	return true;
}

bool sum_of_file(struct arena *a, const char *path, struct str *value, struct fault *f)
{
	struct hash128 h = { 0 };
	int64_t size = hash_path(path, &h);

	return value_of(a, path, size, h, value, f);
}

static int by_path(const void *a, const void *b)
{
	return str_cmp(((const struct sum *)a)->path, ((const struct sum *)b)->path);
}

static void sort(struct sums *s)
{
	if (s->n)
		qsort(s->list, s->n, sizeof(*s->list), by_path);
}

/* Of those that have no value yet. */
static bool read_files(struct sums *s, const char *dir, struct fault *f)
{
	struct hashing x = { s, dir, NULL, NULL };

	x.hashes = xcalloc(s->n, sizeof(*x.hashes));
	x.sizes = xcalloc(s->n, sizeof(*x.sizes));
	pool_each(pool_jobs(), s->n, hash_one, &x);
	for (size_t i = 0; i < s->n; i++) {
		struct sum *one = &s->list[i];

		if (!one->value.n)
			value_of(&s->arena, str_keepz(&s->arena, one->path), x.sizes[i], x.hashes[i], &one->value, f);
	}
	free(x.hashes);
	free(x.sizes);
	return !fault_is(f);
}

bool sums_take(struct sums *s, const char *dir, struct fault *f)
{
	*s = (struct sums){ 0 };
	if (!find_files(s, dir, STR(""), f))
		return false;
	sort(s);
	return read_files(s, dir, f);
}

/* `    "PATH": "VALUE",` */
static bool take_line(struct sums *s, struct str line)
{
	struct str path, value = line;

	line = str_trim(line);
	if (!str_starts(line, STR("\"")))
		return false;
	line = (struct str){ line.p + 1, line.n - 1 };
	if (!str_cut(&line, '"', &path))
		return false;
	if (!str_starts(line, STR(": \"")))
		return false;
	line = (struct str){ line.p + 3, line.n - 3 };
	if (!str_cut(&line, '"', &value))
		return false;
	GROW(s->list, s->n, s->cap);
	s->list[s->n++] = (struct sum){ str_keep(&s->arena, path), str_keep(&s->arena, value) };
	return true;
}

bool sums_told(struct sums *s, const char *dir, struct fault *f)
{
	char *path;
	struct infile in;
	struct str rest, line;
	bool within = false;

	*s = (struct sums){ 0 };
	path = str_keepz(&s->arena, str_printf(&s->arena, "%s/run.json", dir));
	if (!file_exists(path))
		return true;
	if (!infile_open(&in, path, false, (struct infile_limits){ 0 }, f))
		return false;
	rest = in.bytes;
	while (str_cut(&rest, '\n', &line)) {
		if (within && !take_line(s, line))
			break;
		within |= str_eq(str_trim(line), str_trim(OPENING));
	}
	infile_close(&in);
	sort(s);
	return true;
}

const struct sum *sums_find(const struct sums *s, struct str path)
{
	const struct sum key = { .path = path };

	return s->n ? bsearch(&key, s->list, s->n, sizeof(key), by_path) : NULL;
}

/* Names of files hold neither quotes nor backslashes: what a name is made of is checked where
 * it comes in. */
void sums_print(const struct sums *s, struct buf *b)
{
	buf_str(b, OPENING);
	for (size_t i = 0; i < s->n; i++)
		buf_printf(b, "    \"%.*s\": \"%.*s\"%s\n", STR_FMT(s->list[i].path), STR_FMT(s->list[i].value),
			   i + 1 < s->n ? "," : "");
	buf_str(b, STR("  }\n}\n"));
}

/* ---- what a stage by hand changed ---- */

/* A file that is replaced is another one, one that is written into has another time or size. */
bool sums_mark(struct sums *s, const char *dir, struct fault *f)
{
	struct stat st;

	*s = (struct sums){ 0 };
	if (!file_exists(str_keepz(&s->arena, str_printf(&s->arena, "%s/run.json", dir))))
		return true;
	if (!find_files(s, dir, STR(""), f))
		return false;
	for (size_t i = 0; i < s->n; i++) {
		const char *path = str_keepz(&s->arena, str_printf(&s->arena, "%s/%.*s", dir, STR_FMT(s->list[i].path)));

		if (lstat(path, &st) != 0)
			return fault_errno(f, "look at", path);
		s->list[i].value = str_printf(&s->arena, "%llu %lld %lld.%09ld", (unsigned long long)st.st_ino,
					      (long long)st.st_size, (long long)st.st_mtim.tv_sec, st.st_mtim.tv_nsec);
	}
	sort(s);
	return true;
}

static void add(struct sums *s, struct str path, struct str value)
{
	GROW(s->list, s->n, s->cap);
	s->list[s->n++] = (struct sum){ path, value };
}

/* What is to be told now: of changed files no value yet. False where nothing changed. */
static bool settle(const struct sums *mark, const struct sums *now, const struct sums *told, struct sums *next)
{
	bool changed = false;

	for (size_t i = 0; i < now->n; i++) {
		const struct sum *is = &now->list[i], *was = sums_find(mark, is->path);
		const struct sum *value = sums_find(told, is->path);
		bool same = was && str_eq(was->value, is->value);

		changed |= !same;
		if (!same || value)
			add(next, is->path, same ? value->value : STR(""));
	}
	for (size_t i = 0; i < told->n; i++) {
		const struct sum *gone = &told->list[i];

		if (sums_find(now, gone->path))
			continue;
		if (sums_find(mark, gone->path))
			changed = true;
		else
			add(next, gone->path, gone->value);
	}
	sort(next);
	return changed;
}

static bool write_sums(const struct sums *s, const char *dir, struct fault *f)
{
	struct arena a = { 0 };
	const char *path = str_keepz(&a, str_printf(&a, "%s/run.json", dir));
	struct buf b = { 0 };
	struct infile in;
	bool ok = infile_open(&in, path, true, (struct infile_limits){ 0 }, f);
	struct str rest = ok ? in.bytes : STR(""), line;

	while (str_cut(&rest, '\n', &line) && !str_eq(str_trim(line), str_trim(OPENING))) {
		buf_str(&b, line);
		buf_char(&b, '\n');
	}
	sums_print(s, &b);
	if (ok)
		infile_close(&in);
	ok = ok && outfile_put(path, buf_view(&b), f);
	buf_release(&b);
	arena_release(&a);
	return ok;
}

bool sums_renew(const struct sums *mark, const char *dir, struct fault *f)
{
	struct sums told, now = { 0 }, next = { 0 };
	bool ok = sums_told(&told, dir, f);

	if (ok && told.n)
		ok = sums_mark(&now, dir, f) &&
		     (!settle(mark, &now, &told, &next) || (read_files(&next, dir, f) && write_sums(&next, dir, f)));
	sums_release(&told);
	sums_release(&now);
	sums_release(&next);
	return ok;
}

void sums_release(struct sums *s)
{
	free(s->list);
	arena_release(&s->arena);
	*s = (struct sums){ 0 };
}
