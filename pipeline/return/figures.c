#include "figures.h"

#include "people_csv.h"
#include "returns.h"
#include "rules.h"

#include <stdlib.h>

enum unit { COUNT, PERCENT, YUAN, DAYS, HOURS, SCORE };

static const char *const units[] = { "count", "percent", "yuan", "days", "hours", "score", NULL };
static const char *const unit_words[] = { "", "%", "元", "天", "小时", "分" };

struct figure { /* a line of rules/analysis.csv */
	size_t line;
	struct str section, label, mart, part, words, value, per;
	enum unit unit;
};

struct figure_rules {
	struct rules rules;
	struct figure *list;
	size_t n;
	struct arena arena;
};

struct cell { /* of one dealer; those of a figure and part stand together */
	const struct figure *figure;
	struct str part, dealer;
	double value, per;
};

struct batch { /* of figures of one mart, which is reckoned once for all of them */
	const struct figure *list;
	size_t n;
	struct cell *cells;
	size_t n_cells;
	struct arena arena;
};

struct figures {
	struct figure_rules rules;
	struct batch *batches;
	size_t n_batches;
	struct cell *cells;
	size_t n, cap;
	double least; /* dealers that a figure of the network needs */
	struct arena arena;
};

static bool load(struct figure_rules *fr, const char *rules_dir, struct fault *f)
{
	static const struct rule_column columns[] = {
		{ "section", RULE_FILLED }, { "label", RULE_FILLED }, { "part", RULE_FREE },
		{ "mart", RULE_FILLED },    { "words", RULE_FREE },   { "value", RULE_FILLED },
		{ "per", RULE_FREE },	    { "unit", RULE_FILLED },  { "note", RULE_MAY_LACK },
		{ NULL, RULE_FREE },
	};
	bool ok = rules_read(&fr->rules, rules_dir, "analysis.csv", columns, &fr->arena, f);

	ok &= rules_once(&fr->rules, 3, f); /* a dealer could not tell two such figures apart */
	fr->list = arena_zalloc(&fr->arena, (fr->rules.n + 1) * sizeof(*fr->list));
	for (size_t i = 0; i < fr->rules.n; i++) {
		const struct rule_row *row = &fr->rules.rows[i];
		int unit = rules_choice(&fr->rules, row, "unit", row->v[7], units, f);

		ok &= unit >= 0;
		fr->list[fr->n++] = (struct figure){ row->line, row->v[0], row->v[1], row->v[3], row->v[2],
						     row->v[4], row->v[5], row->v[6], unit < 0 ? COUNT : (enum unit)unit };
	}
	return ok;
}

static void put_name(struct buf *b, struct str name)
{
	buf_char(b, '"');
	for (size_t i = 0; i < name.n; i++)
		if (name.p[i] != '"')
			buf_char(b, name.p[i]);
	buf_char(b, '"');
}

static void put_sum(struct buf *b, const char *function, struct str column)
{
	buf_printf(b, ", %s(\"m\".", function);
	put_name(b, column);
	buf_char(b, ')');
}

/* How many of them, from the first on, have its part. */
static size_t same_part(const struct figure *list, size_t n)
{
	size_t k = 1;

	while (k < n && str_eq(list[k].part, list->part))
		k++;
	return k;
}

/* Those of one part: its number, dealer, part, then value and per of each, and NULL up to `width`
 * figures. The names are columns or nothing at all: `"m".` before them leaves no doubt. */
static void put_select(struct buf *b, const struct figure *list, size_t n, unsigned number, size_t width)
{
	buf_printf(b, "SELECT %u, m.dealer_code, ", number);
	if (list->part.n) {
		buf_str(b, STR("\"m\"."));
		put_name(b, list->part);
	} else {
		buf_str(b, STR("''"));
	}
	for (size_t i = 0; i < n; i++) {
		put_sum(b, "sum", list[i].value);
		if (str_eq(list[i].per, STR("*")))
			put_sum(b, "count", list[i].value);
		else if (list[i].per.n)
			put_sum(b, "sum", list[i].per);
		else
			buf_str(b, STR(", 1"));
	}
	for (size_t i = n; i < width; i++)
		buf_str(b, STR(", NULL, NULL"));
	buf_str(b, STR(" FROM m GROUP BY 2, 3"));
}

/* A mart that has several parts is kept until all of them are counted. */
static const char *question(const struct figure *list, size_t n, struct arena *a)
{
	size_t first = same_part(list, n), widest = first;
	struct buf b = { 0 };
	unsigned number = 0;
	const char *sql;

	for (size_t i = first, k; i < n; i += k) {
		k = same_part(list + i, n - i);
		widest = k > widest ? k : widest;
	}
	buf_printf(&b, "WITH m AS %sMATERIALIZED (SELECT * FROM ", first < n ? "" : "NOT ");
	put_name(&b, list->mart);
	buf_str(&b, STR(") "));
	for (size_t i = 0, k; i < n; i += k, number++) {
		k = same_part(list + i, n - i);
		buf_str(&b, i ? STR(" UNION ALL ") : STR(""));
		put_select(&b, list + i, k, number, widest);
	}
	buf_str(&b, STR(" ORDER BY 1, 3, 2"));
	sql = str_keepz(a, buf_view(&b));
	buf_release(&b);
	return sql;
}

/* Neighbours of one mart. */
static size_t batch(const struct figure_rules *fr, size_t from)
{
	size_t n = 1;

	while (from + n < fr->n && n < TABLE_MAX_COLUMNS / 2 - 2 &&
	       str_eq(fr->list[from + n].mart, fr->list[from].mart))
		n++;
	return n;
}

bool analysis_rules_check(const char *rules_dir, struct fault *f)
{
	struct figure_rules fr = { 0 };
	struct analysis *a = analysis_open_empty(f);
	bool ok = load(&fr, rules_dir, f) && a;

	for (size_t i = 0; a && i < fr.n; i++) {
		struct fault wrong = { 0 };
		struct analysis_rows *rows = analysis_ask(a, question(&fr.list[i], 1, &fr.arena), NULL, 0, &wrong);

		if (!rows)
			ok = rules_mistake(&fr.rules, fr.list[i].line, f, "%.*s", STR_FMT(buf_view(&wrong.text)));
		else
			ok &= analysis_end(rows, f);
		fault_release(&wrong);
	}
	analysis_close(a);
	arena_release(&fr.arena);
	return ok;
}

/* ---- the figures ---- */

struct row { /* an answer: number of the part, dealer, part, values and pers */
	uint64_t number;
	struct str dealer, part;
	double numbers[TABLE_MAX_COLUMNS];
};

static struct row row_of(const struct str *v, size_t columns, struct arena *a)
{
	struct row row = { .dealer = str_keep(a, v[1]), .part = str_keep(a, v[2]) };

	str_u64(v[0], &row.number);
	for (size_t i = 3; i < columns; i++)
		str_double(v[i], &row.numbers[i - 3]); /* NULL is 0 */
	return row;
}

static void take_answers(struct batch *b, const struct row *answers, size_t count)
{
	const struct row *end = answers + count, *next;
	uint64_t number = 0;

	b->cells = xcalloc(b->n * count, sizeof(*b->cells));
	for (size_t from = 0, n; from < b->n; from += n, answers = next, number++) {
		n = same_part(b->list + from, b->n - from);
		for (next = answers; next < end && next->number == number;)
			next++;
		for (size_t i = 0; i < n; i++)
			for (const struct row *row = answers; row < next; row++)
				b->cells[b->n_cells++] = (struct cell){ &b->list[from + i], row->part, row->dealer,
									row->numbers[2 * i], row->numbers[2 * i + 1] };
	}
}

bool figures_ask(struct figures *x, struct analysis *a, size_t number, struct fault *f)
{
	struct batch *b = &x->batches[number];
	struct analysis_rows *rows = analysis_ask(a, question(b->list, b->n, &b->arena), NULL, 0, f);
	struct row *answers = NULL;
	size_t count = 0, cap = 0;
	const struct str *v;

	if (!rows)
		return false;
	while (analysis_next(rows, &v)) {
		GROW(answers, count, cap);
		answers[count++] = row_of(v, analysis_columns(rows), &b->arena);
	}
	take_answers(b, answers, count);
	free(answers);
	return analysis_end(rows, f);
}

static bool ask_least(struct figures *x, struct analysis *a, struct fault *f)
{
	struct analysis_rows *rows = analysis_ask(a, "SELECT network_least FROM term", NULL, 0, f);
	const struct str *v;

	if (rows && analysis_next(rows, &v))
		str_double(v[0], &x->least);
	return rows && analysis_end(rows, f);
}

static void make_batches(struct figures *x)
{
	x->batches = xcalloc(x->rules.n, sizeof(*x->batches));
	for (size_t i = 0; i < x->rules.n; i += x->batches[x->n_batches++].n)
		x->batches[x->n_batches] = (struct batch){ .list = &x->rules.list[i], .n = batch(&x->rules, i) };
}

static void gather(struct figures *x)
{
	for (size_t i = 0; i < x->n_batches; i++)
		for (size_t k = 0; k < x->batches[i].n_cells; k++) {
			GROW(x->cells, x->n, x->cap);
			x->cells[x->n++] = x->batches[i].cells[k];
		}
}

/* ---- writing ---- */

/* "" where there is nothing to divide by. */
static struct str number(const struct figure *figure, double value, double per, struct arena *a)
{
	double x = per != 0 ? value / per : 0;

	if (per == 0)
		return STR("");
	switch (figure->unit) {
	case COUNT: return x == (double)(int64_t)x ? str_printf(a, "%.0f", x) : str_printf(a, "%.1f", x);
	case PERCENT: return str_printf(a, "%.1f", 100 * x);
	case YUAN: return str_printf(a, "%.2f", x);
	case SCORE: return str_printf(a, "%.1f", x / 100);
	default: return str_printf(a, "%.1f", x);
	}
}

/* "sales=销售;after_sales=售后": what a part is called; itself where it is not listed. */
static struct str part_word(const struct figure *figure, struct str part)
{
	struct str rest = figure->words, pair, name;

	while (str_cut(&rest, ';', &pair)) {
		if (str_cut(&pair, '=', &name) && str_eq(str_trim(name), part))
			return str_trim(pair);
	}
	return part;
}

static void put_cell(struct buf *b, const struct cell *c, const struct cell *network, struct arena *a)
{
	const struct figure *figure = c->figure;
	bool ratio = figure->per.n != 0, score = figure->unit == SCORE;
	struct figure plain = { .unit = figure->unit == YUAN ? YUAN : COUNT };
	struct str cells[] = {
		figure->section, figure->label, part_word(figure, c->part), number(figure, c->value, c->per, a),
		str_of(unit_words[figure->unit]),
		ratio ? number(&plain, score ? c->value / 100 : c->value, 1, a) : STR(""),
		ratio ? number(&(struct figure){ .unit = COUNT }, c->per, 1, a) : STR(""),
		network ? number(figure, network->value, network->per, a) : STR(""),
	};

	people_csv_row(b, cells, sizeof(cells) / sizeof(*cells));
}

/* Dealers' codes that name no folder share that of headquarters, and so a line of its file: the
 * sum of all, or the ratio of their sums. Returns how many cells remain. */
static size_t join_by_folder(struct cell *cells, size_t n)
{
	struct cell *hq = NULL;
	size_t kept = 0;

	for (size_t i = 0; i < n; i++) {
		struct cell c = cells[i];

		c.dealer = dealer_folder(c.dealer, STR(""));
		if (hq && str_eq(c.dealer, STR("hq"))) {
			hq->value += c.value;
			hq->per += c.figure->per.n ? c.per : 0;
			continue;
		}
		cells[kept] = c;
		if (str_eq(c.dealer, STR("hq")))
			hq = &cells[kept];
		kept++;
	}
	return kept;
}

/* The cells of one figure and part, to the dealers they belong to. A count is compared with
 * the mean of the dealers, a ratio with that of all together. */
static void put_group(struct figures *x, const struct dealers *ds, struct buf *bufs, size_t from, size_t to)
{
	struct cell network = { .figure = x->cells[from].figure };

	for (size_t i = from; i < to; i++) {
		network.value += x->cells[i].value;
		network.per += x->cells[i].per;
	}
	for (size_t i = from; i < to; i++) {
		struct dealer *dealer = dealers_get(ds, x->cells[i].dealer);

		if (dealer)
			put_cell(&bufs[dealer - ds->list], &x->cells[i],
				 (double)(to - from) >= x->least ? &network : NULL, &x->arena);
	}
}

static void put_all(struct figures *x, const struct dealers *ds, struct buf *bufs)
{
	static const struct str headers[] = {
		STR_INIT("类别"), STR_INIT("指标"), STR_INIT("细分"), STR_INIT("数值"),
		STR_INIT("单位"), STR_INIT("分子"), STR_INIT("分母"), STR_INIT("全网"),
	};

	for (size_t i = 0; i < ds->n; i++) {
		bufs[i].max = SIZE_MAX;
		people_csv_begin(&bufs[i]);
		people_csv_row(&bufs[i], headers, sizeof(headers) / sizeof(*headers));
	}
	for (size_t from = 0, to; from < x->n; from = to) {
		for (to = from + 1; to < x->n && x->cells[to].figure == x->cells[from].figure &&
				    str_eq(x->cells[to].part, x->cells[from].part);)
			to++;
		put_group(x, ds, bufs, from, from + join_by_folder(&x->cells[from], to - from));
	}
}

static bool write_files(const struct dealers *ds, const struct buf *bufs, struct arena *a, struct fault *f)
{
	for (size_t i = 0; i < ds->n; i++)
		if (!folder_put(str_keepz(a, str_printf(a, "%s/analysis.csv", ds->list[i].path)),
				buf_view(&bufs[i]), f))
			return false;
	return true;
}

struct figures *figures_open(const char *rules_dir, struct analysis *a, struct fault *f)
{
	struct figures *x = xcalloc(1, sizeof(*x));

	if (load(&x->rules, rules_dir, f) && ask_least(x, a, f)) {
		make_batches(x);
		return x;
	}
	figures_close(x);
	return NULL;
}

size_t figures_questions(const struct figures *x)
{
	return x->n_batches;
}

bool figures_write(struct figures *x, const struct dealers *ds, struct fault *f)
{
	struct buf *bufs = xcalloc(ds->n + 1, sizeof(*bufs));
	bool ok;

	gather(x);
	put_all(x, ds, bufs);
	ok = write_files(ds, bufs, &x->arena, f);
	for (size_t i = 0; i < ds->n; i++)
		buf_release(&bufs[i]);
	free(bufs);
	return ok;
}

void figures_close(struct figures *x)
{
	if (!x)
		return;
	for (size_t i = 0; i < x->n_batches; i++) {
		free(x->batches[i].cells);
		arena_release(&x->batches[i].arena);
	}
	free(x->batches);
	free(x->cells);
	arena_release(&x->arena);
	arena_release(&x->rules.arena);
	free(x);
}
