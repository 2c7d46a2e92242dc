/*
 * Reading and cleaning again what the state keeps: the master is a function of everything
 * ever received and the rules, so after a change of rules or schemas the cleaned form of
 * earlier rows is made anew from their original bytes.
 */
#ifndef YICE_AGAIN_H
#define YICE_AGAIN_H

#include "cleaner.h"
#include "received.h"
#include "run.h"

/* The kept rows of those files (table_files) as extract would hand them over now. A row that
 * the schemas of today no longer read is a fault: nothing may be lost silently. What extract told
 * to be no row (`rejects`) stays none: of one over the limit only its beginning was kept. */
bool extract_again(struct run *r, struct received *received, const struct rowset *files,
		   const struct rowset *rejects, struct records *records, struct fault *f);
/* A line of table_files that an earlier run wrote: what its rows feed and what is expected of them
 * are put as today's schema says; where there is none any more, as it said last. */
void extract_file_again(const struct schemas *schemas, struct str *v, struct arena *a);
/* One kept row as extract would hand it over now; false without a fault where it is not kept
 * or is no row. The values live in the arena. */
bool extract_row_again(struct run *r, struct received *received, struct str record_id,
		       struct record *rec, struct arena *a, struct fault *f);
/* The line of a kept row as text; false where it is not kept or cannot be decoded. */
bool extract_line_again(struct received *received, struct str record_id, struct str *line,
			struct arena *a);
/* Puts the value as it came, decoded, into lines of a rejects table that were told of cleaned
 * records; where the row is not kept (tables written by hand) the cleaned value stays. */
bool extract_values_again(struct run *r, struct received *received, struct rowset *rejects,
			  struct fault *f);
/* Those records as clean would hand them over now, with a line for each fault. */
bool clean_again(struct run *r, const struct records *extracted, const struct rowset *files,
		 struct records *cleaned, struct rowset *rejects, struct fault *f);
/* One kept row cleaned again, every change told as it is made (cleaner.h). */
struct clean_watch;
bool clean_watch_open(struct clean_watch **w, struct run *r, struct fault *f);
void clean_watch_record(const struct clean_watch *w, struct record *as_it_came,
			void (*changed)(void *who, const struct value_change *change), void *who,
			struct arena *a);
void clean_watch_close(struct clean_watch *w);
/* Rows of correction files (table_correction_rows) of all that the run speaks of, judged anew:
 * the records that they make, what is told of them and what became of each. */
bool clean_corrections_again(struct run *r, const struct rowset *rows, struct records *made,
			     struct rowset *rejects, struct rowset *corrections, struct fault *f);

#endif
