#define _GNU_SOURCE /* memmem */
#include "str.h"

bool str_starts(struct str s, struct str prefix)
{
	return s.n >= prefix.n && str_eq((struct str){ s.p, prefix.n }, prefix);
}

bool str_ends(struct str s, struct str suffix)
{
	return s.n >= suffix.n &&
	       str_eq((struct str){ s.p + (s.n - suffix.n), suffix.n }, suffix);
}

ptrdiff_t str_find(struct str s, struct str part)
{
	const char *at;

	if (part.n == 0)
		return 0;
	if (part.n > s.n)
		return -1;
	at = memmem(s.p, s.n, part.p, part.n);
	return at ? at - s.p : -1;
}

bool str_has(struct str s, struct str part)
{
	return str_find(s, part) >= 0;
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct str str_trim(struct str s)
{
	while (s.n > 0 && is_space(s.p[0])) {
		s.p++;
		s.n--;
	}
	while (s.n > 0 && is_space(s.p[s.n - 1]))
		s.n--;
	return s;
}

/* Behind a separator at the very end stands one more, empty piece. That it is still due is
 * told by where the (empty) rest points, so that a caller may also use the rest as it is. */
static char one_more[1]; /* not const: a compiler may lay equal constants on one address */

bool str_cut(struct str *rest, char sep, struct str *piece)
{
	const char *at;

	if (rest->n == 0) {
		*piece = STR("");
		if (rest->p != one_more)
			return false;
		*rest = STR("");
		return true;
	}
	at = memchr(rest->p, sep, rest->n);
	if (!at) {
		*piece = *rest;
		*rest = STR("");
		return true;
	}
	*piece = str_span(rest->p, at);
	*rest = str_span(at + 1, rest->p + rest->n);
	if (rest->n == 0)
		rest->p = one_more;
	return true;
}

bool str_is_one_of(struct str s, struct str list, char sep)
{
	struct str piece;

	while (str_cut(&list, sep, &piece))
		if (str_eq(piece, s))
			return true;
	return false;
}

bool str_is_digits(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
	return s.n > 0;
}

bool str_u64(struct str s, uint64_t *value)
{
	uint64_t v = 0;

	if (s.n == 0)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		unsigned digit = (unsigned char)s.p[i] - '0';

		if (digit > 9 || v > (UINT64_MAX - digit) / 10)
			return false;
		v = v * 10 + digit;
	}
	*value = v;
	return true;
}

bool str_i64(struct str s, int64_t *value)
{
	bool minus = s.n > 0 && s.p[0] == '-';
	uint64_t v, most = (uint64_t)INT64_MAX + minus;

	if (s.n > 0 && (minus || s.p[0] == '+'))
		s = (struct str){ s.p + 1, s.n - 1 };
	if (!str_u64(s, &v) || v > most)
		return false;
	*value = minus ? (int64_t)(0 - v) : (int64_t)v;
	return true;
}

/* Up to 19 digits are gathered exactly, so amounts of money come out as the nearest double;
 * what lies beyond them only moves the decimal point. */
bool str_double(struct str s, double *value)
{
	bool minus = s.n > 0 && s.p[0] == '-', point = false, digit = false;
	uint64_t digits = 0;
	int scale = 0;
	double v, power = 1;

	for (size_t i = s.n > 0 && (minus || s.p[0] == '+'); i < s.n; i++) {
		if (s.p[i] == '.' && digit && !point) {
			point = true;
			digit = false;
			continue;
		}
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
		digit = true;
		if (digits < UINT64_MAX / 10 - 1) {
			digits = digits * 10 + (uint64_t)(s.p[i] - '0');
			scale -= point;
		} else if (!point && ++scale > 300) {
			return false;
		}
	}
	if (!digit)
		return false;
	for (int i = scale < 0 ? -scale : scale; i > 0; i--)
		power *= 10;
	v = scale < 0 ? (double)digits / power : (double)digits * power;
	*value = minus ? -v : v;
	return true;
}

static bool is_tail(struct str s, size_t i)
{
	return i < s.n && ((unsigned char)s.p[i] & 0xC0) == 0x80;
}

uint32_t utf8_next(struct str s, size_t *i)
{
	size_t at = *i;
	unsigned char c = (unsigned char)s.p[at];
	uint32_t v;
	size_t tails;

	*i = at + 1;
	if (c < 0x80)
		return c;
	if (c < 0xC2 || c > 0xF4)
		return 0xFFFD;
	tails = c < 0xE0 ? 1 : c < 0xF0 ? 2 : 3;
	v = c & (0x3Fu >> tails);
	for (size_t k = 1; k <= tails; k++) {
		if (!is_tail(s, at + k))
			return 0xFFFD;
		v = v << 6 | ((unsigned char)s.p[at + k] & 0x3Fu);
	}
	/* over-long forms, surrogates and what lies beyond Unicode */
	if ((tails == 2 && v < 0x800) || (tails == 3 && (v < 0x10000 || v > 0x10FFFF)) ||
	    (v >= 0xD800 && v <= 0xDFFF))
		return 0xFFFD;
	*i = at + 1 + tails;
	return v;
}

size_t utf8_count(struct str s)
{
	size_t count = 0;

	for (size_t i = 0; i < s.n; count++)
		utf8_next(s, &i);
	return count;
}

size_t utf8_put(uint32_t c, char out[4])
{
	if (c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
		c = 0xFFFD;
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (char)(0xC0 | c >> 6);
		out[1] = (char)(0x80 | (c & 0x3F));
		return 2;
	}
	if (c < 0x10000) {
		out[0] = (char)(0xE0 | c >> 12);
		out[1] = (char)(0x80 | (c >> 6 & 0x3F));
		out[2] = (char)(0x80 | (c & 0x3F));
		return 3;
	}
	out[0] = (char)(0xF0 | c >> 18);
	out[1] = (char)(0x80 | (c >> 12 & 0x3F));
	out[2] = (char)(0x80 | (c >> 6 & 0x3F));
	out[3] = (char)(0x80 | (c & 0x3F));
	return 4;
}
