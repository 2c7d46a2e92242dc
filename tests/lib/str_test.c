#include <criterion/criterion.h>

#include "str.h"

static void cut_is(const char *text, const char *joined)
{
	struct str rest = str_of(text), piece;
	char out[64] = "";
	size_t n = 0;

	while (str_cut(&rest, ',', &piece)) {
		memcpy(out + n, piece.p, piece.n);
		n += piece.n;
		out[n++] = '|';
	}
	cr_assert_eq(n, strlen(joined), "%s -> %.*s", text, (int)n, out);
	cr_assert_eq(memcmp(out, joined, n), 0, "%s -> %.*s", text, (int)n, out);
}

Test(str, a_piece_of_a_list_is_found_whole)
{
	cr_assert(str_is_one_of(STR("b"), STR("a|b|c"), '|'));
	cr_assert(str_is_one_of(STR("c"), STR("a|b|c"), '|'));
	cr_assert(str_is_one_of(STR(""), STR("a||c"), '|'));
	cr_assert_not(str_is_one_of(STR("b"), STR("a|bb|c"), '|'));
	cr_assert_not(str_is_one_of(STR(""), STR(""), '|'));
}

Test(str, cut_gives_each_piece_also_the_empty_ones)
{
	cut_is("a,,b", "a||b|");
	cut_is("a,", "a||");
	cut_is(",", "||");
	cut_is("a", "a|");
	cut_is("", "");
}

Test(str, what_is_left_after_a_cut_can_be_used_as_a_value)
{
	struct str rest = STR("key="), key;

	cr_assert(str_cut(&rest, '=', &key));
	cr_assert(str_eq(key, STR("key")));
	cr_assert(str_eq(rest, STR("")));
}

Test(str, order_is_by_bytes_and_the_shorter_comes_first)
{
	cr_assert_lt(str_cmp(STR("a"), STR("ab")), 0);
	cr_assert_lt(str_cmp(STR("ab"), STR("b")), 0);
	cr_assert_lt(str_cmp(STR("z"), STR("\xe5\xbc\xa0")), 0);
	cr_assert_eq(str_cmp(STR(""), (struct str){ NULL, 0 }), 0);
}

Test(str, numbers_are_taken_whole_or_not_at_all)
{
	uint64_t u;
	int64_t i;
	double d;

	cr_assert(str_u64(STR("18446744073709551615"), &u) && u == UINT64_MAX);
	cr_assert_not(str_u64(STR("18446744073709551616"), &u));
	cr_assert_not(str_u64(STR("12 "), &u));
	cr_assert_not(str_u64(STR(""), &u));
	cr_assert(str_i64(STR("-9223372036854775808"), &i) && i == INT64_MIN);
	cr_assert_not(str_i64(STR("9223372036854775808"), &i));
	cr_assert_not(str_i64(STR("-"), &i));
	cr_assert(str_double(STR("-123456.78"), &d) && d == -123456.78);
	cr_assert(str_double(STR("+0.1"), &d) && d == 0.1);
	cr_assert_not(str_double(STR("1."), &d));
	cr_assert_not(str_double(STR("1e5"), &d));
	cr_assert_not(str_double(STR("."), &d));
}

Test(str, parts_are_found)
{
	cr_assert_eq(str_find(STR("abcabc"), STR("ca")), 2);
	cr_assert_eq(str_find(STR("abc"), STR("x")), -1);
	cr_assert(str_starts(STR("abc"), STR("ab")) && str_ends(STR("abc"), STR("bc")));
	cr_assert_not(str_starts(STR("a"), STR("ab")));
	cr_assert(str_eq(str_trim(STR(" \t a b\r\n")), STR("a b")));
}

Test(str, every_code_point_survives_utf8)
{
	for (uint32_t c = 0; c <= 0x10FFFF; c++) {
		char bytes[4];
		size_t n = utf8_put(c, bytes), i = 0;
		uint32_t back = utf8_next((struct str){ bytes, n }, &i);

		cr_assert_eq(back, c >= 0xD800 && c <= 0xDFFF ? 0xFFFD : c, "%x", c);
		cr_assert_eq(i, n);
	}
}

Test(str, malformed_utf8_moves_on_by_one_byte)
{
	const char *bad[] = { "\x80", "\xC0\x80", "\xE0\x80\x80", "\xED\xA0\x80",
			      "\xF4\x90\x80\x80", "\xE5\xBC", "\xFF" };

	for (size_t k = 0; k < sizeof(bad) / sizeof(*bad); k++) {
		size_t i = 0;

		cr_assert_eq(utf8_next(str_of(bad[k]), &i), 0xFFFD, "case %zu", k);
		cr_assert_eq(i, 1, "case %zu", k);
	}
	cr_assert_eq(utf8_count(STR("\xE5\xBC\xA0" "a\x80")), 3);
}
