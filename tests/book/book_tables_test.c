/* Tables that are not there, or not sound, by what a stage is given of them. */
#include "../lib/scratch.h"

#include "book.h"

TestSuite(book_tables, .init = scratch_make, .fini = scratch_remove);

Test(book_tables, without_a_state_no_table_of_a_run_before_is_looked_for_anywhere)
{
	static const char *const columns[] = { "name", NULL };
	const struct table_def def = { scratch_path("table") + 1, columns, 0 }; /* behind the root's slash */
	struct run r = { .opt = { .out = scratch_path("out") } };
	struct fault f = { 0 };
	const struct rowset *before;

	scratch_put("table.csv", STR("name\nsomebody's\n"));
	book_open(&r);
	before = run_previous(&r, &def, &f);
	cr_assert(before && before->n == 0);
	cr_assert_eq(run_previous(&r, &def, &f), before);
	book_close(&r);
}

Test(book_tables, records_that_cannot_be_read_are_not_there_the_second_time_either)
{
	struct run r = { .opt = { .in = scratch_path("in"), .out = scratch_path("out") } };
	struct fault f = { 0 };

	cr_assert(make_folders(scratch_path("in/clean"), &f));
	scratch_put("in/clean/customer.csv", STR("record_id,name\na:2,x\na:3\n"));
	book_open(&r);
	for (int i = 0; i < 2; i++) {
		cr_assert_null(run_new_records(&r, "clean", &f));
		cr_assert(str_has(buf_view(&f.text), STR("customer.csv, line 3")));
		fault_release(&f);
	}
	book_close(&r);
}
