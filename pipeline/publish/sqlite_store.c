/*
 * sqlite:PATH. The file is written anew as PATH.part and renamed: readers of the old one keep
 * it until they open the new one. Journal and syncs are off meanwhile, since a half-written
 * .part is worth nothing anyway; it is synced once before the rename.
 */
#include "store.h"

#include "outfile.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct store {
	struct arena arena;
	const char *path, *part;
	sqlite3 *db;
	sqlite3_stmt *insert;
	size_t columns;
};

static void sqlite_abort(struct store *s)
{
	sqlite3_finalize(s->insert);
	sqlite3_close(s->db);
	unlink(s->part);
	arena_release(&s->arena);
	free(s);
}

static bool failed(struct store *s, const char *what, struct fault *f)
{
	fault_set(f, EXIT_FAILED, "cannot %s in %s: %s", what, s->path, sqlite3_errmsg(s->db));
	if (sqlite3_errcode(s->db) == SQLITE_FULL)
		fault_hint(f, "make room on the disk and run the same command again");
	return false;
}

static bool run_sql(struct store *s, const char *sql, const char *what, struct fault *f)
{
	return sqlite3_exec(s->db, sql, NULL, NULL, NULL) == SQLITE_OK || failed(s, what, f);
}

/* The folder of the file, made where it is missing. */
static bool make_parent(struct store *s, struct fault *f)
{
	const char *slash = strrchr(s->path, '/');

	return !slash || slash == s->path ||
	       make_folders(str_keepz(&s->arena, str_span(s->path, slash)), f);
}

static struct store *sqlite_open(const char *url, struct fault *f)
{
	struct store *s = xcalloc(1, sizeof(*s));

	s->path = str_keepz(&s->arena, str_of(url + strlen("sqlite:")));
	s->part = str_keepz(&s->arena, str_printf(&s->arena, "%s.part", s->path));
	if (!*s->path)
		fault_set(f, EXIT_USAGE, "sqlite: needs the path of a file, such as sqlite:out/yice.sqlite");
	if (fault_is(f) || !make_parent(s, f)) {
		arena_release(&s->arena);
		free(s);
		return NULL;
	}
	unlink(s->part);
	if (sqlite3_open_v2(s->part, &s->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL) != SQLITE_OK ||
	    !run_sql(s, "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA locking_mode=EXCLUSIVE; BEGIN",
		     "begin to write", f)) {
		failed(s, "open a new file", f);
		sqlite_abort(s);
		return NULL;
	}
	return s;
}

static bool sqlite_script(struct store *s, struct str sql, const char *name, struct fault *f)
{
	return run_sql(s, str_keepz(&s->arena, sql), name, f);
}

static bool sqlite_begin(struct store *s, const char *table, const struct str *columns, size_t n,
			 struct fault *f)
{
	struct buf b = { 0 };

	buf_printf(&b, "INSERT INTO %s (", table);
	for (size_t i = 0; i < n; i++)
		buf_printf(&b, "%s\"%.*s\"", i ? ", " : "", STR_FMT(columns[i]));
	buf_str(&b, STR(") VALUES ("));
	for (size_t i = 0; i < n; i++)
		buf_str(&b, i ? STR(",?") : STR("?"));
	buf_char(&b, ')');
	s->columns = n;
	int rc = sqlite3_prepare_v2(s->db, b.p, (int)b.n, &s->insert, NULL);

	buf_release(&b);
	return rc == SQLITE_OK || failed(s, table, f);
}

static bool sqlite_row(struct store *s, const struct str *values, struct fault *f)
{
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

static bool sqlite_end(struct store *s, struct fault *f)
{
	(void)f;
	sqlite3_finalize(s->insert);
	s->insert = NULL;
	return true;
}

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

static bool sqlite_commit(struct store *s, struct fault *f)
{
	bool ok = run_sql(s, "COMMIT", "complete the file", f);

	if (ok && sqlite3_close(s->db) != SQLITE_OK)
		ok = failed(s, "close the file", f);
	if (ok)
		s->db = NULL;
	if (ok && sync_file(s->part, f) && rename(s->part, s->path) != 0)
		fault_errno(f, "move into place", s->path);
	ok = !fault_is(f);
	sqlite_abort(s);
	return ok;
}

const struct store_kind store_sqlite = {
	.prefix = "sqlite:",
	.open = sqlite_open,
	.script = sqlite_script,
	.begin = sqlite_begin,
	.row = sqlite_row,
	.end = sqlite_end,
	.commit = sqlite_commit,
	.abort = sqlite_abort,
};
