/*
 * .xls of Excel 5 to 2003: BIFF records in the stream "Workbook" or "Book" of a compound
 * file. The globals come first: sheets, texts, formats; then a stretch for each sheet.
 */
#define _GNU_SOURCE
#include "xlsx.h"

#include "biff.h"
#include "bytes.h"
#include "compound.h"

#include <stdlib.h>

enum {
	BOF = 0x809, END = 0x0A, BOUNDSHEET = 0x85, FILEPASS = 0x2F,
	DATEMODE = 0x22, FORMAT = 0x41E, XF = 0xE0, SST = 0xFC, LABELSST = 0xFD, LABEL = 0x204,
	RSTRING = 0xD6, NUMBER = 0x203, RK = 0x27E, MULRK = 0xBD, BOOLERR = 0x205, FORMULA = 0x06,
	STRING = 0x207
};

struct cell {
	uint16_t row, column, style;
	bool number;
	double value;
	struct str text;
	uint32_t order; /* of the file, for equal places */
};

struct xls_sheet {
	struct str name;
	uint32_t offset;
	bool hidden;
};

struct xls {
	struct biff biff;
	bool since_1904, locked;
	struct arena *arena;
	struct xls_sheet *sheets;
	size_t n_sheets, cap_sheets;
	struct str *texts; /* shared by all sheets */
	size_t n_texts;
	struct {
		unsigned id;
		struct number_format format;
	} *custom;
	size_t n_custom, cap_custom;
	struct number_format *formats; /* by style (XF) */
	size_t n_formats, cap_formats;
	struct cell *cells; /* of the sheet at hand */
	size_t n_cells, cap_cells;
	bool sorted;
};

/* ---- the globals ---- */

static void add_sheet(struct xls *x, const struct biff_record *r)
{
	if (r->data.n < 8 || r->data.p[5] != 0) /* charts and macros */
		return;
	GROW(x->sheets, x->n_sheets, x->cap_sheets);
	x->sheets[x->n_sheets++] = (struct xls_sheet){
		.offset = u32_at(r->data.p),
		.hidden = r->data.p[4] & 3,
		.name = biff_text(&x->biff, r, 6, 1, x->arena),
	};
}

static void add_format(struct xls *x, const struct biff_record *r)
{
	if (r->data.n < 3)
		return;
	GROW(x->custom, x->n_custom, x->cap_custom);
	x->custom[x->n_custom].id = u16_at(r->data.p);
	x->custom[x->n_custom++].format =
		number_format_parse(biff_text(&x->biff, r, 2, x->biff.version >= BIFF8 ? 2 : 1, x->arena));
}

static void add_style(struct xls *x, const struct biff_record *r)
{
	unsigned id = r->data.n >= 4 ? u16_at(r->data.p + 2) : 0;
	struct number_format format = number_format_builtin(id);

	for (size_t i = 0; i < x->n_custom; i++)
		if (x->custom[i].id == id)
			format = x->custom[i].format;
	GROW(x->formats, x->n_formats, x->cap_formats);
	x->formats[x->n_formats++] = format;
}

/* False where this is no BIFF of a kind that is read here. */
static bool read_globals(struct xls *x)
{
	struct biff_record r;
	size_t at = 0;

	if (!biff_next(&x->biff, 0, &r) || r.type != BOF || r.data.n < 4)
		return false;
	x->biff.version = u16_at(r.data.p);
	for (at = r.next; biff_next(&x->biff, at, &r) && r.type != END; at = r.next) {
		if (r.type == FILEPASS) {
			x->locked = true;
			return true;
		}
		if (r.type == DATEMODE && r.data.n >= 2)
			x->since_1904 = u16_at(r.data.p) == 1;
		else if (r.type == BOUNDSHEET)
			add_sheet(x, &r);
		else if (r.type == FORMAT)
			add_format(x, &r);
		else if (r.type == XF)
			add_style(x, &r);
		else if (r.type == SST)
			x->texts = biff_shared_texts(&x->biff, &r, &x->n_texts, x->arena);
	}
	return true;
}

/* ---- the cells of a sheet ---- */

static struct cell *add_cell(struct xls *x, uint16_t row, uint16_t column, uint16_t style)
{
	struct cell *last = x->n_cells ? &x->cells[x->n_cells - 1] : NULL;

	if (last && (row < last->row || (row == last->row && column <= last->column)))
		x->sorted = false;
	GROW(x->cells, x->n_cells, x->cap_cells);
	x->cells[x->n_cells] = (struct cell){ .row = row, .column = column, .style = style,
					      .order = (uint32_t)x->n_cells };
	return &x->cells[x->n_cells++];
}

static void set_number(struct cell *c, double value)
{
	c->number = true;
	c->value = value;
}

/* 30 bits of a whole number or of the upper end of a double, perhaps hundredfold. */
static double rk_value(uint32_t rk)
{
	double value;

	if (rk & 2) {
		value = (double)((int32_t)rk >> 2);
	} else {
		uint64_t bits = (uint64_t)(rk & ~3u) << 32;

		memcpy(&value, &bits, sizeof(value));
	}
	return rk & 1 ? value / 100 : value;
}

static struct str error_text(unsigned char code)
{
	static const struct {
		unsigned char code;
		struct str text;
	} errors[] = { { 0x00, STR_INIT("#NULL!") }, { 0x07, STR_INIT("#DIV/0!") },
		       { 0x0F, STR_INIT("#VALUE!") }, { 0x17, STR_INIT("#REF!") },
		       { 0x1D, STR_INIT("#NAME?") }, { 0x24, STR_INIT("#NUM!") } };

	for (size_t i = 0; i < sizeof(errors) / sizeof(*errors); i++)
		if (errors[i].code == code)
			return errors[i].text;
	return STR("#N/A");
}

static struct str bool_or_error(char value, bool error)
{
	if (error)
		return error_text((unsigned char)value);
	return value ? STR("TRUE") : STR("FALSE");
}

/* The last result: a number, or FFFF at its end and what it is at its beginning; a text
 * follows in a record of its own. */
static void set_result(struct cell *c, const char *p)
{
	if (u16_at(p + 6) != 0xFFFF)
		set_number(c, f64_at(p));
	else if (p[0] == 1 || p[0] == 2)
		c->text = bool_or_error(p[2], p[0] == 2);
}

static void add_rks(struct xls *x, struct str data)
{
	uint16_t row = u16_at(data.p), column = u16_at(data.p + 2);

	for (size_t at = 4; at + 6 + 2 <= data.n; at += 6)
		set_number(add_cell(x, row, column++, u16_at(data.p + at)), rk_value(u32_at(data.p + at + 2)));
}

static void on_cell(struct xls *x, const struct biff_record *r)
{
	const char *p = r->data.p;
	size_t n = r->data.n;
	struct cell *c;

	if (r->type == STRING && x->n_cells) {
		x->cells[x->n_cells - 1].text = biff_text(&x->biff, r, 0, 2, x->arena);
	} else if (r->type == MULRK && n >= 6) {
		add_rks(x, r->data);
	} else if (n >= 8 && (r->type == LABELSST || r->type == LABEL || r->type == RSTRING ||
			      r->type == NUMBER || r->type == RK || r->type == BOOLERR ||
			      r->type == FORMULA)) {
		c = add_cell(x, u16_at(p), u16_at(p + 2), u16_at(p + 4));
		if (r->type == LABELSST && n >= 10 && u32_at(p + 6) < x->n_texts)
			c->text = x->texts[u32_at(p + 6)];
		else if (r->type == LABEL || r->type == RSTRING)
			c->text = biff_text(&x->biff, r, 6, 2, x->arena);
		else if (r->type == NUMBER && n >= 14)
			set_number(c, f64_at(p + 6));
		else if (r->type == RK && n >= 10)
			set_number(c, rk_value(u32_at(p + 6)));
		else if (r->type == BOOLERR)
			c->text = bool_or_error(p[6], p[7]);
		else if (r->type == FORMULA && n >= 14)
			set_result(c, p + 6);
	}
}

/* A chart inside of a sheet is a stretch of its own, from BOF to END. */
static bool read_cells(struct xls *x, uint32_t offset)
{
	struct biff_record r;
	size_t at = offset;
	int depth = 0;

	x->n_cells = 0;
	x->sorted = true;
	if (!biff_next(&x->biff, at, &r) || r.type != BOF)
		return false;
	for (; biff_next(&x->biff, at, &r); at = r.next) {
		if (r.type == BOF)
			depth++;
		else if (r.type == END && --depth == 0)
			return true;
		else if (depth == 1)
			on_cell(x, &r);
	}
	return false;
}

static int by_place(const void *a, const void *b)
{
	const struct cell *x = a, *y = b;

	if (x->row != y->row)
		return x->row < y->row ? -1 : 1;
	if (x->column != y->column)
		return x->column < y->column ? -1 : 1;
	return x->order < y->order ? -1 : 1;
}

static void put_cells(struct xls *x, struct sheet *s)
{
	const struct number_format plain = { NUMBER_PLAIN, 0 };

	if (!x->sorted)
		qsort(x->cells, x->n_cells, sizeof(*x->cells), by_place);
	sheet_begin(s);
	for (size_t i = 0; i < x->n_cells && !s->full; i++) {
		const struct cell *c = &x->cells[i];

		if (s->row != c->row + 1u)
			sheet_row(s, c->row + 1u);
		if (c->number)
			sheet_number(s, c->column, c->value,
				     c->style < x->n_formats ? x->formats[c->style] : plain);
		else
			sheet_cell(s, c->column, c->text);
	}
	sheet_end(s);
}

/* ---- the whole ---- */

static bool show_sheets(struct xls *x, struct sheet *s, struct sheet_taker *taker,
			struct str *reason)
{
	struct str damage = STR("");

	s->since_1904 = taker->since_1904 = x->since_1904;
	for (int hidden = 0; hidden < 2; hidden++)
		for (size_t i = 0; i < x->n_sheets; i++) {
			if (x->sheets[i].hidden != hidden)
				continue;
			if (!read_cells(x, x->sheets[i].offset)) {
				damage = str_printf(x->arena, "sheet %.*s is damaged",
						    STR_FMT(x->sheets[i].name));
				continue;
			}
			put_cells(x, s);
			if (s->full)
				damage = str_printf(x->arena, "sheet %.*s is larger than rules/limits.csv allows",
						    STR_FMT(x->sheets[i].name));
			else if (taker->take(taker, x->sheets[i].name, &s->image))
				return true;
		}
	if (damage.n)
		*reason = damage;
	return !damage.n;
}

static bool read_stream(struct xls *x, const struct limits *limits, struct sheet_taker *taker,
			struct str *reason)
{
	struct sheet sheet = { .max_bytes = limits->max_workbook_bytes,
			       .max_rows = limits->max_workbook_rows,
			       .max_columns = (uint32_t)limits->max_columns,
			       .days = taker->days,
			       .n_days = taker->n_days };
	bool ok = false;

	if (!read_globals(x))
		*reason = STR("the workbook is damaged, or older than Excel 5");
	else if (x->locked)
		*reason = STR("the workbook is encrypted; save it without a password");
	else
		ok = show_sheets(x, &sheet, taker, reason);
	sheet_release(&sheet);
	return ok;
}

/* An .xlsx with a password is a compound file too, with this stream. */
static bool is_encrypted_package(struct str bytes)
{
	static const char name[] = "E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e";

	return memmem(bytes.p, bytes.n, name, sizeof(name) - 1) != NULL;
}

/* Since Excel 97 the stream is called Workbook. */
static bool find_book(struct str bytes, struct buf *stream)
{
	if (compound_stream(bytes, "Workbook", stream))
		return true;
	buf_reset(stream);
	return compound_stream(bytes, "Book", stream);
}

bool xls_read(struct str bytes, const struct limits *limits, struct sheet_taker *taker,
	      struct arena *a, struct str *reason)
{
	struct xls x = { .arena = a };
	struct buf stream = { 0 };
	bool ok = false;

	if (find_book(bytes, &stream)) {
		x.biff.stream = buf_view(&stream);
		ok = read_stream(&x, limits, taker, reason);
	} else if (is_encrypted_package(bytes)) {
		*reason = STR("the workbook is encrypted; save it without a password");
	} else {
		*reason = STR("the workbook is cut short or damaged, or is no Excel file at all");
	}
	buf_release(&stream);
	free(x.sheets);
	free(x.custom);
	free(x.formats);
	free(x.cells);
	return ok;
}
