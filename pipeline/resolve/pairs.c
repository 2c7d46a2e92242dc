/*
 * Pieces are scattered into parts by the upper bits of the hash, then each part, small
 * enough for the cache, is sorted by itself: two passes over the next sixteen bits bring
 * equal hashes so near to each other that insertion finishes the work.
 */
#include "pairs.h"

#include "mem.h"
#include "pool.h"

#include <stdlib.h>

enum { PART_PAIRS = 1 << 15, MAX_PART_BITS = 12, RADIX = 256 };

void pairs_init(struct pairs *p, size_t n_pieces, unsigned jobs)
{
	*p = (struct pairs){
		.pieces = xcalloc(n_pieces ? n_pieces : 1, sizeof(*p->pieces)),
		.n_pieces = n_pieces,
		.jobs = jobs,
	};
}

void pairs_add(struct pairs *p, size_t piece, uint64_t hash, uint32_t record)
{
	struct pairs_piece *to = &p->pieces[piece];

	GROW(to->list, to->n, to->cap);
	to->list[to->n++] = (struct pair){ (uint32_t)(hash >> 32), (uint32_t)hash, record };
}

struct scatter {
	struct pairs *p;
	unsigned shift; /* part = high >> shift */
	size_t *at; /* [piece * n_parts + part]: how many, then where the next one goes */
	struct pair **spare; /* one for each worker, as long as the longest part */
};

static size_t part_of(const struct scatter *s, const struct pair *pair)
{
	return s->shift < 32 ? pair->high >> s->shift : 0;
}

static void count_piece(void *context, size_t piece, unsigned worker)
{
	struct scatter *s = context;
	const struct pairs_piece *from = &s->p->pieces[piece];
	size_t *at = s->at + piece * s->p->n_parts;

	(void)worker;
	for (size_t i = 0; i < from->n; i++)
		at[part_of(s, &from->list[i])]++;
}

static void scatter_piece(void *context, size_t piece, unsigned worker)
{
	struct scatter *s = context;
	struct pairs_piece *from = &s->p->pieces[piece];
	size_t *at = s->at + piece * s->p->n_parts;

	(void)worker;
	for (size_t i = 0; i < from->n; i++)
		s->p->list[at[part_of(s, &from->list[i])]++] = from->list[i];
	free(from->list);
	*from = (struct pairs_piece){ 0 };
}

/* One pass of a stable sort by eight bits of the upper half. */
static void radix_pass(const struct pair *from, struct pair *to, size_t n, unsigned shift)
{
	size_t at[RADIX + 1] = { 0 };

	for (size_t i = 0; i < n; i++)
		at[(from[i].high >> shift & (RADIX - 1)) + 1]++;
	for (int i = 0; i < RADIX; i++)
		at[i + 1] += at[i];
	for (size_t i = 0; i < n; i++)
		to[at[from[i].high >> shift & (RADIX - 1)]++] = from[i];
}

static void insert_all(struct pair *list, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		struct pair moved = list[i];
		size_t j = i;

		for (; j > 0 && pair_hash(&list[j - 1]) > pair_hash(&moved); j--)
			list[j] = list[j - 1];
		list[j] = moved;
	}
}

static void sort_part(void *context, size_t part, unsigned worker)
{
	struct scatter *s = context;
	struct pair *list = s->p->list + s->p->start[part];
	size_t n = s->p->start[part + 1] - s->p->start[part];
	unsigned low = s->shift > 16 ? s->shift - 16 : 0;

	radix_pass(list, s->spare[worker], n, low);
	radix_pass(s->spare[worker], list, n, low + 8);
	insert_all(list, n);
}

/* From counts to places: part by part, within a part in the order of the pieces. */
static size_t places_of(struct scatter *s)
{
	struct pairs *p = s->p;
	size_t at = 0, longest = 0;

	for (size_t part = 0; part < p->n_parts; part++) {
		p->start[part] = at;
		for (size_t piece = 0; piece < p->n_pieces; piece++) {
			size_t n = s->at[piece * p->n_parts + part];

			s->at[piece * p->n_parts + part] = at;
			at += n;
		}
		if (at - p->start[part] > longest)
			longest = at - p->start[part];
	}
	p->start[p->n_parts] = at;
	return longest;
}

void pairs_settle(struct pairs *p)
{
	struct scatter s = { .p = p };
	size_t total = 0, longest;
	unsigned bits = 0;

	for (size_t i = 0; i < p->n_pieces; i++)
		total += p->pieces[i].n;
	while (bits < MAX_PART_BITS && (size_t)PART_PAIRS << bits < total)
		bits++;
	s.shift = 32 - bits;
	p->n_parts = (size_t)1 << bits;
	p->start = xcalloc(p->n_parts + 1, sizeof(*p->start));
	p->list = xreallocarray(NULL, total ? total : 1, sizeof(*p->list));
	s.at = xcalloc(p->n_pieces * p->n_parts + 1, sizeof(*s.at));
	pool_each(p->jobs, p->n_pieces, count_piece, &s);
	longest = places_of(&s);
	pool_each(p->jobs, p->n_pieces, scatter_piece, &s);
	s.spare = xcalloc(p->jobs, sizeof(*s.spare));
	for (unsigned i = 0; i < p->jobs; i++)
		s.spare[i] = xreallocarray(NULL, longest + 1, sizeof(**s.spare));
	pool_each(p->jobs, p->n_parts, sort_part, &s);
	for (unsigned i = 0; i < p->jobs; i++)
		free(s.spare[i]);
	free(s.spare);
	free(s.at);
}

bool pairs_next(const struct pairs *p, size_t part, size_t *from, size_t *end)
{
	*from = *end;
	if (*from == p->start[part + 1])
		return false;
	while (*end < p->start[part + 1] && pair_hash(&p->list[*end]) == pair_hash(&p->list[*from]))
		(*end)++;
	return true;
}

void pairs_release(struct pairs *p)
{
	for (size_t i = 0; i < p->n_pieces; i++)
		free(p->pieces[i].list);
	free(p->pieces);
	free(p->list);
	free(p->start);
	*p = (struct pairs){ 0 };
}
