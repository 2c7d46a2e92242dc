/*
 * libcsv is the reference reader: what it makes of a well-formed file (its trimming switched
 * off) is right. Files are made at random, each held to it row by row and field by field.
 */
#include <criterion/criterion.h>
#include <csv.h>
#include <stdlib.h>

#include "buf.h"
#include "extract/splitter.h"

enum { FILES = 4000 };

static unsigned seed;

static unsigned pick(unsigned n)
{
	seed = seed * 1664525u + 1013904223u;
	return (seed >> 8) % n;
}

/* One field, quoted where it must be and sometimes where it need not. */
static void put_field(struct buf *b, char delimiter, bool first)
{
	static const char *const pieces[] = { "张三", "a", "\"", "\n", "\r\n", ",", ";", "\t", " ",
					      "0123456789", "汉字汉字汉字汉字汉字", "\"\"", "x" };
	struct buf value = { 0 };
	bool quoted = pick(4) == 0;

	for (unsigned n = pick(4); n > 0; n--)
		buf_str(&value, str_of(pieces[pick(sizeof(pieces) / sizeof(*pieces))]));
	for (size_t i = 0; i < value.n; i++)
		quoted |= strchr("\"\r\n", value.p[i]) || value.p[i] == delimiter;
	/* A line of nothing is no row to either. */
	quoted |= first;
	if (quoted)
		buf_char(b, '"');
	for (size_t i = 0; i < value.n; i++) {
		if (value.p[i] == '"')
			buf_char(b, '"');
		buf_char(b, value.p[i]);
	}
	if (quoted)
		buf_char(b, '"');
	buf_release(&value);
}

static void put_file(struct buf *b, char delimiter, size_t width)
{
	const char *line_end = pick(2) ? "\r\n" : "\n";
	unsigned rows = 1 + pick(12);

	for (unsigned row = 0; row < rows; row++) {
		for (size_t i = 0; i < width; i++) {
			if (i)
				buf_char(b, delimiter);
			put_field(b, delimiter, i == 0);
		}
		if (row + 1 < rows || pick(2))
			buf_str(b, str_of(line_end));
	}
}

/* Both write "field<US>field<US><RS>" for each row. */
static void on_field(void *p, size_t n, void *out)
{
	buf_add(out, p, n);
	buf_char(out, 0x1F);
}

static void on_row(int c, void *out)
{
	(void)c;
	buf_char(out, 0x1E);
}

static int is_no_space(unsigned char c)
{
	(void)c;
	return 0;
}

static void by_libcsv(struct str text, char delimiter, struct buf *out)
{
	struct csv_parser p;

	cr_assert_eq(csv_init(&p, CSV_STRICT), 0);
	csv_set_delim(&p, (unsigned char)delimiter);
	csv_set_space_func(&p, is_no_space);
	cr_assert_eq(csv_parse(&p, text.p, text.n, on_field, on_row, out), text.n, "not well-formed: %s",
		     csv_strerror(csv_error(&p)));
	cr_assert_eq(csv_fini(&p, on_field, on_row, out), 0);
	csv_free(&p);
}

static void by_ours(struct str text, char delimiter, size_t width, struct buf *out)
{
	struct splitter s = { .text = text, .dialect = { delimiter, '\n', false }, .least = width,
			      .width = width, .max_row = 1 << 20 };
	struct arena a = { 0 };
	struct str row, fields[16];
	enum split split;
	size_t n;

	while ((split = splitter_next(&s, &row)) != SPLIT_END) {
		if (split == SPLIT_BLANK)
			continue;
		cr_assert_eq(split, SPLIT_ROW);
		cr_assert(csv_split(&s.dialect, row, width, width, fields, 16, &n, &a));
		for (size_t i = 0; i < n; i++)
			on_field((void *)fields[i].p, fields[i].n, out);
		on_row(0, out);
	}
	arena_release(&a);
}

Test(splitter, well_formed_files_are_read_as_libcsv_reads_them)
{
	static const char delimiters[] = ",;\t|";

	for (seed = 1; seed < FILES; seed++) {
		struct buf text = { 0 }, theirs = { 0 }, ours = { 0 };
		char delimiter = delimiters[seed % 4];
		size_t width = 1 + seed % 5;
		unsigned kept = seed;

		put_file(&text, delimiter, width);
		by_libcsv(buf_view(&text), delimiter, &theirs);
		by_ours(buf_view(&text), delimiter, width, &ours);
		cr_assert(str_eq(buf_view(&ours), buf_view(&theirs)),
			  "file %u:\n%.*s\nlibcsv:\n%.*s\nours:\n%.*s", kept, STR_FMT(text),
			  STR_FMT(theirs), STR_FMT(ours));
		buf_release(&text);
		buf_release(&theirs);
		buf_release(&ours);
		seed = kept;
	}
}

static void rows_are(const char *text, size_t width, const char *expected)
{
	struct splitter s = { .text = str_of(text), .dialect = { ',', '\n', false }, .least = width,
			      .width = width, .max_row = 1 << 20 };
	struct buf b = { 0 };
	struct str row;
	enum split split;

	while ((split = splitter_next(&s, &row)) != SPLIT_END)
		buf_printf(&b, "%u%c<%.*s>", s.row, "RBQL"[split], STR_FMT(str_trim(row)));
	cr_expect(str_eq(buf_view(&b), str_of(expected)), "%.*s\nnot %s", STR_FMT(b), expected);
	buf_release(&b);
}

/* Rows of every length around a stride, with few and with many fields, and room for a few only. */
Test(splitter, rows_of_any_length_are_cut_at_each_delimiter)
{
	for (seed = 1; seed < 3000; seed++) {
		struct dialect d = { ',', '\n', false };
		struct str wanted[400], found[400];
		char text[420];
		size_t n = pick(400), fields = 0, start = 0, all, some, max = pick(80);

		for (size_t i = 0; i < n; i++)
			text[i] = pick(1 + seed % 9) ? 'x' : ',';
		text[n] = '\n';
		for (size_t i = 0; i <= n; i++)
			if (text[i] != 'x') {
				wanted[fields++] = (struct str){ text + start, i - start };
				start = i + 1;
			}
		cr_assert(csv_split(&d, (struct str){ text, n + 1 }, 0, 400, found, 400, &all, NULL));
		cr_assert_eq(all, fields);
		for (size_t i = 0; i < fields; i++)
			cr_assert(found[i].p == wanted[i].p && found[i].n == wanted[i].n);
		cr_assert(csv_split(&d, (struct str){ text, n + 1 }, 0, 400, found, max, &some, NULL));
		cr_assert_eq(some, fields);
	}
}

Test(splitter, rows_are_numbered_as_a_spreadsheet_shows_them)
{
	rows_are("a,b\n\n\"c\nc\",d\ne,f", 2, "1R<a,b>2B<>3R<\"c\nc\",d>4R<e,f>");
}

Test(splitter, a_bad_quote_ends_where_another_row_begins)
{
	rows_are("\"a,b\nc,d\n", 2, "1Q<\"a,b>2R<c,d>");
	rows_are("a,\"b\nx\ny\nc,\"d\n2\"\ne,f\n", 2, "1Q<a,\"b\nx\ny>2R<c,\"d\n2\">3R<e,f>");
	rows_are("\"a,b\n\"c,d\n\"e,f", 2, "1Q<\"a,b>2Q<\"c,d>3Q<\"e,f>");
}

Test(splitter, a_bad_quote_does_not_swallow_the_short_row_or_the_blank_line_below_it)
{
	rows_are("a,\"b,c\nd,e\nf,g,h\n", 3, "1Q<a,\"b,c>2R<d,e>3R<f,g,h>");
	rows_are("a,\"b,c\n\nf,g,h\n", 3, "1Q<a,\"b,c>2B<>3R<f,g,h>");
	rows_are("a,\"b,c\n\nd\n\nf,\"g\",h\n", 3, "1Q<a,\"b,c>2B<>3R<d>4B<>5R<f,\"g\",h>");
	rows_are("a,b,\"c\nd,e\nf,g,h\n", 3, "1Q<a,b,\"c>2R<d,e>3R<f,g,h>");
	rows_are("a,b,\"c\n\nf,g,h\n", 3, "1Q<a,b,\"c>2B<>3R<f,g,h>");
	rows_are("a,\"b,c\nd,e,f,g\nf,g,h\n", 3, "1Q<a,\"b,c>2R<d,e,f,g>3R<f,g,h>");
}

Test(splitter, what_may_be_the_text_of_an_unclosed_field_stays_with_it)
{
	rows_are("a,b,\"c\nmore\nf,g,h\n", 3, "1Q<a,b,\"c\nmore>2R<f,g,h>");
	rows_are("a,\"b\n\nmore\nf,g,h\n", 3, "1Q<a,\"b\n\nmore>2R<f,g,h>");
}

Test(splitter, closed_fields_keep_lines_that_look_like_short_rows)
{
	rows_are("a,\"b,c\nd,e\n\nx\",c\nf,g,h\n", 3, "1R<a,\"b,c\nd,e\n\nx\",c>2R<f,g,h>");
	rows_are("\"a,b,c\n\nd,e\",b,c\nf,g,h\n", 3, "1R<\"a,b,c\n\nd,e\",b,c>2R<f,g,h>");
}

Test(splitter, a_file_of_bad_quotes_is_read_in_linear_time)
{
	struct buf b = { 0 };
	struct splitter s = { .dialect = { ',', '\n', false }, .least = 3, .width = 3, .max_row = 1 << 20 };
	struct str row;
	size_t rows = 0;

	for (int i = 0; i < 200000; i++)
		buf_str(&b, STR("\"a,b\n"));
	s.text = buf_view(&b);
	while (splitter_next(&s, &row) != SPLIT_END)
		rows++;
	cr_expect_eq(rows, 200000);
	buf_release(&b);
}
