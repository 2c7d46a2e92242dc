/*
 * Rows of one export on their way from bytes to records. A piece of them is decoded by one
 * worker; whoever books pieces in order finds in them all that there is to know of their rows.
 */
#ifndef YICE_ROWS_H
#define YICE_ROWS_H

#include "export.h"
#include "forgotten.h"
#include "looks.h"
#include "reference.h"

enum { PIECE_ROWS = 256 }; /* with their records they fit the cache of a core */

struct row {
	struct raw_row raw;
	struct str *correction; /* [CRW_COLUMNS] of a correction file; else NULL */
	const char *code; /* NULL: it is a row */
	struct str detail;
	struct hash128 values;
	uint64_t key;
	bool forgotten; /* of somebody who asked to be: nothing of it is kept */
};

struct piece { /* rows of one file, in order */
	struct row rows[PIECE_ROWS];
	size_t n;
	uint64_t place; /* of the first one among the data rows of the file */
	struct records records; /* of those rows that are records of somebody, in order */
	struct evidence evidence;
	struct arena arena;
};

struct piece *piece_new(uint64_t place);
void piece_free(struct piece *piece); /* NULL is fine */
/* Fills it with the next rows of the export, as they came; false where none is left. */
bool piece_fill(struct piece *piece, struct export *e);
/* Decodes its rows. The bytes of the export must stay until they are booked. */
void piece_decode(struct piece *piece, const struct export *e, const struct export_name *name,
		  const struct reference *reference, const struct forgotten *forgotten);

#endif
