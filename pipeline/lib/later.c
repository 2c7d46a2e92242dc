#include "later.h"

#include <pthread.h>
#include <stdlib.h>

#include "mem.h"
#include "pool.h"

struct piece {
	bool (*work)(void *context, struct fault *f);
	void *context;
	struct piece *next;
};

struct later {
	bool begun, stop;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	struct piece *first, *last; /* the first stays in the list until it is done */
	struct fault fault; /* the first one */
};

struct later *later_new(void)
{
	struct later *l = xcalloc(1, sizeof(*l));

	pthread_mutex_init(&l->lock, NULL);
	pthread_cond_init(&l->changed, NULL);
	return l;
}

static void keep_fault(struct later *l, struct fault *f)
{
	if (fault_is(f) && !fault_is(&l->fault)) {
		l->fault = *f;
		*f = (struct fault){ 0 };
	}
	fault_release(f);
}

static void do_first(struct later *l)
{
	struct piece *piece = l->first;
	struct fault f = { 0 };

	pthread_mutex_unlock(&l->lock);
	piece->work(piece->context, &f);
	pthread_mutex_lock(&l->lock);
	keep_fault(l, &f);
	l->first = piece->next;
	free(piece);
	pthread_cond_broadcast(&l->changed);
}

static void *work_on(void *arg)
{
	struct later *l = arg;

	pthread_mutex_lock(&l->lock);
	while (l->first || !l->stop) {
		if (l->first)
			do_first(l);
		else
			pthread_cond_wait(&l->changed, &l->lock);
	}
	pthread_mutex_unlock(&l->lock);
	return NULL;
}

static bool begin(struct later *l)
{
	if (!l->begun && pool_jobs() > 1)
		l->begun = pthread_create(&l->thread, NULL, work_on, l) == 0;
	return l->begun;
}

static bool tell(const struct later *l, struct fault *f)
{
	return !fault_is(&l->fault) ||
	       fault_set(f, l->fault.status, "%.*s", STR_FMT(l->fault.text));
}

bool later_do(struct later *l, bool (*work)(void *context, struct fault *f), void *context,
	      struct fault *f)
{
	struct piece *piece;
	bool ok;

	if (!begin(l))
		return work(context, f);
	piece = xcalloc(1, sizeof(*piece));
	*piece = (struct piece){ .work = work, .context = context };
	pthread_mutex_lock(&l->lock);
	if (l->first)
		l->last->next = piece;
	else
		l->first = piece;
	l->last = piece;
	pthread_cond_broadcast(&l->changed);
	ok = tell(l, f);
	pthread_mutex_unlock(&l->lock);
	return ok;
}

bool later_wait(struct later *l, struct fault *f)
{
	bool ok;

	pthread_mutex_lock(&l->lock);
	while (l->first)
		pthread_cond_wait(&l->changed, &l->lock);
	ok = tell(l, f);
	pthread_mutex_unlock(&l->lock);
	return ok;
}

void later_free(struct later *l)
{
	if (!l)
		return;
	pthread_mutex_lock(&l->lock);
	l->stop = true;
	pthread_cond_broadcast(&l->changed);
	pthread_mutex_unlock(&l->lock);
	if (l->begun)
		pthread_join(l->thread, NULL);
	pthread_mutex_destroy(&l->lock);
	pthread_cond_destroy(&l->changed);
	fault_release(&l->fault);
	free(l);
}
