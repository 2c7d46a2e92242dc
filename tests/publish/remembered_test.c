/* What is remembered of a store: where it is, and nothing that opens it. */
#include "stage.h"

#include <criterion/criterion.h>

static struct arena arena;

static void name_is(const char *url, const char *name)
{
	struct str got = publish_name(url, &arena);

	cr_assert(str_eq(got, str_of(name)), "%s is remembered as %.*s", url, STR_FMT(got));
}

Test(remembered, a_store_is_named_without_user_and_password)
{
	name_is("postgresql://ann:se%40cret@db.house:5433/cars?password=x&sslmode=require", "postgresql://db.house:5433/cars");
	name_is("postgres://db.house/cars", "postgresql://db.house/cars");
	name_is("postgresql://ann@/cars?host=/run/pg&user=bob&port=5433", "postgresql:///cars?host=/run/pg&port=5433");
	name_is("postgresql:///?service=yice", "postgresql:///?service=yice");
	arena_release(&arena);
}

Test(remembered, a_database_without_a_name_bears_that_of_its_user)
{
	name_is("postgresql://ann:secret@db.house", "postgresql://db.house/ann");
	name_is("postgresql://ann@db.house/?password=x", "postgresql://db.house/ann");
	name_is("postgresql://ann@db.house?dbname=cars&host=a@b", "postgresql://db.house?dbname=cars&host=a@b");
	arena_release(&arena);
}
