#include <criterion/criterion.h>

#include "name_match.h"
#include "text.h"

static const struct str titles[] = { STR_INIT("先生"), STR_INIT("女士") };
static const struct str forms[] = { STR_INIT("有限责任公司"), STR_INIT("有限公司"),
				    STR_INIT("公司") };
static const struct name_words words = { titles, 2, forms, 3 };

static enum name_grade grade(const char *x, const char *y)
{
	struct arena a = { 0 };
	struct name_form fx, fy;
	enum name_grade there, back;

	name_form_make(&fx, &words, str_of(x), false, &a);
	name_form_make(&fy, &words, str_of(y), false, &a);
	there = name_compare(&fx, &fy);
	back = name_compare(&fy, &fx);
	arena_release(&a);
	cr_assert_eq(there, back, "%s and %s compare otherwise from the other side", x, y);
	return there;
}

static bool alike(const char *x, const char *y)
{
	struct arena a = { 0 };
	struct name_form fx, fy;
	bool same;

	name_form_make(&fx, &words, str_of(x), false, &a);
	name_form_make(&fy, &words, str_of(y), false, &a);
	same = name_alike(&fx, &fy);
	arena_release(&a);
	return same;
}

Test(name_match, forms_of_one_name_are_exact)
{
	cr_expect_eq(grade("张三", "张三"), NAME_EXACT);
	cr_expect_eq(grade("張偉國", "张伟国"), NAME_EXACT);
	cr_expect_eq(grade("张伟 国", "张伟国"), NAME_EXACT);
	cr_expect_eq(grade("张伟国先生", "张伟国"), NAME_EXACT);
	cr_expect_eq(grade("阿卜杜·买买提", "阿卜杜•买买提"), NAME_EXACT);
	cr_expect_eq(grade("阿卜杜买买提", "阿卜杜.买买提"), NAME_EXACT);
	cr_expect_eq(grade("张三丰(北京某某有限公司)", "张三丰"), NAME_EXACT);
	cr_expect_eq(grade("John Smith", "SMITH, JOHN"), NAME_EXACT);
}

Test(name_match, a_character_of_the_same_sound_is_near)
{
	cr_expect_eq(grade("王伟", "王玮"), NAME_NEAR);
	cr_expect_eq(grade("张晓明", "章晓明"), NAME_NEAR);
	cr_expect_eq(grade("刘□明", "刘喆明"), NAME_NEAR);
}

Test(name_match, a_missing_character_is_near_but_never_the_surname)
{
	cr_expect_eq(grade("王小明", "王明"), NAME_NEAR);
	cr_expect_eq(grade("欧阳明", "阳明"), NAME_UNLIKE);
}

Test(name_match, another_character_is_a_slip_only_in_three_and_not_in_the_surname)
{
	cr_expect_eq(grade("王小明", "王小红"), NAME_SLIP);
	cr_expect_eq(grade("王明小", "王小明"), NAME_SLIP);
	cr_expect_eq(grade("王伟", "王芳"), NAME_UNLIKE);
	cr_expect_eq(grade("王小明", "李小明"), NAME_UNLIKE);
	cr_expect_eq(grade("王小明", "李大红"), NAME_UNLIKE);
}

Test(name_match, companies_compare_by_their_significant_part)
{
	cr_expect_eq(grade("北京华夏汽车租赁有限公司", "华夏汽车租赁"), NAME_UNLIKE,
		     "without a legal form it may be a person's name");
	cr_expect_eq(grade("北京华夏汽车租赁有限公司", "华夏汽车租赁有限公司"), NAME_NEAR);
	cr_expect_eq(grade("北京华夏租赁有限公司", "北京华夏租赁有限责任公司"), NAME_NEAR);
	cr_expect_eq(grade("北京华夏租赁有限公司", "上海华夏租赁有限公司"), NAME_UNLIKE);
	cr_expect_eq(grade("北京华夏（租赁）有限公司", "北京华夏(租赁)有限公司"), NAME_EXACT);
	cr_expect_eq(grade("北京华夏租赁有限公司", "北京华夏租赁有限公司上海分公司"), NAME_UNLIKE);
}

Test(name_match, a_foreign_middle_name_may_be_left_out)
{
	cr_expect_eq(grade("JOHN PAUL SMITH", "John Smith"), NAME_NEAR);
	cr_expect_eq(grade("JOHN SMITH", "JOHN SMYTH"), NAME_SLIP);
	cr_expect_eq(grade("JOHN SMITH", "JANE DOE"), NAME_UNLIKE);
}

Test(name_match, an_absent_name_says_nothing)
{
	cr_expect_eq(grade("", "张三"), NAME_ABSENT);
	cr_expect(alike("", "张三"));
}

Test(name_match, a_surname_fits_the_names_that_begin_with_it)
{
	struct arena a = { 0 };
	struct name_form surname, name, other;

	name_form_surname(&surname, STR("李"), &a);
	name_form_make(&name, &words, STR("李刚"), false, &a);
	name_form_make(&other, &words, STR("王刚"), false, &a);
	cr_expect_eq(name_compare(&surname, &name), NAME_SURNAME);
	cr_expect_eq(name_compare(&name, &surname), NAME_SURNAME);
	cr_expect_eq(name_compare(&surname, &other), NAME_UNLIKE);
	arena_release(&a);
}

Test(name_match, one_character_is_a_slip_even_in_a_name_of_two)
{
	cr_expect(alike("张三", "张山"));
	cr_expect(alike("张三", "章三"));
	cr_expect(alike("王小明", "王明"));
	cr_expect_not(alike("张三", "李四"));
	cr_expect_not(alike("王小明", "李大明"));
}
