#include "export_inside.h"

#include "plain_value.h"
#include "table.h"
#include "text.h"

enum { USUAL_COLUMNS = 128 };

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
					       (unsigned long long)row->offset + bad));
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

/* Is there a value in the cell, not a word that stands for none (无, -)? */
static bool says_something(const struct reference *reference, struct str cell, bool counted,
			   struct arena *a)
{
	cell = str_trim(cell);
	if (!cell.n || !reference)
		return cell.n > 0;
	cell = text_clean(a, value_undress(cell));
	return cell.n && (!value_is_empty_like(reference, cell) || (counted && str_is_digits(cell)));
}

/* The pieces of an address or an invoice number; words for nothing among them are left out, but
 * not of one word that was cut in two: 略 may be somebody's given name. */
static struct str join_pieces(const struct joined_binding *j, const struct reference *reference,
			      const struct str *cells, struct arena *a)
{
	struct str joined = STR("");
	struct buf b = { 0 };
	size_t filled = 0;

	for (size_t i = 0; i < j->n_pieces; i++) {
		struct str piece = j->pieces[i] ? str_trim(cells[j->pieces[i] - 1]) : STR("");
		bool said = j->keep ? piece.n > 0 : says_something(reference, piece, true, a);

		if (!said && j->between.n)
			piece = STR("");
		if (j->keep ? i > 0 : piece.n && b.n)
			buf_str(&b, j->between);
		buf_str(&b, piece);
		filled += said;
	}
	if (filled)
		joined = str_keep(a, buf_view(&b));
	buf_release(&b);
	return joined;
}

/* The first cell with anything in it: where none says something, what stands there instead. */
static struct str first_word(const struct joined_binding *j, const struct str *cells)
{
	for (size_t i = 0; i < j->n_whole; i++)
		if (str_trim(cells[j->whole[i]]).n)
			return cells[j->whole[i]];
	for (size_t i = 0; i < j->n_pieces; i++)
		if (j->pieces[i] && str_trim(cells[j->pieces[i] - 1]).n)
			return str_trim(cells[j->pieces[i] - 1]);
	return STR("");
}

/* The first of several columns that says something, else the pieces together. */
static struct str join_cells(const struct joined_binding *j, const struct reference *reference,
			     const struct str *cells, struct arena *a)
{
	struct str joined;

	for (size_t i = 0; i < j->n_whole; i++)
		if (says_something(reference, cells[j->whole[i]], j->counted, a))
			return cells[j->whole[i]];
	joined = join_pieces(j, reference, cells, a);
	return joined.n ? joined : first_word(j, cells);
}

static void bind_cells(const struct header *h, const struct reference *reference,
		       const struct str *cells, struct str *values, struct arena *a)
{
	for (size_t i = 0; i < h->n_cells; i++)
		values[h->cells[i].field] = cells[h->cells[i].column];
	for (size_t i = 0; i < h->n_joined; i++)
		values[h->joined[i].field] = join_cells(&h->joined[i], reference, cells, a);
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
	for (size_t i = 0; i < e->header.n_cells; i++)
		if (!(e->tables[e->header.cells[i].field] & rec->feeds))
			rec->v[e->header.cells[i].field] = STR("");
	for (size_t i = 0; i < e->header.n_joined; i++)
		if (!(e->tables[e->header.joined[i].field] & rec->feeds))
			rec->v[e->header.joined[i].field] = STR("");
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

/* Where the row names no dealer, or says so by a word (无, NULL, 0), its sender holds. */
static bool names_dealer(const struct export *e, struct str cell, struct arena *a)
{
	cell = text_clean(a, value_undress(str_trim(cell)));
	return cell.n && !(e->reference && value_is_no_key(e->reference, cell));
}

bool export_record(const struct export *e, const struct raw_row *row, struct record *rec,
		   const char **code, struct str *detail, struct arena *a)
{
	const struct schema *s = e->name.schema;
	struct str local[USUAL_COLUMNS], *cells = room_for_cells(e, local, a);

	memset(rec, 0, sizeof(*rec));
	rec->v[F_RECORD_ID] = make_record_id(e, row->row, a);
	rec->v[F_SOURCE] = s->source;
	rec->v[F_OBSERVED_ON] = (struct str){ e->name.observed_on, 10 };
	if (!row_cells(e, row, cells, code, detail, a))
		return false;
	bind_cells(&e->header, e->reference, cells, rec->v, a);
	set_feeds(e, rec);
	for (size_t i = 0; i < s->n_constants; i++)
		if (e->tables[s->constants[i].field] & rec->feeds)
			rec->v[s->constants[i].field] = s->constants[i].value;
	if (!names_dealer(e, rec->v[F_DEALER_CODE], a))
		rec->v[F_DEALER_CODE] = str_eq(e->name.sender, STR("hq")) ? STR("") : e->name.sender;
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
	bind_cells(&e->header, NULL, cells, values, a);
	for (int i = CRW_REJECT_ID; i < CRW_COLUMNS; i++)
		values[i] = without_tricks(values[i]);
	return true;
}
