/*
 * The customers of the master and those pending by number (the lines of run_person_lines), which
 * of them are a dealer's, and what each lacks. For any number of threads once it is open.
 */
#ifndef YICE_RETURN_CLIENTELE_H
#define YICE_RETURN_CLIENTELE_H

#include "dealer.h"

struct clientele {
	const struct rowset *tables[2]; /* customer, pending */
	size_t n;
	const uint32_t *of_record; /* by record: its customer, or RUN_NOBODY */
	uint32_t *dealt; /* the customers dealer by dealer, each dealer's by number */
	uint32_t *firsts; /* where each dealer's begin in `dealt`, and n dealers + 1 */
	uint32_t *place; /* by customer: where it stands in `dealt` */
	const uint64_t *lacking; /* by customer: items of the standard, bit by bit */
	uint64_t *own_lacking; /* where no stage before had reckoned it */
	uint32_t *slots; /* open addressing by customer_id: 0, or the number + 1 */
	size_t n_slots;
};

bool clientele_open(struct clientele *p, const struct dealers *ds, struct run *r, const struct standard *standard,
		 struct fault *f);
void clientele_close(struct clientele *p);

/* The customer of that number, where it stands in those two tables: customer, pending. */
struct str people_value(const struct rowset *const tables[2], uint32_t customer, enum customer_column column);
struct str clientele_value(const struct clientele *p, uint32_t customer, enum customer_column column);
/* Its number, or RUN_NOBODY. */
uint32_t clientele_find(const struct clientele *p, struct str customer_id);

#endif
