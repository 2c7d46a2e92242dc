/* codes.csv, messages.csv and fields.csv as they ship, and a line of the rejects. */
#include "codes.h"

#include "../lib/scratch.h"

static struct codes codes;

static void load(void)
{
	struct fault f = { 0 };

	cr_assert(codes_load(&codes, "rules", &f), "%.*s", STR_FMT(f.text));
}

static void unload(void)
{
	codes_release(&codes);
}

TestSuite(codes, .init = load, .fini = unload);

static const struct code *code(const char *name)
{
	const struct code *found = codes_find(&codes, str_of(name));

	cr_assert_not_null(found, "%s", name);
	return found;
}

/* CONTRACT.md: reject for row faults; warn for missing values and for what may be right;
 * blank otherwise. */
static const char *const of_action[][2] = {
	{ "reject", "ROW_COLUMNS ROW_QUOTES ROW_ENCODING ROW_EMPTY" },
	{ "warn", "NAME_MISSING ID_MISSING MOBILE_MISSING VIN_MISSING ADDRESS_MISSING "
		  "ADDRESS_INCOMPLETE ADDRESS_LINE_TOO_LONG ADDRESS_REGION DATE_ORDER MOBILE_SHARED "
		  "NAME_CONFLICT CHANGE_HELD VALUE_FIXED" },
	{ "blank", "NAME_TOO_SHORT NAME_HONORIFIC NAME_PLACEHOLDER NAME_CHARACTERS ID_LENGTH "
		   "ID_CHARACTERS ID_CHECKSUM ID_BIRTHDATE ID_REGION ID_SPREADSHEET ID_PLACEHOLDER "
		   "ID_TYPE USCC_FORMAT USCC_CHECKSUM MOBILE_TOO_SHORT MOBILE_TOO_LONG MOBILE_PREFIX "
		   "MOBILE_PLACEHOLDER PHONE_FORMAT VIN_LENGTH VIN_CHARACTERS VIN_CHECKSUM "
		   "PLATE_FORMAT DATE_FORMAT DATE_FUTURE BIRTHDATE_MISMATCH GENDER_MISMATCH "
		   "EMAIL_FORMAT POSTCODE_FORMAT VALUE_UNKNOWN NUMBER_FORMAT TEXT_GARBLED SHARED_ID "
		   "DEALER_UNKNOWN" },
};

Test(codes, each_code_of_the_contract_ships_with_its_action)
{
	for (size_t i = 0; i < 3; i++) {
		struct str rest = str_of(of_action[i][1]), name;

		while (str_cut(&rest, ' ', &name)) {
			const struct code *c = codes_find(&codes, name);

			cr_assert_not_null(c, "%.*s", STR_FMT(name));
			cr_assert(str_eq(action_name(c->action), str_of(of_action[i][0])), "%.*s",
				  STR_FMT(name));
		}
	}
}

Test(codes, those_that_only_warn_may_be_confirmed)
{
	for (size_t i = 0; i < codes.n; i++)
		cr_assert_eq(codes.list[i].confirmable, codes.list[i].action == ACTION_WARN, "%.*s",
			     STR_FMT(codes.list[i].name));
}

Test(codes, sentences_are_whole_with_and_without_what_they_tell)
{
	struct arena a = { 0 };
	struct reject r = { .code = code("MOBILE_TOO_SHORT"),
			    .action = ACTION_BLANK,
			    .field = STR("mobile"),
			    .detail = STR("9 位") };

	cr_assert(str_eq(reject_message(&r, LANG_ZH, &a), STR("手机少于11位（9 位）。")));
	r.detail = STR("");
	cr_assert(str_eq(reject_message(&r, LANG_ZH, &a), STR("手机少于11位。")));
	cr_assert(str_eq(reject_message(&r, LANG_EN, &a), STR("The mobile has fewer than 11 digits.")));
	arena_release(&a);
}

/* What is told of a record may go to a dealer that did not send it. */
Test(codes, no_sentence_about_a_record_shows_the_value_itself)
{
	struct arena a = { 0 };

	for (size_t i = 0; i < codes.n; i++)
		for (int lang = 0; lang < LANG_COUNT; lang++) {
			struct reject r = { .code = &codes.list[i],
					    .action = ACTION_BLANK,
					    .field = STR("name"),
					    .value = STR("SECRET") };

			if (str_starts(r.code->name, STR("CORRECTION_")))
				continue;
			cr_assert_not(str_has(reject_message(&r, (enum lang)lang, &a), r.value));
			cr_assert_not(str_has(reject_suggestion(&r, (enum lang)lang, &a), r.value));
		}
	arena_release(&a);
}

Test(codes, a_repair_asks_nothing_of_the_dealer)
{
	struct arena a = { 0 };
	struct reject r = { .code = code("ID_LENGTH"), .action = ACTION_FIX, .field = STR("id_number") };

	cr_assert(str_has(reject_message(&r, LANG_ZH, &a), STR("已自动更正")));
	cr_assert(str_has(reject_suggestion(&r, LANG_ZH, &a), STR("无需处理")));
	arena_release(&a);
}

Test(codes, a_label_leads_back_to_its_field)
{
	for (int field = 0; field < F_COUNT; field++) {
		struct str name = field_name((enum field)field);

		for (int lang = 0; lang < LANG_COUNT; lang++) {
			struct str label = codes_label(&codes, name, (enum lang)lang);

			cr_assert(str_eq(codes_field(&codes, label), name), "%.*s: %.*s", STR_FMT(name),
				  STR_FMT(label));
		}
	}
	cr_assert(str_eq(codes_label(&codes, STR(""), LANG_ZH), STR("整行")));
	cr_assert(str_eq(codes_label(&codes, STR("no_such_field"), LANG_ZH), STR("no_such_field")));
}

Test(codes, a_reject_id_is_the_same_for_the_same_fault_and_no_other)
{
	char one[16], same[16], other[16];

	reject_id_make(STR("a:1"), STR("name"), STR("NAME_MISSING"), one);
	reject_id_make(STR("a:1"), STR("name"), STR("NAME_MISSING"), same);
	reject_id_make(STR("a:1n"), STR("ame"), STR("NAME_MISSING"), other);
	cr_assert(memcmp(one, same, 16) == 0);
	cr_assert(memcmp(one, other, 16) != 0, "the parts do not run together");
}

Test(codes, a_line_of_the_rejects_has_its_row_and_texts)
{
	struct rowset rejects;
	struct arena a = { 0 };
	struct reject r = { .code = code("NAME_MISSING"),
			    .action = ACTION_WARN,
			    .record_id = STR("dms_customer_D001_20260301:7"),
			    .file = STR("dms_customer_D001_20260301.csv"),
			    .field = STR("name"),
			    .header = STR("客户名称") };

	rowset_init(&rejects, &table_rejects_clean);
	reject_add(&rejects, &r, LANG_ZH, &a);
	cr_assert_eq(rejects.n, 1);
	cr_assert(str_eq(rowset_value(&rejects, 0, REJ_ROW), STR("7")));
	cr_assert(str_eq(rowset_value(&rejects, 0, REJ_ACTION), STR("warn")));
	cr_assert(str_eq(rowset_value(&rejects, 0, REJ_MESSAGE), STR("没有填写姓名。")));
	rowset_release(&rejects);
	arena_release(&a);
}

/* ---- mistakes ---- */

static struct str mistakes(const char *codes_text, const char *messages_text, struct fault *f)
{
	scratch_make();
	scratch_put("codes.csv", str_of(codes_text));
	scratch_put("messages.csv", str_of(messages_text));
	scratch_put("fields.csv", STR("field,label_zh,label_en\nname,姓名,name\n"));
	cr_assert_not(codes_check(scratch_dir, f));
	scratch_remove();
	return buf_view(&f->text);
}

Test(codes, mistakes_of_all_three_files_are_told_at_once)
{
	struct fault f = { 0 };
	struct str told = mistakes("code,action,confirmable,weight\nA_B,blnk,no,1\nC_D,warn,perhaps,x\n",
				   "code,lang,title,message,suggestion\nE_F,zh,t,m {what},s]\n", &f);

	cr_assert(str_has(told, STR("codes.csv:2: action \"blnk\" is none of reject, blank, fix, warn")));
	cr_assert(str_has(told, STR("codes.csv:3: confirmable \"perhaps\"")));
	cr_assert(str_has(told, STR("codes.csv:3: weight \"x\"")));
	cr_assert(str_has(told, STR("messages.csv:2: there is no code \"E_F")));
	cr_assert(str_has(told, STR("messages.csv:2: {...} in a sentence is one of")));
	cr_assert(str_has(told, STR("messages.csv:2: a square bracket")));
	fault_release(&f);
}

Test(codes, a_code_that_stands_there_twice_is_told_once_with_its_line)
{
	struct fault f = { 0 };
	struct str told = mistakes("code,action,confirmable,weight\nA_B,blank,no,1\nC_D,warn,no,2\nA_B,warn,no,3\n",
				   "code,lang,title,message,suggestion\nA_B,zh,t,m,s\nA_B,en,t,m,s\n"
				   "C_D,zh,t,m,s\nC_D,en,t,m,s\n", &f);

	cr_assert(str_has(told, STR("codes.csv:4: \"A_B\" stands on line 2 already")));
	cr_assert_not(str_has(told, STR("A_B has no texts")));
	fault_release(&f);
}
