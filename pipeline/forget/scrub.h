/* Copies of what the state and OUT hold, without a person. */
#ifndef YICE_SCRUB_H
#define YICE_SCRUB_H

#include "person.h"

/* All CSV tables of a folder, and below it, into another one. A folder that is not there is
 * fine. Record ids of rows that are left out are put into `lost` (may be NULL). */
bool scrub_tables(const struct person *p, const char *from, const char *to, struct map *lost, struct fault *f);
/* One of them; none where it is not there. */
bool scrub_table(const struct person *p, const char *from, const char *to, struct map *lost, struct fault *f);
/* The original rows of a folder (received.*), where it has any. */
bool scrub_received(const struct person *p, struct run *r, const char *from, const char *to, struct fault *f);
/* A ledger that books the lost rows as duplicates; their fate was what `rejects` told. */
bool scrub_ledger(const char *from, const char *to, const struct map *lost, struct fault *f);

#endif
