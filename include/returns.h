/*
 * What became of every fault that was ever returned to a dealer (CONTRACT: report/returns.csv),
 * judged anew in each run from all that was received; only the days on which a fault was
 * first sent and closed are remembered from run to run. A fault that was settled before it
 * could be sent (its row was replaced by a newer one of the same run) has no line.
 *
 * A fault belongs to the dealer of its record's dealer_code, where that is empty to the sender of
 * the export; where nobody of that name could send an answer, to `hq` (dealer_folder.h). Repairs
 * (`fix`) are told, never returned. The rest is judged in this order:
 *
 *   confirmed    the dealer's last word on it was 确认无误, and its code or a person at
 *                headquarters allows that
 *   fixed        a correction of its field was applied
 *   fixed        the row is replaced and its newer row has no fault in that field
 *   wrong_again  the row is replaced and its newer row is still faulty in that field, also where
 *                that one is what it was before another came
 *   wrong_again  the dealer's last correction of it is faulty too
 *   open         else; so also when the same row came once more
 *
 * A row is replaced by a row of the same key, sender and schema in a later export (by date, then
 * file name) than any that has it, except where a key has several rows in one export, whichever (a
 * customer's two cars): then only by the one that is most like it, of the newest export that came with
 * one like it; a row without a key by the row of the _bad.csv of its export
 * that agrees with it where nothing was wrong (mended_rows.h). The fault of a replaced row is not sent any more: what is still wrong is a
 * fault of the newer row. An answer also holds for newer rows of that key with
 * the same value in that field; a correction not for rows that are rejected without it (or count
 * by their "no" to marketing alone): their other values come in by a correction of their own. A
 * correction that was applied holds when a later one is faulty: that one is returned by itself,
 * until the dealer's next corrections. The fault of a row that cannot be read ends with the next
 * _bad.csv of its export: fixed, or wrong_again if rows of that cannot be read either; open while
 * the row comes again as it was. What is no longer told is `withdrawn` when its record is gone
 * (from a full export), else `fixed` (a changed rule, a number no longer shared). A correction that
 * named nothing known is `fixed` when what it answers comes, `withdrawn` by the dealer's next ones.
 */
#ifndef YICE_RETURNS_H
#define YICE_RETURNS_H

#include "run.h"

enum return_status {
	RETURN_OPEN,
	RETURN_FIXED,
	RETURN_WRONG_AGAIN,
	RETURN_CONFIRMED,
	RETURN_WITHDRAWN,
	RETURN_STATUSES
};

struct str return_status_name(enum return_status status);

struct returned { /* one fault */
	struct str reject_id, record_id, field, code;
	struct str dealer; /* the folder it is returned to */
	enum return_status status;
	/* first_sent and closed_on are days of runs (closed_on: "" while open or wrong again), last_seen
	 * is the day that the newest export with the row speaks of: the earlier one where that came late,
	 * as a _bad.csv does, which bears the day of the export that it mends. */
	struct str first_sent, last_seen, closed_on;
	int32_t days; /* from first_sent to closed_on, else to the run's date */
	bool listed; /* stands in the dealer's list of this run */
	bool foreign; /* somebody else sent the record: the dealer must not see its values */
	const struct rowset *told; /* the rejects table that tells it now, or NULL */
	size_t line; /* of that table */
	struct str note; /* what became of the dealer's last answer, for the dealer; or "" */
};

struct returns {
	struct returned *list; /* in the order of dealer, first_sent, reject_id */
	size_t n;
	struct rowset answers; /* told by the judge itself: correction files not read */
	struct arena arena;
};

/* Judged at the first request, once in a run; NULL: f tells why. Needs what merge left. The texts
 * point into tables of the run. */
const struct returns *returns_judged(struct run *r, struct fault *f);
/* When nobody asks any more; at the latest when the run ends. */
void judged_forget(struct run *r);

/* rules/returns.csv, followup.csv and analysis.csv are right; for `yice rules check`. */
bool return_rules_check(const char *rules_dir, struct fault *f);
bool followup_rules_check(const char *rules_dir, struct fault *f);
bool analysis_rules_check(const char *rules_dir, struct fault *f);

#endif
