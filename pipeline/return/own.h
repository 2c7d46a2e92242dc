/*
 * By which of its own records a dealer knows a customer or a car: the newest that it sent
 * itself; of a customer one that speaks of customers, before a repair order, which names
 * whoever came. A name or number that this record lacks is that of the newest other one that has
 * it and still stands. What it did not send it must not be shown.
 */
#ifndef YICE_RETURN_OWN_H
#define YICE_RETURN_OWN_H

#include "clientele.h"

enum own_value { OWN_NAME, OWN_MOBILE, OWN_PHONE, OWN_VALUES };
enum { OWN_NONE = UINT32_MAX };

struct own_rows { /* places among all records, or OWN_NONE where the dealer never sent one */
	uint32_t newest;
	uint32_t with[OWN_VALUES]; /* which has that value; of a customer */
};

extern const struct own_rows own_nothing;

/* All records that the dealer sent, in the order in which own_take asks for those of one customer: of files
 * that speak of customers before the others, of each the newest first. */
void own_each(const struct dealer *dealer, void (*offer)(void *context, size_t record), void *context);
/* The next record of a customer. */
void own_take(struct own_rows *rows, size_t record, struct desk *d);
struct str own_value(const struct own_rows *rows, enum own_value value, const struct desk *d, struct arena *a);

struct own { /* of one dealer */
	struct map customers, vins; /* asked for -> index into rows */
	struct own_rows *rows;
	size_t n, cap;
};

/* First all that will be asked for, each by a number that is given back, then one pass over the
 * dealer's records, then the answers. Nobody (RUN_NOBODY, a VIN "") has none. */
size_t own_want_customer(struct own *own, uint32_t customer);
size_t own_want_car(struct own *own, struct str vin);
void own_find(struct own *own, const struct dealer *dealer, const struct clientele *p, struct desk *d);
struct own_rows own_rows_of(const struct own *own, size_t number);
void own_release(struct own *own);

#endif
