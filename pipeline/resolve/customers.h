/*
 * Keys. A customer with an ID number has the key of its document for ever. A pending one has
 * the key of what its earliest record says (name and mobile, else name and VIN, else the
 * sender's own number): later records do not change it, and neither does the order in which
 * records arrived.
 */
#ifndef RESOLVE_CUSTOMERS_H
#define RESOLVE_CUSTOMERS_H

#include "customer_key.h"
#include "links.h"

struct pending_customer {
	uint32_t root; /* loose record that stands for it (links.h) */
	uint32_t record; /* its earliest that feeds customer */
	char id[CUSTOMER_ID_LENGTH];
};

struct customers {
	const struct people *p;
	const struct links *links;
	const struct customer_key *key;
	unsigned char (*ids)[CUSTOMER_ID_LENGTH / 2]; /* of each identity, as bytes */
	struct pending_customer *pending; /* by root */
	size_t n_pending;
};

/* The keys of identities: needed before links are made, for people's decisions. */
void customers_open(struct customers *c, const struct people *p, const struct customer_key *key);
void customers_add_pending(struct customers *c, const struct links *links);
void customers_close(struct customers *c);

/* The key of an identity or pending customer; false for a pending one that has none, since
 * nothing of it feeds customer. */
bool customers_id(const struct customers *c, uint32_t target, char id[CUSTOMER_ID_LENGTH]);
/* Where a record is: a target of links.h, or NOBODY. Renewals are followed. */
uint32_t customers_target(const struct customers *c, uint32_t record);
/* What a pending customer's key is made of where this is its earliest record. */
struct str customers_evidence(const struct people *p, uint32_t record, struct arena *a);
/* The same between namesakes: told by the record itself. */
struct str customers_evidence_alone(const struct people *p, uint32_t record, struct arena *a);

#endif
