/*
 * A ring of pieces: workers begin the next one where there is room for it, and whoever finds the
 * first one done while nobody gathers takes it out. So nobody waits for the end of a wave.
 */
#include "pass.h"

#include <pthread.h>
#include <stdlib.h>

#include "pool.h"

enum { GROUPS_PER_PIECE = 128, PIECES_PER_JOB = 8 };

struct ring {
	struct piece *pieces; /* piece k lies at k % size */
	bool *done;
	size_t size, total;
	size_t next, first; /* the piece to begin, and the one to gather */
	bool gathering;
	pthread_mutex_t lock;
	pthread_cond_t changed;
};

struct going {
	const struct pass *pass;
	struct ring *ring;
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

/* These two are called with the lock, and let others go on meanwhile. */
static void gather_first(const struct pass *pass, struct ring *ring)
{
	size_t at = ring->first % ring->size;
	struct piece *p = &ring->pieces[at];

	ring->gathering = true;
	pthread_mutex_unlock(&ring->lock);
	pass->gather(pass, p);
	piece_end(p);
	run_progress(pass->m->run, pass->name, p->to, pass->groups->n);
	pthread_mutex_lock(&ring->lock);
	ring->done[at] = ring->gathering = false;
	ring->first++;
	pthread_cond_broadcast(&ring->changed);
}

static void work_next(const struct pass *pass, struct ring *ring, struct worker *w)
{
	size_t number = ring->next++, at = number % ring->size;
	struct piece *p = &ring->pieces[at];

	pthread_mutex_unlock(&ring->lock);
	piece_start(p);
	p->from = number * GROUPS_PER_PIECE;
	p->to = number + 1 < ring->total ? p->from + GROUPS_PER_PIECE : pass->groups->n;
	pass->work(pass, p, w);
	pthread_mutex_lock(&ring->lock);
	ring->done[at] = true;
	pthread_cond_broadcast(&ring->changed);
}

static void take_turns(void *context, size_t index, unsigned worker)
{
	struct going *g = context;
	struct ring *ring = g->ring;

	(void)index;
	pthread_mutex_lock(&ring->lock);
	while (ring->first < ring->total) {
		if (!ring->gathering && ring->done[ring->first % ring->size])
			gather_first(g->pass, ring);
		else if (ring->next < ring->total && ring->next - ring->first < ring->size)
			work_next(g->pass, ring, &g->workers[worker]);
		else
			pthread_cond_wait(&ring->changed, &ring->lock);
	}
	pthread_mutex_unlock(&ring->lock);
}

static void ring_init(struct ring *ring, size_t size, size_t groups)
{
	*ring = (struct ring){
		.pieces = xcalloc(size, sizeof(*ring->pieces)),
		.done = xcalloc(size, sizeof(*ring->done)),
		.size = size,
		.total = (groups + GROUPS_PER_PIECE - 1) / GROUPS_PER_PIECE,
	};
	pthread_mutex_init(&ring->lock, NULL);
	pthread_cond_init(&ring->changed, NULL);
}

static void ring_release(struct ring *ring)
{
	for (size_t i = 0; i < ring->size; i++)
		piece_release(&ring->pieces[i]);
	free(ring->pieces);
	free(ring->done);
	pthread_mutex_destroy(&ring->lock);
	pthread_cond_destroy(&ring->changed);
}

void pass_run(struct pass *pass)
{
	unsigned jobs = pass->m->run->opt.jobs ? pass->m->run->opt.jobs : 1;
	struct ring ring;
	struct going going = { pass, &ring, xcalloc(jobs, sizeof(*going.workers)) };

	ring_init(&ring, (size_t)jobs * PIECES_PER_JOB, pass->groups->n);
	pool_each(jobs, jobs, take_turns, &going);
	ring_release(&ring);
	for (size_t i = 0; i < jobs; i++)
		worker_release(&going.workers[i]);
	free(going.workers);
}
