/*
 * A small run directory made by hand, as extract, clean, resolve and merge would leave it,
 * and the stage over it.
 */
#ifndef YICE_TEST_NIGHT_H
#define YICE_TEST_NIGHT_H

#include "../lib/scratch.h"

#include "book.h"
#include "returns.h"
#include "stage.h"

static struct night {
	struct received *received;
	struct records records;
	struct rowset *sent; /* what a run before had sent; NULL: there was none */
	struct rowset files, told, resolve_told, merge_told, corrections, customers, clusters;
	struct received_file file;
	bool begun;
	struct arena arena;
} night;

static inline void night_begin(void)
{
	struct fault f = {0};

	night = (struct night){0};
	scratch_make();
	night.received = received_open(NULL, 0, &f);
	cr_assert(received_create(night.received, scratch_path("extract"), &f));
	records_init(&night.records);
	rowset_init(&night.files, &table_files);
	rowset_init(&night.told, &table_rejects_clean);
	rowset_init(&night.resolve_told, &table_rejects_resolve);
	rowset_init(&night.merge_told, &table_rejects_merge);
	rowset_init(&night.corrections, &table_corrections);
	rowset_init(&night.customers, &table_customer);
	rowset_init(&night.clusters, &table_clusters);
}

/* "dms_customer", "D001", "2026-03-01", "" or "_PART"; encoding and header as given. */
static inline void night_file_as(const char *schema, const char *sender, const char *date,
				 const char *part, const char *encoding, struct str header)
{
	struct str v[FIL_COLUMNS] = {0};
	struct received_file *file = &night.file;

	if (night.begun)
		received_end(night.received);
	night.begun = true;
	*file = (struct received_file){.schema = str_of(schema),
				       .sender = str_of(sender),
				       .encoding = str_of(encoding),
				       .delimiter = ',',
				       .header = header};
	memcpy(file->observed_on, date, 10);
	file->stem = str_printf(&night.arena, "%s_%s_%.4s%.2s%.2s%s", schema, sender, date,
				date + 5, date + 8, part);
	file->name = str_printf(&night.arena, "%.*s.csv", STR_FMT(file->stem));
	received_begin(night.received, file);
	v[FIL_FILE] = file->name;
	v[FIL_STEM] = file->stem;
	v[FIL_SCHEMA] = file->schema;
	v[FIL_SENDER] = file->sender;
	v[FIL_OBSERVED_ON] = str_of(date);
	v[FIL_ENCODING] = file->encoding;
	v[FIL_DELIMITER] = STR(",");
	v[FIL_STATUS] = STR("ok");
	rowset_add(&night.files, v);
}

static inline void night_file(const char *schema, const char *sender, const char *date)
{
	night_file_as(schema, sender, date, "", "UTF-8", STR("客户编号,客户姓名,证件号码,手机\n"));
}

/* A row of the file begun last, and its record unless it was rejected (`rec` NULL). */
static inline void night_bytes(uint32_t row, const char *key, struct str bytes, struct record *rec)
{
	struct str name = str_printf(&night.arena, "%.*s/%.*s/%s", STR_FMT(night.file.schema),
				     STR_FMT(night.file.sender), key);

	received_sight(night.received, row, 0, bytes, hash128(bytes), *key ? hash64(name) : 0);
	if (!rec)
		return;
	rec->feeds = FEEDS(ENTITY_CUSTOMER);
	rec->v[F_RECORD_ID] = str_printf(&night.arena, "%.*s:%u", STR_FMT(night.file.stem), row);
	rec->v[F_OBSERVED_ON] = (struct str){night.file.observed_on, 10};
	rec->v[F_SOURCE_KEY] = str_of(key);
	records_add(&night.records, rec);
}

static inline void night_row(uint32_t row, const char *key, const char *name, const char *mobile)
{
	struct record rec = {0};

	rec.v[F_SOURCE] = STR("dms");
	rec.v[F_DEALER_CODE] = night.file.sender;
	rec.v[F_NAME] = str_of(name);
	rec.v[F_MOBILE] = str_of(mobile);
	rec.v[F_SALES_CONSULTANT] = STR("王顾问");
	night_bytes(row, key, str_printf(&night.arena, "%s,%s,,%s\n", key, name, mobile), &rec);
}

struct told { /* one line of a rejects table */
	const char *record, *dealer, *field, *value, *code, *action, *message;
};

static inline void night_tell_in(struct rowset *rs, struct told t)
{
	struct str v[REJ_COLUMNS] = {0}, stem;
	uint32_t row;
	char *id = arena_alloc(&night.arena, 16);

	record_id_split(str_of(t.record), &stem, &row);
	reject_id_make(str_of(t.record), str_of(t.field), str_of(t.code), id);
	v[REJ_REJECT_ID] = (struct str){id, 16};
	v[REJ_RECORD_ID] = str_of(t.record);
	v[REJ_DEALER_CODE] = str_of(t.dealer);
	v[REJ_FILE] = str_printf(&night.arena, "%.*s.csv", STR_FMT(stem));
	v[REJ_ROW] = str_printf(&night.arena, "%u", row);
	v[REJ_FIELD] = str_of(t.field);
	v[REJ_VALUE] = str_of(t.value);
	v[REJ_CODE] = str_of(t.code);
	v[REJ_ACTION] = str_of(t.action ? t.action : "blank");
	v[REJ_MESSAGE] = str_of(t.message ? t.message : "有误");
	v[REJ_SUGGESTION] = STR("请改正");
	rowset_add(rs, v);
}

static inline void night_tell(struct told t)
{
	night_tell_in(&night.told, t);
}

/* The usual fault of these tests: a mobile of D001's that is too short. */
static inline void night_short_mobile(const char *record, const char *value)
{
	night_tell((struct told){record, "D001", "mobile", value, "MOBILE_TOO_SHORT", NULL, NULL});
}

static inline struct str night_reject_id(const char *record, const char *field, const char *code)
{
	char *id = arena_alloc(&night.arena, 16);

	reject_id_make(str_of(record), str_of(field), str_of(code), id);
	return (struct str){id, 16};
}

static inline void night_correct(const char *correction, const char *date, const char *record,
				 const char *field, const char *code, const char *value,
				 const char *status)
{
	struct str v[COR_COLUMNS] = {0};

	v[COR_RECORD_ID] = str_of(correction);
	v[COR_REJECT_ID] = night_reject_id(record, field, code);
	v[COR_BASE_RECORD_ID] = str_of(record);
	v[COR_OBSERVED_ON] = str_of(date);
	v[COR_FIELD] = str_of(field);
	v[COR_CODE] = str_of(code);
	v[COR_VALUE] = str_of(value);
	v[COR_STATUS] = str_of(status);
	v[COR_REASON] = STR("MOBILE_TOO_SHORT");
	rowset_add(&night.corrections, v);
}

/* What was told until now was sent by a run before, on the day of the file. */
static inline void night_sent(void)
{
	static const char *const columns[] = {"reject_id",  "dealer_code", "code",
					      "status",	    "first_sent",  "last_seen",
					      "closed_on",  "record_id",   "field",
					      NULL};
	static const struct table_def memory = {"return/memory", columns, 0};
	struct str day = {night.file.observed_on, 10}, v[REJ_COLUMNS];

	night.sent = xcalloc(1, sizeof(*night.sent));
	rowset_init(night.sent, &memory);
	for (size_t i = 0; i < night.told.n; i++) {
		rowset_get(&night.told, i, v);
		rowset_add(night.sent,
			   (struct str[]){v[REJ_REJECT_ID], v[REJ_DEALER_CODE], v[REJ_CODE],
					  STR("open"), day, day, STR(""), v[REJ_RECORD_ID],
					  v[REJ_FIELD]});
	}
}

/* The state's memory is put into the hands of the run, as if it had read it. */
static inline void night_remind(struct run *r)
{
	struct book *b = r->book;

	if (!night.sent)
		return;
	map_put(&b->previous, str_of(night.sent->def->path), b->n_rowsets, NULL);
	GROW(b->rowsets, b->n_rowsets, b->cap_rowsets);
	b->rowsets[b->n_rowsets++] = night.sent;
	night.sent = NULL;
}

static inline void night_save(struct rowset *rs)
{
	struct fault f = {0};

	cr_assert(rowset_save(rs, scratch_dir, &f), "%.*s", STR_FMT(f.text));
	rowset_release(rs);
}

static inline void night_end(void)
{
	struct fault f = {0};

	if (night.begun)
		received_end(night.received);
	cr_assert(received_commit(night.received, &f), "%.*s", STR_FMT(f.text));
	received_close(night.received);
	records_sort(&night.records);
	cr_assert(records_save(&night.records, scratch_path("clean"), &f), "%.*s", STR_FMT(f.text));
	records_release(&night.records);
	night_save(&night.files);
	night_save(&night.told);
	night_save(&night.resolve_told);
	night_save(&night.merge_told);
	night_save(&night.corrections);
	night_save(&night.customers);
	night_save(&night.clusters);
}

static inline void night_forget(void)
{
	arena_release(&night.arena);
	scratch_remove();
}

/* A run over the folder, opened; the caller closes the book. */
static inline struct run night_run(const char *date)
{
	struct run r = {.opt = {.in = scratch_dir,
				.out = scratch_dir,
				.date = date,
				.rules = "rules",
				.schemas = "schemas",
				.jobs = 2,
				.quiet = true}};

	book_open(&r);
	night_remind(&r);
	return r;
}

static inline void night_return(const char *date)
{
	struct run r = night_run(date);
	struct fault f = {0};

	cr_assert(stage_return.run(&r, &f), "%.*s", STR_FMT(f.text));
	book_close(&r);
	arena_release(&r.arena);
}

/* The whole of a file below the run directory; "" where there is none. Kept in the arena. */
static inline struct str night_read(const char *name)
{
	struct fault f = {0};
	struct infile in;
	struct str bytes;

	if (!infile_open(&in, scratch_path(name), true, (struct infile_limits){0}, &f)) {
		fault_release(&f);
		return (struct str){0};
	}
	bytes = str_keep(&night.arena, in.bytes);
	infile_close(&in);
	return bytes;
}

#endif
