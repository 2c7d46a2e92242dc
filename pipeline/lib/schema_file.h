/* The reading of one schema; schema.c gathers them. */
#ifndef YICE_SCHEMA_FILE_H
#define YICE_SCHEMA_FILE_H

#include "schema.h"

/* Reads s->path (NUL-terminated) into s, whose name is set. False when the file has
 * mistakes: each is added to f, with file and line. */
bool schema_read(struct schema *s, struct arena *a, struct fault *f);

#endif
