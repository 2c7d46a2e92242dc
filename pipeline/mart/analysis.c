/*
 * See analysis.h. The tables are made by schemas/sql/tables.sql, so that they cannot differ
 * from the store's, and made anew with the columns that are asked for: a column that was
 * left out is an error in a question, never a silent NULL.
 */
#include "analysis.h"

#include "book.h"
#include "mart_rules.h"
#include "sql_scripts.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

enum { CACHE_LEAST_KB = 8 << 10, CACHE_USUAL_KB = 64 << 10 };

static const struct source { /* a table and what the narrow form leaves out of it */
	const char *name;
	const struct table_def *def;
	const char *left_out;
} sources[] = {
	{ "customer", &table_customer,
	  " email district address postcode occupation employer industry interests relative_name relative_relation"
	  " address1 address2 address3 relative_id_number relative_vin" },
	{ "pending", &table_pending,
	  " email district address postcode occupation employer industry interests relative_name relative_relation"
	  " address1 address2 address3 relative_id_number relative_vin" },
	{ "vehicle", &table_vehicle,
	  " engine_no configuration seller_tax_no tax_amount net_price tax_rate vehicle_type certificate_no" },
	{ "ownership", &table_ownership, "" },
	{ "contact", &table_contact, " content" },
	{ "relation", &table_relation, "" },
	{ "returns", &table_returns, "" },
	{ "quality", &table_quality, "" },
	{ "ledger", &table_ledger, " sha256" },
};

enum { SOURCES = sizeof(sources) / sizeof(*sources) };

struct analysis {
	sqlite3 *db;
	struct arena arena;
};

struct analysis_rows {
	struct analysis *of;
	sqlite3_stmt *statement;
	struct arena arena; /* the values of ?1 ... */
	size_t n;
	struct str values[TABLE_MAX_COLUMNS];
	int rc;
};

static bool failed(struct analysis *a, const char *what, struct fault *f)
{
	bool full = sqlite3_errcode(a->db) == SQLITE_FULL;

	fault_set(f, EXIT_FAILED, "the analysis cannot %s: %s", what, sqlite3_errmsg(a->db));
	if (full)
		fault_hint(f, "make room in the temporary folder, or name another one by SQLITE_TMPDIR");
	return false;
}

static bool run_sql(struct analysis *a, struct str sql, const char *what, struct fault *f)
{
	const char *text = str_keepz(&a->arena, sql);

	return sqlite3_exec(a->db, text, NULL, NULL, NULL) == SQLITE_OK || failed(a, what, f);
}

/* ---- the tables ---- */

static bool is_left_out(const struct source *s, struct str column, struct arena *a)
{
	struct str list = str_printf(a, "%s ", s->left_out);

	return str_has(list, str_printf(a, " %.*s ", STR_FMT(column)));
}

/* Makes the table anew with the columns that are filled, without keys: nothing is looked up
 * while it is filled. Tells which columns these are. */
static bool make_table(struct analysis *a, const struct source *s, enum analysis_breadth breadth,
		       int *columns, size_t *n, struct fault *f)
{
	sqlite3_stmt *info;
	struct buf b = { 0 };
	bool ok;

	*n = 0;
	buf_printf(&b, "DROP TABLE %s; CREATE TABLE %s (", s->name, s->name);
	struct str ask = str_printf(&a->arena, "SELECT name, type FROM pragma_table_info('%s')", s->name);

	if (sqlite3_prepare_v2(a->db, ask.p, (int)ask.n, &info, NULL) != SQLITE_OK)
		return failed(a, s->name, f);
	while (sqlite3_step(info) == SQLITE_ROW) {
		struct str name = str_of((const char *)sqlite3_column_text(info, 0));
		int column = table_column(s->def, name);

		if (column < 0 || (breadth == ANALYSIS_NARROW && is_left_out(s, name, &a->arena)))
			continue;
		buf_printf(&b, "%s\"%.*s\" %s", *n ? ", " : "", STR_FMT(name), sqlite3_column_text(info, 1));
		columns[(*n)++] = column;
	}
	sqlite3_finalize(info);
	buf_str(&b, STR(")"));
	ok = run_sql(a, buf_view(&b), "make a table", f);
	buf_release(&b);
	return ok;
}

static sqlite3_stmt *insert_into(struct analysis *a, const char *table, size_t n, struct fault *f)
{
	sqlite3_stmt *insert = NULL;
	struct buf b = { 0 };

	buf_printf(&b, "INSERT INTO %s VALUES (", table);
	for (size_t i = 0; i < n; i++)
		buf_str(&b, i ? STR(",?") : STR("?"));
	buf_char(&b, ')');
	if (sqlite3_prepare_v2(a->db, b.p, (int)b.n, &insert, NULL) != SQLITE_OK)
		failed(a, table, f);
	buf_release(&b);
	return insert;
}

static bool fill(struct analysis *a, const char *table, const struct rowset *rs, const int *columns,
		 size_t n, struct fault *f)
{
	sqlite3_stmt *insert = insert_into(a, table, n, f);
	struct str v[TABLE_MAX_COLUMNS];
	bool ok = insert != NULL;

	for (size_t i = 0; ok && i < rs->n; i++) {
		rowset_get(rs, i, v);
		for (size_t c = 0; c < n; c++) {
			struct str value = v[columns[c]];

			if (value.n)
				sqlite3_bind_text(insert, (int)c + 1, value.p, (int)value.n, SQLITE_STATIC);
			else
				sqlite3_bind_null(insert, (int)c + 1);
		}
		ok = sqlite3_step(insert) == SQLITE_DONE || failed(a, table, f);
		sqlite3_reset(insert);
	}
	sqlite3_finalize(insert);
	return ok;
}

/* Without a run the tables stay empty. */
static bool fill_sources(struct analysis *a, struct run *r, enum analysis_breadth breadth, struct fault *f)
{
	const struct rowset none = { 0 };

	for (size_t s = 0; s < SOURCES; s++) {
		const struct rowset *rs = r ? run_table(r, sources[s].def, true, f) : &none;
		int columns[TABLE_MAX_COLUMNS];
		size_t n;

		if (!rs || !make_table(a, &sources[s], breadth, columns, &n, f) ||
		    !fill(a, sources[s].name, rs, columns, n, f))
			return false;
	}
	return true;
}

static bool fill_all_columns(struct analysis *a, const struct rowset *rs, struct fault *f)
{
	int columns[TABLE_MAX_COLUMNS];

	for (int i = 0; i < TABLE_MAX_COLUMNS; i++)
		columns[i] = i;
	return fill(a, rs->def->path, rs, columns, table_width(rs->def), f);
}

static bool fill_rules(struct analysis *a, struct run *r, struct fault *f)
{
	const char *dir = r ? run_rules_dir(r, f) : NULL;
	struct mart_rules m;
	bool ok;

	if (!dir)
		return !r;
	ok = mart_rules_load(&m, dir, run_date(r), f);
	for (int i = 0; ok && i < MART_RULE_TABLES; i++)
		ok = fill_all_columns(a, &m.tables[i], f);
	mart_rules_release(&m);
	return ok;
}

/* ---- opening ---- */

/* Without a name the database is a file that nobody else can open, written only as far as
 * the cache does not hold it. */
static bool open_db(struct analysis *a, uint64_t memory, struct fault *f)
{
	uint64_t cache = memory ? memory / 16 >> 10 : CACHE_USUAL_KB;
	struct str settings;

	if (cache < CACHE_LEAST_KB)
		cache = CACHE_LEAST_KB;
	settings = str_printf(&a->arena, "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;"
			      "PRAGMA temp_store=FILE; PRAGMA cache_size=-%llu; BEGIN",
			      (unsigned long long)cache);
	return (sqlite3_open("", &a->db) == SQLITE_OK || failed(a, "open its database", f)) &&
	       run_sql(a, settings, "begin", f);
}

/* What the store is not given here has no table: asking for it is an error. */
static bool drop_unfilled(struct analysis *a, struct fault *f)
{
	sqlite3_stmt *names;
	struct buf b = { 0 };
	bool ok;

	if (sqlite3_prepare_v2(a->db, "SELECT name FROM sqlite_schema WHERE type = 'table'", -1, &names, NULL) !=
	    SQLITE_OK)
		return failed(a, "list its tables", f);
	while (sqlite3_step(names) == SQLITE_ROW) {
		const char *name = (const char *)sqlite3_column_text(names, 0);
		bool filled = false;

		for (size_t s = 0; s < SOURCES; s++)
			filled |= strcmp(sources[s].name, name) == 0;
		if (!filled)
			buf_printf(&b, "DROP TABLE \"%s\";", name);
	}
	sqlite3_finalize(names);
	ok = run_sql(a, buf_view(&b), "drop tables", f);
	buf_release(&b);
	return ok;
}

/* Marts that others are made of are computed once: a table takes the view's place, by its
 * name, and so the SQL that asks for it is that of the store. In the order of their making. */
static const struct {
	const char *mart, *key;
} kept[] = {
	{ "span", "today" },
	{ "purchase", "customer_id" },
	{ "workshop_visit", "vin" },
	{ "vehicle_use", "vin" },
	{ "customer_standing", "customer_id" },
};

static bool keep_marts(struct analysis *a, struct fault *f)
{
	for (size_t i = 0; i < sizeof(kept) / sizeof(*kept); i++) {
		const char *m = kept[i].mart;
		struct str sql = str_printf(&a->arena,
					    "CREATE TABLE kept_%s AS SELECT * FROM %s; DROP VIEW %s;"
					    "CREATE VIEW %s AS SELECT * FROM kept_%s;"
					    "CREATE INDEX kept_%s_by_key ON kept_%s (%s);",
					    m, m, m, m, m, m, m, kept[i].key);

		if (!run_sql(a, sql, m, f))
			return false;
	}
	return true;
}

/* One look-up each where the marts join; the planner would make them for each question. */
static const char indexes[] = "CREATE INDEX customer_by_id ON customer (customer_id);"
			      "CREATE INDEX vehicle_by_vin ON vehicle (vin);"
			      "CREATE INDEX ownership_by_vin ON ownership (vin);"
			      "CREATE INDEX ownership_by_customer ON ownership (customer_id);"
			      "CREATE INDEX contact_by_customer ON contact (customer_id);";

/* The planner is to know which tables are large: `term` has one row, and what it says of a
 * date is to be asked before a customer's contacts are. A sample of each index is enough. */
static const char statistics[] = "PRAGMA analysis_limit=400; ANALYZE";

/* From now on questions read, and nothing else: no file, no setting, no row is touched. */
static int authorize(void *context, int action, const char *a, const char *b, const char *c, const char *d)
{
	(void)context, (void)a, (void)b, (void)c, (void)d;
	return action == SQLITE_SELECT || action == SQLITE_READ || action == SQLITE_FUNCTION ||
			       action == SQLITE_RECURSIVE ?
		       SQLITE_OK :
		       SQLITE_DENY;
}

static struct analysis *open_filled(struct run *r, enum analysis_breadth breadth, struct fault *f)
{
	struct analysis *a = xcalloc(1, sizeof(*a));

	if (open_db(a, r ? r->opt.memory : 0, f) && run_sql(a, sql_tables(), "make its tables", f) &&
	    drop_unfilled(a, f) && run_sql(a, sql_rules(), "make the tables of rules", f) &&
	    fill_sources(a, r, breadth, f) && fill_rules(a, r, f) &&
	    run_sql(a, str_of(indexes), "make its indexes", f) &&
	    run_sql(a, sql_marts(), "make the marts", f) && run_sql(a, sql_views(), "make the views", f) &&
	    keep_marts(a, f) &&
	    run_sql(a, str_of(statistics), "look at its tables", f) &&
	    run_sql(a, STR("COMMIT"), "end filling", f)) {
		sqlite3_set_authorizer(a->db, authorize, NULL);
		return a;
	}
	analysis_close(a);
	return NULL;
}

struct analysis *analysis_open(struct run *r, enum analysis_breadth breadth, struct fault *f)
{
	if (!r->book->analysis)
		r->book->analysis = open_filled(r, breadth, f);
	return r->book->analysis;
}

struct analysis *analysis_open_empty(enum analysis_breadth breadth, struct fault *f)
{
	return open_filled(NULL, breadth, f);
}

bool analysis_extend(struct analysis *a, struct str script, struct fault *f)
{
	bool ok;

	sqlite3_set_authorizer(a->db, NULL, NULL);
	ok = run_sql(a, script, "make tables of a room's own", f) &&
	     run_sql(a, str_of(statistics), "look at its tables", f);
	sqlite3_set_authorizer(a->db, authorize, NULL);
	return ok;
}

bool analysis_add(struct analysis *a, const struct rowset *rs, struct fault *f)
{
	bool ok;

	sqlite3_set_authorizer(a->db, NULL, NULL);
	ok = run_sql(a, STR("BEGIN"), "begin adding", f) && fill_all_columns(a, rs, f) &&
	     run_sql(a, STR("COMMIT"), "end adding", f);
	sqlite3_set_authorizer(a->db, authorize, NULL);
	return ok;
}

void analysis_close(struct analysis *a)
{
	if (!a)
		return;
	sqlite3_close(a->db);
	arena_release(&a->arena);
	free(a);
}

/* ---- asking ---- */

static bool prepare(struct analysis_rows *rows, const char *sql, struct fault *f)
{
	const char *rest;
	sqlite3 *db = rows->of->db;
	int rc = sqlite3_prepare_v2(db, sql, -1, &rows->statement, &rest);

	if (rc == SQLITE_AUTH)
		return fault_set(f, EXIT_USAGE, "a question only reads: this would change something");
	if (rc != SQLITE_OK)
		return fault_set(f, EXIT_USAGE, "this is not understood as SQL: %s", sqlite3_errmsg(db));
	if (!rows->statement || !sqlite3_stmt_readonly(rows->statement) ||
	    !sqlite3_column_count(rows->statement))
		return fault_set(f, EXIT_USAGE, "a question is one SELECT, this is something else");
	if (str_trim(str_of(rest)).n)
		return fault_set(f, EXIT_USAGE, "a question is one SELECT, there is more behind it: %.40s", rest);
	rows->n = (size_t)sqlite3_column_count(rows->statement);
	return rows->n <= TABLE_MAX_COLUMNS ||
	       fault_set(f, EXIT_USAGE, "a question gives %d columns at most", TABLE_MAX_COLUMNS);
}

static void bind(struct analysis_rows *rows, const struct str *values, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct str v = str_keep(&rows->arena, values[i]);

		if (v.n)
			sqlite3_bind_text(rows->statement, (int)i + 1, v.p, (int)v.n, SQLITE_STATIC);
	}
}

struct analysis_rows *analysis_ask(struct analysis *a, const char *sql, const struct str *values, size_t n,
				   struct fault *f)
{
	struct analysis_rows *rows = xcalloc(1, sizeof(*rows));

	rows->of = a;
	rows->rc = SQLITE_ROW;
	if (prepare(rows, sql, f)) {
		bind(rows, values, n);
		return rows;
	}
	sqlite3_finalize(rows->statement);
	free(rows);
	return NULL;
}

size_t analysis_columns(const struct analysis_rows *rows)
{
	return rows->n;
}

struct str analysis_column(const struct analysis_rows *rows, size_t i)
{
	return str_of(sqlite3_column_name(rows->statement, (int)i));
}

bool analysis_next(struct analysis_rows *rows, const struct str **values)
{
	if (rows->rc != SQLITE_ROW)
		return false;
	rows->rc = sqlite3_step(rows->statement);
	for (int i = 0; rows->rc == SQLITE_ROW && i < (int)rows->n; i++) {
		const char *text = (const char *)sqlite3_column_text(rows->statement, i);

		rows->values[i] = (struct str){ text, (size_t)sqlite3_column_bytes(rows->statement, i) };
	}
	*values = rows->values;
	return rows->rc == SQLITE_ROW;
}

bool analysis_end(struct analysis_rows *rows, struct fault *f)
{
	bool ok = rows->rc == SQLITE_ROW || rows->rc == SQLITE_DONE || failed(rows->of, "answer", f);

	sqlite3_finalize(rows->statement);
	arena_release(&rows->arena);
	free(rows);
	return ok;
}
