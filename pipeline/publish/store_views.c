#include "store_views.h"

#include "delta.h"
#include "digest.h"
#include "mart_rules.h"
#include "script.h"
#include "sql_scripts.h"

static void put_script(const struct store *s, struct buf *b)
{
	buf_str(b, sql_rules());
	buf_str(b, s->kind->functions());
	buf_str(b, sql_marts());
	buf_str(b, sql_views());
	for (size_t i = 0; s->lasting && i < n_published; i++) {
		if (published[i].kept)
			delta_history_view_sql(&published[i], b);
	}
}

static struct str digest_of(struct arena *a, struct str text)
{
	struct hash128 h = hash128(text);

	return str_printf(a, "%016llx%016llx", (unsigned long long)h.lo, (unsigned long long)h.hi);
}

/* Where the store has this very script already, nothing is made. */
static bool make_views(struct statement *sql, bool *anew, struct fault *f)
{
	struct buf script = { 0 };
	struct str before = STR(""), made, digest;

	buf_char(&script, '\n');
	put_script(sql->s, &script);
	digest = digest_of(&sql->arena, buf_view(&script));
	made = script_makes(&sql->arena, buf_view(&script));
	buf_str(&sql->text, STR("SELECT \"views\" FROM schema_version"));
	bool ok = statement_ask(sql, &before, f);

	*anew = !str_starts(before, digest);
	if (ok && *anew) {
		if (before.n > digest.n)
			script_drops_sql(str_span(before.p + digest.n + 1, before.p + before.n), &sql->text);
		buf_str(&sql->text, buf_view(&script));
		buf_printf(&sql->text, "\nDELETE FROM schema_version;\n"
				       "INSERT INTO schema_version (\"version\", \"views\") VALUES (%d, '%.*s %.*s');",
			   STORE_VERSION, STR_FMT(digest), STR_FMT(made));
		ok = statement_run(sql, "make the views", f);
	}
	buf_release(&script);
	return ok;
}

/* Noted like the tables of the night, so that rules that did not change are not written again. */
static bool is_rule_table_unchanged(struct statement *sql, const struct rowset *rs, bool *same, struct fault *f)
{
	struct buf b = { 0 };
	struct str before, now;

	rowset_csv(rs, &b);
	now = digest_of(&sql->arena, buf_view(&b));
	buf_release(&b);
	buf_printf(&sql->text, "SELECT \"digest\" FROM store_table WHERE \"name\" = '%s'", rs->def->path);
	if (!statement_ask(sql, &before, f))
		return false;
	*same = str_eq(before, now);
	if (*same)
		return true;
	buf_printf(&sql->text,
		   "DELETE FROM store_table WHERE \"name\" = '%s';"
		   "INSERT INTO store_table (\"name\", \"rows\", \"digest\") VALUES ('%s', %zu, '%.*s')",
		   rs->def->path, rs->def->path, rs->n, STR_FMT(now));
	return statement_run(sql, "note what was written", f);
}

/* Tables that were made anew are empty, whatever is noted of them. */
static bool fill_rule_table(struct statement *sql, const struct rowset *rs, bool anew, struct fault *f)
{
	struct store *s = sql->s;
	struct str v[TABLE_MAX_COLUMNS];
	size_t width = table_width(rs->def);
	bool same = false;

	if (!is_rule_table_unchanged(sql, rs, &same, f))
		return false;
	if (same && !anew)
		return true;
	buf_printf(&sql->text, "DELETE FROM %s", rs->def->path);
	for (size_t i = 0; i < width; i++)
		v[i] = str_of(rs->def->columns[i]);
	if (!statement_run(sql, "empty a table of rules", f) || !s->kind->begin(s, rs->def->path, v, width, f))
		return false;
	for (size_t i = 0; i < rs->n; i++) {
		rowset_get(rs, i, v);
		if (!s->kind->row(s, v, f))
			return false;
	}
	return s->kind->end(s, f);
}

bool store_views_write(struct run *r, struct statement *sql, struct fault *f)
{
	const char *dir = run_rules_dir(r, f);
	struct mart_rules rules;
	bool anew = false;

	if (!dir || !make_views(sql, &anew, f))
		return false;
	bool ok = mart_rules_load(&rules, dir, run_date(r), f);

	for (int i = 0; ok && i < MART_RULE_TABLES; i++)
		ok = fill_rule_table(sql, &rules.tables[i], anew, f);
	mart_rules_release(&rules);
	return ok;
}
