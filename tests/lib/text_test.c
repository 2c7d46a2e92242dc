#include <criterion/criterion.h>

#include "text.h"

static struct arena a;

static void release(void)
{
	arena_release(&a);
}

TestSuite(text, .fini = release);

static void cleans(const char *from, const char *to)
{
	struct str s = text_clean(&a, str_of(from));

	cr_assert(str_eq(s, str_of(to)), "'%s' gave '%.*s'", from, STR_FMT(s));
}

Test(text, values_that_need_nothing_are_not_copied)
{
	struct str s = STR("张三 A1");

	cr_assert_eq(text_clean(&a, s).p, s.p);
	cr_assert_eq(text_code(&a, STR("110101199003077715")).n, 18);
	cr_assert_eq(a.total, 0);
}

Test(text, clean_normalises_and_drops_what_cannot_be_seen)
{
	cleans("  张　三 ", "张 三");
	cleans("ＡＢＣ１２３（甲）", "ABC123(甲)");
	cleans("阿卜杜拉·买买提", "阿卜杜拉·买买提");
	cleans("\xEF\xBB\xBF张\xE2\x80\x8B三\xE2\x80\xAE", "张三");
	cleans("a\t\r\n b\xC2\xA0", "a b");
	cleans("①㎏ﬁ", "1kgfi");
	cleans("e\xCC\x81", "\xC3\xA9");
	cleans("北京市、“海淀”", "北京市、“海淀”");
	cleans("\x01\x7F", "");
	cleans(" \xE3\x80\x80 ", "");
	cleans("", "");
	cleans("a\xFF", "a\xEF\xBF\xBD");
}

Test(text, clean_twice_is_clean_once_for_any_code_points)
{
	uint64_t seed = 42;

	for (int round = 0; round < 200000; round++) {
		char bytes[32];
		size_t n = 0;
		struct str once, twice;

		while (n < 24) {
			uint32_t c;

			seed = seed * 6364136223846793005u + 1442695040888963407u;
			c = seed >> 60 < 4 ? (uint32_t)(seed >> 33) % 0x100 :
					     (uint32_t)(seed >> 33) % 0x30000;
			n += utf8_put(c, bytes + n);
		}
		once = text_clean(&a, (struct str){ bytes, n });
		twice = text_clean(&a, once);
		cr_assert(str_eq(once, twice), "'%.*s' -> '%.*s'", STR_FMT(once), STR_FMT(twice));
		cr_assert(text_is_utf8(once));
		once = text_code(&a, (struct str){ bytes, n });
		cr_assert(str_eq(once, text_code(&a, once)));
		arena_reset(&a);
	}
}

Test(text, codes_lose_spaces_and_become_upper_case)
{
	cr_assert(str_eq(text_code(&a, STR(" 1101 01x\t")), STR("110101X")));
	cr_assert(str_eq(text_code(&a, STR("京ａ１２３４５")), STR("京A12345")));
	cr_assert(str_eq(text_code(&a, STR("1101Ⅹ")), STR("1101X")));
	cr_assert(str_eq(text_upper(&a, STR("aé张z")), STR("Aé张Z")));
}

Test(text, utf8_is_judged_by_the_rfc)
{
	cr_assert(text_is_utf8(STR("plain ascii, 张三, é, 😀, \xEF\xBF\xBD")));
	cr_assert_not(text_is_utf8(STR("abcdefgh\xC0\x80")));
	cr_assert_not(text_is_utf8(STR("\xED\xA0\x80")));
	cr_assert_not(text_is_utf8(STR("张\xE4\xB8")));
	cr_assert_not(text_is_utf8(STR("\xE4" "abc")));
}

Test(text, traditional_names_fold_to_simplified_ones)
{
	struct str same = STR("张三abc");

	cr_assert(str_eq(text_fold_han(&a, STR("張國華 Ａ")), STR("张国华 Ａ")));
	cr_assert(str_eq(text_fold_han(&a, STR("陳麗")), STR("陈丽")));
	cr_assert_eq(text_fold_han(&a, same).p, same.p);
	cr_assert(text_is_han(0x5F20) && text_is_han(0x3007) && text_is_han(0x2A700));
	cr_assert_not(text_is_han('a') || text_is_han(0x3001));
}
