#ifdef YICE_ISAL
#include "gz_member.h"

#include <isa-l/igzip_lib.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"

struct inflater {
	struct inflate_state state;
};

struct inflater *inflater_new(void)
{
	return xmalloc(sizeof(struct inflater));
}

void inflater_begin(struct inflater *i)
{
	isal_inflate_init(&i->state);
	i->state.crc_flag = ISAL_GZIP;
}

static uint32_t at_most(size_t n)
{
	return n < UINT32_MAX ? (uint32_t)n : UINT32_MAX;
}

enum inflated inflater_step(struct inflater *i, struct inflate_step *step)
{
	struct inflate_state *s = &i->state;
	uint32_t n_in = at_most(step->n_in), n_out = at_most(step->n_out);

	s->next_in = (uint8_t *)step->in;
	s->avail_in = n_in;
	s->next_out = step->out;
	s->avail_out = n_out;
	if (isal_inflate(s) < 0)
		return INFLATE_DAMAGED;
	step->in = s->next_in;
	step->n_in -= n_in - s->avail_in;
	step->out = s->next_out;
	step->n_out -= n_out - s->avail_out;
	return s->block_state == ISAL_BLOCK_FINISH ? INFLATE_END : INFLATE_ON;
}

void inflater_free(struct inflater *i)
{
	free(i);
}

struct deflater {
	struct isal_zstream stream;
	uint8_t level_buffer[ISAL_DEF_LVL1_DEFAULT];
};

struct deflater *deflater_new(void)
{
	return xmalloc(sizeof(struct deflater));
}

/* What cannot be made smaller is stored: five bytes for each 64 KiB. */
size_t deflate_bound(size_t n)
{
	return n + n / 1024 + 1024;
}

/* What the member before left in the tables must not choose among this one's matches: the
 * bytes are those of its content alone, whichever thread deflates it. */
size_t deflater_member(struct deflater *d, const void *in, size_t n, void *out)
{
	struct isal_zstream *s = &d->stream;

	memset(d, 0, sizeof(*d));
	isal_deflate_init(s);
	s->level = 1;
	s->level_buf = d->level_buffer;
	s->level_buf_size = sizeof(d->level_buffer);
	s->gzip_flag = IGZIP_GZIP;
	s->end_of_stream = 1;
	s->next_in = (uint8_t *)in;
	s->avail_in = (uint32_t)n;
	s->next_out = out;
	s->avail_out = (uint32_t)deflate_bound(n);
	if (isal_deflate(s) != COMP_OK || s->internal_state.state != ZSTATE_END)
		library_failed("ISA-L does not deflate %zu bytes", n);
	return s->total_out;
}

void deflater_free(struct deflater *d)
{
	free(d);
}
#endif
