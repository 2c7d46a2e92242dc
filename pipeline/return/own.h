/*
 * By which of its own records a dealer knows a customer or a car: the newest that it sent
 * itself; of a customer one that speaks of customers, before a repair order, which names
 * whoever came. What it did not send it must not be shown.
 */
#ifndef YICE_RETURN_OWN_H
#define YICE_RETURN_OWN_H

#include "desk.h"

struct own {
	struct map asked; /* dealer, US, customer or VIN -> index into newest */
	struct map vins; /* asked for, of any dealer */
	struct own_newest {
		struct str record_id, date;
		bool of_customers;
	} *newest;
	size_t cap, n;
	struct buf name;
};

/* First all that will be asked for, then one pass over the records, then the answers. */
void own_want_customer(struct own *own, struct str dealer, struct str customer_id);
void own_want_car(struct own *own, struct str dealer, struct str vin);
bool own_find(struct own *own, struct desk *d, struct fault *f);
/* The record id, or "" where the dealer never sent one. */
struct str own_record(struct own *own, struct str dealer, struct str customer_or_vin);
void own_release(struct own *own);

#endif
