/*
 * Work on several threads with a result that does not depend on how many: pieces are
 * numbered, each is done once, and whoever gathers them does so in order.
 */
#ifndef YICE_POOL_H
#define YICE_POOL_H

#include <stddef.h>

/* Calls work(context, piece, worker) for piece 0 .. pieces - 1 on up to `jobs` threads;
 * worker is 0 .. jobs - 1, for scratch of one's own. Returns when all are done. */
void pool_each(unsigned jobs, size_t pieces,
	       void (*work)(void *context, size_t piece, unsigned worker), void *context);
/* The same with results that are gathered, piece by piece in order and one at a time, by whichever
 * thread comes for it. No piece is begun before gather(context, piece - slots) has returned, so
 * that the result of a piece may lie at piece % slots, and memory stays small. */
void pool_in_order(unsigned jobs, size_t pieces, size_t slots,
		   void (*work)(void *context, size_t piece, unsigned worker),
		   void (*gather)(void *context, size_t piece), void *context);
/* How many threads the command may use at a time (--jobs; 1 until it is set), for what goes on
 * beside the work of a stage. */
void pool_set_jobs(unsigned jobs);
unsigned pool_jobs(void);
/* The processors that this process may use, at least 1. */
unsigned pool_default_jobs(void);

#endif
