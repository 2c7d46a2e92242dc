#include "night.h"

static struct run a_run;
static const struct returns *judged;

#define OLD "dms_customer_D001_20260301:2"
#define NEW "dms_customer_D001_20260302:2"

static void judge(void)
{
	struct fault f = {0};

	night_end();
	a_run = night_run("2026-03-05");
	cr_assert((judged = returns_judged(&a_run, &f)) != NULL, "%.*s", STR_FMT(f.text));
}

static void finish(void)
{
	book_close(&a_run);
	night_forget();
}

static const struct returned *find(const char *record, const char *field, const char *code)
{
	struct str id = night_reject_id(record, field, code);

	for (size_t i = 0; i < judged->n; i++)
		if (str_eq(judged->list[i].reject_id, id))
			return &judged->list[i];
	return NULL;
}

static enum return_status status_of(const char *record, const char *field, const char *code)
{
	const struct returned *t = find(record, field, code);

	cr_assert(t);
	return t->status;
}

static bool is_listed(const char *record)
{
	const struct returned *t = find(record, "mobile", "MOBILE_TOO_SHORT");

	return t && t->listed;
}

TestSuite(judge, .init = night_begin, .fini = finish);

Test(judge, an_unanswered_fault_is_open_and_sent)
{
	night_file("dms_customer", "D001", "2026-03-01");
	night_row(2, "C1", "张三", "");
	night_short_mobile(OLD, "138001");
	judge();
	cr_assert_eq(judged->n, 1);
	cr_assert_eq(judged->list[0].status, RETURN_OPEN);
	cr_assert(judged->list[0].listed);
	cr_assert(str_eq(judged->list[0].dealer, STR("D001")));
	cr_assert(str_eq(judged->list[0].first_sent, STR("2026-03-05")));
	cr_assert(str_eq(judged->list[0].last_seen, STR("2026-03-01")));
	cr_assert_eq(judged->list[0].days, 0);
}

Test(judge, a_repair_is_never_returned)
{
	night_file("dms_customer", "D001", "2026-03-01");
	night_row(2, "C1", "张三", "13800000000");
	night_tell((struct told){OLD, "D001", "mobile", "１３８...", "MOBILE_PREFIX", "fix", NULL});
	judge();
	cr_assert_eq(judged->n, 0);
}

Test(judge, the_same_row_once_more_leaves_it_open)
{
	night_file("dms_customer", "D001", "2026-03-01");
	night_row(2, "C1", "张三", "");
	night_short_mobile(OLD, "138001");
	night_file("dms_customer", "D001", "2026-03-02");
	night_bytes(2, "C1", STR("C1,张三,,\n"), NULL);
	judge();
	cr_assert(is_listed(OLD));
	cr_assert(str_eq(judged->list[0].last_seen, STR("2026-03-02")));
}

Test(judge, a_mended_row_of_the_same_key_closes_the_old_fault)
{
	night_file("dms_customer", "D001", "2026-03-01");
	night_row(2, "C1", "张三", "");
	night_short_mobile(OLD, "138001");
	night_sent();
	night_file("dms_customer", "D001", "2026-03-02");
	night_row(2, "C1", "张三", "13800138000");
	judge();
	cr_assert_eq(judged->n, 1);
	cr_assert_eq(judged->list[0].status, RETURN_FIXED);
	cr_assert_not(judged->list[0].listed);
	cr_assert(str_eq(judged->list[0].closed_on, STR("2026-03-05")));
}

Test(judge, a_changed_row_that_is_still_faulty_is_sent_once)
{
	night_file("dms_customer", "D001", "2026-03-01");
	night_row(2, "C1", "张三", "");
	night_short_mobile(OLD, "138001");
	night_sent();
	night_file("dms_customer", "D001", "2026-03-02");
	night_row(2, "C1", "张三丰", "");
	night_short_mobile(NEW, "1380013");
	judge();
	cr_assert_eq(status_of(OLD, "mobile", "MOBILE_TOO_SHORT"), RETURN_WRONG_AGAIN);
	cr_assert_not(is_listed(OLD));
	cr_assert_eq(status_of(NEW, "mobile", "MOBILE_TOO_SHORT"), RETURN_OPEN);
	cr_assert(is_listed(NEW));
}

Test(judge, what_was_settled_before_it_was_sent_was_never_returned)
{
	night_file("dms_customer", "D001", "2026-03-01");
	night_row(2, "C1", "张三", "");
	night_short_mobile(OLD, "138001");
	night_file("dms_customer", "D001", "2026-03-02");
	night_row(2, "C1", "张三丰", "");
	night_short_mobile(NEW, "1380013");
	judge();
	cr_assert_eq(judged->n, 1);
	cr_assert(is_listed(NEW));
}

Test(judge, rows_without_a_key_replace_nothing)
{
	night_file("dms_customer", "D001", "2026-03-01");
	night_row(2, "", "张三", "");
	night_short_mobile(OLD, "138001");
	night_file("dms_customer", "D001", "2026-03-02");
	night_row(2, "", "张三", "13800138000");
	judge();
	cr_assert(is_listed(OLD));
}

Test(judge, the_row_of_another_sender_with_that_key_replaces_nothing)
{
	night_file("dms_customer", "D001", "2026-03-01");
	night_row(2, "C1", "张三", "");
	night_short_mobile(OLD, "138001");
	night_file("dms_customer", "D002", "2026-03-02");
	night_row(2, "C1", "张三", "13800138000");
	judge();
	cr_assert(is_listed(OLD));
}

Test(judge, two_rows_of_a_key_in_one_export_stand_side_by_side)
{
	night_file("dms_customer", "D001", "2026-03-01");
	night_row(2, "C1", "张三", "");
	night_row(3, "C1", "张三（二）", "13800138000");
	night_short_mobile(OLD, "138001");
	judge();
	cr_assert(is_listed(OLD));
}

Test(judge, of_several_rows_of_a_key_the_likest_replaces)
{
	night_file("dms_customer", "D001", "2026-03-01");
	night_row(2, "C1", "张三", "");
	night_row(3, "C1", "李四", "13900139000");
	night_short_mobile(OLD, "138001");
	night_tell((struct told){"dms_customer_D001_20260301:3", "D001", "email", "x",
				 "EMAIL_FORMAT", NULL, NULL});
	night_sent();
	night_file("dms_customer", "D001", "2026-03-02");
	night_row(2, "C1", "李四", "13900139001");
	night_row(3, "C1", "张三", "13800138000");
	night_tell((struct told){NEW, "D001", "email", "y", "EMAIL_FORMAT", NULL, NULL});
	judge();
	cr_assert_eq(status_of(OLD, "mobile", "MOBILE_TOO_SHORT"), RETURN_FIXED);
	cr_assert_eq(status_of("dms_customer_D001_20260301:3", "email", "EMAIL_FORMAT"),
		     RETURN_WRONG_AGAIN);
	cr_assert(find(NEW, "email", "EMAIL_FORMAT")->listed);
}

Test(judge, of_several_rows_of_a_key_one_that_did_not_come_again_still_stands)
{
	night_file("dms_customer", "D001", "2026-03-01");
	night_row(2, "C1", "张三", "");
	night_row(3, "C1", "李四", "13900139000");
	night_short_mobile(OLD, "138001");
	night_file("dms_customer", "D001", "2026-03-02");
	night_row(2, "C1", "李四", "13900139001");
	judge();
	cr_assert(is_listed(OLD));
}

Test(judge, of_several_rows_of_a_key_a_mended_one_is_found_above_one_that_came_again)
{
	night_file("dms_customer", "D001", "2026-03-01");
	night_row(2, "C1", "张三", "");
	night_row(3, "C1", "李四", "13900139000");
	night_short_mobile(OLD, "138001");
	night_sent();
	night_file("dms_customer", "D001", "2026-03-02");
	night_row(2, "C1", "张三", "13800138000");
	night_row(3, "C1", "李四", "13900139000");
	judge();
	cr_assert_eq(status_of(OLD, "mobile", "MOBILE_TOO_SHORT"), RETURN_FIXED);
}

Test(judge, of_several_rows_of_a_key_one_stays_mended_when_another_comes)
{
	night_file("dms_customer", "D001", "2026-03-01");
	night_row(2, "C1", "张三", "");
	night_row(3, "C1", "李四", "13900139000");
	night_short_mobile(OLD, "138001");
	night_sent();
	night_file("dms_customer", "D001", "2026-03-02");
	night_row(2, "C1", "张三", "13800138000");
	night_tell((struct told){NEW, "D001", "email", "x", "EMAIL_FORMAT", NULL, NULL});
	night_file("dms_customer", "D001", "2026-03-03");
	night_row(2, "C1", "李四", "13900139001");
	judge();
	cr_assert_eq(status_of(OLD, "mobile", "MOBILE_TOO_SHORT"), RETURN_FIXED);
	cr_assert(find(NEW, "email", "EMAIL_FORMAT")->listed, "the other row did not take its place");
}

Test(judge, an_applied_correction_closes_every_fault_of_its_field)
{
	night_file("dms_customer", "D001", "2026-03-01");
	night_row(2, "C1", "张三", "");
	night_tell((struct told){OLD, "D001", "id_number", "123", "ID_LENGTH", NULL, NULL});
	night_tell((struct told){OLD, "D001", "id_number", "123", "ID_REGION", NULL, NULL});
	night_short_mobile(OLD, "138001");
	night_file("correction", "D001", "2026-03-02");
	night_correct("correction_D001_20260302:2", "2026-03-02", OLD, "id_number", "ID_LENGTH",
		      "11010119900307867X", "applied");
	judge();
	cr_assert_eq(status_of(OLD, "id_number", "ID_LENGTH"), RETURN_FIXED);
	cr_assert_eq(status_of(OLD, "id_number", "ID_REGION"), RETURN_FIXED);
	cr_assert(is_listed(OLD));
}

Test(judge, a_mended_value_is_not_asked_for_again_while_the_old_one_comes_again)
{
	night_file("dms_customer", "D001", "2026-03-01");
	night_row(2, "C1", "张三", "");
	night_short_mobile(OLD, "138001");
	night_file("correction", "D001", "2026-03-02");
	night_correct("correction_D001_20260302:2", "2026-03-02", OLD, "mobile", "MOBILE_TOO_SHORT",
		      "13800138000", "applied");
	night_file("dms_customer", "D001", "2026-03-02");
	night_row(2, "C1", "张三丰", "");
	night_row(3, "C2", "李四", "");
	night_tell((struct told){NEW, "D001", "mobile", "138001", "MOBILE_PREFIX", NULL, NULL});
	night_short_mobile("dms_customer_D001_20260302:3", "138001");
	judge();
	cr_assert_eq(status_of(OLD, "mobile", "MOBILE_TOO_SHORT"), RETURN_FIXED);
	cr_assert_null(find(NEW, "mobile", "MOBILE_PREFIX")); /* settled, never sent */
	cr_assert(is_listed("dms_customer_D001_20260302:3"));
}

Test(judge, a_correction_that_is_wrong_too_is_wrong_again_and_says_why)
{
	night_file("dms_customer", "D001", "2026-03-01");
	night_row(2, "C1", "张三", "");
	night_short_mobile(OLD, "138001");
	night_file("correction", "D001", "2026-03-02");
	night_correct("correction_D001_20260302:2", "2026-03-02", OLD, "mobile", "MOBILE_TOO_SHORT",
		      "1380013", "still_wrong");
	night_tell((struct told){"correction_D001_20260302:2", "D001", "mobile", "1380013",
				 "MOBILE_TOO_SHORT", NULL, NULL});
	judge();
	cr_assert_eq(judged->n, 1);
	cr_assert_eq(judged->list[0].status, RETURN_WRONG_AGAIN);
	cr_assert(is_listed(OLD));
	cr_assert(str_has(judged->list[0].note, STR("1380013")));
	cr_assert(str_has(judged->list[0].note, STR("手机号码少于11位")));
}

Test(judge, the_last_word_counts)
{
	night_file("dms_customer", "D001", "2026-03-01");
	night_row(2, "C1", "张三", "");
	night_short_mobile(OLD, "138001");
	night_file("correction", "D001", "2026-03-02");
	night_file("correction", "D001", "2026-03-03");
	night_file("correction", "D001", "2026-03-04");
	night_correct("correction_D001_20260303:9", "2026-03-03", OLD, "mobile", "MOBILE_TOO_SHORT",
		      "13800138000", "applied");
	night_correct("correction_D001_20260302:2", "2026-03-02", OLD, "mobile", "MOBILE_TOO_SHORT",
		      "1380013", "still_wrong");
	night_correct("correction_D001_20260304:2", "2026-03-04", OLD, "mobile", "MOBILE_TOO_SHORT",
		      "", "empty");
	judge();
	cr_assert_eq(judged->n, 1);
	cr_assert_eq(judged->list[0].status, RETURN_FIXED);
}

Test(judge, a_correction_that_is_then_called_right_stays_one)
{
	night_file("dms_customer", "D001", "2026-03-01");
	night_row(2, "C1", "张三", "13800138000");
	night_row(3, "C2", "李四", "13800138000");
	for (int row = 2; row <= 3; row++)
		night_tell((struct told){row == 2 ? OLD : "dms_customer_D001_20260301:3", "D001", "mobile",
					 "13800138000", "MOBILE_SHARED", "warn", NULL});
	night_file("correction", "D001", "2026-03-02");
	night_file("correction", "D001", "2026-03-03");
	night_correct("correction_D001_20260302:2", "2026-03-02", OLD, "mobile", "MOBILE_SHARED",
		      "13800138001", "applied");
	night_correct("correction_D001_20260303:2", "2026-03-03", OLD, "mobile", "MOBILE_SHARED",
		      "", "confirmed");
	night_correct("correction_D001_20260302:3", "2026-03-02", "dms_customer_D001_20260301:3", "mobile",
		      "MOBILE_SHARED", "", "confirmed");
	judge();
	cr_expect_eq(status_of(OLD, "mobile", "MOBILE_SHARED"), RETURN_FIXED);
	cr_expect_eq(status_of("dms_customer_D001_20260301:3", "mobile", "MOBILE_SHARED"), RETURN_CONFIRMED);
}

Test(judge, what_is_confirmed_stays_so_in_newer_rows_with_that_value)
{
	night_file("dms_customer", "D001", "2026-03-01");
	night_row(2, "C1", "张三", "13800138000");
	night_tell(
		(struct told){OLD, "D001", "mobile", "13800138000", "MOBILE_SHARED", "warn", NULL});
	night_file("correction", "D001", "2026-03-02");
	night_correct("correction_D001_20260302:2", "2026-03-02", OLD, "mobile", "MOBILE_SHARED",
		      "", "confirmed");
	night_file("dms_customer", "D001", "2026-03-02");
	night_row(2, "C1", "张三丰", "13800138000");
	night_tell(
		(struct told){NEW, "D001", "mobile", "13800138000", "MOBILE_SHARED", "warn", NULL});
	judge();
	cr_assert_eq(status_of(OLD, "mobile", "MOBILE_SHARED"), RETURN_CONFIRMED);
	cr_assert_null(find(NEW, "mobile", "MOBILE_SHARED"));
}

Test(judge, what_headquarters_must_decide_is_open_and_says_so)
{
	night_file("dms_customer", "D001", "2026-03-01");
	night_row(2, "C1", "张三", "");
	night_short_mobile(OLD, "138001");
	night_file("correction", "D001", "2026-03-02");
	night_correct("correction_D001_20260302:2", "2026-03-02", OLD, "mobile", "MOBILE_TOO_SHORT",
		      "", "review");
	judge();
	cr_assert_eq(judged->list[0].status, RETURN_OPEN);
	cr_assert(is_listed(OLD));
	cr_assert(str_has(judged->list[0].note, STR("总部")));
}

Test(judge, an_unreadable_row_ends_with_the_next_bad_file)
{
	night_file("dms_customer", "D001", "2026-03-01");
	night_bytes(2, "", STR("\"张三\n"), NULL);
	night_tell((struct told){OLD, "D001", "", "", "ROW_QUOTES", "reject", NULL});
	night_file_as("dms_customer", "D001", "2026-03-01", "_bad", "UTF-8", STR("客户编号\n"));
	night_row(2, "C1", "张三", "13800138000");
	judge();
	cr_assert_eq(status_of(OLD, "", "ROW_QUOTES"), RETURN_FIXED);
}

Test(judge, an_unreadable_row_that_is_sent_again_as_it_was_stays_open)
{
	night_file("dms_customer", "D001", "2026-03-01");
	night_bytes(2, "", STR("\"张三\n"), NULL);
	night_tell((struct told){OLD, "D001", "", "", "ROW_QUOTES", "reject", NULL});
	night_file_as("dms_customer", "D001", "2026-03-01", "_bad", "UTF-8", STR("客户编号\n"));
	night_bytes(2, "", STR("\"张三\n"), NULL);
	judge();
	cr_assert_eq(status_of(OLD, "", "ROW_QUOTES"), RETURN_OPEN);
	cr_assert(find(OLD, "", "ROW_QUOTES")->listed);
}

Test(judge, a_row_is_seen_on_the_day_of_its_export_and_sent_on_that_of_the_run)
{
	night_file("dms_customer", "D001", "2026-03-01");
	night_row(2, "C1", "张三", "");
	night_short_mobile(OLD, "138001");
	night_sent();
	night_file_as("dms_customer", "D001", "2026-03-01", "_bad", "UTF-8", STR("客户编号\n"));
	night_row(2, "C1", "张三", "");
	night_short_mobile("dms_customer_D001_20260301_bad:2", "1380013");
	judge();
	cr_assert_eq(judged->n, 2);
	for (size_t i = 0; i < judged->n; i++)
		cr_assert(str_eq(judged->list[i].last_seen, STR("2026-03-01")));
	cr_assert(str_eq(find(OLD, "mobile", "MOBILE_TOO_SHORT")->first_sent, STR("2026-03-01")));
	cr_assert(str_eq(find("dms_customer_D001_20260301_bad:2", "mobile", "MOBILE_TOO_SHORT")->first_sent,
			 STR("2026-03-05")));
}

Test(judge, a_bad_file_that_is_unreadable_too_is_returned_itself)
{
	night_file("dms_customer", "D001", "2026-03-01");
	night_bytes(2, "", STR("\"张三\n"), NULL);
	night_tell((struct told){OLD, "D001", "", "", "ROW_QUOTES", "reject", NULL});
	night_sent();
	night_file_as("dms_customer", "D001", "2026-03-01", "_bad", "UTF-8", STR("客户编号\n"));
	night_bytes(2, "", STR("\"张三三\n"), NULL);
	night_tell((struct told){"dms_customer_D001_20260301_bad:2", "D001", "", "", "ROW_QUOTES",
				 "reject", NULL});
	judge();
	cr_assert_eq(status_of(OLD, "", "ROW_QUOTES"), RETURN_WRONG_AGAIN);
	cr_assert_not(find(OLD, "", "ROW_QUOTES")->listed);
	cr_assert(find("dms_customer_D001_20260301_bad:2", "", "ROW_QUOTES")->listed);
}

Test(judge, the_newest_row_may_be_a_rejected_one)
{
	night_file("dms_customer", "D001", "2026-03-01");
	night_row(2, "C1", "张三", "");
	night_short_mobile(OLD, "138001");
	night_sent();
	night_file("dms_customer", "D001", "2026-03-02");
	night_bytes(2, "C1", STR("C1,,,\n"), NULL);
	night_tell((struct told){NEW, "D001", "", "", "ROW_EMPTY", "reject", NULL});
	judge();
	cr_assert_eq(status_of(OLD, "mobile", "MOBILE_TOO_SHORT"), RETURN_WRONG_AGAIN);
	cr_assert_not(is_listed(OLD));
	cr_assert(find(NEW, "", "ROW_EMPTY")->listed);
}

Test(judge, faults_of_the_whole_are_returned_like_others)
{
	night_file("dms_customer", "D001", "2026-03-01");
	night_row(2, "C1", "张三", "13800138000");
	night_tell_in(&night.resolve_told, (struct told){OLD, "D001", "mobile", "13800138000",
							 "MOBILE_SHARED", "warn", NULL});
	night_tell_in(&night.merge_told,
		      (struct told){OLD, "D001", "name", "张三", "NAME_CONFLICT", "warn", NULL});
	judge();
	cr_assert_eq(judged->n, 2);
	cr_assert(judged->list[0].listed && judged->list[1].listed);
}

Test(judge, a_record_without_dealer_belongs_to_its_sender_and_odd_codes_to_headquarters)
{
	night_file("dms_customer", "D001", "2026-03-01");
	night_row(2, "C1", "张三", "");
	night_row(3, "C2", "张三", "");
	night_row(4, "C3", "张三", "");
	night_tell((struct told){OLD, "", "mobile", "1", "MOBILE_TOO_SHORT", NULL, NULL});
	night_tell((struct told){"dms_customer_D001_20260301:3", "../../x", "mobile", "1",
				 "MOBILE_TOO_SHORT", NULL, NULL});
	night_tell((struct told){"dms_customer_D001_20260301:4", "D002", "mobile", "1",
				 "MOBILE_TOO_SHORT", NULL, NULL});
	judge();
	cr_assert_eq(judged->n, 3);
	cr_assert(str_eq(judged->list[0].dealer, STR("D001")));
	cr_assert_not(judged->list[0].foreign);
	cr_assert(str_eq(judged->list[1].dealer, STR("D002")));
	cr_assert(judged->list[1].foreign);
	cr_assert(str_eq(judged->list[2].dealer, STR("hq")));
	cr_assert_not(judged->list[2].foreign);
}

Test(judge, a_correction_that_answers_nothing_is_told_to_its_sender)
{
	night_file("dms_customer", "D001", "2026-03-01");
	night_row(2, "C1", "张三", "");
	night_short_mobile(OLD, "138001");
	night_file("correction", "D002", "2026-03-02");
	night_correct("correction_D002_20260302:2", "2026-03-02", OLD, "mobile", "MOBILE_TOO_SHORT",
		      "13800138000", "foreign");
	night_tell((struct told){"correction_D002_20260302:2", "D002", "reject_id", "0123",
				 "VALUE_UNKNOWN", "reject", NULL});
	judge();
	cr_assert_eq(judged->n, 2);
	cr_assert(is_listed(OLD));
	cr_assert(str_eq(judged->list[1].dealer, STR("D002")));
	cr_assert(judged->list[1].listed);
	cr_assert_not(judged->list[1].foreign);
}

Test(judge, only_the_newest_corrections_are_answered)
{
	night_file("correction", "D001", "2026-03-01");
	night_correct("correction_D001_20260301:2", "2026-03-01", "x:1", "mobile", "X", "1",
		      "unknown");
	night_tell((struct told){"correction_D001_20260301:2", "D001", "reject_id", "0123",
				 "VALUE_UNKNOWN", "reject", NULL});
	night_file("correction", "D001", "2026-03-02");
	night_correct("correction_D001_20260302:2", "2026-03-02", "x:1", "mobile", "X", "",
		      "empty");
	judge();
	cr_assert_eq(judged->n, 0);
}
