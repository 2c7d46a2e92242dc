/*
 * superseded.csv: where keys of customers went. Renewed documents and people's merges follow
 * from the data. That a pending customer had a key can only be known from the run before, so
 * the state keeps one record of each, and of each key that went on for as long as it is told:
 * where that record is today, there the key went. A line says when and why that key ceased to be,
 * night after night; only where it went may change. A key that is alive again (a decision was taken
 * back) is no longer told.
 */
#ifndef RESOLVE_SUPERSEDED_H
#define RESOLVE_SUPERSEDED_H

#include "told.h"

extern const struct table_def table_pending_keys; /* kept in the state only */

/* `former` is table_pending_keys, `told_before` the superseded table of the run before. */
void superseded_find(const struct told *t, const struct rowset *former,
		     const struct rowset *told_before, struct str today, struct rowset *out);
/* One record of each pending customer and of each superseded one, for the run to come. */
void superseded_remember(const struct told *t, const struct rowset *former,
			 const struct rowset *superseded, struct rowset *next);

#endif
