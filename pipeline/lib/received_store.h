/* Private to the files of the received store: its tables in memory. */
#ifndef YICE_RECEIVED_STORE_H
#define YICE_RECEIVED_STORE_H

#include "received.h"

#include "infile.h"
#include "map.h"
#include "mem.h"
#include "outfile.h"
#include "spill.h"

#define NONE UINT32_MAX /* no file, no content */

struct content {
	struct hash128 values;
	uint64_t key; /* never 0: the values' own hash where the row has no key */
	uint32_t file, row;
	uint32_t length; /* of the original bytes */
	uint32_t last_file; /* where it was seen last */
};

/* A row of a folder that was read without those before it, which they have: only its bytes lie
 * there. `file` is NONE, `last_file` the content that it repeats (NONE: of a file that came before). */
static inline bool is_gap(const struct content *c)
{
	return c->file == NONE;
}

struct one_sight {
	uint32_t file, row, content;
	uint32_t before; /* the sight of the same key that arrived before it, or NONE; once sorted: the
			  * sight that names its record */
};

struct key_entry { /* the newest sight of a key so far */
	uint64_t key;
	uint32_t file, row, content;
	uint32_t last; /* sight of that key that arrived last */
};

struct file_entry {
	struct received_file info;
	uint32_t first_content, n_contents;
	uint32_t folder;
	uint32_t rank; /* in the order of date and name; set by settle */
	uint32_t series; /* of its sender and schema */
};

struct folder { /* where contents lie: original bytes are read at the first request */
	struct str dir;
	uint32_t first_content, n_contents;
	struct rows *rows; /* received_rows.c; NULL until then */
};

struct rename { /* a content that goes by another name, or by one more */
	uint32_t content, file, row;
	uint32_t last_file; /* of one more: where that record was seen last */
};

struct other_name { /* a sight of a record that a late file named */
	uint32_t file, row;
	uint32_t content, name_file, name_row;
	uint32_t extra; /* of the extras: the record, which was seen last for itself; or NONE */
};

struct received {
	struct arena arena;
	struct content *contents;
	size_t n_contents, cap_contents;
	struct one_sight *sights;
	size_t n_sights, cap_sights;
	struct key_entry *keys;
	size_t n_keys, cap_keys;
	struct file_entry *files;
	size_t n_files, cap_files;
	struct map series; /* sender and schema -> index of newest */
	uint32_t *newest; /* file of that series */
	size_t n_newest, cap_newest;
	struct folder *folders;
	size_t n_folders, cap_folders;
	uint32_t *by_values, *by_key, *by_stem; /* open addressing: index + 1 */
	size_t slots_values, slots_key, slots_stem;
	bool last_known; /* the last folder's files were in an earlier one */
	bool joined; /* the last folder was written by who knew none of the others */
	bool late; /* some file came after one that it precedes */
	/* being written */
	struct outfile *out_keys, *out_rows;
	struct buf line;
	uint32_t last_row, last_content;
	/* settled */
	unsigned char *states;
	bool sorted; /* the sights are in the order of keys, files and rows */
	struct rename *renames, *extras;
	size_t n_renames, cap_renames, n_extras, cap_extras;
	struct map newest_extras; /* key -> its newest record, where that is one of the extras */
	struct other_name *other_names; /* in the order of files and rows */
	size_t n_other_names, cap_other_names;
	struct original *original; /* received_rows.c */
};

/* received.c */
void received_add_folder(struct received *rc, const char *dir);
void received_add_file(struct received *rc, const struct received_file *info);
uint32_t received_add_content(struct received *rc, struct hash128 values, uint64_t key, uint32_t row,
			      uint32_t length);
void received_add_sight(struct received *rc, uint32_t row, uint32_t content);
uint32_t received_find_file(const struct received *rc, struct str stem);
uint32_t received_find_content(const struct received *rc, struct str stem, uint32_t row);
struct key_entry *received_find_key(const struct received *rc, uint64_t key);
/* The content that a row with these values repeats, or NONE where it is a new record. */
uint32_t received_repeats(const struct received *rc, uint32_t row, struct hash128 values, uint64_t key);

static inline bool same_values(const struct content *c, struct hash128 values)
{
	return c->values.lo == values.lo && c->values.hi == values.hi;
}

/* Where the row has no key, its values are it. */
static inline uint64_t received_key_of(struct hash128 values, uint64_t key)
{
	return key ? key : (values.lo ^ values.hi) | 1;
}

static inline struct str received_key_text(const uint64_t *key)
{
	return (struct str){ (const char *)key, sizeof(*key) };
}

/* The row of that file that is kept or a gap, or NONE. */
uint32_t received_find_row(const struct received *rc, uint32_t file, uint32_t row);
/* The newest content of these values, or NONE. */
uint32_t received_find_values(const struct received *rc, struct hash128 values);

/* received_rows.c */
void received_rows_open(struct received *rc);
void received_rows_close(struct received *rc);

/* received_file.c */
struct str received_path(struct received *rc, const struct folder *folder, const char *name);

/* received_settle.c */
const struct rename *received_rename(const struct received *rc, uint32_t content);
/* Of a sight that is no kept row of its own; NULL where no late file named its record. */
const struct other_name *received_other_name(const struct received *rc, struct str stem, uint32_t row);

#endif
