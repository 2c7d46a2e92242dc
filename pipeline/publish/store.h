/*
 * A store that the master is published to. Between store_open and store_commit nobody else
 * sees anything of it; store_abort (or a dead process) leaves the store as it was.
 */
#ifndef YICE_STORE_H
#define YICE_STORE_H

#include "fault.h"
#include "mem.h"
#include "sql_scripts.h"

struct store;

struct store_kind {
	const char *prefix; /* "sqlite:" */
	struct store *(*open)(const char *url, struct fault *f);
	bool (*script)(struct store *s, struct str sql, const char *name, struct fault *f);
	/* Rows of one table: begin, row ..., end. Columns by name; an empty value is NULL. */
	bool (*begin)(struct store *s, const char *table, const struct str *columns, size_t n, struct fault *f);
	bool (*row)(struct store *s, const struct str *values, struct fault *f);
	bool (*end)(struct store *s, struct fault *f);
	bool (*commit)(struct store *s, struct fault *f); /* frees s, also on failure */
	void (*abort)(struct store *s); /* frees s */
};

extern const struct store_kind store_sqlite, store_postgres;

#endif
