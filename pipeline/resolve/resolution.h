/*
 * The whole of resolve in memory: from records, what clean said of them and people's decisions
 * to who is who. The stage (resolve.c) brings the inputs and writes the result down.
 */
#ifndef RESOLVE_RESOLUTION_H
#define RESOLVE_RESOLUTION_H

#include "evidence.h"
#include "told.h"

struct inputs { /* borrowed for as long as the resolution lives */
	const struct records *records;
	const struct rowset *rejects, *files, *corrections, *decisions;
	const struct mended_rows *mended;
	const struct schemas *schemas;
	const struct matching *matching;
	const struct customer_key *key;
	const struct reference *reference; /* may be NULL: blanked names then say nothing */
	unsigned jobs;
	uint64_t memory; /* bytes to be sparing with; 0: no limit */
};

struct resolution { /* in the order in which it comes to be */
	struct reading reading;
	struct decided decided;
	struct gather gather;
	struct people people;
	struct customers customers;
	struct crowd crowd;
	struct web web;
	struct renewals renewals;
	struct links links;
};

void resolution_open(struct resolution *x, const struct inputs *in);
void resolution_close(struct resolution *x);
/* The view of it that tells dealers and headquarters; codes may be NULL for the review alone. */
struct told resolution_told(struct resolution *x, const struct codes *codes, enum lang lang);
/* resolve/clusters.csv */
void resolution_clusters(const struct resolution *x, const struct told *t, struct rowset *clusters);

#endif
