#include "biff.h"

#include "bytes.h"
#include "encoding.h"

enum { CONTINUE = 0x3C, SMALLEST_TEXT = 3 };

bool biff_next(const struct biff *biff, size_t at, struct biff_record *r)
{
	if (at + 4 > biff->stream.n)
		return false;
	r->type = u16_at(biff->stream.p + at);
	r->data = (struct str){ biff->stream.p + at + 4, u16_at(biff->stream.p + at + 2) };
	r->next = at + 4 + r->data.n;
	return r->next <= biff->stream.n;
}

/* ---- a record and those that continue it, byte by byte ---- */

struct reader {
	const struct biff *biff;
	struct str left; /* of the record at hand */
	size_t next; /* the record behind it */
	bool bad;
};

static bool go_on(struct reader *r)
{
	struct biff_record record;

	while (!r->left.n && !r->bad) {
		r->bad = !biff_next(r->biff, r->next, &record) || record.type != CONTINUE;
		if (!r->bad) {
			r->left = record.data;
			r->next = record.next;
		}
	}
	return !r->bad;
}

static unsigned get_byte(struct reader *r)
{
	unsigned char c;

	if (!go_on(r))
		return 0;
	c = (unsigned char)r->left.p[0];
	r->left = (struct str){ r->left.p + 1, r->left.n - 1 };
	return c;
}

static unsigned get_u16(struct reader *r)
{
	unsigned low = get_byte(r);

	return low | get_byte(r) << 8;
}

static uint32_t get_u32(struct reader *r)
{
	uint32_t low = get_u16(r);

	return low | (uint32_t)get_u16(r) << 16;
}

static void skip(struct reader *r, uint64_t n)
{
	while (n && go_on(r)) {
		size_t step = n < r->left.n ? (size_t)n : r->left.n;

		r->left = (struct str){ r->left.p + step, r->left.n - step };
		n -= step;
	}
}

static void put_unit(struct buf *b, uint32_t *high, uint32_t unit)
{
	if (*high && unit >= 0xDC00 && unit <= 0xDFFF)
		unit = 0x10000 + ((*high - 0xD800) << 10) + (unit - 0xDC00);
	else if (*high || (unit >= 0xDC00 && unit <= 0xDFFF))
		buf_utf8(b, 0xFFFD);
	*high = unit >= 0xD800 && unit <= 0xDBFF ? unit : 0;
	if (!*high && !(unit >= 0xDC00 && unit <= 0xDFFF))
		buf_utf8(b, unit);
}

/* Two bytes for a character, or one where all are below U+0100; in each record anew. */
static void get_characters(struct reader *r, unsigned n, bool wide, struct buf *b)
{
	uint32_t high = 0;

	for (; n > 0 && !r->bad; n--) {
		if (!r->left.n && go_on(r))
			wide = get_byte(r) & 1;
		put_unit(b, &high, wide ? get_u16(r) : get_byte(r));
	}
}

static struct str keep(struct buf *b, struct arena *a)
{
	struct str kept = str_keep(a, buf_view(b));

	buf_release(b);
	return kept;
}

/* A text of BIFF8 whose length was read: flags, then characters, then what is no text. */
static struct str get_text(struct reader *r, unsigned n, struct arena *a)
{
	unsigned flags = get_byte(r), runs = flags & 8 ? get_u16(r) : 0;
	uint32_t extension = flags & 4 ? get_u32(r) : 0;
	struct buf b = { 0 };

	get_characters(r, n, flags & 1, &b);
	skip(r, 4 * (uint64_t)runs);
	skip(r, extension);
	return keep(&b, a);
}

/* Before BIFF8 texts are bytes of the writer's code page: in China that is GBK. */
static struct str get_old_text(struct reader *r, unsigned n, struct arena *a)
{
	struct str bytes = { r->left.p, n < r->left.n ? n : r->left.n }, text;
	struct buf b = { 0 };
	size_t bad;

	skip(r, bytes.n);
	if (encoding_decode(ENCODING_GB18030, bytes, a, &text, &bad))
		return str_keep(a, text);
	for (size_t i = 0; i < bytes.n; i++)
		buf_utf8(&b, (unsigned char)bytes.p[i]);
	return keep(&b, a);
}

struct str biff_text(const struct biff *biff, const struct biff_record *record, size_t at,
		     int length_bytes, struct arena *a)
{
	struct reader r = { .biff = biff, .next = record->next };
	unsigned n;

	if (at > record->data.n)
		return STR("");
	r.left = (struct str){ record->data.p + at, record->data.n - at };
	n = length_bytes == 1 ? get_byte(&r) : get_u16(&r);
	return biff->version >= BIFF8 ? get_text(&r, n, a) : get_old_text(&r, n, a);
}

/* How many there are is what the record says, but no more than it has bytes for. */
struct str *biff_shared_texts(const struct biff *biff, const struct biff_record *record, size_t *n,
			      struct arena *a)
{
	struct reader r = { .biff = biff, .left = record->data, .next = record->next };
	struct str *texts;
	uint32_t count;

	skip(&r, 4);
	count = get_u32(&r);
	if (count > biff->stream.n / SMALLEST_TEXT)
		count = (uint32_t)(biff->stream.n / SMALLEST_TEXT);
	texts = arena_alloc(a, (count + 1) * sizeof(*texts));
	for (*n = 0; *n < count && !r.bad; ++*n) {
		unsigned length = get_u16(&r);

		texts[*n] = get_text(&r, length, a);
	}
	return texts;
}
