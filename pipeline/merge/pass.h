/*
 * One pass over groups of records (customers, vehicles): cut into pieces that workers do at
 * the same time, gathered in order, a wave of pieces at a time, so that memory stays small
 * and the result does not depend on the number of workers.
 */
#ifndef YICE_MERGE_PASS_H
#define YICE_MERGE_PASS_H

#include "golden_row.h"
#include "relations.h"

struct piece { /* what one worker made of a stretch of groups */
	size_t from, to; /* groups */
	struct rows rows, pending; /* golden records; of people without an ID number */
	struct rowset rejects, review, relation, ownership;
	struct buf lineage;
	struct arena arena; /* holds what the rows point to */
};

struct worker { /* what a worker keeps from case to case */
	struct golden_case c;
	struct relations relations;
	struct arena scratch;
};

struct pass {
	const struct merge *m;
	const struct groups *groups;
	const char *name; /* for the progress line */
	void (*work)(const struct pass *pass, struct piece *piece, struct worker *worker);
	bool (*gather)(const struct pass *pass, struct piece *piece, struct fault *f);
	void *context; /* of the two */
	/* private to pass.c */
	struct piece *wave;
	struct worker *workers;
};

bool pass_run(struct pass *pass, struct fault *f);

#endif
