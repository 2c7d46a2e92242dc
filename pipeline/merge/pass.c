#include "pass.h"

#include <stdlib.h>

#include "pool.h"

enum { GROUPS_PER_PIECE = 1024, PIECES_PER_JOB = 8 };

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

static void do_piece(void *context, size_t index, unsigned worker)
{
	const struct pass *pass = context;

	pass->work(pass, &pass->wave[index], &pass->workers[worker]);
}

/* As many pieces as a wave has, or as are left. */
static size_t fill_wave(struct pass *pass, size_t first, size_t most)
{
	size_t n = 0;

	for (; n < most && first < pass->groups->n; n++) {
		struct piece *p = &pass->wave[n];

		piece_start(p);
		p->from = first;
		p->to = first + GROUPS_PER_PIECE < pass->groups->n ? first + GROUPS_PER_PIECE
								   : pass->groups->n;
		first = p->to;
	}
	return n;
}

bool pass_run(struct pass *pass, struct fault *f)
{
	struct run *r = pass->m->run;
	unsigned jobs = r->opt.jobs ? r->opt.jobs : 1;
	size_t most = jobs * PIECES_PER_JOB, n;
	bool ok = true;

	pass->wave = xcalloc(most, sizeof(*pass->wave));
	pass->workers = xcalloc(jobs, sizeof(*pass->workers));
	for (size_t first = 0; ok && (n = fill_wave(pass, first, most)) > 0;
	     first = pass->wave[n - 1].to) {
		pool_each(jobs, n, do_piece, pass);
		for (size_t i = 0; i < n; i++) {
			ok = ok && pass->gather(pass, &pass->wave[i], f);
			piece_end(&pass->wave[i]);
		}
		run_progress(r, pass->name, pass->wave[n - 1].to, pass->groups->n);
	}
	for (size_t i = 0; i < most; i++)
		piece_release(&pass->wave[i]);
	for (size_t i = 0; i < jobs; i++)
		worker_release(&pass->workers[i]);
	free(pass->wave);
	free(pass->workers);
	return ok;
}
