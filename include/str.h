/*
 * A slice of bytes, usually UTF-8, passed by value. No NUL is promised behind it and
 * it never owns what it points at: whoever made the bytes says how long they live.
 */
#ifndef YICE_STR_H
#define YICE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct str {
	const char *p;
	size_t n;
};

#define STR(literal) ((struct str){ (literal), sizeof(literal) - 1 })
#define STR_INIT(literal) { (literal), sizeof(literal) - 1 } /* for static tables */
#define STR_FMT(s) (int)(s).n, (s).p /* for "%.*s" */

static inline struct str str_of(const char *z)
{
	return (struct str){ z, z ? strlen(z) : 0 };
}

static inline struct str str_span(const char *p, const char *end)
{
	return (struct str){ p, (size_t)(end - p) };
}

static inline bool str_eq(struct str a, struct str b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

/* Order by bytes, the shorter first on a tie: the order of every sorted file we write. */
static inline int str_cmp(struct str a, struct str b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int c = n ? memcmp(a.p, b.p, n) : 0;

	return c ? c : (a.n > b.n) - (a.n < b.n);
}

bool str_starts(struct str s, struct str prefix);
bool str_ends(struct str s, struct str suffix);
bool str_has(struct str s, struct str part);
/* Position of the first `part` in `s`, or -1. */
ptrdiff_t str_find(struct str s, struct str part);
/* Without ASCII white space (space, tab, CR, LF) at either end. */
struct str str_trim(struct str s);
/* Takes the piece up to `sep` off the front of *rest; false when nothing is left.
 * "a,,b" gives "a", "", "b"; "" gives nothing; "a," gives "a", "". */
bool str_cut(struct str *rest, char sep, struct str *piece);
/* Is it one of the pieces of a list, such as b of "a|b|c"? */
bool str_is_one_of(struct str s, struct str list, char sep);
/* True and *value when the whole of s is a decimal number that fits. */
bool str_u64(struct str s, uint64_t *value);
bool str_i64(struct str s, int64_t *value);
bool str_double(struct str s, double *value); /* [-+]digits[.digits]; locale-free */
bool str_is_digits(struct str s); /* at least one, ASCII only */

/* UTF-8. `utf8_next` reads one code point at *i and moves it on; malformed bytes give
 * U+FFFD and move by one. `utf8_count` is the number of characters (code points). */
uint32_t utf8_next(struct str s, size_t *i);
size_t utf8_count(struct str s);
/* Writes 1..4 bytes to out and returns how many. */
size_t utf8_put(uint32_t c, char out[4]);

#endif
