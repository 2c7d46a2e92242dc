#include "scratch.h"

#include "book.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

TestSuite(outfile, .init = scratch_make, .fini = scratch_remove);
TestSuite(infile, .init = scratch_make, .fini = scratch_remove);

static bool exists(const char *path)
{
	return access(path, F_OK) == 0;
}

static void file_is(const char *path, struct str bytes)
{
	struct infile in;
	struct fault f = { 0 };

	cr_assert(infile_open(&in, path, true, (struct infile_limits){ 0 }, &f), "%.*s",
		  STR_FMT(f.text));
	cr_assert(str_eq(in.bytes, bytes));
	cr_assert(infile_intact(&in));
	infile_close(&in);
}

/* As between two file systems, where nothing can be linked. */
Test(outfile, a_compressed_file_that_cannot_be_linked_is_copied_as_it_is)
{
	struct fault f = { 0 };
	char from[512], to[512];
	struct infile in, copy;

	snprintf(from, sizeof(from), "%s", scratch_path("from.gz"));
	snprintf(to, sizeof(to), "%s", scratch_path("to.gz"));
	cr_assert(outfile_put(from, STR("rows"), &f) && outfile_put(to, STR("in the way of a link"), &f));
	cr_assert(share_file(from, to, &f), "%.*s", STR_FMT(f.text));
	file_is(to, STR("rows"));
	cr_assert(infile_open(&in, from, false, (struct infile_limits){ 0 }, &f));
	cr_assert(infile_open(&copy, to, false, (struct infile_limits){ 0 }, &f));
	cr_assert(str_eq(in.bytes, copy.bytes));
	infile_close(&copy);
	infile_close(&in);
}

Test(outfile, a_file_appears_at_commit_and_not_before)
{
	struct fault f = { 0 };
	struct outfile *o = outfile_open(scratch_path("a/b/c.csv"), &f);
	struct stat st;

	outfile_str(o, STR("hello"));
	cr_assert_not(exists(scratch_path("a/b/c.csv")));
	cr_assert(exists(scratch_path("a/b/c.csv.part")));
	cr_assert(outfile_commit(o, &f));
	cr_assert_not(exists(scratch_path("a/b/c.csv.part")));
	file_is(scratch_path("a/b/c.csv"), STR("hello"));
	stat(scratch_path("a/b/c.csv"), &st);
	cr_assert_eq(st.st_mode & 0777, 0600);
	stat(scratch_path("a/b"), &st);
	cr_assert_eq(st.st_mode & 0777, 0700);
	cr_assert_gt(outfile_sync_seconds(), 0);
}

Test(outfile, an_abandoned_file_leaves_the_former_one)
{
	struct fault f = { 0 };
	struct outfile *o;

	scratch_put("a.csv", STR("old"));
	o = outfile_open(scratch_path("a.csv"), &f);
	outfile_str(o, STR("new"));
	outfile_abandon(o);
	cr_assert_not(exists(scratch_path("a.csv.part")));
	file_is(scratch_path("a.csv"), STR("old"));
}

Test(outfile, a_link_left_in_its_place_is_not_followed)
{
	struct fault f = { 0 };

	scratch_put("victim", STR("mine"));
	cr_assert_eq(symlink(scratch_path("victim"), scratch_path("a.csv.part")), 0);
	cr_assert_eq(symlink(scratch_path("victim"), scratch_path("a.csv")), 0);
	cr_assert(outfile_put(scratch_path("a.csv"), STR("yours"), &f));
	file_is(scratch_path("victim"), STR("mine"));
	file_is(scratch_path("a.csv"), STR("yours"));
}

Test(outfile, a_full_disk_is_told_at_commit_with_its_name)
{
	struct fault f = { 0 };
	struct outfile *o = outfile_fd(open("/dev/full", O_WRONLY), "/dev/full");
	char block[4096] = { 0 };

	for (int i = 0; i < 200; i++)
		outfile_write(o, block, sizeof(block));
	cr_assert_not(outfile_commit(o, &f));
	cr_assert(str_eq(buf_view(&f.text), STR("cannot write /dev/full: No space left on device")));
	cr_assert_eq(f.status, EXIT_FAILED);
	fault_release(&f);
}

Test(outfile, a_folder_that_cannot_be_made_is_a_fault)
{
	struct fault f = { 0 };

	scratch_put("file", STR(""));
	cr_assert_null(outfile_open(scratch_path("file/x.csv"), &f));
	cr_assert(str_starts(buf_view(&f.text), STR("cannot make the folder")), "%.*s",
		  STR_FMT(f.text));
	fault_release(&f);
}

Test(outfile, a_folder_where_nothing_may_be_written_is_told_as_that)
{
	struct fault f = { 0 };
	char path[512];

	snprintf(path, sizeof(path), "%s", scratch_path("below"));
	cr_assert(chmod(scratch_path("."), 0555) == 0);
	if (geteuid() == 0)
		cr_assert(seteuid(65534) == 0);
	cr_assert_not(make_folders(path, &f));
	cr_assert(str_has(buf_view(&f.text), STR("Permission denied")), "%.*s", STR_FMT(f.text));
	cr_assert(getuid() != 0 || seteuid(0) == 0);
	cr_assert(chmod(scratch_path("."), 0700) == 0);
	fault_release(&f);
}

Test(outfile, compressed_files_hold_no_time_and_come_back)
{
	char *text = malloc(3000000);
	uint64_t seed = 1;
	struct str bytes = { text, 3000000 };

	for (size_t i = 0; i < bytes.n; i++)
		text[i] = "0123456789abcde\n"[scratch_random(&seed) % 16];
	scratch_put("a.csv.gz", bytes);
	file_is(scratch_path("a.csv.gz"), bytes);
	scratch_put("b.csv.gz", (struct str){ text, 1000 });
	file_is(scratch_path("b.csv.gz"), (struct str){ text, 1000 });
	scratch_put("c.csv.gz", STR(""));
	file_is(scratch_path("c.csv.gz"), STR(""));
	free(text);
}

Test(outfile, a_tree_is_removed_without_following_links)
{
	struct fault f = { 0 };

	scratch_put("keep/me", STR("x"));
	scratch_put("tree/a/b/c", STR("x"));
	cr_assert_eq(symlink(scratch_path("keep"), scratch_path("tree/a/link")), 0);
	cr_assert(remove_tree(scratch_path("tree"), &f));
	cr_assert_not(exists(scratch_path("tree")));
	cr_assert(exists(scratch_path("keep/me")));
	cr_assert(remove_tree(scratch_path("tree"), &f), "a missing one is fine");
}

static void refused(const char *path, bool nofollow, struct infile_limits limits, const char *words)
{
	struct infile in;
	struct fault f = { 0 };

	cr_assert_not(infile_open(&in, path, nofollow, limits, &f), "%s", path);
	cr_assert(str_has(buf_view(&f.text), str_of(words)), "%.*s", STR_FMT(f.text));
	fault_release(&f);
}

Test(infile, what_is_no_readable_file_is_refused_with_its_reason)
{
	struct infile_limits none = { 0 };

	cr_assert_eq(mkfifo(scratch_path("pipe"), 0600), 0);
	refused(scratch_path("pipe"), true, none, "is not a file");
	refused(scratch_dir, true, none, "is not a file");
	refused(scratch_path("gone"), true, none, "No such file");
	scratch_put("a", STR("x"));
	cr_assert_eq(symlink(scratch_path("a"), scratch_path("link")), 0);
	refused(scratch_path("link"), true, none, "links are not followed");
}

Test(infile, truncated_gzip_and_gzip_bombs_are_refused)
{
	struct infile_limits ratio = { .max_ratio = 100 }, size = { .max_bytes = 100000 };
	char *zeros = calloc(1, 40 << 20);
	struct infile in;
	struct fault f = { 0 };

	scratch_put("bomb.gz", (struct str){ zeros, 40 << 20 });
	refused(scratch_path("bomb.gz"), true, ratio, "times its size");
	refused(scratch_path("bomb.gz"), true, size, "more than the limit");
	cr_assert(infile_open(&in, scratch_path("bomb.gz"), true, (struct infile_limits){ 0 }, &f));
	cr_assert_eq(in.bytes.n, 40 << 20);
	infile_close(&in);
	cr_assert_eq(truncate(scratch_path("bomb.gz"), 20000), 0);
	refused(scratch_path("bomb.gz"), true, (struct infile_limits){ 0 }, "end too early");
	scratch_put("big", (struct str){ zeros, 200000 });
	refused(scratch_path("big"), true, size, "more than the limit");
	free(zeros);
}

Test(infile, a_file_that_shrinks_while_it_is_read_is_noticed_and_does_no_harm)
{
	char *text = malloc(2 << 20);
	struct infile in;
	struct fault f = { 0 };

	memset(text, 'x', 2 << 20);
	scratch_put("a.csv", (struct str){ text, 2 << 20 });
	cr_assert(infile_open(&in, scratch_path("a.csv"), true, (struct infile_limits){ 0 }, &f));
	cr_assert(infile_intact(&in));
	cr_assert_eq(truncate(scratch_path("a.csv"), 10), 0);
	cr_assert_eq(in.bytes.p[(2 << 20) - 1], 0);
	cr_assert_not(infile_intact(&in));
	infile_close(&in);
	free(text);
}
