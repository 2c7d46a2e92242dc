#include "destination.h"

#include "mem.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAX_LINKS = 40 };

/* ---- where it is ---- */

static struct str folder_of(struct str path)
{
	while (path.n && path.p[path.n - 1] != '/')
		path.n--;
	while (path.n > 1 && path.p[path.n - 1] == '/')
		path.n--;
	return path;
}

/* A link that leads to nothing yet is not followed here. */
static struct str place_without_link(struct arena *a, const char *path)
{
	struct str front = str_of(path), behind, name;
	char *whole = realpath(path, NULL);

	while (!whole && front.n) {
		front = folder_of(front);
		whole = realpath(front.n ? str_keepz(a, front) : ".", NULL);
		if (front.n <= 1)
			break;
	}
	if (!whole)
		return str_of(path);
	behind = str_of(path + front.n);
	front = str_keep(a, str_of(whole));
	while (str_cut(&behind, '/', &name))
		if (name.n && !str_eq(name, STR(".")))
			front = str_printf(a, "%.*s%s%.*s", STR_FMT(front), str_ends(front, STR("/")) ? "" : "/", STR_FMT(name));
	free(whole);
	return front;
}

struct str destination_place(struct arena *a, const char *path)
{
	char to[PATH_MAX];
	struct str place = place_without_link(a, path);

	for (int i = 0; i < MAX_LINKS; i++) {
		ssize_t n = readlink(str_keepz(a, place), to, sizeof(to));
		struct str next = { to, n > 0 ? (size_t)n : 0 };

		if (n <= 0 || (size_t)n == sizeof(to))
			break;
		if (to[0] != '/')
			next = str_printf(a, "%.*s/%.*s", STR_FMT(folder_of(place)), STR_FMT(next));
		place = place_without_link(a, str_keepz(a, next));
	}
	return place;
}

const char *destination_file(struct arena *a, const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0 && S_ISLNK(st.st_mode) ? str_keepz(a, destination_place(a, path)) : path;
}

/* ---- what stands there ---- */

/* Ours to write already: what it is redirected to goes on where it is, and a socket has no other way. */
static int our_stream(const struct stat *at)
{
	struct stat st;

	for (int fd = STDOUT_FILENO; fd <= STDERR_FILENO; fd++)
		if (fstat(fd, &st) == 0 && st.st_dev == at->st_dev && st.st_ino == at->st_ino)
			return fd;
	return -1;
}

static bool is_stream(const struct stat *at)
{
	return S_ISCHR(at->st_mode) || S_ISFIFO(at->st_mode) || our_stream(at) >= 0;
}

static const char *kind_of(const struct stat *at)
{
	static const struct {
		mode_t type;
		const char *name;
	} kinds[] = {
		{ S_IFDIR, "a folder" }, { S_IFCHR, "a device" },  { S_IFBLK, "a disk" },
		{ S_IFIFO, "a pipe" },	 { S_IFSOCK, "a socket" },
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if ((at->st_mode & S_IFMT) == kinds[i].type)
			return kinds[i].name;
	return NULL;
}

/* What cannot be looked at for another reason, writing will tell. */
const char *destination_obstacle(const char *path)
{
	struct stat st;

	if (stat(path, &st) != 0)
		return errno == ELOOP ? "a link that leads back to itself" : NULL;
	return kind_of(&st);
}

bool destination_check(const char *option, const char *path, struct fault *f)
{
	struct stat st;
	const char *obstacle = destination_obstacle(path);

	if (!obstacle || (stat(path, &st) == 0 && is_stream(&st)))
		return true;
	fault_set(f, EXIT_USAGE, "%s %s is %s, no file", option, path, obstacle);
	fault_hint(f, "name a file, or a path where nothing stands yet");
	return false;
}

bool destination_is_stdout(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && our_stream(&st) == STDOUT_FILENO;
}

/* ---- writing ---- */

static bool open_stream(struct destination *d, const char *path, const struct stat *at, struct fault *f)
{
	int ours = our_stream(at);

	d->stream = ours >= 0 ? fcntl(ours, F_DUPFD_CLOEXEC, 0) : open(path, O_WRONLY | O_NOCTTY | O_CLOEXEC);
	if (d->stream < 0)
		return fault_errno(f, "open", path);
	d->file = outfile_fd(d->stream, path);
	return true;
}

static bool open_file(struct destination *d, const char *path, struct fault *f)
{
	struct arena a = { 0 };

	d->file = outfile_open(destination_file(&a, path), f);
	arena_release(&a);
	return d->file != NULL;
}

bool destination_open(struct destination *d, const char *path, struct fault *f)
{
	struct stat st;

	*d = (struct destination){ .stream = -1 };
	return stat(path, &st) == 0 && is_stream(&st) ? open_stream(d, path, &st, f) : open_file(d, path, f);
}

static void close_stream(struct destination *d)
{
	if (d->stream >= 0)
		close(d->stream); /* all was written, or that it was not is told */
	*d = (struct destination){ .stream = -1 };
}

bool destination_commit(struct destination *d, struct fault *f)
{
	bool ok = outfile_commit(d->file, f);

	close_stream(d);
	return ok;
}

void destination_abandon(struct destination *d)
{
	outfile_abandon(d->file);
	close_stream(d);
}

bool destination_put(const char *path, struct str bytes, struct fault *f)
{
	struct destination d;

	if (!destination_open(&d, path, f))
		return false;
	outfile_str(d.file, bytes);
	return destination_commit(&d, f);
}
