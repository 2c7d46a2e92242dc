/*
 * Text that went through a wrong code page. What was replaced (U+FFFD, 锟斤拷, question marks)
 * is lost. What was only misread comes back when the bytes are read as what they were, and
 * is put right where the whole value makes that journey without loss.
 */
#include "plain_value.h"
#include "tables.h"
#include "text.h"

#include <iconv.h>

enum { GARBLED_MAX = 4096 };

/* UTF-8 read as GBK starts with a character whose code is E4..E9 80..BF, the first two bytes
 * of an ideograph in UTF-8. There are 384 of them, rare ones. */
void garbled_index(struct reference *ref)
{
	iconv_t convert = iconv_open("UTF-16LE", "GB18030");

	if (convert == (iconv_t)-1)
		return;
	for (unsigned lead = 0xE4; lead <= 0xE9; lead++) {
		for (unsigned trail = 0x80; trail <= 0xBF; trail++) {
			char in[2] = {(char)lead, (char)trail}, *from = in;
			unsigned char wide[4] = {0};
			char *to = (char *)wide;
			size_t n = 2, room = 4;
			unsigned c;

			if (iconv(convert, &from, &n, &to, &room) == (size_t)-1)
				continue;
			c = wide[0] | (unsigned)wide[1] << 8;
			charset_add(&ref->misread, c);
		}
	}
	iconv_close(convert);
}

/* All of s or nothing. */
static bool recode(const char *to, const char *from, struct str s, struct arena *a, struct str *out)
{
	iconv_t convert = iconv_open(to, from);
	char *in = (char *)(uintptr_t)s.p, *p = arena_alloc(a, s.n * 4 + 4), *at = p;
	size_t n = s.n, room = s.n * 4 + 4;
	bool ok;

	if (convert == (iconv_t)-1)
		return false;
	ok = iconv(convert, &in, &n, &at, &room) != (size_t)-1 && n == 0;
	iconv_close(convert);
	*out = str_span(p, at);
	return ok;
}

/* How many ideographs, and how many of them are common: GB 2312 level 1, B0A1..D7F9. */
static bool ideographs(struct str s, struct arena *a, size_t *han, size_t *common)
{
	struct str gb;

	*han = *common = 0;
	for (size_t i = 0; i < s.n;) {
		uint32_t c = utf8_next(s, &i);

		if (text_is_han(c))
			++*han;
		else if (c >= 0x80 && !(c >= 0x3000 && c < 0x3020) && c < 0xFF00 && c != 0xB7)
			return false;
	}
	if (!recode("GB18030", "UTF-8", s, a, &gb))
		return false;
	for (size_t i = 0; i + 1 < gb.n; i++) {
		uint8_t lead = (uint8_t)gb.p[i];

		if (lead < 0x80)
			continue;
		*common += lead >= 0xB0 && lead <= 0xD7;
		i++;
	}
	return true;
}

static bool misread_lead(const struct reference *ref, struct str s)
{
	for (size_t i = 0; i < s.n;) {
		uint32_t c = utf8_next(s, &i);

		if (c >= 0x80)
			return c < 0x10000 && charset_has(&ref->misread, c);
	}
	return false;
}

static struct str head_of_utf8(struct str s)
{
	while (s.n && !text_is_utf8(s))
		s.n--;
	return s;
}

/* 濮撳悕 -> 姓名. A last ideograph cut in half leaves the head readable: told, not repaired. */
static bool utf8_as_gbk(struct str s, struct arena *a, struct verdict *v)
{
	size_t han, common;
	struct str bytes, head;

	if (!recode("GB18030", "UTF-8", s, a, &bytes))
		return false;
	head = head_of_utf8(bytes);
	if (!ideographs(head, a, &han, &common) || han < 2 || common * 2 < han ||
	    bytes.n - head.n > 3)
		return false;
	if (head.n < bytes.n) {
		verdict_add(v, REASON_text_mojibake, FINDING_WRONG, STR(""));
		return true;
	}
	v->value = bytes;
	verdict_add(v, REASON_text_repaired, FINDING_FIXED, s);
	return true;
}

/* The byte that Windows code page 1252 shows as this character; -1: none. */
static int byte_1252(uint32_t c)
{
	static const uint16_t high[32] = {
		0x20AC, 0x81,	0x201A, 0x192,	0x201E, 0x2026, 0x2020, 0x2021,
		0x2C6,	0x2030, 0x160,	0x2039, 0x152,	0x8D,	0x17D,	0x8F,
		0x90,	0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
		0x2DC,	0x2122, 0x161,	0x203A, 0x153,	0x9D,	0x17E,	0x178,
	};

	if (c < 0x100)
		return (int)c;
	for (int i = 0; i < 32; i++)
		if (high[i] == c)
			return 0x80 + i;
	return -1;
}

/* ÐÕÃû -> 姓名 (GBK read as Latin-1), å§“å -> 姓名 (UTF-8 read as Windows-1252). */
static bool bytes_as_latin(struct str s, struct arena *a, struct verdict *v)
{
	char *p = arena_alloc(a, s.n + 1);
	size_t n = 0, high = 0, han, common;
	struct str bytes, text;

	for (size_t i = 0; i < s.n;) {
		int byte = byte_1252(utf8_next(s, &i));

		if (byte < 0)
			return false;
		high += byte >= 0x80;
		p[n++] = (char)byte;
	}
	bytes = (struct str){p, n};
	if (high < 3)
		return false;
	text = bytes;
	if (head_of_utf8(bytes).n < n && ideographs(head_of_utf8(bytes), a, &han, &common) && han &&
	    n - head_of_utf8(bytes).n < 3) {
		verdict_add(v, REASON_text_mojibake, FINDING_WRONG, STR(""));
		return true;
	}
	if (!text_is_utf8(bytes)) {
		for (size_t i = 0; i < n; i++)
			if ((uint8_t)p[i] >= 0x80 && (uint8_t)p[i] < 0xA1)
				return false;
		if (!recode("UTF-8", "GB18030", bytes, a, &text))
			return false;
	}
	if (!ideographs(text, a, &han, &common) || !han || common * 2 < han)
		return false;
	v->value = text;
	verdict_add(v, REASON_text_repaired, FINDING_FIXED, s);
	return true;
}

/* The marks of lost text, all of three bytes: U+FFFD; 锟 (two U+FFFD read as GBK are 锟斤拷);
 * 烫, 屯 and 葺, what unused memory looks like as GBK, three in a row. */
static struct str lost_mark(struct str s)
{
	for (size_t i = 0; i + 3 <= s.n; i++) {
		struct str at = str_span(s.p + i, s.p + s.n);

		if ((uint8_t)s.p[i] < 0xE0)
			continue;
		if (memcmp(at.p, "\uFFFD", 3) == 0)
			return (struct str){at.p, 3};
		if (str_starts(at, STR("锟斤")))
			return (struct str){at.p, 6};
		if (at.n >= 9 && memcmp(at.p, at.p + 3, 6) == 0 &&
		    (str_starts(at, STR("烫")) || str_starts(at, STR("屯")) ||
		     str_starts(at, STR("葺"))))
			return (struct str){at.p, 9};
		i += 2;
	}
	return STR("");
}

static bool is_question_mark(uint32_t c)
{
	return c == '?' || c == 0xFF1F;
}

/* Two or more in a row that no sentence ends with. In prose people do write ?? within. */
static bool question_marks(struct str s, bool prose)
{
	size_t run = 0, other = 0;

	for (size_t i = 0; i < s.n;) {
		uint32_t c = utf8_next(s, &i);

		if (is_question_mark(c)) {
			run++;
			continue;
		}
		if (run >= 2 && !prose && c != ' ')
			return true;
		run = 0;
		other += c != ' ' && !(c >= '0' && c <= '9');
	}
	return run >= 2 && !other;
}

static bool has_question_mark(struct str s)
{
	return s.n && (memchr(s.p, '?', s.n) || str_has(s, STR("？")));
}

static bool all_ascii(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((uint8_t)s.p[i] >= 0x80)
			return false;
	return true;
}

void text_check(const struct reference *ref, bool prose, struct str raw, struct arena *a,
		struct verdict *out)
{
	struct str lost;

	verdict_start(out, raw);
	if (has_question_mark(raw) && question_marks(raw, prose)) {
		verdict_add(out, REASON_text_question_marks, FINDING_WRONG, STR("?"));
		return;
	}
	if (all_ascii(raw))
		return;
	lost = lost_mark(raw);
	if (lost.n) {
		verdict_add(out, REASON_text_replacement, FINDING_WRONG, lost);
		return;
	}
	if (raw.n > GARBLED_MAX)
		return;
	if (misread_lead(ref, raw) && utf8_as_gbk(raw, a, out))
		return;
	bytes_as_latin(raw, a, out);
}
