/*
 * Any bytes as a rule file; the first byte says which. The others are those that ship. Beyond
 * not crashing: there are mistakes, and each is told with the file, or there are none.
 */
#define _GNU_SOURCE
#include "cleaner.h"
#include "codes.h"
#include "outfile.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MUST(condition)           \
	do {                      \
		if (!(condition)) \
			abort();  \
	} while (0)

static const char *const files[] = {"cleansing.csv", "words.csv",    "keywords.csv",  "codes.csv",
				    "messages.csv",  "fields.csv",   "ref/models.csv", "ref/dealers.csv"};

enum { FILES = sizeof(files) / sizeof(files[0]) };

static char folders[FILES][64]; /* one for each file that is put in its place */
static int fd;

static void link_file(const char *folder, const char *name, const char *to)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	MUST(symlink(to, path) == 0);
}

static void make_folder(int which)
{
	char path[80], real[PATH_MAX], ours[64];

	snprintf(folders[which], sizeof(folders[which]), "/tmp/yice-rules-XXXXXX");
	MUST(mkdtemp(folders[which]));
	snprintf(path, sizeof(path), "%s/ref", folders[which]);
	MUST(mkdir(path, 0700) == 0);
	snprintf(ours, sizeof(ours), "/proc/self/fd/%d", fd);
	for (int i = 0; i < FILES; i++) {
		snprintf(path, sizeof(path), "rules/%s", files[i]);
		MUST(realpath(path, real));
		link_file(folders[which], files[i], i == which ? ours : real);
	}
}

static void remove_folders(void)
{
	struct fault ignored = {0};

	for (int i = 0; i < FILES; i++)
		remove_tree(folders[i], &ignored);
	fault_release(&ignored);
}

static void check(bool (*check_file)(const char *, struct fault *), const char *folder)
{
	struct fault f = {0};
	bool ok = check_file(folder, &f);

	MUST(ok == !fault_is(&f));
	MUST(ok || f.status == EXIT_USAGE);
	MUST(ok || str_has(buf_view(&f.text), STR(".csv")));
	fault_release(&f);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *folder;

	if (!size)
		return 0;
	if (!fd) {
		fd = memfd_create("rules", 0);
		for (int i = 0; i < FILES; i++)
			make_folder(i);
		atexit(remove_folders);
	}
	folder = folders[data[0] % FILES];
	MUST(ftruncate(fd, 0) == 0);
	MUST(pwrite(fd, data + 1, size - 1, 0) == (ssize_t)(size - 1));
	check(codes_check, folder);
	check(cleaner_check, folder);
	return 0;
}
