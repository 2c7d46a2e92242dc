/*
 * Whose car it is and was: the claims that records make on one VIN, put in the order of time.
 *
 * A buyer, borrower or registered customer claims to own it since a day. Claims of two people
 * within same_sale days (rules/ownership.csv) are one sale: the better source says who owns, the other
 * one uses. A later claim is a sale on: the owner before it becomes a former one. Who is
 * insured or brings the car to service uses it, unless it is his or nobody else claims it.
 *
 * A line has the dealer and the price of the record that claims it, or of a newer one that says the
 * sale anew: an invoice that took the place of a wrong one.
 */
#ifndef YICE_MERGE_OWNERSHIP_H
#define YICE_MERGE_OWNERSHIP_H

#include "merge.h"

enum claim_kind { CLAIM_OWNS, CLAIM_INSURED, CLAIM_USES };

struct claim { /* of one record */
	enum claim_kind kind;
	uint32_t who; /* number of the customer, in the order of customer ids */
	struct str customer, record_id, source;
	struct str dealer_code, price; /* of the sale that it claims; empty: none, or not said */
	int32_t day; /* since when; INT32_MIN: not said */
	int32_t observed_on;
	unsigned rank; /* of its source for the purchase date */
	uint32_t place;
};

struct period { /* one line of the table */
	const struct claim *claim;
	const struct claim *sale; /* whose dealer and price it has */
	int32_t since, until; /* INT32_MIN: unknown, or not over */
};

struct ownership { /* of one VIN; zeroed at first */
	struct claim *claims;
	size_t n_claims, cap_claims;
	struct period *owners; /* in the order of time; the last is the owner */
	size_t n_owners, cap_owners;
	struct period *users;
	size_t n_users, cap_users;
};

/* What the record says of its customer and its car, if anything; its text must live until
 * ownership_emit. */
void ownership_collect(struct ownership *o, const struct merge *m, const struct record *rec,
		       uint32_t place);
void ownership_settle(struct ownership *o, int32_t same_sale);
/* The present owner, after ownership_settle; empty where there is none. */
struct str ownership_owner(const struct ownership *o);
/* Did the car become that customer's on that day, after it had been another's? */
bool ownership_sold_on(const struct ownership *o, uint32_t who, int32_t day);
/* Writes the lines, each with the dealer and the price of its sale, former owners first, then
 * forgets the car. */
void ownership_emit(struct ownership *o, struct str vin, struct rowset *to);
void ownership_release(struct ownership *o);

#endif
