/*
 * The cleaned form of a segment of the state, in a folder named after the fingerprint of the
 * rules that made it: received/NNNNNN/rules-FINGERPRINT/. Where the rules have changed since,
 * it is made again from the original rows: beside the old one when a run holds the lock (the
 * old one goes once the state has switched), else in a private folder for the time of the
 * command.
 *
 * Corrections are not judged again: they were taken or refused under the rules of their day.
 */
#include "segment.h"

#include "again.h"
#include "fingerprint.h"
#include "outfile.h"

#include <dirent.h>
#include <stdlib.h>
#include <unistd.h>

static bool is_made(struct arena *a, const char *dir)
{
	return file_exists(str_keepz(a, str_printf(a, "%s/cleaned.gz", dir)));
}

/* The folder of the rules before, or NULL. */
static const char *former_dir(struct book *b, const char *segment)
{
	const char *found = NULL;
	struct dirent **entries;
	int n = scandir(segment, &entries, NULL, alphasort);

	for (int i = 0; i < n; i++) {
		const char *dir = str_keepz(&b->arena, str_printf(&b->arena, "%s/%s", segment, entries[i]->d_name));

		if (str_starts(str_of(entries[i]->d_name), STR("rules-")) && is_made(&b->arena, dir))
			found = dir;
		free(entries[i]);
	}
	if (n >= 0)
		free(entries);
	return found;
}

/* Of the form before: the records that corrections made, and what was told of corrections. */
static bool keep_corrections(struct book *b, const char *former, struct records *cleaned,
			     struct rowset *rejects, struct rowset *corrections, struct fault *f)
{
	struct records before = { 0 };
	struct rowset told;
	struct str v[REJ_COLUMNS];
	struct record rec;
	bool ok;

	if (!former)
		return true;
	records_init(&before);
	rowset_init(&told, &table_rejects_clean);
	ok = cleaned_load(&before, former, (struct str){ 0 }, f) && rowset_load(&told, former, false, f) &&
	     rowset_load(corrections, former, true, f);
	for (size_t i = 0; ok && i < before.n; i++) {
		records_get(&before, i, &rec, &b->arena);
		if (str_eq(rec.v[F_SOURCE], STR("correction")))
			records_add(cleaned, &rec);
	}
	for (size_t i = 0; ok && i < told.n; i++) {
		rowset_get(&told, i, v);
		if (str_eq(v[REJ_SOURCE], STR("correction")))
			rowset_add(rejects, v);
	}
	records_release(&before);
	rowset_release(&told);
	return ok;
}

static bool make(struct run *r, const char *segment, const char *dir, struct fault *f)
{
	struct book *b = r->book;
	struct rowset files, rejects, corrections;
	struct records extracted, cleaned;
	bool ok;

	rowset_init(&files, &table_files);
	rowset_init(&rejects, &table_rejects_clean);
	rowset_init(&corrections, &table_corrections);
	records_init(&extracted);
	records_init(&cleaned);
	ok = rowset_load(&files, segment, false, f) && extract_again(r, b->received, &files, &extracted, f) &&
	     clean_again(r, &extracted, &files, &cleaned, &rejects, f) &&
	     keep_corrections(b, former_dir(b, segment), &cleaned, &rejects, &corrections, f) &&
	     rowset_save(&rejects, dir, f) && rowset_save(&corrections, dir, f);
	if (ok)
		records_sort(&cleaned);
	ok = ok && cleaned_save(&cleaned, dir, fingerprint_of(r), f);
	rowset_release(&files);
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
	if (!b->private_dir) {
		const char *tmp = getenv("TMPDIR");
		char *path = str_keepz(&b->arena, str_printf(&b->arena, "%s/yice-XXXXXX", tmp && *tmp ? tmp : "/tmp"));

		if (!mkdtemp(path)) {
			fault_errno(f, "make a folder", path);
			return NULL;
		}
		b->private_dir = path;
	}
	return str_keepz(&b->arena, str_printf(&b->arena, "%s/%zu", b->private_dir, segment));
}

const char *segment_cleaned_dir(struct run *r, size_t i, struct fault *f)
{
	struct book *b = r->book;
	const char *segment = state_segment_dir(&b->state, i);
	const char *dir = str_keepz(&b->arena, str_printf(&b->arena, "%s/%s", segment, segment_rules_name(r)));

	if (is_made(&b->arena, dir))
		return dir;
	if (!r->chained)
		dir = private_dir(b, i, f);
	if (!dir || is_made(&b->arena, dir))
		return dir;
	run_say(r, "the rules have changed: cleaning again what came with run %.*s", STR_FMT(b->state.segments[i]));
	return make(r, segment, dir, f) ? dir : NULL;
}
