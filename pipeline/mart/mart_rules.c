#include "mart_rules.h"

#include "club_rules.h"
#include "rules.h"
#include "terms.h"

enum { TERM, WORD, POINT, TIER, TIER_SERIES, FACTOR };

static const struct number { /* a column of the SQL table `term`, behind `today` */
	const char *name;
	uint64_t min, max;
} numbers[] = {
	{ "period_months", 1, 120 },
	{ "warranty_months", 1, 240 },
	{ "warranty_km", 1000, 1000000 },
	{ "first_service_months", 1, 60 },
	{ "service_interval_months", 1, 60 },
	{ "quiet_months", 1, 240 },
	{ "lost_months", 2, 240 },
	{ "class_a_percent", 1, 99 },
	{ "class_b_percent", 2, 100 },
	{ "complaint_contact_hours", 1, 720 },
	{ "complaint_solve_days", 1, 365 },
	{ "complaint_reopened_days", 1, 365 },
	{ "lead_hours", 1, 720 },
	{ "lead_short_months", 1, 24 },
	{ "lead_long_months", 2, 60 },
	{ "contract_days", 1, 27 },
	{ "contract_months", 1, 24 },
	{ "campaign_days", 1, 3650 },
	{ "campaign_most", 1, 1000 },
	{ "network_least", 3, 1000 },
};

enum { NUMBERS = sizeof(numbers) / sizeof(*numbers) };

/* One is nothing without the other, and the first must be the smaller. */
static const char *const smaller[][2] = {
	{ "quiet_months", "lost_months" },
	{ "class_a_percent", "class_b_percent" },
	{ "lead_short_months", "lead_long_months" },
	{ "complaint_solve_days", "complaint_reopened_days" },
};

static const char *const lists[] = {
	"service_kinds",     "unpaid_settlements",  "solved_statuses",	    "working_statuses",
	"reopened_statuses", "walk_in_sources",	    "hq_activity_sources", "dealer_activity_sources",
	"key_account_sources",
};

enum { LISTS = sizeof(lists) / sizeof(*lists) };

static const char *const term_columns[] = {
	"today", "period_months", "warranty_months", "warranty_km", "first_service_months",
	"service_interval_months", "quiet_months", "lost_months", "class_a_percent",
	"class_b_percent", "complaint_contact_hours", "complaint_solve_days",
	"complaint_reopened_days", "lead_hours", "lead_short_months", "lead_long_months",
	"contract_days", "contract_months", "campaign_days", "campaign_most", "network_least", NULL,
};
static const char *const word_columns[] = { "list", "word", NULL };
static const char *const point_columns[] = { "kind", "points", "per_yuan", "scope", NULL };
static const char *const tier_columns[] = { "level",	    "tier",	     "cars", "services",
					    "single_amount", "total_amount", NULL };
static const char *const tier_series_columns[] = { "level", "series", NULL };
static const char *const factor_columns[] = { "factor", "weight", NULL };

static const struct table_def tables[MART_RULE_TABLES] = {
	[TERM] = { "term", term_columns, 0 },
	[WORD] = { "word", word_columns, 1 },
	[POINT] = { "point_rule", point_columns, 0 },
	[TIER] = { "tier_rule", tier_columns, 0 },
	[TIER_SERIES] = { "tier_series", tier_series_columns, 0 },
	[FACTOR] = { "survey_factor", factor_columns, 0 },
};

struct reading {
	struct rules rules;
	struct str row[NUMBERS + 1]; /* a row of `term` */
	uint64_t values_of[NUMBERS];
	size_t lines[NUMBERS];
	size_t list_lines[LISTS];
	struct rowset *words;
};

static bool read_words(struct reading *x, const struct rule_row *row)
{
	struct str rest = row->v[1], word;

	while (str_cut(&rest, ';', &word)) {
		word = str_trim(word);
		if (word.n)
			rowset_add(x->words, (struct str[]){ row->v[0], word });
	}
	return true;
}

static bool twice(struct reading *x, const struct rule_row *row, size_t *line, struct fault *f)
{
	size_t before = *line;

	*line = row->line;
	return before ? !rules_mistake(&x->rules, row->line, f, "%.*s stands in line %zu already",
				       STR_FMT(row->v[0]), before)
		      : false;
}

static bool read_row(struct reading *x, const struct rule_row *row, struct fault *f)
{
	for (size_t i = 0; i < LISTS; i++)
		if (str_eq(row->v[0], str_of(lists[i])))
			return !twice(x, row, &x->list_lines[i], f) && read_words(x, row);
	for (size_t i = 0; i < NUMBERS; i++) {
		if (!str_eq(row->v[0], str_of(numbers[i].name)))
			continue;
		x->row[i + 1] = row->v[1];
		return !twice(x, row, &x->lines[i], f) &&
		       rules_number(&x->rules, row, numbers[i].name, row->v[1], numbers[i].min, numbers[i].max,
				    &x->values_of[i], f);
	}
	return rules_mistake(&x->rules, row->line, f, "there is no term \"%.*s\"", STR_FMT(row->v[0]));
}

static size_t number_of(const char *name)
{
	for (size_t i = 0; i < NUMBERS; i++)
		if (strcmp(numbers[i].name, name) == 0)
			return i;
	BUG("no number %s", name);
}

static bool judge(struct reading *x, struct fault *f)
{
	bool ok = true;

	for (size_t i = 0; i < NUMBERS; i++)
		if (!x->lines[i])
			ok = rules_mistake(&x->rules, 0, f, "%s is missing", numbers[i].name);
	for (size_t i = 0; i < LISTS; i++)
		if (!x->list_lines[i])
			ok = rules_mistake(&x->rules, 0, f, "%s is missing", lists[i]);
	for (size_t i = 0; ok && i < sizeof(smaller) / sizeof(*smaller); i++) {
		size_t a = number_of(smaller[i][0]), b = number_of(smaller[i][1]);

		if (x->values_of[a] >= x->values_of[b])
			ok = rules_mistake(&x->rules, x->lines[b], f, "%s must be more than %s (line %zu)",
					   numbers[b].name, numbers[a].name, x->lines[a]);
	}
	return ok;
}

/* The lists that the report goes by too, and the weights of the factors. */
static bool read_survey_terms(struct mart_rules *m, const char *rules_dir, struct fault *f)
{
	struct terms t;
	bool ok = terms_load(&t, rules_dir, f);
	const struct {
		const char *name;
		const struct words *words;
	} shared[] = { { "sales_words", &t.sales_words }, { "after_sales_words", &t.after_sales_words } };

	for (size_t l = 0; l < sizeof(shared) / sizeof(*shared); l++)
		for (size_t i = 0; i < shared[l].words->n; i++)
			rowset_add(&m->tables[WORD],
				   (struct str[]){ str_of(shared[l].name), shared[l].words->list[i] });
	for (size_t i = 0; i < SURVEY_FACTORS; i++)
		rowset_add(&m->tables[FACTOR],
			   (struct str[]){ str_printf(&t.arena, "%zu", i + 1),
					   str_printf(&t.arena, "%llu", (unsigned long long)t.factor_weights[i]) });
	terms_release(&t);
	return ok;
}

/* rules/marts.csv */
static bool read_terms(struct mart_rules *m, const char *rules_dir, struct str today, struct fault *f)
{
	static const struct rule_column columns[] = {
		{ "name", RULE_FILLED }, { "value", RULE_FREE }, { "note", RULE_MAY_LACK },
		{ NULL, RULE_FREE },
	};
	struct arena a = { 0 };
	struct reading x = { .words = &m->tables[WORD], .row = { today } };
	bool ok = rules_read(&x.rules, rules_dir, "marts.csv", columns, &a, f);

	for (size_t i = 0; i < x.rules.n; i++)
		ok &= read_row(&x, &x.rules.rows[i], f);
	ok = ok && judge(&x, f);
	rowset_add(&m->tables[TERM], x.row);
	arena_release(&a);
	return ok;
}

void mart_rules_none(struct mart_rules *m)
{
	for (int i = 0; i < MART_RULE_TABLES; i++)
		rowset_init(&m->tables[i], &tables[i]);
}

static bool read_own(struct mart_rules *m, const char *rules_dir, struct str today, struct fault *f)
{
	bool ok;

	mart_rules_none(m);
	ok = read_terms(m, rules_dir, today, f);
	ok &= club_read_points(&m->tables[POINT], rules_dir, f);
	ok &= club_read_tiers(&m->tables[TIER], &m->tables[TIER_SERIES], rules_dir, f);
	return ok;
}

bool mart_rules_load(struct mart_rules *m, const char *rules_dir, struct str today, struct fault *f)
{
	bool ok = read_own(m, rules_dir, today, f);

	return read_survey_terms(m, rules_dir, f) && ok;
}

void mart_rules_release(struct mart_rules *m)
{
	for (int i = 0; i < MART_RULE_TABLES; i++)
		rowset_release(&m->tables[i]);
}

/* report.csv has a check of its own. */
bool mart_rules_check(const char *rules_dir, struct fault *f)
{
	struct mart_rules m;
	bool ok = read_own(&m, rules_dir, STR("2000-01-01"), f);

	mart_rules_release(&m);
	return ok;
}
