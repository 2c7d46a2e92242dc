/*
 * Private to the reading of a schema: one schema while its lines are taken, in
 * schema_file.c (settings, constants, joins), schema_columns.c (columns and their headers)
 * and schema_whole.c (what only shows when all lines are read).
 */
#ifndef YICE_SCHEMA_LOADER_H
#define YICE_SCHEMA_LOADER_H

#include "rules.h"
#include "schema.h"

/* One schema while it is read: the lists grow here and are copied into the arena when the
 * file is done. `line` is where
 * the reader stands, for the sentences about mistakes. */
struct loader {
	struct schema *schema;
	const struct rules *rules; /* the file */
	struct arena *arena;
	struct fault *fault;
	size_t line, mistakes;
	struct schema_column *columns;
	size_t *column_lines;
	size_t n_columns, cap_columns, cap_column_lines;
	struct schema_constant *constants;
	size_t n_constants, cap_constants;
	struct schema_join *joins;
	size_t n_joins, cap_joins;
	struct map seen; /* "source", "join address" -> line; each stands once */
	struct map lines; /* header, as headers are compared -> line */
};

/* Tells a mistake in the line at hand. */
void loader_mistake(struct loader *l, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Goes to the line of that word (and field, unless F_COUNT), so that a mistake is told there;
 * to line 1 where there is none. */
void loader_at(struct loader *l, const char *word, enum field field);

/* The field of that name; F_COUNT and a mistake, with the nearest, where there is none. */
enum field loader_field(struct loader *l, struct str name);
struct str loader_field_name(const struct loader *l, enum field field);

/* schema_columns.c: a line "column". */
void loader_column(struct loader *l, struct str fields, struct str header, struct str variants);
/* part -1: any piece of it. */
bool loader_has_column(const struct loader *l, enum field field, int part);

/* schema_whole.c */
void loader_check_whole(struct loader *l);

#endif
