#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mem.h"
#include "outfile.h"

/* What cannot be looked at is taken to be there: opening it then tells why. */
bool file_exists(const char *path)
{
	return access(path, F_OK) == 0 || (errno != ENOENT && errno != ENOTDIR);
}

static bool is_folder(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

bool make_folders(const char *path, struct fault *f)
{
	char *folder, *at;
	bool ok = true;

	if (is_folder(path))
		return true;
	folder = xstrdup(path);
	for (at = folder + 1; ok && *folder; at++) {
		char was = *at;

		if (was != '/' && was != '\0')
			continue;
		*at = '\0';
		if (mkdir(folder, 0700) == 0) {
			ok = sync_folder_of(folder) || fault_errno(f, "sync the folder of", folder);
		} else {
			int error = errno;

			ok = is_folder(folder);
			errno = error;
			ok = ok || fault_errno(f, "make the folder", folder);
		}
		*at = was;
		if (was == '\0')
			break;
	}
	free(folder);
	return ok;
}

/* An error in reading on is no end: what comes behind it would be passed over. */
bool folder_next(DIR *folder, const char *path, struct dirent **entry, struct fault *f)
{
	do {
		errno = 0;
		*entry = readdir(folder);
	} while (*entry && (strcmp((*entry)->d_name, ".") == 0 || strcmp((*entry)->d_name, "..") == 0));
	return *entry || errno == 0 || fault_errno(f, "read the folder", path);
}

/* Works from the open folder, never by path, so that a link put there meanwhile cannot lead
 * the removal elsewhere. */
static bool remove_below(int folder, const char *name, const char *whole, struct fault *f)
{
	int fd = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
	struct dirent *entry;
	bool ok = true;

	if (!dir) {
		int error = errno;

		if (fd >= 0)
			close(fd);
		errno = error;
		if (error == ENOENT)
			return true;
		if (error != ENOTDIR && error != ELOOP)
			return fault_errno(f, "open the folder", whole);
		return unlinkat(folder, name, 0) == 0 || errno == ENOENT ||
		       fault_errno(f, "remove", whole);
	}
	while (ok && (ok = folder_next(dir, whole, &entry, f)) && entry)
		ok = remove_below(fd, entry->d_name, whole, f);
	closedir(dir);
	return ok && (unlinkat(folder, name, AT_REMOVEDIR) == 0 || errno == ENOENT ||
		      fault_errno(f, "remove the folder", whole));
}

bool remove_tree(const char *path, struct fault *f)
{
	return remove_below(AT_FDCWD, path, path, f);
}
