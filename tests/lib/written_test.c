#include "scratch.h"

#include "sums.h"
#include "written.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

TestSuite(written, .init = scratch_make, .fini = scratch_remove);

static bool find(const char *name, struct hash128 *h, int64_t *size)
{
	int fd = open(scratch_path(name), O_RDONLY);
	bool found;

	cr_assert(fd >= 0);
	found = written_find(fd, h, size);
	close(fd);
	return found;
}

static void is_known_as(const char *name, struct str bytes)
{
	struct hash128 h, of = hash128(bytes);
	int64_t size;

	cr_assert(find(name, &h, &size), "%s is not known", name);
	cr_assert(h.lo == of.lo && h.hi == of.hi && size == (int64_t)bytes.n);
}

Test(written, a_file_is_known_by_the_bytes_that_went_out_under_any_name)
{
	scratch_put("a.csv", STR("id,name\n1,王小明\n"));
	scratch_put("empty.csv", STR(""));
	is_known_as("a.csv", STR("id,name\n1,王小明\n"));
	is_known_as("empty.csv", STR(""));
	cr_assert(rename(scratch_path("a.csv"), scratch_path("b.csv")) == 0);
	is_known_as("b.csv", STR("id,name\n1,王小明\n"));
	scratch_put("b.csv", STR("another"));
	is_known_as("b.csv", STR("another"));
}

/* Larger than the buffers, and compressed: the sum is that of the file, not of what was compressed. */
Test(written, the_sum_is_the_one_that_reading_gives)
{
	struct arena a = { 0 };
	struct fault f = { 0 };
	struct buf b = { 0 };
	uint64_t seed = 7;
	struct str told, read;

	for (int i = 0; i < 200000; i++)
		buf_printf(&b, "%llx,", (unsigned long long)scratch_random(&seed));
	scratch_put("large.csv", buf_view(&b));
	scratch_put("large.csv.gz", buf_view(&b));
	is_known_as("large.csv", buf_view(&b));
	cr_assert(sum_of_file(&a, scratch_path("large.csv.gz"), &told, &f));
	cr_assert(utimensat(AT_FDCWD, scratch_path("large.csv.gz"), (struct timespec[2]){ { 1, 0 }, { 1, 0 } }, 0) == 0);
	cr_assert(sum_of_file(&a, scratch_path("large.csv.gz"), &read, &f));
	cr_assert(str_eq(told, read), "%.*s, not %.*s", STR_FMT(told), STR_FMT(read));
	buf_release(&b);
	arena_release(&a);
}

Test(written, what_another_hand_wrote_or_changed_is_not_known)
{
	struct hash128 h;
	int64_t size;
	int fd = open(scratch_path("theirs.csv"), O_WRONLY | O_CREAT, 0600);

	cr_assert(fd >= 0 && write(fd, "1234", 4) == 4 && close(fd) == 0);
	cr_assert(!find("theirs.csv", &h, &size));
	scratch_put("ours.csv", STR("1234"));
	usleep(20000); /* a file system's clock may tick a hundred times a second only */
	fd = open(scratch_path("ours.csv"), O_WRONLY);
	cr_assert(fd >= 0 && pwrite(fd, "5", 1, 2) == 1 && close(fd) == 0);
	cr_assert(!find("ours.csv", &h, &size));
}
