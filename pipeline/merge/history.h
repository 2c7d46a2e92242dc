/*
 * What changed against the last run: the golden records of now, in order, walked along the
 * table that the state remembers, which is the file of the last run itself and is read row
 * by row. Without an earlier run there is nothing to compare with, and no line.
 */
#ifndef YICE_MERGE_HISTORY_H
#define YICE_MERGE_HISTORY_H

#include "golden_row.h"

struct csv_reader;

struct history { /* of one table */
	const struct merge *m;
	const struct golden_table *table;
	struct csv_reader *previous; /* NULL: no earlier run, or all of it read */
	const struct str *row; /* the earlier row that waits */
	int column[TABLE_MAX_COLUMNS]; /* of the earlier file; -1: it had none such */
	const struct map *superseded; /* old key -> line of m->superseded */
	struct rowset lines;
	struct arena arena;
};

bool history_open(struct history *h, const struct merge *m, const struct golden_table *table,
		  const struct map *superseded, struct fault *f);
/* The next golden record, by key. */
void history_row(struct history *h, const struct str *values, const struct why *why);
/* After the last one: tells what is gone. */
bool history_finish(struct history *h, struct fault *f);
void history_release(struct history *h);

#endif
