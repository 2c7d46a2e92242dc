/* The files of an inbox: found, named, ordered, and those sorted out that cannot be read. */
#ifndef YICE_INBOX_H
#define YICE_INBOX_H

#include "received.h"
#include "schema.h"

#include <sys/stat.h>

struct inbox_file {
	char *path;
	struct str file; /* its name, without folders */
	struct export_name name;
	bool misnamed; /* of its name only schema and sender are known, or less */
	struct str reason; /* why it goes to quarantine; empty: it does not */
	bool changed; /* it was not the same file to its end when it was read */
	struct stat stat; /* when its digest was taken */
	char sha256[64];
	const struct received_file *known; /* came before, word for word */
};

struct inbox {
	struct inbox_file *files;
	size_t n, cap;
	struct stat apart[2]; /* folders that are left out */
	size_t n_apart;
	struct arena arena;
};

/* Leaves that folder out of what is added later: OUT, or the state, may lie below the inbox. */
void inbox_leave_out(struct inbox *in, const char *path);
/* Looks at what the command line names: false with a fault of it where nothing is there. */
bool inbox_named(const char *path, struct stat *st, struct fault *f);
/* Adds a file, or all files in a folder and below (hidden ones and links left out). */
bool inbox_add(struct inbox *in, const char *path, struct fault *f);
/* Takes names apart, reads digests, decides on quarantine, and puts the files into the order
 * in which they are read: by date, then by name. May be called again, for another set of what
 * was received or when a file has changed. */
void inbox_judge(struct inbox *in, const struct schemas *schemas, const struct received *received,
		 struct str date);
/* Whether it still is what it was when its digest was taken. A file that is gone is: what
 * was opened can be read to its end. */
bool inbox_file_unchanged(const struct inbox_file *file);
void inbox_release(struct inbox *in);

#endif
