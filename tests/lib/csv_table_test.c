#include "scratch.h"

#include "csv_table.h"
#include "mem.h"

TestSuite(csv_table, .init = scratch_make, .fini = scratch_remove);

/* All rows joined by "|" and "/", or the fault. */
static struct str rows_of(struct arena *a, struct str bytes)
{
	struct fault f = { 0 };
	struct csv_reader *r;
	const struct str *fields;
	struct buf b = { 0 };
	struct str s;

	scratch_put("t.csv", bytes);
	r = csv_reader_open(scratch_path("t.csv"), &f);
	while (r && csv_reader_next(r, &fields)) {
		for (size_t i = 0; i < csv_reader_columns(r); i++) {
			buf_char(&b, i ? '|' : '/');
			buf_str(&b, fields[i]);
		}
	}
	if (r)
		csv_reader_close(r, &f);
	s = str_keep(a, fault_is(&f) ? buf_view(&f.text) : buf_view(&b));
	fault_release(&f);
	buf_release(&b);
	return s;
}

static void reads(struct str bytes, const char *expected)
{
	struct arena a = { 0 };
	struct str s = rows_of(&a, bytes);

	cr_assert(str_eq(s, str_of(expected)), "%.*s", STR_FMT(s));
	arena_release(&a);
}

static void faults(struct str bytes, const char *words)
{
	struct arena a = { 0 };
	struct str s = rows_of(&a, bytes);

	cr_assert(str_has(s, str_of(words)), "%.*s", STR_FMT(s));
	arena_release(&a);
}

Test(csv_table, well_formed_tables_are_read_as_they_are)
{
	reads(STR("a,b\n1,2\n"), "/1|2");
	reads(STR("a,b\r\n1,2\r\n,\r\n"), "/1|2/|");
	reads(STR("\xEF\xBB\xBF" "a,b\n1,2"), "/1|2");
	reads(STR("a,b\n\"x\"\"y\",\"1\n2\"\n"), "/x\"y|1\n2");
	reads(STR("a,b\n\"\",\"\"\"\"\n"), "/|\"");
	reads(STR("a\n"), "");
	reads(STR("a\n\n\"\"\n\n"), "/");
}

Test(csv_table, what_is_not_strict_is_a_fault_with_its_line)
{
	faults(STR(""), "is empty");
	faults(STR("a,b\n1,2\n3\n"), "line 3: 1 fields where the header has 2");
	faults(STR("a,b\n\"1\n\",2\nx,y,z\n"), "line 4: 3 fields where the header has 2");
	faults(STR("a,b\n1,x\"y\n2,\"\n"), "line 2: field 2 has a quote inside");
	faults(STR("a,b\n1,\"y\"z\n"), "line 2: field 2 has a quote that does not close");
	faults(STR("a,b\n1,\"y\n"), "line 2: field 2 has a quote that does not close");
	faults(STR("a,b\n1,\xD5\xC5\n"), "line 2: not UTF-8");
	faults(STR("a,b,a\n"), "the column a stands twice");
}

Test(csv_table, columns_are_found_by_name)
{
	struct fault f = { 0 };
	struct csv_reader *r;

	scratch_put("t.csv.gz", STR("a,\"b,c\"\n1,2\n"));
	r = csv_reader_open(scratch_path("t.csv"), &f);
	cr_assert_not_null(r, "the .gz stands for it: %.*s", STR_FMT(f.text));
	cr_assert_eq(csv_reader_column(r, STR("b,c")), 1);
	cr_assert_eq(csv_reader_column(r, STR("c")), -1);
	cr_assert(csv_reader_close(r, &f));
	cr_assert_null(csv_reader_open(scratch_path("none.csv"), &f));
	cr_assert(str_has(buf_view(&f.text), STR("No such file")));
	fault_release(&f);
}

Test(csv_table, generated_rows_come_back_whatever_they_hold)
{
	enum { ROWS = 20000, COLUMNS = 5 };
	struct fault f = { 0 };
	struct outfile *o = outfile_open(scratch_path("t.csv"), &f);
	struct buf b = { 0 };
	uint64_t seed = 7, again = 7;
	char bytes[COLUMNS][64];
	struct str row[COLUMNS];
	const struct str *fields;
	struct csv_reader *r;
	size_t n = 0;

	outfile_str(o, STR("a,b,c,d,e\n"));
	for (int i = 0; i < ROWS; i++) {
		for (int k = 0; k < COLUMNS; k++)
			row[k] = scratch_value(&seed, bytes[k], sizeof(bytes[k]));
		buf_reset(&b);
		csv_row(&b, row, COLUMNS);
		outfile_str(o, buf_view(&b));
	}
	cr_assert(outfile_commit(o, &f));
	r = csv_reader_open(scratch_path("t.csv"), &f);
	for (; csv_reader_next(r, &fields); n++)
		for (int k = 0; k < COLUMNS; k++)
			cr_assert(str_eq(fields[k], scratch_value(&again, bytes[k], sizeof(bytes[k]))),
				  "row %zu", n);
	cr_assert(csv_reader_close(r, &f), "%.*s", STR_FMT(f.text));
	cr_assert_eq(n, ROWS);
	buf_release(&b);
}

Test(csv_table, a_field_larger_than_any_block_is_read_whole)
{
	enum { SIZE = 3 << 20 };
	char *big = malloc(SIZE);
	struct str row[2] = { { big, SIZE }, STR_INIT("x") };
	struct buf b = { 0 };
	struct fault f = { 0 };
	const struct str *fields;
	struct csv_reader *r;

	for (size_t i = 0; i < SIZE; i++)
		big[i] = i % 3 ? '"' : '\n';
	buf_str(&b, STR("a,b\n"));
	csv_row(&b, row, 2);
	scratch_put("t.csv", buf_view(&b));
	r = csv_reader_open(scratch_path("t.csv"), &f);
	cr_assert(csv_reader_next(r, &fields) && str_eq(fields[0], row[0]));
	cr_assert_not(csv_reader_next(r, &fields));
	cr_assert(csv_reader_close(r, &f));
	buf_release(&b);
	free(big);
}
