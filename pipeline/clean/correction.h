/*
 * Corrections: the reject files that dealers filled in and sent back, matched by reject_id
 * with the faults that they mend.
 *
 * Each row that counts becomes a record of its own (source `correction`, the base record's
 * dealer and key, the day of the correction file) that carries the corrected field and what
 * belongs together with it: the type of document with its number, the parts of an address
 * with each other. Rows of one file that mend one base record are judged together, so each
 * of those records carries the parts as all the rows together leave them. Files are judged in
 * the order of their days, each on the records as those before it left them, so that ten
 * nights at once are ten nights one after the other. Rows of earlier runs are judged again
 * where they had no reject to answer yet, and all of them where a file came late or a
 * person accepted, or accepts no more, what only headquarters may decide: such a row applies
 * with the reason "accepted DECISION_ID", a value that the dealer called right as it is with
 * "accepted as_it_is DECISION_ID".
 */
#ifndef YICE_CORRECTION_H
#define YICE_CORRECTION_H

#include "contexts.h"
#include "run.h"

struct corrections {
	struct run *run;
	const struct cleaner *cleaner;
	const struct codes *codes;
	const struct rowset *rows; /* table_correction_rows: to be judged */
	const struct rowset *earlier_rows; /* those of earlier runs */
	const struct rowset *earlier; /* table_corrections: what became of them */
	const struct rowset *decisions; /* of people; set by corrections_clean */
	struct contexts *contexts; /* of this run's files; the fates of the rows are counted */
	struct records *cleaned; /* of this run, in order; the records of corrections are added */
	struct rowset *rejects; /* of this run; what is wrong with corrections is added */
	struct rowset out; /* table_corrections, made here: of `rows`, and of earlier ones that
			    * are judged otherwise now */
};

/* False with a fault where the tables of the state cannot be read. */
bool corrections_clean(struct corrections *c, struct fault *f);

/* 确认无误, with what people put around it. */
bool value_is_confirmation(struct str value, struct arena *a);

#endif
