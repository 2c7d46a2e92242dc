#include "gz.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "mem.h"

enum {
	IN_SIZE = 128 << 10,
	OUT_SIZE = 64 << 10,
	GZIP_WINDOW = 15 + 16, /* zlib: the largest window, in a gzip wrapper */
	LEVEL = 1, /* four times as fast as the default for a tenth more bytes */
};

struct gz_reader {
	int fd;
	bool begun, gzip, in_member, at_end;
	const char *error;
	uint64_t taken;
	z_stream z;
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

static bool refill(struct gz_reader *g)
{
	if (g->z.avail_in)
		memmove(g->in, g->z.next_in, g->z.avail_in);
	g->z.next_in = g->in;
	g->z.avail_in += (uInt)take(g, g->in + g->z.avail_in, IN_SIZE - g->z.avail_in);
	return g->z.avail_in > 0;
}

/* A pipe may hand out the two magic bytes one by one. */
static void begin(struct gz_reader *g)
{
	g->begun = true;
	while (g->z.avail_in < 2) {
		uInt before = g->z.avail_in;

		refill(g);
		if (g->z.avail_in == before)
			break;
	}
	g->gzip = g->z.avail_in >= 2 && g->in[0] == 0x1F && g->in[1] == 0x8B;
	if (g->gzip && inflateInit2(&g->z, GZIP_WINDOW) != Z_OK)
		BUG("zlib cannot begin to inflate");
	g->in_member = g->gzip;
}

static size_t read_plain(struct gz_reader *g, char *p, size_t n)
{
	size_t first = g->z.avail_in < n ? g->z.avail_in : n;

	if (first == 0)
		return take(g, p, n);
	memcpy(p, g->z.next_in, first);
	g->z.next_in += first;
	g->z.avail_in -= (uInt)first;
	return first;
}

/* Behind a member there may be another; anything else there is padding, as gzip sees it. */
static bool next_member(struct gz_reader *g)
{
	while (g->z.avail_in < 2) {
		uInt before = g->z.avail_in;

		refill(g);
		if (g->z.avail_in == before)
			return false;
	}
	if (g->z.next_in[0] != 0x1F || g->z.next_in[1] != 0x8B)
		return false;
	g->in_member = true;
	return inflateReset(&g->z) == Z_OK;
}

static size_t read_gzip(struct gz_reader *g, char *p, size_t n)
{
	size_t chunk = n < UINT32_MAX ? n : UINT32_MAX;

	g->z.next_out = (unsigned char *)p;
	g->z.avail_out = (uInt)chunk;
	while (g->z.avail_out == chunk && !g->at_end && !g->error) {
		int status;

		if (!g->in_member && !next_member(g)) {
			g->at_end = true;
			break;
		}
		if (g->z.avail_in == 0 && !refill(g)) {
			if (!g->error)
				g->error = "the gzip data end too early";
			break;
		}
		status = inflate(&g->z, Z_NO_FLUSH);
		if (status == Z_STREAM_END)
			g->in_member = false;
		else if (status != Z_OK && status != Z_BUF_ERROR)
			g->error = "the gzip data are damaged";
	}
	return chunk - g->z.avail_out;
}

size_t gz_reader_read(struct gz_reader *g, char *p, size_t n)
{
	if (!g->begun)
		begin(g);
	if (g->error || n == 0)
		return 0;
	return g->gzip ? read_gzip(g, p, n) : read_plain(g, p, n);
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
	if (g && g->gzip)
		inflateEnd(&g->z);
	free(g);
}

struct gz_writer {
	z_stream z;
	void (*put)(void *context, const void *p, size_t n);
	void *context;
	unsigned char out[OUT_SIZE];
};

struct gz_writer *gz_writer_new(void (*put)(void *context, const void *p, size_t n),
				void *context)
{
	struct gz_writer *g = xmalloc(sizeof(*g));

	memset(g, 0, offsetof(struct gz_writer, out));
	g->put = put;
	g->context = context;
	if (deflateInit2(&g->z, LEVEL, Z_DEFLATED, GZIP_WINDOW, 9, Z_DEFAULT_STRATEGY) != Z_OK)
		BUG("zlib cannot begin to deflate");
	return g;
}

static void deflate_all(struct gz_writer *g, int flush)
{
	do {
		g->z.next_out = g->out;
		g->z.avail_out = OUT_SIZE;
		deflate(&g->z, flush);
		g->put(g->context, g->out, OUT_SIZE - g->z.avail_out);
	} while (g->z.avail_out == 0);
}

void gz_writer_write(struct gz_writer *g, const void *p, size_t n)
{
	const unsigned char *at = p;

	while (n > 0) {
		uInt chunk = n < UINT32_MAX ? (uInt)n : UINT32_MAX;

		g->z.next_in = (unsigned char *)at;
		g->z.avail_in = chunk;
		deflate_all(g, Z_NO_FLUSH);
		at += chunk;
		n -= chunk;
	}
}

void gz_writer_free(struct gz_writer *g, bool finish)
{
	if (finish) {
		g->z.avail_in = 0;
		deflate_all(g, Z_FINISH);
	}
	deflateEnd(&g->z);
	free(g);
}
