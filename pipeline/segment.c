/*
 * The cleaned form of a segment of the state, in a folder named after the fingerprint of the
 * rules that made it: received/NNNNNN/rules-FINGERPRINT/. Where the rules have changed since,
 * it is made again from the original rows: beside the old one when a run holds the lock (the
 * old one goes once the state has switched), else in a private folder for the time of the
 * command.
 *
 * Rows are cleaned segment by segment. Corrections answer what was told of any of them, so
 * they are judged when all rows are there, as if everything had come today; until then the
 * folders have another name, so that a run that was cut off leaves nothing that looks made.
 */
#include "segment.h"

#include "again.h"
#include "fingerprint.h"
#include "outfile.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static bool is_made(struct arena *a, const char *dir)
{
	return file_exists(str_keepz(a, str_printf(a, "%s/cleaned.gz", dir)));
}

/* What its exports brought: the lines of its files as today's schemas have them. */
static bool load_files(struct run *r, const char *segment, struct rowset *files, struct fault *f)
{
	const struct schemas *schemas = run_schemas(r, f);
	struct str v[FIL_COLUMNS];
	struct arena a = { 0 };
	struct rowset then;
	bool ok;

	rowset_init(&then, &table_files);
	ok = schemas && rowset_load(&then, segment, false, f);
	for (size_t i = 0; ok && i < then.n; i++, arena_reset(&a)) {
		rowset_get(&then, i, v);
		extract_file_again(schemas, v, &a);
		rowset_add(files, v);
	}
	rowset_release(&then);
	arena_release(&a);
	return ok;
}

static bool make_rows(struct run *r, const char *segment, const char *dir, struct fault *f)
{
	struct book *b = r->book;
	struct rowset files, no_rows, rejects, corrections;
	struct records extracted, cleaned;
	bool ok;

	rowset_init(&files, &table_files);
	rowset_init(&no_rows, &table_rejects_extract);
	rowset_init(&rejects, &table_rejects_clean);
	rowset_init(&corrections, &table_corrections);
	records_init(&extracted);
	records_init(&cleaned);
	ok = load_files(r, segment, &files, f) && rowset_load(&no_rows, segment, true, f) &&
	     extract_again(r, b->received, &files, &no_rows, &extracted, f) &&
	     clean_again(r, &extracted, &files, &cleaned, &rejects, f) && rowset_save(&rejects, dir, f) &&
	     rowset_save(&corrections, dir, f);
	if (ok)
		records_sort(&cleaned);
	ok = ok && cleaned_save(&cleaned, dir, fingerprint_of(r), f);
	rowset_release(&files);
	rowset_release(&no_rows);
	rowset_release(&rejects);
	rowset_release(&corrections);
	records_release(&extracted);
	records_release(&cleaned);
	return ok;
}

const char *segment_rules_name(struct run *r)
{
	struct str fingerprint = fingerprint_of(r);

	return str_keepz(&r->book->arena, str_printf(&r->book->arena, "rules-%.16s", fingerprint.p));
}

/* A folder of our own that goes when the command ends. */
static const char *private_dir(struct book *b, size_t segment, struct fault *f)
{
	if (!b->private_dir)
		b->private_dir = private_folder(&b->arena, f);
	return !b->private_dir ? NULL : str_keepz(&b->arena, str_printf(&b->arena, "%s/%zu", b->private_dir, segment));
}

static const char *final_dir(struct run *r, size_t i, struct fault *f)
{
	struct book *b = r->book;
	const char *dir = str_keepz(&b->arena, str_printf(&b->arena, "%s/%s", state_segment_dir(&b->state, i),
							  segment_rules_name(r)));

	return is_made(&b->arena, dir) || r->chained ? dir : private_dir(b, i, f);
}

static const char *part_dir(struct book *b, const char *dir)
{
	return str_keepz(&b->arena, str_printf(&b->arena, "%s.part", dir));
}

const char *segment_cleaned_dir(struct run *r, size_t i, struct fault *f)
{
	const char *dir = final_dir(r, i, f);

	return dir && !is_made(&r->book->arena, dir) ? part_dir(r->book, dir) : dir;
}

/* ---- corrections, judged anew over everything ---- */

struct judged { /* all corrections of the state */
	struct rowset rows, rejects, corrections;
	struct records made;
	struct map segment_of; /* record id of a correction's row -> segment */
};

/* Under the names that they have now: who came late may have been first. */
static void add_rows(struct run *r, struct judged *j, const struct rowset *rows, size_t segment)
{
	struct arena a = { 0 };
	struct str v[CRW_COLUMNS];
	struct kept kept;

	for (size_t i = 0; i < rows->n; i++, arena_reset(&a)) {
		rowset_get(rows, i, v);
		if (!dataset_current_name(r, v[CRW_RECORD_ID], &v[CRW_RECORD_ID], &kept, &a))
			continue;
		if (kept.stem.n)
			v[CRW_OBSERVED_ON] = kept.observed_on;
		rowset_add(&j->rows, v);
		map_put(&j->segment_of, v[CRW_RECORD_ID], segment, NULL);
	}
	arena_release(&a);
}

/* What becomes of one that shares a kept row lies where that row does. */
static void add_extras(struct run *r, struct judged *j)
{
	const struct received *received = r->book->received;
	struct arena a = { 0 };

	dataset_extras(r, &j->rows, CRW_RECORD_ID);
	for (size_t i = 0; i < received_extras(received); i++, arena_reset(&a)) {
		const uint64_t *segment;
		struct kept kept;
		struct str stem;
		uint32_t row;

		received_extra(received, i, &stem, &row, &kept);
		segment = map_get(&j->segment_of, str_printf(&a, "%.*s:%u", STR_FMT(stem), row));
		if (segment)
			map_put(&j->segment_of, str_printf(&a, "%.*s:%u", STR_FMT(kept.stem), kept.row), *segment,
				NULL);
	}
	arena_release(&a);
}

static bool load_corrections(struct run *r, struct judged *j, struct fault *f)
{
	struct state *state = &r->book->state;
	bool ok = true;

	for (size_t i = 0; ok && i < state->n_segments; i++) {
		struct rowset rows;

		rowset_init(&rows, &table_correction_rows);
		ok = rowset_load(&rows, state_segment_dir(state, i), true, f);
		add_rows(r, j, &rows, i);
		rowset_release(&rows);
	}
	if (ok)
		add_extras(r, j);
	return ok;
}

static bool is_of(const struct judged *j, struct str record_id, size_t segment)
{
	const uint64_t *found = map_get(&j->segment_of, record_id);

	return found && *found == segment;
}

static void take_rows(const struct judged *j, const struct rowset *from, int id, size_t segment,
		      struct rowset *to)
{
	struct str v[TABLE_MAX_COLUMNS];

	for (size_t i = 0; i < from->n; i++) {
		rowset_get(from, i, v);
		if (is_of(j, v[id], segment))
			rowset_add(to, v);
	}
}

static void take_records(const struct judged *j, size_t segment, struct records *to)
{
	struct arena a = { 0 };
	struct record rec;

	for (size_t i = 0; i < j->made.n; i++, arena_reset(&a)) {
		records_get(&j->made, i, &rec, &a);
		if (is_of(j, rec.v[F_RECORD_ID], segment))
			records_add(to, &rec);
	}
	arena_release(&a);
}

/* What became of a segment's own corrections goes where its rows lie. */
static bool add_corrections(struct run *r, const struct judged *j, size_t i, const char *dir, struct fault *f)
{
	struct rowset rejects, corrections;
	struct records cleaned;
	bool ok;

	rowset_init(&rejects, &table_rejects_clean);
	rowset_init(&corrections, &table_corrections);
	records_init(&cleaned);
	ok = cleaned_load(&cleaned, dir, fingerprint_of(r), f) && rowset_load(&rejects, dir, false, f);
	if (ok) {
		take_records(j, i, &cleaned);
		take_rows(j, &j->rejects, REJ_RECORD_ID, i, &rejects);
		take_rows(j, &j->corrections, COR_RECORD_ID, i, &corrections);
		records_sort(&cleaned);
		ok = rowset_save(&rejects, dir, f) && rowset_save(&corrections, dir, f) &&
		     cleaned_save(&cleaned, dir, fingerprint_of(r), f);
	}
	rowset_release(&rejects);
	rowset_release(&corrections);
	records_release(&cleaned);
	return ok;
}

static bool judge_corrections(struct run *r, const bool *stale, struct fault *f)
{
	struct judged j = { 0 };
	bool ok;

	rowset_init(&j.rows, &table_correction_rows);
	rowset_init(&j.rejects, &table_rejects_clean);
	rowset_init(&j.corrections, &table_corrections);
	records_init(&j.made);
	ok = load_corrections(r, &j, f);
	if (ok && j.rows.n)
		ok = clean_corrections_again(r, &j.rows, &j.made, &j.rejects, &j.corrections, f);
	for (size_t i = 0; ok && j.rows.n && i < r->book->state.n_segments; i++)
		if (stale[i])
			ok = add_corrections(r, &j, i, segment_cleaned_dir(r, i, f), f);
	if (j.rows.n)
		dataset_release(&r->book->all); /* it was put together without them */
	rowset_release(&j.rows);
	rowset_release(&j.rejects);
	rowset_release(&j.corrections);
	records_release(&j.made);
	map_release(&j.segment_of);
	return ok;
}

/* ---- all segments ---- */

static bool make_all(struct run *r, bool *stale, size_t *n_stale, struct fault *f)
{
	struct book *b = r->book;

	for (size_t i = 0; i < b->state.n_segments; i++) {
		const char *dir = final_dir(r, i, f);

		if (!dir)
			return false;
		stale[i] = !is_made(&b->arena, dir);
		if (!stale[i])
			continue;
		(*n_stale)++;
		run_say(r, "the rules have changed: cleaning again what came with run %.*s",
			STR_FMT(b->state.segments[i]));
		if (!remove_tree(part_dir(b, dir), f) ||
		    !make_rows(r, state_segment_dir(&b->state, i), part_dir(b, dir), f))
			return false;
	}
	return true;
}

static bool move_into_place(struct run *r, const bool *stale, struct fault *f)
{
	for (size_t i = 0; i < r->book->state.n_segments; i++) {
		const char *dir = stale[i] ? final_dir(r, i, f) : NULL;

		if (dir && rename(part_dir(r->book, dir), dir) != 0)
			return fault_errno(f, "move into place", dir);
	}
	return true;
}

bool segments_prepare(struct run *r, struct fault *f)
{
	struct book *b = r->book;
	size_t n_stale = 0;
	bool *stale, ok;

	if (b->segments_prepared || !b->have_state)
		return true;
	b->segments_prepared = true; /* while they are judged, corrections ask for what is there */
	stale = arena_zalloc(&b->arena, b->state.n_segments + 1);
	ok = make_all(r, stale, &n_stale, f);
	if (ok && n_stale)
		ok = judge_corrections(r, stale, f) && move_into_place(r, stale, f);
	return ok;
}
