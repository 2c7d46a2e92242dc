#include "scratch.h"

#include "csv_table.h"
#include "table.h"

TestSuite(rowset, .init = scratch_make, .fini = scratch_remove);

static const char *const columns[] = { "a", "b", "c", "d", NULL };
static const struct table_def def = { "sub/t", columns, 1 << 1 | 1 << 3 };

static void make_row(struct str *row, char bytes[4][64], uint64_t *seed)
{
	for (int k = 0; k < 4; k++)
		row[k] = scratch_value(seed, bytes[k], 60);
	row[1] = scratch_random(seed) % 2 ? STR("yes") : STR("");
}

static void fill(struct rowset *rs, unsigned n, uint64_t seed)
{
	char bytes[4][64];
	struct str row[4];

	rowset_init(rs, &def);
	for (unsigned i = 0; i < n; i++) {
		make_row(row, bytes, &seed);
		rowset_add(rs, row);
	}
}

static void holds(const struct rowset *rs, unsigned n, uint64_t seed)
{
	char bytes[4][64];
	struct str row[4], back[4];

	cr_assert_eq(rs->n, n);
	for (unsigned i = 0; i < n; i++) {
		make_row(row, bytes, &seed);
		rowset_get(rs, i, back);
		for (int k = 0; k < 4; k++) {
			cr_assert(str_eq(row[k], back[k]), "row %u", i);
			cr_assert(str_eq(row[k], rowset_value(rs, i, k)), "row %u", i);
		}
		for (uint64_t some = 0; some < 16; some++) {
			for (int k = 0; k < 4; k++)
				back[k] = STR("left as it was");
			rowset_some(rs, i, some, back);
			for (int k = 0; k < 4; k++)
				cr_assert(str_eq(back[k], some >> k & 1 ? row[k] : STR("left as it was")),
					  "row %u, columns %llx", i, (unsigned long long)some);
		}
	}
}

Test(rowset, rows_come_back_from_memory_and_from_files)
{
	struct rowset rs, copy, loaded;
	struct fault f = { 0 };
	struct buf b = { 0 };
	struct infile in;

	fill(&rs, 4000, 5);
	holds(&rs, 4000, 5);
	rowset_init(&copy, &def);
	rowset_append(&copy, &rs);
	holds(&copy, 4000, 5);
	cr_assert(rowset_save(&rs, scratch_dir, &f), "%.*s", STR_FMT(f.text));
	rowset_init(&loaded, &def);
	cr_assert(rowset_load(&loaded, scratch_dir, false, &f), "%.*s", STR_FMT(f.text));
	holds(&loaded, 4000, 5);
	rowset_csv(&copy, &b);
	cr_assert(infile_open(&in, scratch_path("sub/t.csv"), true, (struct infile_limits){ 0 }, &f));
	cr_assert(str_eq(in.bytes, buf_view(&b)));
	infile_close(&in);
	buf_release(&b);
	rowset_release(&rs);
	rowset_release(&copy);
	rowset_release(&loaded);
}

/* Entry n is of another number in each: a dictionary of hundreds, met in another order. */
static void add_numbers(struct rowset *rs, unsigned first, unsigned step)
{
	char text[16];

	for (unsigned i = 0; i < 500; i++) {
		struct str number = { text, (size_t)snprintf(text, sizeof(text), "%u", (first + i * step) % 500) };

		rowset_add(rs, (struct str[]){ number, number, number, number });
	}
}

Test(rowset, rows_are_appended_to_a_table_that_has_other_entries)
{
	struct rowset to, more;
	struct str row[4];

	rowset_init(&to, &def);
	rowset_init(&more, &def);
	add_numbers(&to, 0, 1);
	add_numbers(&more, 499, 3);
	rowset_append(&to, &more);
	cr_assert_eq(to.n, 1000);
	for (unsigned i = 0; i < 500; i++) {
		char text[16];
		struct str number = { text, (size_t)snprintf(text, sizeof(text), "%u", (499 + i * 3) % 500) };

		rowset_get(&to, 500 + i, row);
		for (int k = 0; k < 4; k++)
			cr_assert(str_eq(row[k], number), "row %u, column %d", i, k);
	}
	rowset_release(&to);
	rowset_release(&more);
}

Test(rowset, an_empty_table_is_its_header)
{
	struct rowset rs;
	struct buf b = { 0 };
	struct fault f = { 0 };

	rowset_init(&rs, &def);
	rowset_csv(&rs, &b);
	cr_assert(str_eq(buf_view(&b), STR("a,b,c,d\n")));
	cr_assert(rowset_save(&rs, scratch_dir, &f) && rowset_load(&rs, scratch_dir, false, &f));
	cr_assert_eq(rs.n, 0);
	rowset_release(&rs);
	buf_release(&b);
}

Test(rowset, a_table_that_is_not_there_is_a_fault_unless_optional)
{
	struct rowset rs;
	struct fault f = { 0 };

	rowset_init(&rs, &def);
	cr_assert(rowset_load(&rs, scratch_dir, true, &f));
	cr_assert_not(rowset_load(&rs, scratch_dir, false, &f));
	cr_assert(str_has(buf_view(&f.text), STR("sub/t.csv: No such file")));
	fault_release(&f);
	rowset_release(&rs);
}

Test(rowset, columns_are_found_by_name)
{
	struct rowset rs;
	struct fault f = { 0 };

	rowset_init(&rs, &def);
	scratch_put("sub/t.csv.gz", STR("new,c,a\nx,C,A\n"));
	cr_assert(rowset_load(&rs, scratch_dir, false, &f), "%.*s", STR_FMT(f.text));
	cr_assert(str_eq(rowset_value(&rs, 0, 0), STR("A")));
	cr_assert(str_eq(rowset_value(&rs, 0, 1), STR("")));
	cr_assert(str_eq(rowset_value(&rs, 0, 2), STR("C")));
	rowset_release(&rs);
}

static int by_first(const struct str *a, const struct str *b)
{
	return str_cmp(a[0], b[0]);
}

Test(rowset, sorting_is_stable_and_complete)
{
	struct rowset rs;
	uint64_t seed = 8;
	char number[16];

	for (unsigned n = 0; n < 300; n += n < 20 ? 1 : 93) {
		rowset_init(&rs, &def);
		for (unsigned i = 0; i < n; i++) {
			char key = (char)('a' + scratch_random(&seed) % 5);
			struct str row[4] = { { &key, 1 }, STR_INIT("x"), { number, 4 }, STR_INIT("") };

			snprintf(number, sizeof(number), "%04u", i);
			rowset_add(&rs, row);
		}
		rowset_sort(&rs, by_first);
		for (unsigned i = 1; i < n; i++) {
			int c = str_cmp(rowset_value(&rs, i - 1, 0), rowset_value(&rs, i, 0));

			cr_assert(c < 0 || (c == 0 && str_cmp(rowset_value(&rs, i - 1, 2),
							      rowset_value(&rs, i, 2)) < 0));
		}
		cr_assert_eq(rs.n, n);
		rowset_release(&rs);
	}
}

Test(tables, the_enumerations_number_the_columns)
{
	cr_assert_eq(table_width(&table_rejects_clean), REJ_COLUMNS);
	cr_assert_eq(table_width(&table_files), FIL_COLUMNS);
	cr_assert_eq(table_width(&table_seen), SEEN_COLUMNS);
	cr_assert_eq(table_width(&table_correction_rows), CRW_COLUMNS);
	cr_assert_eq(table_width(&table_corrections), COR_COLUMNS);
	cr_assert_eq(table_width(&table_clusters), CLU_COLUMNS);
	cr_assert_eq(table_width(&table_decisions), DEC_COLUMNS);
	cr_assert_eq(table_width(&table_customer), CUS_COLUMNS);
	cr_assert_eq(table_width(&table_vehicle), VEH_COLUMNS);
	cr_assert_eq(table_width(&table_contact), CON_COLUMNS);
	cr_assert_eq(table_width(&table_ownership), OWN_COLUMNS);
	cr_assert_eq(table_width(&table_relation), REL_COLUMNS);
	cr_assert_eq(table_width(&table_lineage), LIN_COLUMNS);
	cr_assert_eq(table_width(&table_review), REV_COLUMNS);
	cr_assert_eq(table_width(&table_superseded), SUP_COLUMNS);
	cr_assert_eq(table_width(&table_history), HIS_COLUMNS);
	cr_assert_eq(table_width(&table_ledger), LED_COLUMNS);
	cr_assert_eq(table_width(&table_returns), RET_COLUMNS);
	cr_assert_eq(table_width(&table_quality), QUA_COLUMNS);
	cr_assert_eq(table_width(&table_alerts), ALE_COLUMNS);
	cr_assert_eq(table_column(&table_customer, STR("relative_vin")), CUS_RELATIVE_VIN);
	cr_assert_eq(table_column(&table_contact, STR("scores")), CON_SCORES);
	cr_assert_eq(table_column(&table_contact, STR("none")), -1);
}
