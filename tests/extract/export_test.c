#include "exports.h"

#define CUSTOMER "dms_customer_D001_20260301.csv"
#define HEAD "客户姓名,证件号码,手机\n"

static void reads(const char *text, const char *expected)
{
	struct opened o;

	open_bytes(&o, CUSTOMER, text);
	rows_are(&o, FIELDS(F_NAME, F_ID_NUMBER, F_MOBILE), expected);
	close_bytes(&o);
}

static void reads_bytes(struct str bytes, const char *encoding, const char *expected)
{
	struct opened o;

	open_bytes_as(&o, CUSTOMER, bytes, &limits_default);
	rows_are(&o, FIELDS(F_NAME, F_ID_NUMBER, F_MOBILE), expected);
	cr_expect(str_eq(export_encoding(o.export), str_of(encoding)), "%.*s",
		  STR_FMT(export_encoding(o.export)));
	close_bytes(&o);
}

/* ---- encodings ---- */

Test(export, utf8_with_and_without_bom_is_told_apart)
{
	reads_bytes(STR(HEAD "张三,1,2\n"), "UTF-8", "2: 张三 | 1 | 2\n");
	reads_bytes(STR("\xEF\xBB\xBF" HEAD "张三,1,2\n"), "UTF-8-BOM", "2: 张三 | 1 | 2\n");
}

/* 客户姓名,证件号码,手机 */
#define GB_HEAD "\xBF\xCD\xBB\xA7\xD0\xD5\xC3\xFB,\xD6\xA4\xBC\xFE\xBA\xC5\xC2\xEB,\xCA\xD6\xBB\xFA\r\n"

Test(export, gb18030_is_read_with_its_rare_characters)
{
	/* 䶮 is two bytes that GBK has not, U+20087 four bytes */
	reads_bytes(STR(GB_HEAD "\xD5\xC5\xFE\x9F,1,2\r\n\xD5\xC5\x95\x32\x82\x36,3,4\r\n"),
		    "GB18030", "2: 张䶮 | 1 | 2\n3: 张𠀀 | 3 | 4\n");
}

Test(export, a_delimiter_inside_a_gb18030_character_is_none)
{
	/* 鍇 is E5 7C: "|" is its second byte */
	struct opened o;

	open_bytes_as(&o, CUSTOMER,
		      STR("\xBF\xCD\xBB\xA7\xD0\xD5\xC3\xFB|\xD6\xA4\xBC\xFE\xBA\xC5\xC2\xEB|\xCA\xD6\xBB\xFA\n"
			  "\xE5\x7C|1|2\n\"\xE5\x7C\"|\"3\n4\"|5\n"), &limits_default);
	rows_are(&o, FIELDS(F_NAME, F_ID_NUMBER, F_MOBILE), "2: 鍇 | 1 | 2\n3: 鍇 | 3\n4 | 5\n");
	cr_expect(str_eq(export_delimiter(o.export), STR("|")));
	close_bytes(&o);
}

Test(export, bytes_that_are_no_text_cost_their_row_only)
{
	reads_bytes(STR(HEAD "张三,1,2\n李\xE5,3,4\n王五,5,6\n"), "UTF-8",
		    "2: 张三 | 1 | 2\n3: ROW_ENCODING (0xE5 @ 47)\n4: 王五 | 5 | 6\n");
	reads_bytes(STR(GB_HEAD "\xD5\xC5\xC8\xFD,1,2\r\n\xFF\xD5\xC5,3,4\r\n"), "GB18030",
		    "2: 张三 | 1 | 2\n3: ROW_ENCODING (0xFF @ 34)\n");
}

Test(export, the_encoding_is_decided_over_the_whole_file)
{
	struct buf b = { 0 };

	/* The first Chinese behind a megabyte of ASCII. */
	buf_str(&b, STR("VIN,MOBILE,CERTIFICATE_NO,CUSTOMER_NAME\n"));
	for (int i = 0; i < 30000; i++)
		buf_printf(&b, "LFV2A1151H3201804,1380013%04d,x,y\n", i % 10000);
	buf_str(&b, STR("v,m,i,\xD5\xC5\xC8\xFD\n"));
	struct opened o;

	open_bytes_as(&o, CUSTOMER, buf_view(&b), &limits_default);
	cr_assert(str_eq(export_encoding(o.export), STR("GB18030")));
	close_bytes(&o);
	buf_release(&b);
}

static struct str utf16(const char *text, bool big, struct buf *b)
{
	struct str s = str_of(text);

	buf_str(b, big ? STR("\xFE\xFF") : STR("\xFF\xFE"));
	for (size_t i = 0; i < s.n;) {
		uint32_t c = utf8_next(s, &i), units[2] = { c, 0 };

		if (c > 0xFFFF) {
			units[0] = 0xD800 + ((c - 0x10000) >> 10);
			units[1] = 0xDC00 + ((c - 0x10000) & 0x3FF);
		}
		for (int k = 0; k < 1 + (c > 0xFFFF); k++) {
			buf_char(b, (char)(big ? units[k] >> 8 : units[k]));
			buf_char(b, (char)(big ? units[k] : units[k] >> 8));
		}
	}
	return buf_view(b);
}

Test(export, utf16_from_a_spreadsheet_keeps_the_bytes_of_each_row)
{
	struct opened o;
	struct buf b = { 0 };
	struct raw_row raw;

	open_bytes_as(&o, CUSTOMER,
		      utf16("客户姓名\t证件号码\t手机\r\n张𠀀\t1\t2\r\n李四\t3\t4\r\n", false, &b),
		      &limits_default);
	cr_assert(o.export);
	cr_expect(str_eq(export_encoding(o.export), STR("UTF-16LE")));
	cr_assert(export_next(o.export, &raw));
	cr_expect_eq(raw.offset, 2 + 2 * 14);
	cr_expect_eq(raw.bytes.n, 2 * 9);
	cr_assert(export_next(o.export, &raw));
	cr_expect(str_eq(raw.bytes, (struct str){ b.p + raw.offset, 2 * 8 }));
	cr_expect(str_starts(export_header(o.export), STR("\xFF\xFE")));
	close_bytes(&o);
	b.n = 0;
	reads_bytes(utf16("客户姓名,证件号码,手机\n张三,1,2\n", true, &b), "UTF-16BE",
		    "2: 张三 | 1 | 2\n");
	b.n = 0;
	utf16("客户姓名,证件号码,手机\n李", false, &b);
	buf_str(&b, STR("\x00\xD8,\0001\0,\0002\0\n\0"));
	reads_bytes(buf_view(&b), "UTF-16LE", "2: ROW_ENCODING (0x00 @ 30)\n");
	buf_release(&b);
}

Test(export, nul_bytes_are_left_out)
{
	reads_bytes(STR(HEAD "张\0三,1\0\0,2\n"), "UTF-8", "2: 张三 | 1 | 2\n");
}

/* ---- lines, delimiters, header ---- */

Test(export, every_kind_of_line_end_and_delimiter_is_known)
{
	reads(HEAD "张三,1,2\n李四,3,4", "2: 张三 | 1 | 2\n3: 李四 | 3 | 4\n");
	reads("客户姓名;证件号码;手机\r\n张三;1;2\r\n李四;3,5;4\r\n", "2: 张三 | 1 | 2\n3: 李四 | 3,5 | 4\n");
	reads("客户姓名\t证件号码\t手机\r张三\t1\t2\r李四\t3\t4\r", "2: 张三 | 1 | 2\n3: 李四 | 3 | 4\n");
	reads("客户姓名|证件号码|手机\n张三|1|2\n", "2: 张三 | 1 | 2\n");
	reads(HEAD "张三,1,2\r\n李\r四,3,4\r\n", "2: 张三 | 1 | 2\n3: 李\r四 | 3 | 4\n");
}

Test(export, a_sep_line_names_the_delimiter_and_is_no_row)
{
	reads("sep=;\r\n客户姓名;证件号码;手机\r\n张三;1;2\r\n", "2: 张三 | 1 | 2\n");
	reads("\"sep=;\"\n客户姓名;证件号码;手机\n张三;1;2\n", "2: 张三 | 1 | 2\n");
}

Test(export, title_lines_and_blank_lines_are_counted_but_no_rows)
{
	reads("客户资料导出 2026年3月\n\n" HEAD "张三,1,2\n\n李四,3,4\n",
	      "4: 张三 | 1 | 2\n6: 李四 | 3 | 4\n");
	reads("\"标题, 有逗号\n两行\",,\n" HEAD "张三,1,2\n", "3: 张三 | 1 | 2\n");
}

Test(export, totals_below_are_no_rows)
{
	reads(HEAD "张三,1,2\n合计,,\n", "2: 张三 | 1 | 2\n");
	reads(HEAD "张三,1,2\n,,\n总计：1 条\n,,\n\n", "2: 张三 | 1 | 2\n3: ROW_EMPTY\n");
	reads(HEAD "合计科技有限公司,1,2\n", "2: 合计科技有限公司 | 1 | 2\n");
}

Test(export, a_repeated_header_is_no_row)
{
	reads(HEAD "张三,1,2\n" HEAD "李四,3,4\n", "2: 张三 | 1 | 2\n4: 李四 | 3 | 4\n");
}

Test(export, headers_are_known_in_other_order_with_padding_and_other_forms)
{
	reads("ＭＯＢＩＬＥ, 身份证号 ,*客户名称\n2,1,张三\n", "2: 张三 | 1 | 2\n");
	reads("\"手机\n号码\",证件号码（必填）,姓名\n2,1,张三\n", "2: 张三 | 1 | 2\n");
}

Test(export, of_equal_headers_the_first_filled_counts)
{
	struct opened o;

	open_bytes(&o, CUSTOMER,
		   "姓名,证件号码,手机,邮编,城市,邮编,备注\n张三,1,2,100027,北京,x,y\n李四,3,4, ,北京,100028,y\n");
	rows_are(&o, FIELDS(F_POSTCODE, F_CITY), "2: 100027 | 北京\n3: 100028 | 北京\n");
	cr_expect(str_eq(export_unknown_headers(o.export, &o.arena), STR("备注")));
	cr_expect(str_eq(export_field_header(o.export, F_POSTCODE), STR("邮编")));
	cr_expect(str_eq(export_field_header(o.export, F_NAME), STR("姓名")));
	close_bytes(&o);
}

Test(export, a_second_column_of_a_field_counts_where_the_first_is_empty)
{
	struct opened o;

	/* in the order of the schema, whatever that of the file is */
	open_bytes(&o, CUSTOMER, "姓名,证件号码,联系手机,MOBILE,手机\n张三,1,21,22,23\n李四,3,41,42,\n王五,5,,62,\n赵六,7,,,\n");
	rows_are(&o, FIELDS(F_MOBILE), "2: 23\n3: 41\n4: 62\n5: \n");
	cr_expect(str_eq(export_unknown_headers(o.export, &o.arena), STR("")));
	cr_expect(str_eq(export_field_header(o.export, F_MOBILE), STR("手机|联系手机|MOBILE")));
	close_bytes(&o);
	/* those of one line of the schema before those of the next */
	open_bytes(&o, CUSTOMER, "姓,名,证件号码,手机,家庭电话,联系电话,电话\n张,三,1,2,3,4,\n李,四,1,2,3,,\n");
	rows_are(&o, FIELDS(F_PHONE), "2: 4\n3: 3\n");
	close_bytes(&o);
}

Test(export, a_word_for_nothing_is_passed_over_as_an_empty_cell_is)
{
	struct opened o;

	open_bytes(&o, CUSTOMER, "姓名,证件号码,手机,联系手机,电话,家庭电话\n张三,1,无,22,0,4\n李四,3, 　- ,'N/A,5,6\n"
				 "王五,5,　,72,,\n");
	rows_are(&o, FIELDS(F_MOBILE, F_PHONE), "2: 22 | 4\n3:  　-  | 5\n4: 72 | \n");
	close_bytes(&o);
	/* 0 may be what is meant where something is counted */
	open_bytes(&o, "dms_service_D001_20260301.csv", "工单号,车架号,总金额,总金额\n1,2,0,500\n3,4,无,500\n");
	rows_are(&o, FIELDS(F_AMOUNT), "2: 0\n3: 500\n");
	close_bytes(&o);
}

Test(export, words_for_nothing_stay_in_no_joined_value)
{
	struct opened o;

	open_bytes(&o, CUSTOMER, "姓,名,证件号码,手机,地址1,地址2,地址3\n张,略,1,2,无,中山路1号,-\n无,无,1,2,-,无,\n");
	rows_are(&o, FIELDS(F_NAME, F_ADDRESS, F_ADDRESS1), "2: 张略 | 中山路1号 | 无\n3: 无 | - | -\n");
	close_bytes(&o);
	open_bytes(&o, "invoice_hq_20260301.csv", "发票代码,发票号码,购买方名称,身份证号码,车架号\n/,12345678,a,b,c\n011,-,a,b,c\n");
	rows_are(&o, FIELDS(F_INVOICE_NO, F_SOURCE_KEY), "2: 12345678 | 12345678\n3: 011 | -\n");
	close_bytes(&o);
}

Test(export, what_is_empty_is_not_filled_with_what_is_another_ones)
{
	struct opened o;

	/* the customer and the owner */
	open_bytes(&o, CUSTOMER, "客户姓名,客户手机,车主姓名,车主手机,证件号码\n张三,,李四,4,1\n");
	rows_are(&o, FIELDS(F_NAME, F_MOBILE), "2: 张三 | \n");
	cr_expect(str_eq(export_unknown_headers(o.export, &o.arena), STR("车主姓名;车主手机")));
	close_bytes(&o);
	/* the new car and the one traded in, beside two mobiles of one person */
	open_bytes(&o, CUSTOMER,
		   "客户姓名,手机,证件号码,品牌,车型,手机,品牌,车型,车架号,VIN\n张三,,1,奥迪,,4,大众,速腾,,V\n");
	rows_are(&o, FIELDS(F_MOBILE, F_BRAND, F_MODEL, F_VIN), "2: 4 | 奥迪 |  | V\n");
	cr_expect(str_eq(export_unknown_headers(o.export, &o.arena), STR("品牌;车型")));
	close_bytes(&o);
	/* one of them alone stands there once more */
	open_bytes(&o, CUSTOMER, "客户姓名,手机,证件号码,车架号,品牌,车架号\n张三,2,1,,奥迪,V\n");
	rows_are(&o, FIELDS(F_BRAND, F_VIN), "2: 奥迪 | V\n");
	close_bytes(&o);
}

Test(export, more_second_columns_than_have_a_say_are_told)
{
	struct opened o;

	open_bytes(&o, CUSTOMER,
		   "姓名,证件号码,手机,手机,手机,手机,手机,手机,手机,手机,手机,手机,手机,手机,手机,手机,手机,手机,手机\n"
		   "张三,1,,,,,,,,,,,,,,,,16,17\n李四,1,,,,,,,,,,,,,,,,,17\n");
	rows_are(&o, FIELDS(F_MOBILE), "2: 16\n3: \n");
	cr_expect(str_eq(export_unknown_headers(o.export, &o.arena), STR("手机")));
	close_bytes(&o);
}

static void is_refused(const char *file, const char *text, const char *why)
{
	struct opened o;

	open_bytes(&o, file, text);
	cr_expect(!o.export, "%s was opened", file);
	cr_expect(str_has(o.reason, str_of(why)), "%.*s", STR_FMT(o.reason));
	close_bytes(&o);
}

Test(export, a_file_that_cannot_be_used_has_its_reason)
{
	is_refused(CUSTOMER, "", "the file is empty");
	is_refused(CUSTOMER, "\xEF\xBB\xBF\r\n", "no line is a header of schema dms_customer");
	is_refused(CUSTOMER, "a,b,c\n1,2,3\n", "no line is a header of schema dms_customer");
	is_refused(CUSTOMER, "客户姓名,手机,邮编\n张三,1,2\n",
		   "required column missing: 证件号码; the header has: 客户姓名, 手机, 邮编");
	is_refused("dms_customer_D001_20260301.csv.gz", "\x1f\x8b\x08\x00", "");
}

Test(export, a_header_alone_is_an_export_without_rows)
{
	reads(HEAD, "");
	reads("客户姓名,证件号码,手机", "");
}

/* ---- rows ---- */

Test(export, ragged_rows_are_told_and_empty_columns_at_the_end_are_none)
{
	reads(HEAD "张三,1\n李四,3,4,,\n王五,5,6,7\n", "2: ROW_COLUMNS (2 < 3)\n3: 李四 | 3 | 4\n"
						   "4: ROW_COLUMNS (4 > 3)\n");
	reads("客户姓名,证件号码,手机,,\n张三,1,2\n李四,3,4,,\n", "2: 张三 | 1 | 2\n3: 李四 | 3 | 4\n");
}

Test(export, a_row_of_empty_cells_is_told)
{
	reads(HEAD ",,\n \t,\"\", \n张三,1,2\n", "2: ROW_EMPTY\n3: ROW_EMPTY\n4: 张三 | 1 | 2\n");
}

Test(export, quoted_line_breaks_start_no_new_row)
{
	reads(HEAD "\"张\r\n三\",1,2\n李四,\"3,\"\"5\"\"\",4\n", "2: 张\r\n三 | 1 | 2\n3: 李四 | 3,\"5\" | 4\n");
}

Test(export, stray_quotes_are_recovered)
{
	reads(HEAD "\"5\" 屏\",1,2\n张\"三,1,2\n", "2: 5\" 屏 | 1 | 2\n3: 张\"三 | 1 | 2\n");
	reads(HEAD "\"他说\"你好\"\",1,2\n", "2: 他说\"你好\" | 1 | 2\n");
	reads(HEAD "\"张三\" ,1,2\n张三, \"1,5\",2\n", "2: 张三 | 1 | 2\n3: 张三 | 1,5 | 2\n");
	reads(HEAD "\"第一行\"引\"语\n第二行\",1,2\n李四,3,4\n",
	      "2: 第一行\"引\"语\n第二行 | 1 | 2\n3: 李四 | 3 | 4\n");
	reads(HEAD "张三, \"1\n5\" ,2\n李四, \"3,4\n", "2: 张三 | 1\n5 | 2\n3: 李四 |  \"3 | 4\n");
	reads(HEAD "=\"110101\",1,2\n", "2: =\"110101\" | 1 | 2\n");
}

Test(export, an_unclosed_quote_costs_its_row_only)
{
	reads(HEAD "张三,\"1,2\n李四,3,4\n王五,5,6\n", "2: ROW_QUOTES\n3: 李四 | 3 | 4\n4: 王五 | 5 | 6\n");
	reads(HEAD "\"张三,\"1\",\"2\"\n\"李四\",\"3\",\"4\"\n", "2: ROW_QUOTES\n3: 李四 | 3 | 4\n");
	reads(HEAD "\"张三\",\"1,\"2\"\n\"李四\",\"3\",\"4\"\n", "2: ROW_QUOTES\n3: 李四 | 3 | 4\n");
	reads(HEAD "张三,1,\"2\n\"李四\",\"3\n5\",\"4\"\n王五,5,6\n",
	      "2: ROW_QUOTES\n3: 李四 | 3\n5 | 4\n4: 王五 | 5 | 6\n");
	reads(HEAD "\"张三,1,2\n\"李四,3,4\n王\"五\",5,6\n\"赵六,7,\"8\n孙七,9,0\n",
	      "2: ROW_QUOTES\n3: ROW_QUOTES\n4: 王\"五\" | 5 | 6\n5: ROW_QUOTES\n6: 孙七 | 9 | 0\n");
	reads(HEAD "张三,1,2\n李四,3,\"4", "2: 张三 | 1 | 2\n3: ROW_QUOTES\n");
}

Test(export, a_skipped_stretch_is_one_row_with_all_its_bytes)
{
	struct opened o;
	struct raw_row raw;

	open_bytes(&o, CUSTOMER, HEAD "\"张三,\"甲\n乙\n丙,1,2\n李四,3,4\n");
	cr_assert(export_next(o.export, &raw));
	cr_expect_str_eq(raw.code, "ROW_QUOTES");
	cr_expect(str_eq(raw.bytes, STR("\"张三,\"甲\n乙\n")), "%.*s", STR_FMT(raw.bytes));
	cr_assert(export_next(o.export, &raw));
	cr_expect_eq(raw.row, 3);
	close_bytes(&o);
}

Test(export, a_row_over_the_limit_is_a_fault_of_that_row)
{
	struct limits limits = limits_default;
	struct opened o;
	struct buf b = { 0 };

	limits.max_row_bytes = 1000;
	buf_str(&b, STR(HEAD "张三,1,"));
	for (int i = 0; i < 5000; i++)
		buf_char(&b, '2');
	buf_str(&b, STR("\n李四,\""));
	for (int i = 0; i < 5000; i++)
		buf_char(&b, '"');
	buf_str(&b, STR("\n王五,5,6\n"));
	open_bytes_as(&o, CUSTOMER, buf_view(&b), &limits);
	rows_are(&o, FIELDS(F_NAME, F_ID_NUMBER, F_MOBILE),
		 "2: ROW_COLUMNS (5010 > 1000 bytes)\n3: ROW_COLUMNS (5009 > 1000 bytes)\n"
		 "4: 王五 | 5 | 6\n");
	close_bytes(&o);
	buf_release(&b);
}

Test(export, each_row_knows_its_bytes_and_where_they_begin)
{
	struct str text = STR("标题\n" HEAD "张三,1,2\r\n\n\"李\n四\",3,4\n");
	struct opened o;
	struct raw_row raw;
	size_t rows = 0;

	open_bytes_as(&o, CUSTOMER, text, &limits_default);
	while (export_next(o.export, &raw)) {
		cr_expect(str_eq(raw.bytes, (struct str){ text.p + raw.offset, raw.bytes.n }));
		cr_expect_eq(raw.bytes.p[raw.bytes.n - 1], '\n');
		rows++;
	}
	cr_expect_eq(rows, 2);
	cr_expect(str_eq(export_header(o.export), STR(HEAD)));
	close_bytes(&o);
}

/* ---- fields ---- */

Test(export, a_record_knows_where_it_came_from)
{
	struct opened o;

	open_bytes(&o, "dms_customer_D001_20260301_2.csv",
		   "经销商代码,客户姓名,证件号码,手机\nD009,张三,1,2\n,李四,3,4\n");
	rows_are(&o, FIELDS(F_RECORD_ID, F_SOURCE, F_OBSERVED_ON, F_DEALER_CODE),
		 "2: dms_customer_D001_20260301_2:2 | dms | 2026-03-01 | D009\n"
		 "3: dms_customer_D001_20260301_2:3 | dms | 2026-03-01 | D001\n");
	close_bytes(&o);
	open_bytes(&o, "manual_hq_20260301.csv", HEAD "张三,1,2\n");
	rows_are(&o, FIELDS(F_SOURCE, F_DEALER_CODE), "2: manual | \n");
	close_bytes(&o);
}

Test(export, address_lines_are_joined_and_kept)
{
	struct opened o;

	open_bytes(&o, CUSTOMER,
		   "客户姓名,证件号码,手机,地址1,地址2,地址3\n"
		   "张三,1,2,长江路22号, 神华大厦15层 ,市场部\n李四,3,4,大名县,,市场部\n王五,5,6,,,\n");
	rows_are(&o, FIELDS(F_ADDRESS, F_ADDRESS1, F_ADDRESS3),
		 "2: 长江路22号 神华大厦15层 市场部 | 长江路22号 | 市场部\n"
		 "3: 大名县 市场部 | 大名县 | 市场部\n4:  |  | \n");
	cr_expect(str_eq(export_field_header(o.export, F_ADDRESS), STR("地址1+地址2+地址3")));
	close_bytes(&o);
}

Test(export, of_several_columns_the_first_filled_counts)
{
	struct opened o;

	open_bytes(&o, CUSTOMER, "姓,名,证件号码,移动电话,家庭电话,办公电话\n张,三,1,2,,4\n李,四,3,4,5,6\n");
	rows_are(&o, FIELDS(F_NAME, F_PHONE), "2: 张三 | 4\n3: 李四 | 5\n");
	close_bytes(&o);
}

Test(export, an_invoice_feeds_its_day_twice_and_its_number_joined)
{
	struct opened o;

	open_bytes(&o, "invoice_hq_20260301.csv",
		   "发票代码,发票号码,开票日期,购买方名称,身份证号码/组织机构代码,车架号,价税合计,经销商代码\n"
		   "011001900111,12345678,2026-02-28,张三,1,V,99000.00,D001\n"
		   ",26112000000123456789,2026-02-28,李四,2,W,1,\n");
	rows_are(&o, FIELDS(F_INVOICE_NO, F_SOURCE_KEY, F_INVOICE_DATE, F_PURCHASE_DATE, F_PRICE, F_DEALER_CODE),
		 "2: 011001900111-12345678 | 12345678 | 2026-02-28 | 2026-02-28 | 99000.00 | D001\n"
		 "3: 26112000000123456789 | 26112000000123456789 | 2026-02-28 | 2026-02-28 | 1 | \n");
	close_bytes(&o);
}

static unsigned feeds(const char *file, const char *text, struct record *rec, struct opened *o)
{
	struct raw_row raw;
	const char *code;
	struct str detail;

	open_bytes(o, file, text);
	cr_assert(o->export, "%.*s", STR_FMT(o->reason));
	cr_assert(export_next(o->export, &raw));
	cr_assert(export_record(o->export, &raw, rec, &code, &detail, &o->arena));
	return rec->feeds;
}

Test(export, a_row_feeds_the_tables_that_it_says_something_for)
{
	const unsigned customer = FEEDS(ENTITY_CUSTOMER), vehicle = FEEDS(ENTITY_VEHICLE),
		       contact = FEEDS(ENTITY_CONTACT);
	struct record rec;
	struct opened o;

	cr_expect_eq(feeds(CUSTOMER, "客户姓名,证件号码,手机,车型\n张三,1,2,A6L\n", &rec, &o), customer | vehicle);
	close_bytes(&o);
	cr_expect_eq(feeds(CUSTOMER, "客户姓名,证件号码,手机,车型\n张三,1,2, \n", &rec, &o), customer);
	close_bytes(&o);
	cr_expect_eq(feeds("callcenter_hq_20260301.csv", "来电号码,车架号,车型,内容\n1,,A6L,x\n", &rec, &o),
		     customer | contact);
	cr_expect_eq(rec.v[F_MODEL].n, 0, "a value that no table has goes");
	close_bytes(&o);
	cr_expect_eq(feeds("callcenter_hq_20260301.csv", "来电号码,车架号,车型,内容\n1,V,A6L,x\n", &rec, &o),
		     customer | vehicle | contact);
	close_bytes(&o);
	cr_expect_eq(feeds("dms_service_D001_20260301.csv", "工单号,车架号,送修人\nR1,V,张三\n", &rec, &o),
		     vehicle | contact);
	cr_expect(str_eq(rec.v[F_NAME], STR("张三")));
	cr_expect(str_eq(rec.v[F_CONTACT_NO], STR("R1")));
	close_bytes(&o);
}

Test(export, a_survey_has_its_kind_and_the_five_scores_in_place)
{
	struct opened o;

	open_bytes(&o, "survey_hq_20260301.csv",
		   "问卷编号,手机,总分,服务启动,服务顾问,服务质量,服务设施,服务后交车\n"
		   "S1,138,812,800,,810,,790\nS2,139,,,,,,\n");
	rows_are(&o, FIELDS(F_KIND, F_SCORES, F_SATISFACTION, F_SOURCE),
		 "2: survey | 800;;810;;790 | 812 | callcenter\n3: survey |  |  | callcenter\n");
	close_bytes(&o);
}

Test(export, the_date_of_an_activity_is_that_of_the_furthest_step)
{
	struct opened o;

	open_bytes(&o, "activity_hq_20260301.csv",
		   "活动编号,客户姓名,通知日期,邀请日期,出席日期\nA,张三,2026-01-01,2026-01-02,\n"
		   "A,李四,2026-01-01,2026-01-02,2026-01-03\n");
	rows_are(&o, FIELDS(F_KIND, F_CONTACT_AT, F_INFORMED_ON),
		 "2: activity | 2026-01-02 | 2026-01-01\n3: activity | 2026-01-03 | 2026-01-01\n");
	close_bytes(&o);
}

Test(export, a_correction_gives_its_columns_without_the_tricks_of_spreadsheets)
{
	struct opened o;
	struct raw_row raw;
	struct str v[CRW_COLUMNS], detail;
	const char *code;

	open_bytes(&o, "correction_D001_20260302.csv",
		   "\xEF\xBB\xBF更正值,退回编号,文件,字段\r\n'=1+1,=\"00ab\",f.csv,手机\r\n");
	cr_assert(export_next(o.export, &raw));
	cr_assert(export_correction(o.export, &raw, v, &code, &detail, &o.arena));
	cr_expect(str_eq(v[CRW_RECORD_ID], STR("correction_D001_20260302:2")));
	cr_expect(str_eq(v[CRW_DEALER_CODE], STR("D001")));
	cr_expect(str_eq(v[CRW_OBSERVED_ON], STR("2026-03-02")));
	cr_expect(str_eq(v[CRW_REJECT_ID], STR("00ab")));
	cr_expect(str_eq(v[CRW_CORRECTED_VALUE], STR("=1+1")));
	cr_expect(str_eq(v[CRW_FIELD], STR("手机")));
	close_bytes(&o);
}

Test(export, rows_that_the_state_kept_are_read_again_in_the_same_way)
{
	const char *texts[] = { HEAD "张三,1,2\n\"李\n四\",3,4\n",
				"客户姓名;证件号码;手机\r张三;1;2\r李四;3;4\r",
				"\xEF\xBB\xBF客户姓名\t证件号码\t手机\r\n张三\t1\t2\r\n李四\t3\t4" };
	struct buf b = { 0 };

	for (size_t i = 0; i < 4; i++) {
		struct opened o;
		struct export *again;
		struct raw_row raw;

		open_bytes_as(&o, CUSTOMER, i < 3 ? str_of(texts[i]) : utf16(texts[2] + 3, false, &b),
			      &limits_default);
		again = export_reopen(&o.name, export_header(o.export), export_encoding(o.export),
				      export_delimiter(o.export).p[0], o.reference, &o.arena,
				      &o.reason);
		cr_assert(again, "%.*s", STR_FMT(o.reason));
		while (export_next(o.export, &raw)) {
			struct record one, two;
			const char *code;
			struct str detail;

			cr_assert(export_record(o.export, &raw, &one, &code, &detail, &o.arena));
			cr_assert(export_record(again, &raw, &two, &code, &detail, &o.arena));
			for (int f = 0; f < F_COUNT; f++)
				cr_expect(str_eq(one.v[f], two.v[f]));
			cr_expect_eq(one.feeds, two.feeds);
		}
		export_close(again);
		close_bytes(&o);
	}
	buf_release(&b);
}

/* ---- what the whole column shows ---- */

static void findings_are(const char *text, size_t repeat, const char *row, const char *expected)
{
	struct opened o;
	struct buf b = { 0 };

	buf_str(&b, str_of(text));
	for (size_t i = 0; i < repeat; i++)
		buf_printf(&b, row, (unsigned)i % 10, (unsigned)i % 10); /* one or two of them */
	open_bytes_as(&o, CUSTOMER, buf_view(&b), &limits_default);
	free((char *)rows_of(&o, NULL, 0).p);
	cr_expect(str_eq(export_findings(o.export, &o.arena), str_of(expected)), "%.*s",
		  STR_FMT(export_findings(o.export, &o.arena)));
	close_bytes(&o);
	buf_release(&b);
}

Test(export, columns_whose_values_look_like_another_one_are_told)
{
	findings_are("客户姓名,证件号码,手机,城市,邮编\n", 9, "张三,,1380013800%u,100027,北京市\n",
		     "city:postcode;postcode:city");
	findings_are("客户姓名,证件号码,手机,城市,邮编\n", 9, "张三,,1380013800%u,北京市,10002%u\n", "");
	findings_are("客户姓名,证件号码,手机\n", 9, "张三,1380013800%u,11010119900307867X\n",
		     "id_number:mobile;mobile:id_number");
	findings_are("客户姓名,证件号码,手机,城市,邮编\n", 4, "张三,,1380013800%u,100027,北京市\n", "");
}

Test(export, id_numbers_that_went_through_a_spreadsheet_are_told)
{
	findings_are(HEAD, 10, "张三,11010119900307800%u,1\n", "");
	findings_are(HEAD, 10, "张三,1101011990030%u8000,1\n", "id_number:spreadsheet");
	findings_are(HEAD, 10, "张三,1.1010%uE+17,1\n", "id_number:spreadsheet");
}
