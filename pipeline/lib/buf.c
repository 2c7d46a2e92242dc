#include "buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "mem.h"

enum { FIRST_SIZE = 256, DEFAULT_MAX = 1 << 30 };

static size_t buf_max(const struct buf *b)
{
	return b->max ? b->max : DEFAULT_MAX;
}

char *buf_room(struct buf *b, size_t n)
{
	size_t need, cap = b->cap ? b->cap : FIRST_SIZE;

	if (__builtin_add_overflow(b->n, n, &need))
		BUG("a buffer of more than all memory");
	if (need <= b->cap && b->p)
		return b->p + b->n;
	while (cap < need)
		cap = cap > SIZE_MAX / 2 ? need : cap * 2;
	b->p = xrealloc(b->p, cap);
	b->cap = cap;
	return b->p + b->n;
}

void buf_took(struct buf *b, size_t n)
{
	if (b->overflow || b->n + n > buf_max(b))
		b->overflow = true;
	else
		b->n += n;
}

void buf_add(struct buf *b, const void *p, size_t n)
{
	size_t left = buf_max(b) > b->n ? buf_max(b) - b->n : 0;

	if (b->overflow || n > left) {
		b->overflow = true;
		return;
	}
	if (n == 0)
		return;
	memcpy(buf_room(b, n), p, n);
	b->n += n;
}

void buf_str(struct buf *b, struct str s)
{
	buf_add(b, s.p, s.n);
}

void buf_char(struct buf *b, char c)
{
	buf_add(b, &c, 1);
}

void buf_utf8(struct buf *b, uint32_t c)
{
	char bytes[4];

	buf_add(b, bytes, utf8_put(c, bytes));
}

void buf_printf(struct buf *b, const char *format, ...)
{
	char small[256], *text = small;
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(small, sizeof(small), format, args);
	va_end(args);
	if (n < 0)
		BUG("a text that cannot be printed");
	if ((size_t)n >= sizeof(small)) {
		text = xmalloc((size_t)n + 1);
		va_start(args, format);
		vsnprintf(text, (size_t)n + 1, format, args);
		va_end(args);
	}
	buf_add(b, text, (size_t)n);
	if (text != small)
		free(text);
}

void buf_reset(struct buf *b)
{
	b->n = 0;
	b->overflow = false;
}

void buf_release(struct buf *b)
{
	free(b->p);
	*b = (struct buf){ .max = b->max };
}
