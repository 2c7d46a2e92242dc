/* Resident numbers, for id_number.c. */
#ifndef YICE_CHECK_RESIDENT_H
#define YICE_CHECK_RESIDENT_H

#include "date.h"
#include "form.h"
#include "id_number.h"

static inline unsigned two_digits(const char *p)
{
	return (unsigned)(p[0] - '0') * 10 + (unsigned)(p[1] - '0');
}

/* Day number of YYYYMMDD (digits), INT32_MIN where nobody is born on such a day. */
static inline int32_t birth_day(const char *eight)
{
	unsigned year = two_digits(eight) * 100 + two_digits(eight + 2);

	if (year < 1800 || year >= 2100)
		return INT32_MIN;
	return date_make((int)year, (int)two_digits(eight + 4), (int)two_digits(eight + 6));
}

static inline uint32_t region_code(const char *six)
{
	return (uint32_t)(two_digits(six) * 10000 + two_digits(six + 2) * 100 +
			  two_digits(six + 4));
}

static inline bool all_digits(struct str s, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		if (!is_digit(s.p[i]))
			return false;
	return true;
}

/* The usual value, at once: nothing to repair, nothing to doubt. False: look closer. */
bool resident_at_once(const struct reference *ref, const struct id_context *context, struct str raw,
		      struct id_number *out);
/* Of a number that is, or is said to be, a person's with 18 or 15 digits. */
void resident_judge(const struct reference *ref, const struct id_context *context, struct arena *a,
		    struct id_number *out);

#endif
