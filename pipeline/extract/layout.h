/* How an export is laid out: which encoding and delimiter, and where its header row is. */
#ifndef YICE_LAYOUT_H
#define YICE_LAYOUT_H

#include "encoding.h"
#include "header.h"
#include "read_limits.h"
#include "splitter.h"

struct layout {
	struct dialect dialect;
	size_t start, end; /* of the header row in the text */
	uint32_t row; /* its number */
	size_t score; /* columns of the schema that it names */
	struct str *cells; /* decoded, n of them */
	size_t n;
};

/*
 * The line among the first ones, and the delimiter, that give the most columns of the schema;
 * a line "sep=;" on top names the delimiter and is no row. `text` stands behind the BOM and is
 * UTF-8 or GB18030. False where no line is a header.
 */
bool layout_find(struct layout *l, struct str text, enum encoding encoding,
		 const struct map *known, const struct limits *limits, struct arena *a);

/* Where the data ends: before lines of totals (合计, 总计) and blank ones at the bottom. */
size_t layout_data_end(const struct layout *l, struct str text, enum encoding encoding);

/* Decodes and takes apart one row; the cells live in `a` or the text. False where it cannot. */
bool layout_cells(const struct dialect *d, enum encoding encoding, struct str row, size_t max,
		  struct str **cells, size_t *n, struct arena *a);

#endif
