#include <criterion/criterion.h>

#include "dealer_folder.h"

static const char *folder(const char *dealer_code, const char *sender)
{
	static char name[256];
	struct str at = dealer_folder(str_of(dealer_code), str_of(sender));

	memcpy(name, at.p, at.n);
	name[at.n] = '\0';
	return name;
}

Test(dealer_folder, is_the_records_dealer_else_who_sent_it)
{
	cr_assert_str_eq(folder("D001", "hq"), "D001");
	cr_assert_str_eq(folder("D001", "D002"), "D001");
	cr_assert_str_eq(folder("", "D002"), "D002");
	cr_assert_str_eq(folder("", "hq"), "hq");
	cr_assert_str_eq(folder("", ""), "hq");
}

Test(dealer_folder, is_that_of_headquarters_where_no_file_could_have_such_a_sender)
{
	static const char *const codes[] = { "上海01", "A/B", "../x", ".", "D 1", "SH_01", "-rf" };
	static char long_code[66];

	memset(long_code, 'D', sizeof(long_code) - 1);
	cr_assert_str_eq(folder(long_code, "D001"), "hq");
	cr_assert_str_eq(folder(long_code + 1, "D001"), long_code + 1);
	for (size_t i = 0; i < sizeof(codes) / sizeof(*codes); i++)
		cr_expect_str_eq(folder(codes[i], "D001"), "hq", "%s", codes[i]);
	cr_assert_str_eq(folder("SH-01", ""), "SH-01");
}
