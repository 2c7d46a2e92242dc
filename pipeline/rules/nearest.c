/* The nearest word of a list, for "did you mean". */
#include "rules.h"

enum { LONGEST = 48 }; /* characters; what is longer has no near word */

static size_t characters(struct str s, uint32_t out[LONGEST])
{
	size_t n = 0;

	for (size_t i = 0; i < s.n;) {
		if (n == LONGEST)
			return 0;
		out[n++] = utf8_next(s, &i);
	}
	return n;
}

/* Levenshtein's distance, one row of the matrix at a time. */
static size_t distance(const uint32_t *a, size_t n, const uint32_t *b, size_t m)
{
	size_t row[LONGEST + 1];

	for (size_t j = 0; j <= m; j++)
		row[j] = j;
	for (size_t i = 0; i < n; i++) {
		size_t diagonal = row[0];

		row[0] = i + 1;
		for (size_t j = 0; j < m; j++) {
			size_t best = diagonal + (a[i] != b[j]);

			diagonal = row[j + 1];
			best = best < diagonal + 1 ? best : diagonal + 1;
			row[j + 1] = best < row[j] + 1 ? best : row[j] + 1;
		}
	}
	return row[m];
}

const struct str *nearest_word(struct str word, const struct str *candidates, size_t n)
{
	uint32_t a[LONGEST], b[LONGEST];
	size_t length = characters(word, a), best = SIZE_MAX;
	const struct str *nearest = NULL;

	for (size_t i = 0; length && i < n; i++) {
		size_t m = characters(candidates[i], b);
		size_t d = distance(a, length, b, m);

		if (m && d < best && 2 * d <= (length > m ? length : m)) {
			best = d;
			nearest = &candidates[i];
		}
	}
	return nearest;
}
