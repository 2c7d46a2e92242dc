/*
 * The records of an .xls ([MS-XLS]; before Excel 97, OpenOffice's description of BIFF5), and
 * the texts in them, which may go on in records of type CONTINUE.
 */
#ifndef YICE_BIFF_H
#define YICE_BIFF_H

#include "mem.h"

enum { BIFF8 = 0x600 }; /* since Excel 97: texts are Unicode */

struct biff {
	struct str stream;
	unsigned version;
};

struct biff_record {
	unsigned type;
	struct str data;
	size_t next; /* offset behind it */
};

/* The record at that offset; false where it would go beyond the stream. */
bool biff_next(const struct biff *biff, size_t at, struct biff_record *r);
/* The text at `at` of a record, behind its length of one or two bytes. */
struct str biff_text(const struct biff *biff, const struct biff_record *record, size_t at,
		     int length_bytes, struct arena *a);
/* The table of texts (SST) that cells of all sheets point into. */
struct str *biff_shared_texts(const struct biff *biff, const struct biff_record *record, size_t *n,
			      struct arena *a);

#endif
