/* Numbers and phones of people who asked to be forgotten, in the bytes of a row. */
#include "forgotten.h"

#include <criterion/criterion.h>

static void becomes(const char *row, size_t n, const char *after)
{
	char bytes[64];

	memcpy(bytes, row, n);
	cr_assert(forgotten_holds((struct str){ bytes, n }, STR("13977778888")));
	cr_assert_eq(forgotten_overwrite_phone(bytes, n, STR("13977778888")), 1);
	cr_assert_eq(memcmp(bytes, after, n), 0, "'%.*s'", (int)n, bytes);
}

#define BECOMES(row, after) becomes(row, sizeof(row) - 1, after)

Test(forgotten, a_phone_goes_with_the_country_before_it)
{
	BECOMES("a,139-7777 8888,b", "a,             ,b");
	BECOMES("a,+86 139 7777 8888,b", "a,                 ,b");
	BECOMES("a,008613977778888,b", "a,               ,b");
	BECOMES("a,1986 13977778888,b", "a,1986            ,b");
}

Test(forgotten, a_phone_of_full_width_goes_in_each_encoding)
{
	BECOMES("a１３９－７７７７　８８８８b", "a                                       b");
	BECOMES("\xA3\xB1\xA3\xB3\xA3\xB9\xA3\xB7\xA3\xB7\xA3\xB7\xA3\xB7\xA3\xB8\xA3\xB8\xA3\xB8\xA3\xB8", "                      ");
	BECOMES("\x11\xFF\x13\xFF\x19\xFF\x17\xFF\x17\xFF\x17\xFF\x17\xFF\x18\xFF\x18\xFF\x18\xFF\x18\xFF",
		" \0 \0 \0 \0 \0 \0 \0 \0 \0 \0 \0");
}

Test(forgotten, another_phone_stays)
{
	cr_assert_not(forgotten_holds(STR("13977778889 139,77778888"), STR("13977778888")));
}

static void finds(const char *row, size_t n, size_t numbers)
{
	static const char secret[] = "0123456789abcdef0123456789abcdef";
	struct forgotten fg = { .key.secret = str_of(secret) };
	struct arena a = { 0 };
	struct map known = { 0 };
	struct rowset table;
	struct str found[4];

	rowset_init(&table, &table_forgotten);
	forgotten_add_number(&fg.key, STR("110101199003078670"), STR("2026-03-01"), &table, &known, &a);
	forgotten_add_number(&fg.key, STR("11010119900307867X"), STR("2026-03-01"), &table, &known, &a);
	for (size_t i = 0; i < table.n; i++)
		map_put(&fg.hashes, rowset_value(&table, i, FOR_HASH), i, NULL);
	cr_expect_eq(forgotten_find(&fg, (struct str){ row, n }, found, 4, &a), numbers, "'%.*s'", (int)n, row);
	map_release(&fg.hashes);
	map_release(&known);
	rowset_release(&table);
	arena_release(&a);
}

#define FINDS(row, numbers) finds(row, sizeof(row) - 1, numbers)

Test(forgotten, a_number_is_found_however_it_is_parted)
{
	FINDS("a,110101199003078670,b", 1);
	FINDS("a 110101-19900307-8670 b", 1);
	FINDS("110101/19900307.867x", 1);
	FINDS("110101—19900307 867X,110101199003078670", 2);
	FINDS("13912340077 110101199003078670", 1);
}

Test(forgotten, a_number_is_found_in_full_width_in_each_encoding)
{
	FINDS("１１０１０１ 19900307８６７０", 1);
	FINDS("\xA3\xB1\xA3\xB1" "0101199003078670", 1);
	FINDS("\x11\xFF\x11\xFF" "0\0" "1\0" "0\0" "1\0" "1\0" "9\0" "9\0" "0\0" "0\0" "3\0" "0\0" "7\0" "8\0" "6\0" "7\0" "0\0", 1);
	FINDS("\xFF\x11\xFF\x11" "\0" "0\0" "1\0" "0\0" "1\0" "1\0" "9\0" "9\0" "0\0" "0\0" "3\0" "0\0" "7\0" "8\0" "6\0" "7\0" "0", 1);
}

Test(forgotten, a_part_of_another_number_is_none)
{
	FINDS("1110101199003078670", 0);
	FINDS("1101011990030786701", 0);
	FINDS("110101199003078670１", 0);
	FINDS("110101,199003078670", 0);
}
