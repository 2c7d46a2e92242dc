#include <criterion/criterion.h>

#include "people_csv.h"

Test(people_csv, whatever_a_spreadsheet_would_run_is_found)
{
	const char *runs[] = {"=cmd|' /C calc'!A0",
			      "+1+1",
			      "-2+3+cmd|' /C calc'!A0",
			      "@SUM(A1)",
			      "\t=1",
			      "\r=1",
			      "\n=1",
			      "＝1+1",
			      "＋1",
			      "－1",
			      "＠SUM(A1)",
			      "  =1+1",
			      "\"=1+1",
			      "\xC2\xA0=1",
			      "\xE2\x80\x8B=1",
			      "\xEF\xBB\xBF=1",
			      "\x0B=1",
			      "\x0C@SUM(A1)",
			      "\x01 +1",
			      "\xC2\xAD=1",
			      "\xE2\x81\xA0=1",
			      "\xE2\x80\x83\"\x7F=1",
			      "\xF3\xA0\x80\xA0＝1"};

	for (size_t i = 0; i < sizeof(runs) / sizeof(*runs); i++)
		cr_assert(people_cell_runs(str_of(runs[i])), "%s", runs[i]);
}

Test(people_csv, ordinary_values_stay_as_they_are)
{
	const char *plain[] = {"",
			       " ",
			       "张三",
			       "11010119900307867X",
			       "13812341999",
			       "a=b",
			       "010-12345678",
			       "'=1",
			       "LFV2A1151H3201804"};

	for (size_t i = 0; i < sizeof(plain) / sizeof(*plain); i++)
		cr_assert_not(people_cell_runs(str_of(plain[i])), "%s", plain[i]);
}

Test(people_csv, rows_have_crlf_and_quotes_where_they_must)
{
	struct buf b = {0};
	struct str row[] = {STR("姓名"), STR("a,b"), STR("=1+1"), STR("@\"x\""), STR("")};

	people_csv_begin(&b);
	people_csv_row(&b, row, 5);
	cr_assert(str_eq(buf_view(&b), STR("\xEF\xBB\xBF姓名,\"a,b\",'=1+1,\"'@\"\"x\"\"\",\r\n")));
	buf_release(&b);
}
