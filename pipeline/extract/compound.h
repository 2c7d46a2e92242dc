/* Compound files (MS-CFB): the little file system inside of .xls, and of anything encrypted. */
#ifndef YICE_COMPOUND_H
#define YICE_COMPOUND_H

#include "buf.h"

/* Adds the stream of that name (ASCII; the case does not matter) to *out. False where there
 * is none, or its sectors lie outside the file or in a circle. */
bool compound_stream(struct str file, const char *name, struct buf *out);

#endif
