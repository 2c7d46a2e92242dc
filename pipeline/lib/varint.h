/* Numbers of the packed stores: seven bits a byte, the lowest first (LEB128). */
#ifndef YICE_VARINT_H
#define YICE_VARINT_H

#include <stdint.h>

enum { VARINT_MAX = 10 }; /* bytes of the largest number */

static inline unsigned char *varint_put(unsigned char *p, uint64_t v)
{
	while (v >= 0x80) {
		*p++ = (unsigned char)(v | 0x80);
		v >>= 7;
	}
	*p++ = (unsigned char)v;
	return p;
}

static inline uint64_t varint_get(const unsigned char **p)
{
	const unsigned char *at = *p;
	uint64_t v = *at++;

	if (v >= 0x80) {
		v &= 0x7F;
		for (unsigned shift = 7;; shift += 7) {
			v |= (uint64_t)(*at & 0x7F) << shift;
			if (*at++ < 0x80)
				break;
		}
	}
	*p = at;
	return v;
}

#endif
