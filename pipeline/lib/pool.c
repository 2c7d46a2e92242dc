#define _GNU_SOURCE /* sched_getaffinity */
#include "pool.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>

#include "mem.h"

struct pool {
	void (*work)(void *context, size_t piece, unsigned worker);
	void *context;
	size_t pieces;
	_Atomic size_t next;
};

struct worker {
	struct pool *pool;
	pthread_t thread;
	unsigned number;
};

static void *take_pieces(void *arg)
{
	struct worker *w = arg;
	struct pool *pool = w->pool;
	size_t piece;

	while ((piece = atomic_fetch_add(&pool->next, 1)) < pool->pieces)
		pool->work(pool->context, piece, w->number);
	return NULL;
}

/* The caller is worker 0. A thread that cannot be made is done without. */
void pool_each(unsigned jobs, size_t pieces,
	       void (*work)(void *context, size_t piece, unsigned worker), void *context)
{
	struct pool pool = { .work = work, .context = context, .pieces = pieces };
	struct worker first = { .pool = &pool }, *others;
	unsigned n = 0;

	if (jobs > pieces)
		jobs = (unsigned)pieces;
	others = xcalloc(jobs, sizeof(*others));
	for (; n + 1 < jobs; n++) {
		others[n] = (struct worker){ .pool = &pool, .number = n + 1 };
		if (pthread_create(&others[n].thread, NULL, take_pieces, &others[n]) != 0)
			break;
	}
	take_pieces(&first);
	for (unsigned i = 0; i < n; i++)
		pthread_join(others[i].thread, NULL);
	free(others);
}

/* ---- gathered in order ---- */

/* A ring of slots: workers begin the next piece where there is room for it, and whoever finds the
 * first one done while nobody gathers takes it out. So nobody waits for the end of a wave. */
struct ring {
	void (*work)(void *context, size_t piece, unsigned worker);
	void (*gather)(void *context, size_t piece);
	void *context;
	size_t pieces, slots;
	bool *done; /* by slot */
	size_t next, first; /* the piece to begin, and the one to gather */
	bool gathering;
	pthread_mutex_t lock;
	pthread_cond_t changed;
};

/* These two are called with the lock, and let others go on meanwhile. */
static void gather_first(struct ring *r)
{
	r->gathering = true;
	pthread_mutex_unlock(&r->lock);
	r->gather(r->context, r->first);
	pthread_mutex_lock(&r->lock);
	r->done[r->first++ % r->slots] = r->gathering = false;
	pthread_cond_broadcast(&r->changed);
}

static void work_next(struct ring *r, unsigned worker)
{
	size_t piece = r->next++;

	pthread_mutex_unlock(&r->lock);
	r->work(r->context, piece, worker);
	pthread_mutex_lock(&r->lock);
	r->done[piece % r->slots] = true;
	pthread_cond_broadcast(&r->changed);
}

static void take_turns(void *context, size_t turn, unsigned worker)
{
	struct ring *r = context;

	(void)turn;
	pthread_mutex_lock(&r->lock);
	while (r->first < r->pieces) {
		if (!r->gathering && r->done[r->first % r->slots])
			gather_first(r);
		else if (r->next < r->pieces && r->next - r->first < r->slots)
			work_next(r, worker);
		else
			pthread_cond_wait(&r->changed, &r->lock);
	}
	pthread_mutex_unlock(&r->lock);
}

void pool_in_order(unsigned jobs, size_t pieces, size_t slots,
		   void (*work)(void *context, size_t piece, unsigned worker),
		   void (*gather)(void *context, size_t piece), void *context)
{
	struct ring r = { .work = work, .gather = gather, .context = context,
			  .pieces = pieces, .slots = slots };

	r.done = xcalloc(slots, sizeof(*r.done));
	pthread_mutex_init(&r.lock, NULL);
	pthread_cond_init(&r.changed, NULL);
	pool_each(jobs, jobs, take_turns, &r);
	free(r.done);
	pthread_mutex_destroy(&r.lock);
	pthread_cond_destroy(&r.changed);
}

static _Atomic unsigned allowed = 1;

void pool_set_jobs(unsigned jobs)
{
	atomic_store(&allowed, jobs);
}

unsigned pool_jobs(void)
{
	return atomic_load(&allowed);
}

unsigned pool_default_jobs(void)
{
	cpu_set_t set;
	int n = sched_getaffinity(0, sizeof(set), &set) == 0 ? CPU_COUNT(&set) : 1;

	return n > 0 ? (unsigned)n : 1;
}
