/*
 * sqlite:PATH. A file without a night in it is written anew as PATH.part and renamed: readers
 * of the old one keep it until they open the new one. Journal and syncs are off meanwhile,
 * since a half-written .part is worth nothing anyway; it is synced once before the rename.
 *
 * A lasting file is changed in one transaction, with a write-ahead log: readers go on with the
 * night before until it is committed, and a process that dies leaves that night.
 */
#include "store.h"

#include "destination.h"
#include "sql_scripts.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { PATIENCE_MS = 60000 };

struct sqlite_store {
	struct store store;
	struct arena arena;
	const char *path, *part; /* part: NULL where the file itself is changed */
	sqlite3 *db;
	sqlite3_stmt *insert;
	size_t columns;
};

static struct sqlite_store *of(struct store *s)
{
	return (struct sqlite_store *)s;
}

static void sqlite_abort(struct store *store)
{
	struct sqlite_store *s = of(store);

	sqlite3_finalize(s->insert);
	sqlite3_close(s->db); /* an open transaction goes with it */
	if (s->part)
		unlink(s->part);
	arena_release(&s->arena);
	free(s);
}

static bool failed(struct sqlite_store *s, const char *what, struct fault *f)
{
	static const struct {
		int code;
		const char *hint;
	} remedies[] = {
		{ SQLITE_FULL, "make room on the disk and run the same command again" },
		{ SQLITE_IOERR, "look at the disk, then run the same command again" },
		{ SQLITE_BUSY, "another program has been writing to the file: run the same command again when it has ended" },
		{ SQLITE_READONLY, "give the user that publishes the right to write the file and its folder" },
		{ SQLITE_CANTOPEN, "give the user that publishes the right to write the file and its folder" },
		{ SQLITE_PERM, "give the user that publishes the right to write the file and its folder" },
		{ SQLITE_NOTADB, "name another file: this one is no store, or it is damaged" },
		{ SQLITE_CORRUPT, "put the file aside and publish again: a new one is made" },
		{ SQLITE_CONSTRAINT, "if someone added a column that may not be empty, give it a default" },
	};
	int code = sqlite3_errcode(s->db) & 0xff;

	fault_set(f, EXIT_FAILED, "cannot %s in %s: %s", what, s->path, sqlite3_errmsg(s->db));
	for (size_t i = 0; i < sizeof(remedies) / sizeof(remedies[0]); i++) {
		if (remedies[i].code == code)
			fault_hint(f, "%s", remedies[i].hint);
	}
	return false;
}

static bool run_text(struct sqlite_store *s, const char *sql, const char *what, struct fault *f)
{
	return sqlite3_exec(s->db, sql, NULL, NULL, NULL) == SQLITE_OK || failed(s, what, f);
}

static bool sqlite_run(struct store *store, const char *sql, const char *what, struct fault *f)
{
	return run_text(of(store), sql, what, f);
}

static bool sqlite_ask(struct store *store, const char *sql, struct arena *a, struct str *values, size_t most,
		       size_t *n, struct fault *f)
{
	struct sqlite_store *s = of(store);
	sqlite3_stmt *ask;
	int rc = sqlite3_prepare_v2(s->db, sql, -1, &ask, NULL);

	*n = 0;
	while (rc == SQLITE_OK && *n < most && (rc = sqlite3_step(ask)) == SQLITE_ROW) {
		const char *text = (const char *)sqlite3_column_text(ask, 0);

		values[(*n)++] = str_keep(a, str_of(text ? text : ""));
		rc = SQLITE_OK;
	}
	bool ok = rc == SQLITE_OK || rc == SQLITE_DONE;

	if (!ok)
		failed(s, "ask", f);
	sqlite3_finalize(ask);
	return ok;
}

/* ---- opening ---- */

/* The folder of the file, made where it is missing. */
static bool make_parent(struct sqlite_store *s, struct fault *f)
{
	const char *slash = strrchr(s->path, '/');

	return !slash || slash == s->path ||
	       make_folders(str_keepz(&s->arena, str_span(s->path, slash)), f);
}

/* Used by one thread: SQLite need not lock its own memory. */
static bool open_file(struct sqlite_store *s, const char *path, int flags, struct fault *f)
{
	return sqlite3_open_v2(path, &s->db, flags | SQLITE_OPEN_NOMUTEX, NULL) == SQLITE_OK ||
	       failed(s, "open a file", f);
}

static bool open_new(struct sqlite_store *s, struct fault *f)
{
	s->store.fresh = true;
	s->part = str_keepz(&s->arena, str_printf(&s->arena, "%s.part", s->path));
	unlink(s->part);
	return open_file(s, s->part, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, f) &&
	       run_text(s, "PRAGMA page_size=16384; PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;"
			   "PRAGMA locking_mode=EXCLUSIVE; PRAGMA cache_size=-32000; BEGIN",
			"begin to write", f);
}

/* The layout of the file: 0 where it has none, as those had that earlier programs wrote anew
 * each night; what they hold is all in the run, and without history. */
static bool read_version(struct sqlite_store *s, int64_t *version, struct fault *f)
{
	struct str value = STR("");
	size_t n;

	*version = 0;
	if (!sqlite_ask(&s->store, "SELECT count(*) FROM sqlite_master WHERE name = 'schema_version'", &s->arena,
			&value, 1, &n, f))
		return false;
	if (str_eq(value, STR("0")))
		return true;
	if (!sqlite_ask(&s->store, "SELECT version FROM schema_version", &s->arena, &value, 1, &n, f))
		return false;
	str_i64(value, version);
	return true;
}

/* Whether a file without a version is one of ours, or somebody's. */
static bool is_former_store(struct sqlite_store *s, bool *ours, struct fault *f)
{
	struct str value = STR("");
	size_t n;
	bool ok = sqlite_ask(&s->store,
			     "SELECT (SELECT count(*) FROM sqlite_master) = 0 OR (SELECT count(*) FROM sqlite_master "
			     "WHERE name IN ('customer', 'lineage', 'superseded', 'customer_overview')) = 4",
			     &s->arena, &value, 1, &n, f);

	*ours = str_eq(value, STR("1"));
	return ok;
}

/* A snapshot has no history, so it cannot be gone on with: it is made anew too. */
static bool is_snapshot(struct sqlite_store *s, bool *snapshot, struct fault *f)
{
	struct str value = STR("");
	size_t n;
	bool ok = sqlite_ask(&s->store, "SELECT count(*) FROM sqlite_master WHERE name = 'customer_past'", &s->arena,
			     &value, 1, &n, f);

	*snapshot = str_eq(value, STR("0"));
	return ok;
}

static bool open_file_there(struct sqlite_store *s, enum store_use use, struct fault *f)
{
	int64_t version;
	bool ours = true, snapshot = false;

	if (!open_file(s, s->path, SQLITE_OPEN_READWRITE, f))
		return false;
	sqlite3_busy_timeout(s->db, PATIENCE_MS);
	if (!read_version(s, &version, f) || (!version && !is_former_store(s, &ours, f)) ||
	    (version && !is_snapshot(s, &snapshot, f)))
		return false;
	if (!ours) {
		fault_set(f, EXIT_FAILED, "%s holds tables that are not of this program", s->path);
		fault_hint(f, "name another file");
		return false;
	}
	if (use == STORE_EXISTING)
		return run_text(s, "BEGIN", "begin to read", f);
	if (!version || snapshot) {
		sqlite3_close(s->db);
		s->db = NULL;
		return open_new(s, f);
	}
	s->store.version = version;
	if (version < 1 || version > STORE_VERSION)
		return store_version_fault(s->path, version, f);
	return run_text(s, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;"
			   "PRAGMA cache_size=-64000; BEGIN IMMEDIATE",
			"begin to write", f);
}

static struct store *sqlite_open(const char *url, enum store_use use, struct fault *f)
{
	struct sqlite_store *s = xcalloc(1, sizeof(*s));
	bool ok;

	s->store = (struct store){ .kind = &store_sqlite, .lasting = use != STORE_SNAPSHOT };
	s->path = destination_file(&s->arena, str_keepz(&s->arena, str_of(url + strlen("sqlite:"))));
	if (!*s->path)
		ok = fault_set(f, EXIT_USAGE, "sqlite: needs the path of a file, such as sqlite:out/yice.sqlite");
	else if (use == STORE_EXISTING && !file_exists(s->path))
		ok = fault_set(f, EXIT_USAGE, "there is no store %s", s->path);
	else
		ok = make_parent(s, f) && (s->store.lasting && file_exists(s->path) ? open_file_there(s, use, f) : open_new(s, f));
	if (ok)
		return &s->store;
	sqlite_abort(&s->store);
	return NULL;
}

/* ---- rows ---- */

static bool sqlite_begin(struct store *store, const char *table, const struct str *columns, size_t n,
			 struct fault *f)
{
	struct sqlite_store *s = of(store);
	struct buf b = { 0 };

	buf_printf(&b, "INSERT INTO %s (", table);
	for (size_t i = 0; i < n; i++)
		buf_printf(&b, "%s\"%.*s\"", i ? ", " : "", STR_FMT(columns[i]));
	buf_str(&b, STR(") VALUES ("));
	for (size_t i = 0; i < n; i++)
		buf_str(&b, i ? STR(",?") : STR("?"));
	buf_char(&b, ')');
	s->columns = n;
	int rc = sqlite3_prepare_v3(s->db, b.p, (int)b.n, SQLITE_PREPARE_PERSISTENT, &s->insert, NULL);

	buf_release(&b);
	return rc == SQLITE_OK || failed(s, table, f);
}

static bool sqlite_row(struct store *store, const struct str *values, struct fault *f)
{
	struct sqlite_store *s = of(store);

	for (size_t i = 0; i < s->columns; i++) {
		if (values[i].n)
			sqlite3_bind_text(s->insert, (int)i + 1, values[i].p, (int)values[i].n, SQLITE_STATIC);
		else
			sqlite3_bind_null(s->insert, (int)i + 1);
	}
	bool ok = sqlite3_step(s->insert) == SQLITE_DONE;

	if (!ok)
		failed(s, "write a row", f);
	sqlite3_reset(s->insert);
	return ok;
}

static bool sqlite_end(struct store *store, struct fault *f)
{
	struct sqlite_store *s = of(store);

	(void)f;
	sqlite3_finalize(s->insert);
	s->insert = NULL;
	return true;
}

/* ---- the end ---- */

static bool sync_file(const char *path, struct fault *f)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	bool ok = fd >= 0 && fsync(fd) == 0;

	if (!ok)
		fault_errno(f, "sync", path);
	if (fd >= 0)
		close(fd);
	return ok;
}

static bool put_in_place(struct sqlite_store *s, struct fault *f)
{
	if (sqlite3_close(s->db) != SQLITE_OK)
		return failed(s, "close the file", f);
	s->db = NULL;
	return sync_file(s->part, f) &&
	       ((rename(s->part, s->path) == 0 && sync_folder_of(s->path)) || fault_errno(f, "move into place", s->path));
}

static bool sqlite_commit(struct store *store, struct fault *f)
{
	struct sqlite_store *s = of(store);
	bool ok = run_text(s, "COMMIT", "complete the file", f) && (!s->part || put_in_place(s, f));

	sqlite_abort(store);
	return ok;
}

const struct store_kind store_sqlite = {
	.prefixes = { "sqlite:" },
	.open = sqlite_open,
	.run = sqlite_run,
	.ask = sqlite_ask,
	.begin = sqlite_begin,
	.row = sqlite_row,
	.end = sqlite_end,
	.commit = sqlite_commit,
	.abort = sqlite_abort,
	.functions = sql_sqlite,
	.tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'",
	.columns_of = "SELECT name FROM pragma_table_info('%s')",
};
