#include "export_inside.h"

#include "disguise.h"
#include "layout.h"
#include "workbook.h"

#include <stdlib.h>

enum { PASSED_STEP = 32 << 20 };

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

static struct export *export_new(const struct export_name *name, const struct reference *reference)
{
	struct export *e = xcalloc(1, sizeof(*e));

	e->name = *name;
	e->reference = reference;
	e->file.mapping = -1;
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

static struct str no_header(const struct schema *schema, struct str bytes, struct arena *a)
{
	struct str is = disguise_of(bytes);

	if (is.n)
		return str_printf(a, "the file is %.*s, not an export; send the rows as CSV or as a "
				     "workbook", STR_FMT(is));
	return str_printf(a, "no line is a header of schema %.*s (which has %.*s ...)",
			  STR_FMT(schema->name), STR_FMT(header_wanted(schema, a)));
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

	e->encoding = encoding_detect(e->bytes, &e->file, &e->sound);
	e->front = encoding_bom(e->encoding).n;
	text = make_text(e);
	if (layout_find(&l, text, e->encoding, &schema->known, limits, &e->arena))
		return take_layout(e, &l, text, limits, reason);
	/* Few lines and a fault in them can mislead; a header that makes sense does not. */
	if (!e->sound && (e->encoding == ENCODING_UTF8 || e->encoding == ENCODING_GB18030)) {
		e->encoding = e->encoding == ENCODING_UTF8 ? ENCODING_GB18030 : ENCODING_UTF8;
		if (layout_find(&l, text, e->encoding, &schema->known, limits, &e->arena))
			return take_layout(e, &l, text, limits, reason);
	}
	*reason = no_header(schema, e->bytes, &e->arena);
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
	if (!layout_find(&l, e->bytes, e->encoding, &e->name.schema->known, search->limits,
			 &e->arena))
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

static bool holds_days(enum field field)
{
	return look_of_field(field) == LOOK_DATE || field == F_INTENDED_PURCHASE_DATE;
}

/* The columns of the sheet whose header is bound that hold days. */
static void know_days(struct export *e, struct sheet_taker *taker)
{
	const struct header *h = &e->header;
	bool *days = arena_zalloc(&e->arena, h->n + 1);

	if (e->name.schema->corrections)
		return;
	for (size_t i = 0; i < h->n_cells; i++)
		days[h->cells[i].column] |= holds_days(h->cells[i].field);
	for (size_t i = 0; i < h->n_joined; i++)
		for (size_t k = 0; k < h->joined[i].n_whole; k++)
			days[h->joined[i].whole[k]] |= holds_days(h->joined[i].field);
	taker->days = days;
	taker->n_days = h->n;
}

static bool open_workbook(struct export *e, enum workbook_kind kind, const struct limits *limits,
			  struct str *reason)
{
	struct sheet_search search = { { .take = try_sheet }, e, limits, false, reason };
	struct str bytes = e->bytes;

	e->encoding = kind == WORKBOOK_XLSX ? ENCODING_XLSX :
		      kind == WORKBOOK_XLS  ? ENCODING_XLS :
					      ENCODING_HTML;
	if (!workbook_read(kind, bytes, limits, &search.taker, &e->arena, reason))
		return false;
	if (search.found && search.taker.since_1904) {
		/* Only its header tells which plain numbers are days: read it with that again. */
		know_days(e, &search.taker);
		buf_release(&e->sheet);
		search.found = false;
		if (!workbook_read(kind, bytes, limits, &search.taker, &e->arena, reason))
			return false;
	}
	if (!search.found && !reason->n)
		*reason = no_header(e->name.schema, STR(""), &e->arena);
	return search.found;
}

/* Its mark begins with that of UTF-16, whose zeros would pass for noise. */
static bool is_utf32(struct str bytes)
{
	return str_starts(bytes, STR("\xFF\xFE\0\0")) || str_starts(bytes, STR("\0\0\xFE\xFF"));
}

static bool open_any(struct export *e, const struct limits *limits, struct str *reason)
{
	enum workbook_kind kind = workbook_kind(e->bytes);

	if (kind != WORKBOOK_NONE)
		return open_workbook(e, kind, limits, reason);
	if (!str_trim(e->bytes).n) {
		*reason = STR("the file is empty");
		return false;
	}
	if (is_utf32(e->bytes)) {
		*reason = STR("the file is UTF-32, which is not read; save it as UTF-8");
		return false;
	}
	return open_text(e, limits, reason);
}

/* e, or NULL and e closed. */
static struct export *open_or_close(struct export *e, const struct limits *limits, struct arena *a,
				    struct str *reason)
{
	*reason = STR("");
	if (open_any(e, limits, reason))
		return e;
	*reason = str_keep(a, *reason);
	export_close(e);
	return NULL;
}

struct export *export_open_bytes(struct str bytes, const struct export_name *name,
				 const struct limits *limits, const struct reference *reference,
				 struct arena *a, struct str *reason)
{
	struct export *e = export_new(name, reference);

	e->bytes = bytes;
	return open_or_close(e, limits, a, reason);
}

/* The first line of what went wrong; where the inbox lies is no part of the ledger. */
static struct str without_folder(struct str text, struct str path, struct str name, struct arena *a)
{
	struct str line = STR("");
	ptrdiff_t at;

	str_cut(&text, '\n', &line);
	at = str_find(line, path);
	if (at < 0)
		return str_keep(a, line);
	return str_printf(a, "%.*s%.*s%.*s", (int)at, line.p, STR_FMT(name),
			  (int)(line.n - (size_t)at - path.n), line.p + at + path.n);
}

struct export *export_open(const char *path, const struct export_name *name,
			   const struct limits *limits, const struct reference *reference,
			   struct arena *a, struct str *reason)
{
	struct export *e = export_new(name, reference);
	struct fault fault = { 0 };

	if (infile_open(&e->file, path, true, limits->file, &fault)) {
		e->bytes = e->file.bytes;
		return open_or_close(e, limits, a, reason);
	}
	*reason = without_folder(buf_view(&fault.text), str_of(path), name->name, a);
	fault_release(&fault);
	export_close(e);
	return NULL;
}

struct export *export_reopen(const struct export_name *name, struct str header,
			     struct str encoding, char delimiter,
			     const struct reference *reference, struct arena *a,
			     struct str *reason)
{
	struct export *e = export_new(name, reference);
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

/* Rows that are still on their way through the workers lie in the last stretch. */
static void give_back(struct export *e)
{
	if (e->offset - e->passed < PASSED_STEP || e->encoding >= ENCODING_XLSX)
		return;
	infile_passed(&e->file, e->passed, e->offset - PASSED_STEP / 4);
	e->passed = e->offset - PASSED_STEP / 4;
}

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
		give_back(e);
		if (split == SPLIT_BLANK || str_eq(part, e->header_row))
			continue; /* appended exports repeat their header */
		if (split == SPLIT_QUOTES)
			row->code = "ROW_QUOTES";
		if (split == SPLIT_LONG) {
			row->code = "ROW_COLUMNS";
			row->detail = str_printf(&e->arena, "%zu > %zu bytes", part.n, e->max_row);
			if (length > e->max_row)
				row->bytes.n = e->max_row;
		}
		return true;
	}
}

void export_observe(struct export *e, const struct record *rec)
{
	evidence_add(&e->evidence, rec, e->observed++);
}

void export_join_evidence(struct export *e, const struct evidence *of_some_rows)
{
	evidence_join(&e->evidence, of_some_rows);
}

size_t export_size(const struct export *e)
{
	return e->bytes.n;
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
