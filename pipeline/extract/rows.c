#include "rows.h"

#include "table.h"
#include "text.h"

#include <stdlib.h>

struct piece *piece_new(uint64_t place)
{
	struct piece *piece = xmalloc(sizeof(*piece));

	piece->n = 0;
	piece->place = place;
	piece->evidence = (struct evidence){ .numbers = 0 };
	piece->arena = (struct arena){ 0 };
	records_init(&piece->records);
	return piece;
}

void piece_free(struct piece *piece)
{
	if (!piece)
		return;
	records_release(&piece->records);
	arena_release(&piece->arena);
	free(piece);
}

bool piece_fill(struct piece *piece, struct export *e)
{
	while (piece->n < PIECE_ROWS && export_next(e, &piece->rows[piece->n].raw))
		piece->n++;
	return piece->n > 0;
}

struct decoding { /* of one piece: what each row uses anew */
	const struct export *export;
	const struct export_name *name;
	const struct reference *reference;
	const struct forgotten *forgotten;
	struct arena row;
	struct buf key;
};

static void put_value(struct buf *b, struct str s)
{
	uint32_t n = (uint32_t)s.n;

	buf_add(b, &n, sizeof(n));
	buf_str(b, s);
}

/* Sender, schema and values tell rows apart; not the file, nor its date. */
static void identify(struct row *row, const struct record *rec, struct decoding *d)
{
	const struct schema *schema = d->name->schema;
	struct buf *b = &d->key;
	struct str key = STR("");

	buf_reset(b);
	put_value(b, schema->name);
	put_value(b, d->name->sender);
	size_t front = b->n;

	if (row->code) {
		put_value(b, row->raw.bytes);
	} else if (row->correction) {
		for (int i = CRW_REJECT_ID; i < CRW_COLUMNS; i++)
			put_value(b, row->correction[i]);
		key = row->correction[CRW_REJECT_ID];
	} else {
		for (int i = F_DEALER_CODE; i < F_COUNT; i++) {
			if (i != F_OBSERVED_ON && rec->v[i].n) {
				buf_char(b, (char)i);
				put_value(b, rec->v[i]);
			}
		}
		if (schema->key != F_COUNT)
			key = str_trim(rec->v[schema->key]);
		if (value_is_no_key(d->reference, key))
			key = STR("");
	}
	row->values = hash128(buf_view(b));
	row->key = 0;
	if (key.n) {
		b->n = front;
		put_value(b, key);
		row->key = hash64(buf_view(b)) | 1;
	}
}

/* ---- people who asked to be forgotten ---- */

static bool answers_forgotten(const struct forgotten *fg, const struct row *row, struct arena *a)
{
	return forgotten_number(fg, row->correction[CRW_VALUE], a) ||
	       forgotten_number(fg, row->correction[CRW_CORRECTED_VALUE], a);
}

/* The bytes that are kept lose what the cells lose. */
static void clear(const struct forgotten *fg, struct row *row, struct record *rec, const struct str *numbers, size_t n,
		  struct arena *a)
{
	struct forgotten_mention mentions[FORGOTTEN_CELLS];
	size_t n_mentions = forgotten_find_mentions(fg, rec, mentions, FORGOTTEN_CELLS, a);
	char *copy;

	if (!n && !n_mentions)
		return;
	copy = arena_bytes(a, row->raw.bytes.n);
	memcpy(copy, row->raw.bytes.p, row->raw.bytes.n);
	row->raw.bytes.p = copy;
	for (size_t i = 0; i < n; i++)
		forgotten_clear_number(rec, copy, row->raw.bytes.n, numbers[i], a);
	for (size_t i = 0; i < n_mentions; i++)
		forgotten_clear_mention(rec, copy, row->raw.bytes.n, &mentions[i], a);
}

/* A row of theirs goes; of somebody else's row, what it says of them. */
static void forget(const struct decoding *d, struct row *row, struct record *rec, struct arena *a)
{
	const struct forgotten *fg = d->forgotten;
	bool correction = row->correction != NULL;
	struct str numbers[FORGOTTEN_CELLS];
	size_t n = forgotten_find(fg, row->raw.bytes, numbers, FORGOTTEN_CELLS, a);
	char hash[CUSTOMER_ID_LENGTH];

	row->forgotten = row->code || correction ? n > 0 : forgotten_row(fg, rec, d->reference, a);
	if (correction && !row->code)
		row->forgotten |= answers_forgotten(fg, row, a);
	if (row->forgotten) {
		customer_id_make(&fg->key, (struct str){ (char *)&row->values, sizeof(row->values) }, hash);
		row->values = hash128((struct str){ hash, sizeof(hash) });
		row->raw.bytes.n = 0;
		return;
	}
	if (!row->code && !correction)
		clear(fg, row, rec, numbers, n, a);
}

/* ---- decoding ---- */

static void decode_row(struct decoding *d, struct piece *piece, size_t i)
{
	struct row *row = &piece->rows[i];
	bool correction = d->name->schema->corrections;
	struct record rec;

	row->code = row->raw.code;
	row->detail = row->raw.detail;
	row->correction = NULL;
	row->forgotten = false;
	if (correction) {
		row->correction = arena_zalloc(&piece->arena, CRW_COLUMNS * sizeof(struct str));
		if (!row->code)
			export_correction(d->export, &row->raw, row->correction, &row->code, &row->detail,
					  &piece->arena);
	} else if (!row->code && !export_record(d->export, &row->raw, &rec, &row->code, &row->detail,
						&d->row)) {
		row->detail = str_keep(&piece->arena, row->detail);
	}
	identify(row, &rec, d);
	if (forgotten_any(d->forgotten))
		forget(d, row, &rec, &piece->arena);
	if (!row->code && !row->forgotten && !correction) {
		evidence_add(&piece->evidence, &rec, piece->place + i);
		records_add(&piece->records, &rec);
	}
	arena_reset(&d->row);
}

void piece_decode(struct piece *piece, const struct export *e, const struct export_name *name,
		  const struct reference *reference, const struct forgotten *forgotten)
{
	struct decoding d = { .export = e, .name = name, .reference = reference, .forgotten = forgotten };

	for (size_t i = 0; i < piece->n; i++)
		decode_row(&d, piece, i);
	arena_release(&d.row);
	buf_release(&d.key);
}
