/*
 * The web of evidence: which loose records have what in common with whom. A block is one
 * value of one kind of evidence; its cells are the different names under it; the members of a
 * cell are loose records and identities. Only blocks with a loose record are kept, so the web
 * is as large as what is open, not as what is known.
 */
#ifndef RESOLVE_WEB_H
#define RESOLVE_WEB_H

#include "crowd.h"
#include "likeness.h"

struct cell {
	uint32_t block;
	uint32_t from, n; /* its members */
};

struct block {
	uint32_t first_cell;
	uint16_t n_cells;
	uint16_t evidence; /* of the matching rules */
	uint32_t grades; /* n_cells x n_cells of enum name_grade */
};

struct web {
	const struct people *p;
	struct block *blocks;
	size_t n_blocks;
	struct cell *cells;
	size_t n_cells;
	uint32_t *members; /* identity, or LOOSE | number */
	size_t n_members;
	uint8_t *grades;
	size_t n_grades;
	uint32_t *start; /* of each loose record in cells_of; n_loose + 1 */
	uint32_t *cells_of;
	int32_t *birth; /* of each loose record: day number, INT32_MIN: unknown */
};

void web_open(struct web *w, const struct people *p, const struct crowd *crowd,
	      const struct likeness *likeness);
void web_close(struct web *w);

static inline enum name_grade web_grade(const struct web *w, const struct block *b, size_t i, size_t j)
{
	return (enum name_grade)w->grades[b->grades + i * b->n_cells + j];
}

#endif
