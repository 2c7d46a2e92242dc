/* What the cleaned form of a row depends on beside the row (program, schemas, rules), and what the
 * results of a run do. */
#ifndef YICE_FINGERPRINT_H
#define YICE_FINGERPRINT_H

#include "run.h"

/* 32 hex digits; lives as long as the run. Rules that only speak of whole customers
 * (priorities, change, matching, alerts ...) do not count. */
struct str fingerprint_of(struct run *r);
/* Of all that resolve, merge and return go by beside what the state received: the program itself,
 * its language, the business date, all rules and schemas, people's decisions and campaigns, and which
 * files came. Asked once clean is done: the tables that extract keeps are part of it. "" where the
 * program cannot be looked at. */
bool fingerprint_of_all(struct run *r, struct str *whole, struct fault *f);

#endif
