/* What the checks of mobiles and of any phone share: the numbers of one cell. */
#ifndef YICE_CHECK_PHONE_CELL_H
#define YICE_CHECK_PHONE_CELL_H

#include "phone_number.h"
#include "tables.h"

enum { MOBILE_DIGITS = 11, PIECES_MAX = 8 };

struct pieces { /* the numbers of one cell */
	struct str digits[PIECES_MAX]; /* + may stand in front */
	size_t n;
	struct str words; /* the first text between them that is no separator */
	bool letter; /* somewhere */
	bool broken; /* a letter between digits */
};

/* Cuts a cell into its numbers. */
void phone_cut(struct str s, struct arena *a, struct pieces *pieces);
/* Parts the one run of digits that is two mobiles or a mobile and a landline, whose blank was taken
 * for one within a number (010-65012345 13912342468). */
void phone_split(const struct reference *ref, struct pieces *pieces);
/* Without 86, 0086, +86 and 0 before a mobile. */
struct str phone_without_country(struct str s);
/* Nobody's number: by its list, or typed idly. */
bool phone_placeholder(const struct reference *ref, struct str s);
/* A number with an exponent: judged as a mobile where all digits are there, else told as lost.
 * False where it is none. */
bool mobile_scientific(const struct reference *ref, struct str s, struct arena *a,
		       struct verdict *v);

#endif
