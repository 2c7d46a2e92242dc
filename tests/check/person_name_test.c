#include "person_name.h"
#include "verdicts.h"

static const struct {
	const char *input, *value, *findings;
	enum name_party party;
} cases[] = {
	{"张伟", "张伟", "", PARTY_PERSON},
	{"欧阳修文", "欧阳修文", "", PARTY_PERSON},
	{" 张 伟 ", "张伟", "", PARTY_PERSON},
	{"张　伟", "张伟", "", PARTY_PERSON},
	{"䶮明", "䶮明", "", PARTY_PERSON}, /* U+4DAE is not in GBK */
	{"\U00020BB7野", "\U00020BB7野", "", PARTY_PERSON}, /* 𠮷, extension B */
	{"阿卜杜尼亚孜·毛力尼亚孜", "阿卜杜尼亚孜·毛力尼亚孜", "", PARTY_PERSON},
	{"阿卜杜尼亚孜•毛力尼亚孜", "阿卜杜尼亚孜·毛力尼亚孜", "", PARTY_PERSON},
	{"阿卜杜尼亚孜．毛力尼亚孜", "阿卜杜尼亚孜·毛力尼亚孜", "", PARTY_PERSON},
	{"阿卜杜尼亚孜 毛力尼亚孜", "阿卜杜尼亚孜·毛力尼亚孜", "", PARTY_PERSON},
	{"John Smith", "John Smith", "", PARTY_PERSON},
	{"Smith, John", "Smith, John", "", PARTY_PERSON},
	{"SMITH，JOHN", "SMITH,JOHN", "", PARTY_PERSON},
	{"Müller, Jürgen Peter", "Müller, Jürgen Peter", "", PARTY_PERSON},
	{"Smith,", NULL, "NAME_CHARACTERS", PARTY_PERSON},
	{", John", NULL, "NAME_CHARACTERS", PARTY_PERSON},
	{"Smith, John, Peter", NULL, "NAME_CHARACTERS", PARTY_PERSON},
	{"王,伟", NULL, "NAME_CHARACTERS", PARTY_PERSON},
	{"Smith, 伟", NULL, "NAME_CHARACTERS NAME_CHARACTERS", PARTY_PERSON},
	{"钟厂", "钟厂", "", PARTY_PERSON},
	{"李中学", "李中学", "", PARTY_PERSON},
	{"王", NULL, "NAME_TOO_SHORT", PARTY_PERSON},
	{"王先生", NULL, "NAME_HONORIFIC", PARTY_PERSON},
	{"李女士", NULL, "NAME_HONORIFIC", PARTY_PERSON},
	{"陈小姐", NULL, "NAME_HONORIFIC", PARTY_PERSON},
	{"先生王", NULL, "NAME_HONORIFIC", PARTY_PERSON},
	{"欧阳女士", NULL, "NAME_HONORIFIC", PARTY_PERSON},
	{"王经理", NULL, "NAME_HONORIFIC", PARTY_PERSON},
	{"王总", NULL, "NAME_HONORIFIC", PARTY_PERSON},
	{"小王", NULL, "NAME_HONORIFIC", PARTY_PERSON},
	{"李工", NULL, "?NAME_HONORIFIC", PARTY_PERSON},
	{"王建国先生", "王建国", "=NAME_HONORIFIC", PARTY_PERSON},
	{"王建国 先生", "王建国", "=NAME_HONORIFIC", PARTY_PERSON},
	{"王 建 国 先生", "王建国", "=NAME_HONORIFIC", PARTY_PERSON},
	{"欧阳锋·先生", "欧阳锋", "=NAME_HONORIFIC", PARTY_PERSON},
	{"阿迪力 买买提 先生", "阿迪力·买买提", "=NAME_HONORIFIC", PARTY_PERSON},
	{"王·先生", NULL, "NAME_HONORIFIC", PARTY_PERSON},
	{"Martin · 先生", "Martin", "=NAME_HONORIFIC", PARTY_PERSON},
	{"Martin ··先生", "Martin", "=NAME_HONORIFIC", PARTY_PERSON},
	{"张伟儿子", NULL, "NAME_HONORIFIC", PARTY_PERSON},
	{"测试客户", NULL, "NAME_PLACEHOLDER", PARTY_PERSON},
	{"测试003", NULL, "NAME_PLACEHOLDER", PARTY_PERSON},
	{"展厅", NULL, "NAME_PLACEHOLDER", PARTY_PERSON},
	{"（不详）", NULL, "NAME_PLACEHOLDER", PARTY_PERSON},
	{"(NA", NULL, "NAME_PLACEHOLDER", PARTY_PERSON},
	{"啊啊啊", NULL, "NAME_PLACEHOLDER", PARTY_PERSON},
	{"王伟1", NULL, "NAME_CHARACTERS", PARTY_PERSON},
	{"-cmd", NULL, "NAME_CHARACTERS", PARTY_PERSON},
	{"('’'’DA.z", NULL, "NAME_CHARACTERS", PARTY_PERSON}, /* a mark of text cells would go, once more each time */
	{"Jean-Luc O'Neil Jr.", "Jean-Luc O'Neil Jr.", "", PARTY_PERSON},
	{"王@伟", NULL, "NAME_CHARACTERS", PARTY_PERSON},
	{"王□明", NULL, "NAME_CHARACTERS", PARTY_PERSON},
	{"王*明", NULL, "NAME_CHARACTERS", PARTY_PERSON},
	{"王\uE123明", NULL, "NAME_CHARACTERS", PARTY_PERSON},
	{"刘欣YAN", NULL, "NAME_CHARACTERS", PARTY_PERSON},
	{"王(方方)", NULL, "NAME_CHARACTERS", PARTY_PERSON},
	{"王?明", NULL, "TEXT_GARBLED", PARTY_PERSON},
	{"北京某某科技有限公司", "北京某某科技有限公司", "", PARTY_COMPANY},
	{"上海大学", "上海大学", "", PARTY_COMPANY},
	{"东莞市长安镇红星五金店", "东莞市长安镇红星五金店", "", PARTY_COMPANY},
	{"BMW China Automotive Trading Ltd", NULL, "", PARTY_COMPANY},
};

/* Rules of the integration plan: two characters or more; one of three holds no 先生 or 女士. */
Test(person_name, each_case_has_its_code)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct person_name n;

		name_check(reference(), PARTY_UNKNOWN, str_of(cases[i].input), &arena, &n);
		expect_verdict(cases[i].input, &n.verdict, cases[i].value, cases[i].findings);
		cr_expect_eq(n.party, cases[i].party, "%s: party %d", cases[i].input, n.party);
	}
}

Test(person_name, a_company_in_brackets_is_the_employer)
{
	struct person_name n;

	name_check(reference(), PARTY_UNKNOWN, STR("张伟（北京某某公司）"), &arena, &n);
	expect_verdict("employer", &n.verdict, "张伟", "=NAME_CHARACTERS");
	cr_expect(str_eq(n.employer, STR("北京某某公司")));
	cr_expect_eq(n.party, PARTY_PERSON);
}

Test(person_name, a_stated_company_needs_no_marker)
{
	struct person_name n;

	name_check(reference(), PARTY_COMPANY, STR("红星宝马山庄管理处"), &arena, &n);
	expect_verdict("company", &n.verdict, "红星宝马山庄管理处", "");
	cr_expect_eq(n.party, PARTY_COMPANY);
}

Test(person_name, a_title_hints_at_the_gender)
{
	struct person_name n;

	name_check(reference(), PARTY_UNKNOWN, STR("王建国先生"), &arena, &n);
	cr_expect_eq(n.gender, 'M');
	name_check(reference(), PARTY_UNKNOWN, STR("李晓梅女士"), &arena, &n);
	cr_expect_eq(n.gender, 'F');
}

Test(person_name, surnames_are_found_whole)
{
	cr_expect_eq(surname_length(reference(), STR("欧阳修文")), 6);
	cr_expect_eq(surname_length(reference(), STR("张伟")), 3);
	cr_expect_eq(surname_length(reference(), STR("zhang")), 0);
}
