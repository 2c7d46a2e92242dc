/*
 * What a store holds of a run: which tables, from which of the run's, and what tells their
 * rows apart.
 */
#ifndef YICE_PUBLISHED_H
#define YICE_PUBLISHED_H

#include "run.h"

struct published {
	const char *table; /* in the store */
	const struct table_def *def; /* in the run */
	const char *const *columns; /* in the store, NULL-terminated; those of `def` mostly */
	int key; /* so many leading columns, never empty, find a row */
	int narrow; /* so many behind them, which may be empty, tell rows of one key apart */
	bool unique; /* and only one: a row of the same key is changed, not replaced */
	bool kept; /* a lasting store keeps what was valid before, in TABLE_past */
	bool grows; /* a lasting store keeps the rows of other days: column "on" is the day */
	bool adds; /* tells of one run alone: those of further runs of its day stand beside it */
	const char *sum; /* a column whose sum is checked, or NULL */
};

extern const struct published published[];
extern const size_t n_published;

size_t published_width(const struct published *p);

/* Every row of one of the tables, in order: as many values as it has columns. A stage run by
 * hand reads them from its files. */
bool published_each(struct run *r, const struct published *p,
		    bool (*take)(void *context, const struct str *values, struct fault *f), void *context,
		    struct fault *f);

#endif
