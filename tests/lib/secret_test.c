#include <criterion/criterion.h>

#include "secret.h"

static void is_masked(const char *text, const char *masked)
{
	struct arena a = { 0 };
	struct str s = secret_mask(&a, str_of(text));

	cr_expect(str_eq(s, str_of(masked)), "%.*s", STR_FMT(s));
	arena_release(&a);
}

Test(secret, a_password_in_a_url_is_not_shown)
{
	is_masked("cannot connect to postgresql://yice:s3cret@db/master", "cannot connect to postgresql://yice:***@db/master");
	is_masked("postgresql://yice:a:b@c@db", "postgresql://yice:***@db");
	is_masked("postgresql://yice:a/b#c?d@db/x", "postgresql://yice:***@db/x");
	is_masked("postgresql://db/x?user=u&password=s3cret&sslmode=require",
		  "postgresql://db/x?user=u&password=***&sslmode=require");
	is_masked("host=db password=s3cret user=u", "host=db password=*** user=u");
}

Test(secret, what_holds_none_is_left_as_it_is)
{
	is_masked("postgresql://yice@db:5432/master", "postgresql://yice@db:5432/master");
	is_masked("http://a:80/b@c", "http://a:80/b@c");
	is_masked("", "");
}

Test(secret, an_argument_loses_its_password_and_keeps_its_length)
{
	char text[] = "postgresql://u:pw@h";

	secret_blank(text);
	cr_expect_str_eq(text, "postgresql://u:**@h");
}
