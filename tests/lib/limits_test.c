#include <criterion/criterion.h>

#include "read_limits.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static bool load(const char *text, struct limits *l, struct fault *f)
{
	char folder[] = "/tmp/yice-test-XXXXXX", path[64];
	FILE *file;
	bool ok;

	cr_assert(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/limits.csv", folder);
	if (text) {
		file = fopen(path, "wb");
		fputs(text, file);
		fclose(file);
	}
	ok = limits_load(l, folder, f);
	unlink(path);
	rmdir(folder);
	return ok;
}

Test(limits, those_that_ship_can_be_read)
{
	struct limits l;
	struct fault f = { 0 };

	cr_assert(limits_load(&l, "rules", &f), "%.*s", STR_FMT(f.text));
	cr_expect_eq(l.max_row_bytes, 1 << 20);
	cr_expect_eq(l.file.max_ratio, 200);
}

Test(limits, what_the_file_leaves_out_has_its_default)
{
	struct limits l;
	struct fault f = { 0 };

	cr_assert(load(NULL, &l, &f));
	cr_expect_eq(l.file.max_bytes, limits_default.file.max_bytes);
	cr_expect_eq(l.file.max_ratio, limits_default.file.max_ratio);
	cr_expect_eq(l.max_row_bytes, limits_default.max_row_bytes);
	cr_expect_eq(l.max_columns, limits_default.max_columns);
	cr_expect_eq(l.max_header_lines, limits_default.max_header_lines);
	cr_expect_eq(l.max_workbook_bytes, limits_default.max_workbook_bytes);
	cr_assert(load("name,value\nmax_row_bytes,64K\nmax_file_bytes,0\nmax_columns,7\n", &l, &f));
	cr_expect_eq(l.max_row_bytes, 64 << 10);
	cr_expect_eq(l.file.max_bytes, 0);
	cr_expect_eq(l.max_columns, 7);
	cr_expect_eq(l.max_workbook_rows, limits_default.max_workbook_rows);
}

Test(limits, every_mistake_is_told_with_its_line)
{
	struct limits l;
	struct fault f = { 0 };

	cr_assert_not(load("name,value\nmax_rows,7\nmax_row_bytes,much\nmax_columns,99999999999G\n", &l, &f));
	cr_expect_eq(f.status, EXIT_USAGE);
	cr_expect(str_has(buf_view(&f.text), STR("limits.csv:2: there is no limit \"max_rows\"; the nearest is \"max_row_bytes\"")));
	cr_expect(str_has(buf_view(&f.text), STR("limits.csv:3: \"much\" is no size")));
	cr_expect(str_has(buf_view(&f.text), STR("limits.csv:4: \"99999999999G\" is no size")));
	fault_release(&f);
}
