#define _GNU_SOURCE
#include "outfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "gz.h"
#include "mem.h"
#include "written.h"

enum { BUFFER = 256 << 10 };

struct outfile {
	int fd;
	int error; /* errno of the first thing that failed */
	bool sync_later;
	char *path, *part; /* part is NULL where the descriptor is not ours */
	struct gz_writer *gz;
	struct hash128_pieces *hash; /* of what was written so far; NULL where part is */
	size_t n;
	char buffer[BUFFER];
};

static _Atomic uint64_t sync_nanoseconds;

double outfile_sync_seconds(void)
{
	return (double)atomic_load(&sync_nanoseconds) / 1e9;
}

static int64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static bool sync_fd(int fd)
{
	int64_t before = now();
	bool ok = fsync(fd) == 0;

	atomic_fetch_add(&sync_nanoseconds, (uint64_t)(now() - before));
	return ok;
}

bool sync_folder_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *folder = slash ? xstrndup(path, slash == path ? 1 : (size_t)(slash - path)) :
			       xstrdup(".");
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool ok = fd >= 0 && sync_fd(fd);

	if (fd >= 0)
		close(fd);
	free(folder);
	return ok;
}

static void write_raw(struct outfile *o, const char *p, size_t n)
{
	while (n > 0 && o->error == 0) {
		ssize_t done = write(o->fd, p, n);

		if (done < 0 && errno != EINTR)
			o->error = errno;
		if (done > 0) {
			if (o->hash)
				hash128_add(o->hash, p, (size_t)done);
			p += done;
			n -= (size_t)done;
		}
	}
}

static void flush(struct outfile *o)
{
	write_raw(o, o->buffer, o->n);
	o->n = 0;
}

static void put(void *context, const void *p, size_t n)
{
	struct outfile *o = context;

	if (n > BUFFER - o->n)
		flush(o);
	if (n >= BUFFER) {
		write_raw(o, p, n);
		return;
	}
	memcpy(o->buffer + o->n, p, n);
	o->n += n;
}

static struct outfile *outfile_new(int fd, const char *path)
{
	struct outfile *o = xmalloc(sizeof(*o));

	memset(o, 0, offsetof(struct outfile, buffer));
	o->fd = fd;
	o->path = xstrdup(path);
	return o;
}

static void outfile_free(struct outfile *o)
{
	if (o->hash)
		hash128_end(o->hash);
	free(o->path);
	free(o->part);
	free(o);
}

/* What a dead run left under the name is removed first: O_EXCL then makes sure that the
 * file is new, ours and no link. */
struct outfile *outfile_open(const char *path, struct fault *f)
{
	const char *slash = strrchr(path, '/');
	struct outfile *o = outfile_new(-1, path);

	if (slash && slash != path) {
		char *folder = xstrndup(path, (size_t)(slash - path));
		bool ok = make_folders(folder, f);

		free(folder);
		if (!ok) {
			outfile_free(o);
			return NULL;
		}
	}
	o->part = xmalloc(strlen(path) + sizeof(".part"));
	memcpy(mempcpy(o->part, path, strlen(path)), ".part", sizeof(".part"));
	unlink(o->part);
	o->fd = open(o->part, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (o->fd < 0) {
		fault_errno(f, "create", o->part);
		outfile_free(o);
		return NULL;
	}
	o->hash = hash128_begin();
	if (str_ends(str_of(path), STR(".gz")))
		o->gz = gz_writer_new(put, o);
	return o;
}

void outfile_as_is(struct outfile *o)
{
	if (o->gz)
		gz_writer_free(o->gz, false);
	o->gz = NULL;
}

struct outfile *outfile_fd(int fd, const char *name)
{
	return outfile_new(fd, name);
}

void outfile_write(struct outfile *o, const void *p, size_t n)
{
	if (n == 0)
		return;
	if (o->gz)
		gz_writer_write(o->gz, p, n);
	else
		put(o, p, n);
}

static bool finish(struct outfile *o, struct fault *f)
{
	struct hash128 written;
	bool closed;

	if (o->gz)
		gz_writer_free(o->gz, true);
	o->gz = NULL;
	flush(o);
	if (!o->part) {
		errno = o->error;
		return o->error == 0 || fault_errno(f, "write", o->path);
	}
	if (o->error == 0 && !o->sync_later && !sync_fd(o->fd))
		o->error = errno;
	written = hash128_end(o->hash);
	o->hash = NULL;
	if (o->error == 0)
		written_note(o->fd, written);
	closed = close(o->fd) == 0;
	o->fd = -1;
	if (!closed && o->error == 0)
		o->error = errno;
	errno = o->error;
	if (o->error)
		return fault_errno(f, "write", o->path);
	if (rename(o->part, o->path) != 0)
		return fault_errno(f, "rename to", o->path);
	return o->sync_later || sync_folder_of(o->path) ||
	       fault_errno(f, "sync the folder of", o->path);
}

void outfile_sync_later(struct outfile *o)
{
	o->sync_later = true;
}

bool outfile_sync_tree(const char *folder, struct fault *f)
{
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int64_t before = now();
	bool ok = fd >= 0 && syncfs(fd) == 0;

	atomic_fetch_add(&sync_nanoseconds, (uint64_t)(now() - before));
	if (!ok)
		fault_errno(f, "sync", folder);
	if (fd >= 0)
		close(fd);
	return ok;
}

bool outfile_commit(struct outfile *o, struct fault *f)
{
	bool ok = finish(o, f);

	if (!ok && o->part)
		unlink(o->part);
	outfile_free(o);
	return ok;
}

void outfile_abandon(struct outfile *o)
{
	if (!o)
		return;
	if (o->gz)
		gz_writer_free(o->gz, false);
	if (o->part) {
		close(o->fd);
		unlink(o->part);
	}
	outfile_free(o);
}

bool outfile_put(const char *path, struct str bytes, struct fault *f)
{
	struct outfile *o = outfile_open(path, f);

	if (!o)
		return false;
	outfile_str(o, bytes);
	return outfile_commit(o, f);
}

int temporary_file(const char *folder)
{
	char *name;
	int fd;

	if (!folder)
		folder = getenv("TMPDIR");
	if (!folder || !*folder)
		folder = "/tmp";
	fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (fd >= 0)
		return fd;
	if (asprintf(&name, "%s/yice-XXXXXX", folder) < 0)
		return -1;
	fd = mkostemp(name, O_CLOEXEC);
	if (fd >= 0)
		unlink(name);
	free(name);
	return fd;
}
