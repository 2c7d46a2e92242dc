/*
 * What the state holds of one person: which rows are theirs, and where other people's rows
 * name them.
 *
 * Theirs is every row with the ID number, every row that resolve gave to their customer, the
 * corrections of those, and what no table could use but has the number in its bytes. Rows of
 * others stay: only the number goes from them, and a phone of theirs as referrer, or anywhere in a
 * row that has their name too (contact person, relative, a text). A phone that the other one
 * uses too stays, and the name goes.
 */
#ifndef YICE_PERSON_H
#define YICE_PERSON_H

#include "book.h"
#include "forgotten.h"

struct person {
	struct arena arena;
	struct customer_key key;
	struct forgotten_person is; /* the number in the form of the tables, however it was asked for */
	struct str identity, id; /* the customer_id that the number gives */
	struct map gone; /* record, customer and reject ids that are theirs */
	struct map mentions; /* record ids of others that name them with a phone: enum mention */
	struct map names; /* of theirs, as codes to compare by */
	struct map spellings; /* mention_spell */
	struct rowset hashes; /* table_forgotten, those of before included */
	struct map known_hashes;
	size_t records; /* how many rows are theirs */
	bool numbered; /* some row has the number, whosoever it is */
	bool unknown; /* none has it, and nobody of that number was ever forgotten */
};

/* Asks what the state holds; resolve and merge have run. */
bool person_find(struct person *p, struct run *r, const char *id_number, struct fault *f);
void person_take_customer(struct person *p, struct str id);
void person_take_name(struct person *p, struct str name);
void person_release(struct person *p);
static inline bool person_has(const struct person *p, struct str id)
{
	return map_get(&p->gone, id) != NULL;
}

#endif
