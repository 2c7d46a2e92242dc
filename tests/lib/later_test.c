#include <criterion/criterion.h>
#include <stdlib.h>

#include "later.h"
#include "pool.h"

static int done[100], n_done;

static bool note(void *context, struct fault *f)
{
	int number = *(int *)context;

	done[n_done++] = number;
	free(context);
	return number != 7 || fault_set(f, EXIT_FAILED, "the disk is full");
}

static bool give(struct later *l, int number, struct fault *f)
{
	int *context = malloc(sizeof(*context));

	*context = number;
	return later_do(l, note, context, f);
}

Test(later, all_is_done_in_order_and_the_first_fault_is_told)
{
	for (unsigned jobs = 1; jobs <= 2; jobs++) {
		struct later *l = later_new();
		struct fault f = { 0 };
		bool ok = true;

		pool_set_jobs(jobs);
		n_done = 0;
		for (int i = 0; i < 100; i++)
			ok &= give(l, i, &f);
		ok &= later_wait(l, &f);
		cr_assert(!ok);
		cr_assert(str_eq(buf_view(&f.text), STR("the disk is full")), "%.*s", STR_FMT(f.text));
		cr_assert_eq(n_done, 100);
		for (int i = 0; i < 100; i++)
			cr_assert_eq(done[i], i);
		fault_release(&f);
		later_free(l);
	}
}
