/*
 * Folders for the time of a command. Each is locked by the process that made it, so that whoever
 * comes next can tell what a killed one left, also where process numbers say nothing (containers
 * that share a folder). People's data lie in there.
 */
#define _GNU_SOURCE
#include "mem.h"
#include "outfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct str prefix = STR_INIT("yice-private-");

enum { RANDOM_LETTERS = 6, TRIES = 16 };

static const char *folder_of_folders(void)
{
	const char *tmp = getenv("TMPDIR");

	return tmp && *tmp ? tmp : "/tmp";
}

static bool is_still_there(int fd, const char *path)
{
	struct stat opened, there;

	return fstat(fd, &opened) == 0 && lstat(path, &there) == 0 && opened.st_ino == there.st_ino &&
	       opened.st_dev == there.st_dev && opened.st_uid == geteuid();
}

enum locked { LOCKED, OF_ANOTHER, NO_LOCKS };

/* Locked until `fd` is closed. */
static enum locked lock_folder(const char *path, int *fd)
{
	enum locked locked = OF_ANOTHER;

	*fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (*fd < 0)
		return locked;
	if (flock(*fd, LOCK_EX | LOCK_NB) == 0)
		locked = is_still_there(*fd, path) ? LOCKED : OF_ANOTHER;
	else if (errno != EWOULDBLOCK)
		locked = NO_LOCKS;
	if (locked != LOCKED)
		close(*fd);
	return locked;
}

static bool is_one_of_ours(const char *name)
{
	struct str s = str_of(name);

	return s.n == prefix.n + RANDOM_LETTERS && str_starts(s, prefix);
}

/* What cannot be removed is left to the next: it is in nobody's way. */
void private_folders_sweep(void)
{
	struct arena a = { 0 };
	const char *tmp = folder_of_folders();
	DIR *folder = opendir(tmp);
	struct dirent *entry;

	while (folder && (entry = readdir(folder))) {
		struct fault ignored = { 0 };
		const char *path = str_keepz(&a, str_printf(&a, "%s/%s", tmp, entry->d_name));
		int fd;

		if (!is_one_of_ours(entry->d_name) || lock_folder(path, &fd) != LOCKED)
			continue;
		remove_tree(path, &ignored);
		fault_release(&ignored);
		close(fd);
	}
	if (folder)
		closedir(folder);
	arena_release(&a);
}

const char *private_folder(struct arena *a, struct fault *f)
{
	char *path = NULL;
	int fd;

	private_folders_sweep();
	for (int i = 0; i < TRIES; i++) {
		path = (char *)str_keepz(a, str_printf(a, "%s/%.*sXXXXXX", folder_of_folders(), STR_FMT(prefix)));
		if (!mkdtemp(path)) {
			fault_errno(f, "make a folder", path);
			return NULL;
		}
		/* held until the process ends; where there are no locks, nobody can sweep either */
		if (lock_folder(path, &fd) != OF_ANOTHER)
			return path; /* else it was swept before it was locked */
	}
	fault_set(f, EXIT_FAILED, "cannot lock the folder %s", path);
	return NULL;
}
