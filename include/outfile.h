/*
 * Files that appear whole or not at all: written as PATH.part (mode 0600, folders 0700),
 * flushed, synced and renamed at outfile_commit. The first write error is remembered and
 * told at commit, with the path; outfile_abandon removes the .part. With a name that ends
 * in ".gz" the bytes are compressed (no name or time in the header: same bytes, same file).
 */
#ifndef YICE_OUTFILE_H
#define YICE_OUTFILE_H

#include "fault.h"

#include <dirent.h>

struct arena;
struct outfile;

struct outfile *outfile_open(const char *path, struct fault *f); /* makes missing folders */
void outfile_as_is(struct outfile *o); /* what follows is compressed already */
void outfile_write(struct outfile *o, const void *p, size_t n);
static inline void outfile_str(struct outfile *o, struct str s)
{
	outfile_write(o, s.p, s.n);
}
bool outfile_commit(struct outfile *o, struct fault *f); /* frees o, also on failure */
void outfile_abandon(struct outfile *o); /* frees o; NULL is fine */

/* For the many files of a folder that is put in place as a whole: this one is not synced at
 * its commit; outfile_sync_tree then does it for all of them at once. */
void outfile_sync_later(struct outfile *o);
bool outfile_sync_tree(const char *folder, struct fault *f);

/* Seconds that this process has spent in fsync so far. */
double outfile_sync_seconds(void);

/* A writer over a descriptor that is not ours to name (standard output). */
struct outfile *outfile_fd(int fd, const char *name);
/* Makes a rename or a new entry in the folder of `path` last; false with errno. */
bool sync_folder_of(const char *path);

/* The whole of `bytes` as PATH in one go. */
bool outfile_put(const char *path, struct str bytes, struct fault *f);
/* A file without a name, for reading and writing, in that folder (NULL: of temporary files);
 * it goes when it is closed. -1 with errno. */
int temporary_file(const char *folder);
/* A folder (mode 0700) among the temporary files for the time of the command, which removes it.
 * What killed ones left goes first; that of a process that lives stays. NULL with a fault. */
const char *private_folder(struct arena *a, struct fault *f);
void private_folders_sweep(void);
/* mkdir -p with mode 0700; an existing folder is fine. */
bool make_folders(const char *path, struct fault *f);
/* Also where it cannot be told: opening it will tell. */
bool file_exists(const char *path);
/* Removes a folder and all below it, without following links; a missing one is fine. */
bool remove_tree(const char *path, struct fault *f);
/* The next entry of the folder `path` but "." and ".."; NULL at its end. */
bool folder_next(DIR *folder, const char *path, struct dirent **entry, struct fault *f);

#endif
