/*
 * Work that need not be waited for, done in the order it was given on one thread beside the
 * caller's: the writing of a table while the next stage computes. Where the command may use
 * one thread only (pool_jobs) it is done at once, so that it is the same work in any case.
 */
#ifndef YICE_LATER_H
#define YICE_LATER_H

#include "fault.h"

struct later;

struct later *later_new(void);
/* `work` gets `context`, which it may free. A failure is told by one of the next calls; what was
 * given after it is done all the same. */
bool later_do(struct later *l, bool (*work)(void *context, struct fault *f), void *context,
	      struct fault *f);
/* Returns when nothing is left to do; false with the first fault of what was done. */
bool later_wait(struct later *l, struct fault *f);
void later_free(struct later *l); /* waits; NULL is fine */

#endif
