/*
 * One person, two documents: a passport and later a foreigner's card, the card of 2017 and
 * that of 2023, a permit and a residence permit. Two valid ID numbers are one customer only
 * where the rules allow that renewal, the names are the same, a value that links stands under
 * both and nothing contradicts. Other holders that share so much are left to a person.
 */
#ifndef RESOLVE_RENEWAL_H
#define RESOLVE_RENEWAL_H

#include "crowd.h"

struct renewed { /* a document and the one that took its place */
	uint32_t old, now; /* identities */
	enum match_field field; /* what they have in common */
	struct str on; /* first day of the new one */
};

struct apart_pair { /* identities that a person keeps apart */
	uint32_t one, other;
	size_t row; /* of the decisions */
	bool mattered; /* else they would be one */
};

struct apart {
	struct apart_pair *list;
	size_t n, cap;
};

struct renewals {
	struct renewed *list; /* by the first record of the old identity */
	size_t n, cap;
	struct twin *doubtful; /* same name, same value, no renewal */
	size_t n_doubtful, cap_doubtful;
	struct arena arena;
};

/* Sets same_as of the people. */
void renewals_open(struct renewals *r, struct people *p, const struct crowd *crowd,
		   const struct apart *apart);
void renewals_close(struct renewals *r);

#endif
