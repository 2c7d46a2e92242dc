/*
 * Who a customer has beside himself: relatives, contact persons and referrers that his
 * records name, each told once, from the newest record.
 */
#ifndef YICE_MERGE_RELATIONS_H
#define YICE_MERGE_RELATIONS_H

#include "merge.h"

struct relation {
	struct str relation, name, mobile, id_number, vin;
	uint32_t witness;
};

struct relations { /* of one customer */
	struct relation *list;
	size_t n, cap;
};

void relations_collect(struct relations *rel, const struct record *rec, uint32_t witness);
/* Rows of table_relation, where related_customer_id still holds the other one's ID number,
 * and for each relative with a car a row of table_ownership. */
void relations_emit(struct relations *rel, const struct golden_case *c, struct str customer,
		    struct rowset *relation, struct rowset *ownership);
/* Finds the related customers among the golden records, by ID number, or by mobile where
 * only one customer of that name has it. */
void relations_settle(struct rowset *relation, const struct rowset *customer,
		      const struct rowset *pending);

#endif
