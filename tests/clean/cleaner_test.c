/* What becomes of one record under the rules that ship. */
#include "cleaning.h"

TestSuite(cleaner, .init = cleaning_start, .fini = cleaning_end);

Test(cleaner, a_right_row_is_accepted_and_written_as_the_tables_write_it)
{
	set_person();
	set(F_MOBILE, "+86 132-8784-9014");
	set(F_GENDER, "先生");
	set(F_BIRTH_DATE, "2003/6/11");
	set(F_MARKETING_CONSENT, "同意");
	set(F_VIN, "lfv2a11k5cl399852");
	set(F_UPDATED_AT, "2026/2/28 9:05");
	cr_assert_eq(clean(), FATE_ACCEPTED);
	cr_assert_eq(rejects.n, 0);
	assert_value(F_CUSTOMER_TYPE, "person");
	assert_value(F_ID_TYPE, "resident");
	assert_value(F_MOBILE, "13287849014");
	assert_value(F_GENDER, "M");
	assert_value(F_BIRTH_DATE, "2003-06-11");
	assert_value(F_MARKETING_CONSENT, "yes");
	assert_value(F_VIN, "LFV2A11K5CL399852");
	assert_value(F_UPDATED_AT, "2026-02-28T09:05:00");
}

Test(cleaner, all_faults_of_a_row_are_told)
{
	set_person();
	set(F_NAME, "张先生");
	set(F_ID_NUMBER, "320104200306119075");
	set(F_MOBILE, "138001");
	set(F_EMAIL, "nobody");
	set(F_POSTCODE, "12");
	set(F_PURCHASE_DATE, "2026-13-01");
	set(F_VIN, "LFV2A11K5CL39985");
	set(F_PHONE, "025-84517788");
	cr_assert_eq(clean(), FATE_FLAGGED);
	cr_assert(told_as(F_NAME, "NAME_HONORIFIC", "blank"));
	cr_assert(told_as(F_ID_NUMBER, "ID_CHECKSUM", "blank"));
	cr_assert(told_as(F_MOBILE, "MOBILE_TOO_SHORT", "blank"));
	cr_assert(told_as(F_EMAIL, "EMAIL_FORMAT", "blank"));
	cr_assert(told_as(F_POSTCODE, "POSTCODE_FORMAT", "blank"));
	cr_assert(told_as(F_PURCHASE_DATE, "DATE_FORMAT", "blank"));
	cr_assert(told_as(F_VIN, "VIN_LENGTH", "blank"));
	assert_value(F_NAME, "");
	assert_value(F_ID_NUMBER, "");
}

Test(cleaner, all_faults_of_one_cell_are_told)
{
	set_person();
	set(F_BIRTH_DATE, "2033-06-11");
	set(F_VIN, "LFV2A11I5CL39985");
	cr_assert_eq(clean(), FATE_FLAGGED);
	cr_assert(told_as(F_BIRTH_DATE, "DATE_FUTURE", "blank"));
	cr_assert(told_as(F_BIRTH_DATE, "BIRTHDATE_MISMATCH", "blank"), "the ID number tells another");
	cr_assert(told_as(F_VIN, "VIN_LENGTH", "blank"));
	cr_assert(told_as(F_VIN, "VIN_CHARACTERS", "blank"), "no VIN has an I");
	assert_value(F_BIRTH_DATE, "");
}

Test(cleaner, a_landline_beside_a_mobile_is_the_phone)
{
	set_person();
	set(F_PHONE, "");
	set(F_MOBILE, "13913905501、02584517788");
	clean();
	assert_value(F_MOBILE, "13913905501");
	assert_value(F_PHONE, "025-84517788");
}

Test(cleaner, a_line_of_the_rejects_shows_the_value_as_it_came)
{
	set_person();
	headers[F_MOBILE] = STR("客户手机");
	set(F_MOBILE, " 138-001 ");
	clean();
	ptrdiff_t i = told(F_MOBILE, "MOBILE_TOO_SHORT");

	cr_assert_geq(i, 0);
	cr_assert(str_eq(rowset_value(&rejects, (size_t)i, REJ_VALUE), STR(" 138-001 ")));
	cr_assert(str_eq(rowset_value(&rejects, (size_t)i, REJ_HEADER), STR("客户手机")));
	cr_assert(str_eq(rowset_value(&rejects, (size_t)i, REJ_DEALER_CODE), STR("D001")));
	cr_assert(str_eq(rowset_value(&rejects, (size_t)i, REJ_ROW), STR("2")));
}

Test(cleaner, a_missing_value_is_told_where_the_schema_expects_it)
{
	set_person();
	set(F_MOBILE, "");
	set(F_ID_NUMBER, "无");
	clean();
	cr_assert_eq(rejects.n, 0);
	set(F_ID_NUMBER, "无");
	expected[F_MOBILE] = expected[F_ID_NUMBER] = expected[F_ADDRESS] = true;
	cr_assert_eq(clean(), FATE_FLAGGED);
	cr_assert(told_as(F_MOBILE, "MOBILE_MISSING", "warn"));
	cr_assert(told_as(F_ID_NUMBER, "ID_MISSING", "warn"), "无 says that there is none");
	cr_assert(told_as(F_ADDRESS, "ADDRESS_MISSING", "warn"));
}

Test(cleaner, a_value_that_failed_is_not_told_to_be_missing_too)
{
	expected[F_NAME] = expected[F_ID_NUMBER] = expected[F_MOBILE] = true;
	set_person();
	set(F_NAME, "测试");
	set(F_ID_NUMBER, "123456789012345678");
	set(F_MOBILE, "13800138000");
	set(F_VIN, "LFV2A11K5CL399852");
	clean();
	cr_assert(told_as(F_NAME, "NAME_PLACEHOLDER", "blank"));
	cr_assert(told_as(F_ID_NUMBER, "ID_PLACEHOLDER", "blank"));
	cr_assert(told_as(F_MOBILE, "MOBILE_PLACEHOLDER", "blank"));
	cr_assert_eq(rejects.n, 3);
}

Test(cleaner, a_row_that_says_neither_who_nor_which_car_is_rejected)
{
	expected[F_NAME] = expected[F_MOBILE] = true;
	set(F_ID_NUMBER, "320104200306119075");
	set(F_EMAIL, "nobody");
	set(F_GENDER, "中");
	cr_assert_eq(clean(), FATE_REJECTED);
	cr_assert(told_as(F_NAME, "NAME_MISSING", "reject"));
	cr_assert(told_as(F_MOBILE, "MOBILE_MISSING", "reject"));
	cr_assert(told_as(F_ID_NUMBER, "ID_CHECKSUM", "reject"));
	cr_assert(told_as(F_GENDER, "VALUE_UNKNOWN", "blank"), "that is not why");
}

Test(cleaner, a_row_with_nothing_at_all_is_told_as_such)
{
	set(F_SALES_CONSULTANT, "李四光");
	cr_assert_eq(clean(), FATE_REJECTED);
	cr_assert(told_as(F_COUNT, "ROW_EMPTY", "reject"));
	cr_assert_eq(rejects.n, 1);
}

Test(cleaner, one_table_that_can_use_the_row_is_enough)
{
	set(F_MOBILE, "138001");
	set(F_VIN, "LFV2A11K5CL399852");
	cr_assert_eq(clean(), FATE_FLAGGED);
	cr_assert(told_as(F_MOBILE, "MOBILE_TOO_SHORT", "blank"));
}

Test(cleaner, a_repair_is_told_and_leaves_the_row_accepted)
{
	set_person();
	set(F_ID_NUMBER, "630103590703094");
	cr_assert_eq(clean(), FATE_ACCEPTED);
	cr_assert(told_as(F_ID_NUMBER, "ID_LENGTH", "fix"));
	cr_assert(str_eq(rowset_value(&rejects, 0, REJ_CORRECTED_VALUE), STR("630103195907030940")));
	assert_value(F_ID_NUMBER, "630103195907030940");
}

Test(cleaner, gender_and_birth_date_are_held_against_the_id_number)
{
	set_person();
	set(F_GENDER, "女");
	set(F_BIRTH_DATE, "2003-06-12");
	cr_assert_eq(clean(), FATE_FLAGGED);
	cr_assert(told_as(F_GENDER, "GENDER_MISMATCH", "blank"));
	cr_assert(told_as(F_BIRTH_DATE, "BIRTHDATE_MISMATCH", "blank"));
	assert_value(F_GENDER, "");
	assert_value(F_BIRTH_DATE, "");
}

Test(cleaner, an_id_number_that_failed_contradicts_nothing)
{
	set_person();
	set(F_ID_NUMBER, "320104200306119075");
	set(F_GENDER, "女");
	clean();
	cr_assert_eq(rejects.n, 1);
	assert_value(F_GENDER, "F");
}

Test(cleaner, where_document_and_number_disagree_the_document_is_doubted)
{
	set_person();
	set(F_ID_TYPE, "护照");
	cr_assert_eq(clean(), FATE_FLAGGED);
	cr_assert(told_as(F_ID_TYPE, "ID_TYPE", "blank"));
	assert_value(F_ID_TYPE, "resident");
	assert_value(F_ID_NUMBER, "320104200306119074");
}

Test(cleaner, what_an_export_has_no_column_for_is_filled_in_from_the_number)
{
	set(F_NAME, "南京某某贸易有限公司");
	set(F_ID_NUMBER, "91330108MA6GQ8BH5H");
	cr_assert_eq(clean(), FATE_ACCEPTED);
	assert_value(F_ID_TYPE, "uscc");
	assert_value(F_CUSTOMER_TYPE, "company");
}

Test(cleaner, a_type_that_is_not_stated_is_read_from_the_number_and_who_it_is_stays_open)
{
	headers[F_ID_TYPE] = STR("证件类型");
	headers[F_CUSTOMER_TYPE] = STR("客户类型");
	set_person();
	set(F_ID_TYPE, "");
	set(F_CUSTOMER_TYPE, "");
	cr_assert_eq(clean(), FATE_ACCEPTED);
	assert_value(F_ID_TYPE, "resident");
	assert_value(F_CUSTOMER_TYPE, "");
}

Test(cleaner, a_company_has_no_gender)
{
	set(F_CUSTOMER_TYPE, "公司");
	set(F_NAME, "南京某某贸易有限公司");
	set(F_GENDER, "男");
	cr_assert_eq(clean(), FATE_ACCEPTED);
	cr_assert(told_as(F_GENDER, "GENDER_MISMATCH", "fix"));
	assert_value(F_GENDER, "");
}

Test(cleaner, dates_that_cannot_lie_ahead_are_held_against_the_day_of_the_export)
{
	set_person();
	set(F_VIN, "LFV2A11K5CL399852");
	set(F_PURCHASE_DATE, "2026-03-02");
	set(F_INSURANCE_EXPIRY, "2027-03-02");
	set(F_INTENDED_PURCHASE_DATE, "2026-06-01");
	clean();
	cr_assert(told_as(F_PURCHASE_DATE, "DATE_FUTURE", "blank"));
	cr_assert_eq(rejects.n, 1);
}

Test(cleaner, a_date_before_the_one_it_follows_is_a_warning_and_stays)
{
	set_person();
	set(F_PURCHASE_DATE, "2025-05-01");
	set(F_REGISTRATION_DATE, "2025-04-01");
	cr_assert_eq(clean(), FATE_FLAGGED);
	cr_assert(told_as(F_REGISTRATION_DATE, "DATE_ORDER", "warn"));
	assert_value(F_REGISTRATION_DATE, "2025-04-01");
}

Test(cleaner, a_day_is_not_before_a_time_of_the_same_day)
{
	rec.feeds = FEEDS(ENTITY_VEHICLE) | FEEDS(ENTITY_CONTACT);
	context.schema = STR("dms_service");
	set(F_VIN, "LFV2A11K5CL399852");
	set(F_CONTACT_AT, "2026-02-20 09:30");
	set(F_CLOSED_AT, "2026-02-20");
	clean();
	cr_assert_eq(rejects.n, 0);
	set(F_CLOSED_AT, "2026-02-20 09:10");
	clean();
	cr_assert(told_as(F_CLOSED_AT, "DATE_ORDER", "warn"));
}

Test(cleaner, a_cell_that_feeds_two_fields_is_told_once)
{
	headers[F_INVOICE_DATE] = headers[F_PURCHASE_DATE] = STR("开票日期");
	set_person();
	set(F_INVOICE_DATE, "2026-02-30");
	set(F_PURCHASE_DATE, "2026-02-30");
	clean();
	cr_assert_eq(rejects.n, 1);
	cr_assert(told_as(F_INVOICE_DATE, "DATE_FORMAT", "blank"));
	assert_value(F_PURCHASE_DATE, "");
}

Test(cleaner, a_word_that_is_not_listed_is_told_with_the_nearest_that_is)
{
	rec.feeds = FEEDS(ENTITY_CONTACT);
	context.schema = STR("callcenter");
	set(F_MOBILE, "13287849014");
	set(F_CHANNEL, "威信");
	set(F_KIND, "客户投诉");
	clean();
	cr_assert(told_as(F_CHANNEL, "VALUE_UNKNOWN", "blank"));
	cr_assert(str_eq(rowset_value(&rejects, 0, REJ_SUGGESTION), STR("微信")));
	assert_value(F_KIND, "complaint");
}

Test(cleaner, codes_of_the_dealers_systems_are_words_too)
{
	set_person();
	set(F_ID_TYPE, "42071001");
	set(F_GENDER, "1");
	cr_assert_eq(clean(), FATE_ACCEPTED);
	assert_value(F_ID_TYPE, "resident");
	assert_value(F_GENDER, "M");
}

Test(cleaner, a_word_for_nothing_is_no_fault)
{
	set_person();
	set(F_GENDER, "未知");
	cr_assert_eq(clean(), FATE_ACCEPTED);
	assert_value(F_GENDER, "");
}

Test(cleaner, a_word_for_nothing_is_absent_where_a_listed_word_should_be)
{
	rec.feeds = FEEDS(ENTITY_CUSTOMER) | FEEDS(ENTITY_CONTACT);
	context.schema = STR("callcenter");
	set(F_MOBILE, "13287849014");
	set(F_CUSTOMER_TYPE, "NULL");
	set(F_GENDER, "-");
	set(F_CHANNEL, "无");
	set(F_STATUS, " N/A ");
	set(F_MARKETING_CONSENT, "无");
	set(F_KIND, "其他");
	set(F_LEAD_TYPE, "1");
	clean();
	assert_value(F_CUSTOMER_TYPE, "");
	assert_value(F_GENDER, "");
	assert_value(F_CHANNEL, "");
	assert_value(F_STATUS, "");
	assert_value(F_MARKETING_CONSENT, "no"); /* listed */
	cr_assert_eq(rejects.n, 2);
	cr_assert(told_as(F_KIND, "VALUE_UNKNOWN", "blank"));
	cr_assert(told_as(F_LEAD_TYPE, "VALUE_UNKNOWN", "blank"));
}

Test(cleaner, a_complaint_of_another_class_has_that_class)
{
	rec.feeds = FEEDS(ENTITY_CONTACT);
	context.schema = STR("callcenter");
	set(F_MOBILE, "13287849014");
	set(F_SUBJECT, "其他");
	set(F_CONTENT, "其他");
	cr_assert_eq(clean(), FATE_ACCEPTED);
	assert_value(F_SUBJECT, "其他");
	assert_value(F_CONTENT, "");
}

Test(cleaner, a_landline_that_calls_is_a_phone)
{
	rec.feeds = FEEDS(ENTITY_CUSTOMER) | FEEDS(ENTITY_CONTACT);
	context.schema = STR("callcenter");
	set(F_MOBILE, "02584517788");
	cr_assert_eq(clean(), FATE_ACCEPTED);
	assert_value(F_MOBILE, "");
	assert_value(F_PHONE, "025-84517788");
	context.schema = STR("dms_customer");
	set(F_PHONE, "");
	set(F_MOBILE, "02584517788");
	clean();
	cr_assert(told_as(F_MOBILE, "MOBILE_PREFIX", "reject"));
}

Test(cleaner, each_line_of_an_address_has_its_seventeen_characters)
{
	set_person();
	set(F_PROVINCE, "江苏省");
	set(F_CITY, "南京市");
	set(F_DISTRICT, "玄武区");
	set(F_ADDRESS1, "中山路18号");
	set(F_ADDRESS2, "德基广场写字楼二期三十二层东侧第二单元");
	set(F_ADDRESS, "中山路18号 德基广场写字楼二期三十二层东侧第二单元");
	clean();
	cr_assert_eq(rejects.n, 1);
	cr_assert(told_as(F_ADDRESS2, "ADDRESS_LINE_TOO_LONG", "warn"));
}

Test(cleaner, a_city_of_another_province_is_told_once_and_kept)
{
	set_person();
	set(F_PROVINCE, "广西壮族自治区");
	set(F_CITY, "西安市");
	set(F_DISTRICT, "新城区");
	set(F_ADDRESS, "世纪大道134号");
	clean();
	cr_assert_eq(rejects.n, 1);
	cr_assert(told_as(F_CITY, "ADDRESS_REGION", "warn"));
	assert_value(F_DISTRICT, "新城区");
}

Test(cleaner, a_garbled_line_leaves_the_address_without_it)
{
	set_person();
	set(F_ADDRESS1, "中山路18号");
	set(F_ADDRESS2, "锟斤拷锟斤拷");
	set(F_ADDRESS, "中山路18号 锟斤拷锟斤拷");
	clean();
	cr_assert(told_as(F_ADDRESS2, "TEXT_GARBLED", "blank"));
	cr_assert_lt(told(F_ADDRESS, "TEXT_GARBLED"), 0);
	assert_value(F_ADDRESS, "中山路18号");
}

Test(cleaner, free_text_is_tagged_and_its_private_numbers_masked)
{
	rec.feeds = FEEDS(ENTITY_CONTACT);
	context.schema = STR("callcenter");
	set(F_MOBILE, "13287849014");
	set(F_SUBJECT, "刹车异响");
	set(F_CONTENT, "客户要找记者曝光,回电13812345678");
	cr_assert_eq(clean(), FATE_ACCEPTED);
	assert_value(F_TAGS, "brake;media;noise");
	assert_value(F_CONTENT, "客户要找记者曝光,回电138****5678");
}

Test(cleaner, a_model_gives_its_brand_and_series_and_stays_as_it_is_written)
{
	set_person();
	set(F_MODEL, "奥迪牌FV7201BBDBG");
	clean();
	assert_value(F_MODEL, "奥迪牌FV7201BBDBG");
	assert_value(F_BRAND, "奥迪");
	assert_value(F_SERIES, "A6L");
}

Test(cleaner, dealers_are_not_judged_while_none_are_listed)
{
	set_person();
	set(F_DEALER_CODE, "D999");
	cr_assert_eq(clean(), FATE_ACCEPTED);
	assert_value(F_DEALER_CODE, "D999");
}

static void set_survey(const char *scores)
{
	rec.feeds = FEEDS(ENTITY_CONTACT);
	context.schema = STR("survey");
	headers[F_SCORES] = STR("服务启动+服务顾问+服务质量+服务设施+服务后交车");
	set(F_MOBILE, "13287849014");
	set(F_SCORES, scores);
}

Test(cleaner, a_bad_score_of_five_takes_its_own_place_only)
{
	set_survey("abc;-5;99999;850.5;无");
	cr_assert_eq(clean(), FATE_FLAGGED);
	cr_assert(told_as(F_SCORES, "NUMBER_FORMAT", "blank"));
	cr_assert_eq(rejects.n, 1);
	struct str message = rowset_value(&rejects, 0, REJ_MESSAGE);

	cr_assert(str_has(message, STR("服务启动: ")), "%.*s", STR_FMT(message));
	cr_assert(str_has(message, STR("服务顾问: ")));
	cr_assert(str_has(message, STR("服务质量: ")));
	cr_assert_not(str_has(message, STR("服务设施")), "it is right");
	assert_value(F_SCORES, ";;;850.5;");
	cr_assert_eq(clean(), FATE_ACCEPTED, "what is left is right");
	assert_value(F_SCORES, ";;;850.5;");
}

Test(cleaner, scores_between_nought_and_a_thousand_are_taken_each_in_its_place)
{
	set_survey("0;1000;８００;;750");
	cr_assert_eq(clean(), FATE_ACCEPTED);
	assert_value(F_SCORES, "0;1000;800;;750");
	set_survey("无;;;;");
	cr_assert_eq(clean(), FATE_ACCEPTED);
	assert_value(F_SCORES, "");
	set_survey("800;abc;;;");
	clean();
	assert_value(F_SCORES, "800;;;;");
}

Test(cleaner, a_list_of_scores_with_other_than_five_places_is_none)
{
	set_survey("850");
	cr_assert_eq(clean(), FATE_FLAGGED);
	cr_assert(told_as(F_SCORES, "NUMBER_FORMAT", "blank"), "which of them it is nobody can know");
	assert_value(F_SCORES, "");
}

static void set_activity(const char *informed, const char *invited, const char *attended)
{
	rec.feeds = FEEDS(ENTITY_CONTACT);
	context.schema = STR("activity");
	headers[F_INFORMED_ON] = STR("通知日期");
	headers[F_INVITED_ON] = STR("邀请日期");
	headers[F_ATTENDED_ON] = STR("出席日期");
	headers[F_CONTACT_AT] = STR("出席日期|邀请日期|通知日期");
	set(F_MOBILE, "13287849014");
	set(F_INFORMED_ON, informed);
	set(F_INVITED_ON, invited);
	set(F_ATTENDED_ON, attended);
	rec.v[F_CONTACT_AT] = rec.v[*attended ? F_ATTENDED_ON : *invited ? F_INVITED_ON : F_INFORMED_ON];
}

Test(cleaner, a_bad_day_of_an_activity_is_told_once_under_its_own_header)
{
	set_activity("2026-02-01", "2026-02-02", "2026-02-30");
	cr_assert_eq(clean(), FATE_FLAGGED);
	cr_assert(told_as(F_ATTENDED_ON, "DATE_FORMAT", "blank"));
	cr_assert_eq(rejects.n, 1);
	cr_assert(str_eq(rowset_value(&rejects, 0, REJ_HEADER), STR("出席日期")));
	assert_value(F_CONTACT_AT, "2026-02-02T00:00:00");
	cr_assert_eq(clean(), FATE_ACCEPTED);
	assert_value(F_CONTACT_AT, "2026-02-02T00:00:00");
}

Test(cleaner, an_activity_is_on_the_day_of_the_furthest_step_that_is_right)
{
	set_activity("2026-02-01", "2026-02-31", "2026-12-01");
	clean();
	cr_assert(told_as(F_ATTENDED_ON, "DATE_FUTURE", "blank"));
	cr_assert(told_as(F_INVITED_ON, "DATE_FORMAT", "blank"));
	cr_assert_eq(rejects.n, 2);
	assert_value(F_CONTACT_AT, "2026-02-01T00:00:00");
	set_activity("2026-02-31", "", "");
	clean();
	cr_assert(told_as(F_INFORMED_ON, "DATE_FORMAT", "blank"));
	cr_assert_eq(rejects.n, 1);
	assert_value(F_CONTACT_AT, "");
	set_activity("2026-02-01", "2026-02-02", "2026-02-03 14:30");
	clean();
	assert_value(F_ATTENDED_ON, "2026-02-03");
	assert_value(F_CONTACT_AT, "2026-02-03T14:30:00");
}

Test(cleaner, cleaned_again_nothing_changes)
{
	struct record once;

	set_person();
	set(F_NAME, "  阿卜杜尼亚孜.毛力尼亚孜 ");
	set(F_MOBILE, "13287849014/13912345670");
	set(F_PROVINCE, "江苏");
	set(F_CITY, "南京");
	set(F_ADDRESS, "江苏省南京市玄武区中山路18号");
	set(F_PRICE, "¥123,456.00元");
	set(F_PLATE, "苏A·12D45");
	clean();
	once = rec;
	clean();
	for (int i = 0; i < F_COUNT; i++)
		cr_assert(str_eq(once.v[i], rec.v[i]), "%.*s", STR_FMT(field_name((enum field)i)));
}

Test(cleaner, what_stands_together_without_its_white_space_is_looked_at_as_text)
{
	static const char *const garbled[] = { "0 ??? A-", "·\n··[" };

	for (size_t i = 0; i < sizeof(garbled) / sizeof(garbled[0]); i++) {
		struct str once;

		set_person();
		set(F_SELLER_TAX_NO, garbled[i]);
		clean();
		cr_assert_geq(told(F_SELLER_TAX_NO, "TEXT_GARBLED"), 0, "%s", garbled[i]);
		once = rec.v[F_SELLER_TAX_NO];
		clean();
		cr_assert(str_eq(once, rec.v[F_SELLER_TAX_NO]), "%s", garbled[i]);
	}
	set(F_SELLER_TAX_NO, "9132 0100 ma1n 0000");
	clean();
	assert_value(F_SELLER_TAX_NO, "91320100MA1N0000");
	cr_assert_lt(told(F_SELLER_TAX_NO, "TEXT_GARBLED"), 0);
}

Test(cleaner, what_is_left_of_a_name_without_its_remark_is_looked_at_as_text)
{
	set_person();
	set(F_NAME, "Uwäšš\u00c5($\u0161\u0161"); /* UTF-8 read as Windows-1252, but for the remark */
	clean();
	cr_assert_geq(told(F_NAME, "TEXT_GARBLED"), 0);
	assert_value(F_NAME, "");
	set_person();
	set(F_NAME, "王建国(朋友)");
	clean();
	cr_assert_lt(told(F_NAME, "TEXT_GARBLED"), 0);
	assert_value(F_NAME, "王建国");
}

Test(cleaner, an_explanation_names_the_step_the_fault_and_the_result)
{
	struct buf out = { 0 };

	cleaner_explain(cleaner, &context, F_CHANNEL, STR("威信"), LANG_EN, &out);
	cr_assert(str_has(buf_view(&out), STR("cleansing.csv:")));
	cr_assert(str_has(buf_view(&out), STR("VALUE_UNKNOWN (blank)")));
	cr_assert(str_has(buf_view(&out), STR("the value is not used")));
	buf_reset(&out);
	cleaner_explain(cleaner, &context, F_CHANNEL, STR("微信"), LANG_ZH, &out);
	cr_assert(str_has(buf_view(&out), STR("结果：“wechat”")));
	buf_release(&out);
}

Test(cleaner, a_word_for_nothing_is_absent_where_a_number_or_a_day_should_be)
{
	set_person();
	set(F_PRICE, "无");
	set(F_CREATED_AT, "-");
	set(F_UPDATED_AT, " N/A ");
	set(F_LOAN_AMOUNT, "abc");
	clean();
	assert_value(F_PRICE, "");
	assert_value(F_CREATED_AT, "");
	assert_value(F_UPDATED_AT, "");
	cr_assert_eq(rejects.n, 1);
	cr_assert(told_as(F_LOAN_AMOUNT, "NUMBER_FORMAT", "blank"));
}

Test(cleaner, numbers_of_papers_are_kept_unless_they_are_none_or_lost)
{
	set_person();
	set(F_INVOICE_NO, "0-0");
	set(F_INSURANCE_POLICY_NO, "PDAA2E+2026");
	set(F_LOAN_CONTRACT_NO, "2.02603E+11");
	set(F_CERTIFICATE_NO, "00-7");
	clean();
	assert_value(F_INVOICE_NO, "");
	assert_value(F_INSURANCE_POLICY_NO, "PDAA2E+2026");
	assert_value(F_LOAN_CONTRACT_NO, "");
	assert_value(F_CERTIFICATE_NO, "00-7");
	cr_assert_eq(rejects.n, 1);
	cr_assert(told_as(F_LOAN_CONTRACT_NO, "NUMBER_FORMAT", "blank"));
	cr_assert(!told_as(F_INVOICE_NO, "NUMBER_FORMAT", "blank"));
}
