#include <criterion/criterion.h>

#include "buf.h"
#include "mask.h"

static struct arena arena;

static void is_str(struct str got, const char *expected)
{
	cr_assert(str_eq(got, str_of(expected)), "got \"%.*s\", expected \"%s\"", STR_FMT(got),
		  expected);
}

static void shows(enum field field, const char *value, const char *expected)
{
	is_str(mask_value(&arena, field, str_of(value)), expected);
}

Test(mask, an_id_number_shows_one_and_two)
{
	shows(F_ID_NUMBER, "11010119900307867X", "1***************7X");
	shows(F_ID_NUMBER, "110101900307867", "1************67");
	shows(F_ID_NUMBER, "1.10101E+17", "1********17");
}

Test(mask, a_name_shows_one_character)
{
	shows(F_NAME, "段正淳", "段**");
	shows(F_NAME, "阿卜杜尼亚孜·毛力尼亚孜", "阿***********");
	shows(F_NAME, "𠮷田", "𠮷*");
	shows(F_NAME, "张", "*");
	shows(F_NAME, "", "");
}

Test(mask, a_mobile_shows_three_and_four)
{
	shows(F_MOBILE, "13812341999", "138****1999");
	shows(F_MOBILE, "１３８１２３４１９９９", "１３８****１９９９");
}

Test(mask, a_short_number_shows_no_more_than_its_first)
{
	shows(F_MOBILE, "138001", "1*****");
	shows(F_ID_NUMBER, "110101", "1*****");
	shows(F_VIN, "LFV2A11", "L******");
}

Test(mask, an_id_number_in_the_phone_column_is_no_phone)
{
	shows(F_MOBILE, "110101199003078670", "1***************70");
}

Test(mask, other_things_of_people)
{
	shows(F_EMAIL, "zhangsan@163.com", "z*******@163.com");
	shows(F_EMAIL, "a@b.cn", "*@b.cn");
	shows(F_PLATE, "苏D4A5B0", "苏D****0");
	shows(F_VIN, "LFV2A1151H3201804", "LFV**********1804");
	shows(F_ADDRESS, "北京市朝阳区东三环北路霞光里18号", "北京市朝阳区***********");
	shows(F_ADDRESS, "三元里8号", "三元***");
	shows(F_BIRTH_DATE, "1990-03-07", "1990******");
	shows(F_INVOICE_NO, "011001900211-12345678", "*****************5678");
}

Test(mask, what_tells_nothing_of_a_person_stays)
{
	shows(F_MODEL, "奥迪A6L", "奥迪A6L");
	shows(F_GENDER, "男", "男");
	shows(F_PURCHASE_DATE, "2026-03-01", "2026-03-01");
}

Test(mask, numbers_inside_free_text_are_hidden)
{
	is_str(mask_text(&arena, STR("请回电138 1234 1999，车牌苏D，里程86000公里")),
	       "请回电138**********，车牌苏D，里程86000公里");
	is_str(mask_text(&arena, STR("证件110101199003078670有误")), "证件110***************有误");
	is_str(mask_text(&arena, STR("010-1234")), "010*****");
	is_str(mask_text(&arena, STR("订单123456, 共3件")), "订单123456, 共3件");
}

Test(mask, a_vin_inside_free_text_is_hidden)
{
	is_str(mask_text(&arena, STR("车架号LFV2A1151H3201804异响")), "车架号LFV**********1804异响");
	is_str(mask_text(&arena, STR("xLFV2A1151H3201804 Telecommunication")), "xLFV2A1151H320**** Telecommunication");
}

Test(mask, a_reason_shows_the_dates_of_exports)
{
	is_str(mask_reason(&arena, STR("车辆LFV2A1151H3201804：dms在2026-03-02给出，13812341999")),
	       "车辆LFV**********1804：dms在2026-03-02给出，138********");
	is_str(mask_text(&arena, STR("2026-03-02")), "202*******");
	is_str(mask_reason(&arena, STR("2026-93-02")), "202*******");
}

Test(mask, of_a_foreign_record_nothing_stays_whole)
{
	is_str(mask_foreign(&arena, F_LOAN_AMOUNT, STR("一二三万")), "一***");
	is_str(mask_foreign(&arena, F_BIRTH_DATE, STR("1990-02-31")), "1*********");
	is_str(mask_foreign(&arena, F_CONTENT, STR("客户很生气")), "客****");
	is_str(mask_foreign(&arena, F_COUNT, STR("x")), "*");
	is_str(mask_foreign(&arena, F_ID_NUMBER, STR("11010119900307867X")), "1***************7X");
}

Test(mask, no_field_ever_shows_the_whole_of_a_foreign_value)
{
	const char *values[] = {"a",
				"ab",
				"1234567",
				"11010119900307867X",
				"zhang@163.com",
				"\xff\xfe",
				"北京市朝阳区建国路1号"};

	for (int field = 0; field <= F_COUNT; field++)
		for (size_t i = 0; i < sizeof(values) / sizeof(*values); i++) {
			struct str value = str_of(values[i]);
			struct str shown = mask_foreign(&arena, (enum field)field, value);

			cr_assert_not(str_eq(shown, value));
			cr_assert(str_has(shown, STR("*")));
		}
}

Test(mask, a_long_text_does_not_tell_its_length)
{
	struct buf b = {0};

	for (int i = 0; i < 32000; i++)
		buf_char(&b, '=');
	cr_assert_lt(mask_foreign(&arena, F_CONTENT, buf_view(&b)).n, 64);
	buf_release(&b);
}
