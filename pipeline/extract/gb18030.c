#include "gb18030.h"

#include "mem.h"

#include <iconv.h>
#include <pthread.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum {
	/* Four-byte characters count up from 81308130: the first 39,420 are what the two-byte
	 * part leaves of the Basic Multilingual Plane; the other planes follow from 90308130. */
	FOUR_BMP = 39420,
	FOUR_PLANES = (0x90 - 0x81) * 12600,
};

/* One character each as it lies in UTF-8, padded with NUL; all NUL: no character. */
struct utf8 {
	char bytes[4];
};

static struct utf8 two[0x10000]; /* by lead and trail byte */
static struct utf8 four[FOUR_BMP];
static pthread_once_t made = PTHREAD_ONCE_INIT;

static struct utf8 ask(iconv_t converter, const unsigned char *bytes, size_t n)
{
	struct utf8 answer = { { 0 } };
	char in[4], *from = in, *to = answer.bytes;
	size_t left = n, room = sizeof(answer.bytes);

	memcpy(in, bytes, n);
	iconv(converter, NULL, NULL, NULL, NULL);
	if (iconv(converter, &from, &left, &to, &room) == (size_t)-1 || left)
		return (struct utf8){ { 0 } };
	return answer;
}

static uint32_t code_point(struct utf8 u)
{
	size_t i = 0;

	return utf8_next((struct str){ u.bytes, sizeof(u.bytes) }, &i);
}

/*
 * Newer tables give 24 characters that once stood in the private area a two-byte place of
 * their own and then refuse the four-byte form that others (Python, ICU) write for them.
 * They follow their neighbour in both orders, so the neighbour tells which they are.
 */
static struct utf8 after(struct utf8 neighbour)
{
	struct utf8 u = { { 0 } };

	utf8_put(code_point(neighbour) + 1, u.bytes);
	return u;
}

static void make_tables(void)
{
	iconv_t converter = iconv_open("UTF-8", "GB18030");

	if (converter == (iconv_t)-1)
		library_failed("this system's iconv knows no GB18030");
	for (int i = 0x8140; i < 0xFEFF; i++)
		two[i] = ask(converter, (unsigned char[]){ (unsigned char)(i >> 8),
							   (unsigned char)i }, 2);
	for (int i = 0; i < FOUR_BMP; i++) {
		unsigned char b[4] = { (unsigned char)(0x81 + i / 12600),
				       (unsigned char)(0x30 + i / 1260 % 10),
				       (unsigned char)(0x81 + i / 10 % 126),
				       (unsigned char)(0x30 + i % 10) };

		four[i] = ask(converter, b, 4);
		if (!four[i].bytes[0] && i)
			four[i] = after(four[i - 1]);
	}
	iconv_close(converter);
}

static inline bool within(unsigned char c, unsigned char low, unsigned char high)
{
	return c >= low && c <= high;
}

/* The four bytes at p as UTF-8: how long it is, 0 where they are no character. */
static size_t decode_four(const unsigned char *p, size_t n, char *out)
{
	uint32_t index;

	if (n < 4 || !within(p[0], 0x81, 0xFE) || !within(p[1], 0x30, 0x39) || !within(p[2], 0x81, 0xFE) ||
	    !within(p[3], 0x30, 0x39))
		return 0;
	index = (uint32_t)(((p[0] - 0x81) * 10 + p[1] - 0x30) * 126 + p[2] - 0x81) * 10 + p[3] - 0x30;
	if (index >= FOUR_PLANES && index - FOUR_PLANES < 0x100000)
		return utf8_put(0x10000 + index - FOUR_PLANES, out);
	if (index >= FOUR_BMP)
		return 0;
	return utf8_put(code_point(four[index]), out);
}

/* Copies ASCII up to the first other byte; both may be over-run by 15 bytes of room. */
static size_t copy_ascii(const unsigned char *p, size_t n, char *out)
{
	size_t i = 0;

#ifdef __SSE2__
	for (; i + 16 <= n; i += 16) {
		__m128i block = _mm_loadu_si128((const __m128i *)(const void *)(p + i));
		unsigned high = (unsigned)_mm_movemask_epi8(block);

		_mm_storeu_si128((__m128i *)(void *)(out + i), block);
		if (high)
			return i + (size_t)__builtin_ctz(high);
	}
#endif
	for (; i < n && p[i] < 0x80; i++)
		out[i] = (char)p[i];
	return i;
}

/* Copies two-byte characters up to the first thing that is none. Nearly all are three bytes
 * of UTF-8: guessing that spares the wait for the table before the next one is begun. */
static inline const unsigned char *copy_two(const unsigned char *p, const unsigned char *end,
					    char **out)
{
	char *o = *out;

	while (end - p >= 2) {
		const struct utf8 u = two[p[0] << 8 | p[1]];
		unsigned char first = (unsigned char)u.bytes[0];

		memcpy(o, u.bytes, sizeof(u.bytes));
		if (__builtin_expect((first & 0xF0) == 0xE0, 1))
			o += 3;
		else if (first)
			o += first >= 0xF0 ? 4 : 2;
		else
			break;
		p += 2;
	}
	*out = o;
	return p;
}

size_t gb18030_decode(struct str in, char *out, size_t *bad)
{
	const unsigned char *p = (const unsigned char *)in.p, *end = p + in.n;
	char *o = out;

	pthread_once(&made, make_tables);
	while (p < end) {
		size_t n = copy_ascii(p, (size_t)(end - p), o);
		const unsigned char *start = p += n;

		o += n;
		p = copy_two(p, end, &o);
		if (p > start || p == end)
			continue;
		n = decode_four(p, (size_t)(end - p), o);
		if (!n)
			break;
		o += n;
		p += 4;
	}
	*bad = (size_t)((const char *)p - in.p);
	return (size_t)(o - out);
}
