/* Mistakes in the rules of cleansing are all told, with file and line; what is right works. */
#include "cleaning.h"

#include "../lib/scratch.h"

#include "clean/step.h"

/* A copy of the rules that ship, with one file of our own. */
static void rules_with(const char *name, const char *text)
{
	char command[256];

	scratch_make();
	snprintf(command, sizeof(command), "cp -R rules/. %s", scratch_dir);
	cr_assert_eq(system(command), 0);
	scratch_put(name, str_of(text));
}

static void tells(const char *name, const char *text, const char *const *mistakes)
{
	struct fault f = { 0 };

	rules_with(name, text);
	cr_assert_not(cleaner_check(scratch_dir, &f));
	cr_assert_eq(f.status, EXIT_USAGE);
	for (; *mistakes; mistakes++)
		cr_assert(str_has(buf_view(&f.text), str_of(*mistakes)), "%s is not in:\n%.*s",
			  *mistakes, STR_FMT(f.text));
	fault_release(&f);
	scratch_remove();
}

#define HEADER "table,field,check,arguments,when,code,action\n"

Test(compile, every_mistake_in_cleansing_is_told)
{
	static const char *const mistakes[] = {
		"cleansing.csv:2: there is no table \"customers\"",
		"cleansing.csv:3: there is no field \"nmae\"",
		"cleansing.csv:4: there is no check \"nonsense\"",
		"cleansing.csv:5: the table customer has no column vin",
		"cleansing.csv:6: arguments \"future\"",
		"cleansing.csv:7: a condition is person, company, source=..., schema=... or FIELD=..., not \"rich\"",
		"cleansing.csv:8: the check missing needs a code to tell",
		"cleansing.csv:9: there is no code \"NO_SUCH\"",
		"cleansing.csv:10: action \"shout\" is none of reject, blank, fix, warn",
		"cleansing.csv:11: arguments \"^(a\"",
		"cleansing.csv:12: this check is of a row, it takes no field \"name\"",
		"cleansing.csv:13: arguments \"whole max=many\"",
		"cleansing.csv:14: source, schema and fields take names",
		"cleansing.csv:15: this check has codes of its own, it takes no \"NAME_MISSING\"",
		"cleansing.csv:16: arguments \"keep=\": known are prose",
		NULL,
	};

	tells("cleansing.csv",
	      HEADER "customers,name,text,,,,\n"
		     "customer,nmae,text,,,,\n"
		     "customer,name,nonsense,,,,\n"
		     "customer,vin,vin,,,,\n"
		     "customer,birth_date,date,future,,,\n"
		     "customer,name,text,,rich,,\n"
		     "customer,name,missing,,,,\n"
		     "customer,name,missing,,,NO_SUCH,\n"
		     "customer,name,name,,,,shout\n"
		     "customer,name,pattern,^(a,,NAME_CHARACTERS,\n"
		     "customer,name,usable,name,,,\n"
		     "vehicle,price,number,whole max=many,,,\n"
		     "customer,name,text,,source,,\n"
		     "customer,name,name,,,NAME_MISSING,\n"
		     "customer,name,text,keep=,,,\n",
	      mistakes);
}

Test(compile, every_mistake_in_the_words_is_told)
{
	static const char *const mistakes[] = {
		"words.csv:2: there is no field \"sex\"",
		"words.csv:4: the word \"男 \" of gender stands there twice",
		"words.csv:5: \"F\" is a value of gender, and as a word it means \"M\"",
		NULL,
	};

	tells("words.csv", "field,word,value\nsex,男,M\ngender,男,M\ngender,\"男 \",M\ngender,女,F\ngender,f,M\n",
	      mistakes);
}

static void clean_with(const char *cleansing)
{
	cleaning_start();
	cleaner_free(cleaner);
	rules_with("cleansing.csv", cleansing);

	struct fault f = { 0 };

	cr_assert(cleaner_load(&cleaner, scratch_dir, &codes, &f), "%.*s", STR_FMT(f.text));
	scratch_remove();
}

Test(compile, an_analyst_adds_a_pattern_of_his_own)
{
	clean_with(HEADER "customer,source_key,pattern,\"^KH\\d{8}$\",source=dms,NUMBER_FORMAT,warn\n");
	set(F_SOURCE_KEY, "KH00000001");
	cr_assert_eq(clean(), FATE_ACCEPTED);
	set(F_SOURCE_KEY, "KH1");
	cr_assert_eq(clean(), FATE_FLAGGED);
	cr_assert(told_as(F_SOURCE_KEY, "NUMBER_FORMAT", "warn"));
	assert_value(F_SOURCE_KEY, "KH1");
	set(F_SOURCE, "finance");
	cr_assert_eq(clean(), FATE_ACCEPTED, "the rule speaks of dms");
	cleaning_end();
}

Test(compile, conditions_can_be_joined_and_negated)
{
	clean_with(HEADER "customer,customer_type,word,,,,\n"
			  "customer,occupation,clear,,company;not schema=manual|finance,VALUE_UNKNOWN,blank\n");
	set(F_CUSTOMER_TYPE, "公司");
	set(F_OCCUPATION, "教师");
	clean();
	cr_assert(told_as(F_OCCUPATION, "VALUE_UNKNOWN", "blank"));
	context.schema = STR("finance");
	set(F_OCCUPATION, "教师");
	clean();
	cr_assert_eq(rejects.n, 0);
	context.schema = STR("dms_customer");
	set(F_CUSTOMER_TYPE, "个人");
	clean();
	cr_assert_eq(rejects.n, 0);
	cleaning_end();
}

Test(compile, an_action_of_a_line_stands_above_that_of_the_code)
{
	clean_with(HEADER "customer,name,name,,,,warn\n");
	set(F_NAME, "张先生");
	cr_assert_eq(clean(), FATE_FLAGGED);
	cr_assert(told_as(F_NAME, "NAME_HONORIFIC", "warn"));
	assert_value(F_NAME, "张先生");
	cleaning_end();
}

Test(compile, dealers_that_are_listed_are_known_by_code_and_taxpayer_number)
{
	cleaning_start();
	cleaner_free(cleaner);
	rules_with("ref/dealers.csv", "code,name,tax_no,province,region\nD001,某店,91110108551385082Q,北京市,\n");

	struct fault f = { 0 };

	cr_assert(cleaner_load(&cleaner, scratch_dir, &codes, &f), "%.*s", STR_FMT(f.text));
	scratch_remove();
	set(F_NAME, "张伟");
	set(F_DEALER_CODE, "D00l");
	clean();
	cr_assert(told_as(F_DEALER_CODE, "DEALER_UNKNOWN", "blank"));
	cr_assert(str_eq(rowset_value(&rejects, 0, REJ_SUGGESTION), STR("D001")));
	set(F_DEALER_CODE, "");
	set(F_SELLER_TAX_NO, "91110108551385082q");
	cr_assert_eq(clean(), FATE_ACCEPTED);
	assert_value(F_DEALER_CODE, "D001");
	cleaning_end();
}

Test(compile, the_rules_that_ship_have_no_mistake)
{
	struct fault f = { 0 };

	cr_assert(cleaner_check("rules", &f), "%.*s", STR_FMT(f.text));
}

Test(compile, the_readme_of_the_rules_names_every_check)
{
	struct infile in;
	struct fault f = { 0 };

	cr_assert(infile_open(&in, "rules/README.md", false, (struct infile_limits){ 0 }, &f));
	for (const struct check *check = checks; check->name; check++) {
		char cell[64];

		snprintf(cell, sizeof(cell), "`%s`", check->name);
		cr_assert(str_has(in.bytes, str_of(cell)), "%s", check->name);
	}
	infile_close(&in);
}
