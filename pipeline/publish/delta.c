#include "delta.h"

static const char *column(const struct published *p, size_t i)
{
	return p->columns ? p->columns[i] : p->def->columns[i];
}

static void put_columns(const struct published *p, const char *of, struct buf *b)
{
	for (size_t i = 0; i < published_width(p); i++)
		buf_printf(b, "%s%s\"%s\"", i ? ", " : "", of, column(p, i));
}

/* An empty value is NULL in a store, which equals nothing. */
static void put_key_column(const struct published *p, int i, const char *of, struct buf *b)
{
	buf_printf(b, i < p->key ? "%s\"%s\"" : "(coalesce(%s\"%s\", ''))", of, column(p, (size_t)i));
}

static void put_same_key(const struct published *p, struct buf *b)
{
	for (int i = 0; i < p->key + p->narrow; i++) {
		buf_str(b, i ? STR(" AND ") : STR(""));
		put_key_column(p, i, "n.", b);
		buf_str(b, STR(" = "));
		put_key_column(p, i, "t.", b);
	}
}

static void put_same_row(const struct published *p, struct buf *b)
{
	put_same_key(p, b);
	for (size_t i = (size_t)p->key + (size_t)p->narrow; i < published_width(p); i++)
		buf_printf(b, " AND n.\"%s\" IS NOT DISTINCT FROM t.\"%s\"", column(p, i), column(p, i));
}

/* Rows of other days are no part of the night. */
static void put_scope(const struct published *p, struct str day, struct buf *b)
{
	if (p->grows)
		buf_printf(b, "t.\"on\" = '%.*s' AND ", STR_FMT(day));
}

void delta_keep_sql(const struct published *p, struct buf *b)
{
	buf_printf(b, "ALTER TABLE %s ADD COLUMN \"valid_from\" TEXT;\n", p->table);
	buf_printf(b, "CREATE TABLE %s_past AS SELECT *, \"valid_from\" AS \"valid_to\" FROM %s WHERE 1 = 0;\n",
		   p->table, p->table);
	buf_printf(b, "CREATE INDEX %s_past_key ON %s_past (\"%s\");\n", p->table, p->table, column(p, 0));
}

void delta_history_view_sql(const struct published *p, struct buf *b)
{
	buf_printf(b, "CREATE VIEW %s_history AS SELECT ", p->table);
	put_columns(p, "", b);
	buf_printf(b, ", \"valid_from\", CAST(NULL AS TEXT) AS \"valid_to\" FROM %s UNION ALL SELECT ", p->table);
	put_columns(p, "", b);
	buf_printf(b, ", \"valid_from\", \"valid_to\" FROM %s_past;\n", p->table);
}

void delta_stage_sql(const struct published *p, struct buf *b)
{
	buf_printf(b, "CREATE TEMP TABLE next_%s AS SELECT ", p->table);
	put_columns(p, "", b);
	buf_printf(b, " FROM %s WHERE 1 = 0;", p->table);
}

static void put_index(const struct published *p, const char *unless, const char *of, struct buf *b)
{
	buf_printf(b, "CREATE INDEX %s%s%s_key ON %s%s (", unless, of, p->table, of, p->table);
	for (int i = 0; i < p->key + p->narrow; i++) {
		buf_str(b, i ? STR(", ") : STR(""));
		put_key_column(p, i, "", b);
	}
	buf_str(b, STR(");\n"));
}

void delta_settle_sql(const struct published *p, const char *settle, struct buf *b)
{
	if (p->narrow)
		put_index(p, "IF NOT EXISTS ", "", b);
	if (settle)
		buf_printf(b, "%s next_%s;\n", settle, p->table);
	else
		put_index(p, "", "next_", b);
}

void delta_unstage_sql(const struct published *p, struct buf *b)
{
	buf_printf(b, "DROP TABLE next_%s;", p->table);
}

void delta_take_back_sql(const struct published *p, struct str day, struct buf *b)
{
	if (!p->kept)
		return;
	buf_printf(b, "DELETE FROM %s WHERE \"valid_from\" = '%.*s';\n", p->table, STR_FMT(day));
	buf_printf(b, "INSERT INTO %s (", p->table);
	put_columns(p, "", b);
	buf_str(b, STR(", \"valid_from\") SELECT "));
	put_columns(p, "", b);
	buf_printf(b, ", \"valid_from\" FROM %s_past WHERE \"valid_to\" = '%.*s';\n", p->table, STR_FMT(day));
	buf_printf(b, "DELETE FROM %s_past WHERE \"valid_to\" = '%.*s';\n", p->table, STR_FMT(day));
}

/* What is gone or changed tonight was valid until now. */
static void put_keep_past(const struct published *p, struct str day, struct buf *b)
{
	buf_printf(b, "INSERT INTO %s_past (", p->table);
	put_columns(p, "", b);
	buf_str(b, STR(", \"valid_from\", \"valid_to\") SELECT "));
	put_columns(p, "", b);
	buf_printf(b, ", \"valid_from\", '%.*s' FROM %s AS t WHERE NOT EXISTS (SELECT 1 FROM next_%s n WHERE ",
		   STR_FMT(day), p->table, p->table);
	put_same_row(p, b);
	buf_str(b, STR(");\n"));
}

static void put_delete(const struct published *p, struct str day, struct buf *b)
{
	buf_printf(b, "DELETE FROM %s AS t WHERE ", p->table);
	put_scope(p, day, b);
	buf_printf(b, "NOT EXISTS (SELECT 1 FROM next_%s n WHERE ", p->table);
	if (p->unique)
		put_same_key(p, b);
	else
		put_same_row(p, b);
	buf_str(b, STR(");\n"));
}

/* A changed row stays where it is: columns that someone added by hand keep their values. */
static void put_update(const struct published *p, struct str day, struct buf *b)
{
	size_t n = published_width(p);

	buf_printf(b, "UPDATE %s AS t SET ", p->table);
	for (size_t i = (size_t)p->key; i < n; i++)
		buf_printf(b, "%s\"%s\" = n.\"%s\"", i > (size_t)p->key ? ", " : "", column(p, i), column(p, i));
	if (p->kept)
		buf_printf(b, ", \"valid_from\" = '%.*s'", STR_FMT(day));
	buf_printf(b, " FROM next_%s n WHERE ", p->table);
	put_same_key(p, b);
	buf_str(b, STR(" AND ("));
	for (size_t i = (size_t)p->key; i < n; i++)
		buf_printf(b, "%sn.\"%s\" IS DISTINCT FROM t.\"%s\"", i > (size_t)p->key ? " OR " : "", column(p, i),
			   column(p, i));
	buf_str(b, STR(");\n"));
}

static void put_insert(const struct published *p, struct str day, bool all, struct buf *b)
{
	buf_printf(b, "INSERT INTO %s (", p->table);
	put_columns(p, "", b);
	buf_str(b, p->kept ? STR(", \"valid_from\") SELECT ") : STR(") SELECT "));
	put_columns(p, "n.", b);
	if (p->kept)
		buf_printf(b, ", '%.*s'", STR_FMT(day));
	buf_printf(b, " FROM next_%s n", p->table);
	if (!all) {
		buf_printf(b, " WHERE NOT EXISTS (SELECT 1 FROM %s t WHERE ", p->table);
		if (p->unique)
			put_same_key(p, b);
		else
			put_same_row(p, b);
		buf_char(b, ')');
	}
	buf_str(b, STR(";\n"));
}

void delta_apply_sql(const struct published *p, struct str day, struct buf *b)
{
	if (p->kept)
		put_keep_past(p, day, b);
	put_delete(p, day, b);
	if (p->unique)
		put_update(p, day, b);
	put_insert(p, day, false, b);
}

void delta_add_sql(const struct published *p, struct str day, struct buf *b)
{
	put_insert(p, day, false, b);
}

void delta_held_sql(const struct published *p, struct buf *b)
{
	buf_printf(b, "next_%s n WHERE EXISTS (SELECT 1 FROM %s t WHERE ", p->table, p->table);
	put_same_row(p, b);
	buf_char(b, ')');
}

void delta_replace_sql(const struct published *p, struct str day, struct buf *b)
{
	buf_printf(b, "DELETE FROM %s AS t", p->table);
	if (p->grows)
		buf_printf(b, " WHERE t.\"on\" = '%.*s'", STR_FMT(day));
	buf_str(b, STR(";\n"));
	put_insert(p, day, true, b);
}
