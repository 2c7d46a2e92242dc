/*
 * rules/words.csv: field, word as it comes, value of the tables. Case and white space make
 * no difference; a value of the tables is a word for itself; a word without a value says
 * that there is nothing to say (性别 未知).
 */
#ifndef YICE_WORDS_H
#define YICE_WORDS_H

#include "map.h"
#include "record.h"

struct words {
	struct map of[F_COUNT]; /* word -> index into values */
	struct str *values;
	struct str *listed[F_COUNT]; /* the words as written, for suggestions */
	size_t n_listed[F_COUNT];
	struct arena arena;
};

bool words_load(struct words *w, const char *rules_dir, struct fault *f);
/* NULL where the list of the field does not have the word. */
const struct str *words_find(const struct words *w, enum field field, struct str word);
/* The listed word that is nearest, or NULL. */
const struct str *words_nearest(const struct words *w, enum field field, struct str word);
void words_release(struct words *w);

#endif
