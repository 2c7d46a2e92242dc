/* How the measures moved: a small line for each over the runs before, and the largest changes
 * since the last run. */
#include "page.h"

#include "html.h"

/* ---- small lines ---- */

enum { LINE_WIDTH = 260, LINE_HEIGHT = 70, LINE_EDGE = 6 };

static double place(size_t i, size_t n)
{
	return LINE_EDGE + (double)i * (LINE_WIDTH - 2 * LINE_EDGE) / (double)(n - 1);
}

static double height(double value, double low, double high)
{
	return LINE_HEIGHT - LINE_EDGE - (value - low) / (high - low) * (LINE_HEIGHT - 2 * LINE_EDGE);
}

/* The range of the values, never so narrow that noise looks like a cliff. */
static void range_of(const double *values, size_t n, enum unit unit, double *low, double *high)
{
	double least = unit == UNIT_SHARE ? 0.02 : unit == UNIT_MEAN ? 2 : 10;

	*low = *high = values[0];
	for (size_t i = 1; i < n; i++) {
		*low = values[i] < *low ? values[i] : *low;
		*high = values[i] > *high ? values[i] : *high;
	}
	if (*high - *low < least) {
		double middle = (*high + *low) / 2;

		*low = middle - least / 2;
		*high = middle + least / 2;
	}
}

static void draw_line(struct buf *b, const double *values, size_t n, enum unit unit)
{
	double low, high;

	range_of(values, n, unit, &low, &high);
	buf_printf(b, "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"trend\"><polyline class=\"line\" points=\"",
		   LINE_WIDTH, LINE_HEIGHT);
	for (size_t i = 0; i < n; i++)
		buf_printf(b, "%s%.1f,%.1f", i ? " " : "", place(i, n), height(values[i], low, high));
	buf_printf(b, "\"/><circle class=\"dot\" cx=\"%.1f\" cy=\"%.1f\" r=\"3.5\"/></svg>\n", place(n - 1, n),
		   height(values[n - 1], low, high));
}

/* Oldest first, this run last; how many. */
static size_t values_of(const struct page *p, enum metric metric, double values[PAST_RUNS + 1])
{
	struct quality_line line = { .metric = metric, .kind = SCOPE_ALL };
	enum unit unit = metric_facts[metric].unit;
	const struct count *now = tally_get(p->tally, metric, SCOPE_ALL, STR(""));
	struct past_value past[PAST_RUNS];
	size_t found = past_of(p->past, &line, past, PAST_RUNS), n = 0;

	while (found--)
		if (count_is(&past[found].count, unit))
			values[n++] = count_number(&past[found].count, unit);
	if (now && count_is(now, unit))
		values[n++] = count_number(now, unit);
	return n;
}

static void trend(const struct page *p, struct buf *b, enum metric metric)
{
	double values[PAST_RUNS + 1];
	size_t n = values_of(p, metric, values);

	if (n < 2)
		return;
	buf_str(b, STR("<figure><figcaption><span>"));
	page_label(b, metric);
	buf_str(b, STR("</span><b>"));
	page_number(b, tally_get(p->tally, metric, SCOPE_ALL, STR("")), metric_facts[metric].unit);
	buf_str(b, STR("</b></figcaption>\n"));
	draw_line(b, values, n, metric_facts[metric].unit);
	buf_str(b, STR("</figure>\n"));
}

void page_trends(const struct page *p, struct buf *b)
{
	static const enum metric shown[] = {
		M_rows,	   M_faultless, M_expected_given, M_valid,     M_consistent,	M_on_time,
		M_agrees,  M_customers, M_callable,	  M_reachable, M_valid_address, M_has_id_number,
		M_sales_csi, M_after_sales_csi, M_repair_rate, M_days_to_repair,
	};

	page_section(b, "历次运行的走势", "Trend over the runs");
	if (!p->past->n_runs) {
		page_note(b, "这是第一次运行，还没有走势。", "This is the first run; there is no trend yet.");
		page_section_end(b);
		return;
	}
	buf_printf(b, "<p class=\"soft\">%.*s – %.*s</p>\n<div class=\"grid\">\n",
		   STR_FMT(p->past->runs[0].date), STR_FMT(p->in->today));
	for (size_t i = 0; i < sizeof(shown) / sizeof(*shown); i++)
		trend(p, b, shown[i]);
	buf_str(b, STR("</div>\n"));
	page_section_end(b);
}

/* ---- the largest changes ---- */

enum { CHANGES_SHOWN = 12, CHANGES_LEAST_ROWS = 50 };

struct change {
	struct quality_line line;
	double before, now;
};

static double size_of(const struct change *c)
{
	return c->now > c->before ? c->now - c->before : c->before - c->now;
}

static bool find_change(const struct page *p, size_t i, struct change *c)
{
	struct count before;

	if (!quality_line(p->quality, i, &c->line) || metric_facts[c->line.metric].unit != UNIT_SHARE ||
	    metric_facts[c->line.metric].better == BETTER_NEITHER ||
	    c->line.count.denominator < CHANGES_LEAST_ROWS || !past_last(p->past, &c->line, &before) ||
	    before.denominator < CHANGES_LEAST_ROWS)
		return false;
	c->now = count_number(&c->line.count, UNIT_SHARE);
	c->before = count_number(&before, UNIT_SHARE);
	return size_of(c) >= 0.0005;
}

/* Keeps the largest in order; on a tie the line that comes first. */
static void insert(struct change *list, size_t *n, const struct change *c)
{
	size_t at = *n;

	while (at > 0 && size_of(&list[at - 1]) < size_of(c))
		at--;
	if (at == CHANGES_SHOWN)
		return;
	if (*n < CHANGES_SHOWN)
		++*n;
	memmove(&list[at + 1], &list[at], (*n - 1 - at) * sizeof(*list));
	list[at] = *c;
}

static void scope_words(const struct page *p, struct buf *b, const struct quality_line *line)
{
	const struct codes *codes = p->in->codes;
	const struct code *code;

	switch (line->kind) {
	case SCOPE_ALL:
		html_both(b, "全部", "all");
		return;
	case SCOPE_SOURCE:
		html_both_text(b, page_source(p, line->scope, LANG_ZH), page_source(p, line->scope, LANG_EN));
		return;
	case SCOPE_FIELD:
		html_both_text(b, codes_label(codes, line->scope, LANG_ZH),
			       codes_label(codes, line->scope, LANG_EN));
		return;
	case SCOPE_CODE:
		code = codes_find(codes, line->scope);
		html_both_text(b, code ? code->title[LANG_ZH] : line->scope,
			       code ? code->title[LANG_EN] : line->scope);
		return;
	default:
		html_text(b, line->scope);
	}
}

static void change_row(const struct page *p, struct buf *b, const struct change *c)
{
	bool better = (c->now > c->before) == (metric_facts[c->line.metric].better == BETTER_HIGH);

	buf_str(b, STR("<tr><td>"));
	page_label(b, c->line.metric);
	buf_str(b, STR("</td><td>"));
	scope_words(p, b, &c->line);
	buf_printf(b,
		   "</td><td class=\"n\">%.1f%%</td><td class=\"n\">%.1f%%</td><td class=\"n %s\">%+.1f</td></tr>\n",
		   100 * c->before, 100 * c->now, better ? "good" : "bad", 100 * (c->now - c->before));
}

void page_changes(const struct page *p, struct buf *b)
{
	struct change list[CHANGES_SHOWN + 1], c;
	size_t n = 0;

	if (!p->past->n_runs)
		return;
	for (size_t i = 0; i < p->quality->n; i++)
		if (find_change(p, i, &c))
			insert(list, &n, &c);
	page_section(b, "与上次相比变化最大", "Largest changes since the last run");
	if (!n)
		page_note(b, "没有变化。", "Nothing changed.");
	buf_str(b, STR("<div class=\"scroll\"><table>\n<tr>"));
	page_head(b, "", "指标", "measure");
	page_head(b, "", "范围", "of");
	page_head(b, "n", "上次", "before");
	page_head(b, "n", "本次", "now");
	page_head(b, "n", "百分点", "points");
	buf_str(b, STR("</tr>\n"));
	for (size_t i = 0; i < n; i++)
		change_row(p, b, &list[i]);
	buf_str(b, STR("</table></div>\n"));
	page_section_end(b);
}
