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

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Levenshtein's distance, in which two neighbours that changed places are one mistake
 * (optimal string alignment). */
static size_t distance(const uint32_t *a, size_t n, const uint32_t *b, size_t m)
{
	size_t rows[3][LONGEST + 1];

	for (size_t j = 0; j <= m; j++)
		rows[0][j] = j;
	for (size_t i = 1; i <= n; i++) {
		size_t *row = rows[i % 3], *above = rows[(i + 2) % 3];

		row[0] = i;
		for (size_t j = 1; j <= m; j++) {
			row[j] = least(above[j - 1] + (a[i - 1] != b[j - 1]),
				       least(above[j], row[j - 1]) + 1);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				row[j] = least(row[j], rows[(i + 1) % 3][j - 2] + 1);
		}
	}
	return rows[n % 3][m];
}

const struct str *nearest_word(struct str word, const struct str *candidates, size_t n)
{
	uint32_t a[LONGEST], b[LONGEST];
	size_t length = characters(word, a), best = SIZE_MAX;
	const struct str *nearest = NULL;

	for (size_t i = 0; length && i < n; i++) {
		size_t m = characters(candidates[i], b);
		size_t longer = length > m ? length : m, apart = 2 * longer - length - m;
		size_t d;

		/* Words are at least as far apart as their lengths. */
		if (!m || apart >= best || 2 * apart > longer)
			continue;
		d = distance(a, length, b, m);
		if (d < best && 2 * d <= longer) {
			best = d;
			nearest = &candidates[i];
		}
	}
	return nearest;
}
