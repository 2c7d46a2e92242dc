/* The parts of the report, in the order in which report.c asks them. */
#ifndef YICE_REPORT_PARTS_H
#define YICE_REPORT_PARTS_H

#include "inputs.h"

/* observe.c: each record once, beside what was told of it. Completeness, validity,
 * consistency, timeliness and accuracy (accuracy.h); leaves its marks in in->person for the KR. */
void observe_records(struct inputs *in, struct tally *t);
/* customers.c: the KR of each dealer, over the master. */
void count_customers(struct inputs *in, struct tally *t);
/* flow.c: where the rows of this run went, who has not sent, whose columns changed. */
bool count_flow(const struct inputs *in, struct tally *t, struct fault *f);
/* Is it counted there, all of it? */
bool is_of_flow(enum metric metric);
/* repairs.c: what became of what was returned. */
bool count_repairs(const struct inputs *in, struct tally *t, struct fault *f);

#endif
