#include "encoding.h"

#include "gb18030.h"
#include "utf8.h"

#include <stdlib.h>

enum { STRIDE = 16 << 20, LONGEST_LINE = 1 << 20 /* more of one is not looked at */ };

static const struct {
	struct str name, bom;
} encodings[ENCODING_COUNT] = {
	[ENCODING_UTF8] = { STR_INIT("UTF-8"), STR_INIT("") },
	[ENCODING_UTF8_BOM] = { STR_INIT("UTF-8-BOM"), STR_INIT("\xEF\xBB\xBF") },
	[ENCODING_GB18030] = { STR_INIT("GB18030"), STR_INIT("") },
	[ENCODING_UTF16LE] = { STR_INIT("UTF-16LE"), STR_INIT("\xFF\xFE") },
	[ENCODING_UTF16BE] = { STR_INIT("UTF-16BE"), STR_INIT("\xFE\xFF") },
	[ENCODING_XLSX] = { STR_INIT("XLSX"), STR_INIT("") },
	[ENCODING_XLS] = { STR_INIT("XLS"), STR_INIT("") },
	[ENCODING_HTML] = { STR_INIT("HTML"), STR_INIT("") },
};

struct str encoding_name(enum encoding encoding)
{
	return encodings[encoding].name;
}

struct str encoding_bom(enum encoding encoding)
{
	return encodings[encoding].bom;
}

bool encoding_find(struct str name, enum encoding *encoding)
{
	for (enum encoding e = 0; e < ENCODING_COUNT; e++)
		if (str_eq(name, encodings[e].name)) {
			*encoding = e;
			return true;
		}
	return false;
}

/* ---- which one ---- */

static size_t line_length(struct str s)
{
	const char *end = infile_find(s.p, s.n, '\n');

	return end ? (size_t)(end + 1 - s.p) : s.n;
}

/* Looked through in strides, so that a large file is never in memory as a whole. */
static bool is_sound(struct str bytes, const struct infile *file)
{
	for (size_t at = 0; at < bytes.n;) {
		size_t n = bytes.n - at < STRIDE ? bytes.n - at : STRIDE;
		size_t sound = utf8_malformed((struct str){ bytes.p + at, n });

		/* The last character of a stride may be cut. */
		if (sound < n && (at + n == bytes.n || n - sound > 3))
			return false;
		if (file)
			infile_passed(file, at, at + sound);
		at += sound;
	}
	return true;
}

/* The lines are weighed, not the bytes: one long garbled text is one faulty row. */
static bool mostly_utf8(struct str bytes, const struct infile *file)
{
	size_t good = 0, bad = 0, passed = 0;

	for (size_t at = 0; at < bytes.n;) {
		struct str line = { bytes.p + at, bytes.n - at };

		line.n = line_length(line);
		at += line.n;
		if (line.n > LONGEST_LINE)
			line.n = LONGEST_LINE;
		if (utf8_non_ascii(line) < line.n)
			*(utf8_malformed(line) == line.n ? &good : &bad) += 1;
		if (file && at - passed >= STRIDE) {
			infile_passed(file, passed, at);
			passed = at;
		}
	}
	return good >= bad;
}

enum encoding encoding_detect(struct str bytes, const struct infile *file, bool *sound)
{
	static const enum encoding marked[] = { ENCODING_UTF8_BOM, ENCODING_UTF16LE,
						ENCODING_UTF16BE };

	*sound = is_sound(bytes, file);
	for (size_t i = 0; i < sizeof(marked) / sizeof(*marked); i++)
		if (str_starts(bytes, encodings[marked[i]].bom))
			return marked[i];
	return *sound || mostly_utf8(bytes, file) ? ENCODING_UTF8 : ENCODING_GB18030;
}

/* ---- UTF-16 ---- */

static uint32_t unit_at(enum encoding encoding, struct str s, size_t i)
{
	unsigned char a = (unsigned char)s.p[i], b = (unsigned char)s.p[i + 1];

	return encoding == ENCODING_UTF16LE ? (uint32_t)(b << 8 | a) : (uint32_t)(a << 8 | b);
}

static bool is_high(uint32_t unit)
{
	return unit >= 0xD800 && unit <= 0xDBFF;
}

static bool is_low(uint32_t unit)
{
	return unit >= 0xDC00 && unit <= 0xDFFF;
}

/* As utf8_put, for the halves of pairs too. */
static size_t put_unit(uint32_t c, char out[4])
{
	if (!is_high(c) && !is_low(c))
		return utf8_put(c, out);
	out[0] = (char)(0xE0 | c >> 12);
	out[1] = (char)(0x80 | (c >> 6 & 0x3F));
	out[2] = (char)(0x80 | (c & 0x3F));
	return 3;
}

struct str utf16_image(enum encoding encoding, struct str bytes, char **memory)
{
	char *out = *memory = xmalloc(bytes.n / 2 * 3 + 4);
	size_t n = 0, i = 0;

	while (i + 2 <= bytes.n) {
		uint32_t c = unit_at(encoding, bytes, i);

		i += 2;
		if (is_high(c) && i + 2 <= bytes.n && is_low(unit_at(encoding, bytes, i))) {
			c = 0x10000 + ((c - 0xD800) << 10) + (unit_at(encoding, bytes, i) - 0xDC00);
			i += 2;
		}
		n += put_unit(c, out + n);
	}
	if (i < bytes.n)
		out[n++] = (char)0xFF;
	return (struct str){ out, n };
}

size_t utf16_bytes(struct str image)
{
	size_t bytes = 0;

	for (size_t i = 0; i < image.n; i++) {
		unsigned char c = (unsigned char)image.p[i];

		if (c == 0xFF)
			bytes += 1;
		else if ((c & 0xC0) != 0x80)
			bytes += c >= 0xF0 ? 4 : 2;
	}
	return bytes;
}

/* Offset in UTF-16 of an offset in its image. */
static size_t utf16_offset(struct str image, size_t offset)
{
	return utf16_bytes((struct str){ image.p, offset });
}

/* ---- to text ---- */

static struct str without_nul(struct str s, struct arena *a)
{
	char *out;
	size_t n = 0;

	if (!s.n || !memchr(s.p, 0, s.n))
		return s;
	out = arena_alloc(a, s.n);
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i])
			out[n++] = s.p[i];
	return (struct str){ out, n };
}

/* Where in `s` the byte stands that is number `offset` among those that are not NUL. */
static size_t offset_with_nul(struct str s, size_t offset)
{
	size_t i = 0;

	for (size_t seen = 0; i < s.n; i++)
		if (s.p[i] && seen++ == offset)
			break;
	return i;
}

static bool decode_gb18030(struct str bytes, struct arena *a, struct str *text, size_t *bad)
{
	char *out;

	*text = bytes;
	*bad = utf8_non_ascii(bytes);
	if (*bad == bytes.n)
		return true;
	out = arena_alloc(a, GB18030_ROOM(bytes.n));
	*text = (struct str){ out, gb18030_decode(bytes, out, bad) };
	return *bad == bytes.n;
}

static bool decode_utf8(struct str bytes, struct str *text, size_t *bad)
{
	*text = bytes;
	*bad = utf8_malformed(bytes);
	return *bad == bytes.n;
}

static bool decode_utf16(enum encoding encoding, struct str bytes, struct arena *a,
			 struct str *text, size_t *bad)
{
	char *memory;
	struct str image = utf16_image(encoding, bytes, &memory);
	bool ok = decode_utf8(without_nul(image, a), text, bad);

	if (!ok)
		*bad = utf16_offset(image, offset_with_nul(image, *bad));
	*text = str_keep(a, *text);
	free(memory);
	return ok;
}

bool encoding_decode(enum encoding encoding, struct str bytes, struct arena *a, struct str *text,
		     size_t *bad)
{
	struct str plain;
	bool ok;

	if (encoding_is_utf16(encoding))
		return decode_utf16(encoding, bytes, a, text, bad);
	plain = without_nul(bytes, a);
	ok = encoding == ENCODING_GB18030 ? decode_gb18030(plain, a, text, bad) :
					    decode_utf8(plain, text, bad);
	if (!ok && plain.p != bytes.p)
		*bad = offset_with_nul(bytes, *bad);
	return ok;
}
