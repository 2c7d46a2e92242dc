/*
 * postgresql://... Everything goes by COPY into a schema of its own, `yice_next`, within one
 * transaction that ends by putting it in the place of `yice`: readers see the old night or
 * the new one. Passwords come from PGPASSFILE or a service file, never from us.
 */
#include "store.h"

#include <libpq-fe.h>
#include <stdlib.h>

struct store {
	PGconn *db;
	struct buf line; /* rows in COPY's text form */
	size_t columns;
};

static void postgres_abort(struct store *s)
{
	PQfinish(s->db); /* an open transaction goes with the connection */
	buf_release(&s->line);
	free(s);
}

static bool failed(struct store *s, const char *what, struct fault *f)
{
	struct str message = str_trim(str_of(PQerrorMessage(s->db)));

	return fault_set(f, EXIT_FAILED, "PostgreSQL: cannot %s: %.*s", what, STR_FMT(message));
}

static bool run_sql(struct store *s, const char *sql, const char *what, struct fault *f)
{
	PGresult *result = PQexec(s->db, sql);
	ExecStatusType status = PQresultStatus(result);

	PQclear(result);
	return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || failed(s, what, f);
}

static struct store *postgres_open(const char *url, struct fault *f)
{
	struct store *s = xcalloc(1, sizeof(*s));

	s->db = PQconnectdb(url);
	if (PQstatus(s->db) != CONNECTION_OK) {
		failed(s, "connect", f);
		fault_hint(f, "check that the server runs and that the user may log in (PGPASSFILE, pg_hba.conf)");
	} else if (run_sql(s, "SET client_encoding = 'UTF8'; SET client_min_messages = warning", "set up", f) &&
		   run_sql(s, "BEGIN; DROP SCHEMA IF EXISTS yice_next CASCADE; CREATE SCHEMA yice_next;"
			      "SET LOCAL search_path = yice_next", "make the schema", f)) {
		return s;
	}
	postgres_abort(s);
	return NULL;
}

static bool postgres_script(struct store *s, struct str sql, const char *name, struct fault *f)
{
	struct arena a = { 0 };
	bool ok = run_sql(s, str_keepz(&a, sql), name, f);

	arena_release(&a);
	return ok;
}

static bool postgres_begin(struct store *s, const char *table, const struct str *columns, size_t n,
			   struct fault *f)
{
	struct buf b = { 0 };

	buf_printf(&b, "COPY %s (", table);
	for (size_t i = 0; i < n; i++)
		buf_printf(&b, "%s\"%.*s\"", i ? ", " : "", STR_FMT(columns[i]));
	buf_add(&b, ") FROM STDIN", sizeof(") FROM STDIN"));
	PGresult *result = PQexec(s->db, b.p);
	bool ok = PQresultStatus(result) == PGRES_COPY_IN;

	PQclear(result);
	buf_release(&b);
	s->columns = n;
	return ok || failed(s, table, f);
}

static bool flush(struct store *s, struct fault *f)
{
	bool ok = PQputCopyData(s->db, s->line.p, (int)s->line.n) == 1;

	buf_reset(&s->line);
	return ok || failed(s, "send rows", f);
}

static void put_escaped(struct buf *b, struct str v)
{
	for (size_t i = 0; i < v.n; i++) {
		switch (v.p[i]) {
		case '\\': buf_str(b, STR("\\\\")); break;
		case '\t': buf_str(b, STR("\\t")); break;
		case '\n': buf_str(b, STR("\\n")); break;
		case '\r': buf_str(b, STR("\\r")); break;
		case '\0': break; /* PostgreSQL has no place for it */
		default: buf_char(b, v.p[i]);
		}
	}
}

static bool postgres_row(struct store *s, const struct str *values, struct fault *f)
{
	for (size_t i = 0; i < s->columns; i++) {
		if (i)
			buf_char(&s->line, '\t');
		if (values[i].n)
			put_escaped(&s->line, values[i]);
		else
			buf_str(&s->line, STR("\\N"));
	}
	buf_char(&s->line, '\n');
	return s->line.n < 1 << 18 || flush(s, f);
}

static bool postgres_end(struct store *s, struct fault *f)
{
	if (s->line.n && !flush(s, f))
		return false;
	if (PQputCopyEnd(s->db, NULL) != 1)
		return failed(s, "end the rows", f);
	PGresult *result = PQgetResult(s->db);
	bool ok = PQresultStatus(result) == PGRES_COMMAND_OK;

	PQclear(result);
	if (!ok)
		failed(s, "write the rows", f);
	while ((result = PQgetResult(s->db)))
		PQclear(result);
	return ok;
}

static bool postgres_commit(struct store *s, struct fault *f)
{
	bool ok = run_sql(s, "DROP SCHEMA IF EXISTS yice CASCADE; ALTER SCHEMA yice_next RENAME TO yice; COMMIT",
			  "put the new night in place", f);

	postgres_abort(s);
	return ok;
}

const struct store_kind store_postgres = {
	.prefix = "postgres", /* postgresql:// and postgres:// */
	.open = postgres_open,
	.script = postgres_script,
	.begin = postgres_begin,
	.row = postgres_row,
	.end = postgres_end,
	.commit = postgres_commit,
	.abort = postgres_abort,
};
