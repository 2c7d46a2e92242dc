/* What resolve tells: dealers (resolve/rejects) and headquarters (resolve/review). */
#ifndef RESOLVE_TOLD_H
#define RESOLVE_TOLD_H

#include "codes.h"
#include "decided.h"

struct told {
	const struct reading *reading;
	const struct people *people;
	const struct crowd *crowd;
	const struct renewals *renewals;
	struct links *links;
	const struct customers *customers;
	const struct decided *decided;
	const struct codes *codes;
	enum lang lang;
};

/* SHARED_ID and the codes of the guards, one line for each record concerned. */
void told_rejects(const struct told *t, struct rowset *rejects);
/* What a person should decide, and decisions that could not be carried out. */
void told_review(const struct told *t, struct rowset *review);
/* Every code that the guards tell is one of rules/codes.csv. */
bool told_codes_known(const struct matching *m, const struct codes *codes, struct fault *f);
/* Where a record is after renewals and decisions; NOBODY where it is nobody's. */
uint32_t told_target(const struct told *t, uint32_t record);

#endif
