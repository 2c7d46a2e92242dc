/*
 * Cleansing by rules: rules/cleansing.csv and the lists beside it, compiled once, then used
 * by any number of threads. Each field is normalised, then checked in the order of the
 * rules; every fault is told.
 */
#ifndef YICE_CLEANER_H
#define YICE_CLEANER_H

#include "codes.h"

struct cleaner;

struct clean_context { /* what is known of the file a record came from */
	struct str file; /* for the rejects table */
	struct str schema; /* name; for conditions of the rules */
	const bool *expected; /* [F_COUNT]; NULL: nothing is expected */
	const struct str *headers; /* [F_COUNT], as they came; NULL: none known */
	bool spreadsheet_ids; /* the ID column as a whole went through a spreadsheet */
	bool elsewhere; /* the row stands in tables too that are not at hand: never useless */
	enum lang lang;
};

enum fate { FATE_ACCEPTED, FATE_FLAGGED, FATE_REJECTED };

bool cleaner_load(struct cleaner **c, const char *rules_dir, const struct codes *codes,
		  struct fault *f);
/* Cleans rec in place (values then live in `a` or where they were) and adds a line to
 * `rejects` for each fault. FATE_REJECTED: the row is in no table. A cell that feeds two
 * fields is told once. */
enum fate cleaner_record(const struct cleaner *c, const struct clean_context *context,
			 struct record *rec, struct rowset *rejects, struct arena *a);
/* The same for many records one after the other: what became of a value that comes again is
 * known already. A memo (clean/memo.h) serves one thread and one cleaner. */
struct clean_memo;
enum fate cleaner_record_next(const struct cleaner *c, const struct clean_context *context,
			      struct record *rec, struct rowset *rejects, struct arena *a,
			      struct clean_memo *memo);
/* Step by step what happens to one value, as text for a person. */
void cleaner_explain(const struct cleaner *c, const struct clean_context *context,
		     enum field field, struct str value, enum lang lang, struct buf *out);
struct value_change { /* what one line of cleansing.csv did to one value */
	size_t line;
	const char *check;
	enum field field;
	struct str before, after; /* after is empty: the value is not used */
};
/* Cleans rec as cleaner_record does, and tells each change as it is made. */
void cleaner_watch(const struct cleaner *c, const struct clean_context *context,
		   struct record *rec,
		   void (*changed)(void *who, const struct value_change *change), void *who,
		   struct arena *a);
void cleaner_free(struct cleaner *c);
/* cleansing.csv and the lists that only the cleaner reads; for `yice rules check`. */
bool cleaner_check(const char *rules_dir, struct fault *f);

#endif
