#include "gz.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "gz_member.h"
#include "mem.h"
#include "pool.h"

enum { IN_SIZE = 128 << 10 };

struct gz_reader {
	int fd;
	bool begun, in_member, at_end;
	const char *error;
	uint64_t taken;
	struct inflater *inflater; /* NULL: the bytes come as they are */
	size_t at, end; /* of `in`: read, not yet used */
	unsigned char in[IN_SIZE];
};

struct gz_reader *gz_reader_new(int fd)
{
	struct gz_reader *g = xmalloc(sizeof(*g));

	memset(g, 0, offsetof(struct gz_reader, in));
	g->fd = fd;
	return g;
}

static size_t take(struct gz_reader *g, void *p, size_t n)
{
	ssize_t got;

	do
		got = read(g->fd, p, n);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		g->error = strerror(errno);
	if (got <= 0)
		return 0;
	g->taken += (uint64_t)got;
	return (size_t)got;
}

/* Reads on behind what is left; false where nothing more comes. */
static bool refill(struct gz_reader *g)
{
	size_t got;

	memmove(g->in, g->in + g->at, g->end - g->at);
	g->end -= g->at;
	g->at = 0;
	got = take(g, g->in + g->end, IN_SIZE - g->end);
	g->end += got;
	return got > 0;
}

/* A pipe may hand out the two magic bytes one by one. */
static bool has_magic(struct gz_reader *g)
{
	while (g->end - g->at < 2)
		if (!refill(g))
			return false;
	return g->in[g->at] == 0x1F && g->in[g->at + 1] == 0x8B;
}

static void begin_member(struct gz_reader *g)
{
	inflater_begin(g->inflater);
	g->in_member = true;
}

static void begin(struct gz_reader *g)
{
	g->begun = true;
	if (!has_magic(g))
		return;
	g->inflater = inflater_new();
	begin_member(g);
}

static size_t read_plain(struct gz_reader *g, char *p, size_t n)
{
	size_t first = g->end - g->at < n ? g->end - g->at : n;

	if (first == 0)
		return take(g, p, n);
	memcpy(p, g->in + g->at, first);
	g->at += first;
	return first;
}

static size_t read_gzip(struct gz_reader *g, char *p, size_t n)
{
	struct inflate_step step = { .out = (unsigned char *)p, .n_out = n };

	while (step.n_out == n && !g->at_end && !g->error) {
		enum inflated inflated;

		/* Behind a member there may be another; anything else there is padding. */
		if (!g->in_member && !has_magic(g)) {
			g->at_end = true;
			break;
		}
		if (!g->in_member)
			begin_member(g);
		step.in = g->in + g->at;
		step.n_in = g->end - g->at;
		inflated = inflater_step(g->inflater, &step);
		g->at = g->end - step.n_in;
		if (inflated == INFLATE_END)
			g->in_member = false;
		else if (inflated == INFLATE_DAMAGED)
			g->error = "the gzip data are damaged";
		else if (step.n_out > 0 && !refill(g) && !g->error)
			g->error = "the gzip data end too early";
	}
	return n - step.n_out;
}

size_t gz_reader_read(struct gz_reader *g, char *p, size_t n)
{
	if (!g->begun)
		begin(g);
	if (g->error || n == 0)
		return 0;
	return g->inflater ? read_gzip(g, p, n) : read_plain(g, p, n);
}

const char *gz_reader_error(const struct gz_reader *g)
{
	return g->error;
}

uint64_t gz_reader_taken(const struct gz_reader *g)
{
	return g->taken;
}

void gz_reader_free(struct gz_reader *g)
{
	if (g)
		inflater_free(g->inflater);
	free(g);
}

/*
 * Each chunk becomes a member of its own, so that a second thread can deflate one while the
 * next is filled, and the bytes do not depend on whether there is such a thread.
 */
enum { CHUNK = GZ_MEMBER };

struct gz_writer {
	void (*put)(void *context, const void *p, size_t n);
	void *context;
	struct deflater *deflater;
	unsigned char *chunks[2], *out;
	unsigned filling; /* the chunk that is filled */
	size_t n; /* bytes in it */
	bool begun; /* a member is written */
	/* the second thread, made with the first full chunk */
	bool threaded, stop;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	size_t waiting; /* bytes in the other chunk, to be deflated; 0: none */
};

struct gz_writer *gz_writer_new(void (*put)(void *context, const void *p, size_t n),
				void *context)
{
	struct gz_writer *g = xcalloc(1, sizeof(*g));

	g->put = put;
	g->context = context;
	g->deflater = deflater_new();
	g->out = xmalloc(deflate_bound(CHUNK));
	g->chunks[0] = xmalloc(CHUNK);
	return g;
}

static void put_member(struct gz_writer *g, const unsigned char *chunk, size_t n)
{
	g->put(g->context, g->out, deflater_member(g->deflater, chunk, n, g->out));
}

static void *deflate_chunks(void *arg)
{
	struct gz_writer *g = arg;

	pthread_mutex_lock(&g->lock);
	for (;;) {
		while (!g->waiting && !g->stop)
			pthread_cond_wait(&g->changed, &g->lock);
		if (!g->waiting)
			break;
		pthread_mutex_unlock(&g->lock);
		put_member(g, g->chunks[!g->filling], g->waiting);
		pthread_mutex_lock(&g->lock);
		g->waiting = 0;
		pthread_cond_signal(&g->changed);
	}
	pthread_mutex_unlock(&g->lock);
	return NULL;
}

static void begin_thread(struct gz_writer *g)
{
	if (pool_jobs() < 2)
		return;
	g->chunks[1] = xmalloc(CHUNK);
	pthread_mutex_init(&g->lock, NULL);
	pthread_cond_init(&g->changed, NULL);
	g->threaded = pthread_create(&g->thread, NULL, deflate_chunks, g) == 0;
}

/* Until the other chunk is free again. */
static void wait_for_thread(struct gz_writer *g)
{
	while (g->waiting)
		pthread_cond_wait(&g->changed, &g->lock);
}

static void end_chunk(struct gz_writer *g)
{
	if (!g->begun)
		begin_thread(g);
	g->begun = true;
	if (g->threaded) {
		pthread_mutex_lock(&g->lock);
		wait_for_thread(g);
		g->filling = !g->filling;
		g->waiting = g->n;
		pthread_cond_signal(&g->changed);
		pthread_mutex_unlock(&g->lock);
	} else {
		put_member(g, g->chunks[g->filling], g->n);
	}
	g->n = 0;
}

void gz_writer_write(struct gz_writer *g, const void *p, size_t n)
{
	const char *at = p;

	while (n > 0) {
		size_t part = CHUNK - g->n < n ? CHUNK - g->n : n;

		memcpy(g->chunks[g->filling] + g->n, at, part);
		g->n += part;
		at += part;
		n -= part;
		if (g->n == CHUNK)
			end_chunk(g);
	}
}

static void end_thread(struct gz_writer *g)
{
	pthread_mutex_lock(&g->lock);
	g->stop = true;
	pthread_cond_signal(&g->changed);
	pthread_mutex_unlock(&g->lock);
	pthread_join(g->thread, NULL);
	pthread_mutex_destroy(&g->lock);
	pthread_cond_destroy(&g->changed);
}

void gz_writer_free(struct gz_writer *g, bool finish)
{
	if (g->threaded)
		end_thread(g);
	if (finish && (g->n || !g->begun))
		put_member(g, g->chunks[g->filling], g->n);
	deflater_free(g->deflater);
	free(g->chunks[0]);
	free(g->chunks[1]);
	free(g->out);
	free(g);
}
