/*
 * How right is a source? Its values are held against the golden ones wherever a source of
 * higher rank stands behind those. Each record that gives the golden value vouches for it with
 * its rank; when all have been seen, those that rank lower than the best are compared. What
 * must be remembered of a record until then are a few bytes.
 */
#ifndef YICE_REPORT_ACCURACY_H
#define YICE_REPORT_ACCURACY_H

#include "inputs.h"

struct accuracy;

/* Each of `parts` threads adds under a number of its own. */
struct accuracy *accuracy_new(const struct inputs *in, unsigned parts);
/* Another record, the one of that number among all. The source of `from` lives until all is
 * counted. */
void accuracy_add(struct accuracy *acc, unsigned part, const struct record *rec, size_t record,
		  const struct origin_scope *from);
void accuracy_count(struct accuracy *acc, struct tally *t);
void accuracy_free(struct accuracy *acc);

#endif
