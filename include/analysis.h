/*
 * Questions in SQL, asked of a run while it goes on: its tables in a temporary SQLite
 * database, with the marts and views of schemas/sql/. What the stages before made is there
 * as they made it, within `yice run` and by hand alike; a table that was not made is empty.
 * The published store answers the same questions, from the same SQL, with the same figures.
 *
 *	struct analysis *a = analysis_open(r, ANALYSIS_NARROW, f);
 *	struct analysis_rows *rows = a ? analysis_ask(a, "SELECT ...", values, n, f) : NULL;
 *	const struct str *v;
 *
 *	while (rows && analysis_next(rows, &v))
 *		...
 *	ok = rows && analysis_end(rows, f);
 *
 * The database belongs to the run: it is filled at the first call (so not before the tables
 * it is to hold were put) and ends with the run. It lies in SQLite's temporary folder
 * (SQLITE_TMPDIR, TMPDIR, /var/tmp) without a name, and only as far as it outgrows its part
 * of --memory. One thread at a time.
 *
 * Today is `term.today`, the business date: no SQL of ours asks the clock.
 */
#ifndef YICE_ANALYSIS_H
#define YICE_ANALYSIS_H

#include "run.h"

enum analysis_breadth {
	ANALYSIS_NARROW, /* without free text and what only a register asks for */
	ANALYSIS_WHOLE, /* every column: for questions that an analyst writes */
};

struct analysis;
struct analysis_rows;

/* NULL with a fault. A second call gives the same database. */
struct analysis *analysis_open(struct run *r, enum analysis_breadth breadth, struct fault *f);
/* The same tables without a row or a run, to see whether questions can be asked at all; ends
 * with analysis_close. */
struct analysis *analysis_open_empty(enum analysis_breadth breadth, struct fault *f);

/* Tables of a room's own beside those of the run: a script of schemas/sql/ makes them, and
 * rows are added to the one that is called as the path of their table says. */
bool analysis_extend(struct analysis *a, struct str script, struct fault *f);
bool analysis_add(struct analysis *a, const struct rowset *rs, struct fault *f);

/* One SELECT, with the values of ?1, ?2 ... in order (an empty one is NULL). The fault of a
 * wrong statement has the status EXIT_USAGE: where it is ours, the tests have missed it. */
struct analysis_rows *analysis_ask(struct analysis *a, const char *sql, const struct str *values,
				   size_t n, struct fault *f);
size_t analysis_columns(const struct analysis_rows *rows);
struct str analysis_column(const struct analysis_rows *rows, size_t i);
/* The next row; NULL is "". The values live until the next call. */
bool analysis_next(struct analysis_rows *rows, const struct str **values);
bool analysis_end(struct analysis_rows *rows, struct fault *f); /* frees rows */

/* By the book of the run, when it is closed, or by who opened an empty one. NULL is fine. */
void analysis_close(struct analysis *a);

#endif
