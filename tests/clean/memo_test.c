#include <criterion/criterion.h>

#include "clean/memo.h"

static struct memo_key key(const char *value, uint16_t group, int32_t today)
{
	return (struct memo_key){str_of(value), group, today};
}

Test(memo, a_value_is_known_again_for_the_same_checks_on_the_same_day_only)
{
	struct clean_memo *m = clean_memo_new();
	struct arena a = {0};
	struct memo_key k = key("　北京 ", 1, 100);
	struct str clean;

	cr_assert(!memo_find(m, &k, &clean, &a));
	memo_put(m, &k, STR("北京"));
	cr_assert(memo_find(m, &k, &clean, &a));
	cr_assert(str_eq(clean, STR("北京")));
	k.group = 2;
	cr_assert(!memo_find(m, &k, &clean, &a));
	k.group = 1;
	k.today = 101;
	cr_assert(!memo_find(m, &k, &clean, &a));
	clean_memo_free(m);
	arena_release(&a);
}

Test(memo, what_stays_as_it_is_keeps_its_place_and_what_becomes_nothing_is_nothing)
{
	struct clean_memo *m = clean_memo_new();
	struct arena a = {0};
	struct memo_key same = key("红旗", 1, 0), none = key("不详", 1, 0);
	struct str clean;

	memo_put(m, &same, same.value);
	memo_put(m, &none, STR(""));
	cr_assert(memo_find(m, &same, &clean, &a));
	cr_assert_eq(clean.p, same.value.p);
	cr_assert(memo_find(m, &none, &clean, &a));
	cr_assert_eq(clean.n, 0);
	clean_memo_free(m);
	arena_release(&a);
}

Test(memo, many_values_and_long_ones_never_answer_for_one_another)
{
	struct clean_memo *m = clean_memo_new();
	struct arena a = {0};
	size_t found = 0;

	for (int round = 0; round < 2; round++)
		for (int i = 0; i < 50000; i++) {
			struct str value = str_printf(&a, "%0*d", 1 + i % 80, i);
			struct str becomes = str_printf(&a, "%d", i), clean;
			struct memo_key k = {value, (uint16_t)(1 + i % 3), 0};

			if (memo_find(m, &k, &clean, &a)) {
				cr_assert(str_eq(clean, becomes));
				found++;
			}
			memo_put(m, &k, becomes);
		}
	cr_assert_gt(found, 0);
	clean_memo_free(m);
	arena_release(&a);
}
