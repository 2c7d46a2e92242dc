#define _GNU_SOURCE /* sched_getaffinity */
#include "pool.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
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
