/*
 * What the state holds of one person: which rows are theirs, and where other people's rows
 * name them.
 *
 * Theirs is every row with the ID number, every row that resolve gave to their customer, the
 * corrections of those, and what no table could use but has the number in its bytes. Rows of
 * others stay: only the cells go that hold the number, or a phone of theirs beside their name
 * (contact person, relative) or as referrer. A phone that the other one uses too stays.
 */
#ifndef YICE_PERSON_H
#define YICE_PERSON_H

#include "book.h"
#include "forgotten.h"

struct person {
	struct arena arena;
	struct customer_key key;
	struct forgotten_person is; /* the number in the form of the tables, however it was asked for */
	struct str identity;
	struct map gone; /* record, customer and reject ids that are theirs */
	struct map named; /* record ids of others that name them with a phone */
	struct map names, written; /* of theirs: as codes to compare by, and as the tables hold them */
	struct rowset hashes; /* table_forgotten, those of before included */
	struct map known_hashes;
	size_t records; /* how many rows are theirs */
	bool unknown; /* nothing is of that number, now or when it was forgotten before */
};

/* Asks what the state holds; resolve and merge have run. */
bool person_find(struct person *p, struct run *r, const char *id_number, struct fault *f);
void person_release(struct person *p);
static inline bool person_has(const struct person *p, struct str id)
{
	return map_get(&p->gone, id) != NULL;
}

#endif
