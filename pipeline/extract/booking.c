#include "booking.h"

#include "decisions.h"
#include "export_inside.h"
#include "file_note.h"
#include "mask.h"

#include <stdlib.h>

void booking_init(struct booking *b, struct run *r)
{
	*b = (struct booking){ .r = r };
	records_init(&b->records);
	records_share(&b->records);
	rowset_init(&b->rejects, &table_rejects_extract);
	rowset_init(&b->files, &table_files);
	rowset_init(&b->corrections, &table_correction_rows);
	rowset_init(&b->decisions, &table_decisions);
	rowset_init(&b->ledger, &table_ledger);
}

void booking_release(struct booking *b)
{
	if (b->records.store)
		records_release(&b->records);
	if (b->rejects.store)
		rowset_release(&b->rejects);
	if (b->files.store)
		rowset_release(&b->files);
	if (b->corrections.store)
		rowset_release(&b->corrections);
	if (b->decisions.store)
		rowset_release(&b->decisions);
	if (b->ledger.store)
		rowset_release(&b->ledger);
}

/* ---- rows ---- */

static void book_bad_row(struct booking *b, const struct inbox_file *file, const struct row *row, struct arena *a)
{
	const struct export_name *name = &file->name;
	struct reject reject = {
		.code = codes_find(b->codes, str_of(row->code)),
		.record_id = str_printf(a, "%.*s:%u", STR_FMT(name->stem), row->raw.row),
		.source = name->schema->source,
		.dealer_code = str_eq(name->sender, STR("hq")) ? STR("") : name->sender,
		.file = file->file,
		.detail = row->detail,
	};

	if (!reject.code)
		BUG("code %s is not in rules/codes.csv", row->code);
	reject.action = reject.code->action;
	reject_add(&b->rejects, &reject, b->r->opt.lang, a);
	b->counts.rejected++;
}

enum { AHEAD = 12 }; /* rows */

static uint64_t kept_key(const struct row *row)
{
	return row->forgotten ? 0 : row->key;
}

/* *records: how many of the piece's records lie before the row's. */
static void book_row(struct booking *b, const struct inbox_file *file, struct piece *piece, size_t i,
		     size_t *records)
{
	const struct row *row = &piece->rows[i];
	bool correction = file->name.schema->corrections;
	bool record = !row->code && !row->forgotten && !correction;
	size_t own = *records;
	enum sight sight = received_sight(b->received, row->raw.row, row->raw.offset, row->raw.bytes,
					  row->values, kept_key(row));

	*records += record;
	b->counts.rows++;
	if (sight == SIGHT_DUPLICATE || row->forgotten) {
		b->counts.duplicate++;
	} else if (row->code) {
		book_bad_row(b, file, row, &piece->arena);
	} else {
		b->counts.accepted++;
		if (correction)
			rowset_add(&b->corrections, row->correction);
		else
			records_append_one(&b->records, &piece->records, own);
	}
}

void book_rows(struct booking *b, struct reading *r)
{
	for (size_t k = 0; k < r->n; k++) {
		struct piece *piece = r->pieces[k];
		size_t records = 0;

		export_join_evidence(r->export, &piece->evidence);
		for (size_t i = 0; i < piece->n; i++) {
			if (i + AHEAD < piece->n)
				received_prefetch(b->received, piece->rows[i + AHEAD].values,
						  kept_key(&piece->rows[i + AHEAD]));
			book_row(b, r->file, piece, i, &records);
		}
		piece_free(piece);
	}
	r->n = 0;
}

/* ---- files ---- */

static void begin_received(struct booking *b, const struct inbox_file *file, const struct export *e)
{
	struct received_file info = {
		.name = file->file,
		.stem = file->name.stem,
		.schema = file->name.schema->name,
		.sender = file->name.sender,
		.sha256 = { file->sha256, 64 },
		.encoding = export_encoding(e),
		.delimiter = export_delimiter(e).n ? export_delimiter(e).p[0] : ',',
		.full = file->name.schema->full,
		.header = export_header(e),
	};

	memcpy(info.observed_on, file->name.observed_on, sizeof(info.observed_on));
	received_begin(b->received, &info);
}

void book_begin(struct booking *b, struct reading *r)
{
	b->counts = (struct counts){ 0 };
	if (r->export)
		begin_received(b, r->file, r->export);
}

static void note_file(struct booking *b, struct reading *r)
{
	const struct inbox_file *file = r->file;
	const struct schema *schema = file->name.schema;
	struct arena *a = &r->arena;
	struct str v[FIL_COLUMNS] = {
		[FIL_FILE] = file->file,
		[FIL_SHA256] = { file->sha256, file->sha256[0] ? 64 : 0 },
		[FIL_STATUS] = file->reason.n ? STR("quarantined") : STR("ok"),
		[FIL_REASON] = file->reason,
		[FIL_ROWS] = str_printf(a, "%llu", (unsigned long long)b->counts.rows),
	};

	if (schema) { /* so that the answer reaches the sender of a misnamed file too */
		v[FIL_SCHEMA] = schema->name;
		v[FIL_SENDER] = file->name.sender;
		v[FIL_SOURCE] = schema->source;
	}
	if (schema && !file->misnamed) {
		v[FIL_STEM] = file->name.stem;
		v[FIL_OBSERVED_ON] = (struct str){ file->name.observed_on, 10 };
		v[FIL_MODE] = schema->full ? STR("full") : STR("delta");
		v[FIL_FEEDS] = file_note_feeds(schema, a);
		v[FIL_EXPECTS] = file_note_expects(schema, a);
	}
	if (r->export) {
		v[FIL_ENCODING] = export_encoding(r->export);
		v[FIL_DELIMITER] = export_delimiter(r->export);
		v[FIL_HEADERS] = file_note_headers(r->export, a);
		v[FIL_UNKNOWN_HEADERS] = export_unknown_headers(r->export, a);
		v[FIL_FINDINGS] = export_findings(r->export, a);
	}
	rowset_add(&b->files, v);
}

static void note_ledger(struct booking *b, struct reading *r, struct str encoding)
{
	const struct inbox_file *file = r->file;
	struct arena *a = &r->arena;
	const struct counts *c = &b->counts;
	bool named = file->name.schema != NULL;
	struct str v[LED_COLUMNS] = {
		[LED_FILE] = file->file,
		[LED_SOURCE] = named ? file->name.schema->source : STR(""),
		[LED_SENDER] = named ? file->name.sender : STR(""),
		[LED_SHA256] = { file->sha256, file->sha256[0] ? 64 : 0 },
		[LED_ENCODING] = encoding,
		[LED_ROWS] = str_printf(a, "%llu", (unsigned long long)c->rows),
		[LED_ACCEPTED] = str_printf(a, "%llu", (unsigned long long)c->accepted),
		[LED_FLAGGED] = STR("0"),
		[LED_REJECTED] = str_printf(a, "%llu", (unsigned long long)c->rejected),
		[LED_DUPLICATE] = str_printf(a, "%llu", (unsigned long long)c->duplicate),
		[LED_STATUS] = file->reason.n ? STR("quarantined") : STR("ok"),
		[LED_REASON] = file->reason,
	};

	rowset_add(&b->ledger, v);
}

/* Where a header has the number of a person, it is a row of somebody's: no value of it is told. */
static struct str reason_told(struct arena *a, struct str reason)
{
	static const struct str has = STR_INIT("; the header has: ");
	ptrdiff_t at = str_find(reason, has);
	struct str header;

	if (at < 0)
		return reason;
	header = str_span(reason.p + at + has.n, reason.p + reason.n);
	if (str_eq(header, mask_text(a, header)))
		return reason;
	return str_printf(a, "%.*sa row of values; put the header above it", (int)((size_t)at + has.n), reason.p);
}

static void note(struct booking *b, struct reading *r)
{
	struct inbox_file *file = r->file;

	if (file->reason.n) {
		file->reason = reason_told(&r->arena, file->reason);
		b->r->needs_person = true;
		run_say(b->r, "quarantine: %.*s: %.*s", STR_FMT(file->file), STR_FMT(file->reason));
	}
	note_file(b, r);
	note_ledger(b, r, r->export ? export_encoding(r->export) : STR(""));
}

/* A file of decisions has no rows for the tables. */
static void read_decisions(struct booking *b, struct reading *r)
{
	struct inbox_file *file = r->file;

	file->reason = (struct str){ 0 };
	decisions_read(file->path, &b->decisions, &b->counts.rows, &r->arena, &file->reason);
	b->counts.accepted = b->counts.rows;
}

static void end_new(struct booking *b, struct reading *r)
{
	struct inbox_file *file = r->file;
	bool decisions = decisions_is_file(file->file) && !file->changed, intact = true;

	if (r->export)
		received_end(b->received);
	if (decisions)
		read_decisions(b, r);
	if (decisions || r->opened)
		intact = inbox_file_unchanged(file) && (!r->export || export_intact(r->export));
	if (intact)
		note(b, r);
	else
		file->changed = b->changed = true;
}

void book_end(struct booking *b, struct reading *r)
{
	if (r->file->known) {
		b->counts.rows = b->counts.duplicate = r->file->known->rows;
		note_ledger(b, r, r->file->known->encoding);
	} else {
		end_new(b, r);
	}
	export_close(r->export);
	free(r->pieces);
	arena_release(&r->arena);
}
