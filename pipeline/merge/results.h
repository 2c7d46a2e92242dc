/* Everything that the stage writes, as it grows. */
#ifndef YICE_MERGE_RESULTS_H
#define YICE_MERGE_RESULTS_H

#include "history.h"
#include "outfile.h"
#include "pass.h"

struct results {
	struct golden_table customer_table, pending_table, vehicle_table;
	struct rowset customer, pending, vehicle, ownership, relation, review, rejects;
	struct rowset unanswerable; /* reviews that nobody can accept */
	struct rowset relatives; /* of table_ownership: whose relative has which car */
	struct history customer_history, pending_history, vehicle_history;
	struct outfile *lineage; /* NULL: it is left out */
	bool *is_pending; /* by customer, while people are merged */
};

/* A piece's lines that go where they are, whatever the pass. */
void results_take(struct results *to, const struct piece *piece);
/* Its golden records into a table and its history. */
void results_take_rows(const struct golden_table *t, const struct rows *rows, struct rowset *to,
		       struct history *history);

/* Row of a master under that key, or -1: they are in the order of their keys. */
ptrdiff_t master_row(const struct rowset *rs, struct str key);
/* decision_reviews.c: decisions about values that cannot be carried out. */
void decisions_review(struct merge *m, struct results *to);
/* correction_reviews.c: corrections that only headquarters may decide, as reviews; those that
 * were decided, or that the master agrees with by now, are none. After both passes. */
bool corrections_review(struct merge *m, struct results *to, struct fault *f);

#endif
