/*
 * The rows to be mended, as they came: header and rows in their original bytes, so that the
 * dealer's own system reads them again. What a workbook held goes out as UTF-8 CSV.
 */
#include "dealer.h"

#include "outfile.h"

#include <stdlib.h>

struct bad_row {
	const struct dealer *dealer;
	struct str record_id, base;
	struct original_row original;
};

struct bad_file { /* the one being written */
	struct outfile *out;
	struct str header, encoding, base;
	size_t times; /* of the last name taken for this base */
};

static bool is_utf16(struct str encoding)
{
	return str_starts(encoding, STR("UTF-16"));
}

/* A byte order mark belongs to the file, not to its first row. */
static struct str bom_of(struct str encoding)
{
	if (str_eq(encoding, STR("UTF-16LE")))
		return STR("\xFF\xFE");
	if (str_eq(encoding, STR("UTF-16BE")))
		return STR("\xFE\xFF");
	if (str_eq(encoding, STR("UTF-8")) || str_eq(encoding, STR("GB18030")))
		return STR("");
	return STR("\xEF\xBB\xBF"); /* it had one, or it is made from a workbook */
}

static bool must_be_mended(const struct returned *t)
{
	struct str action;

	if (!t->listed)
		return false;
	action = rowset_value(t->told, t->line, REJ_ACTION);
	return str_eq(action, action_name(ACTION_REJECT)) ||
	       str_eq(action, action_name(ACTION_BLANK));
}

/* The dealer to whose files that row goes, or NULL. */
static struct dealer *to_be_mended_by(const struct returned *t, const struct dealers *ds,
				      const struct desk *d)
{
	const struct origin *o = must_be_mended(t) ? desk_origin(d, t->record_id) : NULL;

	return o && o->reads && !o->reads->corrections
		       ? dealers_get(ds, dealer_folder(o->sender, STR("")))
		       : NULL;
}

/* Counted, then dealt. */
void bad_rows_deal(struct dealers *ds, const struct desk *d, const struct returns *rt)
{
	struct dealer **by = xcalloc(rt->n, sizeof(struct dealer *));

	for (size_t i = 0; i < rt->n; i++) {
		by[i] = to_be_mended_by(&rt->list[i], ds, d);
		if (by[i])
			by[i]->n_bad_rows++;
	}
	for (size_t k = 0; k < ds->n; k++) {
		struct dealer *dealer = &ds->list[k];

		dealer->bad_rows =
			arena_alloc(&ds->arena, (dealer->n_bad_rows + 1) * sizeof(*dealer->bad_rows));
		dealer->n_bad_rows = 0;
	}
	for (size_t i = 0; i < rt->n; i++)
		if (by[i])
			by[i]->bad_rows[by[i]->n_bad_rows++] = &rt->list[i];
	free(by);
}

static int by_file(const void *a, const void *b)
{
	const struct bad_row *x = a, *y = b;
	int c = str_cmp(x->base, y->base);

	if (!c)
		c = str_cmp(x->original.stem, y->original.stem);
	return c ? c : record_id_cmp(x->record_id, y->record_id);
}

/* Tables may have come without the rows that they were made from. */
static struct bad_row *take_rows(const struct dealer *dealer, struct desk *d, size_t *n)
{
	struct bad_row *rows = xcalloc(dealer->n_bad_rows, sizeof(*rows));

	for (size_t i = 0; i < dealer->n_bad_rows; i++) {
		struct str id = dealer->bad_rows[i]->record_id;
		struct bad_row *row = &rows[*n];

		*row = (struct bad_row){.dealer = dealer,
					.record_id = id,
					.base = bad_base(desk_origin(d, id)->stem)};
		*n += desk_original(d, id, &row->original);
	}
	if (*n)
		qsort(rows, *n, sizeof(*rows), by_file);
	return rows;
}

static bool file_end(struct bad_file *file, struct fault *f)
{
	struct outfile *out = file->out;

	file->out = NULL;
	return !out || outfile_commit(out, f);
}

static bool file_begin(struct bad_file *file, struct desk *d, const struct bad_row *row,
		       struct fault *f)
{
	const struct original_row *original = &row->original;
	struct arena a = {0};
	struct str stem, bom = bom_of(original->encoding);

	if (!str_eq(file->base, row->base))
		*file = (struct bad_file){.base = row->base};
	do
		stem = bad_stem(&a, row->base, ++file->times);
	while (map_get(&d->by_stem, stem));
	file->header = original->header;
	file->encoding = original->encoding;
	file->out = outfile_open(
		str_keepz(&a, str_printf(&a, "%s/%.*s.csv", row->dealer->path, STR_FMT(stem))), f);
	arena_release(&a);
	if (!file->out)
		return false;
	outfile_sync_later(file->out);
	if (!str_starts(original->header, bom))
		outfile_str(file->out, bom);
	outfile_str(file->out, original->header);
	return true;
}

/* The last row of a file may have no line end. */
static void write_row(struct bad_file *file, struct str bytes)
{
	static const struct str ends[] = {STR_INIT("\n"), STR_INIT("\n\0"), STR_INIT("\0\n")};
	int kind = !is_utf16(file->encoding) ? 0 : str_eq(file->encoding, STR("UTF-16LE")) ? 1 : 2;

	outfile_str(file->out, bytes);
	if (!str_ends(bytes, ends[kind]))
		outfile_str(file->out, ends[kind]);
}

static bool belongs(const struct bad_file *file, const struct bad_row *row)
{
	return file->out && str_eq(file->base, row->base) &&
	       str_eq(file->encoding, row->original.encoding) &&
	       str_eq(file->header, row->original.header);
}

static bool put_row(struct bad_file *file, struct desk *d, const struct bad_row *row,
		    struct fault *f)
{
	if (!belongs(file, row) && !(file_end(file, f) && file_begin(file, d, row, f)))
		return false;
	write_row(file, row->original.row);
	return true;
}

bool bad_rows_write(const struct dealer *dealer, struct desk *d, struct fault *f)
{
	struct bad_file file = {0};
	size_t n = 0;
	struct bad_row *rows = take_rows(dealer, d, &n);
	bool ok = true;

	for (size_t i = 0; ok && i < n; i++)
		if (!i || !str_eq(rows[i].record_id, rows[i - 1].record_id))
			ok = put_row(&file, d, &rows[i], f);
	if (ok)
		ok = file_end(&file, f);
	outfile_abandon(file.out);
	free(rows);
	return ok;
}
