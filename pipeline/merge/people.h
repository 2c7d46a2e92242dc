/* The pass over customers: one golden record for each, with and without an ID number. */
#ifndef YICE_MERGE_PEOPLE_H
#define YICE_MERGE_PEOPLE_H

#include "results.h"

void people_merge(struct merge *m, struct results *to);

#endif
