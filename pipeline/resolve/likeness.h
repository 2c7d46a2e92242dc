/*
 * ID numbers that failed, beside the right ones: under the same name a number that differs by
 * one character more, less, other or swapped, or that a spreadsheet turned to ...000, is most
 * likely a slip. It never becomes a key; it says whose record this is.
 */
#ifndef RESOLVE_LIKENESS_H
#define RESOLVE_LIKENESS_H

#include "people.h"

struct like {
	uint32_t record; /* a loose one */
	uint64_t value; /* what it has in common with others, as a witness value of id_like */
};

struct likeness {
	struct like *list; /* by record */
	size_t n, cap;
};

void likeness_open(struct likeness *l, const struct people *p);
/* The first of a loose record's values; they follow each other while the record is the same. */
size_t likeness_find(const struct likeness *l, uint32_t record);
/* The value of those who hold the document. */
uint64_t likeness_of_document(struct str identity);
bool likeness_slip(struct str failed, struct str right);
void likeness_close(struct likeness *l);

#endif
