/* Checks of values with little structure, and what all values share. */
#ifndef YICE_PLAIN_VALUE_H
#define YICE_PLAIN_VALUE_H

#include "verdict.h"

/* The text marks of a spreadsheet taken off: a leading apostrophe or TAB, ="...". A slice. */
struct str value_undress(struct str raw);

/* TEXT_GARBLED: 锟斤拷, U+FFFD, question marks for characters, UTF-8 read as GBK. Repaired (a
 * fix) only where the whole value goes back without loss. `prose`: free text, where people
 * write ?? themselves. */
void text_check(const struct reference *ref, bool prose, struct str raw, struct arena *a,
		struct verdict *out);

void email_check(const struct reference *ref, struct str raw, struct arena *a, struct verdict *out);

struct number_context {
	bool negative; /* may be below zero */
	bool whole; /* a count or mileage: no fraction */
	double max; /* 0: none */
};

/* ¥1,234.50, 1234.5元, 12.5万 -> plain decimal digits, exact, no trailing zeros cut. */
void number_check(const struct number_context *context, struct str raw, struct arena *a,
		  struct verdict *out);

#endif
