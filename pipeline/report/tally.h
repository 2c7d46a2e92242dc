/*
 * Counts, kept by metric and scope, and the table that they become. The order of the table
 * is that of the metrics, of the kinds of scope, and of the scopes by bytes; numbers are whole
 * until they are written, so the table does not depend on the order of counting.
 */
#ifndef YICE_REPORT_TALLY_H
#define YICE_REPORT_TALLY_H

#include "map.h"
#include "metrics.h"
#include "table.h"

struct count { /* a sum of UNIT_MEAN is in hundredths */
	int64_t numerator, denominator;
};

struct tally {
	struct map scopes[METRICS][SCOPE_KINDS]; /* scope -> index */
	struct count *counts;
	size_t n, cap;
	struct arena scratch;
};

void tally_add(struct tally *t, enum metric metric, enum scope_kind kind, struct str scope,
	       int64_t numerator, int64_t denominator);
/* The same in a scope of two parts. */
void tally_add_pair(struct tally *t, enum metric metric, enum scope_kind kind, struct str first,
		    struct str second, int64_t numerator, int64_t denominator);
/* Where rows come from, the scopes that most metrics share: all, source and dealer; an empty
 * source or dealer is left out. */
struct origin_scope {
	struct str source, dealer;
};
void tally_add_origin(struct tally *t, enum metric metric, const struct origin_scope *from,
		      int64_t numerator, int64_t denominator);

/* Adds what another has counted. */
void tally_merge(struct tally *to, const struct tally *from);

/* NULL where nothing was counted. */
const struct count *tally_get(const struct tally *t, enum metric metric, enum scope_kind kind,
			      struct str scope);
/* Into an initialised rowset of table_quality. */
void tally_table(const struct tally *t, struct rowset *quality);
void tally_release(struct tally *t);

/* The value as quality.csv writes it, "" where there is none; room for 32 bytes. */
struct str count_value(const struct count *c, enum unit unit, char *room);
double count_number(const struct count *c, enum unit unit);
bool count_is(const struct count *c, enum unit unit); /* there is a value */

#endif
