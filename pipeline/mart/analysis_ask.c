/* Questions, one by one and side by side. */
#include "connection.h"

#include "pool.h"

#include <stdlib.h>

struct analysis_rows {
	struct analysis *of;
	sqlite3_stmt *statement;
	struct arena arena; /* the values of ?1 ... */
	size_t n;
	struct str values[TABLE_MAX_COLUMNS];
	int rc;
};

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
		bool is_null = sqlite3_column_type(rows->statement, i) == SQLITE_NULL;
		const char *text = (const char *)sqlite3_column_text(rows->statement, i);

		if (!text && !is_null) /* there was no memory to end it with a zero byte */
			rows->rc = SQLITE_NOMEM;
		rows->values[i] = (struct str){ text, (size_t)sqlite3_column_bytes(rows->statement, i) };
	}
	*values = rows->values;
	return rows->rc == SQLITE_ROW;
}

bool analysis_end(struct analysis_rows *rows, struct fault *f)
{
	bool ok = rows->rc == SQLITE_ROW || rows->rc == SQLITE_DONE || analysis_failed(rows->of, "answer", f);

	sqlite3_finalize(rows->statement);
	arena_release(&rows->arena);
	free(rows);
	return ok;
}

/* ---- side by side ---- */

struct questions {
	struct analysis **askers; /* by worker */
	bool (*ask)(void *context, struct analysis *a, size_t piece, struct fault *f);
	void *context;
	struct fault *faults; /* by piece */
};

static void ask_piece(void *context, size_t piece, unsigned worker)
{
	struct questions *q = context;

	q->ask(q->context, q->askers[worker], piece, &q->faults[piece]);
}

static bool first_fault(struct fault *faults, size_t n, struct fault *f)
{
	bool ok = true;

	for (size_t i = 0; i < n; i++) {
		if (ok && fault_is(&faults[i]))
			ok = fault_set(f, faults[i].status, "%.*s", STR_FMT(buf_view(&faults[i].text)));
		fault_release(&faults[i]);
	}
	return ok;
}

bool analysis_each(struct analysis *a, unsigned jobs, size_t pieces,
		   bool (*ask)(void *context, struct analysis *a, size_t piece, struct fault *f), void *context,
		   struct fault *f)
{
	struct questions q = { .ask = ask, .context = context };
	unsigned n = 1;
	bool ok = true;

	if (jobs > pieces)
		jobs = (unsigned)pieces;
	q.askers = xcalloc(jobs + 1, sizeof(struct analysis *));
	q.faults = xcalloc(pieces, sizeof(*q.faults));
	q.askers[0] = a;
	for (; ok && n < jobs; n += ok)
		ok = (q.askers[n] = analysis_beside(a, f)) != NULL;
	if (ok)
		pool_each(n, pieces, ask_piece, &q);
	ok = first_fault(q.faults, pieces, f) && ok;
	while (n-- > 1)
		analysis_close(q.askers[n]);
	free(q.askers);
	free(q.faults);
	return ok;
}
