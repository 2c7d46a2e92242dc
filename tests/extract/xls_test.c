/* BIFF built by hand: what few programs still write, and what a hostile one might. */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "extract/compound.h"
#include "extract/xlsx.h"

enum { SECTOR = 512, MARK_FAT = 0xFFFFFFFD, MARK_END = 0xFFFFFFFE, MARK_FREE = 0xFFFFFFFF };

static void put_u16(struct buf *b, unsigned v)
{
	buf_char(b, (char)v);
	buf_char(b, (char)(v >> 8));
}

static void put_u32(struct buf *b, uint32_t v)
{
	put_u16(b, v & 0xFFFF);
	put_u16(b, v >> 16);
}

static void fill(struct buf *b, size_t n)
{
	while (b->n < n)
		buf_char(b, 0);
}

static void put_entry(struct buf *b, const char *name, char type, uint32_t first, uint32_t size)
{
	size_t start = b->n;

	for (const char *p = name; *p; p++)
		put_u16(b, (unsigned char)*p);
	fill(b, start + 64);
	put_u16(b, (unsigned)(strlen(name) + 1) * 2);
	buf_char(b, type);
	fill(b, start + 116);
	put_u32(b, first);
	put_u32(b, size);
	put_u32(b, 0);
}

/* Header, FAT in sector 0, directory in sector 1, the stream from sector 2 on. */
static struct str compound_of(const char *name, struct str stream, uint32_t last_link, struct buf *b)
{
	uint32_t n = (uint32_t)((stream.n + SECTOR - 1) / SECTOR);

	cr_assert_lt(n, 126);
	buf_str(b, STR("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"));
	fill(b, 24);
	put_u16(b, 0x3E);
	put_u16(b, 3);
	put_u16(b, 0xFFFE);
	put_u16(b, 9);
	put_u16(b, 6);
	fill(b, 44);
	put_u32(b, 1); /* FAT sectors */
	put_u32(b, 1); /* the directory's first */
	fill(b, 56);
	put_u32(b, 0); /* no stream is small */
	put_u32(b, MARK_END);
	put_u32(b, 0);
	put_u32(b, MARK_END);
	put_u32(b, 0);
	put_u32(b, 0); /* the FAT is in sector 0 */
	while (b->n < SECTOR)
		put_u32(b, MARK_FREE);
	put_u32(b, MARK_FAT);
	put_u32(b, MARK_END);
	for (uint32_t i = 0; i < n; i++)
		put_u32(b, i + 1 < n ? i + 3 : last_link);
	while (b->n < 2 * SECTOR)
		put_u32(b, MARK_FREE);
	put_entry(b, "Root Entry", 5, MARK_END, 0);
	put_entry(b, name, 2, 2, (uint32_t)stream.n);
	fill(b, 3 * SECTOR);
	buf_str(b, stream);
	fill(b, (3 + (size_t)n) * SECTOR);
	return buf_view(b);
}

static void record(struct buf *b, unsigned type, struct str data)
{
	put_u16(b, type);
	put_u16(b, (unsigned)data.n);
	buf_str(b, data);
}

#define RECORD(b, type, bytes) record(b, type, STR(bytes))

struct image_taker {
	struct sheet_taker taker;
	struct buf images;
};

static bool take(struct sheet_taker *taker, struct str sheet, struct buf *image)
{
	struct image_taker *t = (struct image_taker *)taker;

	buf_printf(&t->images, "[%.*s]\n%.*s", STR_FMT(sheet), STR_FMT(*image));
	return false;
}

static void book_is(struct str file, const char *images, const char *why)
{
	static const bool days[] = { false, true };
	struct image_taker t = { .taker = { .take = take, .days = days, .n_days = 2 } };
	struct arena a = { 0 };
	struct str reason = STR("");
	bool ok = xls_read(file, &limits_default, &t.taker, &a, &reason);

	cr_expect_eq(ok, why == NULL, "%.*s", STR_FMT(reason));
	cr_expect(str_has(reason, str_of(why)), "%.*s", STR_FMT(reason));
	cr_expect(str_eq(buf_view(&t.images), str_of(images)), "%.*s", STR_FMT(t.images));
	buf_release(&t.images);
	arena_release(&a);
}

/* The globals end where the offset of the first sheet points to. */
static void end_globals(struct buf *b, size_t offset_at)
{
	RECORD(b, 0x0A, "");
	b->p[offset_at] = (char)b->n;
	b->p[offset_at + 1] = (char)(b->n >> 8);
}

Test(xls, texts_go_on_in_other_records_and_change_their_width_there)
{
	struct buf b = { 0 }, file = { 0 };
	size_t offset_at;

	RECORD(&b, 0x809, "\x00\x06\x05\x00");
	offset_at = b.n + 4;
	RECORD(&b, 0x85, "\0\0\0\0\0\0\x01\x01\x68\x88"); /* 表 */
	/* three texts: "ab张" cut behind b, "é" with a format run, "" */
	RECORD(&b, 0xFC, "\3\0\0\0\3\0\0\0\3\0\0ab");
	RECORD(&b, 0x3C, "\1\x20\x5F\1\0\x08\1\0\xE9\0\0\0\0\0\0\0");
	RECORD(&b, 0x41E, "\xA4\0\x06\0\0" "000000");
	RECORD(&b, 0xE0, "\0\0\0\0");
	RECORD(&b, 0xE0, "\0\0\xA4\0");
	end_globals(&b, offset_at);
	RECORD(&b, 0x809, "\x00\x06\x10\x00");
	RECORD(&b, 0xFD, "\2\0\0\0\0\0\0\0\0\0"); /* row 3 before row 1 */
	RECORD(&b, 0xFD, "\0\0\1\0\0\0\1\0\0\0");
	RECORD(&b, 0xBD, "\0\0\2\0\1\0\x42\x0D\3\0\0\0\1\0\0\0\3\0"); /* 50000 as 000000; 0 / 100 */
	RECORD(&b, 0x809, "\x00\x06\x20\x00"); /* a chart */
	RECORD(&b, 0xFD, "\x09\0\0\0\0\0\0\0\0\0");
	RECORD(&b, 0x0A, "");
	RECORD(&b, 0x06, "\2\0\1\0\0\0\0\0\0\0\0\0\xFF\xFF\0\0\0\0\0\0"); /* ="x张" */
	RECORD(&b, 0x207, "\2\0\1x\0\x20\x5F");
	RECORD(&b, 0x205, "\2\0\2\0\0\0\1\0");
	RECORD(&b, 0x205, "\2\0\3\0\0\0\x2A\1");
	RECORD(&b, 0x0A, "");
	book_is(compound_of("Workbook", buf_view(&b), MARK_END, &file),
		"[表]\n,é,050000,0\n\nab张,x张,TRUE,#N/A\n", NULL);
	buf_release(&b);
	buf_release(&file);
}

Test(xls, excel_95_wrote_gbk)
{
	struct buf b = { 0 }, file = { 0 };
	size_t offset_at;

	RECORD(&b, 0x809, "\x00\x05\x05\x00");
	offset_at = b.n + 4;
	RECORD(&b, 0x85, "\0\0\0\0\0\0\2\xB1\xED"); /* 表 */
	end_globals(&b, offset_at);
	RECORD(&b, 0x809, "\x00\x05\x10\x00");
	RECORD(&b, 0x204, "\0\0\0\0\0\0\4\0\xD5\xC5\xC8\xFD");
	RECORD(&b, 0x203, "\0\0\1\0\0\0\0\0\0\0\0\0\xF8\x3F");
	RECORD(&b, 0x0A, "");
	book_is(compound_of("Book", buf_view(&b), MARK_END, &file), "[表]\n张三,1.5\n", NULL);
	buf_release(&b);
	buf_release(&file);
}

Test(xls, numbers_in_columns_of_days_are_days_since_1904)
{
	struct buf b = { 0 }, file = { 0 };
	size_t offset_at;

	for (int since_1904 = 0; since_1904 < 2; since_1904++) {
		b.n = file.n = 0;
		RECORD(&b, 0x809, "\x00\x05\x05\x00");
		record(&b, 0x22, since_1904 ? STR("\1\0") : STR("\0\0"));
		offset_at = b.n + 4;
		RECORD(&b, 0x85, "\0\0\0\0\0\0\1s");
		end_globals(&b, offset_at);
		RECORD(&b, 0x809, "\x00\x05\x10\x00");
		RECORD(&b, 0x203, "\0\0\0\0\0\0\0\0\0\0\x40\xBD\xDE\x40"); /* 31477 */
		RECORD(&b, 0x203, "\0\0\1\0\0\0\0\0\0\0\x40\xBD\xDE\x40");
		RECORD(&b, 0x203, "\0\0\2\0\0\0\0\0\0\0\x40\xBD\xDE\x40");
		RECORD(&b, 0x0A, "");
		book_is(compound_of("Book", buf_view(&b), MARK_END, &file),
			since_1904 ? "[s]\n31477,1990-03-07,31477\n" : "[s]\n31477,31477,31477\n", NULL);
	}
	buf_release(&b);
	buf_release(&file);
}

Test(xls, a_password_and_every_kind_of_damage_have_their_reason)
{
	struct buf b = { 0 }, file = { 0 };
	size_t offset_at;

	RECORD(&b, 0x809, "\x00\x06\x05\x00");
	RECORD(&b, 0x2F, "\0\0");
	book_is(compound_of("Workbook", buf_view(&b), MARK_END, &file), "", "encrypted");
	file.n = 0;
	book_is(compound_of("Workbook", buf_view(&b), 2, &file), "", "damaged"); /* a circle */
	file.n = 0;
	book_is(compound_of("Workbook", buf_view(&b), 99, &file), "", "damaged"); /* outside */
	file.n = 0;
	book_is(compound_of("WordDocument", buf_view(&b), MARK_END, &file), "", "no Excel file");
	b.n = file.n = 0;
	RECORD(&b, 0x809, "\x00\x06\x05\x00");
	offset_at = b.n + 4;
	RECORD(&b, 0x85, "\0\0\0\0\0\0\1\0s");
	RECORD(&b, 0x85, "\xFF\xFF\xFF\xFF\0\0\1\0t");
	end_globals(&b, offset_at);
	RECORD(&b, 0x809, "\x00\x06\x10\x00");
	RECORD(&b, 0x203, "\0\0\1\0\0\0\0"); /* shorter than a number is */
	put_u16(&b, 0x203); /* longer than the file is */
	put_u16(&b, 0xFFFF);
	book_is(compound_of("Workbook", buf_view(&b), MARK_END, &file), "", "is damaged");
	buf_release(&b);
	buf_release(&file);
}
