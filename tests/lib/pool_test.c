#include <criterion/criterion.h>
#include <stdatomic.h>

#include "pool.h"
#include "regex.h"

static _Atomic unsigned done[1000];

static void count(void *context, size_t piece, unsigned worker)
{
	atomic_fetch_add(&done[piece], 1);
	cr_assert_lt(worker, *(unsigned *)context);
}

Test(pool, each_piece_is_done_once_whatever_the_number_of_threads)
{
	for (unsigned jobs = 1; jobs < 9; jobs++) {
		pool_each(jobs, 1000, count, &jobs);
		for (int i = 0; i < 1000; i++)
			cr_assert_eq(done[i], jobs);
	}
	pool_each(4, 0, count, NULL);
	cr_assert_geq(pool_default_jobs(), 1);
}

Test(regex, groups_are_found_and_digits_mean_ascii)
{
	const char *error;
	struct regex *r = regex_new(STR("(\\d+)-(x)?(\\p{Han}+)"), &error);
	struct str span;

	cr_assert_not_null(r);
	cr_assert(regex_match(r, STR("ab 12-\xE5\xBC\xA0")));
	cr_assert_not(regex_match(r, STR("\xEF\xBC\x91-\xE5\xBC\xA0")));
	cr_assert(regex_find(r, STR("ab 12-\xE5\xBC\xA0"), 0, 1, &span) && str_eq(span, STR("12")));
	cr_assert_not(regex_find(r, STR("12-\xE5\xBC\xA0"), 0, 2, &span));
	cr_assert_not(regex_find(r, STR("12-\xE5\xBC\xA0"), 2, 0, &span));
	cr_assert_not(regex_match(r, (struct str){ NULL, 0 }));
	regex_free(r);
}

Test(regex, a_pattern_that_is_none_is_told_with_its_place)
{
	const char *error = NULL;

	cr_assert_null(regex_new(STR("a(b"), &error));
	cr_assert(str_has(str_of(error), STR("at byte 3 of the pattern \"a(b\"")), "%s", error);
}

Test(regex, a_pattern_cannot_run_away)
{
	const char *error;
	struct regex *r = regex_new(STR("(a+)+$"), &error);

	cr_assert_not(regex_match(r, STR("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab")));
	cr_assert_eq(regex_limit_hits(r), 1);
	cr_assert(regex_match(r, STR("aaaa")));
	regex_free(r);
}

static void match_many(void *context, size_t piece, unsigned worker)
{
	(void)piece;
	(void)worker;
	for (int i = 0; i < 1000; i++)
		cr_assert(regex_match(context, STR("13800138000")));
}

Test(regex, one_pattern_serves_all_threads)
{
	const char *error;
	struct regex *r = regex_new(STR("^1[3-9]\\d{9}$"), &error);

	pool_each(4, 16, match_many, r);
	regex_free(r);
}
