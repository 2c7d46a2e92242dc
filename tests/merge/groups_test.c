#include <criterion/criterion.h>

#include <stdio.h>
#include <stdlib.h>

#include "merge/groups.h"

static struct str keys[100000];
static char bytes[100000][40];

static void check(const struct groups *g, size_t items)
{
	cr_assert_eq(g->starts[g->n], items);
	for (size_t i = 0; i < g->n; i++) {
		if (i)
			cr_assert_lt(str_cmp(g->keys[i - 1], g->keys[i]), 0);
		cr_assert_lt(g->starts[i], g->starts[i + 1]);
		for (uint32_t k = g->starts[i]; k < g->starts[i + 1]; k++) {
			cr_assert(str_eq(keys[g->items[k]], g->keys[i]));
			if (k > g->starts[i])
				cr_assert_lt(g->items[k - 1], g->items[k]);
		}
	}
}

/* Keys of another shape each round: short, long, with a common front, all alike. */
static void group_by(unsigned jobs, size_t items, unsigned distinct, const char *format)
{
	struct groups g = { 0 };
	unsigned seed = 7;

	for (size_t i = 0; i < items; i++) {
		seed = seed * 1664525u + 1013904223u;
		keys[i] = (struct str){ bytes[i], (size_t)snprintf(bytes[i], sizeof(bytes[i]), format,
								     (seed >> 8) % distinct) };
	}
	for (size_t i = 0; i < items; i++)
		groups_add(&g, keys[(i * 7919) % items], (uint32_t)((i * 7919) % items));
	groups_build(&g, jobs);
	cr_assert_leq(g.n, distinct);
	check(&g, items);
	groups_release(&g);
}

static void group(size_t items, unsigned distinct, const char *format)
{
	group_by(1, items, distinct, format);
	group_by(3, items, distinct, format);
}

Test(groups, keys_of_every_shape_come_in_order_with_their_items_in_order)
{
	group(99991, 30000, "%x");
	group(99991, 30000, "LFV2A1151%08u");
	group(99991, 100000, "a long front that many keys share %u");
	group(99991, 3, "the same %u");
	group(40, 40, "%u");
	group(1, 1, "%u");
}

Test(groups, a_key_that_begins_another_comes_first)
{
	struct groups g = { 0 };

	keys[0] = STR("ab");
	keys[1] = STR("a");
	keys[2] = STR("abcdefgh");
	keys[3] = STR("abcdefghi");
	keys[4] = STR("ab");
	for (uint32_t i = 0; i < 5; i++)
		groups_add(&g, keys[4 - i], 4 - i);
	groups_build(&g, 2);
	cr_assert_eq(g.n, 4);
	check(&g, 5);
	groups_release(&g);
}

Test(groups, nothing_makes_no_group)
{
	struct groups g = { 0 };

	groups_build(&g, 2);
	cr_assert_eq(g.n, 0);
	groups_release(&g);
}
