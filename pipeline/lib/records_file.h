/* The tables of records as files: private to records_file.c, records_load.c and records_cut.c. */
#ifndef YICE_RECORDS_FILE_H
#define YICE_RECORDS_FILE_H

#include <limits.h>

#include "infile.h"
#include "record.h"

/* DIR/customer.csv and its like. */
bool records_path(char path[PATH_MAX], const char *dir, enum entity entity, struct fault *f);

/*
 * The three tables cut into pieces that can be read side by side: piece k has the rows whose
 * record_id is from ids[k] up to ids[k + 1], provided that they are in order, which whoever
 * reads a piece checks.
 */
struct cut_table {
	char path[PATH_MAX];
	struct infile file;
	bool open;
	struct str header, rows; /* in the file */
	size_t *blocks, n_blocks; /* a start of a row in, or behind, every so many bytes */
	size_t *starts; /* of each piece in the rows; n + 1 */
};

struct records_cuts {
	struct cut_table tables[ENTITY_COUNT];
	struct str *ids; /* of each piece; the first has none */
	size_t n;
};

/* False where there is nothing to gain (small tables), and for tables that are not quite as we
 * write them. Nothing is to be released then. */
bool records_cuts_make(struct records_cuts *c, const char *dir, unsigned jobs);
/* Asked after the last piece was read: the files are still what they were. */
bool records_cuts_intact(const struct records_cuts *c);
void records_cuts_release(struct records_cuts *c);

static inline struct str cut_rows(const struct records_cuts *c, enum entity e, size_t piece)
{
	const struct cut_table *t = &c->tables[e];

	return t->rows.n ? str_span(t->rows.p + t->starts[piece], t->rows.p + t->starts[piece + 1]) :
			   (struct str){ 0 };
}

#endif
