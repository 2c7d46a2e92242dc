/*
 * Numbers that failed, beside right ones: under the same name an ID number or mobile that
 * differs from a valid one by a character more, less, other or swapped, that lost its end, or
 * that a spreadsheet turned to ...000, is most likely a slip. It never becomes anybody's
 * number; it says whose record this is.
 */
#ifndef RESOLVE_LIKENESS_H
#define RESOLVE_LIKENESS_H

#include "crowd.h"

struct like {
	uint32_t record; /* a loose one */
	uint64_t value; /* what it has in common with others: a witness value of its field */
};

struct likeness {
	struct like *list; /* by record */
	size_t n, cap;
};

void likeness_open(struct likeness *l, const struct people *p, const struct crowd *crowd);
/* The first of a loose record's values; they follow each other while the record is the same. */
size_t likeness_find(const struct likeness *l, uint32_t record);
/* What a record with a valid number has in common with those that are like it; 0: nothing.
 * An ID number counts for its holder only, a mobile that many share for nobody. */
uint64_t likeness_of_right(const struct people *p, const struct crowd *crowd, uint32_t record,
			   const struct record *rec, enum match_field field);
bool likeness_slip(struct str failed, struct str right);
void likeness_close(struct likeness *l);

/* MATCH_ID_LIKE and MATCH_MOBILE_LIKE are compared through likeness. */
static inline bool likeness_is_field(enum match_field field)
{
	return field == MATCH_ID_LIKE || field == MATCH_MOBILE_LIKE;
}

#endif
