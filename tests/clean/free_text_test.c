/* Tags by keywords, and private numbers in free text. */
#include "clean/free_text.h"

#include "../lib/scratch.h"

static struct str masked(const char *text, struct arena *a)
{
	return private_masked(str_of(text), a);
}

Test(free_text, phones_and_id_numbers_are_masked_however_they_are_written)
{
	static const char *const cases[][2] = {
		{ "电话13812345678，急", "电话138****5678，急" },
		{ "138 1234 5678", "138 **** 5678" },
		{ "138-1234-5678或010-66554433", "138-****-5678或010-****4433" },
		{ "+8613812345678", "+861******5678" },
		{ "座机02584517788", "座机025****7788" },
		{ "身份证110101199003078671。", "身份证1***************71。" },
		{ "11010119900307867X", "1***************7X" },
		{ "110101900307867", "1************67" },
	};
	struct arena a = { 0 };

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		cr_assert(str_eq(masked(cases[i][0], &a), str_of(cases[i][1])), "%s: %.*s", cases[i][0],
			  STR_FMT(masked(cases[i][0], &a)));
	arena_release(&a);
}

Test(free_text, other_numbers_stay)
{
	static const char *const cases[] = {
		"2026-03-01 10:30 进厂，里程123456公里", "LFV2A11K5CL399852", "工单WX000023942",
		"合同号20260301123456789012345678", "12800元", "订单123456789012345678", "",
	};
	struct arena a = { 0 };

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct str text = str_of(cases[i]);
		struct str got = private_masked(text, &a);

		cr_assert(got.p == text.p, "%s: %.*s", cases[i], STR_FMT(got));
	}
	arena_release(&a);
}

Test(free_text, masked_again_nothing_changes)
{
	struct arena a = { 0 };
	struct str once = masked("138-1234-5678 110101199003078671 010-66554433 13812345678", &a);

	cr_assert(str_eq(private_masked(once, &a), once));
	arena_release(&a);
}

/* ---- keywords ---- */

static struct keywords keywords_of(const char *text)
{
	struct keywords k;
	struct fault f = { 0 };

	scratch_make();
	scratch_put("keywords.csv", str_of(text));
	cr_assert(keywords_load(&k, scratch_dir, &f), "%.*s", STR_FMT(f.text));
	scratch_remove();
	return k;
}

static bool tags_are(const struct keywords *k, const char *text, const char *tags)
{
	struct arena a = { 0 };
	struct str texts[] = { STR(""), str_of(text) };
	struct str got = keywords_tags(k, texts, 2, &a);
	bool same = str_eq(got, str_of(tags));

	if (!same)
		cr_log_error("%s: %.*s, not %s", text, STR_FMT(got), tags);
	arena_release(&a);
	return same;
}

Test(free_text, tags_are_in_alphabetical_order_and_named_once)
{
	struct keywords k = keywords_of("category,words,weight\nnoise,异响|噪音,1\nbrake,刹车|制动,1\n");

	cr_assert(tags_are(&k, "刹车制动都有异响和噪音", "brake;noise"));
	cr_assert(tags_are(&k, "一切正常", ""));
	keywords_release(&k);
}

Test(free_text, weak_words_need_company)
{
	struct keywords k = keywords_of("category,words,weight\nsafety,危险|受伤,0.5\nsafety,起火,1\n");

	cr_assert(tags_are(&k, "很危险很危险", ""), "one word counts once");
	cr_assert(tags_are(&k, "很危险，有人受伤", "safety"));
	cr_assert(tags_are(&k, "起火", "safety"));
	keywords_release(&k);
}

Test(free_text, a_word_of_digits_or_letters_stands_alone)
{
	struct keywords k = keywords_of("category,words,weight\nauthority,12345,1\nbrake,ABS,1\n");

	cr_assert(tags_are(&k, "打了12345投诉", "authority"));
	cr_assert(tags_are(&k, "电话13812345678", ""));
	cr_assert(tags_are(&k, "ABS灯亮", "brake"));
	cr_assert(tags_are(&k, "CABS", ""));
	keywords_release(&k);
}

Test(free_text, complaints_that_reach_authorities_press_and_lawyers_are_marked_as_shipped)
{
	struct keywords k;
	struct fault f = { 0 };

	cr_assert(keywords_load(&k, "rules", &f), "%.*s", STR_FMT(f.text));
	cr_assert(tags_are(&k, "已向12315投诉", "authority"));
	cr_assert(tags_are(&k, "客户说要找记者", "media"));
	cr_assert(tags_are(&k, "收到律师函", "lawyer"));
	keywords_release(&k);
}

Test(free_text, mistakes_in_the_keywords_are_told_with_their_line)
{
	struct keywords k;
	struct fault f = { 0 };

	scratch_make();
	scratch_put("keywords.csv", STR("category,words,weight\na;b,起火,1\nc,ab,1\nd,起火,much\n"));
	cr_assert_not(keywords_load(&k, scratch_dir, &f));
	cr_assert(str_has(buf_view(&f.text), STR("keywords.csv:2: the category \"a;b\"")));
	cr_assert(str_has(buf_view(&f.text), STR("keywords.csv:3: the word \"ab\" is too short")));
	cr_assert(str_has(buf_view(&f.text), STR("keywords.csv:4: weight \"much\"")));
	fault_release(&f);
	scratch_remove();
}
