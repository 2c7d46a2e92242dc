#define _GNU_SOURCE
#include "heap.h"

#include <limits.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

#include "mem.h"

/* A program with rights of its own (setuid) would lose the variable on its way and begin for ever;
 * without an interpreter (AT_BASE) /proc/self/exe is not this program but the loader, which was
 * told to start it. */
static bool may_begin_anew(void)
{
	return !getenv("GLIBC_TUNABLES") && !getauxval(AT_SECURE) && getauxval(AT_BASE);
}

static void begin_anew(char **argv, char *setting)
{
	char exe[PATH_MAX], **settings;
	ssize_t length = readlink("/proc/self/exe", exe, sizeof(exe) - 1);
	size_t n = 0;

	if (length <= 0)
		return;
	exe[length] = '\0';
	while (environ[n])
		n++;
	settings = xcalloc(n + 2, sizeof(*settings));
	memcpy(settings, environ, n * sizeof(*settings));
	settings[n] = setting;
	execve(exe, argv, settings);
	free(settings); /* it could not */
}

/* By itself malloc would soon take even blocks of many megabytes from its heap, where one that lives on
 * holds the others. A malloc that is not glibc's (a sanitizer's) knows none of this. */
void heap_settle(char **argv)
{
	static char huge_pages[] = "GLIBC_TUNABLES=glibc.malloc.hugetlb=1";

	if (mallopt(M_MMAP_THRESHOLD, 1 << 20) && may_begin_anew())
		begin_anew(argv, huge_pages);
}
