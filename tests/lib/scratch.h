/* A folder of one test's own, removed at its end. */
#ifndef YICE_TEST_SCRATCH_H
#define YICE_TEST_SCRATCH_H

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "infile.h"
#include "outfile.h"

static char scratch_dir[64];

static inline void scratch_make(void)
{
	snprintf(scratch_dir, sizeof(scratch_dir), "%s/yice-test-XXXXXX",
		 getenv("TMPDIR") && strlen(getenv("TMPDIR")) < 40 ? getenv("TMPDIR") : "/tmp");
	cr_assert_not_null(mkdtemp(scratch_dir));
}

static inline void scratch_remove(void)
{
	struct fault f = { 0 };

	cr_assert(remove_tree(scratch_dir, &f), "%.*s", STR_FMT(f.text));
}

/* DIR/name; good until the next but three. */
static inline const char *scratch_path(const char *name)
{
	static char paths[4][512];
	static unsigned next;
	char *path = paths[next++ % 4];

	snprintf(path, sizeof(paths[0]), "%s/%s", scratch_dir, name);
	return path;
}

static inline void scratch_put(const char *name, struct str bytes)
{
	struct fault f = { 0 };

	cr_assert(outfile_put(scratch_path(name), bytes, &f), "%.*s", STR_FMT(f.text));
}

/* Reproducible numbers for generated cases (SplitMix64). */
static inline uint64_t scratch_random(uint64_t *seed)
{
	uint64_t z = *seed += 0x9E3779B97F4A7C15u;

	z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
	z = (z ^ z >> 27) * 0x94D049BB133111EBu;
	return z ^ z >> 31;
}

/* A value as outside data may hold it: empty, quotes, commas, line ends, ideographs. */
static inline struct str scratch_value(uint64_t *seed, char *out, size_t max)
{
	static const char *const pieces[] = { "a",  "Z9",	    "\"",	    ",",
					      "\n", "\xE5\xBC\xA0", "\xF0\xA0\x80\x80", " ",
					      "\r", "0123456789",   "\xC2\xB7",     "=" };
	size_t n = 0, count = scratch_random(seed) % 3 ? scratch_random(seed) % 8 : 0;

	for (size_t i = 0; i < count; i++) {
		const char *piece = pieces[scratch_random(seed) % 12];

		if (n + strlen(piece) > max)
			break;
		memcpy(out + n, piece, strlen(piece));
		n += strlen(piece);
	}
	return (struct str){ out, n };
}

#endif
