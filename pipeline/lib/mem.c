#include "mem.h"

#include "fault.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "spill.h"

enum { FIRST_BLOCK = 4 << 10, LARGEST_STEP = 1 << 20, LARGEST_SPILLED = 16 << 20 };

struct arena_block {
	struct arena_block *older;
	size_t size, used;
	bool spilled;
	alignas(max_align_t) char bytes[];
};

/* Nothing is tidied up: what lies in staging folders goes with the next run. */
void library_failed(const char *format, ...)
{
	static const char hint[] = "\nhint: give it more memory, or less to hold with --memory; nothing was published\n";
	char text[512] = "yice: ";
	size_t n = strlen(text);
	va_list args;

	va_start(args, format);
	vsnprintf(text + n, sizeof(text) - n - sizeof(hint), format, args);
	va_end(args);
	n = strlen(text);
	memcpy(text + n, hint, sizeof(hint));
	for (size_t at = 0; at < n + sizeof(hint) - 1;) {
		ssize_t told = write(2, text + at, n + sizeof(hint) - 1 - at);

		if (told <= 0)
			break;
		at += (size_t)told;
	}
	_exit(EXIT_FAILED);
}

static _Noreturn void out_of_memory(size_t size)
{
	library_failed("out of memory (%zu bytes asked for)", size);
}

void *xmalloc(size_t size)
{
	void *p = malloc(size ? size : 1);

	if (!p)
		out_of_memory(size);
	return p;
}

void *xcalloc(size_t count, size_t size)
{
	void *p = calloc(count ? count : 1, size ? size : 1);

	if (!p)
		out_of_memory(count * size);
	return p;
}

void *xrealloc(void *p, size_t size)
{
	p = realloc(p, size ? size : 1);
	if (!p)
		out_of_memory(size);
	return p;
}

void *xreallocarray(void *p, size_t count, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(count, size, &bytes))
		out_of_memory(SIZE_MAX);
	return xrealloc(p, bytes);
}

char *xstrndup(const char *p, size_t n)
{
	char *z = xmalloc(n + 1);

	if (n)
		memcpy(z, p, n);
	z[n] = '\0';
	return z;
}

char *xstrdup(const char *z)
{
	return xstrndup(z, strlen(z));
}

void bug_at(const char *file, int line, const char *format, ...)
{
	va_list args;

	fprintf(stderr, "yice: impossible state at %s:%d: ", file, line);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	abort();
}

/* A block is a quarter of what is held already, within bounds: a small arena stays small, a
 * large one has few blocks. */
static void add_block(struct arena *a, size_t size)
{
	size_t bytes = a->total / 4, most = a->spills ? LARGEST_SPILLED : LARGEST_STEP;
	struct arena_block *block = NULL;
	bool spilled;

	if (size > SIZE_MAX / 2)
		out_of_memory(size);
	if (bytes < FIRST_BLOCK)
		bytes = FIRST_BLOCK;
	if (bytes > most)
		bytes = most;
	if (bytes < size + sizeof(*block))
		bytes = size + sizeof(*block);
	if (a->spills && bytes >= LARGEST_STEP)
		block = spill_take(bytes);
	spilled = block != NULL;
	if (!spilled)
		block = xmalloc(bytes);
	*block = (struct arena_block){ .older = a->block, .size = bytes - sizeof(*block), .spilled = spilled };
	a->block = block;
	a->total += bytes;
}

/* Text needs no alignment, and most of what arenas hold is text. */
static char *take(struct arena *a, size_t size, size_t alignment)
{
	size_t at = a->block ? (a->block->used + alignment - 1) & ~(alignment - 1) : 0;

	if (!a->block || at > a->block->size || size > a->block->size - at) {
		add_block(a, size);
		at = 0;
	}
	a->block->used = at + size;
	return a->block->bytes + at;
}

void *arena_alloc(struct arena *a, size_t size)
{
	return take(a, size, alignof(max_align_t));
}

void *arena_bytes(struct arena *a, size_t size)
{
	return take(a, size, 1);
}

void arena_trim(struct arena *a, const void *end)
{
	a->block->used = (size_t)((const char *)end - a->block->bytes);
}

void *arena_zalloc(struct arena *a, size_t size)
{
	return memset(arena_alloc(a, size), 0, size);
}

struct str str_keep(struct arena *a, struct str s)
{
	char *p;

	if (s.n == 0)
		return (struct str){ "", 0 };
	p = take(a, s.n, 1);
	memcpy(p, s.p, s.n);
	return (struct str){ p, s.n };
}

char *str_keepz(struct arena *a, struct str s)
{
	char *p = take(a, s.n + 1, 1);

	if (s.n)
		memcpy(p, s.p, s.n);
	p[s.n] = '\0';
	return p;
}

struct str str_printf(struct arena *a, const char *format, ...)
{
	char small[256], *p;
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(small, sizeof(small), format, args);
	va_end(args);
	if (n < 0)
		BUG("a text that cannot be printed");
	if ((size_t)n < sizeof(small))
		return (struct str){ str_keepz(a, (struct str){ small, (size_t)n }), (size_t)n };
	p = take(a, (size_t)n + 1, 1);
	va_start(args, format);
	vsnprintf(p, (size_t)n + 1, format, args);
	va_end(args);
	return (struct str){ p, (size_t)n };
}

static void free_block(struct arena_block *block)
{
	if (block->spilled)
		spill_give(block);
	else
		free(block);
}

void arena_reset(struct arena *a)
{
	struct arena_block *largest = a->block, *block, *older;

	for (block = a->block; block; block = block->older)
		if (block->size > largest->size)
			largest = block;
	for (block = a->block; block; block = older) {
		older = block->older;
		if (block != largest)
			free_block(block);
	}
	a->block = largest;
	a->total = 0;
	if (largest) {
		largest->older = NULL;
		largest->used = 0;
		a->total = largest->size + sizeof(*largest);
	}
}

void arena_release(struct arena *a)
{
	for (struct arena_block *block = a->block, *older; block; block = older) {
		older = block->older;
		free_block(block);
	}
	*a = (struct arena){ .spills = a->spills };
}
