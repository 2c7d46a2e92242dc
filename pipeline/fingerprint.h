/* What the cleaned form of a row depends on beside the row: program, schemas, rules. */
#ifndef YICE_FINGERPRINT_H
#define YICE_FINGERPRINT_H

#include "run.h"

/* 32 hex digits; lives as long as the run. Rules that only speak of whole customers
 * (priorities, change, matching, alerts ...) do not count. */
struct str fingerprint_of(struct run *r);

#endif
