#ifndef YICE_ISAL
#include "gz_member.h"

#include <limits.h>
#include <stdlib.h>
#include <zlib.h>

#include "mem.h"

enum { GZIP_WINDOW = 15 + 16 }; /* zlib: the largest window, in a gzip wrapper */

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
#endif
