#include "pass.h"

#include <stdlib.h>

#include "pool.h"

enum { GROUPS_PER_PIECE = 128, PIECES_PER_JOB = 8 };

struct wave {
	struct piece *pieces;
	size_t n, most;
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

/* Piece 0 is the gathering of the wave before: it takes the order of things, so one worker
 * does it alone while the others go ahead. */
static void do_piece(void *context, size_t index, unsigned worker)
{
	const struct pass *pass = context;

	if (index > 0) {
		pass->work(pass, &pass->working->pieces[index - 1], &pass->workers[worker]);
		return;
	}
	for (size_t i = 0; i < pass->gathering->n; i++) {
		pass->gather(pass, &pass->gathering->pieces[i]);
		piece_end(&pass->gathering->pieces[i]);
	}
	pass->gathering->n = 0;
}

/* As many pieces as a wave has, or as are left; the first group behind them. */
static size_t fill_wave(const struct pass *pass, struct wave *wave, size_t first)
{
	for (wave->n = 0; wave->n < wave->most && first < pass->groups->n; wave->n++) {
		struct piece *p = &wave->pieces[wave->n];

		piece_start(p);
		p->from = first;
		p->to = first + GROUPS_PER_PIECE < pass->groups->n ? first + GROUPS_PER_PIECE
								   : pass->groups->n;
		first = p->to;
	}
	return first;
}

static void wave_init(struct wave *wave, size_t most)
{
	*wave = (struct wave){ .pieces = xcalloc(most, sizeof(*wave->pieces)), .most = most };
}

static void wave_release(struct wave *wave)
{
	for (size_t i = 0; i < wave->most; i++)
		piece_release(&wave->pieces[i]);
	free(wave->pieces);
}

void pass_run(struct pass *pass)
{
	struct run *r = pass->m->run;
	unsigned jobs = r->opt.jobs ? r->opt.jobs : 1;
	struct wave waves[2];
	size_t done = 0;

	wave_init(&waves[0], jobs * PIECES_PER_JOB);
	wave_init(&waves[1], jobs * PIECES_PER_JOB);
	pass->workers = xcalloc(jobs, sizeof(*pass->workers));
	pass->gathering = &waves[1];
	for (pass->working = &waves[0];; pass->working = &waves[pass->working == &waves[0]]) {
		done = fill_wave(pass, pass->working, done);
		if (pass->working->n == 0 && pass->gathering->n == 0)
			break;
		pool_each(jobs, pass->working->n + 1, do_piece, pass);
		pass->gathering = pass->working;
		run_progress(r, pass->name, done, pass->groups->n);
	}
	wave_release(&waves[0]);
	wave_release(&waves[1]);
	for (size_t i = 0; i < jobs; i++)
		worker_release(&pass->workers[i]);
	free(pass->workers);
}
