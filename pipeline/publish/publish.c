/*
 * publish: a finished run in, a store out that answers questions.
 *
 * Comes in: the tables of a run directory. Goes out: the same tables in SQLite or PostgreSQL
 * with indexes and views, all at once or not at all. Rejected: nothing; a row that the store
 * refuses fails the publishing. Never: computes a value.
 */
#include "stage.h"

#include "csv_table.h"
#include "store.h"

#include <unistd.h>

static const struct {
	const char *table; /* in the store */
	const char *path; /* below the run directory */
} published[] = {
	{ "customer", "master/customer" },   { "pending", "master/pending" },
	{ "vehicle", "master/vehicle" },     { "ownership", "master/ownership" },
	{ "contact", "master/contact" },     { "relation", "master/relation" },
	{ "cluster", "resolve/clusters" },   { "lineage", "master/lineage" },
	{ "review", "master/review" },	     { "superseded", "master/superseded" },
	{ "returns", "report/returns" },     { "ledger", "ledger" },
	{ "quality", "report/quality" },
};

static const struct store_kind *kind_of(const char *url, struct fault *f)
{
	static const struct store_kind *const kinds[] = { &store_sqlite, &store_postgres };

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (str_starts(str_of(url), str_of(kinds[i]->prefix)))
			return kinds[i];
	}
	fault_set(f, EXIT_USAGE, "'%s' names no store", url);
	fault_hint(f, "publish to sqlite:PATH or postgresql://USER@HOST/DATABASE");
	return NULL;
}

bool publish_url_check(const char *url, struct fault *f)
{
	return kind_of(url, f) != NULL;
}

/* One table of the run directory, row by row; one that the run left out stays empty. */
static bool copy_file(struct run *r, const struct store_kind *kind, struct store *s, const char *table,
		      const char *path, struct fault *f)
{
	const char *file = run_in_path(r, str_keepz(&r->arena, str_printf(&r->arena, "%s.csv", path)));
	const char *packed = str_keepz(&r->arena, str_printf(&r->arena, "%s.gz", file));
	struct str columns[TABLE_MAX_COLUMNS];
	const struct str *values;

	if (access(file, F_OK) != 0 && access(packed, F_OK) != 0)
		return true;
	struct csv_reader *in = csv_reader_open(file, f);

	if (!in)
		return false;
	size_t n = csv_reader_columns(in);
	bool ok = n <= TABLE_MAX_COLUMNS ||
		  fault_set(f, EXIT_FAILED, "%s has %zu columns, more than %d", file, n, TABLE_MAX_COLUMNS);

	for (size_t i = 0; ok && i < n; i++)
		columns[i] = csv_reader_header(in, i);
	ok = ok && kind->begin(s, table, columns, n, f);
	while (ok && csv_reader_next(in, &values))
		ok = kind->row(s, values, f);
	ok = ok && kind->end(s, f);
	return csv_reader_close(in, f) && ok;
}

/* All faults that were told, of the stages and of the whole. */
static bool copy_rejects(struct run *r, const struct store_kind *kind, struct store *s, struct fault *f)
{
	const struct rowset *tables[] = { run_all_rejects(r, f), run_table(r, &table_rejects_resolve, true, f),
					  run_table(r, &table_rejects_merge, true, f) };
	struct str v[TABLE_MAX_COLUMNS];

	for (int i = 0; i < REJ_COLUMNS; i++)
		v[i] = str_of(table_rejects_clean.columns[i]);
	if (!tables[0] || !tables[1] || !tables[2] || !kind->begin(s, "reject", v, REJ_COLUMNS, f))
		return false;
	for (size_t t = 0; t < 3; t++) {
		for (size_t i = 0; i < tables[t]->n; i++) {
			rowset_get(tables[t], i, v);
			if (!kind->row(s, v, f))
				return false;
		}
	}
	return kind->end(s, f);
}

static bool copy_all(struct run *r, const struct store_kind *kind, struct store *s, struct fault *f)
{
	if (!kind->script(s, sql_tables(), "make the tables", f))
		return false;
	for (size_t i = 0; i < sizeof(published) / sizeof(published[0]); i++) {
		if (!copy_file(r, kind, s, published[i].table, published[i].path, f))
			return false;
	}
	return copy_rejects(r, kind, s, f) && kind->script(s, sql_indexes(), "make the indexes", f) &&
	       kind->script(s, sql_views(), "make the views", f);
}

static bool publish_run(struct run *r, struct fault *f)
{
	const struct store_kind *kind = kind_of(r->opt.to, f);
	struct store *s = kind ? kind->open(r->opt.to, f) : NULL;

	if (!s)
		return false;
	if (!copy_all(r, kind, s, f)) {
		kind->abort(s);
		return false;
	}
	return kind->commit(s, f);
}

static const struct stage_option options[] = {
	OPTION_IN,
	{ "--to", "URL", "sqlite:PATH or postgresql://USER@HOST/DATABASE", true },
	OPTION_STATE,
	OPTION_QUIET,
	{ 0 },
};

const struct stage stage_publish = {
	.name = "publish",
	.summary = "tables and views for questions: SQLite, PostgreSQL",
	.usage = "--in DIR --to URL",
	.help = "Copies the tables of a run directory into a store, with indexes and views. Readers see\n"
		"the old night or the new one; a publish that fails changes nothing and can be repeated.",
	.options = options,
	.run = publish_run,
};
