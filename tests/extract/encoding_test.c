#include <criterion/criterion.h>
#include <iconv.h>
#include <stdlib.h>

#include "extract/encoding.h"
#include "extract/gb18030.h"
#include "extract/utf8.h"

/* ---- GB18030 ---- */

static size_t by_iconv(iconv_t converter, const char *bytes, size_t n, char *out)
{
	char in[4], *from = in, *to = out;
	size_t left = n, room = 8;

	memcpy(in, bytes, n);
	iconv(converter, NULL, NULL, NULL, NULL);
	if (iconv(converter, &from, &left, &to, &room) == (size_t)-1 || left)
		return 0;
	return (size_t)(to - out);
}

static size_t by_ours(const char *bytes, size_t n, char *out)
{
	size_t bad, length = gb18030_decode((struct str){ bytes, n }, out, &bad);

	return bad == n ? length : 0;
}

Test(encoding, every_two_byte_sequence_of_gb18030_is_decoded_as_iconv_does)
{
	iconv_t converter = iconv_open("UTF-8", "GB18030");

	for (int a = 0x80; a <= 0xFF; a++)
		for (int b = 0; b <= 0xFF; b++) {
			char bytes[2] = { (char)a, (char)b }, theirs[8], ours[GB18030_ROOM(2)];
			size_t n = by_iconv(converter, bytes, 2, theirs);

			cr_expect_eq(by_ours(bytes, 2, ours), n, "%02X %02X", a, b);
			cr_expect_eq(memcmp(ours, theirs, n), 0, "%02X %02X", a, b);
		}
	iconv_close(converter);
}

Test(encoding, four_byte_sequences_are_those_of_iconv_and_the_18_that_others_still_write)
{
	iconv_t converter = iconv_open("UTF-8", "GB18030");
	size_t more = 0;

	for (int a = 0x81; a <= 0xFE; a++)
		for (int b = 0x30; b <= 0x39; b++)
			for (int c = 0x81; c <= 0xFE; c++)
				for (int d = 0x30; d <= 0x39; d++) {
					char bytes[4] = { (char)a, (char)b, (char)c, (char)d };
					char theirs[8], ours[GB18030_ROOM(4)];
					size_t n = by_iconv(converter, bytes, 4, theirs);
					size_t m = by_ours(bytes, 4, ours);

					if (n)
						cr_assert(m == n && memcmp(ours, theirs, n) == 0,
							  "%02X %02X %02X %02X", a, b, c, d);
					else
						more += m > 0;
				}
	/* 龴 to 龻 and ︐ to ︙, which have two-byte places in newer tables */
	cr_expect_leq(more, 18);
	iconv_close(converter);
}

Test(encoding, what_python_and_icu_write_for_a_moved_character_is_read)
{
	char out[GB18030_ROOM(4)];

	cr_expect_eq(by_ours("\x82\x35\x90\x37", 4, out), 3);
	cr_expect(memcmp(out, "\u9fb4", 3) == 0);
	cr_expect_eq(by_ours("\x84\x31\x82\x36", 4, out), 3);
	cr_expect(memcmp(out, "\ufe10", 3) == 0);
}

Test(encoding, decoding_stops_at_the_first_byte_that_begins_no_character)
{
	char out[100];
	size_t bad;

	gb18030_decode(STR("abc\xD5\xC5" "\x80x"), out, &bad);
	cr_expect_eq(bad, 5);
	gb18030_decode(STR("0123456789abcdef\xD5"), out, &bad);
	cr_expect_eq(bad, 16);
	gb18030_decode(STR("\x81\x30\x81"), out, &bad);
	cr_expect_eq(bad, 0);
	cr_expect_eq(gb18030_decode(STR("\xD5\xC5,1"), out, &bad), 5);
	cr_expect_eq(bad, 4);
}

/* ---- UTF-8 ---- */

/* By the definition: utf8_next gives U+FFFD for what is malformed. */
static size_t malformed_slowly(struct str s)
{
	for (size_t i = 0; i < s.n;) {
		size_t from = i;

		if (utf8_next(s, &i) == 0xFFFD && (i - from != 3 || memcmp(s.p + from, "\uFFFD", 3) != 0))
			return from;
	}
	return s.n;
}

Test(encoding, malformed_utf8_is_found_where_it_is_also_by_vectors)
{
	static const unsigned char bytes[] = { 0x80, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xED, 0xEF, 0xF0,
					       0xF4, 0xF5, 0xFF, 0xA0, 0x9F, 0x90, 0x8F, 'a', 0 };
	static const char *const characters[] = { "a", "é", "汉", "𠀀", "\uFFFD", "\u0800", "\U0010FFFF", "0123456789abcdef" };
	unsigned seed = 1;
	char text[800];

	for (int k = 0; k < 300000; k++) {
		size_t n = 0, size = (size_t)(rand_r(&seed) % 400);

		while (n < size) {
			const char *c = characters[rand_r(&seed) % 8];

			memcpy(text + n, c, strlen(c));
			n += strlen(c);
		}
		for (int m = rand_r(&seed) % 3; m > 0 && n; m--)
			text[(size_t)rand_r(&seed) % n] = (char)bytes[(size_t)rand_r(&seed) % sizeof(bytes)];
		cr_assert_eq(utf8_malformed((struct str){ text, n }), malformed_slowly((struct str){ text, n }),
			     "text %d", k);
	}
}

/* ---- which one it is ---- */

static void is_encoding(struct str bytes, const char *name, bool sound)
{
	bool found;
	enum encoding encoding = encoding_detect(bytes, NULL, &found);

	cr_expect(str_eq(encoding_name(encoding), str_of(name)), "%.*s, not %s",
		  STR_FMT(encoding_name(encoding)), name);
	cr_expect_eq(found, sound);
}

Test(encoding, most_lines_decide_and_a_bom_before_all)
{
	is_encoding(STR("a,b\n1,2\n"), "UTF-8", true);
	is_encoding(STR("姓名\n张三\n"), "UTF-8", true);
	is_encoding(STR("姓名\n张\xE4\n李四\n"), "UTF-8", false);
	is_encoding(STR("\xD0\xD5\xC3\xFB\n\xD5\xC5\xC8\xFD\n"), "GB18030", false);
	is_encoding(STR("\xD0\xD5\xC3\xFB\n\xFF\xFF\n\xD5\xC5\xC8\xFD\n"), "GB18030", false);
	is_encoding(STR("\xEF\xBB\xBF\xD0\xD5\n"), "UTF-8-BOM", false);
	is_encoding(STR("\xFF\xFE" "a\0"), "UTF-16LE", false);
	is_encoding(STR("\xFE\xFF\0a"), "UTF-16BE", false);
}

Test(encoding, a_part_of_utf16_knows_how_many_bytes_it_stood_for)
{
	/* a 张 U+20000, half a pair, an odd byte */
	struct str bytes = STR("a\0\x20\x5F\x40\xD8\x00\xDC\x40\xD8z");
	char *memory;
	struct str image = utf16_image(ENCODING_UTF16LE, bytes, &memory);

	cr_expect(str_eq(image, STR("a张𠀀\xED\xA1\x80\xFF")));
	cr_expect_eq(utf16_bytes(image), bytes.n);
	cr_expect_eq(utf16_bytes((struct str){ image.p, 4 }), 4);
	cr_expect_eq(utf16_bytes((struct str){ image.p, 8 }), 8);
	free(memory);
}
