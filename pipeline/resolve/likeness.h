/*
 * Numbers that failed, beside right ones: under the same name an ID number or mobile that
 * differs from a valid one by a character more, less, other or swapped, that lost its end, or
 * that a spreadsheet turned to ...000, is most likely a slip. It never becomes anybody's
 * number; it says whose record this is.
 */
#ifndef RESOLVE_LIKENESS_H
#define RESOLVE_LIKENESS_H

#include "crowd.h"

struct likeness {
	struct pairs likes[2]; /* of ID numbers, of mobiles: records that are one by them */
};

void likeness_open(struct likeness *l, const struct people *p, const struct crowd *crowd);
/* The groups of a field, to be read as those of a column. */
const struct pairs *likeness_settle(struct likeness *l, enum match_field field);
bool likeness_slip(struct str failed, struct str right);
void likeness_close(struct likeness *l);

#endif
