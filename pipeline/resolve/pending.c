/*
 * Records without anybody's ID number, among themselves. Under one and the same name strong
 * evidence is transitive, so whole cells are joined at once. Other names join only where one
 * single pending customer fits.
 */
#include "links.h"

#include <stdlib.h>

static bool is_open(const struct links *l, uint32_t loose)
{
	return l->of[loose].target == NOBODY && !(l->apart && l->apart[loose]);
}

/* The smaller number stands for both, so that the result does not depend on who came first. */
static bool join(struct links *l, uint32_t a, uint32_t b)
{
	uint32_t one = links_root(l, a), other = links_root(l, b);

	if (one == other)
		return false;
	if (one < other)
		l->parent[other] = one;
	else
		l->parent[one] = other;
	return true;
}

/* Whoever stands for another has the smaller number, so one pass from below is enough. */
static void flatten(struct links *l)
{
	for (uint32_t i = 0; i < l->web->p->n_loose; i++)
		l->parent[i] = l->parent[l->parent[i]];
}

/* Rows of one sender under one number of its own are versions of one row: they stay together
 * even where nobody can say which of two customers they are. */
static bool may_join(const struct links *l, uint32_t loose, const struct evidence *e)
{
	return is_open(l, loose) &&
	       (l->doubt[loose] != DOUBT_SEVERAL || e->fields == 1u << MATCH_SOURCE_KEY);
}

static void join_cell(struct links *l, size_t cell, const struct evidence *e)
{
	uint32_t first = NOBODY;

	for (uint32_t i = 0; i < web_size(l->web, cell); i++) {
		uint32_t who = l->web->members[l->web->cells[cell].from + i];

		if (!(who & LOOSE) || !may_join(l, who & ~LOOSE, e))
			continue;
		if (first == NOBODY)
			first = who & ~LOOSE;
		else
			join(l, first, who & ~LOOSE);
	}
}

/* Who never left a name and always calls from one phone is one unknown caller. */
static double needed(const struct matching *m, enum name_grade own)
{
	return own == NAME_ABSENT ? m->review : m->link;
}

/* ... unless two others share that phone. */
static bool is_one_person(const struct web *w, const struct block *b, size_t cell)
{
	size_t others = 0;

	if (web_grade(w, b, cell, cell) == NAME_EXACT)
		return true;
	for (size_t c = 0; c < b->n_cells; c++)
		others += c != cell && web_grade(w, b, cell, c) != NAME_UNLIKE;
	return others <= 1;
}

static void join_cells(struct links *l)
{
	const struct web *w = l->web;
	const struct matching *m = w->p->reading->matching;

	for (size_t i = 0; i < w->n_blocks; i++) {
		const struct block *b = &w->blocks[i];
		const struct evidence *e = &m->evidence[b->evidence];

		for (size_t c = 0; c < b->n_cells && !e->unless; c++)
			if (e->score[web_grade(w, b, c, c)] >= needed(m, web_grade(w, b, c, c)) &&
			    is_one_person(w, b, c))
				join_cell(l, b->first_cell + c, e);
	}
}

/* ---- weak evidence summed up, and other names ---- */

enum { UNDECIDED = NOBODY - 1 };

struct pairing {
	uint32_t one, other; /* loose records */
};

struct proposals { /* of one round, carried out when it is over */
	struct pairing *same; /* under the same name */
	size_t n_same, cap_same;
	uint32_t *other; /* by root, under another name: NOBODY, a loose record, UNDECIDED */
};

static void propose(uint32_t *slot, uint32_t loose)
{
	if (*slot == NOBODY)
		*slot = loose;
	else if (*slot != loose)
		*slot = UNDECIDED;
}

/* Under the same name all that are sure enough are the same; of those under other names
 * there may be only one. */
static void consider(struct links *l, uint32_t loose, struct proposals *p)
{
	const struct matching *m = l->web->p->reading->matching;
	struct candidates c;

	links_weigh(l, loose, TARGETS_PENDING, &c);
	if (c.crowded)
		return;
	for (size_t i = 0; i < c.n && c.list[i].score >= m->link; i++) {
		uint32_t other = c.list[i].target & ~LOOSE;

		if (c.list[i].exact) {
			GROW(p->same, p->n_same, p->cap_same);
			p->same[p->n_same++] = (struct pairing){ loose, other };
		} else if (!c.list[0].exact) {
			propose(&p->other[links_root(l, loose)], other);
		}
	}
}

static bool carry_out(struct links *l, const struct proposals *p)
{
	bool changed = false;

	for (size_t i = 0; i < p->n_same; i++)
		changed |= join(l, p->same[i].one, p->same[i].other);
	for (uint32_t i = 0; i < l->web->p->n_loose; i++)
		if (p->other[i] < UNDECIDED)
			changed |= join(l, i, p->other[i]);
	flatten(l);
	return changed;
}

static void join_others(struct links *l)
{
	size_t n = l->web->p->n_loose;
	struct proposals p = { .other = xreallocarray(NULL, n + 1, sizeof(*p.other)) };

	do {
		memset(p.other, 0xFF, n * sizeof(*p.other));
		p.n_same = 0;
		for (uint32_t i = 0; i < n; i++)
			if (is_open(l, i) && l->doubt[i] != DOUBT_SEVERAL)
				consider(l, i, &p);
	} while (carry_out(l, &p));
	free(p.same);
	free(p.other);
}

/* ---- the result ---- */

static bool is_company(const struct people *p, uint32_t loose)
{
	struct arena a = { 0 };
	struct record rec;
	struct name_form form;

	reading_record(p->reading, p->loose[loose], &rec, &a);
	reading_name(p->reading, p->loose[loose], &rec, &form, &a);
	arena_release(&a);
	return form.core.n > 0;
}

/* A thousand records of one person whom no ID number confirms are not one person's; a
 * company may well have a thousand cars. */
static void take_apart_exploded(struct links *l)
{
	const struct people *p = l->web->p;
	uint32_t n = p->n_loose;
	uint32_t *roots = xreallocarray(NULL, (size_t)n + 1, sizeof(*roots));
	uint32_t *size = xcalloc((size_t)n + 1, sizeof(*size));

	for (uint32_t i = 0; i < n; i++) {
		roots[i] = links_root(l, i);
		size[roots[i]] += l->of[i].target == NOBODY &&
				  p->reading->role[p->loose[i]] == ROLE_CUSTOMER;
	}
	for (uint32_t i = 0; i < n; i++) {
		if (roots[i] != i || size[i] <= p->reading->matching->max_records || is_company(p, i))
			continue;
		GROW(l->exploded, l->n_exploded, l->cap_exploded);
		l->exploded[l->n_exploded++] = i;
	}
	for (uint32_t i = 0; i < n && l->n_exploded; i++)
		for (size_t k = 0; k < l->n_exploded; k++)
			if (roots[i] == l->exploded[k])
				l->parent[i] = i;
	free(roots);
	free(size);
}

/* Those whom a person keeps apart from others are one with themselves. */
static void join_apart(struct links *l)
{
	uint32_t n = l->web->p->n_loose;
	uint32_t *first = xreallocarray(NULL, (size_t)n + 1, sizeof(*first)); /* of each group */

	memset(first, 0xFF, ((size_t)n + 1) * sizeof(*first));
	for (uint32_t i = 0; i < n && l->apart; i++) {
		if (!l->apart[i] || l->of[i].target != NOBODY)
			continue;
		if (first[l->apart[i]] == NOBODY)
			first[l->apart[i]] = i;
		else
			join(l, first[l->apart[i]], i);
	}
	free(first);
}

void links_join_pending(struct links *l)
{
	uint32_t n = l->web->p->n_loose;
	uint32_t *size = xcalloc((size_t)n + 1, sizeof(*size));

	join_cells(l);
	flatten(l);
	join_others(l);
	take_apart_exploded(l);
	join_apart(l);
	for (uint32_t i = 0; i < n; i++)
		size[links_root(l, i)] += l->of[i].target == NOBODY;
	for (uint32_t i = 0; i < n; i++)
		if (l->of[i].target == NOBODY && size[links_root(l, i)] > 1)
			links_explain(l, i, &l->of[i]);
	for (uint32_t i = 0; i < n; i++)
		if (l->of[i].target == NOBODY)
			l->of[i].target = LOOSE | links_root(l, i);
	free(size);
}
