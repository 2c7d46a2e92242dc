/*
 * What is known of each file of the run (extract/files.csv), made ready for cleaner_record,
 * and what became of its rows.
 */
#ifndef YICE_CONTEXTS_H
#define YICE_CONTEXTS_H

#include "cleaner.h"
#include "map.h"

struct file_context {
	struct clean_context context;
	struct str sender;
	struct str feeds; /* names of the tables that its schema feeds, joined by ";" */
	bool expected[F_COUNT];
	struct str headers[F_COUNT];
	uint64_t fates[FATE_REJECTED + 1]; /* rows, by what became of them */
};

struct contexts {
	struct file_context *list; /* the last one stands for files that are not listed */
	size_t n;
	struct map by_stem, by_file;
	struct arena arena;
};

/* `files` is a table_files; its values are kept where they are. Files in quarantine have no
 * rows and are left out: a file that was read may have the same name. */
void contexts_load(struct contexts *c, const struct rowset *files, enum lang lang);
/* Index of the file of that record. */
size_t contexts_find(const struct contexts *c, struct str record_id);
/* By the file's name; NULL where no file of that name was read. */
const struct file_context *contexts_of_file(const struct contexts *c, struct str file);
void contexts_release(struct contexts *c);

#endif
