/*
 * The first cut: records with a valid ID number are their holder's, the others are loose. An
 * ID number under more unlike names than the rules allow is nobody's but the holder's whom a
 * trusted source names; the other records are loose and may not use it.
 */
#ifndef RESOLVE_PEOPLE_H
#define RESOLVE_PEOPLE_H

#include "gather.h"

#define LOOSE 0x80000000u /* beside the number of a loose record; without it: an identity */

struct shared_id { /* for those who must look at it */
	uint32_t record; /* the first that carries it */
	uint32_t winner; /* a record of the name that it goes to, or NOBODY */
	uint32_t names, records;
};

struct people {
	const struct reading *reading;
	const struct gather *gather;
	unsigned jobs;
	size_t n; /* records */
	struct person *person; /* of each record */
	uint8_t *flags; /* enum record_flag */
	uint32_t n_identities;
	uint32_t *first; /* of each identity: its first record */
	uint32_t *same_as; /* of each identity: itself, or the one that it was renewed into */
	uint32_t n_loose;
	uint32_t *loose; /* record of each loose one */
	struct shared_id *shared; /* by record */
	size_t n_shared;
};

/* Settles the ID numbers that were gathered, and releases them. */
void people_open(struct people *p, struct gather *gather);
void people_close(struct people *p);

/* The identity behind an identity after renewals. */
static inline uint32_t people_identity(const struct people *p, uint32_t identity)
{
	while (p->same_as[identity] != identity)
		identity = p->same_as[identity];
	return identity;
}

/* customer_identity of an identity's number. */
struct str people_document(const struct people *p, uint32_t identity, struct arena *a);

#endif
