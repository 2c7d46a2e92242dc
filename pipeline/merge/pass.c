#include "pass.h"

#include <stdlib.h>

#include "pool.h"

enum { GROUPS_PER_PIECE = 128, PIECES_PER_JOB = 8 };

struct going {
	const struct pass *pass;
	struct piece *pieces; /* piece k lies at k % slots */
	size_t slots;
	struct worker *workers;
};

static void piece_start(struct piece *p)
{
	p->rows.n = p->pending.n = 0;
	rowset_init(&p->rejects, &table_rejects_merge);
	rowset_init(&p->review, &table_review);
	rowset_init(&p->relation, &table_relation);
	rowset_init(&p->ownership, &table_ownership);
	buf_reset(&p->lineage);
	arena_reset(&p->arena);
}

static void piece_end(struct piece *p)
{
	rowset_release(&p->rejects);
	rowset_release(&p->review);
	rowset_release(&p->relation);
	rowset_release(&p->ownership);
}

static void piece_release(struct piece *p)
{
	rows_release(&p->rows);
	rows_release(&p->pending);
	buf_release(&p->lineage);
	arena_release(&p->arena);
}

static void worker_release(struct worker *w)
{
	golden_case_release(&w->c);
	free(w->relations.list);
	arena_release(&w->scratch);
}

void pass_prefetch(const struct pass *pass, size_t group)
{
	const struct groups *g = pass->groups;

	if (group >= g->n)
		return;
	for (uint32_t i = g->starts[group]; i < g->starts[group + 1] && i < g->starts[group] + 16; i++)
		records_prefetch(pass->m->records, g->items[i]);
}

static void work_piece(void *context, size_t number, unsigned worker)
{
	struct going *g = context;
	struct piece *p = &g->pieces[number % g->slots];
	size_t groups = g->pass->groups->n;

	piece_start(p);
	p->from = number * GROUPS_PER_PIECE;
	p->to = p->from + GROUPS_PER_PIECE < groups ? p->from + GROUPS_PER_PIECE : groups;
	g->pass->work(g->pass, p, &g->workers[worker]);
}

static void gather_piece(void *context, size_t number)
{
	struct going *g = context;
	struct piece *p = &g->pieces[number % g->slots];

	g->pass->gather(g->pass, p);
	piece_end(p);
	run_progress(g->pass->m->run, g->pass->name, p->to, g->pass->groups->n);
}

void pass_run(struct pass *pass)
{
	unsigned jobs = pass->m->run->opt.jobs ? pass->m->run->opt.jobs : 1;
	size_t pieces = (pass->groups->n + GROUPS_PER_PIECE - 1) / GROUPS_PER_PIECE;
	struct going g = { .pass = pass, .slots = (size_t)jobs * PIECES_PER_JOB };

	g.pieces = xcalloc(g.slots, sizeof(*g.pieces));
	g.workers = xcalloc(jobs, sizeof(*g.workers));
	pool_in_order(jobs, pieces, g.slots, work_piece, gather_piece, &g);
	for (size_t i = 0; i < g.slots; i++)
		piece_release(&g.pieces[i]);
	for (size_t i = 0; i < jobs; i++)
		worker_release(&g.workers[i]);
	free(g.pieces);
	free(g.workers);
}
