/*
 * postgresql://... Everything happens within one transaction in the schema `yice`: readers see
 * the old night or the new one. Passwords come from PGPASSFILE or a service file, never from us.
 */
#include "store.h"

#include "sql_scripts.h"

#include <libpq-fe.h>
#include <stdlib.h>

struct postgres_store {
	struct store store;
	PGconn *db;
	struct buf line; /* rows in COPY's text form */
	size_t columns;
};

static struct postgres_store *of(struct store *s)
{
	return (struct postgres_store *)s;
}

static void postgres_abort(struct store *store)
{
	struct postgres_store *s = of(store);

	PQfinish(s->db); /* an open transaction goes with the connection */
	buf_release(&s->line);
	free(s);
}

/* The remedy by the class or code of the server's answer (appendix A of its manual). */
static const char *remedy(const char *state)
{
	static const struct {
		const char *state, *hint;
	} remedies[] = {
		{ "42501", "let the user that publishes own the schema yice, with CREATE and TEMPORARY on the database" },
		{ "53100", "make room on the server's disk and run the same command again" },
		{ "53", "give the server more of what it lacks and run the same command again" },
		{ "55P03", "another publish or a long reader holds the tables: run the same command again when it has ended" },
		{ "57", "the server ended the connection: run the same command again when it is up" },
		{ "08", "the connection broke: run the same command again when the server is up" },
		{ "2BP01", "a view that someone made asks ours: drop it, publish, and make it again" },
		{ "23502", "if someone added a column that may not be empty, give it a default" },
		{ "25006", "this server only reads: publish to the one that it follows" },
	};

	for (size_t i = 0; state && i < sizeof(remedies) / sizeof(remedies[0]); i++) {
		if (str_starts(str_of(state), str_of(remedies[i].state)))
			return remedies[i].hint;
	}
	return NULL;
}

static bool failed_with(struct postgres_store *s, const PGresult *result, const char *what, struct fault *f)
{
	struct str message = str_trim(str_of(PQerrorMessage(s->db)));
	const char *state = result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;
	const char *hint = remedy(state ? state : PQstatus(s->db) == CONNECTION_BAD ? "08" : NULL);

	fault_set(f, EXIT_FAILED, "PostgreSQL: cannot %s: %.*s", what, STR_FMT(message));
	if (hint)
		fault_hint(f, "nothing was published; %s", hint);
	return false;
}

static bool failed(struct postgres_store *s, const char *what, struct fault *f)
{
	return failed_with(s, NULL, what, f);
}

static bool run_text(struct postgres_store *s, const char *sql, const char *what, struct fault *f)
{
	PGresult *result = PQexec(s->db, sql);
	ExecStatusType status = PQresultStatus(result);
	bool ok = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY ||
		  failed_with(s, result, what, f);

	PQclear(result);
	return ok;
}

static bool postgres_run(struct store *store, const char *sql, const char *what, struct fault *f)
{
	return run_text(of(store), sql, what, f);
}

static bool postgres_ask(struct store *store, const char *sql, struct arena *a, struct str *values, size_t most,
			 size_t *n, struct fault *f)
{
	struct postgres_store *s = of(store);
	PGresult *result = PQexec(s->db, sql);
	bool ok = PQresultStatus(result) == PGRES_TUPLES_OK || failed_with(s, result, "ask", f);

	*n = 0;
	while (ok && *n < most && *n < (size_t)PQntuples(result)) {
		values[*n] = str_keep(a, str_of(PQgetvalue(result, (int)*n, 0)));
		(*n)++;
	}
	PQclear(result);
	return ok;
}

/* ---- opening ---- */

/* One publish at a time: the second waits for the first, which a dead process may have left
 * the server to end. */
/* lz4, where the server has it, packs the lines of lineage in half of the time that pglz takes. */
static const char begin[] = "SET client_encoding = 'UTF8'; SET standard_conforming_strings = on;"
			    "SET client_min_messages = warning; SET lock_timeout = '60s';"
			    "SET work_mem = '128MB'; SET maintenance_work_mem = '256MB';"
			    "SELECT set_config(name, 'lz4', false) FROM pg_settings "
			    "WHERE name = 'default_toast_compression' AND 'lz4' = ANY (enumvals);"
			    "BEGIN; SELECT pg_advisory_xact_lock(hashtext('yice.publish'))";

/* -1: no schema; 0: one without a version, as earlier programs dropped and made each night;
 * -2: a schema of somebody else. */
static bool read_version(struct postgres_store *s, int64_t *version, struct fault *f)
{
	struct arena a = { 0 };
	struct str value = STR("");
	size_t n;
	bool ok = postgres_ask(&s->store,
			       "SELECT CASE WHEN to_regnamespace('yice') IS NULL THEN -1 "
			       "WHEN to_regclass('yice.schema_version') IS NOT NULL THEN 1 "
			       "WHEN to_regclass('yice.superseded') IS NOT NULL "
			       "AND to_regclass('yice.customer_overview') IS NOT NULL THEN 0 ELSE -2 END",
			       &a, &value, 1, &n, f);

	str_i64(value, version);
	if (ok && *version == 1) {
		ok = postgres_ask(&s->store, "SELECT version FROM yice.schema_version", &a, &value, 1, &n, f);
		str_i64(value, version);
	}
	arena_release(&a);
	return ok;
}

static bool take_schema(struct postgres_store *s, enum store_use use, struct fault *f)
{
	int64_t version = -1;

	if (!read_version(s, &version, f))
		return false;
	if (version == -2) {
		fault_set(f, EXIT_FAILED, "the schema yice of this database is not of this program");
		fault_hint(f, "name another database, or rename that schema");
		return false;
	}
	s->store.fresh = version < 1;
	s->store.version = version;
	if (s->store.fresh && use == STORE_EXISTING)
		return fault_set(f, EXIT_USAGE, "there is no store in this database: nothing was published to it yet");
	if (version > STORE_VERSION)
		return store_version_fault("yice in the database", version, f);
	if (version == 0 && !run_text(s, "DROP SCHEMA yice CASCADE", "replace the layout of an earlier program", f))
		return false;
	return (!s->store.fresh || run_text(s, "CREATE SCHEMA yice", "make the schema", f)) &&
	       run_text(s, "SET LOCAL search_path = yice, pg_temp", "choose the schema", f);
}

/* A password with an @ that is not written as %40: libpq would take what stands behind the first one
 * for the host, and tell it. */
static bool has_stray_at(struct str url)
{
	ptrdiff_t start = str_find(url, STR("://")), at, slash;
	struct str rest, plain;

	if (start < 0)
		return false;
	rest = str_span(url.p + start + 3, url.p + url.n);
	at = str_find(rest, STR("@"));
	slash = str_find(rest, STR("/"));
	if (at >= 0 && (slash < 0 || at < slash))
		rest = str_span(rest.p + at + 1, rest.p + rest.n);
	return str_cut(&rest, '?', &plain) && str_find(plain, STR("@")) >= 0;
}

/* What libpq says of one that it cannot parse quotes a piece of it, and so perhaps of a password:
 * only what it says before goes on. */
static bool postgres_check(const char *url, struct fault *f)
{
	char *error = NULL;
	PQconninfoOption *parts = PQconninfoParse(url, &error);
	struct str said = error ? str_of(error) : STR("out of memory"), reason;
	bool ok = parts && !has_stray_at(str_of(url));

	if (parts)
		said = STR("an @ stands behind the host");
	str_cut(&said, '"', &reason);
	reason = str_trim(reason);
	if (str_ends(reason, STR(":")))
		reason.n--;
	if (!ok) {
		fault_set(f, EXIT_USAGE, "PostgreSQL: the URL cannot be read: %.*s", STR_FMT(reason));
		fault_hint(f, "write %% @ / : in a password as %%25 %%40 %%2F %%3A, or leave it to PGPASSFILE");
	}
	PQconninfoFree(parts);
	PQfreemem(error);
	return ok;
}

static struct store *postgres_open(const char *url, enum store_use use, struct fault *f)
{
	struct postgres_store *s = xcalloc(1, sizeof(*s));

	s->store = (struct store){ .kind = &store_postgres, .lasting = true };
	s->db = PQconnectdb(url);
	if (PQstatus(s->db) != CONNECTION_OK) {
		struct str message = str_trim(str_of(PQerrorMessage(s->db)));

		fault_set(f, EXIT_FAILED, "PostgreSQL: cannot connect: %.*s", STR_FMT(message));
		fault_hint(f, "check that the server runs and that the user may log in (PGPASSFILE, pg_hba.conf)");
	} else if (run_text(s, begin, "begin", f) && take_schema(s, use, f)) {
		return &s->store;
	}
	postgres_abort(&s->store);
	return NULL;
}

/* ---- rows ---- */

static bool postgres_begin(struct store *store, const char *table, const struct str *columns, size_t n,
			   struct fault *f)
{
	struct postgres_store *s = of(store);
	struct buf b = { 0 };

	buf_printf(&b, "COPY %s (", table);
	for (size_t i = 0; i < n; i++)
		buf_printf(&b, "%s\"%.*s\"", i ? ", " : "", STR_FMT(columns[i]));
	buf_add(&b, ") FROM STDIN", sizeof(") FROM STDIN"));
	PGresult *result = PQexec(s->db, b.p);
	bool ok = PQresultStatus(result) == PGRES_COPY_IN || failed_with(s, result, table, f);

	PQclear(result);
	buf_release(&b);
	s->columns = n;
	return ok;
}

static bool flush(struct postgres_store *s, struct fault *f)
{
	bool ok = PQputCopyData(s->db, s->line.p, (int)s->line.n) == 1;

	buf_reset(&s->line);
	return ok || failed(s, "send rows", f);
}

static bool is_plain(char c)
{
	return c != '\\' && c != '\t' && c != '\n' && c != '\r' && c != '\0';
}

static void put_escaped(struct buf *b, struct str v)
{
	for (size_t i = 0; i < v.n;) {
		size_t from = i;

		while (i < v.n && is_plain(v.p[i]))
			i++;
		buf_add(b, v.p + from, i - from);
		if (i == v.n)
			break;
		switch (v.p[i++]) {
		case '\\': buf_str(b, STR("\\\\")); break;
		case '\t': buf_str(b, STR("\\t")); break;
		case '\n': buf_str(b, STR("\\n")); break;
		case '\r': buf_str(b, STR("\\r")); break;
		default: break; /* PostgreSQL has no place for a NUL */
		}
	}
}

static bool postgres_row(struct store *store, const struct str *values, struct fault *f)
{
	struct postgres_store *s = of(store);

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

static bool postgres_end(struct store *store, struct fault *f)
{
	struct postgres_store *s = of(store);

	if (s->line.n && !flush(s, f))
		return false;
	if (PQputCopyEnd(s->db, NULL) != 1)
		return failed(s, "end the rows", f);
	PGresult *result = PQgetResult(s->db);
	bool ok = PQresultStatus(result) == PGRES_COMMAND_OK || failed_with(s, result, "write the rows", f);

	PQclear(result);
	while ((result = PQgetResult(s->db)))
		PQclear(result);
	return ok;
}

static bool postgres_commit(struct store *store, struct fault *f)
{
	bool ok = run_text(of(store), "COMMIT", "put the new night in place", f);

	postgres_abort(store);
	return ok;
}

const struct store_kind store_postgres = {
	.prefixes = { "postgresql://", "postgres://" },
	.check = postgres_check,
	.open = postgres_open,
	.run = postgres_run,
	.ask = postgres_ask,
	.begin = postgres_begin,
	.row = postgres_row,
	.end = postgres_end,
	.commit = postgres_commit,
	.abort = postgres_abort,
	.functions = sql_postgresql,
	.roles = sql_roles,
	.tables = "SELECT tablename FROM pg_tables WHERE schemaname = 'yice' ORDER BY 1",
	.columns_of = "SELECT column_name FROM information_schema.columns "
		      "WHERE table_schema = 'yice' AND table_name = '%s'",
	.settle = "ANALYZE",
};
