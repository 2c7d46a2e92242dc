/* The other two ways to use the cleaner by hand. */
#ifndef YICE_FILTER_H
#define YICE_FILTER_H

#include "cleaner.h"
#include "run.h"

/* yice clean --table: one table, row by row, from standard input to standard output. */
bool filter_table(struct run *r, const struct cleaner *c, struct fault *f);
/* yice clean --explain: what happens to one value, on standard output. */
bool explain_value(struct run *r, const struct cleaner *c, struct fault *f);

#endif
