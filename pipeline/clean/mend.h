/* Private to the corrections: the rows of correction files and the faults they answer. */
#ifndef YICE_MEND_H
#define YICE_MEND_H

#include "correction.h"
#include "received.h"

enum mend_status {
	MEND_OPEN, /* not decided yet */
	MEND_APPLIED,
	MEND_CONFIRMED,
	MEND_REVIEW,
	MEND_STILL_WRONG,
	MEND_UNKNOWN,
	MEND_FOREIGN,
	MEND_EMPTY,
};

struct mend { /* one row of a correction file */
	struct str row[CRW_COLUMNS];
	struct str base[REJ_COLUMNS]; /* the reject that it answers */
	const struct code *code; /* its code; NULL: no such reject */
	enum field field; /* F_COUNT: of the row as a whole */
	struct str value; /* without a spreadsheet's dressing */
	enum mend_status status;
	bool for_review; /* right or not, only headquarters decides */
	bool as_it_is; /* 确认无误, where headquarters may say so */
	struct str decision; /* of a person there who accepted it; "" without one */
	struct str reason;
	size_t next; /* index + 1 of the next row with the same reject_id */
	size_t added; /* where applied, index + 1 of its record among those added; 0: none */
	size_t next_applied; /* index + 1 of the next row applied to the same record */
};

extern const struct str mend_accepted; /* what the reason of an accepted row begins with */

struct mends {
	struct corrections *c;
	struct mend *list; /* those of this run, then those of earlier ones that are judged again */
	size_t n, n_new;
	bool all_anew; /* so that what was judged before counts for nothing */
	struct rowset told; /* what is wrong with corrections, as table_rejects_clean */
	struct map accepted; /* record id of a row, US, field -> line of c->decisions + 1; 0: refused */
	struct map wanted; /* reject_id -> index of the first row that names it */
	struct contexts files; /* all files that the run speaks of */
	const struct records *all; /* all cleaned records, once they were asked for */
	struct records added; /* records of corrections that apply */
	struct map earlier_of; /* base record -> index + 1 of the first correction of earlier runs */
	size_t *next_earlier; /* index + 1 of the next one of the same record; 0: none */
	struct map line_of; /* record id of a correction of an earlier run -> line of c->earlier */
	struct map applied_of; /* base record -> index + 1 of the first row applied in this run */
	struct arena arena;
};

/* mend_match.c: reads the rows and finds the reject that each answers. */
bool mends_load(struct mends *m, struct corrections *c, struct fault *f);
void mends_release(struct mends *m);
/* The record as it stands cleaned: of this run, else of all earlier ones. *found is false
 * where it was rejected or is no record any more. */
bool mends_record(struct mends *m, struct str record_id, struct record *rec, bool *found,
		  struct fault *f);

/* The records of corrections that were applied to it, those of earlier runs first, in the
 * order in which they came; *cursor starts zeroed. */
struct mends_cursor {
	bool started, of_this_run;
	size_t at;
};
bool mends_earlier(struct mends *m, struct str base_record_id, struct mends_cursor *cursor,
		   struct record *rec);
/* Do rows answer a fault as it was told of a record by that name: one of the faults that only
 * the whole shows, or a line of the rejects? */
void mends_match_whole(struct mends *m, const struct record *rec, struct str name);
void mends_match_as(struct mends *m, const struct str reject[REJ_COLUMNS], struct str name);
/* mend_names.c: do rows that answer nothing so far answer what was told of a record while it
 * had another name? `rejects`: those of earlier runs. */
bool mends_match_names(struct mends *m, const struct rowset *rejects, struct fault *f);
/* Row i applies: later files of this run find its record. */
void mends_applied(struct mends *m, size_t i, const struct record *rec);
/* Do rows without a reject answer what was told of corrections since: lines of m->told from
 * `told` on, and faults of the whole in the records added from `added` on? */
void mends_match_told(struct mends *m, size_t told, size_t added);
/* mend_anew.c: do all rows of earlier runs have to be judged again? m->accepted is there. */
bool mends_are_anew(const struct mends *m, const struct received *received);
void mends_index_decisions(struct mends *m);
/* The decision that accepts what only headquarters may decide of that row; "" without one. */
struct str mends_decision(const struct mends *m, struct str record_id, struct str field);
/* mend_judge.c: decides the rows of one file, which are put into another order, and adds the
 * records and the faults of those that hold. */
bool mends_judge_file(struct mends *m, struct mend **rows, size_t n, struct fault *f);
/* The line of c->earlier on row i; -1: none. */
ptrdiff_t mends_before(const struct mends *m, size_t i);

#endif
