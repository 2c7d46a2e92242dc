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

/* The rows of a table that was let go come from the file that it was written to. */
Test(book_tables, a_table_that_was_let_go_is_read_again_by_who_asks_for_it)
{
	static const char *const columns[] = { "name", NULL };
	const struct table_def def = { "made/table", columns, 0 };
	struct run r = { .opt = { .out = scratch_path("out") }, .chained = true };
	struct fault f = { 0 };
	struct rowset rs;

	book_open(&r);
	rowset_init(&rs, &def);
	for (int i = 0; i < 1000; i++)
		rowset_add(&rs, (struct str[]){ STR("somebody, \"quoted\"") });
	cr_assert(run_put(&r, &rs, &f) && run_holds(&r, &def));
	cr_assert(run_let_go(&r, &def, &f) && !run_holds(&r, &def));
	for (int i = 0; i < 2; i++) {
		const struct rowset *again = run_table(&r, &def, false, &f);

		cr_assert(again && again->n == 1000 && run_holds(&r, &def));
		cr_assert(str_eq(rowset_value(again, 999, 0), STR("somebody, \"quoted\"")));
		cr_assert(run_let_go(&r, &def, &f));
	}
	book_close(&r);
}
