#define _GNU_SOURCE
#include "spill.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "mem.h"
#include "outfile.h"

enum { WATCH_MILLISECONDS = 5, SPILL_FROM = 1 << 20 };

struct region { /* of the spill file, or of another file that is mapped */
	void *p;
	size_t size;
	off_t at; /* in the spill file; -1: none of its */
};

/* One for the process, like the memory that it stands for. */
static struct {
	pthread_mutex_t lock;
	char *folder;
	uint64_t memory;
	bool begun; /* whether it went well or not */
	int fd, statm;
	size_t page;
	struct region *regions;
	size_t n, cap;
	uint64_t bytes;
	off_t end;
} spill = { .lock = PTHREAD_MUTEX_INITIALIZER, .fd = -1, .statm = -1 };

void spill_begin(const char *folder, uint64_t memory)
{
	pthread_mutex_lock(&spill.lock);
	free(spill.folder);
	spill.folder = folder ? xstrdup(folder) : NULL;
	spill.memory = memory;
	spill.page = (size_t)sysconf(_SC_PAGESIZE);
	if (spill.statm < 0)
		spill.statm = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
	pthread_mutex_unlock(&spill.lock);
}

/* Bytes in memory: of the process alone, and of mapped files. */
static bool resident(uint64_t *own, uint64_t *mapped)
{
	char text[128];
	ssize_t n = spill.statm < 0 ? -1 : pread(spill.statm, text, sizeof(text) - 1, 0);
	unsigned long long all, shared;

	if (n <= 0)
		return false;
	text[n] = '\0';
	if (sscanf(text, "%*u %llu %llu", &all, &shared) != 2)
		return false;
	*own = (all - shared) * spill.page;
	*mapped = shared * spill.page;
	return true;
}

/* What the process itself leaves of the memory is for mapped files. A sixteenth they have always:
 * with less the run would wait for its pages only. A process that is past its memory by itself does
 * not come back below it by giving up what it needs again at once. */
static uint64_t room_for_files(uint64_t own)
{
	uint64_t least = spill.memory / 16;
	uint64_t left = own < spill.memory - least ? spill.memory - least - own : 0;

	if (own > spill.memory)
		return spill.memory;
	return left < least ? least : left;
}

/* Pages of a file's mapping that are given up stay in the file, written back or not. */
static void give_up_pages(uint64_t own, uint64_t mapped)
{
	if (mapped <= room_for_files(own))
		return;
	for (size_t i = 0; i < spill.n; i++)
		madvise(spill.regions[i].p, spill.regions[i].size, MADV_DONTNEED);
}

static void *watch(void *unused)
{
	const struct timespec pause = { .tv_nsec = WATCH_MILLISECONDS * 1000000L };
	uint64_t own, mapped;

	(void)unused;
	for (;;) {
		nanosleep(&pause, NULL);
		pthread_mutex_lock(&spill.lock);
		if (resident(&own, &mapped))
			give_up_pages(own, mapped);
		pthread_mutex_unlock(&spill.lock);
	}
	return NULL;
}

static bool begin(void)
{
	pthread_t thread;

	if (spill.begun)
		return spill.fd >= 0;
	spill.begun = true;
	spill.fd = temporary_file(spill.folder);
	if (spill.fd < 0 && spill.folder)
		spill.fd = temporary_file(NULL);
	if (spill.fd >= 0 && pthread_create(&thread, NULL, watch, NULL) == 0)
		pthread_detach(thread);
	return spill.fd >= 0;
}

static void add_region(void *p, size_t size, off_t at)
{
	GROW(spill.regions, spill.n, spill.cap);
	spill.regions[spill.n++] = (struct region){ p, size, at };
}

static struct region *find_region(const void *p)
{
	for (size_t i = spill.n; i-- > 0;)
		if (spill.regions[i].p == p)
			return &spill.regions[i];
	return NULL;
}

/* The room on the disk is taken at once: a full disk must not show at some later write to
 * the mapping, where nobody could tell it. */
static void *map_more(size_t size)
{
	void *p;

	if (posix_fallocate(spill.fd, spill.end, (off_t)size) != 0)
		return NULL;
	p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, spill.fd, spill.end);
	if (p == MAP_FAILED)
		return NULL;
	add_region(p, size, spill.end);
	spill.end += (off_t)size;
	spill.bytes += size;
	return p;
}

static size_t whole_pages(size_t size)
{
	return (size + spill.page - 1) / spill.page * spill.page;
}

/* Where the process would hold more than `quarters` of its memory with it. */
static void *take_beyond(unsigned quarters, size_t size)
{
	uint64_t own, mapped;
	void *p = NULL;

	pthread_mutex_lock(&spill.lock);
	if (spill.memory && resident(&own, &mapped) && own + size > spill.memory / 4 * quarters && begin()) {
		give_up_pages(own, mapped);
		p = map_more(whole_pages(size));
	}
	pthread_mutex_unlock(&spill.lock);
	return p;
}

void *spill_take(size_t size)
{
	return take_beyond(2, size);
}

bool spill_give(void *p)
{
	struct region *r;
	struct region found = { 0 };

	pthread_mutex_lock(&spill.lock);
	r = p ? find_region(p) : NULL;
	if (r) {
		found = *r;
		*r = spill.regions[--spill.n];
		fallocate(spill.fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, found.at, (off_t)found.size);
		munmap(p, found.size);
		spill.bytes -= found.size;
	}
	pthread_mutex_unlock(&spill.lock);
	return r != NULL;
}

static bool is_spilled(const void *p)
{
	bool found;

	pthread_mutex_lock(&spill.lock);
	found = spill.bytes && p && find_region(p);
	pthread_mutex_unlock(&spill.lock);
	return found;
}

void *spill_grow(void *p, size_t old_size, size_t size)
{
	void *bigger = size >= SPILL_FROM ? take_beyond(3, size) : NULL;

	if (!bigger && !is_spilled(p))
		return xrealloc(p, size);
	if (!bigger)
		bigger = xmalloc(size);
	if (old_size)
		memcpy(bigger, p, old_size);
	spill_free(p);
	return bigger;
}

void spill_free(void *p)
{
	if (!spill_give(p))
		free(p);
}

void spill_watch(const void *p, size_t size)
{
	pthread_mutex_lock(&spill.lock);
	add_region((void *)p, size, -1);
	pthread_mutex_unlock(&spill.lock);
}

void spill_forget(const void *p)
{
	struct region *r;

	pthread_mutex_lock(&spill.lock);
	r = find_region(p);
	if (r)
		*r = spill.regions[--spill.n];
	pthread_mutex_unlock(&spill.lock);
}

uint64_t memory_of_machine(void)
{
	uint64_t all = (uint64_t)sysconf(_SC_PHYS_PAGES) * (uint64_t)sysconf(_SC_PAGESIZE);
	FILE *f = fopen("/sys/fs/cgroup/memory.max", "r");
	unsigned long long limit;

	if (f && fscanf(f, "%llu", &limit) == 1 && limit < all)
		all = limit;
	if (f)
		fclose(f);
	return all;
}

uint64_t spill_bytes(void)
{
	return spill.bytes;
}
