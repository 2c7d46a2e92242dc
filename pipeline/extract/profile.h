/* What the columns of an unknown export hold, gathered by profile_columns.c for profile.c. */
#ifndef YICE_PROFILE_H
#define YICE_PROFILE_H

#include "layout.h"
#include "looks.h"

enum { MOST_PATTERNS = 64, MOST_WORDS = 8 };

struct pattern { /* 9 a digit, A a letter, 汉 a character: "9{17}A" */
	struct str text;
	uint64_t count;
};

struct column_profile {
	struct str header;
	uint64_t filled, like[LOOK_COUNT];
	struct map values; /* hash of each distinct value -> how often */
	bool many; /* more distinct values than are counted */
	struct pattern patterns[MOST_PATTERNS];
	size_t n_patterns;
	struct str words[MOST_WORDS + 1]; /* the first distinct values */
	size_t n_words;
};

struct profile {
	struct column_profile *columns;
	size_t n;
	uint64_t rows, faulty;
	struct arena arena;
};

void profile_init(struct profile *p, const struct layout *l);
void profile_row(struct profile *p, const struct str *cells, size_t n);
void profile_release(struct profile *p);

/* The pattern that most values have; "" where none is filled. */
struct pattern column_pattern(const struct column_profile *c);
/* What at least nine in ten values look like, else LOOK_COUNT. */
enum look column_look(const struct column_profile *c);

#endif
