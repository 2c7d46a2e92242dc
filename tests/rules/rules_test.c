/* The reader of rule files: patient with form, and telling every mistake. */
#include "rules.h"

#include "../lib/scratch.h"

TestSuite(rules, .init = scratch_make, .fini = scratch_remove);

static const struct rule_column columns[] = {
	{ "name", RULE_FILLED }, { "value", RULE_FREE }, { "note", RULE_MAY_LACK }, { NULL, 0 },
};

struct reading {
	struct rules r;
	struct fault f;
	struct arena a;
	bool ok;
};

static struct reading read_text(const char *text)
{
	struct reading x = { 0 };

	scratch_put("t.csv", str_of(text));
	x.ok = rules_read(&x.r, scratch_dir, "t.csv", columns, &x.a, &x.f);
	return x;
}

static void done(struct reading *x)
{
	fault_release(&x->f);
	arena_release(&x->a);
}

static bool tells(const struct reading *x, const char *part)
{
	return str_has(buf_view(&x->f.text), str_of(part));
}

static bool value_is(const struct reading *x, size_t row, size_t column, const char *text)
{
	return str_eq(x->r.rows[row].v[column], str_of(text));
}

Test(rules, a_spreadsheet_may_have_saved_the_file)
{
	struct reading x = read_text("\xEF\xBB\xBFvalue,name,,\r\n1,\"a \"\"b\"\", c\",,\r\n,,,\r\n 2 , d \r\n");

	cr_assert(x.ok);
	cr_assert_eq(x.r.n, 2);
	cr_assert(value_is(&x, 0, 0, "a \"b\", c"));
	cr_assert(value_is(&x, 0, 1, "1"));
	cr_assert(value_is(&x, 1, 0, "d"));
	cr_assert_eq(x.r.rows[1].line, 4);
	cr_assert_eq(x.r.rows[1].v[2].n, 0, "a column that may lack is empty");
	done(&x);
}

Test(rules, comments_and_blank_lines_count_as_lines_and_say_nothing)
{
	struct reading x = read_text("# what this is\n\nname,value\n#,a,b\na,1\n");

	cr_assert(x.ok);
	cr_assert_eq(x.r.n, 1);
	cr_assert_eq(x.r.rows[0].line, 5);
	done(&x);
}

Test(rules, a_line_break_inside_quotes_moves_the_lines_behind_it)
{
	struct reading x = read_text("name,value\n\"a\nb\",1\nc,2\n");

	cr_assert(x.ok);
	cr_assert(value_is(&x, 0, 0, "a\nb"));
	cr_assert_eq(x.r.rows[0].line, 2);
	cr_assert_eq(x.r.rows[1].line, 4);
	done(&x);
}

Test(rules, every_mistake_of_a_file_is_told_with_its_line)
{
	struct reading x = read_text("name,value\n,1\na,1,2\nb,\"x\" y\nc,\xFF\nd,4\n");

	cr_assert_not(x.ok);
	cr_assert_eq(x.f.status, EXIT_USAGE);
	cr_assert(tells(&x, "t.csv:2: name is empty"));
	cr_assert(tells(&x, "t.csv:3: the row has 3 columns, the header has 2"));
	cr_assert(tells(&x, "t.csv:4: there is text behind a closing quote"));
	cr_assert(tells(&x, "t.csv:5: value is not UTF-8"));
	cr_assert_eq(x.r.n, 1, "what is well formed is there all the same");
	cr_assert(value_is(&x, 0, 0, "d"));
	done(&x);
}

Test(rules, a_quote_that_never_closes_costs_its_own_line_only)
{
	struct reading x = read_text("name,value\na,\"1\nb,2\nc,3\n");

	cr_assert_not(x.ok);
	cr_assert(tells(&x, "t.csv:2: a quote is opened and never closed"));
	cr_assert_eq(x.r.n, 2);
	cr_assert(value_is(&x, 1, 0, "c"));
	done(&x);
}

Test(rules, unknown_missing_and_doubled_columns_are_told)
{
	struct reading x = read_text("name,valeu,name\na,1,2\n");

	cr_assert_not(x.ok);
	cr_assert(tells(&x, "t.csv:1: unknown column \"valeu\""));
	cr_assert(tells(&x, "t.csv:1: the column name stands there twice"));
	cr_assert(tells(&x, "t.csv:1: the column value is missing"));
	done(&x);
}

Test(rules, a_file_that_is_missing_or_empty_is_a_mistake_of_the_rules)
{
	struct reading x = read_text("");
	struct rules r;
	struct fault f = { 0 };

	cr_assert_not(x.ok);
	cr_assert(tells(&x, "not even a header"));
	cr_assert_not(rules_read(&r, scratch_dir, "none.csv", columns, &x.a, &f));
	cr_assert_eq(f.status, EXIT_USAGE);
	cr_assert_eq(r.n, 0);
	fault_release(&f);
	done(&x);
}

Test(rules, a_choice_names_what_can_be_chosen)
{
	static const char *const choices[] = { "yes", "no", NULL };
	struct reading x = read_text("name,value\na,maybe\n");

	cr_assert_eq(rules_choice(&x.r, &x.r.rows[0], "value", STR("no"), choices, &x.f), 1);
	cr_assert_eq(rules_choice(&x.r, &x.r.rows[0], "value", STR("maybe"), choices, &x.f), -1);
	cr_assert(tells(&x, "t.csv:2: value \"maybe\" is none of yes, no"));
	done(&x);
}

Test(rules, the_nearest_word_differs_in_at_most_half_of_its_characters)
{
	const struct str words[] = { STR("电话"), STR("微信"), STR("微博"), STR("showroom") };
	const struct str *near = nearest_word(STR("威信"), words, 4);

	cr_assert_not_null(near);
	cr_assert(str_eq(*near, STR("微信")));
	cr_assert(str_eq(*nearest_word(STR("showrom"), words, 4), STR("showroom")));
	cr_assert(str_eq(*nearest_word(STR("微言"), words, 4), STR("微信")), "the first wins a tie");
	cr_assert_null(nearest_word(STR("传真"), words, 4));
	cr_assert_null(nearest_word(STR(""), words, 4));
}
