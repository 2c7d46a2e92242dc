/* Changes of form that every check makes silently before it looks at the content. */
#ifndef YICE_CHECK_FORM_H
#define YICE_CHECK_FORM_H

#include "mem.h"

/* Full-width to half-width, upper case, a spreadsheet's text marks, white space and the
 * ASCII characters of `drop` removed, and a label such as 手机: in front. */
struct str form_code(struct arena *a, struct str raw, const char *drop);
/* The same for phones: blanks and separators stay, for they tell numbers apart. */
struct str form_phone(struct arena *a, struct str raw);
/* Clean text (text.h) without a spreadsheet's marks, for values that are words. */
struct str form_text(struct arena *a, struct str raw);
/* 1.10101E+17, 1.38E10: a number that a spreadsheet wrote with an exponent. `mantissa`: its
 * digits without the point; `exponent` as it stands. */
bool form_scientific(struct str s, struct str *mantissa, unsigned *exponent, struct arena *a);
/* All characters the same, or a run such as 123456789 throughout. */
bool form_monotonous(struct str s);
/* With one ASCII character replaced. */
struct str form_with(struct arena *a, struct str s, size_t at, char c);

static inline bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline bool is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

#endif
