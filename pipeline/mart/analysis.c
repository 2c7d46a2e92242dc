/*
 * See analysis.h. The tables are those of schemas/sql/tables.sql, so that they cannot differ
 * from the store's; their rows stay where the run has them (source_table.h). Of the marts and
 * views those that others are made of are reckoned at once (facts.h) and take their place, by
 * their names: the SQL that asks for them is that of the store.
 */
#include "connection.h"

#include "book.h"
#include "facts.h"
#include "mart_rules.h"
#include "source_table.h"
#include "sql_scripts.h"

#include <stdio.h>
#include <stdlib.h>

enum { CACHE_LEAST_KB = 8 << 10, CACHE_USUAL_KB = 64 << 10, MOST_SOURCES = 64, MOST_ADDED = 8 };

static const struct table_def *const tables[] = {
	&table_customer, &table_pending, &table_vehicle, &table_ownership, &table_contact,
	&table_relation, &table_returns, &table_quality, &table_ledger,
};

enum { TABLES = sizeof(tables) / sizeof(*tables) };

struct contents { /* what questions are asked of; those beside share it */
	struct source *sources[MOST_SOURCES];
	size_t n;
	struct mart_rules rules;
	struct rowset added[TABLES + MOST_ADDED]; /* empty ones, and tables of a room's own */
	size_t n_added;
	struct fact_tables tables;
	struct fact_terms terms;
	struct facts facts;
	uint64_t cache_kb;
};

bool analysis_failed(struct analysis *a, const char *what, struct fault *f)
{
	bool full = sqlite3_errcode(a->db) == SQLITE_FULL;

	fault_set(f, EXIT_FAILED, "the analysis cannot %s: %s", what, sqlite3_errmsg(a->db));
	if (full)
		fault_hint(f, "make room in the temporary folder, or name another one by SQLITE_TMPDIR");
	return false;
}

static bool run_sql(struct analysis *a, struct str sql, const char *what, struct fault *f)
{
	struct arena arena = { 0 };
	bool ok = sqlite3_exec(a->db, str_keepz(&arena, sql), NULL, NULL, NULL) == SQLITE_OK || analysis_failed(a, what, f);

	arena_release(&arena);
	return ok;
}

/* The names of all tables or views, told one by one. */
static bool each_of(struct analysis *a, const char *type, bool (*take)(struct analysis *a, struct str name, void *to),
		    void *to, struct fault *f)
{
	struct arena arena = { 0 };
	struct str sql = str_printf(&arena, "SELECT name FROM sqlite_schema WHERE type = '%s' ORDER BY rowid", type);
	struct str names[MOST_SOURCES * 2];
	sqlite3_stmt *list;
	size_t n = 0;
	bool ok = sqlite3_prepare_v2(a->db, sql.p, -1, &list, NULL) == SQLITE_OK;

	while (ok && sqlite3_step(list) == SQLITE_ROW) {
		if (n == sizeof(names) / sizeof(*names))
			BUG("more than %zu %ss in an analysis", n, type);
		names[n++] = str_keep(&arena, str_of((const char *)sqlite3_column_text(list, 0)));
	}
	ok = sqlite3_finalize(list) == SQLITE_OK && ok;
	for (size_t i = 0; ok && i < n; i++)
		ok = take(a, names[i], to);
	arena_release(&arena);
	return ok || analysis_failed(a, "look at what it has", f);
}

/* ---- the tables ---- */

static struct source *add_source(struct analysis *a, struct source *s)
{
	struct contents *x = a->contents;

	if (x->n == MOST_SOURCES)
		BUG("more than %d tables in an analysis", MOST_SOURCES);
	x->sources[x->n++] = s;
	return s;
}

static struct source *find_source(const struct contents *x, struct str name)
{
	for (size_t i = 0; i < x->n; i++)
		if (str_eq(x->sources[i]->name, name))
			return x->sources[i];
	return NULL;
}

static struct str table_name(const struct table_def *def)
{
	const char *slash = strrchr(def->path, '/');

	return str_of(slash ? slash + 1 : def->path);
}

struct filling { /* whose rows a declared table is to have */
	const struct rowset *rows[TABLES + MART_RULE_TABLES + MOST_ADDED];
	size_t n;
};

static const struct rowset *rows_named(const struct filling *x, struct str name)
{
	for (size_t i = 0; i < x->n; i++)
		if (str_eq(table_name(x->rows[i]->def), name))
			return x->rows[i];
	return NULL;
}

/* A declared table gives way to the rows of that name. What is not filled here has no table:
 * asking for it is an error; and so is a column that the rows do not have. */
static bool take_table(struct analysis *a, struct str name, void *filling)
{
	const struct rowset *rows = rows_named(filling, name);
	struct source *s = rows ? add_source(a, source_new(name)) : NULL;
	struct arena arena = { 0 };
	struct str ask = str_printf(&arena, "SELECT name, type FROM pragma_table_info('%.*s')", STR_FMT(name));
	struct str drop = str_printf(&arena, "DROP TABLE \"%.*s\"", STR_FMT(name));
	sqlite3_stmt *info;
	bool ok = sqlite3_prepare_v2(a->db, ask.p, (int)ask.n, &info, NULL) == SQLITE_OK;

	while (ok && s && sqlite3_step(info) == SQLITE_ROW) {
		struct str column = str_of((const char *)sqlite3_column_text(info, 0));
		int from = table_column(rows->def, column);

		if (from >= 0)
			source_add_column(s, column, str_of((const char *)sqlite3_column_text(info, 1)), from);
	}
	ok = sqlite3_finalize(info) == SQLITE_OK && ok;
	ok = ok && sqlite3_exec(a->db, drop.p, NULL, NULL, NULL) == SQLITE_OK;
	if (ok && s) {
		s->rows = rows;
		s->n = rows->n;
		ok = source_table_add(a->db, s);
	}
	arena_release(&arena);
	return ok;
}

static bool load_rules(struct analysis *a, struct run *r, struct fault *f)
{
	const char *dir = r ? run_rules_dir(r, f) : NULL;

	if (!r) {
		mart_rules_none(&a->contents->rules);
		return true;
	}
	return dir && mart_rules_load(&a->contents->rules, dir, run_date(r), f);
}

/* Without a run the tables are empty. */
static bool make_tables(struct analysis *a, struct run *r, struct fault *f)
{
	struct filling filling = { 0 };
	struct contents *x = a->contents;

	if (!load_rules(a, r, f))
		return false;
	for (size_t i = 0; i < TABLES; i++) {
		if (!r)
			rowset_init(&x->added[x->n_added++], tables[i]);
		filling.rows[i] = r ? run_table(r, tables[i], true, f) : &x->added[x->n_added - 1];
		if (!filling.rows[i])
			return false;
	}
	filling.n = TABLES;
	for (int i = 0; i < MART_RULE_TABLES; i++)
		filling.rows[filling.n++] = &x->rules.tables[i];
	return run_sql(a, sql_tables(), "make its tables", f) && run_sql(a, sql_rules(), "make the tables of rules", f) &&
	       each_of(a, "table", take_table, &filling, f);
}

/* ---- the facts ---- */

static struct str text_at(struct analysis *a, sqlite3_stmt *row, int column)
{
	const char *text = (const char *)sqlite3_column_text(row, column);

	return text ? str_keep(&a->contents->terms.arena, str_of(text)) : (struct str){ 0 };
}

static void take_term(struct analysis *a, sqlite3_stmt *row)
{
	struct fact_terms *t = &a->contents->terms;

	t->today = text_at(a, row, 0);
	t->period_from = text_at(a, row, 1);
	t->quiet_before = text_at(a, row, 2);
	t->lost_before = text_at(a, row, 3);
	t->warranty_from = text_at(a, row, 4);
	t->first_service_from = text_at(a, row, 5);
	t->warranty_km = sqlite3_column_int64(row, 6);
	t->class_a_percent = sqlite3_column_int64(row, 7);
	t->class_b_percent = sqlite3_column_int64(row, 8);
}

static void take_word(struct analysis *a, sqlite3_stmt *row)
{
	struct fact_terms *t = &a->contents->terms;

	map_put(sqlite3_column_int(row, 0) ? &t->service_kinds : &t->unpaid_settlements, text_at(a, row, 1), 0, NULL);
}

static void take_tier(struct analysis *a, sqlite3_stmt *row)
{
	struct fact_terms *t = &a->contents->terms;
	struct fact_tier *tiers = arena_alloc(&t->arena, (t->n_tiers + 1) * sizeof(*tiers)), *tier = &tiers[t->n_tiers];

	if (t->n_tiers)
		memcpy(tiers, t->tiers, t->n_tiers * sizeof(*tiers));
	t->tiers = tiers;
	t->n_tiers++;
	tier->level = sqlite3_column_int64(row, 0);
	tier->cars.given = sqlite3_column_type(row, 1) != SQLITE_NULL;
	tier->cars.value = sqlite3_column_int64(row, 1);
	tier->services.given = sqlite3_column_type(row, 2) != SQLITE_NULL;
	tier->services.value = sqlite3_column_int64(row, 2);
	tier->single_amount.given = sqlite3_column_type(row, 3) != SQLITE_NULL;
	tier->single_amount.value = sqlite3_column_int64(row, 3);
	tier->total_amount.given = sqlite3_column_type(row, 4) != SQLITE_NULL;
	tier->total_amount.value = sqlite3_column_int64(row, 4);
}

static void take_series(struct analysis *a, sqlite3_stmt *row)
{
	*map_put(&a->contents->terms.series_levels, text_at(a, row, 0), 0, NULL) =
		(uint64_t)sqlite3_column_int64(row, 1);
}

/* What the marts' own SQL makes of the rules. */
static bool read_terms(struct analysis *a, struct fault *f)
{
	static const struct {
		const char *sql;
		void (*take)(struct analysis *a, sqlite3_stmt *row);
	} asked[] = {
		{ "SELECT s.today, period_from, quiet_before, lost_before, warranty_from, first_service_from, warranty_km,"
		  " class_a_percent, class_b_percent FROM span s, term",
		  take_term },
		{ "SELECT list = 'service_kinds', word FROM word WHERE list IN ('service_kinds', 'unpaid_settlements')",
		  take_word },
		{ "SELECT level, cars, services, single_amount, total_amount FROM tier_rule", take_tier },
		{ "SELECT series, max(level) FROM tier_series GROUP BY series", take_series },
	};

	for (size_t i = 0; i < sizeof(asked) / sizeof(*asked); i++) {
		sqlite3_stmt *rows;
		int rc = sqlite3_prepare_v2(a->db, asked[i].sql, -1, &rows, NULL);

		while (rc == SQLITE_OK && (rc = sqlite3_step(rows)) == SQLITE_ROW) {
			asked[i].take(a, rows);
			rc = SQLITE_OK;
		}
		sqlite3_finalize(rows);
		if (rc != SQLITE_DONE)
			return analysis_failed(a, "read the rules", f);
	}
	return true;
}

static void make_facts(struct analysis *a, unsigned jobs)
{
	struct contents *x = a->contents;

	x->tables = (struct fact_tables){
		find_source(x, STR("customer")),  find_source(x, STR("pending")), find_source(x, STR("vehicle")),
		find_source(x, STR("ownership")), find_source(x, STR("contact")),
	};
	facts_make(&x->facts, &x->tables, &x->terms, jobs);
}

static bool take_view(struct analysis *a, struct str name, void *unused)
{
	struct source *s = facts_source(&a->contents->facts, name);
	struct arena arena = { 0 };
	bool ok = true;

	(void)unused;
	if (s) {
		struct str drop = str_printf(&arena, "DROP VIEW \"%.*s\"", STR_FMT(name));

		add_source(a, s);
		ok = sqlite3_exec(a->db, drop.p, NULL, NULL, NULL) == SQLITE_OK && source_table_add(a->db, s);
	}
	arena_release(&arena);
	return ok;
}

/* ---- opening ---- */

/* The database itself holds views only; what a question sorts goes to a file that nobody else
 * can open, as far as the cache does not hold it. */
static bool open_db(struct analysis *a, struct fault *f)
{
	struct str settings = str_printf(&a->arena, "PRAGMA journal_mode=OFF; PRAGMA temp_store=FILE; PRAGMA cache_size=-%llu",
					 (unsigned long long)a->contents->cache_kb);

	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); /* nobody asks, and threads would wait for it */
	return (sqlite3_open_v2(":memory:", &a->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) == SQLITE_OK ||
		analysis_failed(a, "open its database", f)) &&
	       run_sql(a, settings, "begin", f);
}

/* From now on questions read, and nothing else: no file, no setting, no row is touched. */
static int authorize(void *context, int action, const char *a, const char *b, const char *c, const char *d)
{
	(void)context, (void)a, (void)b, (void)c, (void)d;
	return action == SQLITE_SELECT || action == SQLITE_READ || action == SQLITE_FUNCTION ||
			       action == SQLITE_RECURSIVE ?
		       SQLITE_OK :
		       SQLITE_DENY;
}

static uint64_t cache_for(uint64_t memory)
{
	uint64_t cache = memory ? memory / 16 >> 10 : CACHE_USUAL_KB;

	return cache < CACHE_LEAST_KB ? CACHE_LEAST_KB : cache;
}

static struct analysis *open_filled(struct run *r, bool facts, struct fault *f)
{
	struct analysis *a = xcalloc(1, sizeof(*a));

	a->contents = xcalloc(1, sizeof(*a->contents));
	a->contents->cache_kb = cache_for(r ? r->opt.memory : 0);
	if (open_db(a, f) && make_tables(a, r, f) && run_sql(a, sql_marts(), "make the marts", f) &&
	    run_sql(a, sql_views(), "make the views", f) && read_terms(a, f)) {
		if (facts)
			make_facts(a, r && r->opt.jobs ? r->opt.jobs : 1);
		if (!facts || each_of(a, "view", take_view, NULL, f)) {
			sqlite3_set_authorizer(a->db, authorize, NULL);
			return a;
		}
	}
	analysis_close(a);
	return NULL;
}

struct analysis *analysis_open(struct run *r, struct fault *f)
{
	if (!r->book->analysis)
		r->book->analysis = open_filled(r, true, f);
	return r->book->analysis;
}

struct analysis *analysis_open_views(struct run *r, struct fault *f)
{
	return open_filled(r, false, f);
}

struct analysis *analysis_open_empty(struct fault *f)
{
	return open_filled(NULL, true, f);
}

static bool copy_views(struct analysis *to, struct analysis *from, struct fault *f)
{
	struct buf b = { 0 };
	sqlite3_stmt *views;
	bool ok;

	sqlite3_set_authorizer(from->db, NULL, NULL);
	ok = sqlite3_prepare_v2(from->db, "SELECT sql FROM sqlite_schema ORDER BY rowid", -1, &views, NULL) == SQLITE_OK ||
	     analysis_failed(from, "list its views", f);
	while (ok && sqlite3_step(views) == SQLITE_ROW)
		buf_printf(&b, "%s;", sqlite3_column_text(views, 0));
	if (sqlite3_finalize(views) != SQLITE_OK && ok)
		ok = analysis_failed(from, "list its views", f);
	sqlite3_set_authorizer(from->db, authorize, NULL);
	ok = ok && run_sql(to, buf_view(&b), "make the views", f);
	buf_release(&b);
	return ok;
}

struct analysis *analysis_beside(struct analysis *a, struct fault *f)
{
	struct analysis *other = xcalloc(1, sizeof(*other));
	bool ok;

	other->contents = a->contents;
	other->beside = true;
	ok = open_db(other, f);
	for (size_t i = 0; ok && i < a->contents->n; i++)
		ok = source_table_add(other->db, a->contents->sources[i]) || analysis_failed(other, "show a table", f);
	if (ok && copy_views(other, a, f)) {
		sqlite3_set_authorizer(other->db, authorize, NULL);
		return other;
	}
	analysis_close(other);
	return NULL;
}

bool analysis_extend(struct analysis *a, struct str script, struct rowset *rows, size_t n, struct fault *f)
{
	struct contents *x = a->contents;
	struct filling filling = { 0 };
	bool ok;

	for (size_t i = 0; i < n; i++) {
		if (x->n_added == MOST_ADDED + TABLES)
			BUG("too many tables of rooms' own");
		filling.rows[filling.n++] = &x->added[x->n_added];
		x->added[x->n_added++] = rows[i];
		rowset_init(&rows[i], rows[i].def);
	}
	sqlite3_set_authorizer(a->db, NULL, NULL);
	ok = run_sql(a, script, "make tables of a room's own", f) && each_of(a, "table", take_table, &filling, f) &&
	     (!x->facts.of || each_of(a, "view", take_view, NULL, f));
	sqlite3_set_authorizer(a->db, authorize, NULL);
	return ok;
}

void analysis_close(struct analysis *a)
{
	struct contents *x = a ? a->contents : NULL;

	if (!a)
		return;
	sqlite3_close(a->db);
	if (!a->beside) {
		for (size_t i = 0; i < x->n; i++)
			source_free(x->sources[i]);
		facts_release(&x->facts);
		fact_terms_release(&x->terms);
		for (size_t i = 0; i < x->n_added; i++)
			rowset_release(&x->added[i]);
		mart_rules_release(&x->rules);
		free(x);
	}
	arena_release(&a->arena);
	free(a);
}
