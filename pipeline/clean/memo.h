/*
 * What cleaning made of a value that had nothing wrong: exports say the same few thousand
 * words, dates and places again and again. For one thread and one cleaner; of bounded size,
 * a newer value takes the place of an older one.
 */
#ifndef YICE_MEMO_H
#define YICE_MEMO_H

#include "mem.h"

struct clean_memo;

struct clean_memo *clean_memo_new(void);
void clean_memo_free(struct clean_memo *m); /* NULL is fine */

struct memo_key {
	struct str value; /* as it came */
	uint16_t group; /* of checks */
	int32_t today; /* on which day they were made */
};

/* *clean: what became of the value then, in it or in the arena; false where that is not known. */
bool memo_find(const struct clean_memo *m, const struct memo_key *key, struct str *clean,
	       struct arena *a);
void memo_put(struct clean_memo *m, const struct memo_key *key, struct str clean);

#endif
