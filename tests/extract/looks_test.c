#include <criterion/criterion.h>

#include "extract/looks.h"

static void looks(const char *value, unsigned expected)
{
	cr_expect_eq(looks_of(str_of(value)), expected, "%s: %x, not %x", value, looks_of(str_of(value)),
		     expected);
}

Test(looks, a_value_is_known_by_its_shape)
{
	looks("11010119900307867X", 1u << LOOK_ID_NUMBER);
	looks("110101900307867", 1u << LOOK_ID_NUMBER);
	looks("91110000MA01ABCD1X", 1u << LOOK_ID_NUMBER);
	looks("13800138001", 1u << LOOK_MOBILE);
	looks("+86 138-0013-8001", 1u << LOOK_MOBILE);
	looks("LFV2A1151H3201804", 1u << LOOK_VIN);
	looks("京A12345", 1u << LOOK_PLATE);
	looks("京AD12345", 1u << LOOK_PLATE);
	looks("100027", 1u << LOOK_POSTCODE);
	looks("2026-03-01", 1u << LOOK_DATE);
	looks("2026/3/1 8:05", 1u << LOOK_DATE);
	looks("20260301", 1u << LOOK_DATE);
	looks("2014年3月5日", 1u << LOOK_DATE);
	looks("05-Mar-14", 1u << LOOK_DATE);
	looks("北京市", 1u << LOOK_PLACE);
	looks("a@b.cn", 1u << LOOK_EMAIL);
}

Test(looks, what_could_be_anything_looks_like_nothing)
{
	looks("", 0);
	looks("12345678901", 0);
	looks("1.10101E+17", 0);
	looks("A6L 45 TFSI", 0);
	looks("99000.00", 0);
	looks("12345", 0);
}

Test(looks, damage_by_a_spreadsheet_is_no_reason_to_doubt_the_header)
{
	cr_expect(looks_damaged(STR("1.10101E+17"), LOOK_ID_NUMBER));
	cr_expect(looks_damaged(STR("1.38E+10"), LOOK_MOBILE));
	cr_expect(looks_damaged(STR("50000"), LOOK_POSTCODE));
	cr_expect(looks_damaged(STR("41703"), LOOK_DATE));
	cr_expect_not(looks_damaged(STR("北京市"), LOOK_POSTCODE));
	cr_expect_not(looks_damaged(STR("张三"), LOOK_ID_NUMBER));
}
