#include <sys/stat.h>
#include <unistd.h>

#include "../lib/scratch.h"
#include "plain_value.h"
#include "verdicts.h"

struct plain_case {
	const char *input, *value, *findings;
};

Test(text, garbled_text_is_told_and_repaired_where_nothing_is_lost)
{
	/* 姓名, 北京市朝阳区 as they look after a wrong code page. */
	static const struct plain_case cases[] = {
		{"锟斤拷", NULL, "TEXT_GARBLED"},
		{"张\uFFFD", NULL, "TEXT_GARBLED"},
		{"烫烫烫", NULL, "TEXT_GARBLED"},
		{"????", NULL, "TEXT_GARBLED"},
		{"北京市??路12号", NULL, "TEXT_GARBLED"},
		{"濮撳悕", "姓名", "=TEXT_GARBLED"},
		{"鍖椾含甯傛湞闃冲尯", "北京市朝阳区", "=TEXT_GARBLED"},
		{"ÐÕÃû", "姓名", "=TEXT_GARBLED"},
		{"张伟", "张伟", ""},
		{"联通", "联通", ""}, /* its GBK bytes are nearly UTF-8 */
		{"Müller", "Müller", ""},
		{"José Núñez", "José Núñez", ""},
		{"北京市朝阳区霞光里18号", "北京市朝阳区霞光里18号", ""},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct verdict v;

		text_check(reference(), false, str_of(cases[i].input), &arena, &v);
		expect_verdict(cases[i].input, &v, cases[i].value, cases[i].findings);
	}
}

Test(text, people_ask_twice_in_prose)
{
	struct verdict v;

	text_check(reference(), true, STR("什么时候能修好??客户很急"), &arena, &v);
	expect_verdict("prose", &v, NULL, "");
}

Test(email, each_case_has_its_code)
{
	static const struct plain_case cases[] = {
		{"zhang.wei@qq.com", "zhang.wei@qq.com", ""},
		{" zhang_wei@163.com ", "zhang_wei@163.com", ""},
		{"zhang＠163.com", "zhang@163.com", ""},
		{"a+b@mail.example.com.cn", NULL, ""},
		{"zhang.qq.com", NULL, "EMAIL_FORMAT"},
		{"zhang@@qq.com", NULL, "EMAIL_FORMAT"},
		{"zhang@qq", NULL, "EMAIL_FORMAT"},
		{"@qq.com", NULL, "EMAIL_FORMAT"},
		{"zhang@qq,com", NULL, "EMAIL_FORMAT"},
		{"张@qq.com", NULL, "EMAIL_FORMAT"},
		{"zhang@qq.con", NULL, "EMAIL_FORMAT"},
		{"test@test.com", NULL, "EMAIL_FORMAT"},
		{".a@b.cn", NULL, "EMAIL_FORMAT"},
		{"a@b..cn", NULL, "EMAIL_FORMAT"},
		{"a@192.168.0.1", NULL, "EMAIL_FORMAT"},
	};
	struct verdict v;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		email_check(reference(), str_of(cases[i].input), &arena, &v);
		expect_verdict(cases[i].input, &v, cases[i].value, cases[i].findings);
	}
	email_check(reference(), STR("zhang@qq,com"), &arena, &v);
	cr_expect(str_eq(v.suggestion, STR("zhang@qq.com")));
}

Test(number, money_and_distances_become_plain_digits)
{
	static const struct plain_case cases[] = {
		{"1234.50", "1234.50", ""},
		{"¥1,234.50", "1234.50", ""},
		{"￥1,234,567", "1234567", ""},
		{"1234.5元", "1234.5", ""},
		{"12.5万", "125000", ""},
		{"12.58万元", "125800", ""},
		{"人民币 5000 元整", "5000", ""},
		{"12,345公里", "12345", ""},
		{"1.25E7", "12500000", ""},
		{"007", "7", ""},
		{"0", "0", ""},
		{"-0", "0", ""},
		{"-0.00元", "0.00", ""},
		{"(0)", "0", ""},
		{".5", "0.5", ""},
		{"１２３４", "1234", ""},
		{"1,23,4", NULL, "NUMBER_FORMAT"},
		{"1.25E+07", NULL, "NUMBER_FORMAT"},
		{"abc", NULL, "NUMBER_FORMAT"},
		{"十二万", NULL, "NUMBER_FORMAT"},
		{"-5", NULL, "NUMBER_FORMAT"},
		{"1.2.3", NULL, "NUMBER_FORMAT"},
		{"2000000000", NULL, "NUMBER_FORMAT"},
	};
	struct number_context context = {.max = 1e9};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct verdict v;

		number_check(&context, str_of(cases[i].input), &arena, &v);
		expect_verdict(cases[i].input, &v, cases[i].value, cases[i].findings);
	}
}

Test(number, a_unit_makes_none_longer_than_what_is_read)
{
	struct number_context no_limit = {0};
	struct verdict v;

	number_check(&no_limit, STR("12345678901234567890123456万"), &arena, &v);
	expect_verdict("30 digits", &v, "123456789012345678901234560000", "");
	number_check(&no_limit, STR("123456789012345678901234567万"), &arena, &v);
	expect_verdict("31 digits", &v, NULL, "NUMBER_FORMAT");
}

Test(reference, every_reason_speaks_both_languages)
{
	for (enum reason reason = 0; reason < REASON_COUNT; reason++) {
		struct finding finding = {reason, FINDING_WRONG, STR("甲"), STR("乙")};
		struct str zh = finding_detail(reference(), &finding, 0, &arena);
		struct str en = finding_detail(reference(), &finding, 1, &arena);

		cr_expect(zh.n && en.n);
		cr_expect_not(str_has(zh, STR("{")) || str_has(en, STR("{")), "%.*s", STR_FMT(en));
	}
}

Test(reference, words_for_nothing_are_known)
{
	cr_expect(value_is_empty_like(reference(), STR("不详")));
	cr_expect(value_is_empty_like(reference(), STR("N/A")));
	cr_expect_not(value_is_empty_like(reference(), STR("张伟")));
}

/* The tables of the repository beside one that is wrong. */
static void copy_with_mistake(const char *dir, const char *table, const char *text)
{
	static const char *const tables[] = {
		"regions",	"mobile_ranges",   "area_codes",      "makers",
		"surnames",	"countries",	   "honorifics",      "company_markers",
		"placeholders", "postal_prefixes", "plate_provinces", "uscc_authorities",
		"sources",	"reasons"};
	char *here = realpath("rules/ref", NULL), path[600], target[600];
	FILE *out;

	snprintf(path, sizeof(path), "%s/ref", dir);
	cr_assert_eq(mkdir(path, 0700), 0);
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		snprintf(path, sizeof(path), "%s/ref/%s.csv", dir, tables[i]);
		snprintf(target, sizeof(target), "%s/%s.csv", here, tables[i]);
		if (strcmp(tables[i], table) != 0)
			cr_assert_eq(symlink(target, path), 0);
	}
	snprintf(path, sizeof(path), "%s/ref/%s.csv", dir, table);
	out = fopen(path, "w");
	cr_assert(out);
	fputs(text, out);
	cr_assert_eq(fclose(out), 0);
	free(here);
}

Test(reference, every_mistake_in_a_table_is_told_with_its_place)
{
	struct reference *ref;
	struct fault f = {0};
	struct str told;

	scratch_make();
	copy_with_mistake(
		scratch_dir, "mobile_ranges",
		"prefix,operator,kind,digits\n13,,mobile,11\n139,,tin,11\n138,,mobile,11\n");
	cr_expect_not(reference_load(&ref, scratch_dir, &f));
	cr_expect_eq(f.status, EXIT_USAGE);
	told = buf_view(&f.text);
	cr_expect(str_has(told, STR("mobile_ranges.csv:2: prefix has")), "%.*s", STR_FMT(told));
	cr_expect(str_has(told, STR("mobile_ranges.csv:3: kind is")), "%.*s", STR_FMT(told));
	fault_release(&f);
	scratch_remove();
}
