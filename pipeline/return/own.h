/*
 * By which of its own records a dealer knows a customer or a car: the newest that it sent
 * itself; of a customer one that speaks of customers, before a repair order, which names
 * whoever came. What it did not send it must not be shown.
 */
#ifndef YICE_RETURN_OWN_H
#define YICE_RETURN_OWN_H

#include "clientele.h"

struct own { /* of one dealer */
	struct map customers, vins; /* asked for -> index into newest */
	uint32_t *newest; /* records */
	size_t n, cap;
};

enum { OWN_NONE = UINT32_MAX };

/* First all that will be asked for, each by a number that is given back, then one pass over the
 * dealer's records, then the answers. Nobody (RUN_NOBODY, a VIN "") has none. */
size_t own_want_customer(struct own *own, uint32_t customer);
size_t own_want_car(struct own *own, struct str vin);
void own_find(struct own *own, const struct dealer *dealer, const struct clientele *p, const struct desk *d);
/* The place of the record among all, or OWN_NONE where the dealer never sent one. */
uint32_t own_record(const struct own *own, size_t number);
void own_release(struct own *own);

#endif
