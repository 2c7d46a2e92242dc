#include "export.h"

#include "layout.h"
#include "looks.h"
#include "table.h"
#include "workbook.h"

#include <stdlib.h>

enum { USUAL_COLUMNS = 128 };

struct export {
	struct arena arena; /* what lives as long as the export */
	struct export_name name;
	struct infile file;
	enum encoding encoding;
	bool sound; /* the whole file is known to be UTF-8 */
	struct str bytes; /* as they came; of a workbook: the image of its sheet */
	size_t front; /* the BOM's length */
	char *image; /* what is split, where that is not the file itself (UTF-16) */
	struct buf sheet; /* the CSV of a sheet */
	struct splitter splitter;
	uint64_t offset; /* in bytes of the row at splitter.at */
	size_t max_row;
	struct str header_bytes, header_row; /* with the BOM, and as it is split */
	struct header header;
	unsigned char tables[F_COUNT]; /* FEEDS() of the tables that have the field */
	/* What a row says to a table, where that is not sure anyhow. */
	struct {
		bool always;
		enum field *asked;
		size_t n_asked;
	} feeds[ENTITY_COUNT];
	struct evidence evidence;
};

/* ---- opening ---- */

static void know_tables(struct export *e)
{
	for (enum field field = 0; field < F_COUNT; field++)
		for (enum entity entity = 0; entity < ENTITY_COUNT; entity++)
			if (entity_has(entity, field))
				e->tables[field] |= (unsigned char)FEEDS(entity);
}

/* A table gets a row where one of its own columns is filled, or where the schema expects one;
 * the columns that every table has say nothing. */
static void know_feeds(struct export *e)
{
	const struct schema *s = e->name.schema;

	for (enum entity entity = 0; entity < ENTITY_COUNT; entity++) {
		enum field *asked = arena_alloc(&e->arena, F_COUNT * sizeof(*asked));
		size_t n = 0;

		for (enum field field = F_SOURCE_KEY; field < F_COUNT; field++) {
			if (!(e->tables[field] & FEEDS(entity)) || field == F_SOURCE_KEY ||
			    field == F_UPDATED_AT)
				continue;
			e->feeds[entity].always |= s->expected[field];
			if (e->header.field_headers[field].n)
				asked[n++] = field;
		}
		if (s->feeds_if[entity] != F_COUNT) {
			e->feeds[entity].always = false;
			asked[0] = s->feeds_if[entity];
			n = 1;
		}
		e->feeds[entity].asked = asked;
		e->feeds[entity].n_asked = n;
	}
}

static struct export *export_new(const struct export_name *name)
{
	struct export *e = xcalloc(1, sizeof(*e));

	e->name = *name;
	know_tables(e);
	return e;
}

/* What is split: the text behind the BOM, in UTF-8 or GB18030. */
static struct str make_text(struct export *e)
{
	struct str rest = { e->bytes.p + e->front, e->bytes.n - e->front };

	if (!encoding_is_utf16(e->encoding))
		return rest;
	free(e->image);
	return utf16_image(e->encoding, rest, &e->image);
}

/* Bytes of the file that a part of the text stands for. */
static size_t original_length(const struct export *e, struct str part)
{
	return encoding_is_utf16(e->encoding) ? utf16_bytes(part) : part.n;
}

static bool has_header(struct layout *l, struct str text, enum encoding encoding,
		       const struct schema *schema, const struct limits *limits, struct arena *a)
{
	struct map known = { 0 };
	bool found;

	header_known(schema, &known);
	found = layout_find(l, text, encoding, &known, limits, a);
	map_release(&known);
	return found;
}

static struct str no_header(const struct schema *schema, struct arena *a)
{
	struct str wanted = STR("");

	for (size_t i = 0; i < schema->n_columns && i < 5; i++)
		wanted = str_printf(a, "%.*s%s%.*s", STR_FMT(wanted), i ? ", " : "",
				    STR_FMT(schema->columns[i].headers[0]));
	return str_printf(a, "no line is a header of schema %.*s (%.*s ...)", STR_FMT(schema->name),
			  STR_FMT(wanted));
}

static struct str joined(struct str a, struct str b, struct arena *arena)
{
	char *p = arena_alloc(arena, a.n + b.n + 1);

	memcpy(p, a.p, a.n);
	memcpy(p + a.n, b.p, b.n);
	return (struct str){ p, a.n + b.n };
}

/* Binds the header and sets the splitter to the first row behind it. */
static bool take_layout(struct export *e, const struct layout *l, struct str text,
			const struct limits *limits, struct str *reason)
{
	struct str bom = encoding_bom(e->encoding);
	struct str header;

	if (!header_bind(&e->header, e->name.schema, l->cells, l->n, &e->arena, reason))
		return false;
	know_feeds(e);
	e->header_row = (struct str){ text.p + l->start, l->end - l->start };
	e->offset = e->front + original_length(e, (struct str){ text.p, l->end });
	header.n = original_length(e, e->header_row);
	header.p = e->bytes.p + e->offset - header.n;
	e->header_bytes = joined(bom, header, &e->arena);
	e->max_row = limits->max_row_bytes;
	e->splitter = (struct splitter){
		.text = { text.p, layout_data_end(l, text, e->encoding) },
		.dialect = l->dialect,
		.least = e->header.least,
		.width = e->header.n,
		.max_row = limits->max_row_bytes,
		.at = l->end,
		.row = l->row,
	};
	return true;
}

static bool open_text(struct export *e, const struct limits *limits, struct str *reason)
{
	const struct schema *schema = e->name.schema;
	struct str text;
	struct layout l;

	e->encoding = encoding_detect(e->bytes, &e->sound);
	e->front = encoding_bom(e->encoding).n;
	text = make_text(e);
	if (has_header(&l, text, e->encoding, schema, limits, &e->arena))
		return take_layout(e, &l, text, limits, reason);
	/* Few lines and a fault in them can mislead; a header that makes sense does not. */
	if (!e->sound && (e->encoding == ENCODING_UTF8 || e->encoding == ENCODING_GB18030)) {
		e->encoding = e->encoding == ENCODING_UTF8 ? ENCODING_GB18030 : ENCODING_UTF8;
		if (has_header(&l, text, e->encoding, schema, limits, &e->arena))
			return take_layout(e, &l, text, limits, reason);
	}
	*reason = no_header(schema, &e->arena);
	return false;
}

struct sheet_search {
	struct sheet_taker taker;
	struct export *e;
	const struct limits *limits;
	bool found;
	struct str *reason; /* of the first sheet with a header that lacks something */
};

static bool try_sheet(struct sheet_taker *taker, struct str sheet, struct buf *image)
{
	struct sheet_search *search = (struct sheet_search *)taker;
	struct export *e = search->e;
	struct str reason = STR("");
	struct layout l;

	e->bytes = buf_view(image);
	if (!has_header(&l, e->bytes, e->encoding, e->name.schema, search->limits, &e->arena))
		return false;
	if (!take_layout(e, &l, e->bytes, search->limits, &reason)) {
		if (!search->reason->n)
			*search->reason = str_printf(&e->arena, "sheet %.*s: %.*s", STR_FMT(sheet),
						     STR_FMT(reason));
		return false;
	}
	e->sheet = *image;
	*image = (struct buf){ 0 };
	search->found = true;
	return true;
}

static bool open_workbook(struct export *e, enum workbook_kind kind, const struct limits *limits,
			  struct str *reason)
{
	struct sheet_search search = { { try_sheet }, e, limits, false, reason };

	e->encoding = kind == WORKBOOK_XLSX ? ENCODING_XLSX :
		      kind == WORKBOOK_XLS  ? ENCODING_XLS :
					      ENCODING_HTML;
	if (!workbook_read(kind, e->file.bytes, limits, &search.taker, &e->arena, reason))
		return false;
	if (!search.found && !reason->n)
		*reason = no_header(e->name.schema, &e->arena);
	return search.found;
}

static bool open_bytes(struct export *e, const struct limits *limits, struct str *reason)
{
	enum workbook_kind kind = workbook_kind(e->file.bytes);

	if (kind != WORKBOOK_NONE)
		return open_workbook(e, kind, limits, reason);
	e->bytes = e->file.bytes;
	if (!str_trim(e->bytes).n) {
		*reason = STR("the file is empty");
		return false;
	}
	return open_text(e, limits, reason);
}

struct export *export_open(const char *path, const struct export_name *name,
			   const struct limits *limits, struct arena *a, struct str *reason)
{
	struct export *e = export_new(name);
	struct fault fault = { 0 };

	*reason = STR("");
	if (!infile_open(&e->file, path, true, limits->file, &fault)) {
		*reason = buf_view(&fault.text);
		str_cut(reason, '\n', reason);
	} else if (open_bytes(e, limits, reason)) {
		return e;
	}
	*reason = str_keep(a, *reason);
	fault_release(&fault);
	export_close(e);
	return NULL;
}

struct export *export_reopen(const struct export_name *name, struct str header,
			     struct str encoding, char delimiter, struct arena *a,
			     struct str *reason)
{
	struct export *e = export_new(name);
	struct str bom, *cells;
	struct dialect *d = &e->splitter.dialect;
	size_t n;

	*reason = STR("the header that was kept cannot be read");
	d->delimiter = delimiter;
	if (!encoding_find(encoding, &e->encoding))
		goto failed;
	bom = encoding_bom(e->encoding);
	e->header_bytes = str_keep(&e->arena, header);
	header = (struct str){ e->header_bytes.p, e->header_bytes.n };
	if (str_starts(header, bom))
		header = (struct str){ header.p + bom.n, header.n - bom.n };
	if (encoding_is_utf16(e->encoding))
		header = utf16_image(e->encoding, header, &e->image);
	d->line_end = header.n && header.p[header.n - 1] == '\r' ? '\r' : '\n';
	d->wide = e->encoding == ENCODING_GB18030 && delimiter == '|';
	if (layout_cells(d, e->encoding, header, SIZE_MAX, &cells, &n, &e->arena) &&
	    header_bind(&e->header, e->name.schema, cells, n, &e->arena, reason)) {
		know_feeds(e);
		return e;
	}
failed:
	*reason = str_keep(a, *reason);
	export_close(e);
	return NULL;
}

void export_close(struct export *e)
{
	if (!e)
		return;
	if (e->file.bytes.p)
		infile_close(&e->file);
	free(e->image);
	buf_release(&e->sheet);
	arena_release(&e->arena);
	free(e);
}

bool export_intact(const struct export *e)
{
	return infile_intact(&e->file);
}

/* ---- reading ---- */

bool export_next(struct export *e, struct raw_row *row)
{
	struct splitter *s = &e->splitter;
	struct str part;

	for (;;) {
		enum split split = splitter_next(s, &part);
		size_t length;

		if (split == SPLIT_END)
			return false;
		length = original_length(e, part);
		*row = (struct raw_row){ s->row, e->offset, { e->bytes.p + e->offset, length },
					 NULL, STR("") };
		e->offset += length;
		if (split == SPLIT_BLANK || str_eq(part, e->header_row))
			continue; /* appended exports repeat their header */
		if (split == SPLIT_QUOTES)
			row->code = "ROW_QUOTES";
		if (split == SPLIT_LONG) {
			row->code = "ROW_COLUMNS";
			row->detail = str_printf(&e->arena, "%zu > %zu bytes", part.n, e->max_row);
			row->bytes.n = e->max_row;
		}
		return true;
	}
}

/* ---- one row, on any thread ---- */

static bool fault_of_row(const char **code, const char *name, struct str *detail, struct str text)
{
	*code = name;
	*detail = text;
	return false;
}

static bool is_hollow(const struct str *cells, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_trim(cells[i]).n)
			return false;
	return true;
}

/* Decodes the row into as many cells as the header has. `cells` has room for them. */
static bool row_cells(const struct export *e, const struct raw_row *row, struct str *cells,
		      const char **code, struct str *detail, struct arena *a)
{
	const struct header *h = &e->header;
	const struct dialect d = { e->splitter.dialect.delimiter, e->splitter.dialect.line_end, false };
	struct str text = row->bytes;
	size_t n, bad;

	if ((!e->sound || encoding_is_utf16(e->encoding) || memchr(text.p, 0, text.n)) &&
	    !encoding_decode(e->encoding, row->bytes, a, &text, &bad))
		return fault_of_row(code, "ROW_ENCODING", detail,
				    str_printf(a, "0x%02X @ %llu", (unsigned char)row->bytes.p[bad],
					       (unsigned long long)(row->offset + bad)));
	if (!csv_split(&d, text, h->least, h->n, cells, h->n, &n, a))
		return fault_of_row(code, "ROW_QUOTES", detail, STR(""));
	if (n < h->least || (n > h->n && csv_filled(&d, text) > h->n))
		return fault_of_row(code, "ROW_COLUMNS", detail,
				    str_printf(a, n < h->n ? "%zu < %zu" : "%zu > %zu", n, h->n));
	while (n < h->n)
		cells[n++] = STR("");
	if (is_hollow(cells, h->n))
		return fault_of_row(code, "ROW_EMPTY", detail, STR(""));
	return true;
}

/* The pieces of an address or an invoice number, or the first filled of several columns. */
static struct str join_cells(const struct joined_binding *j, const struct str *cells,
			     struct arena *a)
{
	struct str joined = STR("");
	struct buf b = { 0 };
	size_t filled = 0;

	for (size_t i = 0; i < j->n_whole; i++)
		if (str_trim(cells[j->whole[i]]).n)
			return cells[j->whole[i]];
	for (size_t i = 0; i < j->n_pieces; i++) {
		struct str piece = j->pieces[i] ? str_trim(cells[j->pieces[i] - 1]) : STR("");

		if (j->keep ? i > 0 : piece.n && filled > 0)
			buf_str(&b, j->between);
		buf_str(&b, piece);
		filled += piece.n > 0;
	}
	if (filled)
		joined = str_keep(a, buf_view(&b));
	buf_release(&b);
	return joined;
}

static void bind_cells(const struct header *h, const struct str *cells, struct str *values,
		       struct arena *a)
{
	for (size_t i = 0; i < h->n_cells; i++)
		values[h->cells[i].field] = cells[h->cells[i].column];
	for (size_t i = 0; i < h->n_joined; i++)
		values[h->joined[i].field] = join_cells(&h->joined[i], cells, a);
}

static bool feeds_entity(const struct export *e, const struct record *rec, enum entity entity)
{
	if (e->feeds[entity].always)
		return true;
	for (size_t i = 0; i < e->feeds[entity].n_asked; i++)
		if (str_trim(rec->v[e->feeds[entity].asked[i]]).n)
			return true;
	return false;
}

/* Which tables the row feeds; values that none of them has go. */
static void set_feeds(const struct export *e, struct record *rec)
{
	const struct schema *s = e->name.schema;

	for (enum entity entity = 0; entity < ENTITY_COUNT; entity++)
		if (s->feeds & FEEDS(entity) && feeds_entity(e, rec, entity))
			rec->feeds |= FEEDS(entity);
	if (!rec->feeds)
		rec->feeds = s->feeds & -s->feeds;
	if (rec->feeds == s->feeds)
		return;
	for (enum field field = 0; field < F_COUNT; field++)
		if (!(e->tables[field] & rec->feeds))
			rec->v[field] = STR("");
}

/* "STEM:ROW" */
static struct str make_record_id(const struct export *e, uint32_t row, struct arena *a)
{
	size_t n = e->name.stem.n;
	char *p = arena_alloc(a, n + 11), digits[10];
	size_t k = sizeof(digits);

	memcpy(p, e->name.stem.p, n);
	p[n++] = ':';
	do {
		digits[--k] = (char)('0' + row % 10);
		row /= 10;
	} while (row);
	memcpy(p + n, digits + k, sizeof(digits) - k);
	return (struct str){ p, n + sizeof(digits) - k };
}

static struct str *room_for_cells(const struct export *e, struct str *local, struct arena *a)
{
	size_t n = e->header.n;

	return n <= USUAL_COLUMNS ? local : arena_alloc(a, n * sizeof(struct str));
}

bool export_record(const struct export *e, const struct raw_row *row, struct record *rec,
		   const char **code, struct str *detail, struct arena *a)
{
	const struct schema *s = e->name.schema;
	struct str local[USUAL_COLUMNS], *cells = room_for_cells(e, local, a);

	*rec = (struct record){ 0 };
	rec->v[F_RECORD_ID] = make_record_id(e, row->row, a);
	rec->v[F_SOURCE] = s->source;
	rec->v[F_OBSERVED_ON] = (struct str){ e->name.observed_on, 10 };
	if (!row_cells(e, row, cells, code, detail, a))
		return false;
	bind_cells(&e->header, cells, rec->v, a);
	set_feeds(e, rec);
	for (size_t i = 0; i < s->n_constants; i++)
		if (e->tables[s->constants[i].field] & rec->feeds)
			rec->v[s->constants[i].field] = s->constants[i].value;
	if (!str_trim(rec->v[F_DEALER_CODE]).n && !str_eq(e->name.sender, STR("hq")))
		rec->v[F_DEALER_CODE] = e->name.sender;
	return true;
}

/* What kept a cell text in a spreadsheet, and is not part of it: 'value and ="value". */
static struct str without_tricks(struct str s)
{
	s = str_trim(s);
	if (str_starts(s, STR("=\"")) && str_ends(s, STR("\"")) && s.n >= 3)
		return (struct str){ s.p + 2, s.n - 3 };
	if (str_starts(s, STR("'")))
		return (struct str){ s.p + 1, s.n - 1 };
	return s;
}

bool export_correction(const struct export *e, const struct raw_row *row, struct str *values,
		       const char **code, struct str *detail, struct arena *a)
{
	struct str local[USUAL_COLUMNS], *cells = room_for_cells(e, local, a);

	for (int i = 0; i < CRW_COLUMNS; i++)
		values[i] = STR("");
	values[CRW_RECORD_ID] = make_record_id(e, row->row, a);
	values[CRW_DEALER_CODE] = e->name.sender;
	values[CRW_OBSERVED_ON] = (struct str){ e->name.observed_on, 10 };
	if (!row_cells(e, row, cells, code, detail, a))
		return false;
	bind_cells(&e->header, cells, values, a);
	for (int i = CRW_REJECT_ID; i < CRW_COLUMNS; i++)
		values[i] = without_tricks(values[i]);
	return true;
}

void export_observe(struct export *e, const struct record *rec)
{
	evidence_add(&e->evidence, rec);
}

/* ---- what is known of it ---- */

struct str export_encoding(const struct export *e)
{
	return encoding_name(e->encoding);
}

struct str export_delimiter(const struct export *e)
{
	return (struct str){ &e->splitter.dialect.delimiter, 1 };
}

struct str export_header(const struct export *e)
{
	return e->header_bytes;
}

struct str export_field_header(const struct export *e, enum field field)
{
	return e->name.schema->corrections ? STR("") : e->header.field_headers[field];
}

struct str export_unknown_headers(const struct export *e, struct arena *a)
{
	return header_unknown(&e->header, a);
}

struct str export_findings(const struct export *e, struct arena *a)
{
	return evidence_findings(&e->evidence, a);
}
