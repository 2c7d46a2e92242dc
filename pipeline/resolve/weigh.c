/* What speaks for whom, and how sure that makes us. */
#include "links.h"

#include <stdlib.h>

enum { MAX_SCANNED = 512 /* members of a cell: identities come first, and the rest agree */ };

/* What speaks for one candidate, kind by kind. */
struct tally {
	uint32_t target;
	double score[MATCHING_MAX_EVIDENCE];
	uint8_t grade[MATCHING_MAX_EVIDENCE];
};

struct scales {
	const struct matching *m;
	enum targets kind;
	struct tally list[MAX_CANDIDATES];
	size_t n;
	bool crowded;
	bool incomplete; /* a holder's incomplete name spoke */
};

/* Who a member of a cell is by now, as far as that kind of target goes. */
static uint32_t target_of(const struct links *l, uint32_t who, enum targets kind)
{
	uint32_t loose = who & ~LOOSE;

	if (kind == TARGETS_IDENTITIES && !(who & LOOSE))
		return people_identity(l->web->p, who);
	if (kind == TARGETS_IDENTITIES)
		return l->of[loose].target & LOOSE ? NOBODY : l->of[loose].target;
	if (!(who & LOOSE) || l->of[loose].target != NOBODY || l->doubt[loose] == DOUBT_SEVERAL ||
	    (l->apart && l->apart[loose]))
		return NOBODY;
	return LOOSE | links_root(l, loose);
}

/* For one without a whole name everybody who has one is somebody else it may be, known by an
 * ID number or not. */
static uint32_t rival_of(const struct links *l, uint32_t who, enum targets kind)
{
	uint32_t target = target_of(l, who, kind);

	if (target == NOBODY && kind == TARGETS_IDENTITIES && (who & LOOSE))
		return LOOSE | links_root(l, who & ~LOOSE);
	return target;
}

/* Bars are few and looked up for everybody with whom a record has something in common. */
static bool is_barred(const struct links *l, uint32_t loose, uint32_t target)
{
	size_t low = 0, high = l->n_bars;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (l->bars[middle].loose < loose)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < l->n_bars && l->bars[low].loose == loose; low++)
		if (people_identity(l->web->p, l->bars[low].identity) == target)
			return true;
	return false;
}

static int32_t birth_of(const struct people *p, uint32_t record)
{
	struct arena a = { 0 };
	struct record rec;
	int32_t day = INT32_MIN;

	if ((p->flags[record] & RECORD_HAS_BIRTH) &&
	    !(p->flags[record] & (RECORD_SHARED_ID | RECORD_SPLIT))) {
		reading_record(p->reading, record, &rec, &a);
		day = record_birth_date(&rec);
	}
	arena_release(&a);
	return day;
}

/* Known on both sides, and different. */
static bool births_differ(const struct links *l, uint32_t loose, uint32_t target)
{
	const struct people *p = l->web->p;
	int32_t one = birth_of(p, p->loose[loose]), other;

	if (one == INT32_MIN)
		return false;
	other = birth_of(p, target & LOOSE ? p->loose[target & ~LOOSE] : p->first[target]);
	return other != INT32_MIN && other != one;
}

static struct tally *tally_of(struct scales *s, uint32_t target)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->list[i].target == target)
			return &s->list[i];
	if (s->n == MAX_CANDIDATES) {
		s->crowded = true;
		return NULL;
	}
	s->list[s->n] = (struct tally){ .target = target };
	return &s->list[s->n++];
}

static void put_on(struct scales *s, uint32_t target, size_t evidence, enum name_grade grade)
{
	double score = s->m->evidence[evidence].score[grade];
	struct tally *t = tally_of(s, target);

	if (!t || t->score[evidence] > score ||
	    (t->score[evidence] == score && t->grade[evidence] >= grade))
		return;
	t->score[evidence] = score;
	t->grade[evidence] = (uint8_t)grade;
}

/* A cell as it is seen from a record's own cell in the same block. */
struct view {
	size_t cell;
	size_t evidence;
	enum name_grade grade; /* how the names of the two compare */
	bool rivals; /* the record has no whole name, the cell has */
	bool holders_only; /* the cell has no whole name, the record has */
};

/* A record without a whole name looks for somebody with one. The other way round only the ID
 * number beside an incomplete name says anything: who left none may be anybody. */
static struct view view_of(const struct web *w, const struct block *b, size_t i, size_t j)
{
	bool whole = web_grade(w, b, i, i) == NAME_EXACT;
	bool other_whole = web_grade(w, b, j, j) == NAME_EXACT;

	return (struct view){
		.cell = b->first_cell + j,
		.evidence = b->evidence,
		.grade = web_grade(w, b, i, j),
		.rivals = !whole && other_whole,
		.holders_only = whole && !other_whole,
	};
}

static uint32_t seen_target(const struct links *l, const struct view *v, uint32_t who,
			    enum targets kind)
{
	if (v->holders_only && (who & LOOSE))
		return NOBODY;
	return v->rivals ? rival_of(l, who, kind) : target_of(l, who, kind);
}

static void weigh_cell(const struct links *l, uint32_t loose, const struct view *v,
		       struct scales *s)
{
	const uint32_t *members = l->web->members + l->web->cells[v->cell].from;
	const struct evidence *e = &s->m->evidence[v->evidence];
	uint32_t n = web_size(l->web, v->cell), own = LOOSE | links_root(l, loose), last = NOBODY;

	for (uint32_t i = 0; i < n && i < MAX_SCANNED; i++) {
		uint32_t target = seen_target(l, v, members[i], s->kind);

		if (target == NOBODY || target == own || target == last ||
		    (l->n_bars && is_barred(l, loose, target)) ||
		    (e->unless && births_differ(l, loose, target)))
			continue;
		put_on(s, target, v->evidence, v->grade);
		s->incomplete |= v->holders_only;
		last = target;
	}
}

/* Whoever stands in the same block under quite another whole name is not the one: what an
 * incomplete name said for him is taken back. */
static void strike_cell(const struct links *l, size_t cell, struct scales *s)
{
	const uint32_t *members = l->web->members + l->web->cells[cell].from;

	for (uint32_t i = 0; i < web_size(l->web, cell) && i < MAX_SCANNED; i++) {
		uint32_t target = target_of(l, members[i], s->kind);

		for (size_t t = 0; t < s->n; t++)
			for (size_t e = 0; e < s->m->n_evidence && s->list[t].target == target; e++)
				if (s->list[t].grade[e] <= NAME_SURNAME)
					s->list[t].score[e] = 0;
	}
}

static void each_view(const struct links *l, uint32_t loose, struct scales *s, bool strike)
{
	const struct web *w = l->web;

	for (uint32_t k = w->start[loose]; k < w->start[loose + 1]; k++) {
		const struct block *b = &w->blocks[w->cells[w->cells_of[k]].block];
		size_t i = w->cells_of[k] - b->first_cell;

		for (size_t j = 0; j < b->n_cells; j++) {
			struct view v = view_of(w, b, i, j);

			if (strike && v.grade == NAME_UNLIKE)
				strike_cell(l, v.cell, s);
			else if (!strike && s->m->evidence[v.evidence].score[v.grade] > 0)
				weigh_cell(l, loose, &v, s);
		}
	}
}

/* The fields themselves and those that speak of the same thing. */
static unsigned witnesses_of(const struct matching *m, unsigned fields)
{
	for (size_t i = 0; i < m->n_witness; i++)
		if (fields & m->witness[i])
			fields |= m->witness[i];
	return fields;
}

/* The surest evidence first; one whose fields have all spoken already adds nothing. The
 * others are independent witnesses: what they leave in doubt multiplies. */
static void sum_up(const struct matching *m, const struct tally *t, struct candidate *c)
{
	unsigned spoken = 0, used = 0;
	double doubt = 1;
	size_t reasons = 0;

	*c = (struct candidate){ .target = t->target };
	memset(c->evidence, NO_EVIDENCE, sizeof(c->evidence));
	for (;;) {
		size_t best = m->n_evidence;

		for (size_t e = 0; e < m->n_evidence; e++)
			if (!(used >> e & 1) && t->score[e] > 0 &&
			    (best == m->n_evidence || t->score[e] > t->score[best]))
				best = e;
		if (best == m->n_evidence)
			break;
		used |= 1u << best;
		if (!(m->evidence[best].fields & ~spoken))
			continue;
		spoken |= witnesses_of(m, m->evidence[best].fields);
		doubt *= 1 - t->score[best];
		c->exact |= t->grade[best] == NAME_EXACT;
		if (reasons < LINK_REASONS) {
			c->evidence[reasons] = (uint8_t)best;
			c->grade[reasons++] = t->grade[best];
		}
	}
	c->score = reasons == 1 ? t->score[c->evidence[0]] : 1 - doubt;
}

static int surest_first(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;

	if (x->exact != y->exact)
		return x->exact ? -1 : 1;
	if (x->score != y->score)
		return x->score > y->score ? -1 : 1;
	return (x->target > y->target) - (x->target < y->target);
}

void links_weigh(const struct links *l, uint32_t loose, enum targets kind, struct candidates *c)
{
	struct scales s;

	s.m = l->web->p->reading->matching;
	s.kind = kind;
	s.n = 0;
	s.crowded = s.incomplete = false;
	each_view(l, loose, &s, false);
	if (s.incomplete)
		each_view(l, loose, &s, true);
	c->n = s.n;
	c->crowded = s.crowded;
	for (size_t i = 0; i < s.n; i++)
		sum_up(s.m, &s.list[i], &c->list[i]);
	if (c->n)
		qsort(c->list, c->n, sizeof(*c->list), surest_first);
}

static bool has_companion(const struct links *l, uint32_t loose, size_t cell)
{
	uint32_t root = links_root(l, loose);

	for (uint32_t i = 0; i < web_size(l->web, cell); i++) {
		uint32_t who = l->web->members[l->web->cells[cell].from + i];

		if ((who & LOOSE) && (who & ~LOOSE) != loose &&
		    l->of[who & ~LOOSE].target == NOBODY && links_root(l, who & ~LOOSE) == root)
			return true;
	}
	return false;
}

void link_keep_reasons(struct link *link, const struct candidate *c)
{
	link->score = (float)c->score;
	memcpy(link->evidence, c->evidence, sizeof(link->evidence));
	memcpy(link->grade, c->grade, sizeof(link->grade));
}

void links_explain(const struct links *l, uint32_t loose, struct link *link)
{
	const struct web *w = l->web;
	struct scales s;
	struct candidate c;

	s.m = w->p->reading->matching;
	s.n = 0;
	for (uint32_t k = w->start[loose]; k < w->start[loose + 1]; k++) {
		const struct block *b = &w->blocks[w->cells[w->cells_of[k]].block];
		size_t i = w->cells_of[k] - b->first_cell;

		for (size_t j = 0; j < b->n_cells; j++) {
			enum name_grade grade = web_grade(w, b, i, j);

			if (s.m->evidence[b->evidence].score[grade] > 0 &&
			    has_companion(l, loose, b->first_cell + j))
				put_on(&s, LOOSE, b->evidence, grade);
		}
	}
	if (s.n) {
		sum_up(s.m, &s.list[0], &c);
		link_keep_reasons(link, &c);
	}
}

