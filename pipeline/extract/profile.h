/*
 * An export that nobody has seen before: profile.c finds its layout, profile_columns.c
 * gathers what the columns hold, profile_headless.c sees that the header row is a row of values,
 * profile_guess.c says which fields they seem to be, and profile_write.c puts it down as a table
 * and as a schema.
 */
#ifndef YICE_PROFILE_H
#define YICE_PROFILE_H

#include "infile.h"
#include "layout.h"
#include "looks.h"

enum { MOST_PATTERNS = 64, MOST_WORDS = 8 };

struct pattern { /* 9 a digit, A a letter, 汉 a character, full width too: "9{17}A" */
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
/* How many of its values have the pattern of this one. */
uint64_t column_alike(const struct column_profile *c, struct str value);
/* What at least nine in ten values look like, else LOOK_COUNT. */
enum look column_look(const struct column_profile *c);

struct guess { /* what a column seems to be */
	const struct schema_column *column; /* known by its header */
	enum field field; /* else by its values; F_COUNT: unknown */
};

struct profiling {
	const struct schemas *schemas;
	const struct schema *nearest; /* the schema with the most of these headers */
	struct map known; /* header -> schema and column */
	struct infile file;
	struct buf sheet;
	char *image;
	enum encoding encoding;
	struct str text; /* behind the BOM, as it is split */
	struct layout layout;
	struct profile profile;
	struct guess *guesses;
	struct arena arena;
	const struct limits *limits;
};

/* The row that was taken for the header holds values, as the rows below it do: nothing of it may
 * be shown. */
bool profile_headless(struct profiling *p);

/* Which schema is nearest, and what each column seems to be: by its header, by what its
 * header ends in, by what its values look like. */
void profile_guess(struct profiling *p);
bool profile_has(const struct profiling *p, enum field field);

void profile_table(struct profiling *p, const char *path, struct buf *b);
void profile_proposal(struct profiling *p, struct buf *b);

#endif
