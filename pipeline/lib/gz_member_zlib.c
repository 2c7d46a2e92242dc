#ifndef YICE_ISAL
#include "gz_member.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "mem.h"

enum {
	GZIP_WINDOW = 15 + 16, /* zlib: the largest window, in a gzip wrapper */
	LEVEL = 1, /* four times as fast as the default for a tenth more bytes */
};

struct inflater {
	z_stream z;
};

struct inflater *inflater_new(void)
{
	struct inflater *i = xcalloc(1, sizeof(*i));

	if (inflateInit2(&i->z, GZIP_WINDOW) != Z_OK)
		library_failed("zlib cannot begin to inflate");
	return i;
}

void inflater_begin(struct inflater *i)
{
	inflateReset(&i->z);
}

static uInt at_most(size_t n)
{
	return n < UINT_MAX ? (uInt)n : UINT_MAX;
}

enum inflated inflater_step(struct inflater *i, struct inflate_step *step)
{
	uInt n_in = at_most(step->n_in), n_out = at_most(step->n_out);
	int status;

	i->z.next_in = (unsigned char *)step->in;
	i->z.avail_in = n_in;
	i->z.next_out = step->out;
	i->z.avail_out = n_out;
	status = inflate(&i->z, Z_NO_FLUSH);
	step->in = i->z.next_in;
	step->n_in -= n_in - i->z.avail_in;
	step->out = i->z.next_out;
	step->n_out -= n_out - i->z.avail_out;
	if (status == Z_STREAM_END)
		return INFLATE_END;
	return status == Z_OK || status == Z_BUF_ERROR ? INFLATE_ON : INFLATE_DAMAGED;
}

void inflater_free(struct inflater *i)
{
	if (i)
		inflateEnd(&i->z);
	free(i);
}

struct deflater {
	z_stream z;
};

struct deflater *deflater_new(void)
{
	struct deflater *d = xcalloc(1, sizeof(*d));

	if (deflateInit2(&d->z, LEVEL, Z_DEFLATED, GZIP_WINDOW, 9, Z_DEFAULT_STRATEGY) != Z_OK)
		library_failed("zlib cannot begin to deflate");
	return d;
}

size_t deflate_bound(size_t n)
{
	return n + n / 1024 + 1024;
}

size_t deflater_member(struct deflater *d, const void *in, size_t n, void *out)
{
	deflateReset(&d->z);
	d->z.next_in = (unsigned char *)in;
	d->z.avail_in = (uInt)n;
	d->z.next_out = out;
	d->z.avail_out = (uInt)deflate_bound(n);
	if (deflate(&d->z, Z_FINISH) != Z_STREAM_END)
		library_failed("zlib does not deflate %zu bytes", n);
	return deflate_bound(n) - d->z.avail_out;
}

void deflater_free(struct deflater *d)
{
	if (d)
		deflateEnd(&d->z);
	free(d);
}
#endif
