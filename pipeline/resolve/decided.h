/*
 * What people decided (extract/decisions.csv), replayed in every run: two customers are one,
 * two are not, a record is not that customer's. A customer is named by its key; a pending one
 * also by the key that it had, since the records whose evidence made it still have it. What
 * names nobody, or contradicts another decision, is told and left out.
 * (accept_change and refuse_change are merge's to carry out.)
 */
#ifndef RESOLVE_DECIDED_H
#define RESOLVE_DECIDED_H

#include "customers.h"
#include "kept_apart.h"
#include "renewal.h"

enum decision_fault { DECISION_ACTION, DECISION_CUSTOMER, DECISION_RECORD, DECISION_CONTRADICTS };

struct decision_told {
	size_t row; /* of the table */
	enum decision_fault fault;
};

struct named { /* a customer that a decision names */
	struct str id;
	uint32_t identity; /* or NOBODY */
	uint32_t *loose; /* records whose own evidence has that key */
	size_t n_loose, cap_loose;
};

struct merged { /* of two targets (links.h) one remains */
	uint32_t from, to;
	size_t row;
};

struct decided {
	const struct rowset *table;
	uint8_t *split; /* of each record: RECORD_SPLIT or 0; NULL where none is */
	struct map names; /* id -> index into named */
	struct named *named;
	size_t n_named, cap_named;
	struct apart apart;
	struct bar *bars;
	size_t n_bars, cap_bars;
	uint32_t *apart_loose; /* as links.h wants it */
	uint32_t n_groups;
	struct merged *merged;
	size_t n_merged, cap_merged;
	struct map by_from; /* target -> index into merged, the first of it */
	size_t *keeping_apart; /* rows of the table whose action may keep two apart */
	size_t n_keeping_apart;
	struct kept_apart kept_apart; /* while targets are merged */
	struct decision_told *told;
	size_t n_told, cap_told;
	uint8_t *faults; /* by row of the table: 0, or what is told of it + 1 */
	struct arena arena;
};

/* Before identities are made: records that a person took away from their ID number. */
void decided_open(struct decided *d, const struct rowset *table, const struct reading *r,
		  const struct customer_key *key);
/* When identities have keys: who is named, who must stay apart. */
void decided_bind(struct decided *d, const struct customers *c);
/* After renewals: identities that are one. */
void decided_merge_identities(struct decided *d, struct people *p);
/* When pending customers have keys: the merges that concern them. */
void decided_merge_pending(struct decided *d, const struct customers *c);
/* Where a target is after the merges. */
uint32_t decided_target(const struct decided *d, uint32_t target);
void decided_close(struct decided *d);

#endif
