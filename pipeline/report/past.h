/*
 * The quality of the runs before this one, as the state keeps it: everything for all and by
 * source for many runs, dealers, fields and codes for as many as alerts look back at. Of the
 * finer scopes (an item of a dealer, a consultant) there are too many to keep them for nobody:
 * those metrics that an alert compares, for as many runs.
 */
#ifndef YICE_REPORT_PAST_H
#define YICE_REPORT_PAST_H

#include "map.h"
#include "metrics.h"
#include "run.h"
#include "tally.h"

enum { PAST_RUNS = 60, PAST_RUNS_OF_PARTS = 12 };

struct quality_line { /* a line of quality.csv, understood */
	enum metric metric;
	enum scope_kind kind;
	struct str scope;
	struct count count;
};

/* False for a line of another version's metric. */
bool quality_line(const struct rowset *quality, size_t i, struct quality_line *line);

struct past_moment {
	uint64_t number;
	struct str date;
};

struct past_value { /* a value of then */
	uint64_t run;
	struct count count;
};

struct past_runs {
	struct past_moment runs[PAST_RUNS]; /* the oldest first */
	size_t n_runs;
	/* private */
	struct map lines;
	struct past_value *values;
	size_t *older; /* the value before, by value; SIZE_MAX: none */
	size_t n, cap;
	const struct rowset *kept;
	uint64_t now; /* the number of this run */
};

struct past_asked { /* of the finer scopes: what is to be kept */
	bool of[METRICS][SCOPE_KINDS];
};

bool past_load(struct past_runs *h, struct run *r, struct fault *f);
/* The values of that line in the last runs, the newest first; returns how many. */
size_t past_of(const struct past_runs *h, const struct quality_line *line, struct past_value *list,
		  size_t most);
/* Its value in the run just before this one; false: it had none. */
bool past_last(const struct past_runs *h, const struct quality_line *line, struct count *count);
/* What the state shall remember: the runs before and this one. */
bool past_keep(const struct past_runs *h, const struct rowset *quality, const struct past_asked *asked,
	       struct run *r, struct fault *f);
void past_release(struct past_runs *h);

#endif
