/*
 * rules/standard.csv: what a customer in the master should have. An item lists the values
 * that give it: `+` joins what must all be there, `|` alternatives of which one is enough
 * ("province+city+address", "mobile|phone"); a name is an attribute of the customer, with
 * `vehicle.` before it one of a car that the customer owns, with `contact.` one of any
 * touch point; `company` is given by a customer that is one. `qualified` says whether the item is among the 15 of the dealer standard.
 */
#ifndef YICE_STANDARD_H
#define YICE_STANDARD_H

#include "codes.h"
#include "map.h"
#include "table.h"

enum { STANDARD_MOST = 64 }; /* items: one bit each */

struct standard_item {
	struct str name;
	struct str label[LANG_COUNT];
	bool qualified;
	const struct standard_need *needs; /* private */
	size_t n_needs;
};

struct standard {
	struct standard_item list[STANDARD_MOST];
	size_t n;
	uint64_t qualified; /* bit i: item i is one of the 15 */
	unsigned n_bits; /* private */
	struct arena arena;
};

bool standard_load(struct standard *s, const char *rules_dir, struct fault *f);
void standard_release(struct standard *s);
bool standard_check(const char *rules_dir, struct fault *f); /* for `yice rules check` */

/* The master tables. */
struct standard_tables {
	const struct rowset *people[2]; /* customer, pending */
	const struct rowset *vehicle, *ownership, *contact;
};

/* For each of the people, customers first, the items that it lacks, bit i for item i.
 * `places`: customer_id -> place among them. The array is the caller's to free. */
uint64_t *standard_lacking(const struct standard *s, const struct standard_tables *tables,
			   const struct map *places);

#endif
