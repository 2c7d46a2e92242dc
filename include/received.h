/*
 * What was ever received: the distinct rows of each export as they came (compressed, with
 * file, row, offset) and each sight of them. The same form lies in a state and in the
 * extract/ folder of a run directory.
 *
 * A row is told apart by sender, schema and its values. Within one key of a sender (or, where
 * it has none, one set of values) sights are ordered by date, file and row; a run of equal
 * ones is one record: the first sight names it, the last is its last_seen.
 */
#ifndef YICE_RECEIVED_H
#define YICE_RECEIVED_H

#include "digest.h"
#include "record.h"
#include "schema.h"

struct received;

struct received_file { /* one file as it was received */
	struct str name, stem, schema, sender, sha256, encoding;
	char delimiter;
	bool full;
	char observed_on[10];
	struct str header; /* original bytes of its header row */
};

/* Opens DIR (a state, or a run's extract folder) for reading; a folder with nothing in it
 * is an empty one. */
struct received *received_open(const char *dir, struct fault *f);
void received_close(struct received *rc);

#endif
