#define _GNU_SOURCE
#include "infile.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gz.h"
#include "mem.h"
#include "outfile.h"
#include "spill.h"

enum {
	READ_BELOW = 1 << 20, /* smaller files are read: cheaper than a mapping */
	RATIO_FROM = 16 << 20,
	MAX_MAPPINGS = 256,
	STRIDE = 8 << 20,
};

/*
 * A mapped file that someone shortens would end the program with SIGBUS at the first byte
 * that is gone. The handler puts a page of zeros there instead and remembers it;
 * infile_intact then tells that the bytes were not those of one file.
 */
static struct mapping {
	_Atomic uintptr_t from, to;
	_Atomic bool torn;
} mappings[MAX_MAPPINGS];

static struct sigaction other_handler;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void on_bus_error(int number, siginfo_t *info, void *context)
{
	uintptr_t at = (uintptr_t)info->si_addr, page = (uintptr_t)sysconf(_SC_PAGESIZE);

	(void)context;
	for (int i = 0; i < MAX_MAPPINGS; i++) {
		struct mapping *m = &mappings[i];

		if (at < atomic_load(&m->from) || at >= atomic_load(&m->to))
			continue;
		atomic_store(&m->torn, true);
		if (mmap((void *)(at & ~(page - 1)), page, PROT_READ,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) != MAP_FAILED)
			return;
	}
	sigaction(number, &other_handler, NULL); /* none of ours: it happens again, unguarded */
}

static void install_handler(void)
{
	struct sigaction action = { .sa_sigaction = on_bus_error, .sa_flags = SA_SIGINFO };

	sigaction(SIGBUS, &action, &other_handler);
}

/* The number of the mapping, or -1 where too many files are open to watch over one more. */
static int watch(const void *p, size_t n)
{
	static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	int found = -1;

	pthread_once(&once, install_handler);
	pthread_mutex_lock(&lock);
	for (int i = 0; i < MAX_MAPPINGS && found < 0; i++)
		if (atomic_load(&mappings[i].from) == 0)
			found = i;
	if (found >= 0) {
		atomic_store(&mappings[found].torn, false);
		atomic_store(&mappings[found].to, (uintptr_t)p + n);
		atomic_store(&mappings[found].from, (uintptr_t)p);
	}
	pthread_mutex_unlock(&lock);
	return found;
}

static bool read_all(int fd, char *p, size_t size, size_t *n)
{
	for (*n = 0; *n < size;) {
		ssize_t got = read(fd, p + *n, size - *n);

		if (got == 0)
			break;
		if (got < 0 && errno != EINTR)
			return false;
		if (got > 0)
			*n += (size_t)got;
	}
	return true;
}

static bool map_file(struct infile *in, int fd, size_t size, bool watched)
{
	void *p = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);

	if (p == MAP_FAILED)
		return false;
	in->mapping = watch(p, size);
	if (watched && in->mapping < 0) {
		munmap(p, size);
		return false;
	}
	madvise(p, size, MADV_SEQUENTIAL);
	spill_watch(p, size);
	in->bytes = (struct str){ p, size };
	in->mapped = true;
	return true;
}

static bool open_plain(struct infile *in, const char *path, struct infile_limits limits,
		       struct fault *f)
{
	char *p;

	if (limits.max_bytes && in->size > limits.max_bytes)
		return fault_set(f, EXIT_FAILED, "%s has %llu bytes, more than the limit of %llu",
				 path, (unsigned long long)in->size,
				 (unsigned long long)limits.max_bytes);
	if (in->size >= READ_BELOW && map_file(in, in->fd, in->size, true))
		return true;
	p = xmalloc(in->size);
	in->bytes.p = p;
	return read_all(in->fd, p, in->size, &in->bytes.n) || fault_errno(f, "read", path);
}

static bool within(const struct gz_reader *g, uint64_t inflated, const char *path,
		   struct infile_limits limits, struct fault *f)
{
	uint64_t ratio = inflated / (gz_reader_taken(g) + 1);

	if (limits.max_bytes && inflated > limits.max_bytes)
		return fault_set(f, EXIT_FAILED,
				 "%s inflates to more than the limit of %llu bytes", path,
				 (unsigned long long)limits.max_bytes);
	if (limits.max_ratio && inflated > RATIO_FROM && ratio > limits.max_ratio)
		return fault_set(f, EXIT_FAILED,
				 "%s inflates to more than %u times its size; this is no export",
				 path, limits.max_ratio);
	return true;
}

static size_t inflate_block(struct gz_reader *g, char *p, size_t n)
{
	size_t done = 0, got = 1;

	for (; done < n && got > 0; done += got)
		got = gz_reader_read(g, p + done, n - done);
	return done;
}

static bool write_all(int fd, const char *p, size_t n)
{
	while (n > 0) {
		ssize_t done = write(fd, p, n);

		if (done < 0 && errno != EINTR)
			return false;
		if (done > 0) {
			p += done;
			n -= (size_t)done;
		}
	}
	return true;
}

/* The first block stays in memory: most compressed files are no larger than that. */
static bool inflate_on(struct infile *in, struct gz_reader *g, char *block, const char *path,
		       struct infile_limits limits, struct fault *f)
{
	int fd = temporary_file(NULL);
	uint64_t total = 0;
	size_t n = READ_BELOW;
	bool ok = fd >= 0;

	while (ok && n > 0) {
		total += n;
		if (!within(g, total, path, limits, f))
			break;
		ok = write_all(fd, block, n);
		if (ok)
			n = inflate_block(g, block, READ_BELOW);
	}
	if (!ok)
		fault_errno(f, "inflate into a temporary file", path);
	else if (gz_reader_error(g))
		fault_set(f, EXIT_FAILED, "cannot read %s: %s", path, gz_reader_error(g));
	else if (!fault_is(f) && !map_file(in, fd, total, false))
		fault_errno(f, "map", path);
	if (fd >= 0)
		close(fd);
	return !fault_is(f);
}

static bool open_gz(struct infile *in, const char *path, struct infile_limits limits,
		    struct fault *f)
{
	struct gz_reader *g = gz_reader_new(in->fd);
	char *block = xmalloc(READ_BELOW);
	size_t n = inflate_block(g, block, READ_BELOW);
	bool ok;

	if (gz_reader_error(g)) {
		ok = fault_set(f, EXIT_FAILED, "cannot read %s: %s", path, gz_reader_error(g));
	} else if (n < READ_BELOW) {
		ok = within(g, n, path, limits, f);
		in->bytes = (struct str){ block, n };
	} else {
		ok = inflate_on(in, g, block, path, limits, f);
	}
	if (in->bytes.p != block)
		free(block);
	gz_reader_free(g);
	return ok;
}

static bool is_gzip(int fd)
{
	unsigned char magic[2];

	return pread(fd, magic, 2, 0) == 2 && magic[0] == 0x1F && magic[1] == 0x8B;
}

/* Not blocking: a pipe that someone left in the inbox must not stop the night. */
bool infile_open(struct infile *in, const char *path, bool nofollow,
		 struct infile_limits limits, struct fault *f)
{
	struct stat st;
	bool ok;

	*in = (struct infile){ .open = true, .fd = -1, .mapping = -1 };
	in->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | (nofollow ? O_NOFOLLOW : 0));
	if (in->fd < 0 && errno == ELOOP && nofollow)
		fault_set(f, EXIT_FAILED, "%s is a link, and links are not followed", path);
	if (in->fd < 0 || fstat(in->fd, &st) != 0) {
		fault_errno(f, "open", path);
		infile_close(in);
		return false;
	}
	if (!S_ISREG(st.st_mode)) {
		infile_close(in);
		return fault_set(f, EXIT_FAILED, "%s is not a file", path);
	}
	in->size = (uint64_t)st.st_size;
	in->changed = st.st_mtim;
	ok = is_gzip(in->fd) ? open_gz(in, path, limits, f) : open_plain(in, path, limits, f);
	if (!ok)
		infile_close(in);
	return ok;
}

bool infile_intact(const struct infile *in)
{
	struct stat st;

	if (in->mapping >= 0 && atomic_load(&mappings[in->mapping].torn))
		return false;
	return !in->open ||
	       (fstat(in->fd, &st) == 0 && (uint64_t)st.st_size == in->size &&
		st.st_mtim.tv_sec == in->changed.tv_sec &&
		st.st_mtim.tv_nsec == in->changed.tv_nsec);
}

void infile_passed(const struct infile *in, uint64_t from, uint64_t to)
{
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);

	from = (from + page - 1) / page * page;
	to = to / page * page;
	if (in->mapped && from < to && to <= in->bytes.n)
		madvise((void *)(in->bytes.p + from), to - from, MADV_DONTNEED);
}

static void give_back(const char *p, size_t n)
{
	uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
	uintptr_t from = ((uintptr_t)p + page - 1) / page * page, to = ((uintptr_t)p + n) / page * page;

	for (int i = 0; i < MAX_MAPPINGS && from < to; i++)
		if (from >= atomic_load(&mappings[i].from) && to <= atomic_load(&mappings[i].to) &&
		    atomic_load(&mappings[i].from))
			madvise((void *)from, to - from, MADV_DONTNEED);
}

const char *infile_find(const char *p, size_t n, char c)
{
	for (;;) {
		size_t step = n < STRIDE ? n : STRIDE;
		const char *found = memchr(p, c, step);

		if (found || step == n)
			return found;
		give_back(p, step);
		p += step;
		n -= step;
	}
}

void infile_detach(struct infile *in)
{
	if (in->fd >= 0)
		close(in->fd);
	in->fd = -1;
}

void infile_close(struct infile *in)
{
	if (!in->open)
		return;
	if (in->mapping >= 0)
		atomic_store(&mappings[in->mapping].from, 0);
	if (in->mapped)
		spill_forget(in->bytes.p);
	if (in->mapped)
		munmap((void *)in->bytes.p, in->bytes.n);
	else
		free((void *)in->bytes.p);
	infile_detach(in);
	*in = (struct infile){ 0 };
}
