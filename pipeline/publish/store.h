/*
 * A store that the master is published to. Between open and commit nobody else sees anything
 * of it; abort (or a dead process) leaves the store as it was.
 *
 * A store is `fresh` where no night of this layout is in it: its tables are made anew. Else
 * the tables of the last night are there, perhaps of an earlier layout, and only what changed is
 * to be written.
 */
#ifndef YICE_STORE_H
#define YICE_STORE_H

#include "fault.h"
#include "mem.h"
#include "sql_scripts.h"

struct store;

enum store_use {
	STORE_SNAPSHOT, /* the one night, written anew: always fresh, no history */
	STORE_LASTING, /* night after night in one place, with history */
	STORE_EXISTING, /* no night is put in: a store that is not there is a fault */
};

struct store_kind {
	const char *prefixes[2]; /* "sqlite:" */
	/* What can be told of a URL before anything is opened: EXIT_USAGE. NULL: nothing. */
	bool (*check)(const char *url, struct fault *f);
	struct store *(*open)(const char *url, enum store_use use, struct fault *f);
	/* Statements, ended by ";". `what` is what they do, for the fault. */
	bool (*run)(struct store *s, const char *sql, const char *what, struct fault *f);
	/* The first column of a query, NULL as "": at most `most` rows, *n of them. */
	bool (*ask)(struct store *s, const char *sql, struct arena *a, struct str *values, size_t most,
		    size_t *n, struct fault *f);
	/* Rows of one table: begin, row ..., end. Columns by name; an empty value is NULL. */
	bool (*begin)(struct store *s, const char *table, const struct str *columns, size_t n, struct fault *f);
	bool (*row)(struct store *s, const struct str *values, struct fault *f);
	bool (*end)(struct store *s, struct fault *f);
	bool (*commit)(struct store *s, struct fault *f); /* frees s, also on failure */
	void (*abort)(struct store *s); /* frees s */
	/* Where the dialects differ. */
	struct str (*functions)(void); /* what the views need, and the view `lineage` */
	struct str (*roles)(void); /* who may see what; NULL: the store has no roles */
	const char *tables; /* query: the tables, views left out */
	const char *columns_of; /* query: the columns of a table, %s */
	const char *settle; /* what a filled staging table needs before its name; NULL: an index */
};

struct store { /* what every kind begins with */
	const struct store_kind *kind;
	bool fresh, lasting;
	int64_t version; /* of the layout of one that is not fresh: 1 to STORE_VERSION */
};

extern const struct store_kind store_sqlite, store_postgres;

/* The kind that a URL names; NULL with a fault. */
const struct store_kind *store_kind_of(const char *url, struct fault *f);

/* The number of the layout of schemas/sql/: raised where a store of before must be changed. */
enum { STORE_VERSION = 2 };

/* EXIT_FAILED, with the remedy: a store of a layout that this program does not know. */
bool store_version_fault(const char *place, int64_t version, struct fault *f);

#endif
