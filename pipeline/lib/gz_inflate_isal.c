#ifdef YICE_ISAL
#include "gz_member.h"

#include <isa-l/igzip_lib.h>
#include <stdint.h>
#include <stdlib.h>

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
#endif
