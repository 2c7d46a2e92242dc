/* The pass over vehicles: one golden record for each VIN, and whose car it is and was. */
#ifndef YICE_MERGE_VEHICLES_H
#define YICE_MERGE_VEHICLES_H

#include "results.h"

/* Needs to->relatives, which the pass over customers fills. */
void vehicles_merge(struct merge *m, struct results *to);

#endif
