/*
 * Memory: allocation that ends the program when there is none left, and arenas.
 *
 * An arena hands out memory that is given back all at once, by arena_reset (its largest
 * block is kept for the next round) or arena_release. It is passed as an argument: one
 * lives as long as the run, one is reset for each row or batch. What must outlive the row
 * is copied visibly by str_keep. An arena is used by one thread at a time.
 */
#ifndef YICE_MEM_H
#define YICE_MEM_H

#include "str.h"

/* Never NULL, zeroed where calloc is; size overflow and exhaustion end the program. */
void *xmalloc(size_t size);
void *xcalloc(size_t count, size_t size);
void *xrealloc(void *p, size_t size);
void *xreallocarray(void *p, size_t count, size_t size);
char *xstrdup(const char *z);
char *xstrndup(const char *p, size_t n);

/* An impossible state: says where and ends the program. */
#define BUG(...) bug_at(__FILE__, __LINE__, __VA_ARGS__)
_Noreturn void bug_at(const char *file, int line, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* A library that cannot do what it always can has no memory left, or is not whole: tells the
 * sentence and ends the program with EXIT_FAILED, as exhaustion does. */
_Noreturn void library_failed(const char *format, ...) __attribute__((format(printf, 1, 2)));

struct arena_block;

struct arena {
	struct arena_block *block; /* the newest; NULL when empty */
	size_t total; /* bytes held */
	bool spills; /* holds much for long: past --memory its blocks lie in a file (spill.h) */
};

void *arena_alloc(struct arena *a, size_t size); /* aligned for any type, not zeroed */
void *arena_zalloc(struct arena *a, size_t size);
/* Room for text or packed bytes, not aligned; what lies behind `end` of the newest such
 * room can be given back. */
void *arena_bytes(struct arena *a, size_t size);
void arena_trim(struct arena *a, const void *end);
struct str str_keep(struct arena *a, struct str s);
/* A NUL-terminated copy. */
char *str_keepz(struct arena *a, struct str s);
struct str str_printf(struct arena *a, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void arena_reset(struct arena *a);
void arena_release(struct arena *a);

/* Makes room for one more element in a growing array: p, its count n and capacity cap. */
#define GROW(p, n, cap)                                                     \
	do {                                                                \
		if ((n) == (cap)) {                                         \
			(cap) = (cap) ? (cap) * 2 : 16;                     \
			(p) = xreallocarray((p), (cap), sizeof(*(p)));      \
		}                                                           \
	} while (0)

#endif
