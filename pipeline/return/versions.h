/* Which rows were replaced by a newer row of their key (include/returns.h has the rule). */
#ifndef YICE_RETURN_VERSIONS_H
#define YICE_RETURN_VERSIONS_H

#include "desk.h"

struct version {
	struct str record_id; /* asked: every record once */
	struct str last_seen; /* the judge's: the newest date on which that row came */
	struct str newer; /* answered: the row that replaced it, or "" */
	bool sent_again; /* answered: that one came in a _bad.csv, so its faults were told */
};

/* The answers are kept in `keep`. */
void versions_find(struct desk *d, struct version *list, size_t n, struct arena *keep);
/* Whether no row took that record's place. */
bool version_stands(struct desk *d, struct str record_id);

#endif
