/*
 * "Workbooks" that are markup: the HTML table that many a DMS writes and names .xls, and XML
 * Spreadsheet 2003, whose Row, Cell and Data are the tr, td and text of this reader. Tags are
 * found as browsers find them; what is not well-formed is read as far as it makes sense.
 */
#include "xlsx.h"

#include "encoding.h"

#include <stdlib.h>

enum { MOST_COLUMNS = 16384, WIDEST_SPAN = 1000, LONGEST_NAME = 16, LONGEST_ENTITY = 10 };

struct markup {
	struct str text; /* UTF-8 */
	size_t at;
	struct sheet sheet;
	struct buf cell;
	bool in_cell, in_data; /* Data, or an HTML cell, whose text counts */
	bool is_number; /* its type says so; days have one of their own */
	uint32_t column, column_span, row_span;
	uint16_t spans[MOST_COLUMNS]; /* rows that a cell above still covers, by column */
	uint32_t spanned; /* columns from here on have none above */
	bool any_row;
};

struct tag {
	char name[LONGEST_NAME]; /* lower case, without prefix */
	bool closing;
	struct str attributes;
};

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 'a' - 'A') : c;
}

/* ---- text ---- */

static bool entity(struct str name, uint32_t *c)
{
	static const struct {
		struct str name;
		uint32_t c;
	} named[] = {
		{ STR_INIT("amp"), '&' }, { STR_INIT("lt"), '<' }, { STR_INIT("gt"), '>' },
		{ STR_INIT("quot"), '"' }, { STR_INIT("apos"), '\'' }, { STR_INIT("nbsp"), ' ' },
		{ STR_INIT("yen"), 0xA5 }, { STR_INIT("middot"), 0xB7 },
	};
	char z[LONGEST_ENTITY + 1];

	for (size_t i = 0; i < sizeof(named) / sizeof(*named); i++)
		if (str_eq(name, named[i].name)) {
			*c = named[i].c;
			return true;
		}
	if (name.n < 2 || name.p[0] != '#' || name.n > LONGEST_ENTITY)
		return false;
	memcpy(z, name.p, name.n);
	z[name.n] = 0;
	*c = (uint32_t)strtoul(z + (lower(z[1]) == 'x' ? 2 : 1), NULL, lower(z[1]) == 'x' ? 16 : 10);
	return *c > 0 && *c < 0x110000 && !(*c >= 0xD800 && *c < 0xE000);
}

/* White space in markup is one space, unless the source says otherwise (Data of XML). */
static void put_text(struct buf *b, struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		const char *end = s.p[i] == '&' ? memchr(s.p + i, ';', s.n - i) : NULL;
		uint32_t c;

		if (end && end - s.p - (ptrdiff_t)i <= LONGEST_ENTITY &&
		    entity(str_span(s.p + i + 1, end), &c)) {
			buf_utf8(b, c);
			i = (size_t)(end - s.p);
		} else if (s.p[i] == '\n' || s.p[i] == '\r' || s.p[i] == '\t' || s.p[i] == ' ') {
			if (b->n && b->p[b->n - 1] != ' ' && b->p[b->n - 1] != '\n')
				buf_char(b, ' ');
		} else {
			buf_char(b, s.p[i]);
		}
	}
}

/* ---- tags ---- */

/* The text up to the next tag is passed over, then the tag. False at the end. */
static bool next_tag(struct markup *m, struct tag *tag, struct str *before)
{
	const char *end = m->text.p + m->text.n, *p = m->text.p + m->at;
	const char *open = memchr(p, '<', (size_t)(end - p)), *close;
	size_t n = 0;

	*before = str_span(p, open ? open : end);
	if (!open)
		return false;
	p = open + 1;
	tag->closing = p < end && *p == '/';
	p += tag->closing;
	for (; p < end && ((lower(*p) >= 'a' && lower(*p) <= 'z') || *p == ':' || *p == '!' ||
			   *p == '-' || (*p >= '0' && *p <= '9')); p++) {
		if (*p == ':')
			n = 0;
		else if (n + 1 < LONGEST_NAME)
			tag->name[n++] = lower(*p);
	}
	tag->name[n] = 0;
	close = memchr(p, '>', (size_t)(end - p));
	if (strncmp(tag->name, "!--", 3) == 0) {
		ptrdiff_t comment = str_find(str_span(open, end), STR("-->"));

		close = comment < 0 ? NULL : open + comment + 2;
	}
	tag->attributes = str_span(p, close ? close : end);
	m->at = (size_t)((close ? close + 1 : end) - m->text.p);
	return true;
}

/* colspan=2, ss:Index="3": a small number, or 0. */
static uint32_t number_attribute(struct str attributes, const char *name)
{
	size_t n = strlen(name);

	for (size_t i = 1; i + n < attributes.n; i++) {
		size_t k = 0;
		uint32_t value = 0;

		while (k < n && lower(attributes.p[i + k]) == name[k])
			k++;
		if (k < n || attributes.p[i + n] != '=' ||
		    (attributes.p[i - 1] != ' ' && attributes.p[i - 1] != ':'))
			continue;
		for (k = i + n + 1; k < attributes.n; k++) {
			char c = attributes.p[k];

			if (c >= '0' && c <= '9' && value < 1000000)
				value = value * 10 + (uint32_t)(c - '0');
			else if ((c != '"' && c != '\'') || value)
				break;
		}
		return value;
	}
	return 0;
}

/* Script and style hold text that is none. */
static void skip_to(struct markup *m, const char *name)
{
	struct tag tag;
	struct str text;

	while (next_tag(m, &tag, &text))
		if (tag.closing && strcmp(tag.name, name) == 0)
			return;
}

/* ---- rows and cells ---- */

static void put_cell(struct markup *m)
{
	struct str text = str_trim(buf_view(&m->cell));
	double value;

	if (m->is_number && str_double(text, &value) && sheet_has_day(&m->sheet, m->column, value))
		sheet_number(&m->sheet, m->column, value, (struct number_format){ NUMBER_PLAIN, 0 });
	else
		sheet_cell(&m->sheet, m->column, text);
}

static void end_cell(struct markup *m)
{
	if (!m->in_cell)
		return;
	m->in_cell = m->in_data = false;
	put_cell(m);
	for (uint32_t i = m->column; i < m->column + m->column_span && i < MOST_COLUMNS; i++)
		m->spans[i] = (uint16_t)m->row_span;
	m->column += m->column_span;
	if (m->row_span && m->spanned < m->column)
		m->spanned = m->column < MOST_COLUMNS ? m->column : MOST_COLUMNS;
}

/* Cells that hang down from above the rest of the row count one row less. */
static void end_row(struct markup *m)
{
	end_cell(m);
	for (; m->column < m->spanned; m->column++)
		if (m->spans[m->column])
			m->spans[m->column]--;
	m->column = MOST_COLUMNS;
}

static void begin_row(struct markup *m, uint32_t index)
{
	end_row(m);
	sheet_row(&m->sheet, index);
	m->column = 0;
	m->any_row = true;
}

static void begin_cell(struct markup *m, const struct tag *tag)
{
	uint32_t index = number_attribute(tag->attributes, "index");
	uint32_t columns = number_attribute(tag->attributes, "colspan");
	uint32_t rows = number_attribute(tag->attributes, "rowspan");
	uint32_t across = number_attribute(tag->attributes, "mergeacross");

	end_cell(m);
	if (m->column >= MOST_COLUMNS) /* no row was opened for it */
		begin_row(m, 0);
	while (m->column < MOST_COLUMNS && m->spans[m->column])
		m->spans[m->column++]--;
	if (index > m->column)
		m->column = index - 1;
	m->column_span = columns ? columns : across + 1;
	if (m->column_span > WIDEST_SPAN)
		m->column_span = WIDEST_SPAN;
	m->row_span = rows && rows <= UINT16_MAX ? rows - 1 : 0;
	m->in_cell = true;
	m->in_data = strcmp(tag->name, "cell") != 0;
	m->is_number = false;
	buf_reset(&m->cell);
}

static bool named(const struct tag *tag, const char *name)
{
	return strcmp(tag->name, name) == 0;
}

static void on_tag(struct markup *m, const struct tag *tag)
{
	if (named(tag, "tr") || named(tag, "row")) {
		if (tag->closing)
			end_row(m);
		else
			begin_row(m, number_attribute(tag->attributes, "index"));
	} else if (named(tag, "td") || named(tag, "th") || named(tag, "cell")) {
		if (tag->closing)
			end_cell(m);
		else
			begin_cell(m, tag);
	} else if (named(tag, "data")) {
		m->in_data = m->in_cell && !tag->closing;
		m->is_number |= str_has(tag->attributes, STR("\"Number\""));
	} else if (named(tag, "date1904")) {
		m->sheet.since_1904 = true;
	} else if (named(tag, "br") && m->in_cell) {
		buf_char(&m->cell, '\n');
	} else if ((named(tag, "script") || named(tag, "style")) && !tag->closing) {
		skip_to(m, tag->name);
	}
}

static void read_markup(struct markup *m)
{
	struct tag tag;
	struct str text;

	sheet_begin(&m->sheet);
	m->column = MOST_COLUMNS;
	while (!m->sheet.full && next_tag(m, &tag, &text)) {
		if (m->in_cell && m->in_data && m->cell.n < m->sheet.max_bytes)
			put_text(&m->cell, text);
		on_tag(m, &tag);
	}
	end_cell(m);
	sheet_end(&m->sheet);
}

bool markup_read(struct str bytes, const struct limits *limits, struct sheet_taker *taker,
		 struct arena *a, struct str *reason)
{
	struct markup *m = xcalloc(1, sizeof(*m));
	bool sound, ok = false;
	enum encoding encoding = encoding_detect(bytes, NULL, &sound);
	struct str bom = encoding_bom(encoding);
	size_t bad;

	m->sheet.max_bytes = limits->max_workbook_bytes;
	m->sheet.max_rows = limits->max_workbook_rows;
	m->sheet.max_columns = (uint32_t)limits->max_columns;
	m->sheet.days = taker->days;
	m->sheet.n_days = taker->n_days;
	bytes = (struct str){ bytes.p + bom.n, bytes.n - bom.n };
	if (!encoding_decode(encoding, bytes, a, &m->text, &bad)) {
		*reason = str_printf(a, "byte %zu of the file cannot be decoded", bom.n + bad);
	} else {
		read_markup(m);
		taker->since_1904 = m->sheet.since_1904;
		if (m->sheet.full)
			*reason = STR("the table is larger than rules/limits.csv allows");
		else if (!m->any_row)
			*reason = STR("the file holds markup, but no table");
		else
			taker->take(taker, STR("1"), &m->sheet.image);
		ok = !reason->n;
	}
	sheet_release(&m->sheet);
	buf_release(&m->cell);
	free(m);
	return ok;
}
