/* Little-endian numbers in the bytes of a file; the caller has seen that they are there. */
#ifndef YICE_BYTES_H
#define YICE_BYTES_H

#include <stdint.h>
#include <string.h>

static inline uint16_t u16_at(const char *p)
{
	const unsigned char *b = (const unsigned char *)p;

	return (uint16_t)(b[0] | b[1] << 8);
}

static inline uint32_t u32_at(const char *p)
{
	return u16_at(p) | (uint32_t)u16_at(p + 2) << 16;
}

static inline double f64_at(const char *p)
{
	uint64_t bits = u32_at(p) | (uint64_t)u32_at(p + 4) << 32;
	double value;

	memcpy(&value, &bits, sizeof(value));
	return value;
}

#endif
