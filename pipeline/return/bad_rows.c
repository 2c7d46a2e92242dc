/*
 * The rows to be mended, as they came: header and rows in their original bytes, so that the
 * dealer's own system reads them again. What a workbook held goes out as UTF-8 CSV.
 */
#include "dealer.h"

#include "outfile.h"

#include <stdlib.h>

struct bad_row {
	struct dealer *dealer;
	const struct origin *origin;
	struct str record_id, base;
};

struct bad_file { /* the one being written */
	struct outfile *out;
	struct str header, encoding;
	const struct dealer *dealer;
	struct str base;
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

static int by_file(const void *a, const void *b)
{
	const struct bad_row *x = a, *y = b;
	int c = (x->dealer > y->dealer) - (x->dealer < y->dealer);

	if (!c)
		c = str_cmp(x->base, y->base);
	return c ? c : record_id_cmp(x->record_id, y->record_id);
}

static size_t find_rows(struct bad_row **rows, const struct dealers *ds, struct desk *d,
			const struct returns *rt)
{
	size_t n = 0;

	*rows = xcalloc(rt->n, sizeof(**rows));
	for (size_t i = 0; i < rt->n; i++) {
		const struct returned *t = &rt->list[i];
		const struct origin *o = desk_origin(d, t->record_id);

		if (must_be_mended(t) && o->reads && !o->reads->corrections)
			(*rows)[n++] = (struct bad_row){
				.dealer = dealers_get(ds, dealer_folder(o->sender, o->sender)),
				.origin = o,
				.record_id = t->record_id,
				.base = bad_base(o->stem),
			};
	}
	qsort(*rows, n, sizeof(**rows), by_file);
	return n;
}

static bool file_end(struct bad_file *file, struct fault *f)
{
	struct outfile *out = file->out;

	file->out = NULL;
	return !out || outfile_commit(out, f);
}

static bool file_begin(struct bad_file *file, struct desk *d, const struct bad_row *row,
		       struct str header, struct fault *f)
{
	struct arena a = {0};
	struct str stem, bom = bom_of(row->origin->encoding);

	if (file->dealer != row->dealer || !str_eq(file->base, row->base))
		*file = (struct bad_file){.dealer = row->dealer, .base = row->base};
	do
		stem = bad_stem(&a, row->base, ++file->times);
	while (map_get(&d->by_stem, stem));
	file->header = header;
	file->encoding = row->origin->encoding;
	file->out = outfile_open(
		str_keepz(&a, str_printf(&a, "%s/%.*s.csv", row->dealer->path, STR_FMT(stem))), f);
	arena_release(&a);
	if (!file->out)
		return false;
	outfile_sync_later(file->out);
	if (!str_starts(header, bom))
		outfile_str(file->out, bom);
	outfile_str(file->out, header);
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

static bool belongs(const struct bad_file *file, const struct bad_row *row, struct str header)
{
	return file->out && file->dealer == row->dealer && str_eq(file->base, row->base) &&
	       str_eq(file->encoding, row->origin->encoding) && str_eq(file->header, header);
}

static bool put_row(struct bad_file *file, struct desk *d, const struct bad_row *row,
		    struct fault *f)
{
	struct str bytes, header;

	if (!run_original(d->r, row->record_id, &bytes, &header))
		return true; /* tables without the rows that they were made from */
	if (!belongs(file, row, header) &&
	    !(file_end(file, f) && file_begin(file, d, row, header, f)))
		return false;
	write_row(file, bytes);
	return true;
}

bool bad_rows_write(struct dealers *ds, struct desk *d, const struct returns *rt, struct fault *f)
{
	struct bad_file file = {0};
	struct bad_row *rows;
	size_t n = find_rows(&rows, ds, d, rt);
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
