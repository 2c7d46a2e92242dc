#include "scratch.h"

#include "mem.h"

#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static struct arena arena;

static void begin(void)
{
	scratch_make();
	setenv("TMPDIR", scratch_dir, 1);
}

static void finish(void)
{
	unsetenv("TMPDIR");
	arena_release(&arena);
	scratch_remove();
}

TestSuite(private_folder, .init = begin, .fini = finish);

static const char *make(void)
{
	struct fault f = { 0 };
	const char *path = private_folder(&arena, &f);

	cr_assert(path, "%.*s", STR_FMT(f.text));
	return path;
}

/* A process that makes a folder with a file in it, tells its name and waits. */
static pid_t another_process(char name[256])
{
	int ends[2];
	pid_t pid;

	cr_assert(pipe(ends) == 0);
	pid = fork();
	if (!pid) {
		struct fault f = { 0 };
		const char *path = make();

		outfile_put(str_keepz(&arena, str_printf(&arena, "%s/0/customer.csv", path)), STR("a"), &f);
		if (write(ends[1], path, strlen(path) + 1) > 0)
			pause();
		_exit(0);
	}
	cr_assert(read(ends[0], name, 256) > 0);
	close(ends[0]);
	close(ends[1]);
	return pid;
}

Test(private_folder, what_a_killed_process_left_goes_and_that_of_a_live_one_stays)
{
	char killed[256], alive[256];
	pid_t dies = another_process(killed), lives = another_process(alive);

	private_folders_sweep();
	cr_assert(file_exists(killed));
	kill(dies, SIGKILL);
	waitpid(dies, NULL, 0);
	cr_assert(file_exists(killed));
	cr_assert(file_exists(make()));
	cr_assert_not(file_exists(killed));
	cr_assert(file_exists(alive));
	kill(lives, SIGKILL);
	waitpid(lives, NULL, 0);
	private_folders_sweep();
	cr_assert_not(file_exists(alive));
}

Test(private_folder, is_ours_alone)
{
	const char *path = make();
	struct stat st;

	private_folders_sweep();
	cr_assert(stat(path, &st) == 0);
	cr_assert_eq(st.st_mode & 07777, 0700);
	cr_assert_str_neq(make(), path);
}

Test(private_folder, what_bears_another_name_is_not_touched)
{
	static const char *const others[] = { "yice-private", "yice-private-of-mine", "yice-backup", "private-AAAAAA" };
	struct fault f = { 0 };

	for (size_t i = 0; i < 4; i++)
		cr_assert(make_folders(scratch_path(others[i]), &f));
	cr_assert(symlink(scratch_path(others[0]), scratch_path("yice-private-linked")) == 0);
	private_folders_sweep();
	for (size_t i = 0; i < 4; i++)
		cr_assert(file_exists(scratch_path(others[i])));
	cr_assert(file_exists(scratch_path("yice-private-linked")));
}
