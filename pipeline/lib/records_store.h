/* How records lie in memory: private to records.c and its neighbours. */
#ifndef YICE_RECORDS_STORE_H
#define YICE_RECORDS_STORE_H

#include "map.h"
#include "record.h"
#include "varint.h"

/*
 * A packed record is
 *
 *	origin dealer row	numbers; origin and dealer are interned
 *	feeds			one byte
 *	present			two bytes: which bytes of the mask are not zero; then those
 *	lengths			of the present fields, in order
 *	bytes			of the present fields, in order
 *
 * In a store that shares values the length of a field that repeats itself is a number twice as
 * large: of the bytes, or, odd, of the one value that is kept for all.
 *
 * The file's stem, source and day are the same for all rows of a file: together they are
 * the origin. The lengths stand before the bytes so that one field is found by summing up.
 */
enum { MASK_BYTES = 16, MOST_SHARED = 8 << 10 /* values of a field: what has more does not repeat itself */ };

_Static_assert(F_COUNT <= MASK_BYTES * 8, "the mask has a bit for each field");

union mask {
	uint64_t words[MASK_BYTES / 8];
	unsigned char bytes[MASK_BYTES];
};

struct shared_values {
	struct map of[F_COUNT];
	uint32_t last[F_COUNT]; /* the one used last: often the next one too */
};

struct origin {
	struct str stem, source, observed_on;
	uint32_t rank; /* of the stem among all stems, after records_sort */
};

struct stem_range { /* after records_sort: where the records of a stem lie */
	struct str stem;
	size_t first, end;
};

struct records_store {
	unsigned char **rows;
	size_t cap;
	struct arena bytes;
	struct map origin_map, dealers;
	struct origin *origins;
	size_t n_origins, cap_origins;
	uint32_t last_origin, last_dealer;
	struct stem_range *stems;
	size_t n_stems;
	bool sorted;
	struct shared_values *shared; /* NULL: none */
	union mask repeating; /* the fields whose values are shared */
};

/* As after records_init, and records_share where it was called. */
void records_empty(struct records *rs);

/* The row of a packed record, and its origin, without the rest of its header. */
static inline uint32_t packed_row(const unsigned char *p)
{
	varint_get(&p);
	varint_get(&p);
	return (uint32_t)varint_get(&p);
}

static inline struct origin *packed_origin(const struct records_store *s, const unsigned char *p)
{
	return &s->origins[varint_get(&p)];
}

#endif
