/*
 * Finds where each row of an export begins and ends, without decoding it (no byte of a
 * GB18030 character is a comma, tab, semicolon, quote or line end). A quote that is never
 * closed costs the rows up to the next line that fits the header, not the rest of the file.
 */
#ifndef YICE_SPLITTER_H
#define YICE_SPLITTER_H

#include "csv_scan.h"

struct splitter {
	struct str text;
	struct dialect dialect;
	size_t least, width; /* how many fields a row may have; 0: any number */
	size_t max_row; /* bytes */
	size_t at; /* where the next row begins */
	uint32_t row; /* of the last one; a quoted line break starts no new row */
	size_t quote; /* no quote before this offset, and behind `at` one only there */
	size_t no_row; /* from `at` to here no line begins a row of its own */
};

enum split {
	SPLIT_ROW, /* a row, whatever its number of fields */
	SPLIT_BLANK, /* nothing but white space */
	SPLIT_QUOTES, /* a stretch whose quotes cannot be made out */
	SPLIT_LONG, /* over max_row */
	SPLIT_END
};

/* The next row, its line end included; s->row is its number. */
enum split splitter_next(struct splitter *s, struct str *row);
/* '\n', or '\r' where the first line that ends ends in a bare CR. */
char splitter_line_end(struct str text);

#endif
