#include "links.h"

#include "pool.h"

#include <stdatomic.h>
#include <stdlib.h>

enum { LOOSE_PIECE = 1 << 12 };

uint32_t links_root(const struct links *l, uint32_t loose)
{
	while (l->parent[loose] != loose)
		loose = l->parent[loose];
	return loose;
}

/* How many are in question: the surest, and those that it is not clearly surer than. Who has
 * another name is not in question where somebody has the same. */
static size_t count_contenders(const struct matching *m, const struct candidates *c)
{
	size_t n = 0;

	while (n < c->n && c->list[n].exact == c->list[0].exact && c->list[n].score >= m->review &&
	       (n == 0 || 1 - c->list[n].score < m->margin * (1 - c->list[0].score)))
		n++;
	return n;
}

static bool has_identity(const struct candidates *c, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!(c->list[i].target & LOOSE))
			return true;
	return false;
}

static enum doubt judge(const struct links *l, uint32_t loose, struct link *link)
{
	const struct matching *m = l->web->p->reading->matching;
	struct candidates c;
	size_t n;

	link->target = NOBODY;
	links_weigh(l, loose, TARGETS_IDENTITIES, &c);
	n = count_contenders(m, &c);
	if (c.crowded)
		return DOUBT_SEVERAL;
	if (!has_identity(&c, n))
		return DOUBT_NONE; /* it may still be one of the pending */
	if (n > 1)
		return DOUBT_SEVERAL;
	if (c.list[0].score < m->link)
		return DOUBT_WEAK;
	link->target = c.list[0].target;
	link_keep_reasons(link, &c.list[0]);
	return DOUBT_NONE;
}

struct round {
	struct links *l;
	struct link *next; /* what the round found, applied when it is over */
	_Atomic uint8_t *news; /* of each block: somebody in it was attached by the round before */
	bool first;
	_Atomic bool changed;
};

/* What was judged hangs on those who stand in the same blocks: without news of them the answer
 * is what it was. */
static bool has_news(const struct round *round, uint32_t loose)
{
	const struct web *w = round->l->web;
	bool news = round->first;

	for (uint32_t k = w->start[loose]; k < w->start[loose + 1] && !news; k++)
		news = atomic_load_explicit(&round->news[w->cells[w->cells_of[k]].block],
					    memory_order_relaxed);
	return news;
}

static void tell_blocks(struct round *round, uint32_t loose)
{
	const struct web *w = round->l->web;

	for (uint32_t k = w->start[loose]; k < w->start[loose + 1]; k++)
		atomic_store_explicit(&round->news[w->cells[w->cells_of[k]].block], 1,
				      memory_order_relaxed);
}

static void judge_piece(void *context, size_t piece, unsigned worker)
{
	struct round *round = context;
	struct links *l = round->l;
	size_t end = (piece + 1) * LOOSE_PIECE;

	(void)worker;
	end = end < l->web->p->n_loose ? end : l->web->p->n_loose;
	for (size_t i = piece * LOOSE_PIECE; i < end; i++)
		if (l->of[i].target == NOBODY && has_news(round, (uint32_t)i))
			l->doubt[i] = (uint8_t)judge(l, (uint32_t)i, &round->next[i]);
}

static void apply_piece(void *context, size_t piece, unsigned worker)
{
	struct round *round = context;
	struct links *l = round->l;
	size_t end = (piece + 1) * LOOSE_PIECE;

	(void)worker;
	end = end < l->web->p->n_loose ? end : l->web->p->n_loose;
	for (size_t i = piece * LOOSE_PIECE; i < end; i++) {
		if (l->of[i].target != NOBODY || round->next[i].target == NOBODY)
			continue;
		l->of[i] = round->next[i];
		tell_blocks(round, (uint32_t)i);
		round->changed = true;
	}
}

void links_attach(struct links *l)
{
	const struct people *p = l->web->p;
	size_t n = p->n_loose, pieces = (n + LOOSE_PIECE - 1) / LOOSE_PIECE;
	struct round round = {
		.l = l,
		.next = xreallocarray(NULL, n + 1, sizeof(*round.next)),
		.news = xcalloc(l->web->n_blocks + 1, 1),
		.first = true,
	};

	for (size_t i = 0; i < n; i++)
		round.next[i].target = NOBODY;
	do {
		pool_each(p->jobs, pieces, judge_piece, &round);
		memset((void *)round.news, 0, l->web->n_blocks);
		round.first = false;
		round.changed = false;
		pool_each(p->jobs, pieces, apply_piece, &round);
	} while (round.changed);
	free(round.next);
	free((void *)round.news);
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
