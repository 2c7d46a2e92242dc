/*
 * Books what was read, file by file in order: each row in what was received, its record, its
 * fault, and what is known of the file in the tables. One thread at a time, which may be
 * another than the reader's.
 */
#ifndef YICE_BOOKING_H
#define YICE_BOOKING_H

#include "inbox.h"
#include "rows.h"
#include "run.h"

struct reading { /* one file on its way from the inbox to the tables */
	struct inbox_file *file;
	bool opened; /* it was tried */
	struct export *export; /* NULL: there are no rows to read */
	struct piece **pieces; /* decoded, not yet booked */
	size_t n, cap;
	uint64_t place; /* rows read so far */
	bool whole; /* there are no more pieces than these */
	struct arena arena; /* of the file */
};

struct counts {
	uint64_t rows, accepted, rejected, duplicate;
};

struct booking {
	struct run *r;
	const struct codes *codes;
	struct received *received;
	struct records records;
	struct rowset rejects, files, corrections, decisions, ledger;
	struct counts counts; /* of the file at hand */
	bool changed; /* a file did not stay what it was: nothing may be kept */
};

void booking_init(struct booking *b, struct run *r);
void booking_release(struct booking *b);
/* The three steps of a file; book_rows frees the pieces, book_end closes the file. */
void book_begin(struct booking *b, struct reading *r);
void book_rows(struct booking *b, struct reading *r);
void book_end(struct booking *b, struct reading *r);

#endif
