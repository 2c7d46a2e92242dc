/*
 * The web of evidence: which loose records have what in common with whom. A block is one
 * value of one kind of evidence; its cells are the different names under it; the members of a
 * cell are loose records and identities. Only blocks with a loose record are kept, so the web
 * is as large as what is open, not as what is known.
 */
#ifndef RESOLVE_WEB_H
#define RESOLVE_WEB_H

#include "likeness.h"

struct cell {
	uint32_t block;
	uint32_t from; /* its members; they end where those of the next cell begin */
};

struct block {
	uint32_t first_cell;
	uint32_t grades; /* n_cells x n_cells of enum name_grade */
	uint8_t n_cells;
	uint8_t evidence; /* of the matching rules */
};

struct web_part { /* woven by one worker; zeroed by whoever has it */
	struct block *blocks;
	size_t n_blocks, cap_blocks;
	struct cell *cells;
	size_t n_cells, cap_cells;
	uint32_t *members;
	size_t n_members, cap_members;
	uint8_t *grades;
	size_t n_grades, cap_grades;
	struct member *list; /* scratch */
	size_t cap_list;
};

struct web {
	const struct people *p;
	struct block *blocks;
	size_t n_blocks, cap_blocks;
	struct cell *cells; /* one more than there are */
	size_t n_cells, cap_cells;
	uint32_t *members; /* identities, then LOOSE | number, each in rising order */
	size_t n_members, cap_members;
	uint8_t *grades;
	size_t n_grades, cap_grades;
	uint32_t *start; /* of each loose record in cells_of; n_loose + 1 */
	uint32_t *cells_of;
};

/* Makes a block of the records of a group, unless it can tell nothing. */
void web_weave(struct web_part *to, const struct people *p, size_t evidence,
	       const struct pair *group, size_t n, struct arena *a);
/* Takes over what a part wove; parts come in their order. */
void web_join(struct web *w, struct web_part *part);
/* When all is woven. */
void web_index(struct web *w, const struct people *p);
void web_close(struct web *w);

static inline enum name_grade web_grade(const struct web *w, const struct block *b, size_t i, size_t j)
{
	return (enum name_grade)w->grades[b->grades + i * b->n_cells + j];
}

static inline uint32_t web_size(const struct web *w, size_t cell)
{
	return w->cells[cell + 1].from - w->cells[cell].from;
}

#endif
