/*
 * A fresh store gets its tables, the rows straight into them, then indexes and views. One that
 * holds a night already gets by COPY into staging only the tables whose digest differs, and
 * from there only the rows that differ. Then it is counted: a store that does not hold what
 * was sent is not committed.
 */
#include "night.h"

#include "delta.h"
#include "digest.h"
#include "sql_scripts.h"
#include "statement.h"
#include "store_views.h"

enum { MAX_LIST = 256 };

struct sent { /* what went, or would go, into one table */
	uint64_t rows, sum;
	struct hash128 digest;
};

struct night {
	struct run *r;
	struct store *s;
	const struct store_kind *kind;
	struct str day;
	uint32_t number; /* of the run, or 0 */
	uint64_t first; /* that of the first run of the store's last night, or 0 */
	bool same_day; /* as the store's last night */
	bool adds; /* to what an earlier run of the day left */
	struct statement sql;
	/* of the table at hand */
	const struct published *p;
	size_t width, sum_column;
	struct sent sent;
	bool counting_only;
	struct buf row;
};

/* ---- the rows of a table ---- */

static void count_row(struct night *n, const struct str *values)
{
	uint64_t number;

	buf_reset(&n->row);
	buf_add(&n->row, &n->sent.digest, sizeof(n->sent.digest));
	for (size_t i = 0; i < n->width; i++) {
		uint32_t length = (uint32_t)values[i].n;

		buf_add(&n->row, &length, sizeof(length));
		buf_str(&n->row, values[i]);
	}
	n->sent.digest = hash128(buf_view(&n->row));
	n->sent.rows++;
	if (n->p->sum && str_u64(values[n->sum_column], &number))
		n->sent.sum += number;
}

static bool take_row(void *context, const struct str *values, struct fault *f)
{
	struct night *n = context;
	struct str with_day[TABLE_MAX_COLUMNS + 1];

	count_row(n, values);
	if (n->counting_only)
		return true;
	if (!n->s->fresh || !n->s->lasting || !n->p->kept)
		return n->kind->row(n->s, values, f);
	memcpy(with_day, values, n->width * sizeof(*values));
	with_day[n->width] = n->day;
	return n->kind->row(n->s, with_day, f);
}

static void set_table(struct night *n, const struct published *p)
{
	n->p = p;
	n->width = published_width(p);
	n->sent = (struct sent){ 0 };
	for (size_t i = 0; p->sum && i < n->width; i++) {
		if (str_eq(str_of(p->def->columns[i]), str_of(p->sum)))
			n->sum_column = i;
	}
}

static bool count_rows(struct night *n, struct fault *f)
{
	n->counting_only = true;
	bool ok = published_each(n->r, n->p, take_row, n, f);

	n->counting_only = false;
	return ok;
}

static bool send_rows(struct night *n, const char *table, struct fault *f)
{
	const struct published *p = n->p;
	struct str columns[TABLE_MAX_COLUMNS + 1];
	size_t width = n->width;

	n->sent = (struct sent){ 0 };
	for (size_t i = 0; i < width; i++)
		columns[i] = str_of(p->columns ? p->columns[i] : p->def->columns[i]);
	if (n->s->fresh && n->s->lasting && p->kept)
		columns[width++] = STR("valid_from");
	return n->kind->begin(n->s, table, columns, width, f) && published_each(n->r, p, take_row, n, f) &&
	       n->kind->end(n->s, f);
}

/* ---- checks ---- */

/* What the store has of this run's rows; behind FROM. */
static void put_own_rows(struct night *n)
{
	if (n->adds && n->p->adds) {
		delta_held_sql(n->p, &n->sql.text);
		return;
	}
	buf_str(&n->sql.text, str_of(n->p->table));
	if (n->p->grows)
		buf_printf(&n->sql.text, " WHERE \"on\" = '%.*s'", STR_FMT(n->day));
}

static bool rows_in_store(struct night *n, uint64_t *rows, struct fault *f)
{
	struct str value;

	buf_str(&n->sql.text, STR("SELECT count(*) FROM "));
	put_own_rows(n);
	return statement_ask(&n->sql, &value, f) &&
	       (str_u64(value, rows) || fault_set(f, EXIT_FAILED, "no count of %s", n->p->table));
}

/* The store must hold what was sent: as many rows, the same sum. */
static bool check_table(struct night *n, struct fault *f)
{
	const struct published *p = n->p;
	struct str sum = STR("");
	uint64_t rows;

	if (!rows_in_store(n, &rows, f))
		return false;
	if (p->sum) {
		buf_printf(&n->sql.text, "SELECT CAST(coalesce(sum(\"%s\"), 0) AS BIGINT) FROM ", p->sum);
		put_own_rows(n);
		if (!statement_ask(&n->sql, &sum, f))
			return false;
	}
	if (rows == n->sent.rows &&
	    (!p->sum || str_eq(sum, str_printf(&n->sql.arena, "%llu", (unsigned long long)n->sent.sum))))
		return true;
	fault_set(f, EXIT_FAILED, "the table %s of the store has %llu rows, %llu were sent; nothing was published",
		  p->table, (unsigned long long)rows, (unsigned long long)n->sent.rows);
	fault_hint(f, "a trigger or rule that someone added to the table may be at work: look at it");
	return false;
}

/* ---- one table ---- */

static void put_digest(struct night *n)
{
	const struct sent *sent = &n->sent;

	buf_printf(&n->sql.text,
		   "DELETE FROM store_table WHERE \"name\" = '%s';"
		   "INSERT INTO store_table (\"name\", \"rows\", \"digest\") VALUES ('%s', %llu, '%016llx%016llx');",
		   n->p->table, n->p->table, (unsigned long long)sent->rows, (unsigned long long)sent->digest.lo,
		   (unsigned long long)sent->digest.hi);
}

/* Whether the store has these very rows; what the last night sent is known by its digest. */
static bool is_unchanged(struct night *n, bool *same, struct fault *f)
{
	struct str digest, mine;

	buf_printf(&n->sql.text, "SELECT \"digest\" FROM store_table WHERE \"name\" = '%s'", n->p->table);
	if (!statement_ask(&n->sql, &digest, f) || !count_rows(n, f))
		return false;
	mine = str_printf(&n->sql.arena, "%016llx%016llx", (unsigned long long)n->sent.digest.lo,
			  (unsigned long long)n->sent.digest.hi);
	*same = str_eq(digest, mine);
	return true;
}

/* Rows that stand several times cannot be told apart one by one. */
static bool replace_repeated(struct night *n, struct fault *f)
{
	uint64_t rows;

	if (n->p->unique)
		return true;
	if (!rows_in_store(n, &rows, f))
		return false;
	if (rows == n->sent.rows)
		return true;
	delta_replace_sql(n->p, n->day, &n->sql.text);
	return statement_run(&n->sql, "write rows that stand several times", f);
}

/* Columns that someone added are kept and told; one that is gone is a fault. */
static bool check_columns(struct night *n, struct fault *f)
{
	const struct published *p = n->p;
	struct str found[MAX_LIST];
	size_t n_found = 0, known = 0;
	char *query = str_keepz(&n->sql.arena, str_printf(&n->sql.arena, n->kind->columns_of, p->table));

	if (!n->kind->ask(n->s, query, &n->sql.arena, found, MAX_LIST, &n_found, f))
		return false;
	for (size_t i = 0; i < n_found; i++) {
		bool ours = p->kept && str_eq(found[i], STR("valid_from"));

		for (size_t c = 0; c < n->width && !ours; c++)
			ours = str_eq(found[i], str_of(p->columns ? p->columns[c] : p->def->columns[c]));
		known += ours;
		if (!ours)
			run_say(n->r, "publish: the column %.*s of %s is not ours: kept as it is", STR_FMT(found[i]),
				p->table);
	}
	if (known == n->width + p->kept)
		return true;
	fault_set(f, EXIT_FAILED, "the table %s of the store lacks columns: %zu of %zu are there", p->table, known,
		  n->width + p->kept);
	fault_hint(f, "publish into an empty database or file (or drop the schema yice), then look at the table");
	return false;
}

static bool change_table(struct night *n, struct fault *f)
{
	const char *staging = str_keepz(&n->sql.arena, str_printf(&n->sql.arena, "next_%s", n->p->table));
	bool adds = n->adds && n->p->adds, same = false;

	if (adds && n->r->forgotten) /* what came stays told; of the person nothing, see people.c */
		return true;
	if (!is_unchanged(n, &same, f))
		return false;
	if (same)
		return true;
	delta_stage_sql(n->p, &n->sql.text);
	if (!check_columns(n, f) || !statement_run(&n->sql, "make a staging table", f) || !send_rows(n, staging, f))
		return false;
	delta_settle_sql(n->p, n->kind->settle, &n->sql.text);
	if (adds) {
		delta_add_sql(n->p, n->day, &n->sql.text);
	} else {
		if (n->same_day)
			delta_take_back_sql(n->p, n->day, &n->sql.text);
		delta_apply_sql(n->p, n->day, &n->sql.text);
	}
	if (!statement_run(&n->sql, n->p->table, f) || !replace_repeated(n, f) || !check_table(n, f))
		return false;
	delta_unstage_sql(n->p, &n->sql.text);
	put_digest(n);
	return statement_run(&n->sql, "note what was written", f);
}

static bool fill_table(struct night *n, struct fault *f)
{
	if (!send_rows(n, n->p->table, f) || !check_table(n, f))
		return false;
	put_digest(n);
	return statement_run(&n->sql, "note what was written", f);
}

static bool write_tables(struct night *n, struct fault *f)
{
	for (size_t i = 0; i < n_published; i++) {
		set_table(n, &published[i]);
		if (!(n->s->fresh ? fill_table(n, f) : change_table(n, f)))
			return false;
	}
	return true;
}

/* ---- the night as a whole ---- */

/* The line of `runs`: what the store has of the day, of one run or of several. */
static bool write_run(struct night *n, struct fault *f)
{
	static const char *const sums[] = { "rows", "accepted", "flagged", "rejected", "duplicate" };
	static const char *const master[] = { "customer", "pending", "vehicle", "contact" };

	buf_printf(&n->sql.text,
		   "DELETE FROM runs WHERE \"run_on\" = '%.*s';\n"
		   "INSERT INTO runs SELECT '%.*s', '%s', count(*), count(*) FILTER (WHERE \"status\" = 'quarantined')",
		   STR_FMT(n->day), STR_FMT(n->day), YICE_VERSION);
	for (size_t i = 0; i < sizeof(sums) / sizeof(sums[0]); i++)
		buf_printf(&n->sql.text, ", CAST(coalesce(sum(\"%s\"), 0) AS BIGINT)", sums[i]);
	for (size_t i = 0; i < sizeof(master) / sizeof(master[0]); i++)
		buf_printf(&n->sql.text, ", (SELECT \"rows\" FROM store_table WHERE \"name\" = '%s')", master[i]);
	buf_str(&n->sql.text, STR(" FROM ledger;"));
	return statement_run(&n->sql, "note the run", f);
}

/* A further run of a day adds to what the first one told. One that is not known to be a further
 * one (the first one once more, also from a state that was restored; stages by hand) takes the
 * day's place. The day's first run stands in store_table, under a name that is no table's. */
static bool place_in_day(struct night *n, struct str last, struct fault *f)
{
	struct str first;

	n->same_day = str_eq(last, n->day);
	buf_str(&n->sql.text, STR("SELECT \"rows\" FROM store_table WHERE \"name\" = 'first_run'"));
	if (!statement_ask(&n->sql, &first, f))
		return false;
	n->adds = str_u64(first, &n->first) && n->same_day && n->number > n->first;
	if (n->r->chained && n->number == 1 && !(n->same_day && n->first == 1))
		run_say(n->r, "publish: the store has nights up to %.*s, but the state begins with this one: is --state right?",
			STR_FMT(last));
	return true;
}

static bool note_first_run(struct night *n, struct fault *f)
{
	if (n->adds || n->number == n->first)
		return true;
	buf_str(&n->sql.text, STR("DELETE FROM store_table WHERE \"name\" = 'first_run';"));
	if (n->number)
		buf_printf(&n->sql.text,
			   "INSERT INTO store_table (\"name\", \"rows\", \"digest\") VALUES ('first_run', %u, '');",
			   n->number);
	return statement_run(&n->sql, "note the run", f);
}

/* A night before the last one would turn the history back. */
static bool check_day(struct night *n, struct fault *f)
{
	struct str last;

	if (n->s->lasting && !run_number(n->r, &n->number, f))
		return false;
	if (n->s->fresh) {
		if (n->s->lasting && n->r->chained && n->number > 1)
			run_say(n->r, "publish: the store begins with this night, the state has earlier ones: is it the right place?");
		return true;
	}
	buf_str(&n->sql.text, STR("SELECT max(\"run_on\") FROM runs"));
	if (!statement_ask(&n->sql, &last, f))
		return false;
	if (str_cmp(n->day, last) >= 0)
		return place_in_day(n, last, f);
	fault_set(f, EXIT_FAILED, "the store holds the night of %.*s already, this run is of %.*s: history is "
				  "written forwards only",
		  STR_FMT(last), STR_FMT(n->day));
	fault_hint(f, "publish a run of %.*s or later, or put the nights in order into an empty store", STR_FMT(last));
	return false;
}

static bool make_tables(struct night *n, struct fault *f)
{
	buf_str(&n->sql.text, sql_tables());
	for (size_t i = 0; n->s->lasting && i < n_published; i++) {
		if (published[i].kept)
			delta_keep_sql(&published[i], &n->sql.text);
	}
	return statement_run(&n->sql, "make the tables", f);
}

static bool make_indexes(struct night *n, struct fault *f)
{
	buf_str(&n->sql.text, sql_indexes());
	return statement_run(&n->sql, "make the indexes", f);
}

/* A store of an earlier layout gets what came since. */
static bool renew_layout(struct night *n, struct fault *f)
{
	if (n->s->version == STORE_VERSION)
		return true;
	buf_str(&n->sql.text, sql_layout_2());
	return statement_run(&n->sql, "renew the layout", f);
}

bool night_publish(struct run *r, struct store *s, struct fault *f)
{
	struct night n = { .r = r, .s = s, .kind = s->kind, .day = run_date(r), .sql.s = s };
	bool ok = check_day(&n, f) && (s->fresh ? make_tables(&n, f) : renew_layout(&n, f)) && write_tables(&n, f) &&
		  (!s->fresh || make_indexes(&n, f)) && write_run(&n, f) && note_first_run(&n, f) &&
		  store_views_write(r, &n.sql, f);

	statement_release(&n.sql);
	buf_release(&n.row);
	return ok;
}
