/* How the measures moved: a small chart for each over the runs before, with the same values as
 * a table, and the largest changes since the last run. */
#include "page.h"

#include "html.h"

/* ---- the runs' values, and a chart for each measure ---- */

enum { RUNS_MOST = PAST_RUNS + 1 };

struct trend {
	enum metric metric;
	struct count values[RUNS_MOST]; /* by run, the oldest first, this one last */
	bool known[RUNS_MOST];
};

static enum unit unit_of(const struct trend *t)
{
	return metric_facts[t->metric].unit;
}

/* NULL: that run has none. */
static const struct count *value_of(const struct trend *t, size_t run)
{
	return t->known[run] ? &t->values[run] : NULL;
}

static void take(struct trend *t, size_t run, const struct count *c)
{
	t->values[run] = *c;
	t->known[run] = count_is(c, unit_of(t));
}

/* False where there are not two values to draw a line between. */
static bool trend_of(const struct page *p, enum metric metric, struct trend *t)
{
	struct quality_line line = { .metric = metric, .kind = SCOPE_ALL };
	const struct count *now = tally_get(p->tally, metric, SCOPE_ALL, STR(""));
	struct past_value past[PAST_RUNS];
	size_t left = past_of(p->past, &line, past, PAST_RUNS), n = 0;

	*t = (struct trend){ .metric = metric };
	for (size_t i = 0; i < p->past->n_runs; i++) {
		while (left && past[left - 1].run < p->past->runs[i].number)
			left--;
		if (left && past[left - 1].run == p->past->runs[i].number)
			take(t, i, &past[left - 1].count);
	}
	if (now)
		take(t, p->past->n_runs, now);
	for (size_t i = 0; i <= p->past->n_runs; i++)
		n += t->known[i];
	return n >= 2;
}

/* `column` is that of the table, whose cells the chart is drawn from. */
static void figure(const struct page *p, struct buf *b, const struct trend *t, size_t column)
{
	static const char *const units[] = {
		[UNIT_COUNT] = "count", [UNIT_SHARE] = "share", [UNIT_MEAN] = "mean",
	};

	buf_printf(b, "<figure data-column=\"%zu\" data-unit=\"%s\"><figcaption><span>", column, units[unit_of(t)]);
	page_label(b, t->metric);
	buf_str(b, STR("</span><b>"));
	page_number(b, value_of(t, p->past->n_runs), unit_of(t));
	buf_str(b, STR("</b></figcaption></figure>\n"));
}

static void runs_table(const struct page *p, struct buf *b, const struct trend *trends, size_t n)
{
	buf_str(b, STR("<details><summary>"));
	html_both(b, "每次运行的数值", "The values of each run");
	buf_str(b, STR("</summary>\n<div class=\"scroll tall\"><table class=\"wide\" id=\"runs\">\n<thead><tr>"));
	page_head(b, "", "运行", "run");
	for (size_t i = 0; i < n; i++)
		page_head(b, "n", metric_facts[trends[i].metric].label[LANG_ZH],
			  metric_facts[trends[i].metric].label[LANG_EN]);
	buf_str(b, STR("</tr></thead>\n<tbody>\n"));
	for (size_t run = 0; run <= p->past->n_runs; run++) {
		buf_str(b, STR("<tr><td>"));
		html_text(b, run < p->past->n_runs ? p->past->runs[run].date : p->in->today);
		buf_str(b, STR("</td>"));
		for (size_t i = 0; i < n; i++)
			page_cell(b, value_of(&trends[i], run), unit_of(&trends[i]), "");
		buf_str(b, STR("</tr>\n"));
	}
	buf_str(b, STR("</tbody></table></div></details>\n"));
}

/* Only a page with a trend carries the library. It draws points of the screen; paper has more
 * of them. */
static void scripts(struct buf *b)
{
	buf_str(b, STR("<script>window.devicePixelRatio = Math.max(3, window.devicePixelRatio);</script>\n"
		       "<script>\n"));
	buf_str(b, str_of(page_chart_library));
	buf_str(b, STR("</script>\n<script>\n"));
	buf_str(b, str_of(page_charts));
	buf_str(b, STR("</script>\n"));
}

void page_trends(const struct page *p, struct buf *b)
{
	static const enum metric shown[] = {
		M_rows,	   M_faultless, M_expected_given, M_valid,     M_consistent,	M_on_time,
		M_agrees,  M_customers, M_callable,	  M_reachable, M_valid_address, M_has_id_number,
		M_sales_csi, M_after_sales_csi, M_repair_rate, M_days_to_repair,
	};
	struct trend trends[sizeof(shown) / sizeof(*shown)];
	size_t n = 0;

	page_section(b, "历次运行的走势", "Trend over the runs");
	for (size_t i = 0; i < sizeof(shown) / sizeof(*shown); i++)
		n += trend_of(p, shown[i], &trends[n]);
	if (n) {
		buf_printf(b, "<p class=\"soft\">%.*s – %.*s</p>\n<div class=\"grid\">\n",
			   STR_FMT(p->past->runs[0].date), STR_FMT(p->in->today));
		for (size_t i = 0; i < n; i++)
			figure(p, b, &trends[i], i + 1);
		buf_str(b, STR("</div>\n"));
		runs_table(p, b, trends, n);
		scripts(b);
	} else {
		page_note(b, "这是第一次运行，还没有走势。", "This is the first run; there is no trend yet.");
	}
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
	case SCOPE_CONSULTANT:
		page_consultant(b, line->scope);
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
