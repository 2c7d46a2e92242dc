/*
 * One pass over all records takes out of each what it has in common with others: its ID
 * number, and a value for each column. A column is either a guarded field (its values show who
 * shares too much, and are evidence by themselves) or a kind of evidence that needs more than
 * one field or the same name. Where memory is short the columns are gathered in several
 * sweeps, with the same result.
 */
#ifndef RESOLVE_GATHER_H
#define RESOLVE_GATHER_H

#include "pairs.h"
#include "reading.h"

#define NOBODY UINT32_MAX

enum record_flag {
	RECORD_HAS_ID = 1, /* a valid ID number, used or not */
	RECORD_SHARED_ID = 2, /* which many unlike names share */
	RECORD_SPLIT = 4, /* a person took it away from the holder */
	RECORD_HAS_BIRTH = 8, /* a birth date, its own or of the ID number */
	RECORD_DISPUTED = 16, /* under another name than its ID number's holder: no witness */
};

enum { RECORDS_PIECE = 1 << 14 }; /* records that a worker takes at once */

struct person { /* whom a record speaks of: looked at together, so kept together */
	uint32_t who; /* identity, LOOSE | number, or NOBODY (people.h) */
	uint32_t name; /* a number for its folded name (name_number) */
};

struct column {
	bool is_field; /* else a kind of evidence */
	unsigned number; /* enum match_field, or index of the evidence */
	struct pairs values; /* of the sweep that goes on */
};

enum { MAX_COLUMNS = MATCH_FIELDS + MATCHING_MAX_EVIDENCE };

struct gather {
	const struct reading *reading;
	unsigned jobs;
	size_t n; /* records */
	struct person *person; /* of each record; who is NOBODY until people_open */
	uint8_t *flags;
	struct pairs ids;
	struct column columns[MAX_COLUMNS];
	size_t n_columns, from, to; /* the columns of this sweep */
	size_t columns_a_sweep;
};

/* split: RECORD_SPLIT of each record, or NULL. memory: bytes that the values may take. The
 * first sweep is made, with ids; values are not settled yet. */
void gather_open(struct gather *g, const struct reading *reading, const uint8_t *split,
		 unsigned jobs, uint64_t memory);
/* The next columns; false when all have been gathered. */
bool gather_sweep(struct gather *g);
void gather_close(struct gather *g);

/* Equal names, equal numbers; 0 for an absent name, odd for a whole one, even for a surname. */
static inline uint32_t name_number(const struct witness *w)
{
	uint32_t number = (uint32_t)(w->name >> 32);

	if (!w->name)
		return 0;
	return w->form.surname_only ? (number & ~1u) | 2 : number | 1;
}

static inline bool is_whole_name(uint32_t number)
{
	return number & 1;
}

static inline size_t gather_pieces(const struct gather *g)
{
	return (g->n + RECORDS_PIECE - 1) / RECORDS_PIECE;
}

#endif
