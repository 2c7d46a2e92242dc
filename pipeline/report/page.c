#include "page.h"

#include "html.h"
#include "mask.h"
#include "rules.h"

#include <inttypes.h>
#include <stdlib.h>

/* ---- what the page speaks of ---- */

static int by_name(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

/* The scopes of that kind in any of these metrics. */
static size_t scopes_of(struct page *p, enum scope_kind kind, const enum metric *metrics, size_t n_metrics,
			struct str **list)
{
	struct map seen = { 0 };

	for (size_t m = 0; m < n_metrics; m++) {
		const struct map *scopes = &p->tally->scopes[metrics[m]][kind];

		for (size_t i = 0; i < scopes->n; i++)
			map_put(&seen, scopes->entries[i].key, 0, NULL);
	}
	*list = arena_alloc(&p->arena, (seen.n + 1) * sizeof(**list));
	for (size_t i = 0; i < seen.n; i++)
		(*list)[i] = str_keep(&p->arena, seen.entries[i].key);
	size_t n = seen.n;

	qsort(*list, n, sizeof(**list), by_name);
	map_release(&seen);
	return n;
}

static bool read_source_words(struct page *p, struct fault *f)
{
	static const struct rule_column columns[] = {
		{ "source", RULE_FILLED }, { "zh", RULE_FREE }, { "en", RULE_FREE },
		{ "note", RULE_MAY_LACK }, { NULL, RULE_FREE },
	};
	struct rules r;

	if (!rules_read(&r, run_rules_dir(p->in->r, f), "sources.csv", columns, &p->arena, f))
		return false;
	p->source_label = arena_alloc(&p->arena, (r.n + 1) * sizeof(*p->source_label));
	for (size_t i = 0; i < r.n; i++) {
		p->source_label[i][LANG_ZH] = r.rows[i].v[1];
		p->source_label[i][LANG_EN] = r.rows[i].v[2];
		map_put(&p->source_words, r.rows[i].v[0], i, NULL);
	}
	return true;
}

bool page_open(struct page *p, struct fault *f)
{
	static const enum metric of_dealers[] = { M_files, M_faultless, M_customers, M_returned, M_days_silent };
	static const enum metric of_sources[] = { M_files, M_faultless, M_days_silent };
	const char *dir = run_rules_dir(p->in->r, f);

	p->n_dealers = scopes_of(p, SCOPE_DEALER, of_dealers, 5, &p->dealers);
	p->n_sources = scopes_of(p, SCOPE_SOURCE, of_sources, 3, &p->sources);
	return read_source_words(p, f) && dir && dealer_names_load(&p->dealer_names, dir, f) &&
	       file_reasons_load(&p->file_reasons, dir, f);
}

void page_close(struct page *p)
{
	map_release(&p->source_words);
	dealer_names_release(&p->dealer_names);
	file_reasons_release(&p->file_reasons);
	arena_release(&p->arena);
}

struct str page_source(const struct page *p, struct str source, enum lang lang)
{
	const uint64_t *at = map_get(&p->source_words, source);

	if (at && p->source_label[*at][lang].n)
		return p->source_label[*at][lang];
	if (str_eq(source, STR("correction")))
		return lang == LANG_ZH ? STR("更正") : STR("corrections");
	if (str_eq(source, STR("unknown")))
		return lang == LANG_ZH ? STR("未识别") : source;
	return source;
}

/* ---- pieces ---- */

static void grouped(struct buf *b, int64_t number)
{
	if (number >= 1000) {
		grouped(b, number / 1000);
		buf_printf(b, ",%03d", (int)(number % 1000));
	} else {
		buf_printf(b, "%d", (int)number);
	}
}

void page_dealer(const struct page *p, struct buf *b, struct str dealer)
{
	struct str name = dealer_name(&p->dealer_names, dealer);

	html_text(b, dealer);
	if (!name.n)
		return;
	buf_str(b, STR(" <span class=\"soft\">"));
	html_text(b, name);
	buf_str(b, STR("</span>"));
}

void page_consultant(struct buf *b, struct str scope)
{
	struct str name = scope, dealer;
	struct arena a = { 0 };

	str_cut(&name, '/', &dealer);
	html_text(b, dealer);
	buf_char(b, '/');
	html_text(b, mask_value(&a, F_NAME, name));
	arena_release(&a);
}

void page_number(struct buf *b, const struct count *c, enum unit unit)
{
	if (!c || !count_is(c, unit))
		buf_str(b, STR("–"));
	else if (unit == UNIT_COUNT)
		grouped(b, c->numerator);
	else if (unit == UNIT_SHARE)
		buf_printf(b, "%.1f%%", 100 * count_number(c, unit));
	else
		buf_printf(b, "%.1f", count_number(c, unit));
}

void page_cell(struct buf *b, const struct count *c, enum unit unit, const char *mark)
{
	char room[32];
	struct str value = c ? count_value(c, unit, room) : STR("");

	buf_printf(b, "<td class=\"n%s%s\" data-v=\"%.*s\"", *mark ? " " : "", mark, STR_FMT(value));
	if (c && unit != UNIT_COUNT)
		buf_printf(b, " title=\"n = %" PRId64 "\"", c->denominator);
	buf_char(b, '>');
	page_number(b, c, unit);
	buf_str(b, STR("</td>"));
}

void page_metric_cell(const struct page *p, struct buf *b, enum metric metric, enum scope_kind kind,
		      struct str scope)
{
	page_cell(b, tally_get(p->tally, metric, kind, scope), metric_facts[metric].unit, "");
}

void page_label(struct buf *b, enum metric metric)
{
	html_both(b, metric_facts[metric].label[LANG_ZH], metric_facts[metric].label[LANG_EN]);
}

static void section(struct buf *b, const char *class, const char *zh, const char *en)
{
	buf_printf(b, "<section%s>\n<h2>", class);
	html_both(b, zh, en);
	buf_str(b, STR("</h2>\n"));
}

void page_section(struct buf *b, const char *zh, const char *en)
{
	section(b, "", zh, en);
}

void page_section_long(struct buf *b, const char *zh, const char *en)
{
	section(b, " class=\"long\"", zh, en);
}

void page_section_end(struct buf *b)
{
	buf_str(b, STR("</section>\n"));
}

void page_note(struct buf *b, const char *zh, const char *en)
{
	buf_str(b, STR("<p class=\"soft\">"));
	html_both(b, zh, en);
	buf_str(b, STR("</p>\n"));
}

void page_head(struct buf *b, const char *mark, const char *zh, const char *en)
{
	buf_printf(b, "<th class=\"%s\">", mark);
	html_both(b, zh, en);
	buf_str(b, STR("</th>"));
}

/* ---- the top ---- */

static const char *direction(enum metric metric, double change)
{
	enum better better = metric_facts[metric].better;

	if (better == BETTER_NEITHER || (change < 0.0005 && change > -0.0005))
		return "soft"; /* what would be shown as no change has no direction */
	return (change > 0) == (better == BETTER_HIGH) ? "good" : "bad";
}

static void since_last(const struct page *p, struct buf *b, enum metric metric, const struct count *now)
{
	struct quality_line line = { .metric = metric, .kind = SCOPE_ALL };
	enum unit unit = metric_facts[metric].unit;
	struct count before;

	if (!now || !count_is(now, unit) || !past_last(p->past, &line, &before) || !count_is(&before, unit))
		return;
	double change = count_number(now, unit) - count_number(&before, unit);

	buf_printf(b, "<small class=\"%s\">", direction(metric, change));
	if (unit == UNIT_SHARE)
		buf_printf(b, "%+.1f", 100 * change);
	else
		buf_printf(b, unit == UNIT_MEAN ? "%+.1f" : "%+.0f", change);
	html_both(b, unit == UNIT_SHARE ? " 个百分点（较上次）" : "（较上次）",
		  unit == UNIT_SHARE ? " points since the last run" : " since the last run");
	buf_str(b, STR("</small>"));
}

static const char *against_goal(const struct page *p, enum metric metric, const struct count *c)
{
	if (metric != M_valid_address || !c || !c->denominator)
		return "";
	return c->numerator * 100 >= c->denominator * (int64_t)p->in->terms.valid_address_goal ? "good" : "bad";
}

static void tiles(const struct page *p, struct buf *b)
{
	static const enum metric shown[] = { M_customers,	M_callable,  M_valid_address, M_reachable,
					     M_has_id_number,	M_sales_csi, M_after_sales_csi, M_qualified,
					     M_repair_rate,	M_faultless };

	buf_str(b, STR("<div class=\"tiles\">\n"));
	for (size_t i = 0; i < sizeof(shown) / sizeof(*shown); i++) {
		const struct count *c = tally_get(p->tally, shown[i], SCOPE_ALL, STR(""));

		buf_printf(b, "<div class=\"tile\"><b class=\"%s\">", against_goal(p, shown[i], c));
		page_number(b, c, metric_facts[shown[i]].unit);
		buf_str(b, STR("</b>"));
		page_label(b, shown[i]);
		if (shown[i] == M_valid_address)
			buf_printf(b, " <span class=\"soft\">≥ %" PRIu64 "%%</span>",
				   p->in->terms.valid_address_goal);
		since_last(p, b, shown[i], c);
		buf_str(b, STR("</div>\n"));
	}
	buf_str(b, STR("</div>\n"));
}

enum { ALERT_CASES_SHOWN = 12 };

/* "D001 47.5%" */
static void alert_case(struct buf *b, const struct alert_rule *rule, const struct str *v)
{
	enum unit unit = metric_facts[rule->metric].unit;
	double value = 0;

	if (rule->kind == SCOPE_CONSULTANT)
		page_consultant(b, v[ALE_SCOPE]);
	else
		html_text(b, v[ALE_SCOPE]);
	if (v[ALE_SCOPE].n)
		buf_char(b, ' ');
	str_double(v[ALE_VALUE], &value);
	if (unit == UNIT_SHARE)
		buf_printf(b, "%.1f%%", 100 * value);
	else
		html_text(b, v[ALE_VALUE]);
}

static void alert_limit(struct buf *b, const struct alert_rule *rule)
{
	static const char *const words[ALERT_COMPARISONS][LANG_COUNT] = {
		{ "应不低于", "at least" },	  { "应不高于", "at most" },
		{ "较此前平均下降超过", "fell by more than" }, { "较此前平均上升超过", "rose by more than" },
		{ "较此前平均减少超过", "shrank by more than" }, { "较此前平均增加超过", "grew by more than" },
	};
	bool part = rule->comparison == ALERT_SHRINKS_BY || rule->comparison == ALERT_GROWS_BY;

	html_both(b, words[rule->comparison][LANG_ZH], words[rule->comparison][LANG_EN]);
	if (part || metric_facts[rule->metric].unit == UNIT_SHARE)
		buf_printf(b, " %.4g%%", 100 * rule->value);
	else
		buf_printf(b, " %.6g", rule->value);
}

/* One line for a rule, with the first of the scopes that passed it: at 400 dealers a rule
 * that all of them pass is still one line. */
static void alert_line(const struct page *p, struct buf *b, const struct alert_rule *rule)
{
	struct str v[ALE_COLUMNS];
	size_t n = 0;

	for (size_t i = 0; i < p->alerts->n; i++) {
		rowset_get(p->alerts, i, v);
		if (!str_eq(v[ALE_RULE], rule->name))
			continue;
		if (!n) {
			buf_printf(b, "<li class=\"%s\">", alert_severities[rule->severity]);
			html_both_text(b, rule->text[LANG_ZH], rule->text[LANG_EN]);
			buf_str(b, STR(" <span class=\"soft\">（"));
			page_label(b, rule->metric);
			buf_char(b, ' ');
			alert_limit(b, rule);
			buf_str(b, STR("）</span><br>"));
		}
		if (n < ALERT_CASES_SHOWN) {
			buf_str(b, n ? STR(" · ") : STR(""));
			alert_case(b, rule, v);
		}
		n++;
	}
	if (n > ALERT_CASES_SHOWN)
		buf_printf(b, " … <b>%zu</b>", n);
	if (n)
		buf_str(b, STR("</li>\n"));
}

static void alerts(const struct page *p, struct buf *b)
{
	page_section_long(b, "警报", "Alerts");
	if (!p->alerts->n)
		page_note(b, "没有警报。", "No alerts.");
	buf_str(b, STR("<ul class=\"alerts\">\n"));
	for (int severity = 0; alert_severities[severity]; severity++)
		for (size_t i = 0; i < p->rules->n; i++)
			if (p->rules->list[i].severity == severity)
				alert_line(p, b, &p->rules->list[i]);
	buf_str(b, STR("</ul>\n"));
	page_section_end(b);
}

void page_write(struct page *p, struct buf *b)
{
	html_begin(b, "数据质量报告", "Data quality", page_style);
	buf_printf(b, "<p class=\"soft\">%.*s · ", STR_FMT(p->in->today));
	html_both(b, "全部已收数据；行的去向只说本次", "all that was received; where rows went: this run only");
	buf_str(b, STR("</p>\n"));
	tiles(p, b);
	alerts(p, b);
	page_flow(p, b);
	page_changes(p, b);
	page_trends(p, b);
	page_dimensions(p, b);
	page_dealers(p, b);
	page_codes(p, b);
	page_fields(p, b);
	page_items(p, b);
	page_consultants(p, b);
	buf_printf(b, "<script>\n%s</script>\n", page_script);
	html_end(b);
}
