/*
 * Results of the last run carried over into this one.
 *
 * What resolve, merge and return leave is made of what the state received and of what
 * fingerprint_of_all tells. Where this run received nothing new and that is as it was, the files
 * that the last run left in its OUT are the results of this one too, all but master/history.csv
 * (nothing changed) and what report counts of the ledger. The state keeps the sum of each: a file
 * that is gone, or that somebody changed, and the stages do their work as in any other night.
 */
#ifndef YICE_CARRIED_H
#define YICE_CARRIED_H

#include "run.h"
#include "sums.h"

struct carried {
	bool is; /* resolve, merge and return need not run */
	struct str basis; /* fingerprint_of_all; "" where nothing may be carried over */
	bool asks; /* resolve or merge found something that needs a person */
	struct rowset quality; /* where `is`: report/quality.csv of the last run */
};

/* Before resolve: takes over what stands. Nothing to carry over is no fault. */
bool carried_take(struct run *r, bool news, struct fault *f);
/* What the next run goes by: the sums of the results of this one, once all are written. */
bool carried_remember(struct run *r, const struct sums *sums, struct fault *f);
void carried_release(struct carried *c);

#endif
