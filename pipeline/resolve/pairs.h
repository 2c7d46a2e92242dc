/*
 * Which records share a value? Values come as 64-bit hashes, each with a record; after
 * settling, equal values lie together, the records of each in the order they were added.
 * Linear in the number of pairs, on any number of threads with the same result.
 */
#ifndef RESOLVE_PAIRS_H
#define RESOLVE_PAIRS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pair {
	uint32_t high, low; /* halves of the hash: twelve bytes for each pair, not sixteen */
	uint32_t record;
};

struct pairs_piece { /* gathered by one worker from one stretch of records */
	struct pair *list;
	size_t n, cap;
};

struct pairs {
	struct pairs_piece *pieces;
	size_t n_pieces;
	unsigned jobs;
	/* after pairs_settle */
	struct pair *list;
	size_t *start; /* of each part in the list; n_parts + 1 */
	size_t n_parts;
};

void pairs_init(struct pairs *p, size_t n_pieces, unsigned jobs);
/* A piece is filled by one thread, its records in rising order. */
void pairs_add(struct pairs *p, size_t piece, uint64_t hash, uint32_t record);
/* Parts hold whole groups; part by part, group by group is the order of the result. */
void pairs_settle(struct pairs *p);
/* The next group of equal hashes within a part: *from is its first pair, the end is given
 * back. Start with *from = *end = the part's start; false when the part is done. */
bool pairs_next(const struct pairs *p, size_t part, size_t *from, size_t *end);
void pairs_release(struct pairs *p);

static inline uint64_t pair_hash(const struct pair *p)
{
	return (uint64_t)p->high << 32 | p->low;
}

#endif
