/* What numbers are written with, among bytes of any encoding. */
#ifndef YICE_NUMBER_BYTES_H
#define YICE_NUMBER_BYTES_H

#include <stdbool.h>

static inline bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* What people put between the digits of a number; zeros are a half of UTF-16. */
static inline bool is_filler(char c)
{
	return c == '\0' || c == ' ' || c == '-' || c == '/' || c == '.' || c == '_';
}

#endif
