/*
 * A growing run of bytes. It owns them until buf_release; a str made from it is good until
 * the next change. Passing `max` (0: 1 GiB) is remembered in `overflow`, and further bytes
 * are dropped: sizes that come from outside data end in a reject, not in a crash.
 */
#ifndef YICE_BUF_H
#define YICE_BUF_H

#include "str.h"

struct buf {
	char *p;
	size_t n, cap, max;
	bool overflow;
};

void buf_add(struct buf *b, const void *p, size_t n);
void buf_str(struct buf *b, struct str s);
void buf_char(struct buf *b, char c);
void buf_utf8(struct buf *b, uint32_t c);
void buf_printf(struct buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Room for n more bytes at the returned place; buf_took tells how many were written. */
char *buf_room(struct buf *b, size_t n);
void buf_took(struct buf *b, size_t n);
void buf_reset(struct buf *b);
void buf_release(struct buf *b);

static inline struct str buf_view(const struct buf *b)
{
	return (struct str){ b->p, b->n };
}

#endif
