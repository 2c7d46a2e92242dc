#include <criterion/criterion.h>

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "ownership_rules.h"

static char dir[] = "/tmp/yice-ownership-XXXXXX";

static void make_folder(void)
{
	cr_assert(mkdtemp(dir));
}

static void remove_folder(void)
{
	char path[64];

	snprintf(path, sizeof(path), "%s/ownership.csv", dir);
	unlink(path);
	rmdir(dir);
}

TestSuite(ownership_rules, .init = make_folder, .fini = remove_folder);

static bool load(struct ownership_rules *rules, struct fault *f, const char *text)
{
	char path[64];
	FILE *file;

	snprintf(path, sizeof(path), "%s/ownership.csv", dir);
	file = fopen(path, "w");
	cr_assert(file);
	fputs(text, file);
	fclose(file);
	return ownership_rules_load(rules, dir, f);
}

Test(ownership_rules, those_that_ship_are_read)
{
	struct ownership_rules rules;
	struct fault f = { 0 };

	cr_assert(ownership_rules_load(&rules, "rules", &f));
	cr_expect_eq(rules.same_sale, 60);
	cr_expect_eq(rules.since[0], F_PURCHASE_DATE);
	cr_expect_eq(rules.n_use, 5);
	ownership_rules_release(&rules);
}

Test(ownership_rules, all_mistakes_are_told_with_their_lines)
{
	struct ownership_rules rules;
	struct fault f = { 0 };
	struct str text;

	cr_assert_not(load(&rules, &f, "rule,value\nsame_sale,soon\nsince,purchase_date>price\nuse,repair\n"
				       "use,recall\nbuys,loan\n"));
	text = buf_view(&f.text);
	cr_expect(str_find(text, STR("ownership.csv:2:")) >= 0, "%.*s", STR_FMT(text));
	cr_expect(str_find(text, STR("ownership.csv:3: \"price\"")) >= 0, "%.*s", STR_FMT(text));
	cr_expect(str_find(text, STR("ownership.csv:5:")) >= 0, "%.*s", STR_FMT(text));
	cr_expect(str_find(text, STR("ownership.csv:6:")) >= 0, "%.*s", STR_FMT(text));
	fault_release(&f);
}

Test(ownership_rules, none_may_be_missing)
{
	struct ownership_rules rules;
	struct fault f = { 0 };

	cr_assert_not(load(&rules, &f, "rule,value\nsame_sale,60\nuse,repair\n"));
	cr_expect(str_find(buf_view(&f.text), STR("since")) >= 0);
	fault_release(&f);
}
