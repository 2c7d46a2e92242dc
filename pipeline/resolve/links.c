#include "links.h"

#include "pool.h"

#include <stdlib.h>

enum {
	LOOSE_PIECE = 1 << 12,
	MAX_SCANNED = 512, /* members of a cell: identities come first, and the rest agree with them */
};

/* What speaks for one candidate, kind by kind. */
struct tally {
	uint32_t target;
	float score[MATCHING_MAX_EVIDENCE];
	uint8_t grade[MATCHING_MAX_EVIDENCE];
};

struct scales {
	const struct matching *m;
	enum targets kind;
	struct tally list[MAX_CANDIDATES];
	size_t n;
	bool crowded;
};

uint32_t links_root(const struct links *l, uint32_t loose)
{
	while (l->parent[loose] != loose)
		loose = l->parent[loose];
	return loose;
}

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

/* ---- weighing ---- */

static bool is_barred(const struct links *l, uint32_t loose, uint32_t target)
{
	for (size_t i = 0; i < l->n_bars; i++)
		if (l->bars[i].loose == loose && l->bars[i].identity == target)
			return true;
	return false;
}

static int32_t birth_of(const struct people *p, uint32_t record)
{
	struct arena a = { 0 };
	struct record rec;
	int32_t day = INT32_MIN;

	if (p->flags[record] & RECORD_HAS_BIRTH) {
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
	float score = (float)s->m->evidence[evidence].score[grade];
	struct tally *t = tally_of(s, target);

	if (!t || t->score[evidence] > score ||
	    (t->score[evidence] == score && t->grade[evidence] >= grade))
		return;
	t->score[evidence] = score;
	t->grade[evidence] = (uint8_t)grade;
}

static void weigh_cell(const struct links *l, uint32_t loose, size_t cell, size_t evidence,
		       enum name_grade grade, struct scales *s)
{
	const uint32_t *members = l->web->members + l->web->cells[cell].from;
	const struct evidence *e = &s->m->evidence[evidence];
	uint32_t n = web_size(l->web, cell), own = LOOSE | links_root(l, loose), last = NOBODY;

	for (uint32_t i = 0; i < n && i < MAX_SCANNED; i++) {
		uint32_t target = target_of(l, members[i], s->kind);

		if (target == NOBODY || target == own || target == last ||
		    (l->n_bars && is_barred(l, loose, target)) ||
		    (e->unless && births_differ(l, loose, target)))
			continue;
		put_on(s, target, evidence, grade);
		last = target;
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
		doubt *= 1 - (double)t->score[best];
		c->exact |= t->grade[best] == NAME_EXACT;
		if (reasons < LINK_REASONS) {
			c->evidence[reasons] = (uint8_t)best;
			c->grade[reasons++] = t->grade[best];
		}
	}
	c->score = 1 - doubt;
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
	const struct web *w = l->web;
	struct scales s;

	s.m = w->p->reading->matching;
	s.kind = kind;
	s.n = 0;
	s.crowded = false;
	for (uint32_t k = w->start[loose]; k < w->start[loose + 1]; k++) {
		const struct block *b = &w->blocks[w->cells[w->cells_of[k]].block];
		size_t i = w->cells_of[k] - b->first_cell;

		for (size_t j = 0; j < b->n_cells; j++) {
			enum name_grade grade = web_grade(w, b, i, j);

			if (s.m->evidence[b->evidence].score[grade] > 0)
				weigh_cell(l, loose, b->first_cell + j, b->evidence, grade, &s);
		}
	}
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

static void keep_reasons(struct link *link, const struct candidate *c)
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
		keep_reasons(link, &c);
	}
}

/* ---- rounds over the identities ---- */

/* Is the first clearly surer than the second? Candidates under another name do not count
 * against one under the same name. */
static bool is_clear(const struct matching *m, const struct candidates *c)
{
	if (c->crowded)
		return false;
	if (c->n < 2 || c->list[0].exact != c->list[1].exact || c->list[1].score < m->review)
		return true;
	return 1 - c->list[1].score >= m->margin * (1 - c->list[0].score);
}

static enum doubt judge(const struct links *l, uint32_t loose, struct link *link)
{
	const struct matching *m = l->web->p->reading->matching;
	struct candidates c;

	link->target = NOBODY;
	links_weigh(l, loose, TARGETS_IDENTITIES, &c);
	if (!c.n)
		return c.crowded ? DOUBT_SEVERAL : DOUBT_NONE;
	if (c.list[0].score < m->review)
		return c.crowded ? DOUBT_SEVERAL : DOUBT_NONE;
	if (!is_clear(m, &c))
		return DOUBT_SEVERAL;
	if (c.list[0].score < m->link)
		return DOUBT_WEAK;
	link->target = c.list[0].target;
	keep_reasons(link, &c.list[0]);
	return DOUBT_NONE;
}

struct round {
	struct links *l;
	struct link *next; /* what the round found, applied when it is over */
};

static void judge_piece(void *context, size_t piece, unsigned worker)
{
	struct round *round = context;
	struct links *l = round->l;
	size_t end = (piece + 1) * LOOSE_PIECE;

	(void)worker;
	end = end < l->web->p->n_loose ? end : l->web->p->n_loose;
	for (size_t i = piece * LOOSE_PIECE; i < end; i++)
		if (l->of[i].target == NOBODY)
			l->doubt[i] = (uint8_t)judge(l, (uint32_t)i, &round->next[i]);
}

static bool apply_round(struct round *round)
{
	struct links *l = round->l;
	bool changed = false;

	for (uint32_t i = 0; i < l->web->p->n_loose; i++) {
		if (l->of[i].target != NOBODY || round->next[i].target == NOBODY)
			continue;
		l->of[i] = round->next[i];
		changed = true;
	}
	return changed;
}

void links_attach(struct links *l)
{
	const struct people *p = l->web->p;
	struct round round = { l, xreallocarray(NULL, (size_t)p->n_loose + 1, sizeof(*round.next)) };

	do {
		pool_each(p->jobs, ((size_t)p->n_loose + LOOSE_PIECE - 1) / LOOSE_PIECE, judge_piece,
			  &round);
	} while (apply_round(&round));
	free(round.next);
}

void links_open(struct links *l, const struct web *web, const struct bar *bars, size_t n_bars,
		const uint32_t *apart)
{
	size_t n = web->p->n_loose;

	*l = (struct links){
		.web = web,
		.of = xreallocarray(NULL, n + 1, sizeof(*l->of)),
		.doubt = xcalloc(n + 1, 1),
		.parent = xreallocarray(NULL, n + 1, sizeof(*l->parent)),
		.bars = bars,
		.n_bars = n_bars,
		.apart = apart,
	};
	for (uint32_t i = 0; i < n; i++) {
		l->of[i] = (struct link){ .target = NOBODY };
		memset(l->of[i].evidence, NO_EVIDENCE, sizeof(l->of[i].evidence));
		l->parent[i] = i;
	}
}

void links_close(struct links *l)
{
	free(l->of);
	free(l->doubt);
	free(l->parent);
	free(l->exploded);
	*l = (struct links){ 0 };
}

static struct str grade_ending(enum name_grade grade)
{
	static const struct str endings[NAME_GRADES] = {
		[NAME_EXACT] = STR_INIT("_name"),     [NAME_NEAR] = STR_INIT("_near_name"),
		[NAME_SLIP] = STR_INIT("_slip_name"), [NAME_SURNAME] = STR_INIT("_surname"),
		[NAME_ABSENT] = STR_INIT("_alone"),   [NAME_UNLIKE] = STR_INIT(""),
	};

	return endings[grade];
}

struct str link_method(const struct link *link, const struct matching *m, struct arena *a)
{
	struct str method = STR("");

	for (int i = 0; i < LINK_REASONS && link->evidence[i] != NO_EVIDENCE; i++) {
		struct str name = m->evidence[link->evidence[i]].name;
		struct str ending = grade_ending((enum name_grade)link->grade[i]);

		method = str_printf(a, "%.*s%s%.*s%.*s", STR_FMT(method), i ? "+" : "", STR_FMT(name),
				    STR_FMT(ending));
	}
	return method;
}
