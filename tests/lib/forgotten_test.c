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
