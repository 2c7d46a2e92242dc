#define _GNU_SOURCE
#include "night.h"

#include <ftw.h>
#include <unistd.h>
#include <sys/stat.h>

#define FIRST "dms_customer_D001_20260301:2"

static struct str folder_file(const char *dealer, const char *name)
{
	char path[256];

	snprintf(path, sizeof(path), "return/%s/%s", dealer, name);
	return night_read(path);
}

/* An invoice that headquarters sent, of a customer of D001. */
static void foreign_fault(void)
{
	struct record rec = {0};

	night_file("invoice", "hq", "2026-03-01");
	rec.v[F_SOURCE] = STR("invoice");
	rec.v[F_DEALER_CODE] = STR("D001");
	rec.v[F_NAME] = STR("诸葛亮明");
	night_bytes(2, "00112233", STR("00112233,诸葛亮明\n"), &rec);
	night_tell((struct told){"invoice_hq_20260301:2", "D001", "id_number", "110101199003078671",
				 "ID_CHECKSUM", NULL,
				 "证件号码 110101199003078671 的校验码应为 X"});
}

TestSuite(folder, .init = night_begin, .fini = night_forget);

Test(folder, the_list_has_bom_crlf_and_the_columns_of_the_contract)
{
	night_file("dms_customer", "D001", "2026-03-01");
	night_row(2, "C1", "张三", "");
	night_short_mobile(FIRST, "138001");
	night_end();
	night_return("2026-03-05");
	struct str csv = folder_file("D001", "rejects.csv"), line;

	cr_assert(str_starts(csv, STR("\xEF\xBB\xBF退回编号,文件,行号,字段,原值,错误代码,错误说明,"
				      "修改建议,更正值,单号,经办人,首次退回\r\n")));
	str_cut(&csv, '\n', &line);
	str_cut(&csv, '\n', &line);
	cr_assert(str_starts(line, night_reject_id(FIRST, "mobile", "MOBILE_TOO_SHORT")));
	cr_assert(str_ends(line, STR(",dms_customer_D001_20260301.csv,2,手机,138001,"
				     "MOBILE_TOO_SHORT,有误,请改正,,C1,王顾问,2026-03-05\r")));
	cr_assert_eq(csv.n, 0);
}

Test(folder, a_value_that_a_spreadsheet_would_run_is_made_harmless)
{
	night_file("dms_customer", "D001", "2026-03-01");
	night_row(2, "C1", "", "");
	night_tell((struct told){FIRST, "D001", "name", "=cmd|' /C calc'!A0", "NAME_CHARACTERS",
				 NULL, NULL});
	night_end();
	night_return("2026-03-05");
	cr_assert(str_has(folder_file("D001", "rejects.csv"), STR(",'=cmd|' /C calc'!A0,")));
}

Test(folder, what_matters_comes_first)
{
	night_file("dms_customer", "D001", "2026-03-01");
	night_row(2, "C1", "张三", "");
	night_tell((struct told){FIRST, "D001", "address", "", "ADDRESS_MISSING", "warn", NULL});
	night_tell((struct told){FIRST, "D001", "email", "x", "EMAIL_FORMAT", NULL, NULL});
	night_tell((struct told){FIRST, "D001", "id_number", "1", "ID_LENGTH", NULL, NULL});
	night_tell((struct told){"dms_customer_D001_20260301:9", "D001", "", "", "ROW_COLUMNS",
				 "reject", NULL});
	night_end();
	night_return("2026-03-05");
	static const char *const order[] = {"ROW_COLUMNS", "ID_LENGTH", "EMAIL_FORMAT",
					    "ADDRESS_MISSING"};
	struct str csv = folder_file("D001", "rejects.csv"), line;

	str_cut(&csv, '\n', &line);
	for (size_t i = 0; i < 4; i++) {
		cr_assert(str_cut(&csv, '\n', &line));
		cr_assert(str_has(line, str_of(order[i])));
	}
}

Test(folder, of_a_foreign_record_neither_value_nor_sentence_tells_the_value)
{
	night_file("dms_customer", "D001", "2026-03-01");
	night_row(2, "C1", "张三", "13800138000");
	foreign_fault();
	night_end();
	night_return("2026-03-05");
	struct str csv = folder_file("D001", "rejects.csv");

	cr_assert(str_has(csv, STR(",1***************71,ID_CHECKSUM,")));
	cr_assert(str_has(csv, STR(",****2233,")));
	cr_assert_not(str_has(csv, STR("199003078671")));
	cr_assert_not(str_has(csv, STR("应为")));
	cr_assert_eq(folder_file("D001", "invoice_hq_20260301_bad.csv").n, 0);
	cr_assert(str_has(folder_file("hq", "invoice_hq_20260301_bad.csv"), STR("诸葛亮明")));
}

Test(folder, the_faulty_rows_go_back_in_their_own_bytes)
{
	struct record rec = {0};

	night_file_as("dms_customer", "D001", "2026-03-01", "", "GB18030",
		      STR("\xD0\xD5\xC3\xFB,B\r\n"));
	night_bytes(2, "C1", STR("\xD5\xC5|\xC8\xFD,1\r\n"), &rec);
	night_bytes(3, "C2", STR("\xC0\xEE,2\r\n"), &rec);
	night_bytes(4, "C3", STR("\xCD\xF5,3"), &rec);
	night_short_mobile(FIRST, "1");
	night_tell((struct told){FIRST, "D001", "name", "x", "NAME_CHARACTERS", NULL, NULL});
	night_short_mobile("dms_customer_D001_20260301:4", "3");
	night_tell((struct told){"dms_customer_D001_20260301:3", "D001", "address", "",
				 "ADDRESS_MISSING", "warn", NULL});
	night_end();
	night_return("2026-03-05");
	cr_assert(str_eq(folder_file("D001", "dms_customer_D001_20260301_bad.csv"),
			 STR("\xD0\xD5\xC3\xFB,B\r\n\xD5\xC5|\xC8\xFD,1\r\n\xCD\xF5,3\n")));
}

Test(folder, utf_16_keeps_its_mark_and_its_wide_line_ends)
{
	struct record rec = {0};

	night_file_as("dms_customer", "D001", "2026-03-01", "", "UTF-16LE", STR("A\0\r\0\n\0"));
	night_bytes(2, "C1", STR("1\0"), &rec);
	night_short_mobile(FIRST, "1");
	night_end();
	night_return("2026-03-05");
	cr_assert(str_eq(folder_file("D001", "dms_customer_D001_20260301_bad.csv"),
			 STR("\xFF\xFE"
			     "A\0\r\0\n\0001\0\n\0")));
}

Test(folder, the_rows_of_a_workbook_go_back_as_utf_8_csv)
{
	struct record rec = {0};

	night_file_as("dms_customer", "D001", "2026-03-01", "", "XLSX", STR("手机\n"));
	night_bytes(2, "C1", STR("138001\n"), &rec);
	night_short_mobile(FIRST, "138001");
	night_end();
	night_return("2026-03-05");
	cr_assert(str_eq(folder_file("D001", "dms_customer_D001_20260301_bad.csv"),
			 STR("\xEF\xBB\xBF手机\n138001\n")));
}

Test(folder, the_bad_file_takes_a_name_that_did_not_come_yet)
{
	struct record rec = {0};

	night_file_as("dms_customer", "D001", "2026-03-01", "", "UTF-8", STR("A,B\n"));
	night_bytes(2, "C1", STR("1,1\n"), &rec);
	night_short_mobile(FIRST, "1");
	night_file_as("dms_customer", "D001", "2026-03-01", "_bad", "UTF-8", STR("A,B\n"));
	night_bytes(2, "C2", STR("2,2\n"), &rec);
	night_short_mobile("dms_customer_D001_20260301_bad:2", "2");
	night_end();
	night_return("2026-03-05");
	cr_assert(str_eq(folder_file("D001", "dms_customer_D001_20260301_bad_bad.csv"),
			 STR("A,B\n1,1\n2,2\n")));
	cr_assert_eq(folder_file("D001", "dms_customer_D001_20260301_bad.csv").n, 0);
}

Test(folder, what_an_earlier_run_left_is_gone)
{
	night_file("dms_customer", "D001", "2026-03-01");
	night_row(2, "C1", "张三", "");
	night_short_mobile(FIRST, "138001");
	night_end();
	scratch_put("return/D777/rejects.csv", STR("old"));
	scratch_put("return/D001/old.csv", STR("old"));
	scratch_put("return.part/D778/rejects.csv", STR("half"));
	night_return("2026-03-05");
	cr_assert_eq(folder_file("D777", "rejects.csv").n, 0);
	cr_assert_eq(folder_file("D778", "rejects.csv").n, 0);
	cr_assert_eq(folder_file("D001", "old.csv").n, 0);
	cr_assert_gt(folder_file("D001", "rejects.csv").n, 0);
	cr_assert_neq(access(scratch_path("return.part"), F_OK), 0);
}

Test(folder, the_same_day_gives_the_same_bytes)
{
	static const char *const names[] = {"rejects.csv", "rejects.xlsx", "summary.html",
					    "incomplete.csv"};
	struct str first[4];

	night_file("dms_customer", "D001", "2026-03-01");
	night_row(2, "C1", "张三", "");
	night_short_mobile(FIRST, "138001");
	night_end();
	night_return("2026-03-05");
	for (int i = 0; i < 4; i++)
		first[i] = folder_file("D001", names[i]);
	sleep(2); /* a zip knows two seconds */
	night_return("2026-03-05");
	for (int i = 0; i < 4; i++)
		cr_assert(str_eq(first[i], folder_file("D001", names[i])), "%s", names[i]);
}

static int wrong_modes;

static int check_mode(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)path;
	(void)ftw;
	wrong_modes += (st->st_mode & 0777) != (type == FTW_D ? 0700 : 0600);
	return 0;
}

Test(folder, nobody_else_can_read_what_is_returned)
{
	umask(0);
	night_file("dms_customer", "D001", "2026-03-01");
	night_row(2, "C1", "张三", "");
	night_short_mobile(FIRST, "138001");
	night_end();
	night_return("2026-03-05");
	cr_assert_eq(nftw(scratch_path("return"), check_mode, 8, FTW_PHYS), 0);
	cr_assert_eq(wrong_modes, 0);
}

Test(folder, customers_are_shown_by_the_dealers_own_record_only)
{
	struct str v[TABLE_MAX_COLUMNS] = {0};

	night_file("dms_customer", "D001", "2026-03-01");
	night_row(2, "C1", "张三", "13800138000");
	night_file("finance", "hq", "2026-03-01");
	v[table_column(&table_customer, STR("customer_id"))] = STR("aaaa");
	v[table_column(&table_customer, STR("name"))] = STR("张三丰");
	v[table_column(&table_customer, STR("mobile"))] = STR("13911112222");
	v[table_column(&table_customer, STR("dealer_code"))] = STR("D001");
	rowset_add(&night.customers, v);
	v[table_column(&table_customer, STR("customer_id"))] = STR("bbbb");
	v[table_column(&table_customer, STR("name"))] = STR("令狐冲");
	rowset_add(&night.customers, v);
	rowset_add(&night.clusters, (struct str[CLU_COLUMNS]){STR(FIRST), STR("aaaa")});
	night_end();
	night_return("2026-03-05");
	struct str csv = folder_file("D001", "incomplete.csv");

	cr_assert(str_has(csv, STR("aaaa,C1,张三,13800138000,")));
	cr_assert(str_has(csv, STR("bbbb,,令**,,")));
	cr_assert(str_has(csv, STR("销售顾问；")));
	cr_assert_not(str_has(csv, STR("13911112222")));
	cr_assert_not(str_has(csv, STR("令狐冲")));
}
