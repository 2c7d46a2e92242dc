/*
 * Everything the run speaks of: what each folder of the state holds and what is new, under
 * the names that the records have when all sights are seen in order. Repeated and withdrawn
 * rows are left out. Without a state this is the run's own, and nothing is copied.
 */
#include "book.h"

#include "again.h"
#include "fingerprint.h"
#include "segment.h"

#include <stdlib.h>

/* One folder of received data: a segment of the state, or this run. */
struct part {
	const char *dir; /* NULL: this run, through run_table */
	size_t segment;
};

void dataset_release(struct dataset *d)
{
	if (d->owns_records)
		records_release(&d->records);
	if (d->have_tables) {
		rowset_release(&d->rejects);
		rowset_release(&d->files);
		rowset_release(&d->seen);
		rowset_release(&d->corrections);
		rowset_release(&d->correction_rows);
		map_release(&d->judged);
	}
	mended_rows_release(&d->mended);
	*d = (struct dataset){ 0 };
}

static size_t list_parts(struct run *r, struct part **parts)
{
	struct book *b = r->book;
	size_t n = 0;

	*parts = arena_zalloc(&b->arena, sizeof(**parts) * ((b->have_state ? b->state.n_segments : 0) + 1));
	for (size_t i = 0; b->have_state && i < b->state.n_segments; i++)
		(*parts)[n++] = (struct part){ state_segment_dir(&b->state, i), i };
	/* A run directory that the state holds already is not counted twice. */
	return n + !received_last_known(b->received);
}

/* Rows that nobody recorded as received (tables written by hand) keep their name. */
bool dataset_current_name(struct run *r, struct str record_id, struct str *name, struct kept *kept,
			  struct arena *a)
{
	struct str stem;
	uint32_t row;

	record_id_split(record_id, &stem, &row);
	*name = record_id;
	kept->stem = (struct str){ 0 };
	if (!received_kept(r->book->received, stem, row, kept))
		return true;
	if (kept->state != KEPT)
		return false;
	if (kept->row != row || !str_eq(kept->stem, stem))
		*name = str_printf(a, "%.*s:%u", STR_FMT(kept->stem), kept->row);
	return true;
}

/* Of this run's own tables: extract and clean run by hand do not know what the state has. */
static bool left_out(const struct run *r, struct str record_id)
{
	struct str stem;
	uint32_t row;

	record_id_split(record_id, &stem, &row);
	return received_left_out(r->book->received, stem, row);
}

/* ---- records ---- */

/* A correction goes with the record that it mended. */
static void find_gone(const struct dataset *d, struct map *gone)
{
	for (size_t i = 0; i < d->corrections.n; i++)
		if (str_eq(rowset_value(&d->corrections, i, COR_STATUS), STR("withdrawn")))
			map_put(gone, rowset_value(&d->corrections, i, COR_RECORD_ID), 0, NULL);
}

/* A correction that came out of order is judged again by a later run, whose word counts. */
static bool is_outdated(const struct dataset *d, struct str source, struct str record_id, size_t part)
{
	const uint64_t *last = d->judged.n && str_eq(source, STR("correction")) ?
				       map_get(&d->judged, record_id) : NULL;

	return last && *last != part;
}

struct taking { /* the records of one part */
	struct run *r;
	size_t part;
	const struct map *gone;
	struct records *to;
	struct arena a;
};

/* Adds one that still stands, under its name. */
static void take_record(void *context, struct record *rec)
{
	struct taking *t = context;
	struct kept kept;

	if (dataset_current_name(t->r, rec->v[F_RECORD_ID], &rec->v[F_RECORD_ID], &kept, &t->a) &&
	    !(t->gone->n && map_get(t->gone, rec->v[F_RECORD_ID])) &&
	    !is_outdated(&t->r->book->all, rec->v[F_SOURCE], rec->v[F_RECORD_ID], t->part)) {
		if (kept.stem.n)
			rec->v[F_OBSERVED_ON] = kept.observed_on;
		records_add(t->to, rec);
	}
	arena_reset(&t->a);
}

static void take_own(struct taking *t, const struct records *own)
{
	struct arena a = { 0 };
	struct record rec;

	for (size_t i = 0; i < own->n; i++, arena_reset(&a)) {
		records_get(own, i, &rec, &a);
		if (!left_out(t->r, rec.v[F_RECORD_ID]))
			take_record(t, &rec);
	}
	arena_release(&a);
}

static bool take_part(struct taking *t, const struct part *part, struct fault *f)
{
	const char *dir = segment_cleaned_dir(t->r, part->segment, f);

	if (!dir || cleaned_each(dir, fingerprint_of(t->r), take_record, t, f))
		return dir != NULL;
	return fault_set(f, EXIT_FAILED, "%s/cleaned.gz is missing or not of these rules", dir);
}

static bool join_parts(struct run *r, const struct records *own, struct records *all, struct fault *f)
{
	struct part *parts;
	size_t n = list_parts(r, &parts);
	struct map gone = { 0 };
	bool ok = dataset_tables(r, f);

	if (ok)
		find_gone(&r->book->all, &gone);
	for (size_t i = 0; ok && i < n; i++) {
		struct taking t = { .r = r, .part = i, .gone = &gone, .to = all };

		if (parts[i].dir)
			ok = take_part(&t, &parts[i], f);
		else
			take_own(&t, own);
		arena_release(&t.a);
	}
	map_release(&gone);
	return ok;
}

/* Records only go, or change their names, where an earlier run gave one or an export is full. */
static bool is_all(const struct book *b)
{
	return (!b->have_state || !b->state.n_segments) && !received_withdrew(b->received);
}

bool dataset_records(struct run *r, struct fault *f)
{
	struct book *b = r->book;
	struct dataset *d = &b->all;
	const struct records *own;

	if (d->have_records)
		return true;
	if (!segments_prepare(r, f))
		return false;
	own = run_new_records(r, "clean", f);
	if (!own)
		return false;
	d->have_records = true;
	if (is_all(b)) {
		d->all = own;
		return true;
	}
	records_init(&d->records);
	records_share(&d->records);
	d->owns_records = true;
	d->all = &d->records;
	if (!join_parts(r, own, &d->records, f))
		return false;
	records_sort(&d->records);
	dataset_extra_records(r, &d->records);
	return true;
}

/* ---- tables ---- */

static bool load_part(struct run *r, const struct part *part, const struct table_def *def,
		      struct rowset *mine, const struct rowset **rs, struct fault *f)
{
	if (!part->dir) {
		*rs = run_table(r, def, true, f);
		return *rs != NULL;
	}
	const char *dir = part->dir;

	if (def == &table_rejects_clean || def == &table_corrections)
		dir = segment_cleaned_dir(r, part->segment, f);
	rowset_init(mine, def);
	*rs = mine;
	return dir && rowset_load(mine, dir, true, f);
}

/* NULL: whoever needs them tells why they cannot be read. */
static const struct codes *codes_of_today(struct run *r)
{
	struct fault told_elsewhere = { 0 };
	const struct codes *codes = run_codes(r, &told_elsewhere);

	fault_release(&told_elsewhere);
	return codes;
}

/* Rows of a table whose column `id` names a record, under the names of now. A reject keeps
 * its reject_id, under which a dealer knows it. */
static void take_rows(struct run *r, size_t part, bool own, const struct rowset *from, struct rowset *to,
		      int id)
{
	struct str v[TABLE_MAX_COLUMNS];
	struct arena a = { 0 };
	struct kept kept;
	bool rejects = to->def == &table_rejects_clean, corrections = to->def == &table_corrections;
	const struct codes *codes = own || from->def != &table_rejects_extract ? NULL : codes_of_today(r);

	for (size_t i = 0; i < from->n; i++, arena_reset(&a)) {
		rowset_get(from, i, v);
		struct str old = v[id];

		if (own && left_out(r, old))
			continue;
		if (!dataset_current_name(r, old, &v[id], &kept, &a))
			continue;
		if (corrections && !dataset_current_name(r, v[COR_BASE_RECORD_ID], &v[COR_BASE_RECORD_ID], &kept, &a))
			v[COR_STATUS] = STR("withdrawn");
		if (corrections)
			*map_put(&r->book->all.judged, v[id], part, NULL) = part;
		if (to->def == &table_correction_rows && kept.stem.n)
			v[CRW_OBSERVED_ON] = kept.observed_on;
		if (from->def == &table_rejects_clean &&
		    is_outdated(&r->book->all, v[REJ_SOURCE], v[id], part))
			continue;
		if (rejects && !str_eq(old, v[id])) {
			v[REJ_FILE] = received_find(r->book->received, kept.stem)->name;
			v[REJ_ROW] = str_printf(&a, "%u", kept.row);
		}
		if (codes)
			reject_say_again(v, codes, r->opt.lang, &a);
		rowset_add(to, v);
	}
	arena_release(&a);
}

/* The state has those that came before; what is expected of their rows today's schemas say. */
static void take_files(struct run *r, bool own, const struct rowset *from, struct rowset *to)
{
	struct fault told_elsewhere = { 0 };
	const struct schemas *schemas = own ? NULL : run_schemas(r, &told_elsewhere);
	struct str v[FIL_COLUMNS];
	struct arena a = { 0 };

	for (size_t i = 0; i < from->n; i++, arena_reset(&a)) {
		rowset_get(from, i, v);
		if (schemas)
			extract_file_again(schemas, v, &a);
		if (!own || !str_eq(v[FIL_STATUS], STR("ok")) || !received_left_out(r->book->received, v[FIL_STEM], 0))
			rowset_add(to, v);
	}
	fault_release(&told_elsewhere);
	arena_release(&a);
}

static bool take_table(struct run *r, const struct part *parts, size_t i, const struct table_def *def,
		       struct rowset *to, int id, struct fault *f)
{
	const struct part *part = &parts[i];
	struct rowset mine = { 0 };
	const struct rowset *rs;
	bool ok = load_part(r, part, def, &mine, &rs, f);

	if (ok && id >= 0)
		take_rows(r, i, !part->dir, rs, to, id);
	else if (ok)
		take_files(r, !part->dir, rs, to);
	if (part->dir)
		rowset_release(&mine);
	return ok;
}

static int by_record(const struct str *a, const struct str *b)
{
	return record_id_cmp(a[REJ_RECORD_ID], b[REJ_RECORD_ID]);
}

static int by_correction(const struct str *a, const struct str *b)
{
	return record_id_cmp(a[COR_RECORD_ID], b[COR_RECORD_ID]);
}

static int by_file(const struct str *a, const struct str *b)
{
	return str_cmp(a[FIL_FILE], b[FIL_FILE]);
}

static int by_seen(const struct str *a, const struct str *b)
{
	return record_id_cmp(a[SEEN_RECORD_ID], b[SEEN_RECORD_ID]);
}

static void add_seen(struct rowset *seen, const struct kept *kept, struct arena *a)
{
	struct str v[SEEN_COLUMNS] = {
		[SEEN_RECORD_ID] = str_printf(a, "%.*s:%u", STR_FMT(kept->stem), kept->row),
		[SEEN_LAST_SEEN] = kept->last_seen,
	};

	rowset_add(seen, v);
	arena_reset(a);
}

static void fill_seen(struct run *r, struct rowset *seen)
{
	const struct received *received = r->book->received;
	struct arena a = { 0 };
	struct kept kept;
	size_t cursor = 0;
	struct str stem;
	uint32_t row;

	while (received_next_seen(received, &cursor, &kept))
		add_seen(seen, &kept, &a);
	for (size_t i = 0; i < received_extras(received); i++) {
		received_extra(received, i, &stem, &row, &kept);
		if (str_cmp(kept.last_seen, kept.observed_on) > 0)
			add_seen(seen, &kept, &a);
	}
	rowset_sort(seen, by_seen);
	arena_release(&a);
}

/* Of a correction that was judged again the later word counts. */
static void settle_corrections(struct rowset *corrections)
{
	struct rowset last;
	struct str v[COR_COLUMNS];

	rowset_sort(corrections, by_correction);
	rowset_init(&last, &table_corrections);
	for (size_t i = 0; i < corrections->n; i++) {
		rowset_get(corrections, i, v);
		if (i + 1 == corrections->n ||
		    !str_eq(v[COR_RECORD_ID], rowset_value(corrections, i + 1, COR_RECORD_ID)))
			rowset_add(&last, v);
	}
	rowset_release(corrections);
	*corrections = last;
}

/* An answer of this run that was given on two days, another of an earlier run between them: the
 * second was judged by no run, either. */
static bool take_own_extras(struct run *r, struct fault *f)
{
	const struct rowset *rows = run_table(r, &table_correction_rows, true, f);
	struct str v[CRW_COLUMNS];
	struct rowset own;

	if (!rows)
		return false;
	rowset_init(&own, &table_correction_rows);
	for (size_t i = 0; i < rows->n; i++) {
		rowset_get(rows, i, v);
		if (!left_out(r, v[CRW_RECORD_ID]))
			rowset_add(&own, v);
	}
	size_t n = own.n;

	dataset_extras(r, &own, CRW_RECORD_ID);
	for (size_t i = n; i < own.n; i++) {
		rowset_get(&own, i, v);
		rowset_add(&r->book->all.correction_rows, v);
	}
	rowset_release(&own);
	return true;
}

bool dataset_tables(struct run *r, struct fault *f)
{
	struct dataset *d = &r->book->all;
	struct part *parts;
	size_t n;

	if (d->have_tables)
		return true;
	if (!segments_prepare(r, f))
		return false;
	n = list_parts(r, &parts);
	d->have_tables = true;
	rowset_init(&d->rejects, &table_rejects_clean);
	rowset_init(&d->files, &table_files);
	rowset_init(&d->seen, &table_seen);
	rowset_init(&d->corrections, &table_corrections);
	rowset_init(&d->correction_rows, &table_correction_rows);
	for (size_t i = 0; i < n; i++)
		if (!take_table(r, parts, i, &table_corrections, &d->corrections, COR_RECORD_ID, f))
			return false;
	for (size_t i = 0; i < n; i++) {
		if (!take_table(r, parts, i, &table_rejects_extract, &d->rejects, REJ_RECORD_ID, f) ||
		    !take_table(r, parts, i, &table_rejects_clean, &d->rejects, REJ_RECORD_ID, f) ||
		    !take_table(r, parts, i, &table_files, &d->files, -1, f) ||
		    (parts[i].dir && !take_table(r, parts, i, &table_correction_rows, &d->correction_rows,
						 CRW_RECORD_ID, f)))
			return false;
	}
	dataset_extras(r, &d->rejects, REJ_RECORD_ID);
	dataset_extras(r, &d->correction_rows, CRW_RECORD_ID);
	if (received_extras(r->book->received) && !take_own_extras(r, f))
		return false;
	rowset_sort(&d->rejects, by_record);
	rowset_sort(&d->files, by_file);
	settle_corrections(&d->corrections);
	fill_seen(r, &d->seen);
	return true;
}
