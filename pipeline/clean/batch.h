/*
 * Many records through the cleaner, on several threads, with the results in the order of
 * the records. Used by the stage for what is new, and by whoever must clean again what was
 * received before (changed rules).
 */
#ifndef YICE_BATCH_H
#define YICE_BATCH_H

#include "contexts.h"

/* Adds what no check rejected to `to` and a line for each fault to `rejects`, and counts
 * the fates of the rows in `contexts`. */
void clean_batch(const struct cleaner *c, struct contexts *contexts, const struct records *from,
		 unsigned jobs, struct records *to, struct rowset *rejects,
		 void (*progress)(void *context, uint64_t done), void *context);

#endif
