/*
 * Office Open XML (ECMA-376): a zip whose workbook part names the sheets, with shared
 * strings and styles beside them. Parts are inflated and parsed in one stream, so what they
 * unpack to is never in memory as a whole, and is counted.
 */
#include "xlsx.h"

#include <expat.h>
#include <stdio.h>
#include <stdlib.h>
#include <zip.h>

enum { BLOCK = 64 << 10, MOST_SHEETS = 1000, MOST_COLUMNS = 16384, MOST_STRINGS = 1 << 24 };

struct xlsx_sheet {
	struct str name, id, path;
	bool hidden;
};

struct xlsx {
	zip_t *zip;
	const struct limits *limits;
	struct arena *arena;
	struct xlsx_sheet *sheets;
	size_t n_sheets, cap_sheets;
	struct str *strings; /* shared */
	size_t n_strings, cap_strings;
	struct number_format *formats; /* by cell style (cellXfs) */
	size_t n_formats, cap_formats;
	struct {
		unsigned id;
		struct number_format format;
	} *custom; /* numFmts */
	size_t n_custom, cap_custom;
	/* while a part is parsed */
	XML_Parser parser;
	struct buf text; /* of the element that is being read */
	bool keep_text, phonetic, in_cell_styles;
	struct sheet sheet;
	/* the cell at hand */
	uint32_t column;
	size_t style;
	char type; /* first letter of t: s, i(nlineStr), b, e, d; 't' for str; 'n' */
};

/* ---- XML ---- */

/* "x:row" -> "row"; prefixes are the writer's choice. */
static struct str local_name(const XML_Char *name)
{
	const char *colon = strrchr(name, ':');

	return str_of(colon ? colon + 1 : name);
}

static bool is(struct str name, const char *word)
{
	return str_eq(name, str_of(word));
}

static struct str attribute(const XML_Char **attributes, const char *name)
{
	for (size_t i = 0; attributes[i]; i += 2)
		if (is(local_name(attributes[i]), name))
			return str_of(attributes[i + 1]);
	return STR("");
}

static void XMLCALL on_text(void *context, const XML_Char *p, int n)
{
	struct xlsx *x = context;

	/* one piece past the longest row, so that the row is known to be too long */
	if (x->keep_text && !x->phonetic && x->text.n <= x->limits->max_row_bytes)
		buf_add(&x->text, p, (size_t)n);
}

/* No part of a workbook has a document type; entities are a way to attack parsers. */
static void XMLCALL on_doctype(void *context, const XML_Char *name, const XML_Char *system,
			       const XML_Char *public, int internal)
{
	struct xlsx *x = context;

	(void)name, (void)system, (void)public, (void)internal;
	XML_StopParser(x->parser, XML_FALSE);
}

static bool parse_stream(struct xlsx *x, zip_file_t *file)
{
	uint64_t total = 0;
	zip_int64_t n;

	do {
		void *room = XML_GetBuffer(x->parser, BLOCK);

		n = room ? zip_fread(file, room, BLOCK) : -1;
		total += n > 0 ? (uint64_t)n : 0;
		if (n < 0 || total > x->limits->max_workbook_bytes ||
		    XML_ParseBuffer(x->parser, (int)n, n == 0) != XML_STATUS_OK)
			return false;
	} while (n > 0 && !x->sheet.full);
	return true;
}

static bool parse_part(struct xlsx *x, const char *path, XML_StartElementHandler start,
		       XML_EndElementHandler end)
{
	zip_int64_t index = zip_name_locate(x->zip, path, ZIP_FL_NOCASE);
	zip_file_t *file = index < 0 ? NULL : zip_fopen_index(x->zip, (zip_uint64_t)index, 0);
	bool ok;

	if (!file)
		return false;
	x->parser = XML_ParserCreate(NULL);
	if (!x->parser)
		library_failed("expat cannot get its memory");
	XML_SetUserData(x->parser, x);
	XML_SetElementHandler(x->parser, start, end);
	XML_SetCharacterDataHandler(x->parser, on_text);
	XML_SetStartDoctypeDeclHandler(x->parser, on_doctype);
	x->keep_text = x->phonetic = false;
	buf_reset(&x->text);
	ok = parse_stream(x, file);
	XML_ParserFree(x->parser);
	zip_fclose(file);
	return ok;
}

static void XMLCALL on_end_nothing(void *context, const XML_Char *name)
{
	(void)context, (void)name;
}

/* ---- the workbook part: which sheets there are ---- */

static void XMLCALL on_workbook(void *context, const XML_Char *name, const XML_Char **attributes)
{
	struct xlsx *x = context;

	if (is(local_name(name), "workbookPr")) {
		struct str since = attribute(attributes, "date1904");

		x->sheet.since_1904 = is(since, "1") || is(since, "true");
	} else if (is(local_name(name), "sheet") && x->n_sheets < MOST_SHEETS) {
		GROW(x->sheets, x->n_sheets, x->cap_sheets);
		x->sheets[x->n_sheets++] = (struct xlsx_sheet){
			.name = str_keep(x->arena, attribute(attributes, "name")),
			/* r:id; sheetId has another local name */
			.id = str_keep(x->arena, attribute(attributes, "id")),
			.hidden = str_has(attribute(attributes, "state"), STR("idden")),
		};
	}
}

/* Targets are relative to xl/, or absolute. */
static void XMLCALL on_relationship(void *context, const XML_Char *name,
				    const XML_Char **attributes)
{
	struct xlsx *x = context;
	struct str id = attribute(attributes, "Id"), target = attribute(attributes, "Target");

	if (!is(local_name(name), "Relationship"))
		return;
	for (size_t i = 0; i < x->n_sheets; i++)
		if (str_eq(x->sheets[i].id, id))
			x->sheets[i].path = str_starts(target, STR("/")) ?
				str_keep(x->arena, (struct str){ target.p + 1, target.n - 1 }) :
				str_printf(x->arena, "xl/%.*s", STR_FMT(target));
}

/* ---- shared strings ---- */

static bool four_hex(const char *p, uint32_t *c)
{
	*c = 0;
	for (int i = 0; i < 4; i++) {
		char d = p[i];
		int v = d >= '0' && d <= '9' ? d - '0' :
			d >= 'a' && d <= 'f' ? d - 'a' + 10 :
			d >= 'A' && d <= 'F' ? d - 'A' + 10 : -1;

		if (v < 0)
			return false;
		*c = *c << 4 | (uint32_t)v;
	}
	return true;
}

/* _x000D_ stands for a character that XML cannot hold (18.4.8 of the standard). */
static struct str unescape(struct str s, struct arena *a)
{
	struct buf b = { 0 };
	struct str kept;

	if (!str_has(s, STR("_x")))
		return str_keep(a, s);
	for (size_t i = 0; i < s.n; i++) {
		uint32_t c;

		if (s.n - i >= 7 && s.p[i] == '_' && s.p[i + 1] == 'x' && s.p[i + 6] == '_' &&
		    four_hex(s.p + i + 2, &c) && c != 0) {
			buf_utf8(&b, c);
			i += 6;
		} else {
			buf_char(&b, s.p[i]);
		}
	}
	kept = str_keep(a, buf_view(&b));
	buf_release(&b);
	return kept;
}

static void XMLCALL on_string_start(void *context, const XML_Char *name,
				    const XML_Char **attributes)
{
	struct xlsx *x = context;
	struct str element = local_name(name);

	(void)attributes;
	if (is(element, "si"))
		buf_reset(&x->text);
	else if (is(element, "rPh"))
		x->phonetic = true; /* how it is pronounced, not what it says */
	else if (is(element, "t"))
		x->keep_text = true;
}

static void XMLCALL on_string_end(void *context, const XML_Char *name)
{
	struct xlsx *x = context;
	struct str element = local_name(name);

	if (is(element, "t"))
		x->keep_text = false;
	else if (is(element, "rPh"))
		x->phonetic = false;
	if (!is(element, "si"))
		return;
	if (x->n_strings == MOST_STRINGS) {
		XML_StopParser(x->parser, XML_FALSE);
		return;
	}
	GROW(x->strings, x->n_strings, x->cap_strings);
	x->strings[x->n_strings++] = unescape(buf_view(&x->text), x->arena);
}

/* ---- styles ---- */

static struct number_format find_format(const struct xlsx *x, unsigned id)
{
	for (size_t i = 0; i < x->n_custom; i++)
		if (x->custom[i].id == id)
			return x->custom[i].format;
	return number_format_builtin(id);
}

static unsigned number_of(struct str s)
{
	uint64_t value;

	return str_u64(s, &value) && value < UINT32_MAX ? (unsigned)value : 0;
}

static void XMLCALL on_style_start(void *context, const XML_Char *name,
				   const XML_Char **attributes)
{
	struct xlsx *x = context;
	struct str element = local_name(name);

	if (is(element, "numFmt") && x->n_custom < 10000) {
		GROW(x->custom, x->n_custom, x->cap_custom);
		x->custom[x->n_custom].id = number_of(attribute(attributes, "numFmtId"));
		x->custom[x->n_custom++].format =
			number_format_parse(attribute(attributes, "formatCode"));
	} else if (is(element, "cellXfs")) {
		x->in_cell_styles = true;
	} else if (is(element, "xf") && x->in_cell_styles) {
		GROW(x->formats, x->n_formats, x->cap_formats);
		x->formats[x->n_formats++] =
			find_format(x, number_of(attribute(attributes, "numFmtId")));
	}
}

static void XMLCALL on_style_end(void *context, const XML_Char *name)
{
	struct xlsx *x = context;

	if (is(local_name(name), "cellXfs"))
		x->in_cell_styles = false;
}

/* ---- a sheet ---- */

/* "AB12" -> 27; the row stands in the row element. */
static uint32_t column_of(struct str reference)
{
	uint32_t column = 0;

	for (size_t i = 0; i < reference.n && reference.p[i] >= 'A' && reference.p[i] <= 'Z' &&
			   column < MOST_COLUMNS; i++)
		column = column * 26 + (uint32_t)(reference.p[i] - 'A' + 1);
	return column ? column - 1 : 0;
}

static void XMLCALL on_cell_start(void *context, const XML_Char *name,
				  const XML_Char **attributes)
{
	struct xlsx *x = context;
	struct str element = local_name(name);

	if (is(element, "row")) {
		sheet_row(&x->sheet, number_of(attribute(attributes, "r")));
	} else if (is(element, "c")) {
		struct str reference = attribute(attributes, "r"), type = attribute(attributes, "t");

		x->column = reference.n ? column_of(reference) : x->sheet.column;
		x->style = number_of(attribute(attributes, "s"));
		x->type = is(type, "str") ? 't' : type.n ? type.p[0] : 'n';
		buf_reset(&x->text);
	} else if (is(element, "rPh")) {
		x->phonetic = true;
	} else if (is(element, "v") || is(element, "t")) {
		x->keep_text = true;
	}
}

static void put_number(struct xlsx *x, struct str text)
{
	struct number_format format = { NUMBER_PLAIN, 0 };
	char z[64];
	char *end;
	double value;

	snprintf(z, sizeof(z), "%.*s", STR_FMT(text));
	value = strtod(z, &end);
	if (end == z || *end) {
		sheet_cell(&x->sheet, x->column, text);
		return;
	}
	if (x->style < x->n_formats)
		format = x->formats[x->style];
	sheet_number(&x->sheet, x->column, value, format);
}

static void put_cell(struct xlsx *x)
{
	struct str text = buf_view(&x->text);
	struct arena scratch = { 0 };
	uint64_t index;

	if (x->type == 's')
		text = str_u64(text, &index) && index < x->n_strings ? x->strings[index] : STR("");
	else if (x->type == 'b')
		text = is(text, "1") ? STR("TRUE") : STR("FALSE");
	else if (x->type == 'i' || x->type == 't')
		text = unescape(text, &scratch);
	if (x->type == 'n' && text.n)
		put_number(x, text);
	else
		sheet_cell(&x->sheet, x->column, text);
	arena_release(&scratch);
}

static void XMLCALL on_cell_end(void *context, const XML_Char *name)
{
	struct xlsx *x = context;
	struct str element = local_name(name);

	if (is(element, "v") || is(element, "t"))
		x->keep_text = false;
	else if (is(element, "rPh"))
		x->phonetic = false;
	else if (is(element, "c"))
		put_cell(x);
}

/* ---- the whole ---- */

static bool read_parts(struct xlsx *x, struct str *reason)
{
	if (!parse_part(x, "xl/workbook.xml", on_workbook, on_end_nothing) ||
	    !parse_part(x, "xl/_rels/workbook.xml.rels", on_relationship, on_end_nothing)) {
		*reason = zip_name_locate(x->zip, "xl/workbook.bin", 0) >= 0 ?
			STR("the workbook is in the binary form .xlsb; save it as .xlsx") :
			STR("the file is a zip, but no workbook that can be read");
		return false;
	}
	/* Both are left out where no cell needs them. */
	if (zip_name_locate(x->zip, "xl/sharedStrings.xml", ZIP_FL_NOCASE) >= 0 &&
	    !parse_part(x, "xl/sharedStrings.xml", on_string_start, on_string_end)) {
		*reason = STR("the texts of the workbook (sharedStrings.xml) are damaged or too large");
		return false;
	}
	parse_part(x, "xl/styles.xml", on_style_start, on_style_end);
	return true;
}

static bool read_sheet(struct xlsx *x, const struct xlsx_sheet *sheet, struct str *reason)
{
	const char *path = str_keepz(x->arena, sheet->path);
	bool ok;

	sheet_begin(&x->sheet);
	ok = parse_part(x, path, on_cell_start, on_cell_end);
	sheet_end(&x->sheet);
	if (ok && !x->sheet.full)
		return true;
	*reason = str_printf(x->arena, "sheet %.*s %s", STR_FMT(sheet->name),
			     x->sheet.full ? "is larger than rules/limits.csv allows" :
					     "is damaged or too large");
	return false;
}

/* Visible sheets first, then hidden ones, each kind in its order. */
static bool show_sheets(struct xlsx *x, struct sheet_taker *taker, struct str *reason)
{
	struct str damage = STR("");

	taker->since_1904 = x->sheet.since_1904;
	for (int hidden = 0; hidden < 2; hidden++)
		for (size_t i = 0; i < x->n_sheets; i++) {
			const struct xlsx_sheet *sheet = &x->sheets[i];

			if (sheet->hidden != hidden || !sheet->path.n)
				continue;
			if (!read_sheet(x, sheet, &damage))
				continue;
			if (taker->take(taker, sheet->name, &x->sheet.image))
				return true;
		}
	if (damage.n)
		*reason = damage;
	return !damage.n;
}

bool xlsx_read(struct str bytes, const struct limits *limits, struct sheet_taker *taker,
	       struct arena *a, struct str *reason)
{
	struct xlsx x = {
		.limits = limits,
		.arena = a,
		.sheet = { .max_bytes = limits->max_workbook_bytes,
			   .max_rows = limits->max_workbook_rows,
			   .max_columns = (uint32_t)limits->max_columns,
			   .days = taker->days,
			   .n_days = taker->n_days },
	};
	zip_source_t *source = zip_source_buffer_create(bytes.p, bytes.n, 0, NULL);
	bool ok = false;

	x.zip = source ? zip_open_from_source(source, ZIP_RDONLY, NULL) : NULL;
	if (!x.zip) {
		zip_source_free(source);
		*reason = STR("the workbook is cut short or damaged (its zip cannot be opened)");
	} else if (read_parts(&x, reason)) {
		ok = show_sheets(&x, taker, reason);
	}
	if (x.zip)
		zip_discard(x.zip);
	sheet_release(&x.sheet);
	buf_release(&x.text);
	free(x.sheets);
	free(x.strings);
	free(x.formats);
	free(x.custom);
	return ok;
}
