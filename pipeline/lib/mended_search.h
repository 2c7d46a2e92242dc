/* Private to the mended rows: the search along an export and the files that were sent to mend it. */
#ifndef YICE_MENDED_SEARCH_H
#define YICE_MENDED_SEARCH_H

#include "mended_keys.h"
#include "mended_pair.h"
#include "mended_rows.h"

struct mended_file { /* of table_files */
	struct str stem, base;
	size_t times;
	const struct schema *schema;
};

struct mended_pair {
	uint32_t old, newer; /* indexes */
	uint32_t same, like;
};

struct mended_entry { /* a row of the file at hand that has a value */
	uint32_t row;
	uint32_t n; /* so many have that value, with those behind it */
	size_t next; /* the next one with that value + 1 */
};

struct mended_search {
	struct mended_rows *m;
	const struct mended_from *from;
	enum field key;
	struct mended_row **open; /* faulty rows of the files so far that nothing took the place of */
	size_t n_open, cap_open;
	struct map keys; /* of the files so far */
	struct keyed_rows rejected; /* of the files so far */
	/* the file at hand */
	struct mended_row *rows;
	size_t n_rows, cap_rows;
	struct map by_value; /* -> entry + 1 */
	struct mended_entry *entries;
	size_t n_entries, cap_entries;
	uint32_t *asked; /* by row: the open one that it was compared with last + 1 */
	bool *taken; /* by row */
	struct mended_pair *pairs;
	size_t n_pairs, cap_pairs;
	struct arena arena; /* of the chain */
};

typedef bool mended_fits(const struct mended_likeness *l);

/* ---- mended_rows.c ---- */

/* In all that was not at fault, of which one cell tells of a person or a car. */
bool mended_agrees(const struct mended_likeness *l);
/* The first line of rejects that speaks of a row of that file or of a later one. */
size_t mended_first_reject(const struct rowset *rejects, struct str stem);
/* Takes what is told of the row, from line *at on; the lines are in the order of rows. True where
 * anything was wrong; *rejected: so that no table can use it. */
bool mended_take_faults(struct mended_search *s, struct mended_row *row, size_t *at, bool *rejected);
struct str mended_key_of(const struct mended_search *s, const struct record *rec);
void mended_keep_open(struct mended_search *s, const struct mended_row *row);
/* The first of the entries that have the value + 1; 0: none, or so many that it tells of nobody. */
size_t mended_with_value(const struct mended_search *s, enum field field, struct str value, struct arena *a);
/* Not one that something took the place of, or that came again as it was in that file or in a later one
 * of the chain. */
bool mended_is_wanted(const struct mended_search *s, uint32_t old, const struct mended_file *file);
/* Joins the open rows from that index on with the rows at hand that have a telling value in common and
 * fit, one to one. */
void mended_find_pairs(struct mended_search *s, const struct mended_file *file, uint32_t from, mended_fits *fits);
/* The same in steps: for two rows; between two open rows, once so many pairs are kept that they would take
 * too much memory; at the end. */
void mended_keep_pair(struct mended_search *s, uint32_t old, uint32_t row, mended_fits *fits);
void mended_join_many(struct mended_search *s);
void mended_join_pairs(struct mended_search *s);

/* ---- mended_left.c ---- */

/* What is left once all that agree are joined: the file at hand is chain[n]. */
void mended_find_left(struct mended_search *s, const struct mended_file *chain, size_t n);

#endif
