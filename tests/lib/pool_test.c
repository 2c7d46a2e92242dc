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

enum { SLOTS = 5 };

struct in_order {
	_Atomic size_t slot[SLOTS]; /* piece + 1 whose result lies there */
	size_t gathered;
	_Atomic int gathering;
};

static void square(void *context, size_t piece, unsigned worker)
{
	struct in_order *x = context;
	size_t free_slot = 0;

	cr_assert_lt(worker, 8);
	for (volatile size_t i = 0; i < piece * 7919 % 5000; i++) /* some take longer than others */
		continue;
	cr_assert(atomic_compare_exchange_strong(&x->slot[piece % SLOTS], &free_slot, piece + 1),
		  "piece %zu finds the result of piece %zu", piece, free_slot - 1);
}

static void take_out(void *context, size_t piece)
{
	struct in_order *x = context;

	cr_assert_eq(atomic_fetch_add(&x->gathering, 1), 0);
	cr_assert_eq(piece, x->gathered++);
	cr_assert_eq(atomic_exchange(&x->slot[piece % SLOTS], 0), piece + 1);
	atomic_fetch_sub(&x->gathering, 1);
}

Test(pool, results_are_gathered_in_order_and_no_more_of_them_wait_than_there_are_slots)
{
	for (unsigned jobs = 1; jobs < 9; jobs++)
		for (size_t pieces = 0; pieces < 400; pieces += pieces < 12 ? 1 : 97) {
			struct in_order x = { 0 };

			pool_in_order(jobs, pieces, SLOTS, square, take_out, &x);
			cr_assert_eq(x.gathered, pieces);
		}
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
