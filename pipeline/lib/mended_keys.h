/* Private to mended_rows.c: rows with a key of their own that no table has, and what took their place. */
#ifndef YICE_MENDED_KEYS_H
#define YICE_MENDED_KEYS_H

#include "mended_rows.h"

struct keyed_row {
	struct str id, key;
};

struct keyed_rows { /* of the files of a chain so far; starts zeroed */
	struct keyed_row *list;
	size_t n, cap;
};

/* Both are borrowed. */
void keyed_rows_add(struct keyed_rows *rows, struct str id, struct str key);
/* Those whose key more than one row of their file has are not looked for any further: which of them
 * another one stands for cannot be said. To be called once the rows of a file were added, from `from`
 * on. */
void keyed_rows_settle(struct keyed_rows *rows, size_t from, const struct records *records, struct str stem,
		       enum field key);
/* The rows of a later file of the chain that have their keys, each alone, stand for them. */
void keyed_rows_find(const struct keyed_rows *rows, const struct records *records, struct str stem,
		     enum field key, struct mended_rows *m);
void keyed_rows_release(struct keyed_rows *rows);

#endif
