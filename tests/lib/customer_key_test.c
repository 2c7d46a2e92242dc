#include <criterion/criterion.h>

#include "customer_key.h"
#include "scratch.h"

TestSuite(customer_key, .init = scratch_make, .fini = scratch_remove);

static struct arena a;

static struct str identity(const char *type, const char *number)
{
	return customer_identity(&a, str_of(type), str_of(number));
}

static bool same(struct str one, struct str other)
{
	return str_eq(one, other);
}

Test(customer_key, forms_of_one_document_are_one_identity)
{
	cr_expect(same(identity("uscc", "91110108MA01ABCD18"), identity("org_code", "MA01ABCD1")));
	cr_expect(same(identity("", "91110108MA01ABCD18"), identity("org_code", "MA01ABCD1")));
	cr_expect(same(identity("hk_macau_permit", "H1234567802"),
		       identity("hk_macau_permit", "H12345678")));
	cr_expect(same(identity("passport", "C17130597"), identity("", "C17130597")));
	cr_expect(same(identity("", "911124198108030024"),
		       identity("foreign_resident", "911124198108030024")),
		  "a foreigner's card begins like a USCC and is none");
	arena_release(&a);
}

Test(customer_key, different_numbers_are_different_and_none_is_nobody)
{
	cr_expect_not(same(identity("resident", "110101199003078515"),
			   identity("resident", "110101198505152321")));
	cr_expect_eq(identity("resident", "").n, 0);
	arena_release(&a);
}

/* HMAC-SHA-256 as `openssl dgst -sha256 -hmac SECRET` computes it. */
Test(customer_key, a_key_is_the_front_of_an_hmac)
{
	struct customer_key key = { .secret = STR_INIT("0123456789abcdef0123456789abcdef") };
	char id[CUSTOMER_ID_LENGTH];

	customer_id_make(&key, STR("number:110101199003078515"), id);
	cr_expect(str_eq((struct str){ id, sizeof(id) }, STR("1ca3ea3a690e114f01c229e8f53f05a2")), "%.*s", (int)sizeof(id), id);
}

Test(customer_key, a_key_that_cannot_be_read_is_a_mistake_in_the_rules)
{
	struct customer_key key;
	struct fault f = { 0 };

	scratch_put("customer_id.key", STR("\x1F\x8B"));
	cr_expect_not(customer_key_load(&key, scratch_dir, &f));
	cr_expect_eq(f.status, EXIT_USAGE);
	cr_expect(str_has(buf_view(&f.text), STR("customer_id.key")));
	customer_key_release(&key);
	fault_release(&f);
}

Test(customer_key, a_short_secret_is_refused)
{
	struct customer_key key;
	struct fault f = { 0 };

	scratch_put("customer_id.key", STR("short\n"));
	cr_expect_not(customer_key_load(&key, scratch_dir, &f));
	cr_expect_eq(f.status, EXIT_USAGE);
	cr_expect(str_has(buf_view(&f.text), STR("fewer than 32 characters")));
	customer_key_release(&key);
	fault_release(&f);
}
