/*
 * Rows without a key of their own that came back mended: which row of X_bad.csv is the newer state
 * of a row of X.csv. Both are one record, so the older one is no observation any more, and what is
 * still wrong is a fault of the newer one. It follows from the rows and what clean told of them
 * alone, so that it does not ask in how many runs or in what order the files came.
 *
 * A faulty row of X is looked for in X_bad, what is left of both in X_bad_bad, and so on. First come
 * pairs whose newer row agrees in every filled cell that was not at fault, and in one at least that
 * tells of a person or a car. Rows of X_bad that are left were returned all the same: they are of a
 * faulty row with which they have such a cell and more in common than not, else of one all of whose
 * telling cells were at fault and the rest agrees, else of a row without a fault of its own that
 * agrees but for what only the whole shows to be wrong (an ID number of many names). Of all such pairs of a file those come first that have most cells in common, then those
 * whose faulty cells are most alike, then the upper rows; each row is of one pair only. A newer row
 * may have got the key that was missing, unless a row of the files before has that key: then it is
 * that one's. A value which more than 4096 rows of X_bad have (the phone of the house for all guests)
 * leads to none of them, since each would be compared with each.
 */
#ifndef YICE_MENDED_ROWS_H
#define YICE_MENDED_ROWS_H

#include "map.h"
#include "record.h"
#include "schema.h"
#include "table.h"

struct mended_from { /* everything received, under the names of now */
	const struct records *records; /* cleaned; also those of corrections, which are passed over */
	const struct rowset *rejects, *files; /* table_rejects_clean in the order of records, table_files */
	const struct schemas *schemas;
	void *context;
	/* What only the received rows know: has the row a key, in which file it was seen last, and the
	 * row as it came (false where it cannot be read). */
	bool (*has_key)(void *context, struct str record_id);
	struct str (*last_file)(void *context, struct str record_id);
	bool (*reread)(void *context, struct str record_id, struct record *rec, struct arena *a);
};

struct mended_rows { /* starts zeroed */
	struct map newer; /* record id -> index of ids */
	struct map keyed; /* that of a row which no table has, but which has a key -> index of ids */
	struct str *ids;
	size_t n, cap;
	struct arena arena;
};

void mended_rows_find(struct mended_rows *m, const struct mended_from *from);
void mended_rows_release(struct mended_rows *m);
/* The newest state of a row that was mended, which is a cleaned record; "" where it was not. */
struct str mended_row(const struct mended_rows *m, struct str record_id);
/* Of a row that no table has and that has a key: the cleaned row which the last of the files sent to
 * mend it has under that key; "" where there is none, or where several rows have it. */
struct str mended_keyed_row(const struct mended_rows *m, struct str record_id);

#endif
