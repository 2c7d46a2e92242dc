/*
 * One pass over groups of records (customers, vehicles): cut into pieces that workers do at
 * the same time, a few ahead of those that are gathered, so that memory stays small. They are
 * gathered in order, one at a time: the result does not depend on the number of workers.
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
	void (*gather)(const struct pass *pass, const struct piece *piece);
	void *context; /* of the two */
};

void pass_run(struct pass *pass);
/* The records of a group that comes soon. */
enum { PASS_AHEAD = 3 };
void pass_prefetch(const struct pass *pass, size_t group);

#endif
