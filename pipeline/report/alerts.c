#include "alerts.h"

#include "report.h"
#include "rules.h"

#include <stdio.h>
#include <stdlib.h>

const char *const alert_severities[] = { "critical", "warning", "notice", NULL };

static const char *const comparisons[] = { "below",	"above",      "falls_by", "rises_by",
					   "shrinks_by", "grows_by", NULL };

enum { COL_RULE, COL_METRIC, COL_SCOPE_KIND, COL_SCOPE, COL_COMPARISON, COL_VALUE, COL_RUNS,
       COL_MINIMUM, COL_SEVERITY, COL_TEXT_ZH, COL_TEXT_EN };

/* ---- the rules ---- */

static bool is_change(enum comparison c)
{
	return c != ALERT_BELOW && c != ALERT_ABOVE;
}

static bool unknown_metric(const struct rules *r, const struct rule_row *row, struct fault *f)
{
	struct str names[METRICS];

	for (int i = 0; i < METRICS; i++)
		names[i] = metric_facts[i].name;
	return rules_unknown(r, row->line, f, "metric", row->v[COL_METRIC], names, METRICS);
}

static bool read_words(struct alert_rule *a, const struct rules *r, const struct rule_row *row,
		       struct fault *f)
{
	int comparison = rules_choice(r, row, "comparison", row->v[COL_COMPARISON], comparisons, f);
	bool ok = comparison >= 0;

	a->comparison = ok ? (enum comparison)comparison : ALERT_BELOW;
	a->severity = rules_choice(r, row, "severity", row->v[COL_SEVERITY], alert_severities, f);
	a->metric = metric_find(row->v[COL_METRIC]);
	a->kind = scope_kind_find(row->v[COL_SCOPE_KIND]);
	if (a->metric == METRICS)
		ok = unknown_metric(r, row, f);
	if (a->kind == SCOPE_KINDS)
		ok = rules_mistake(r, row->line, f, "there is no kind of scope \"%.*s\"",
				   STR_FMT(row->v[COL_SCOPE_KIND]));
	if (a->kind == SCOPE_FILE && is_change(a->comparison))
		ok = rules_mistake(r, row->line, f,
				   "a file comes once, no earlier run can be compared with it; take below or above, "
				   "or the scope_kind source");
	return ok && a->severity >= 0;
}

static bool read_numbers(struct alert_rule *a, const struct rules *r, const struct rule_row *row,
			 struct fault *f)
{
	bool ok = str_double(row->v[COL_VALUE], &a->value) ||
		  rules_mistake(r, row->line, f, "value is no number: \"%.*s\"", STR_FMT(row->v[COL_VALUE]));

	if (row->v[COL_MINIMUM].n)
		ok &= rules_number(r, row, "minimum", row->v[COL_MINIMUM], 0, UINT32_MAX, &a->minimum, f);
	if (is_change(a->comparison))
		ok &= rules_number(r, row, "runs", row->v[COL_RUNS], 1, PAST_RUNS_OF_PARTS, &a->runs, f);
	else if (row->v[COL_RUNS].n)
		ok = rules_mistake(r, row->line, f, "a limit does not look at earlier runs; leave runs empty");
	return ok;
}

static bool read_rule(struct alert_rules *rules, const struct rules *r, const struct rule_row *row,
		      struct fault *f)
{
	struct alert_rule *a = &rules->list[rules->n++];

	*a = (struct alert_rule){
		.name = row->v[COL_RULE],
		.scope = row->v[COL_SCOPE],
		.limit = row->v[COL_VALUE],
		.text = { row->v[COL_TEXT_ZH], row->v[COL_TEXT_EN] },
	};
	bool words = read_words(a, r, row, f); /* both, so that all mistakes are told */

	return read_numbers(a, r, row, f) && words;
}

bool alert_rules_load(struct alert_rules *rules, const char *rules_dir, struct fault *f)
{
	static const struct rule_column columns[] = {
		{ "rule", RULE_FILLED },     { "metric", RULE_FILLED },	    { "scope_kind", RULE_FILLED },
		{ "scope", RULE_FREE },	     { "comparison", RULE_FILLED }, { "value", RULE_FILLED },
		{ "runs", RULE_FREE },	     { "minimum", RULE_FREE },	    { "severity", RULE_FILLED },
		{ "text_zh", RULE_FILLED }, { "text_en", RULE_FILLED },    { NULL, RULE_FREE },
	};
	struct rules r;
	bool ok;

	*rules = (struct alert_rules){ 0 };
	ok = rules_read(&r, rules_dir, "alerts.csv", columns, &rules->arena, f);
	ok &= rules_once(&r, 1, f);
	rules->list = xcalloc(r.n, sizeof(*rules->list));
	for (size_t i = 0; i < r.n; i++)
		ok &= read_rule(rules, &r, &r.rows[i], f);
	return ok;
}

struct past_asked alert_rules_ask(const struct alert_rules *rules)
{
	struct past_asked asked = { 0 };

	for (size_t i = 0; i < rules->n; i++)
		if (is_change(rules->list[i].comparison))
			asked.of[rules->list[i].metric][rules->list[i].kind] = true;
	return asked;
}

void alert_rules_release(struct alert_rules *rules)
{
	free(rules->list);
	arena_release(&rules->arena);
}

bool alert_rules_check(const char *rules_dir, struct fault *f)
{
	struct alert_rules rules;
	bool ok = alert_rules_load(&rules, rules_dir, f);

	alert_rules_release(&rules);
	return ok;
}

/* ---- judging a line ---- */

/* The mean of the runs before that say anything on enough rows; false: none do. */
static bool mean_before(const struct alert_rule *a, const struct quality_line *line,
			const struct past_runs *h, double *mean)
{
	struct past_value past[PAST_RUNS_OF_PARTS];
	enum unit unit = metric_facts[line->metric].unit;
	size_t n = past_of(h, line, past, a->runs), counted = 0;
	double sum = 0;

	for (size_t i = 0; i < n; i++) {
		if (!count_is(&past[i].count, unit))
			continue;
		sum += count_number(&past[i].count, unit);
		counted++;
	}
	*mean = counted ? sum / (double)counted : 0;
	return counted > 0;
}

static bool passes(const struct alert_rule *a, double now, double before)
{
	switch (a->comparison) {
	case ALERT_BELOW:
		return now < a->value;
	case ALERT_ABOVE:
		return now > a->value;
	case ALERT_FALLS_BY:
		return before - now > a->value;
	case ALERT_RISES_BY:
		return now - before > a->value;
	case ALERT_SHRINKS_BY:
		return before > 0 && (before - now) / before > a->value;
	case ALERT_GROWS_BY:
		return before > 0 && (now - before) / before > a->value;
	case ALERT_COMPARISONS:
		break;
	}
	BUG("comparison %d", (int)a->comparison);
}

/* The lines of quality.csv, by metric. */
struct lines {
	const struct rowset *quality;
	size_t starts[METRICS + 1]; /* behind the last the end */
};

/* The records of the scope; of a file, whose rows the ledger has, all rows of the run. */
static double rows_behind(const struct lines *lines, const struct quality_line *of)
{
	bool file = of->kind == SCOPE_FILE;
	enum metric metric = file ? M_rows : M_faultless;
	struct quality_line line;

	for (size_t i = lines->starts[metric]; i < lines->starts[metric + 1]; i++) {
		if (!quality_line(lines->quality, i, &line))
			continue;
		if (file && line.kind == SCOPE_ALL)
			return (double)line.count.numerator;
		if (!file && line.kind == of->kind && str_eq(line.scope, of->scope))
			return (double)line.count.denominator;
	}
	return 0;
}

/* On how many rows the judgement rests: a share's denominator; a count against the runs
 * before rests on what was usual. */
static bool enough(const struct alert_rule *a, const struct lines *lines, const struct quality_line *line,
		   double before)
{
	double n = (double)line->count.denominator;

	if (is_change(a->comparison) && metric_facts[line->metric].unit == UNIT_COUNT)
		n = before;
	else if (metric_facts[line->metric].unit == UNIT_COUNT && a->minimum)
		n = rows_behind(lines, line);
	return n >= (double)a->minimum;
}

static struct str number_for_people(double number, enum unit unit, struct arena *arena)
{
	if (unit == UNIT_SHARE)
		return str_printf(arena, "%.1f%%", 100 * number);
	return str_printf(arena, unit == UNIT_MEAN ? "%.1f" : "%.0f", number);
}

static struct str message(const struct alert_rule *a, const struct quality_line *line, double now,
			  double before, enum lang lang, struct arena *arena)
{
	enum unit unit = metric_facts[line->metric].unit;
	const char *label = metric_facts[line->metric].label[lang];
	struct str value = number_for_people(now, unit, arena);
	struct str other = number_for_people(is_change(a->comparison) ? before : a->value, unit, arena);
	static const char *const forms[2][LANG_COUNT] = {
		{ "%.*s%s%.*s：%s %.*s，界限 %.*s", "%.*s%s%.*s: %s %.*s, limit %.*s" },
		{ "%.*s%s%.*s：%s %.*s，此前平均 %.*s", "%.*s%s%.*s: %s %.*s, before on average %.*s" },
	};
	const char *form = forms[is_change(a->comparison)][lang];

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	return str_printf(arena, form, STR_FMT(a->text[lang]),
			  !line->scope.n ? "" : lang == LANG_ZH ? "，" : ", ", STR_FMT(line->scope), label,
			  STR_FMT(value), STR_FMT(other));
#pragma GCC diagnostic pop
}

static bool judge(const struct alert_rule *a, const struct lines *lines, const struct quality_line *line,
		  const struct past_runs *h, enum lang lang, struct rowset *alerts)
{
	const struct metric_facts *m = &metric_facts[a->metric];
	struct arena arena = { 0 };
	double now, before = 0;
	bool told = false;
	char room[32];

	if (!count_is(&line->count, m->unit))
		return false;
	now = count_number(&line->count, m->unit);
	if (is_change(a->comparison) && !mean_before(a, line, h, &before))
		return false;
	if (enough(a, lines, line, before) && passes(a, now, before)) {
		told = true;
		rowset_add(alerts, (struct str[ALE_COLUMNS]){
					   [ALE_SEVERITY] = str_of(alert_severities[a->severity]),
					   [ALE_RULE] = a->name,
					   [ALE_METRIC] = m->name,
					   [ALE_SCOPE_KIND] = scope_kind_name(a->kind),
					   [ALE_SCOPE] = line->scope,
					   [ALE_VALUE] = count_value(&line->count, m->unit, room),
					   [ALE_COMPARISON] = str_of(comparisons[a->comparison]),
					   [ALE_THRESHOLD] = a->limit,
					   [ALE_MESSAGE] = message(a, line, now, before, lang, &arena),
				   });
	}
	arena_release(&arena);
	return told;
}

/* ---- all of them ---- */

/* Lines of one metric stand together. */
static void find_metrics(struct lines *lines)
{
	struct quality_line line;
	size_t next = 0;

	for (size_t i = 0; i < lines->quality->n; i++) {
		if (!quality_line(lines->quality, i, &line))
			continue;
		while (next <= line.metric)
			lines->starts[next++] = i;
	}
	while (next <= METRICS)
		lines->starts[next++] = lines->quality->n;
}

static bool judge_rule(const struct alert_rule *a, const struct lines *lines, const struct past_runs *h,
		       enum lang lang, struct rowset *alerts)
{
	struct quality_line line;
	bool told = false;

	for (size_t i = lines->starts[a->metric]; i < lines->starts[a->metric + 1]; i++) {
		if (quality_line(lines->quality, i, &line) && line.kind == a->kind &&
		    (!a->scope.n || str_eq(a->scope, line.scope)))
			told |= judge(a, lines, &line, h, lang, alerts);
	}
	return told;
}

void alerts_find(const struct alert_rules *rules, const struct rowset *quality,
		 const struct past_runs *h, const struct words *exit_on, enum lang lang,
		 struct rowset *alerts, bool *asks)
{
	struct lines lines = { .quality = quality };

	find_metrics(&lines);
	*asks = false;
	for (int severity = 0; alert_severities[severity]; severity++)
		for (size_t i = 0; i < rules->n; i++) {
			const struct alert_rule *a = &rules->list[i];

			if (a->severity != severity)
				continue;
			if (judge_rule(a, &lines, h, lang, alerts))
				*asks |= words_have(exit_on, str_of(alert_severities[severity]));
		}
}
