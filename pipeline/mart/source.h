/*
 * What a question in SQL reads from: rows that lie in memory already, told cell by cell. A
 * rowset is one, and so is what was reckoned natively (facts.h). Nothing is copied; a column
 * that is asked for a value gets a table of hashes at its first such question, which all
 * threads share; so does one that is asked to be in order.
 */
#ifndef YICE_MART_SOURCE_H
#define YICE_MART_SOURCE_H

#include "table.h"

#include <pthread.h>
#include <stdatomic.h>

enum cell_kind { CELL_NULL, CELL_TEXT, CELL_INTEGER, CELL_REAL };

struct cell {
	enum cell_kind kind;
	struct str text; /* lives as long as the source */
	int64_t integer;
	double real;
};

struct source_column {
	struct str name;
	enum cell_kind kind; /* of its declared type */
	int from; /* column of the rowset */
};

struct source_keys;
struct source_order;

struct source {
	struct str name;
	size_t n, width;
	struct source_column columns[TABLE_MAX_COLUMNS];
	const struct rowset *rows; /* NULL: told by `cell` */
	struct cell (*cell)(const void *facts, size_t row, size_t column);
	const void *facts;
	/* private to source.c */
	_Atomic(struct source_keys *) keys[TABLE_MAX_COLUMNS];
	_Atomic(struct source_order *) orders[TABLE_MAX_COLUMNS];
	pthread_mutex_t lock;
};

struct source *source_new(struct str name);
void source_add_column(struct source *s, struct str name, struct str sql_type, int from);
void source_free(struct source *s);

struct cell source_cell(const struct source *s, size_t row, size_t column);
/* Asks for a row that will be read soon; one behind the end is fine. */
void source_prefetch(const struct source *s, size_t row);
/* The value of a column of a rowset as its type wants it. */
struct cell source_value(const struct source *s, size_t column, struct str text);
struct cell cell_text(struct str text); /* "" is NULL */
struct cell cell_integer(int64_t value);
struct cell cell_real(double value);

/* The rows with that text in that column, in order: the first one, and the next one after a row
 * that was given; SOURCE_END behind the last. */
#define SOURCE_END SIZE_MAX
size_t source_first(struct source *s, size_t column, struct str text);
size_t source_next(const struct source *s, size_t column, size_t row);

/* All rows in the order of that column of texts, NULL first, equal ones as they lie. NULL where it
 * has too many different ones: then it is for who asks to sort. */
const uint32_t *source_in_order(struct source *s, size_t column);

#endif
