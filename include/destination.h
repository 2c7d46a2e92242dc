/*
 * A file that a person names for a result. What stands there stays what it is: a file is
 * replaced as a whole (outfile.h), also one behind a link, which goes on leading there; into a
 * device or a pipe, such as /dev/stdout, the bytes are written as they come; a folder, a socket
 * or a disk is refused.
 */
#ifndef YICE_DESTINATION_H
#define YICE_DESTINATION_H

#include "outfile.h"

struct destination {
	struct outfile *file;
	int stream; /* the device or pipe that is written into; -1 where there is none */
};

/* Where the file or folder is, or will be made, links followed; of what is not there yet, the
 * part that is. */
struct str destination_place(struct arena *a, const char *path);
/* The file that a link leads to, there or not yet; what is no link as it is. */
const char *destination_file(struct arena *a, const char *path);
/* What stands there, also behind a link, and is no file: "a pipe", say; NULL: a file, or nothing yet. */
const char *destination_obstacle(const char *path);
/* Whether a result can go there, asked before anything is read: false with a fault of the command
 * line that names the option. */
bool destination_check(const char *option, const char *path, struct fault *f);
/* The result then stands alone there: what is told beside it goes to standard error. */
bool destination_is_stdout(const char *path);

bool destination_open(struct destination *d, const char *path, struct fault *f); /* as outfile_open */
bool destination_commit(struct destination *d, struct fault *f);
void destination_abandon(struct destination *d); /* what went into a stream is gone */
bool destination_put(const char *path, struct str bytes, struct fault *f);

#endif
