/*
 * From the header row of an export to the fields of a record: which cell feeds what. The
 * mapping depends on the header and the schema alone, so rows kept by the state are mapped
 * again in the same way.
 */
#ifndef YICE_HEADER_H
#define YICE_HEADER_H

#include "schema.h"

struct cell_binding { /* the whole of one column is the field */
	enum field field;
	uint32_t column;
};

struct joined_binding { /* several columns have a say */
	enum field field;
	const uint32_t *whole; /* the first that says something counts */
	size_t n_whole;
	const uint32_t *pieces; /* column + 1, in order; 0: not in this file */
	size_t n_pieces;
	struct str between;
	bool keep; /* empty pieces keep their place */
	bool counted; /* 0 and 1 may be its values; else they stand for nothing */
};

struct header {
	const struct schema *schema;
	struct str *names; /* as they came, decoded; one for each column */
	size_t n;
	size_t least; /* columns up to the last that has a name: fewer fields are a fault */
	bool *used; /* by column: the schema knows it, and it counts */
	struct cell_binding *cells;
	size_t n_cells;
	struct joined_binding *joined;
	size_t n_joined;
	struct str field_headers[F_COUNT]; /* what stands over the field's columns */
};

/* How many different columns of the schema these cells name. */
size_t header_score(const struct map *known, const struct str *cells, size_t n);

/*
 * Binds the cells to the fields. Of several columns that one line of the schema means the first
 * that says something counts, in the order of its headers and then of the file, unless they tell of another
 * person or car. False with a sentence where a required column is missing.
 */
bool header_bind(struct header *h, const struct schema *schema, const struct str *cells, size_t n,
		 struct arena *a, struct str *reason);

/* The headers that an export of the schema must have, for a sentence. */
struct str header_wanted(const struct schema *schema, struct arena *a);

/* Joined by ";": the columns with a name that the schema does not know, and those that it knows
 * but that tell of another person or car. */
struct str header_unknown(const struct header *h, struct arena *a);

#endif
