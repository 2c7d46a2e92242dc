/*
 * What this process wrote need not be read again for its sum: the hash of a file is known from the
 * bytes as they went out, for as long as the file is as it was left (same inode, size and time of
 * change; a rename changes none of them). Safe from all threads.
 */
#ifndef YICE_WRITTEN_H
#define YICE_WRITTEN_H

#include "digest.h"

#include <stdbool.h>

/* The whole of the open file is `h`, and nothing will be written to it any more. */
void written_note(int fd, struct hash128 h);
/* False where it was not written here, or was changed since. */
bool written_find(int fd, struct hash128 *h, int64_t *size);

#endif
