/* The figures that a run tells of itself, counted again. */
#include "audit.h"

#include "infile.h"
#include "outfile.h"

struct count { /* of the ledger */
	const char *name; /* in run.json */
	const char *metric; /* in report/quality.csv */
	int column; /* of the ledger; -1: lines */
	uint64_t n;
};

static void count_line(struct count *c, const struct str *v)
{
	uint64_t n = 1;

	if (c->column == LED_STATUS)
		n = str_eq(v[LED_STATUS], STR("quarantined"));
	else if (c->column >= 0 && !str_u64(v[c->column], &n))
		n = 0; /* that was told of the line */
	c->n += n;
}

enum { COUNTS = 7 };

static bool count_ledger(struct audit *x, struct count counts[COUNTS], struct fault *f)
{
	static const struct count none[COUNTS] = {
		{ "files", "files", -1, 0 },
		{ "quarantined", "files_quarantined", LED_STATUS, 0 },
		{ "rows", "rows", LED_ROWS, 0 },
		{ "accepted", "rows_accepted", LED_ACCEPTED, 0 },
		{ "flagged", "rows_flagged", LED_FLAGGED, 0 },
		{ "rejected", "rows_rejected", LED_REJECTED, 0 },
		{ "duplicate", "rows_duplicate", LED_DUPLICATE, 0 },
	};
	const struct rowset *ledger = run_table(x->r, &table_ledger, false, f);
	struct str v[LED_COLUMNS];

	memcpy(counts, none, sizeof(none));
	for (size_t i = 0; ledger && i < ledger->n; i++) {
		rowset_get(ledger, i, v);
		for (size_t c = 0; c < COUNTS; c++)
			count_line(&counts[c], v);
	}
	return ledger != NULL;
}

/* ---- run.json ---- */

/* Of `  "NAME": VALUE,` the value. */
static struct str member(struct audit *x, struct str text, const char *name)
{
	struct str front = str_printf(&x->arena, "\"%s\": ", name), line;

	while (str_cut(&text, '\n', &line)) {
		line = str_trim(line);
		if (str_starts(line, front) && str_ends(line, STR(",")))
			return str_span(line.p + front.n, line.p + line.n - 1);
	}
	return STR("");
}

static void meet_member(struct audit *x, struct str text, const char *name, struct str counted, const char *where)
{
	struct str told = member(x, text, name);

	x->checks++;
	if (!str_eq(told, counted))
		complain(x, "run.json: \"%s\" is %.*s, %s says %.*s", name, STR_FMT(told.n ? told : STR("missing")), where,
			 STR_FMT(counted));
}

/* The day of extract/run.csv; but who is forgotten in an older OUT finds the master of the newest run
 * there, which sent or closed something. */
static void meet_date(struct audit *x, struct str text, const struct rowset *returns)
{
	struct str date = run_date(x->r), told = member(x, text, "business_date");
	bool known = false;

	for (size_t i = 0; !known && i < returns->n; i++)
		for (int c = RET_FIRST_SENT; c <= RET_CLOSED_ON; c++) {
			struct str day = rowset_value(returns, i, c);

			known |= day.n && told.n == day.n + 2 && str_eq(day, (struct str){ told.p + 1, day.n }) &&
				 str_cmp(day, date) > 0;
		}
	if (!known)
		meet_member(x, text, "business_date", str_printf(&x->arena, "\"%.*s\"", STR_FMT(date)), "extract/run.csv");
}

bool audit_figures(struct audit *x, struct fault *f)
{
	const struct rowset *returns = run_table(x->r, &table_returns, true, f);
	struct count counts[COUNTS];
	struct infile in;

	if (!returns || !count_ledger(x, counts, f) ||
	    !infile_open(&in, run_in_path(x->r, "run.json"), false, (struct infile_limits){ 0 }, f))
		return false;
	for (size_t c = 0; c < COUNTS; c++)
		meet_member(x, in.bytes, counts[c].name,
			    str_printf(&x->arena, "%llu", (unsigned long long)counts[c].n), "ledger.csv");
	if (file_exists(run_in_path(x->r, "extract/run.csv")))
		meet_date(x, in.bytes, returns);
	infile_close(&in);
	return true;
}

/* ---- quality.csv ---- */

struct quality {
	const struct rowset *rows;
	struct map index; /* dimension, metric, scope_kind and scope, each with an end -> row */
};

static void put_end(struct buf *b, struct str s)
{
	buf_str(b, s);
	buf_char(b, '\x1F');
}

static void index_quality(struct audit *x, struct quality *q)
{
	struct str v[QUA_COLUMNS];
	struct buf key = { 0 };
	bool added;

	for (size_t i = 0; i < q->rows->n; i++) {
		rowset_get(q->rows, i, v);
		buf_reset(&key);
		for (int c = QUA_DIMENSION; c <= QUA_SCOPE; c++)
			put_end(&key, v[c]);
		x->checks++;
		map_put(&q->index, buf_view(&key), i, &added);
		if (!added)
			complain(x, "report/quality.csv, row %llu: a second line for %.*s of %.*s", ROW_OF(i),
				 STR_FMT(v[QUA_METRIC]), STR_FMT(v[QUA_SCOPE]));
	}
	buf_release(&key);
}

/* A figure that is nought everywhere may have no line. */
static void meet_figure(struct audit *x, const struct quality *q, const char *dimension, const char *metric,
			uint64_t counted, const char *where)
{
	struct str key = str_printf(&x->arena, "%s\x1F%s\x1F""all\x1F\x1F", dimension, metric);
	const uint64_t *at = map_get(&q->index, key);
	uint64_t told = 0;

	x->checks++;
	if (!at && counted)
		complain(x, "report/quality.csv: no line for %s of all", metric);
	else if (at && (!str_u64(rowset_value(q->rows, *at, QUA_NUMERATOR), &told) || told != counted))
		complain(x, "report/quality.csv, row %llu: %s is %.*s, %s says %llu", ROW_OF(*at), metric,
			 STR_FMT(rowset_value(q->rows, *at, QUA_NUMERATOR)), where, (unsigned long long)counted);
}

static bool meet_ledger(struct audit *x, const struct quality *q, struct fault *f)
{
	struct count counts[COUNTS];

	if (!count_ledger(x, counts, f))
		return false;
	for (size_t c = 0; c < COUNTS; c++)
		meet_figure(x, q, "flow", counts[c].metric, counts[c].n, "ledger.csv");
	return true;
}

static bool meet_returns(struct audit *x, const struct quality *q, struct fault *f)
{
	const struct rowset *returns = run_table(x->r, &table_returns, true, f);
	uint64_t all = 0, open = 0, fixed = 0, confirmed = 0, wrong_again = 0;

	for (size_t i = 0; returns && i < returns->n; i++) {
		struct str status = rowset_value(returns, i, RET_STATUS);

		all += !str_eq(status, STR("withdrawn"));
		open += str_eq(status, STR("open"));
		fixed += str_eq(status, STR("fixed"));
		confirmed += str_eq(status, STR("confirmed"));
		wrong_again += str_eq(status, STR("wrong_again"));
	}
	if (returns && returns->n) { /* a chain that was stopped before return has none */
		meet_figure(x, q, "repair", "returned", all, "report/returns.csv");
		meet_figure(x, q, "repair", "open", open, "report/returns.csv");
		meet_figure(x, q, "repair", "repair_rate", fixed + confirmed, "report/returns.csv");
		meet_figure(x, q, "repair", "confirmed", confirmed, "report/returns.csv");
		meet_figure(x, q, "repair", "wrong_again", wrong_again, "report/returns.csv");
	}
	return returns != NULL;
}

/* `NAME="VALUE"`, of which the value goes onto b. */
static bool take_label(struct str *rest, struct buf *b)
{
	struct str name;
	size_t i = 1;

	if (!str_cut(rest, '=', &name) || !str_starts(*rest, STR("\"")))
		return false;
	for (; i < rest->n && rest->p[i] != '"'; i++) {
		bool escaped = rest->p[i] == '\\' && i + 1 < rest->n;

		i += escaped;
		buf_char(b, escaped && rest->p[i] == 'n' ? '\n' : rest->p[i]);
	}
	buf_char(b, '\x1F');
	*rest = i < rest->n ? str_span(rest->p + i + 1, rest->p + rest->n) : STR("");
	return true;
}

/* `yice_quality[_denominator]{dimension="...",metric="...",scope_kind="...",scope="..."} VALUE` */
static void meet_sample(struct audit *x, const struct quality *q, struct str line, size_t number, struct buf *key)
{
	int column = str_starts(line, STR("yice_quality_denominator{")) ? QUA_DENOMINATOR : QUA_VALUE;
	const uint64_t *at;
	bool ok = true;

	if (!str_starts(line, STR("yice_quality")))
		return;
	x->checks++;
	buf_reset(key);
	for (int i = 0; i < 4; i++)
		ok = ok && take_label(&line, key);
	at = ok ? map_get(&q->index, buf_view(key)) : NULL;
	if (!at)
		complain(x, "report/quality.csv: no line for line %zu of report/metrics.prom", number);
	else if (!str_starts(line, STR("} ")) ||
		 !str_eq(rowset_value(q->rows, *at, column), str_span(line.p + 2, line.p + line.n)))
		complain(x, "report/quality.csv, row %llu: the %s is not that of line %zu of report/metrics.prom", ROW_OF(*at),
			 table_quality.columns[column], number);
}

static bool meet_metrics(struct audit *x, const struct quality *q, struct fault *f)
{
	const char *path = run_in_path(x->r, "report/metrics.prom");
	struct infile in;
	struct str rest, line;
	struct buf key = { 0 };
	size_t number = 0;

	if (!file_exists(path))
		return true;
	if (!infile_open(&in, path, false, (struct infile_limits){ 0 }, f))
		return false;
	rest = in.bytes;
	while (str_cut(&rest, '\n', &line))
		meet_sample(x, q, line, ++number, &key);
	buf_release(&key);
	infile_close(&in);
	return true;
}

bool audit_quality(struct audit *x, struct fault *f)
{
	struct quality q = { .rows = run_table(x->r, &table_quality, true, f) };
	bool ok = q.rows != NULL;

	if (ok && q.rows->n) {
		index_quality(x, &q);
		ok = meet_ledger(x, &q, f) && meet_returns(x, &q, f) && meet_metrics(x, &q, f);
	}
	map_release(&q.index);
	return ok;
}
