#include <criterion/criterion.h>

#include "resolve/kept_apart.h"

enum { TARGETS = 60, PAIRS = 150, MERGES = 50 };

static uint32_t random_below(uint32_t *state, uint32_t n)
{
	*state = *state * 1664525u + 1013904223u;
	return (*state >> 8) % n;
}

static uint32_t now(const uint32_t *moved, uint32_t target)
{
	while (moved[target] != target)
		target = moved[target];
	return target;
}

static bool are(const struct kept_pair *pair, const uint32_t *moved, uint32_t one, uint32_t other)
{
	uint32_t a = now(moved, pair->one), b = now(moved, pair->other);

	return (a == one && b == other) || (a == other && b == one);
}

static size_t count(const struct kept_pair *list, size_t n, const uint32_t *moved, uint32_t one, uint32_t other)
{
	size_t found = 0;

	for (size_t i = 0; i < n; i++)
		found += are(&list[i], moved, one, other);
	return found;
}

/* Merges whoever nobody keeps apart; each time the short list has what all pairs have. */
static void merge_some(uint32_t seed)
{
	struct kept_pair pairs[PAIRS];
	struct kept_apart kept = { 0 };
	uint32_t moved[TARGETS], state = seed;

	for (uint32_t i = 0; i < TARGETS; i++)
		moved[i] = i;
	for (size_t i = 0; i < PAIRS; i++) {
		uint32_t one = random_below(&state, TARGETS);

		pairs[i] = (struct kept_pair){ one, (one + 1 + random_below(&state, 20)) % TARGETS, i };
		kept_apart_add(&kept, pairs[i]);
	}
	for (int i = 0; i < MERGES; i++) {
		uint32_t to = now(moved, random_below(&state, TARGETS));
		uint32_t from = now(moved, random_below(&state, TARGETS));
		struct kept_list list = kept_apart_fewer(&kept, to, from);
		size_t n = count(pairs, PAIRS, moved, to, from);

		if (to == from)
			continue;
		cr_assert_eq(count(list.list, list.n, moved, to, from), n, "seed %u, merge %d", seed, i);
		if (n)
			continue;
		kept_apart_join(&kept, from, to);
		moved[from] = to;
	}
	kept_apart_close(&kept);
}

Test(kept_apart, what_is_said_of_one_is_said_of_whoever_it_becomes)
{
	for (uint32_t seed = 1; seed <= 200; seed++)
		merge_some(seed);
}
