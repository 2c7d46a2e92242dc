#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "mem.h"
#include "scratch.h"
#include "spill.h"

TestSuite(spill, .init = scratch_make, .fini = scratch_remove);

/* A megabyte that says which one it is. */
static void put(char *p, int number)
{
	for (int k = 0; k < 1 << 20; k += sizeof(int))
		memcpy(p + k, &number, sizeof(int));
}

static bool is(const char *p, int number)
{
	for (int k = 0; k < 1 << 20; k += sizeof(int))
		if (memcmp(p + k, &number, sizeof(int)) != 0)
			return false;
	return true;
}

Test(spill, what_an_arena_holds_past_the_memory_lies_in_a_file_and_reads_the_same)
{
	struct arena a = { .spills = true };
	char *p[64];

	spill_begin(scratch_dir, 8 << 20);
	for (int i = 0; i < 64; i++) {
		p[i] = arena_bytes(&a, 1 << 20);
		put(p[i], i);
	}
	cr_assert_gt(spill_bytes(), 40 << 20);
	usleep(50000); /* its watcher gives the pages up meanwhile */
	for (int i = 0; i < 64; i++)
		cr_assert(is(p[i], i), "megabyte %d", i);
	arena_release(&a);
	cr_assert_eq(spill_bytes(), 0);
}

Test(spill, a_growing_array_keeps_what_it_holds)
{
	int *list = NULL;
	size_t n = 0, cap = 0;

	spill_begin(scratch_dir, 1 << 20);
	for (int i = 0; i < 5000000; i++) {
		SPILL_GROW(list, n, cap);
		list[n++] = i;
	}
	cr_assert_gt(spill_bytes(), 0);
	for (int i = 0; i < 5000000; i++)
		cr_assert_eq(list[i], i);
	spill_free(list);
	cr_assert_eq(spill_bytes(), 0);
}

Test(spill, without_room_for_the_file_memory_is_ordinary)
{
	struct arena a = { .spills = true };

	spill_begin(scratch_path("missing"), 1 << 20);
	setenv("TMPDIR", scratch_path("missing"), 1);
	memset(arena_bytes(&a, 4 << 20), 1, 4 << 20);
	cr_assert_eq(spill_bytes(), 0);
	arena_release(&a);
}

static size_t megabytes_of_files(void)
{
	unsigned long long shared = 0;
	FILE *f = fopen("/proc/self/statm", "r");

	cr_assert(f && fscanf(f, "%*u %*u %llu", &shared) == 1);
	fclose(f);
	return shared * (size_t)sysconf(_SC_PAGESIZE) >> 20;
}

/* Less than the quarter of the memory that mapped files have at most. */
Test(spill, where_the_process_itself_needs_the_memory_the_pages_of_a_mapped_file_go)
{
	enum { MAPPED = 40 << 20, OWN = 240 << 20 };
	char *own = xmalloc(OWN), *file;
	int fd = open(scratch_path("file"), O_RDWR | O_CREAT, 0600);
	size_t before = megabytes_of_files();

	cr_assert_eq(posix_fallocate(fd, 0, MAPPED), 0);
	file = mmap(NULL, MAPPED, PROT_READ, MAP_SHARED, fd, 0);
	cr_assert_neq((void *)file, MAP_FAILED);
	spill_begin(scratch_dir, 256 << 20);
	spill_watch(file, MAPPED);
	memset(own, 1, OWN);
	spill_free(spill_take(1 << 20)); /* its watcher begins with its file */
	for (size_t i = 0; i < MAPPED; i += 4096)
		cr_assert_eq(file[i], 0);
	for (int i = 0; i < 2000 && megabytes_of_files() > before + 20; i++)
		usleep(5000);
	cr_assert_leq(megabytes_of_files(), before + 20);
	spill_forget(file);
	munmap(file, MAPPED);
	close(fd);
	free(own);
}
