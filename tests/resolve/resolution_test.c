#include "scene.h"

static struct scene s;

static void start(void)
{
	scene_open(&s);
}

static void end(void)
{
	scene_close(&s);
}

TestSuite(resolution, .init = start, .fini = end);

#define ZHANG "id_type=resident;id_number=110101199003078515"
#define LI "id_type=resident;id_number=110101198505152321"

Test(resolution, one_id_number_is_one_customer_whatever_else_differs)
{
	scene_row(&s, "dms_customer_D001_20260301:2", "name=张三;" ZHANG ";mobile=13800138001");
	scene_row(&s, "finance_hq_20260301:2", "name=张珊;" ZHANG ";mobile=13900139002");
	scene_row(&s, "dms_customer_D002_20260301:2", "name=李四;" LI ";mobile=13800138001");
	scene_resolve(&s);
	cr_expect(scene_same(&s, "dms_customer_D001_20260301:2", "finance_hq_20260301:2"));
	cr_expect_not(scene_same(&s, "dms_customer_D001_20260301:2", "dms_customer_D002_20260301:2"));
	cr_expect(str_eq(scene_cell(&s, "finance_hq_20260301:2", CLU_KIND), STR("id")));
	cr_expect(str_eq(scene_cell(&s, "finance_hq_20260301:2", CLU_ID_USE), STR("key")));
}

Test(resolution, the_organisation_code_inside_a_uscc_is_the_same_customer)
{
	scene_row(&s, "invoice_hq_20260301:2",
		  "name=北京华夏租赁有限公司;id_type=uscc;id_number=91110108MA01ABCD18;customer_type=company");
	scene_row(&s, "dms_customer_D001_20260301:2",
		  "name=北京华夏租赁;id_type=org_code;id_number=MA01ABCD1;customer_type=company");
	scene_resolve(&s);
	cr_expect(scene_same(&s, "invoice_hq_20260301:2", "dms_customer_D001_20260301:2"));
}

Test(resolution, a_number_is_the_same_customer_where_a_source_does_not_say_what_document)
{
	scene_row(&s, "dms_customer_D001_20260301:2", "name=ERIK LARSSON;id_type=passport;id_number=C17130597");
	scene_row(&s, "invoice_hq_20260301:2", "name=ERIK LARSSON;id_number=C17130597");
	scene_row(&s, "invoice_hq_20260301:3", "name=ERIK LARSSON;id_type=org_code;id_number=C17130597");
	scene_resolve(&s);
	cr_expect(scene_same(&s, "dms_customer_D001_20260301:2", "invoice_hq_20260301:2"));
	cr_expect(scene_same(&s, "dms_customer_D001_20260301:2", "invoice_hq_20260301:3"));
}

Test(resolution, vin_or_mobile_with_the_name_brings_a_record_home)
{
	scene_row(&s, "invoice_hq_20260301:2", "name=张三;" ZHANG ";vin=LFV2A1151H3201804");
	scene_row(&s, "finance_hq_20260301:2", "name=张三;" ZHANG ";mobile=13800138001");
	scene_row(&s, "callcenter_hq_20260301:2", "name=张三;mobile=13800138001");
	scene_row(&s, "insurance_hq_20260301:2", "name=張三;vin=LFV2A1151H3201804");
	scene_resolve(&s);
	cr_expect(scene_same(&s, "callcenter_hq_20260301:2", "invoice_hq_20260301:2"));
	cr_expect(scene_same(&s, "insurance_hq_20260301:2", "invoice_hq_20260301:2"));
	cr_expect(str_eq(scene_cell(&s, "callcenter_hq_20260301:2", CLU_METHOD), STR("mobile_name")));
	cr_expect(str_eq(scene_cell(&s, "insurance_hq_20260301:2", CLU_METHOD), STR("vin_name")));
}

Test(resolution, a_record_follows_another_one_home)
{
	scene_row(&s, "invoice_hq_20260301:2", "name=张三;" ZHANG ";vin=LFV2A1151H3201804");
	scene_row(&s, "insurance_hq_20260301:2", "name=张三;vin=LFV2A1151H3201804;mobile=13800138001");
	scene_row(&s, "callcenter_hq_20260301:2", "name=张三;mobile=13800138001");
	scene_resolve(&s);
	cr_expect(scene_same(&s, "callcenter_hq_20260301:2", "invoice_hq_20260301:2"));
}

Test(resolution, spouses_with_one_phone_stay_apart)
{
	scene_row(&s, "dms_customer_D001_20260301:2", "name=张三;" ZHANG ";mobile=13800138001");
	scene_row(&s, "dms_customer_D001_20260301:3", "name=李丽;" LI ";mobile=13800138001");
	scene_row(&s, "callcenter_hq_20260301:2", "name=李丽;mobile=13800138001");
	scene_row(&s, "callcenter_hq_20260301:3", "mobile=13800138001");
	scene_resolve(&s);
	cr_expect_not(scene_same(&s, "dms_customer_D001_20260301:2", "dms_customer_D001_20260301:3"));
	cr_expect(scene_same(&s, "callcenter_hq_20260301:2", "dms_customer_D001_20260301:3"));
	cr_expect(str_eq(scene_cell(&s, "callcenter_hq_20260301:3", CLU_KIND), STR("pending")),
		  "a call without a name may be either's");
	cr_expect_eq(scene_reviews(&s, "ambiguous_match"), 1);
	cr_expect_eq(scene_told(&s, "MOBILE_SHARED"), 0, "two of a family are no crowd");
}

Test(resolution, twins_who_share_birth_date_address_and_phone_stay_apart)
{
	scene_row(&s, "dms_customer_D001_20260301:2",
		  "name=王大双;birth_date=1990-03-07;city=北京市;address=幸福路12号3单元501室;"
		  "phone=010-62345678;mobile=13800138001");
	scene_row(&s, "dms_customer_D001_20260301:3",
		  "name=王小双;birth_date=1990-03-07;city=北京市;address=幸福路12号3单元501室;"
		  "phone=010-62345678;mobile=13800138001");
	scene_resolve(&s);
	cr_expect_not(scene_same(&s, "dms_customer_D001_20260301:2", "dms_customer_D001_20260301:3"));
}

Test(resolution, namesakes_in_one_street_stay_apart)
{
	scene_row(&s, "dms_customer_D001_20260301:2",
		  "name=张伟;" ZHANG ";city=北京市;address=幸福路12号");
	scene_row(&s, "dms_customer_D001_20260301:3",
		  "name=张伟;birth_date=1971-01-01;city=北京市;address=幸福路12号");
	scene_row(&s, "dms_customer_D002_20260301:2", "name=张伟;city=北京市;address=幸福路18号");
	scene_row(&s, "dms_customer_D002_20260301:3", "name=张伟;city=北京市;address=幸福路");
	scene_resolve(&s);
	for (int i = 0; i < 3; i++) {
		static const char *const others[] = { "dms_customer_D001_20260301:3",
						      "dms_customer_D002_20260301:2",
						      "dms_customer_D002_20260301:3" };

		cr_expect_not(scene_same(&s, "dms_customer_D001_20260301:2", others[i]), "%s", others[i]);
	}
}

Test(resolution, two_weak_witnesses_are_a_strong_one)
{
	scene_row(&s, "dms_customer_D001_20260301:2",
		  "name=欧阳文静;" LI ";city=北京市;address=幸福路12号3单元501室;phone=010-62345678");
	scene_row(&s, "dms_customer_D002_20260301:2",
		  "name=欧阳文静;city=北京市;address=幸福路12号3单元501室;phone=010-62345678");
	scene_row(&s, "dms_customer_D003_20260301:2", "name=欧阳文静;phone=010-62345678");
	scene_resolve(&s);
	cr_expect(scene_same(&s, "dms_customer_D001_20260301:2", "dms_customer_D002_20260301:2"));
	cr_expect_not(scene_same(&s, "dms_customer_D001_20260301:2", "dms_customer_D003_20260301:2"),
		      "a landline alone is not enough");
	cr_expect_eq(scene_reviews(&s, "possible_duplicate"), 1);
}

Test(resolution, a_salesmans_phone_is_no_evidence_and_each_record_is_told)
{
	char id[64], fields[160];

	for (unsigned i = 0; i < 300; i++) {
		snprintf(id, sizeof(id), "dms_customer_D001_20260301:%u", i + 2);
		snprintf(fields, sizeof(fields), "name=%s%s%s;mobile=13800138001",
			 (const char *[]){ "王", "李", "张", "刘", "陈" }[i % 5],
			 (const char *[]){ "建", "晓", "文", "志", "海", "丽" }[i / 5 % 6],
			 (const char *[]){ "国", "明", "军", "华", "平", "英", "兰", "涛", "超", "霞" }[i / 30]);
		scene_row(&s, str_keepz(&s.arena, str_of(id)), str_keepz(&s.arena, str_of(fields)));
	}
	scene_row(&s, "callcenter_hq_20260301:2", "name=王建国;mobile=13800138001");
	scene_resolve(&s);
	cr_expect_eq(scene_told(&s, "MOBILE_SHARED"), 301);
	cr_expect_not(scene_same(&s, "callcenter_hq_20260301:2", "dms_customer_D001_20260301:2"));
	cr_expect_not(scene_same(&s, "dms_customer_D001_20260301:2", "dms_customer_D001_20260301:3"));
}

static void share_one_number(bool finance)
{
	static const char *const names[] = { "赵一民", "钱二", "孙三丰", "李四光", "周五常", "吴六奇" };
	char id[64], fields[160];

	for (unsigned i = 0; i < 6; i++) {
		snprintf(id, sizeof(id), "dms_customer_D001_20260301:%u", i + 2);
		snprintf(fields, sizeof(fields), "name=%s;" ZHANG ";mobile=1380013800%u", names[i], i);
		scene_row(&s, str_keepz(&s.arena, str_of(id)), str_keepz(&s.arena, str_of(fields)));
	}
	if (finance)
		scene_row(&s, "finance_hq_20260301:2", "name=孙三丰;" ZHANG);
	scene_resolve(&s);
}

Test(resolution, an_id_number_under_many_names_is_nobodys)
{
	share_one_number(false);
	cr_expect_eq(scene_told(&s, "SHARED_ID"), 6);
	cr_expect_eq(scene_reviews(&s, "shared_id"), 1);
	cr_expect_eq(s.x.people.n_identities, 0);
	cr_expect_not(scene_same(&s, "dms_customer_D001_20260301:2", "dms_customer_D001_20260301:3"));
	cr_expect(str_eq(scene_cell(&s, "dms_customer_D001_20260301:2", CLU_ID_USE), STR("barred")));
}

Test(resolution, a_shared_id_number_goes_to_the_name_that_finance_gives)
{
	share_one_number(true);
	cr_expect_eq(scene_told(&s, "SHARED_ID"), 5, "the other five are told");
	cr_expect(scene_same(&s, "finance_hq_20260301:2", "dms_customer_D001_20260301:4"));
	cr_expect(str_eq(scene_cell(&s, "finance_hq_20260301:2", CLU_ID_USE), STR("key")));
	cr_expect_not(scene_same(&s, "finance_hq_20260301:2", "dms_customer_D001_20260301:2"));
}

Test(resolution, slips_of_one_name_are_not_many_names)
{
	scene_row(&s, "dms_customer_D001_20260301:2", "name=张晓明;" ZHANG);
	scene_row(&s, "dms_customer_D001_20260301:3", "name=张小明;" ZHANG);
	scene_row(&s, "dms_customer_D001_20260301:4", "name=章晓明;" ZHANG);
	scene_row(&s, "dms_customer_D001_20260301:5", "name=張曉明;" ZHANG);
	scene_resolve(&s);
	cr_expect_eq(scene_told(&s, "SHARED_ID"), 0);
	cr_expect_eq(s.x.people.n_identities, 1);
}

Test(resolution, a_passport_holder_who_gets_a_foreigners_card_is_one_customer)
{
	scene_row(&s, "dms_customer_D001_20260301:2",
		  "name=JOHN SMITH;id_type=passport;id_number=E12345678;mobile=13800138001");
	scene_row(&s, "finance_hq_20260601:2",
		  "name=John Smith;id_type=foreign_resident;id_number=911124198108030024;mobile=13800138001");
	scene_resolve(&s);
	cr_expect(scene_same(&s, "dms_customer_D001_20260301:2", "finance_hq_20260601:2"));
	cr_expect(str_eq(scene_cell(&s, "finance_hq_20260601:2", CLU_ID_USE), STR("key")));
	cr_expect(str_eq(scene_cell(&s, "dms_customer_D001_20260301:2", CLU_ID_USE), STR("former")));
	cr_expect_eq(s.x.renewals.n, 1);
}

Test(resolution, two_resident_numbers_are_never_one_customer)
{
	scene_row(&s, "dms_customer_D001_20260301:2",
		  "name=张三;" ZHANG ";mobile=13800138001;vin=LFV2A1151H3201804");
	scene_row(&s, "finance_hq_20260301:2", "name=张三;" LI ";mobile=13800138001;vin=LFV2A1151H3201804");
	scene_resolve(&s);
	cr_expect_not(scene_same(&s, "dms_customer_D001_20260301:2", "finance_hq_20260301:2"));
	cr_expect_eq(scene_reviews(&s, "possible_duplicate"), 1);
}

Test(resolution, evidence_that_fits_two_customers_goes_to_review)
{
	scene_row(&s, "dms_customer_D001_20260301:2", "name=张三;" ZHANG ";mobile=13800138001");
	scene_row(&s, "dms_customer_D002_20260301:2", "name=张三;" LI ";mobile=13800138001");
	scene_row(&s, "callcenter_hq_20260301:2", "name=张三;mobile=13800138001");
	scene_resolve(&s);
	cr_expect(str_eq(scene_cell(&s, "callcenter_hq_20260301:2", CLU_KIND), STR("pending")));
	cr_expect_eq(scene_reviews(&s, "ambiguous_match"), 1);
}

Test(resolution, more_evidence_decides_between_two)
{
	scene_row(&s, "dms_customer_D001_20260301:2",
		  "name=张三;" ZHANG ";mobile=13800138001;vin=LFV2A1151H3201804");
	scene_row(&s, "dms_customer_D002_20260301:2", "name=张三;" LI ";mobile=13800138001");
	scene_row(&s, "callcenter_hq_20260301:2", "name=张三;mobile=13800138001;vin=LFV2A1151H3201804");
	scene_resolve(&s);
	cr_expect(scene_same(&s, "callcenter_hq_20260301:2", "dms_customer_D001_20260301:2"));
}

Test(resolution, a_failed_number_finds_its_holder_and_the_right_one_is_proposed)
{
	scene_row(&s, "finance_hq_20260301:2", "name=张三;" ZHANG);
	scene_row(&s, "dms_customer_D001_20260301:2", "name=张三");
	scene_reject(&s, "dms_customer_D001_20260301:2", "id_number", "ID_CHECKSUM", "110101199003078516");
	scene_row(&s, "dms_customer_D002_20260301:2", "name=张三");
	scene_reject(&s, "dms_customer_D002_20260301:2", "id_number", "ID_CHECKSUM", "110101197103078516");
	scene_resolve(&s);
	cr_expect(scene_same(&s, "finance_hq_20260301:2", "dms_customer_D001_20260301:2"));
	cr_expect_not(scene_same(&s, "finance_hq_20260301:2", "dms_customer_D002_20260301:2"),
		      "two digits off is another number");
	cr_expect_eq(scene_reviews(&s, "possible_duplicate"), 1);
	cr_expect(str_eq(rowset_value(&s.review, 0, REV_NEW_VALUE), STR("110101199003078515")));
}

Test(resolution, a_mobile_that_lost_a_digit_finds_its_holder)
{
	scene_row(&s, "finance_hq_20260301:2", "name=张三;" ZHANG ";mobile=13800138001");
	scene_row(&s, "callcenter_hq_20260301:2", "name=张三");
	scene_reject(&s, "callcenter_hq_20260301:2", "mobile", "MOBILE_TOO_SHORT", "1380013801");
	scene_resolve(&s);
	cr_expect(scene_same(&s, "finance_hq_20260301:2", "callcenter_hq_20260301:2"));
}

Test(resolution, a_surname_with_a_title_fits_the_one_holder_of_that_mobile)
{
	scene_row(&s, "finance_hq_20260301:2", "name=李丽;" LI ";mobile=13800138001");
	scene_row(&s, "finance_hq_20260301:3", "name=张三;" ZHANG ";mobile=13800138001");
	scene_row(&s, "callcenter_hq_20260301:2", "mobile=13800138001");
	scene_reject(&s, "callcenter_hq_20260301:2", "name", "NAME_HONORIFIC", "李女士");
	scene_resolve(&s);
	cr_expect(scene_same(&s, "finance_hq_20260301:2", "callcenter_hq_20260301:2"));
	cr_expect(str_eq(scene_cell(&s, "callcenter_hq_20260301:2", CLU_METHOD), STR("mobile_surname")));
}

Test(resolution, who_left_no_name_vouches_for_nobody)
{
	scene_row(&s, "finance_hq_20260301:2",
		  "name=江浩;" ZHANG ";mobile=13800138001;vin=LFV2A1151H3201804");
	scene_row(&s, "insurance_hq_20260301:2", "mobile=13800138001;vin=LFV2A1151H3201804");
	scene_row(&s, "callcenter_hq_20260301:2",
		  "name=张秀兰;mobile=13800138001;vin=LFV2A1151H3201804");
	scene_resolve(&s);
	cr_expect_not(scene_same(&s, "callcenter_hq_20260301:2", "finance_hq_20260301:2"));
	cr_expect(str_eq(scene_cell(&s, "insurance_hq_20260301:2", CLU_KIND), STR("pending")),
		  "it may be his or hers");
	cr_expect_eq(scene_reviews(&s, "ambiguous_match"), 1);
}

Test(resolution, a_name_in_conflict_with_the_holders_vouches_for_nobody)
{
	scene_row(&s, "finance_hq_20260301:2", "name=周婷;" ZHANG ";mobile=13800138001");
	scene_row(&s, "dms_customer_D001_20260301:2", "name=蒋杰;" ZHANG ";mobile=13800138001");
	scene_row(&s, "callcenter_hq_20260301:2", "name=蒋杰;mobile=13800138001");
	scene_row(&s, "callcenter_hq_20260301:3", "name=周婷;mobile=13800138001");
	scene_resolve(&s);
	cr_expect(scene_same(&s, "finance_hq_20260301:2", "dms_customer_D001_20260301:2"));
	cr_expect_not(scene_same(&s, "finance_hq_20260301:2", "callcenter_hq_20260301:2"));
	cr_expect(scene_same(&s, "finance_hq_20260301:2", "callcenter_hq_20260301:3"));
}

Test(resolution, without_a_rival_mobile_and_vin_need_no_name)
{
	scene_row(&s, "finance_hq_20260301:2",
		  "name=江浩;" ZHANG ";mobile=13800138001;vin=LFV2A1151H3201804");
	scene_row(&s, "insurance_hq_20260301:2", "mobile=13800138001;vin=LFV2A1151H3201804");
	scene_row(&s, "callcenter_hq_20260301:2", "mobile=13800138001");
	scene_resolve(&s);
	cr_expect(scene_same(&s, "insurance_hq_20260301:2", "finance_hq_20260301:2"));
	cr_expect_not(scene_same(&s, "callcenter_hq_20260301:2", "finance_hq_20260301:2"));
	cr_expect_eq(scene_reviews(&s, "possible_duplicate"), 1, "a phone alone is for a person to judge");
}

Test(resolution, an_incomplete_name_beside_an_id_number_takes_the_whole_one)
{
	scene_row(&s, "dms_customer_D001_20260301:2", ZHANG ";mobile=13800138001");
	scene_reject(&s, "dms_customer_D001_20260301:2", "name", "NAME_HONORIFIC", "徐先生");
	scene_row(&s, "activity_D001_20260301:2", "name=徐振宇;mobile=13800138001");
	scene_resolve(&s);
	cr_expect(scene_same(&s, "activity_D001_20260301:2", "dms_customer_D001_20260301:2"));
}

Test(resolution, a_car_with_dozens_of_drivers_still_finds_its_owner)
{
	char id[64], fields[160];

	scene_row(&s, "invoice_hq_20260301:2", "name=张三;" ZHANG ";vin=LFV2A1151H3201804");
	for (unsigned i = 0; i < 40; i++) {
		snprintf(id, sizeof(id), "dms_service_D001_20260301:%u", i + 2);
		snprintf(fields, sizeof(fields), "name=李%s%s;vin=LFV2A1151H3201804",
			 (const char *[]){ "建", "晓", "文", "志" }[i % 4],
			 (const char *[]){ "国", "明", "军", "华", "平", "英", "兰", "涛", "超", "霞" }[i / 4]);
		scene_row(&s, str_keepz(&s.arena, str_of(id)), str_keepz(&s.arena, str_of(fields)));
	}
	scene_row(&s, "dms_service_D002_20260301:2", "name=张三;vin=LFV2A1151H3201804");
	scene_resolve(&s);
	cr_expect(scene_same(&s, "dms_service_D002_20260301:2", "invoice_hq_20260301:2"));
	cr_expect_eq(scene_customer(&s, "dms_service_D001_20260301:2").n, 0);
}

Test(resolution, a_driver_of_a_like_name_is_not_the_owner)
{
	scene_row(&s, "invoice_hq_20260301:2", "name=杨浩;" ZHANG ";vin=LFV2A1151H3201804");
	scene_row(&s, "dms_customer_D001_20260301:2",
		  "name=杨浩;" ZHANG ";vin=LFV2A1151H3201804;plate=京A12345");
	scene_row(&s, "dms_service_D001_20260301:2",
		  "name=杨明浩;mobile=13800138009;vin=LFV2A1151H3201804;plate=京A12345");
	scene_row(&s, "dms_service_D001_20260301:3", "name=杨浩;vin=LFV2A1151H3201804;plate=京A12345");
	scene_resolve(&s);
	cr_expect_eq(scene_customer(&s, "dms_service_D001_20260301:2").n, 0,
		     "VIN and plate are one witness, not two");
	cr_expect(scene_same(&s, "dms_service_D001_20260301:3", "invoice_hq_20260301:2"));
}

Test(resolution, a_corrected_id_number_is_that_of_the_record_it_mends)
{
	scene_row(&s, "finance_hq_20260301:2", "name=张三;" ZHANG);
	scene_row(&s, "dms_customer_D001_20260301:2", "name=张三;mobile=13800138001;source_key=K1");
	scene_row(&s, "correction_D001_20260303:2", ZHANG ";source_key=K1");
	scene_correction(&s, "correction_D001_20260303:2", "dms_customer_D001_20260301:2");
	scene_row(&s, "callcenter_hq_20260303:2", "name=张三;mobile=13800138001");
	scene_resolve(&s);
	cr_expect(scene_same(&s, "dms_customer_D001_20260301:2", "finance_hq_20260301:2"));
	cr_expect(scene_same(&s, "correction_D001_20260303:2", "finance_hq_20260301:2"));
	cr_expect(scene_same(&s, "callcenter_hq_20260303:2", "finance_hq_20260301:2"));
	cr_expect(str_eq(scene_cell(&s, "correction_D001_20260303:2", CLU_METHOD), STR("correction")));
	cr_expect(str_eq(scene_cell(&s, "correction_D001_20260303:2", CLU_ID_USE), STR("key")));
	cr_expect_eq(scene_cell(&s, "dms_customer_D001_20260301:2", CLU_ID_USE).n, 0);
}

Test(resolution, rows_of_one_number_of_the_sender_are_versions_of_one_row)
{
	scene_row(&s, "dms_customer_D001_20260301:2", "name=张三;mobile=13800138001;source_key=K1");
	scene_row(&s, "dms_customer_D001_20260302:2", "name=张三;mobile=13900139002;source_key=K1");
	scene_row(&s, "dms_customer_D001_20260303:2", "name=李四;mobile=13700137003;source_key=K1");
	scene_row(&s, "dms_customer_D002_20260302:2", "name=张三;mobile=13600136004;source_key=K1");
	scene_resolve(&s);
	cr_expect(scene_same(&s, "dms_customer_D001_20260301:2", "dms_customer_D001_20260302:2"));
	cr_expect_not(scene_same(&s, "dms_customer_D001_20260301:2", "dms_customer_D001_20260303:2"),
		      "a number given out again");
	cr_expect_not(scene_same(&s, "dms_customer_D001_20260301:2", "dms_customer_D002_20260302:2"),
		      "another dealer's number");
}

Test(resolution, a_thousand_records_under_one_name_and_phone_are_taken_apart)
{
	char id[64];

	for (unsigned i = 0; i < 1100; i++) {
		snprintf(id, sizeof(id), "dms_customer_D001_20260301:%u", i + 2);
		scene_row(&s, str_keepz(&s.arena, str_of(id)), "name=张三;mobile=13800138001");
	}
	scene_resolve(&s);
	cr_expect_not(scene_same(&s, "dms_customer_D001_20260301:2", "dms_customer_D001_20260301:3"));
	cr_expect_eq(scene_reviews(&s, "possible_duplicate"), 1);
}

Test(resolution, jobs_and_memory_do_not_change_the_result)
{
	struct buf one = { 0 }, other = { 0 };
	char id[64], fields[200];

	for (unsigned i = 0; i < 400; i++) {
		struct str number = scene_id(&s, "19900307", i / 4);

		snprintf(id, sizeof(id), "dms_customer_D%03u_20260301:%u", i % 4, i + 2);
		snprintf(fields, sizeof(fields), "name=张三%s;mobile=138001%05u;%s%.*s",
			 i % 3 ? "丰" : "", i / 6, i % 4 ? "birth_date=1990-03-07" : "id_number=",
			 i % 4 ? 0 : (int)number.n, number.p);
		scene_row(&s, str_keepz(&s.arena, str_of(id)), str_keepz(&s.arena, str_of(fields)));
	}
	scene_resolve_with(&s, 1, 0);
	rowset_csv(&s.clusters, &one);
	rowset_csv(&s.review, &one);
	scene_resolve_with(&s, 3, 1);
	rowset_csv(&s.clusters, &other);
	rowset_csv(&s.review, &other);
	cr_expect(str_eq(buf_view(&one), buf_view(&other)));
	buf_release(&one);
	buf_release(&other);
}

Test(resolution, a_birth_date_out_of_a_shared_id_number_is_nobodys_birth_date)
{
	share_one_number(true);
	scene_row(&s, "dms_customer_D001_20260301:8", "name=李四光;" ZHANG);
	scene_row(&s, "dms_customer_D001_20260305:2", "name=李四光;birth_date=1990-03-07");
	scene_resolve(&s);
	cr_expect_not(scene_same(&s, "dms_customer_D001_20260301:8", "dms_customer_D001_20260305:2"),
		      "one name, one dealer and the birthday of a third");
}

Test(resolution, what_is_left_of_names_that_failed_adds_nobody_to_whole_names)
{
	scene_row(&s, "finance_hq_20260301:2", "name=刘萍;" ZHANG);
	scene_row(&s, "dms_customer_D001_20260301:2", "name=王志强;" ZHANG);
	scene_row(&s, "dms_customer_D001_20260301:3", ZHANG);
	scene_reject(&s, "dms_customer_D001_20260301:3", "name", "NAME_HONORIFIC", "东方小姐");
	scene_resolve(&s);
	cr_expect_eq(scene_told(&s, "SHARED_ID"), 0);
	cr_expect_eq(s.x.people.n_identities, 1);
}
