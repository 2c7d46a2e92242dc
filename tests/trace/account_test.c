/* One account, told to people and to programs. */
#include "trace/account.h"

#include <criterion/criterion.h>

static struct account account;

static const char *told(bool json)
{
	account_begin(&account, json);
	account_value(&account, "customer", STR("王\"小明\""));
	account_open_list(&account, "faults");
	account_close(&account);
	account_open_list(&account, "records");
	account_open(&account, NULL);
	account_line(&account, "- a:2");
	account_value(&account, "source", STR("dms"));
	account_close(&account);
	account_close(&account);
	account_end(&account);
	buf_char(&account.out, '\0');
	return account.out.p;
}

static void tear_down(void)
{
	buf_release(&account.out);
}

TestSuite(account, .fini = tear_down);

Test(account, people_read_indented_lines_and_no_empty_lists)
{
	cr_assert_str_eq(told(false), "customer: 王\"小明\"\nrecords\n  - a:2\n    source: dms\n");
}

Test(account, programs_read_the_same_as_json)
{
	cr_assert_str_eq(told(true), "{\n  \"customer\": \"王\\\"小明\\\"\",\n  \"faults\": [],\n"
				     "  \"records\": [\n    {\n      \"source\": \"dms\"\n    }\n  ]\n}\n");
}
