/*
 * Questions in SQL, asked of a run while it goes on: of its tables where they lie in memory,
 * and of the marts and views of schemas/sql/. What the stages before made is there as they
 * made it, within `yice run` and by hand alike; a table that was not made is empty. The
 * published store answers the same questions, from the same SQL, with the same figures.
 *
 *	struct analysis *a = analysis_open(r, f);
 *	struct analysis_rows *rows = a ? analysis_ask(a, "SELECT ...", values, n, f) : NULL;
 *	const struct str *v;
 *
 *	while (rows && analysis_next(rows, &v))
 *		...
 *	ok = rows && analysis_end(rows, f);
 *
 * An analysis belongs to the run: it is made at the first call (so not before the tables that
 * it is to show were put) and ends with the run. What a question has to sort lies in SQLite's
 * temporary folder (SQLITE_TMPDIR, TMPDIR, /var/tmp) without a name, and only as far as it
 * outgrows its part of --memory. One thread at a time asks one analysis; another thread asks
 * one of its own beside it.
 *
 * Today is `term.today`, the business date: no SQL of ours asks the clock.
 */
#ifndef YICE_ANALYSIS_H
#define YICE_ANALYSIS_H

#include "run.h"

struct analysis;
struct analysis_rows;

/* NULL with a fault. A second call gives the same one. */
struct analysis *analysis_open(struct run *r, struct fault *f);
/* Another one of the same tables, for another thread; ends with analysis_close, before it. */
struct analysis *analysis_beside(struct analysis *a, struct fault *f);
/* The same tables without a row or a run, to see whether questions can be asked at all; ends
 * with analysis_close. */
struct analysis *analysis_open_empty(struct fault *f);
/* One whose marts are all made by their SQL, as the stores make them: slowly. For the tests,
 * which hold mart/facts.h to it; ends with analysis_close. */
struct analysis *analysis_open_views(struct run *r, struct fault *f);

/* Tables and views of a room's own beside those of the run: a script of schemas/sql/ declares
 * them, and its tables have the rows of the rowset whose path is their name. Takes the
 * rowsets' contents. */
bool analysis_extend(struct analysis *a, struct str script, struct rowset *rows, size_t n, struct fault *f);

/* One SELECT, with the values of ?1, ?2 ... in order (an empty one is NULL). The fault of a
 * wrong statement has the status EXIT_USAGE: where it is ours, the tests have missed it. */
struct analysis_rows *analysis_ask(struct analysis *a, const char *sql, const struct str *values,
				   size_t n, struct fault *f);
size_t analysis_columns(const struct analysis_rows *rows);
struct str analysis_column(const struct analysis_rows *rows, size_t i);
/* The next row; NULL is "". The values live until the next call. */
bool analysis_next(struct analysis_rows *rows, const struct str **values);
bool analysis_end(struct analysis_rows *rows, struct fault *f); /* frees rows */

/* Several questions on up to `jobs` threads, each with an analysis of its own: ask is called
 * once for piece 0 .. pieces - 1. False with the fault of the first piece that has one. */
bool analysis_each(struct analysis *a, unsigned jobs, size_t pieces,
		   bool (*ask)(void *context, struct analysis *a, size_t piece, struct fault *f), void *context,
		   struct fault *f);

/* By the book of the run, when it is closed, or by who opened another one. NULL is fine. */
void analysis_close(struct analysis *a);

#endif
