#include <criterion/criterion.h>

#include "digest.h"

static void is_hex(const unsigned char *bytes, const char *expected)
{
	char hex[65] = "";

	hex_of(bytes, 32, hex);
	cr_assert_str_eq(hex, expected);
}

Test(digest, sha256_of_the_examples_in_fips_180)
{
	unsigned char out[32];

	sha256(STR("abc"), out);
	is_hex(out, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	sha256(STR(""), out);
	is_hex(out, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

Test(digest, hmac_of_the_examples_in_rfc_4231)
{
	unsigned char out[32];
	char key[131];

	hmac_sha256(STR("Jefe"), STR("what do ya want for nothing?"), out);
	is_hex(out, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
	memset(key, 0xaa, sizeof(key));
	hmac_sha256((struct str){ key, sizeof(key) },
		    STR("Test Using Larger Than Block-Size Key - Hash Key First"), out);
	is_hex(out, "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

Test(digest, equal_bytes_have_equal_hashes)
{
	struct hash128 a = hash128(STR("a")), b = hash128(STR("b"));

	cr_assert(hash64(STR("a")) == hash64(STR("a")) && hash64(STR("a")) != hash64(STR("b")));
	cr_assert(a.lo != b.lo && a.hi != b.hi);
}

Test(digest, hash_of_pieces_is_that_of_the_whole)
{
	char text[5000];
	struct hash128 whole, pieces;

	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (char)(i * 7);
	for (size_t n = 0; n <= sizeof(text); n += 500)
		for (size_t step = 1; step <= 512; step *= 8) {
			struct hash128_pieces *p = hash128_begin();

			for (size_t i = 0; i < n; i += step)
				hash128_add(p, text + i, n - i < step ? n - i : step);
			whole = hash128((struct str){ text, n });
			pieces = hash128_end(p);
			cr_assert(whole.lo == pieces.lo && whole.hi == pieces.hi, "%zu bytes in steps of %zu", n, step);
		}
}
