/*
 * The results of a run moved from its staging folder into OUT, all or none: whoever looks
 * there sees one run's results, whatever fails or dies. A list in the staging folder says
 * which run is being placed and what was there before; by it, what was begun can be taken
 * back, also by the next run.
 */
#ifndef YICE_PLACING_H
#define YICE_PLACING_H

#include "run.h"

/* What a run leaves in OUT; NULL at the end. */
extern const char *const run_results[];

/* Moves what OUT holds into the staging folder and the new results into OUT, and makes it
 * last. A failure is taken back. */
bool results_place(struct run *r, struct fault *f);
/* The way back, while the state has not switched. Always false, for a fault that is on its way. */
bool results_take_back(struct run *r, struct fault *f);
/* False where something placed could not be taken back: the next run needs the staging folder. */
bool results_settled(struct run *r);
/* Takes back what a run placed that died before its state switched. */
bool results_recover(struct run *r, struct fault *f);

#endif
