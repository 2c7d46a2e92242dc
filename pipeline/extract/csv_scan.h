/*
 * The grammar of one CSV row, as RFC 4180 has it and as it is met. All that knows quotes
 * asks here, so finding where a row ends and taking it apart cannot disagree.
 */
#ifndef YICE_CSV_SCAN_H
#define YICE_CSV_SCAN_H

#include "mem.h"

struct dialect {
	char delimiter;
	char line_end; /* '\n' (a CR before it belongs to it), or '\r' */
	bool wide; /* GB18030 and a delimiter that can be the later byte of a character */
};

/* Ways to read quotes, from the rule to the most forgiving. */
enum quoting {
	QUOTING_STRICT, /* RFC 4180; quotes inside unquoted fields are text, and spaces around
			 * a quoted field are padding */
	QUOTING_STRAY, /* a quote inside a quoted field that ends nothing is text: "5" 屏" */
	QUOTING_LOOSE, /* text behind the quotes belongs to the field: "a"b */
	QUOTING_COUNT
};

struct csv_field {
	struct str content; /* between the quotes */
	bool escaped; /* some "" in it stand for one quote; loose text may be in it */
	bool last; /* the row ends behind it */
	const char *next; /* behind the delimiter or the line end */
};

/* The field that begins at p. False where it cannot be read so: a quote that ends nothing,
 * or no closing quote before `end`. */
bool csv_field_scan(const struct dialect *d, enum quoting quoting, const char *p,
		    const char *end, struct csv_field *field);

struct csv_shape { /* of a row */
	bool ok; /* it can be read so */
	size_t n; /* fields */
	size_t filled; /* fields up to the last that is not empty */
	const char *end; /* behind its line end */
};

struct csv_shape csv_shape(const struct dialect *d, enum quoting quoting, const char *p,
			   const char *end);

/* The fields of the one row that `text` is, without their quotes: as many as there are, the
 * first `max` of them in fields. The way of reading that gives a row of at least `least` and
 * at most `width` fields (empty ones beyond it do not count) is taken, else the first that
 * can read it at all. Copies go to `a`. False where none can. */
bool csv_split(const struct dialect *d, struct str text, size_t least, size_t width,
	       struct str *fields, size_t max, size_t *n, struct arena *a);

/* How many fields a line would have if quotes meant nothing. */
size_t csv_raw_fields(const struct dialect *d, const char *p, const char *end);
/* How many fields such a row has when empty ones at its end are not counted. */
size_t csv_filled(const struct dialect *d, struct str text);

static inline bool csv_shape_fits(const struct csv_shape *shape, size_t least, size_t width)
{
	return shape->ok && shape->n >= least && (shape->n <= width || shape->filled <= width);
}

#endif
