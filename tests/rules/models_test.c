#include "models.h"

#include <criterion/criterion.h>

#include "fault.h"

Test(models, two_writings_of_one_model_are_the_same)
{
	struct models m;
	struct fault f = { 0 };
	const struct model *model;

	cr_assert(models_load(&m, "rules", &f), "%.*s", STR_FMT(f.text));
	cr_assert(models_same(&m, STR("奥迪牌FV7201BBDBG"), STR("a6l 45 TFSI")));
	cr_assert_not(models_same(&m, STR("A6L 45 TFSI"), STR("A6L 40 TFSI")));
	cr_assert(models_same(&m, STR("Any Thing"), STR("anything")), "unlisted: but for case and spaces");
	model = models_find(&m, STR("宝马 530Li"));
	cr_assert_not_null(model);
	cr_assert(str_eq(model->series, STR("5系")));
	cr_assert_null(models_find(&m, STR("")));
	models_release(&m);
}
