/*
 * A judged case as lines of the master: its row, its lineage, what its senders are told and
 * what a person should decide. One worker fills one piece; pieces are gathered in order.
 */
#ifndef YICE_MERGE_GOLDEN_ROW_H
#define YICE_MERGE_GOLDEN_ROW_H

#include "ownership.h"

enum column_kind {
	COLUMN_ATTRIBUTE, COLUMN_KEY, COLUMN_FIRST_SEEN, COLUMN_LAST_SEEN, COLUMN_SOURCES,
	COLUMN_RECORD_COUNT
};

struct golden_table { /* how a table of the master is filled */
	const struct table_def *def;
	struct str entity; /* as lineage calls it */
	size_t width;
	enum column_kind kind[TABLE_MAX_COLUMNS];
	enum field field[TABLE_MAX_COLUMNS]; /* of an attribute */
	struct str name[TABLE_MAX_COLUMNS];
};

void golden_table_init(struct golden_table *t, const struct table_def *def, struct str entity);

struct why { /* of one golden value, for the history */
	enum golden_rule rule;
	uint32_t place;
};

struct rows { /* rows of one table, and why each of their values is true; as wide as it is */
	struct str *values;
	struct why *why;
	size_t n, cap; /* values */
};

/* Adds the judged case as a row under `key`; its values live in the records or in `a`. Its
 * lineage goes to `lineage` unless NULL. */
void golden_row_add(const struct merge *m, const struct golden_table *t, const struct golden_case *c,
		    struct str key, struct rows *to, struct buf *lineage, struct arena *a);
void rows_release(struct rows *rows);

struct telling { /* who is told what of a judged case */
	const struct merge *m;
	const struct golden_case *c;
	struct str customer; /* for the reviews; the VIN of a car that nobody owns */
	struct str vin; /* of a vehicle */
	const struct ownership *ownership; /* of a vehicle */
	struct rowset *rejects, *review;
	struct arena *arena;
};

/* Tells the senders of values that conflict or are held, and makes the reviews. */
void tell_case(const struct telling *t);

#endif
