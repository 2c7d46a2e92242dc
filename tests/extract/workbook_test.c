#include "exports.h"

#include "extract/sheet.h"

#include <math.h>
#include <xlsxwriter.h>
#include <zip.h>

#define CUSTOMER "dms_customer_D001_20260301.xlsx"

static struct str number(double value, const char *code)
{
	static struct buf b;

	buf_reset(&b);
	number_in_format(value, number_format_parse(str_of(code)), false, &b);
	return buf_view(&b);
}

static void number_is(double value, const char *code, const char *expected)
{
	struct str text = number(value, code);

	cr_expect(str_eq(text, str_of(expected)), "%g as %s: %.*s, not %s", value, code, STR_FMT(text),
		  expected);
}

Test(workbook, numbers_are_written_in_full)
{
	number_is(13800138000, "General", "13800138000");
	number_is(1.10101199003078e17, "General", "110101199003078000");
	number_is(0.1 + 0.2, "General", "0.3");
	number_is(99000, "#,##0.00", "99000");
	number_is(14384.62, "0.00", "14384.62");
	number_is(-5, "General", "-5");
	number_is(0, "General", "0");
	number_is(0.00012, "General", "0.00012");
	number_is(1e-7, "0.00E+00", "0.0000001");
	number_is(123456.5, "General", "123456.5");
}

Test(workbook, a_format_of_zeros_keeps_the_zeros_that_are_shown)
{
	number_is(50000, "000000", "050000");
	number_is(100027, "000000", "100027");
	number_is(1012345678, "00000000000", "01012345678");
	number_is(0.13, "0%", "13%");
	number_is(0.135, "0.00%", "13.5%");
}

Test(workbook, dates_are_known_by_their_number_format)
{
	number_is(41703, "yyyy\\-mm\\-dd", "2014-03-05");
	number_is(32939, "yyyy/m/d;@", "1990-03-07");
	number_is(45657, "yyyy\"年\"m\"月\"d\"日\"", "2024-12-31");
	number_is(41703.5, "yyyy/m/d h:mm", "2014-03-05 12:00:00");
	number_is(41703.999999999, "yyyy/m/d h:mm", "2014-03-06");
	number_is(0.75, "h:mm:ss", "18:00:00");
	number_is(1, "yyyy-mm-dd", "1900-01-01");
	number_is(60, "yyyy-mm-dd", "1900-02-29");
	number_is(61, "yyyy-mm-dd", "1900-03-01");
	number_is(41703, "[$-804]General", "41703");
	number_is(41703, "[Red]0.00", "41703");
	number_is(NAN, "yyyy-mm-dd", "#NUM!");
	number_is(-1, "yyyy-mm-dd", "-1");
	number_is(1.10101199003078e17, "yyyy-mm-dd", "110101199003078000");
}

static void lines_are(const char *const *cells, size_t n, uint32_t row, const char *expected)
{
	struct sheet s = { .max_bytes = 1000, .max_rows = 100, .max_columns = 10 };

	sheet_begin(&s);
	sheet_row(&s, 1);
	for (uint32_t i = 0; i < 3; i++)
		sheet_cell(&s, i, STR("h"));
	sheet_row(&s, row);
	for (size_t i = 0; i < n; i++)
		if (cells[i])
			sheet_cell(&s, (uint32_t)i, str_of(cells[i]));
	sheet_end(&s);
	cr_expect(str_eq(buf_view(&s.image), str_of(expected)), "%.*s", STR_FMT(s.image));
	sheet_release(&s);
}

Test(workbook, line_n_of_the_image_is_row_n_of_the_sheet)
{
	lines_are((const char *const[]){ NULL, "b" }, 2, 2, "h,h,h\n,b,\n");
	lines_are((const char *const[]){ "a", "b", "c", "d" }, 4, 4, "h,h,h\n\n\na,b,c,d\n");
	lines_are((const char *const[]){ "a,\"\n", NULL, "c" }, 3, 2, "h,h,h\n\"a,\"\"\n\",,c\n");
	lines_are((const char *const[]){ "", " " }, 2, 3, "h,h,h\n\n\n");
}

/* A workbook as a person at a dealer has it: two sheets, a title, dates, numbers, gaps. */
static void make_workbook(const char *path)
{
	lxw_workbook *book = workbook_new(path);
	lxw_worksheet *cover = workbook_add_worksheet(book, "说明");
	lxw_worksheet *list = workbook_add_worksheet(book, "客户");
	lxw_format *date = workbook_add_format(book), *zeros = workbook_add_format(book);
	const char *headers[] = { "客户姓名", "证件号码", "手机", "出生日期", "邮编", "备注" };

	format_set_num_format(date, "yyyy-mm-dd");
	format_set_num_format(zeros, "000000");
	worksheet_write_string(cover, 0, 0, "导出说明", NULL);
	worksheet_write_string(list, 0, 0, "客户资料", NULL);
	for (lxw_col_t i = 0; i < 6; i++)
		worksheet_write_string(list, 1, i, headers[i], NULL);
	worksheet_write_string(list, 2, 0, "张三", NULL);
	worksheet_write_string(list, 2, 1, "11010119900307867X", NULL);
	worksheet_write_number(list, 2, 2, 13800138001, NULL);
	worksheet_write_number(list, 2, 3, 32939, date);
	worksheet_write_number(list, 2, 4, 50000, zeros);
	worksheet_write_string(list, 4, 0, "李四", NULL);
	worksheet_write_number(list, 4, 1, 110101199003078670.0, NULL);
	worksheet_write_boolean(list, 4, 5, 1, NULL);
	cr_assert_eq(workbook_close(book), LXW_NO_ERROR);
}

static void open_path(struct opened *o, const char *file_name, void (*make)(const char *path))
{
	struct fault f = { 0 };

	*o = (struct opened){ .folder = "/tmp/yice-test-XXXXXX" };
	cr_assert(mkdtemp(o->folder));
	snprintf(o->path, sizeof(o->path), "%s/%s", o->folder, file_name);
	make(o->path);
	cr_assert(schemas_load(&o->schemas, "schemas", &f));
	cr_assert(export_name_parse(&o->name, &o->schemas, str_of(file_name), &o->reason));
	o->export = export_open(o->path, &o->name, &limits_default, NULL, &o->arena, &o->reason);
}

Test(workbook, an_xlsx_is_read_from_the_sheet_whose_header_fits)
{
	struct opened o;

	open_path(&o, CUSTOMER, make_workbook);
	rows_are(&o, FIELDS(F_NAME, F_ID_NUMBER, F_MOBILE, F_BIRTH_DATE, F_POSTCODE),
		 "3: 张三 | 11010119900307867X | 13800138001 | 1990-03-07 | 050000\n"
		 "5: 李四 | 110101199003079000 |  |  | \n");
	cr_expect(str_eq(export_encoding(o.export), STR("XLSX")));
	cr_expect(str_eq(export_unknown_headers(o.export, &o.arena), STR("备注")));
	close_bytes(&o);
}

static void add_part(zip_t *zip, const char *name, const char *text)
{
	cr_assert_geq(zip_file_add(zip, name, zip_source_buffer(zip, text, strlen(text), 0), 0), 0);
}

/* What other writers do: prefixes, inline and rich strings, no cell references, 1904. */
static void make_odd_workbook(const char *path)
{
	zip_t *zip = zip_open(path, ZIP_CREATE, NULL);

	add_part(zip, "xl/workbook.xml",
		 "<x:workbook xmlns:x='m' xmlns:r='r'><x:workbookPr date1904='1'/><x:sheets>"
		 "<x:sheet name='a' sheetId='7' r:id='q' state='hidden'/>"
		 "<x:sheet name='b' sheetId='8' r:id='p'/></x:sheets></x:workbook>");
	add_part(zip, "xl/_rels/workbook.xml.rels",
		 "<Relationships xmlns='r'><Relationship Id='p' Target='/xl/s/2.xml'/>"
		 "<Relationship Id='q' Target='s/1.xml'/></Relationships>");
	add_part(zip, "xl/sharedStrings.xml",
		 "<sst><si><r><t>客户</t></r><r><t>姓名</t></r><rPh><t>kehu</t></rPh></si>"
		 "<si><t>张_x000D_三</t></si></sst>");
	add_part(zip, "xl/styles.xml",
		 "<styleSheet><cellStyleXfs><xf numFmtId='9'/></cellStyleXfs>"
		 "<cellXfs><xf numFmtId='0'/><xf numFmtId='14'/></cellXfs></styleSheet>");
	add_part(zip, "xl/s/1.xml", "<worksheet><sheetData/></worksheet>");
	add_part(zip, "xl/s/2.xml",
		 "<x:worksheet xmlns:x='m'><x:sheetData><x:row>"
		 "<x:c t='s'><x:v>0</x:v></x:c><x:c t='inlineStr'><x:is><x:t>证件号码</x:t></x:is></x:c>"
		 "<x:c t='str'><x:f>A1</x:f><x:v>手机</x:v></x:c><x:c t='str'><x:v>生日</x:v></x:c></x:row>"
		 "<x:row r='3'><x:c r='A3' t='s'><x:v>1</x:v></x:c><x:c r='C3'><x:v>1.3800138001E10</x:v></x:c>"
		 "<x:c r='D3' s='1'><x:v>31477</x:v></x:c></x:row>"
		 /* in the General format: a serial number, one with a time, a day in digits, a year */
		 "<x:row><x:c r='B4'><x:v>31477</x:v></x:c><x:c r='D4' s='0'><x:v>31477</x:v></x:c></x:row>"
		 "<x:row><x:c r='B5'><x:v>5</x:v></x:c><x:c r='D5'><x:v>31477.5</x:v></x:c></x:row>"
		 "<x:row><x:c r='B6'><x:v>6</x:v></x:c><x:c r='D6'><x:v>19900307</x:v></x:c></x:row>"
		 "<x:row><x:c r='B7'><x:v>7</x:v></x:c><x:c r='D7'><x:v>1990</x:v></x:c></x:row>"
		 "</x:sheetData></x:worksheet>");
	cr_assert_eq(zip_close(zip), 0);
}

Test(workbook, what_other_programs_write_is_read_too)
{
	struct opened o;

	open_path(&o, CUSTOMER, make_odd_workbook);
	rows_are(&o, FIELDS(F_NAME, F_ID_NUMBER, F_MOBILE, F_BIRTH_DATE),
		 "3: 张\r三 |  | 13800138001 | 1990-03-07\n"
		 "4:  | 31477 |  | 1990-03-07\n"
		 "5:  | 5 |  | 1990-03-07 12:00:00\n"
		 "6:  | 6 |  | 19900307\n"
		 "7:  | 7 |  | 1990\n");
	close_bytes(&o);
}

static void is_refused(const char *file, struct str bytes, const char *why)
{
	struct opened o;

	open_bytes_as(&o, file, bytes, &limits_default);
	cr_expect(!o.export, "%s was opened", file);
	cr_expect(str_has(o.reason, str_of(why)), "%.*s", STR_FMT(o.reason));
	close_bytes(&o);
}

Test(workbook, one_that_cannot_be_read_has_its_reason)
{
	static const char locked[600] = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";
	struct buf b = { 0 };

	is_refused(CUSTOMER, STR("PK\003\004 and no more"), "cut short or damaged");
	buf_add(&b, locked, sizeof(locked));
	is_refused("dms_customer_D001_20260301.xls", buf_view(&b), "cut short or damaged");
	buf_str(&b, STR("E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0"));
	is_refused(CUSTOMER, buf_view(&b), "encrypted");
	is_refused(CUSTOMER, STR("<html><body>login</body></html>"), "no table");
	buf_release(&b);
}

static void make_other_zip(const char *path)
{
	zip_t *zip = zip_open(path, ZIP_CREATE, NULL);

	add_part(zip, "word/document.xml", "<document/>");
	cr_assert_eq(zip_close(zip), 0);
}

static void make_entities(const char *path)
{
	zip_t *zip = zip_open(path, ZIP_CREATE, NULL);

	add_part(zip, "xl/workbook.xml", "<!DOCTYPE x [<!ENTITY a 'b'>]><workbook>&a;</workbook>");
	cr_assert_eq(zip_close(zip), 0);
}

Test(workbook, a_zip_that_is_no_workbook_or_an_attack_is_refused)
{
	struct opened o;

	open_path(&o, CUSTOMER, make_other_zip);
	cr_expect(!o.export && str_has(o.reason, STR("no workbook")), "%.*s", STR_FMT(o.reason));
	close_bytes(&o);
	open_path(&o, CUSTOMER, make_entities);
	cr_expect(!o.export && str_has(o.reason, STR("no workbook")), "%.*s", STR_FMT(o.reason));
	close_bytes(&o);
}

Test(workbook, an_html_table_named_xls_is_read)
{
	struct opened o;

	open_bytes(&o, "dms_customer_D001_20260301.xls",
		   "<html><head><meta charset=utf-8><style>td {x:y}</style></head><!-- <tr><td>x -->"
		   "<TABLE><tr><td colspan=3>客户资料</td></tr>\n<tr><th>客户姓名<th>证件号码<th>手机\n"
		   "<tr><td> 张&nbsp;三 </td><td>1&lt;2&#x41;</td><td style='a'>13800138001</td></tr>"
		   "<tr></tr><tr><td rowspan=2>李<br>四</td><td>3</td><td>4</td></tr>"
		   "<tr><td>5</td><td>6</td></tr></TABLE></html>");
	rows_are(&o, FIELDS(F_NAME, F_ID_NUMBER, F_MOBILE),
		 "3: 张 三 | 1<2A | 13800138001\n5: 李\n四 | 3 | 4\n6:  | 5 | 6\n");
	cr_expect(str_eq(export_encoding(o.export), STR("HTML")));
	close_bytes(&o);
}

Test(workbook, xml_spreadsheet_2003_is_read)
{
	struct opened o;

	open_bytes(&o, "dms_customer_D001_20260301.xls",
		   "<?xml version=\"1.0\"?><Workbook xmlns:ss=\"s\"><Worksheet ss:Name=\"a\"><Table>"
		   "<Row><Cell><Data ss:Type=\"String\">客户姓名</Data></Cell><Cell><Data>证件号码</Data></Cell>"
		   "<Cell><Data>手机</Data></Cell></Row><Row ss:Index=\"4\"><Cell><Data>张三</Data></Cell>"
		   "<Cell ss:Index=\"3\"><Data ss:Type=\"Number\">13800138001</Data></Cell></Row>"
		   "</Table></Worksheet></Workbook>");
	rows_are(&o, FIELDS(F_NAME, F_ID_NUMBER, F_MOBILE), "4: 张三 |  | 13800138001\n");
	close_bytes(&o);
}

/* Only plain numbers in columns of days: a day that has its type says which it is. */
Test(workbook, xml_spreadsheet_2003_since_1904_has_its_days_right)
{
	struct opened o;

	open_bytes(&o, "dms_customer_D001_20260301.xls",
		   "<?xml version=\"1.0\"?><Workbook xmlns:ss=\"s\" xmlns:x=\"x\">"
		   "<x:ExcelWorkbook><x:Date1904/></x:ExcelWorkbook><Worksheet ss:Name=\"a\"><Table>"
		   "<Row><Cell><Data ss:Type=\"String\">客户姓名</Data></Cell><Cell><Data>证件号码</Data></Cell>"
		   "<Cell><Data>手机</Data></Cell><Cell><Data>出生日期</Data></Cell><Cell><Data>购车日期</Data></Cell>"
		   "</Row><Row><Cell><Data>张三</Data></Cell><Cell><Data ss:Type=\"Number\">31477</Data></Cell>"
		   "<Cell><Data>1</Data></Cell><Cell><Data ss:Type=\"Number\">31477</Data></Cell>"
		   "<Cell><Data ss:Type=\"DateTime\">2014-03-05T00:00:00.000</Data></Cell></Row>"
		   "</Table></Worksheet></Workbook>");
	rows_are(&o, FIELDS(F_ID_NUMBER, F_BIRTH_DATE, F_PURCHASE_DATE),
		 "2: 31477 | 1990-03-07 | 2014-03-05T00:00:00.000\n");
	close_bytes(&o);
}

Test(workbook, text_named_xls_is_read_as_the_csv_that_it_is)
{
	struct opened o;

	open_bytes(&o, "dms_customer_D001_20260301.xls", "客户姓名\t证件号码\t手机\n张三\t1\t2\n");
	rows_are(&o, FIELDS(F_NAME, F_ID_NUMBER, F_MOBILE), "2: 张三 | 1 | 2\n");
	close_bytes(&o);
}

Test(workbook, one_that_unpacks_beyond_the_limit_is_refused)
{
	struct limits limits = limits_default;
	struct opened o;

	open_path(&o, CUSTOMER, make_workbook);
	export_close(o.export);
	limits.max_workbook_bytes = 500;
	o.export = export_open(o.path, &o.name, &limits, NULL, &o.arena, &o.reason);
	cr_expect_not(o.export);
	cr_expect(str_has(o.reason, STR("too large")) || str_has(o.reason, STR("no workbook")), "%.*s",
		  STR_FMT(o.reason));
	close_bytes(&o);
}
