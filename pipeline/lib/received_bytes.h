/* The pieces that received.keys.gz is made of: numbers of seven bits a byte, texts with their
 * length. */
#ifndef YICE_RECEIVED_BYTES_H
#define YICE_RECEIVED_BYTES_H

#include "buf.h"

#define RECEIVED_MAGIC STR("yice received 1\n")

static inline void put_varint(struct buf *b, uint64_t v)
{
	while (v >= 0x80) {
		buf_char(b, (char)(v | 0x80));
		v >>= 7;
	}
	buf_char(b, (char)v);
}

static inline bool get_varint(struct str *in, uint64_t *v)
{
	*v = 0;
	for (unsigned shift = 0; in->n && shift < 64; shift += 7) {
		unsigned char c = (unsigned char)*in->p;

		in->p++;
		in->n--;
		*v |= (uint64_t)(c & 0x7f) << shift;
		if (!(c & 0x80))
			return true;
	}
	return false;
}

static inline void put_text(struct buf *b, struct str s)
{
	put_varint(b, s.n);
	buf_str(b, s);
}

static inline bool get_text(struct str *in, struct str *s)
{
	uint64_t n;

	if (!get_varint(in, &n) || n > in->n)
		return false;
	*s = (struct str){ in->p, (size_t)n };
	in->p += n;
	in->n -= (size_t)n;
	return true;
}

static inline bool get_bytes(struct str *in, void *to, size_t n)
{
	if (in->n < n)
		return false;
	memcpy(to, in->p, n);
	in->p += n;
	in->n -= n;
	return true;
}

#endif
