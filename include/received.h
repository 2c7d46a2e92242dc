/*
 * What was ever received: the distinct rows of each export as they came (compressed, with
 * file, row, byte offset) and each sight of them. A folder holds what one run brought, as
 * received.keys.gz (files, sights, hashes) and received.rows.gz (original bytes); a state is
 * a series of such folders, the extract/ folder of a run directory is one.
 *
 * A row is told apart by sender, schema and its decoded values. Within one key of a sender
 * (where it has none: within one set of values) sights are ordered by file date, file name
 * and row; a run of equal ones is one record: the first sight names it, the last is its
 * last_seen. As that order does not ask when a file arrived, the records are the same in
 * whatever order and in how many runs files come. A file that comes late may therefore give
 * an older name to a record already kept: such records are renamed (received_settle).
 */
#ifndef YICE_RECEIVED_H
#define YICE_RECEIVED_H

#include "digest.h"
#include "record.h"

struct received;

struct received_file { /* one file as it was received */
	struct str name, stem, schema, sender, sha256, encoding;
	char delimiter;
	bool full; /* its schema's exports are full: what is missing was withdrawn */
	char observed_on[10];
	struct str header; /* original bytes of its header row */
	uint32_t rows; /* data rows, duplicates included */
};

/* The order of files: date, then name. */
int received_file_cmp(const struct received_file *a, const struct received_file *b);

enum sight {
	SIGHT_NEW, /* first of its values, or back after another row of its key */
	SIGHT_DUPLICATE,
};

/* Reads what the folders hold, oldest first; a folder without the files holds nothing. Where the
 * last was written by who knew of none of the others, its rows are taken as if they came now.
 * NULL with a fault when one is damaged, or a file of that last one came before with other
 * contents. */
struct received *received_open(const char *const *dirs, size_t n, struct fault *f);
/* Whether the last folder was passed over, since its files stand in an earlier one: the run
 * directory of a run that the state holds. */
bool received_last_known(const struct received *rc);
/* Whether the last folder holds that row, but adds nothing by it: who wrote it knew of none of the
 * others (a stage run by hand), and they have its file, or a row that it repeats. */
bool received_left_out(const struct received *rc, struct str stem, uint32_t row);
/* From now on new rows are written below `dir` too. */
bool received_create(struct received *rc, const char *dir, struct fault *f);
/* The file of that stem, or NULL. */
const struct received_file *received_find(const struct received *rc, struct str stem);
size_t received_files(const struct received *rc);
const struct received_file *received_file(const struct received *rc, size_t i);

/* Begins a new file (strings are copied); then each of its rows in order. `key` is 0 where
 * the row has no key of its sender; else a hash of sender, schema and key. */
void received_begin(struct received *rc, const struct received_file *file);
enum sight received_sight(struct received *rc, uint32_t row, uint64_t offset, struct str bytes,
			  struct hash128 values, uint64_t key);
/* Tells the processor that such a row comes soon: what is known of it lies anywhere in memory. */
void received_prefetch(const struct received *rc, struct hash128 values, uint64_t key);
void received_end(struct received *rc);
/* Completes the files of received_create. */
bool received_commit(struct received *rc, struct fault *f);

/* What became of a kept row when all files are seen in order. */
enum kept_state {
	KEPT, /* a record of its own */
	KEPT_REPEATED, /* no record: an earlier file that came late had it first */
	KEPT_WITHDRAWN, /* gone from a later full export */
};

struct kept {
	enum kept_state state;
	struct str stem; /* the name of the record: usually that of the kept row */
	uint32_t row;
	struct str observed_on; /* of that name's file */
	struct str last_seen, last_stem; /* day and file of the last sight */
};

/* Orders all sights; to be called once, after the last received_end: no more can follow. */
void received_settle(struct received *rc);
/* A sight that does not name its record. It did wherever the files before had not come yet. */
struct received_repeat {
	uint32_t file, row; /* files as received_file counts them */
	uint32_t name_file, name_row; /* the record's name */
};
struct received_cursor { /* starts zeroed */
	size_t at;
	uint32_t sight;
	bool within;
};
/* The next of them, those of one key side by side; after received_settle. */
bool received_next_repeat(const struct received *rc, struct received_cursor *cursor,
			  struct received_repeat *repeat);
/* From now on there are none: tens of millions of sights need not lie there for nothing. */
void received_forget_repeats(struct received *rc);
/* Is any row gone from a later full export? After received_settle. */
bool received_withdrew(const struct received *rc);
/* Of a kept row, or of any sight of a record that a late file named. False where there is no
 * such row. */
bool received_kept(const struct received *rc, struct str stem, uint32_t row, struct kept *kept);
/* Turns the name of a record that a late file named into the kept row behind it; false, and as it
 * was, for any other. */
bool received_place(const struct received *rc, struct str *stem, uint32_t *row);
/* The next record (from *cursor on, first 0) that was seen again on a later date. */
bool received_next_seen(const struct received *rc, size_t *cursor, struct kept *kept);
/* Records that stand beside the kept ones with the same values (a value that came back
 * between two files that arrived before): of which kept row, under which name. */
size_t received_extras(const struct received *rc);
void received_extra(const struct received *rc, size_t i, struct str *stem, uint32_t *row,
		    struct kept *kept);

/* Has that row a key of its sender? False where it is not kept, too. */
bool received_has_key(const struct received *rc, struct str stem, uint32_t row);
/* The newest row of the same key of the same sender and schema: its record's name. False
 * where the row has no key or is not kept. */
bool received_newest(const struct received *rc, struct str stem, uint32_t row, struct str *newest_stem,
		     uint32_t *newest_row);

/* The original bytes of a kept row; they live as long as rc. False where they were emptied
 * since somebody asked to be forgotten. */
bool received_original(struct received *rc, struct str stem, uint32_t row, struct str *bytes,
		       struct fault *f);
/* Many at once: after received_fetch, received_original has the bytes of all rows that
 * received_want was told, read in their order and on --jobs threads. */
void received_want(struct received *rc, struct str stem, uint32_t row);
bool received_fetch(struct received *rc, struct fault *f);
/* Kept rows of a file in order: for reading them again after a change of rules. The bytes
 * live until the next. */
size_t received_kept_rows(const struct received *rc, size_t file);
bool received_kept_row(struct received *rc, size_t file, size_t i, uint32_t *row, struct str *bytes,
		       struct fault *f);
/* Writes a folder anew below `dir` (NULL: only reads it), row by row as `scrub` says: it may change the bytes (in
 * place, the length stays) or tell that nothing of the row may be left. Such a row keeps its
 * place and its number, without bytes, under a hash that `scrub` gives it. */
bool received_rewrite(const char *from, const char *dir,
		      bool (*scrub)(void *context, struct str stem, uint32_t row, char *bytes, size_t n,
				    struct hash128 *values),
		      void *context, struct fault *f);
void received_close(struct received *rc);

#endif
