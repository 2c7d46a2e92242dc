/*
 * The results of a run moved from its staging folder into OUT, all or none: whoever looks
 * there sees one run's results, whatever fails or dies. A list in the staging folder says
 * which run is being placed and what was there before; by it, what was begun can be taken
 * back, also by the next run. Until then no stage works on what is there.
 */
#ifndef YICE_PLACING_H
#define YICE_PLACING_H

#include "run.h"

/* What a run leaves in OUT; NULL at the end. */
extern const char *const run_results[];
/* The folder in OUT where it writes until it is done. */
extern const char run_staging_name[];

/* The run directory is this process's until it ends: alone, or beside others that ask for no more
 * than their share. EXIT_LOCKED where others are in the way. A folder that is not there yet, or
 * lies where folders can't be locked, is nobody's. */
bool out_hold(const char *out, bool alone, struct fault *f);
/* False with a fault where a run placed part of its results, or all, and did not end. */
bool out_whole(const char *out, struct fault *f);

/* Moves what OUT holds into the staging folder and the new results into OUT, and makes it
 * last. A failure is taken back. */
bool results_place(struct run *r, struct fault *f);
/* The way back, while the state has not switched. Always false, for a fault that is on its way. */
bool results_take_back(struct run *r, struct fault *f);
/* False where something placed could not be taken back: the next run needs the staging folder. */
bool results_settled(struct run *r);
/* The state has switched: nothing is taken back any more. */
void results_stay(struct run *r);
/* Takes back what a run placed that died before its state switched. */
bool results_recover(struct run *r, struct fault *f);

#endif
