#include "mart_rules.h"

#include "rules.h"

enum { TERM, WORD };

static const struct term { /* a number: a column of the SQL table `term`, behind `today` */
	const char *name;
	uint64_t min, max;
} terms[] = {
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
};

enum { TERMS = sizeof(terms) / sizeof(*terms) };

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
	"contract_days", "contract_months", "campaign_days", "campaign_most", NULL,
};
static const char *const word_columns[] = { "list", "word", NULL };

static const struct table_def tables[MART_RULE_TABLES] = {
	[TERM] = { "term", term_columns, 0 },
	[WORD] = { "word", word_columns, 1 },
};

struct reading {
	struct rules rules;
	struct str values[TERMS + 1]; /* a row of `term` */
	uint64_t numbers[TERMS];
	size_t lines[TERMS];
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
	for (size_t i = 0; i < TERMS; i++) {
		if (!str_eq(row->v[0], str_of(terms[i].name)))
			continue;
		x->values[i + 1] = row->v[1];
		return !twice(x, row, &x->lines[i], f) &&
		       rules_number(&x->rules, row, terms[i].name, row->v[1], terms[i].min, terms[i].max,
				    &x->numbers[i], f);
	}
	return rules_mistake(&x->rules, row->line, f, "there is no term \"%.*s\"", STR_FMT(row->v[0]));
}

static size_t term_of(const char *name)
{
	for (size_t i = 0; i < TERMS; i++)
		if (strcmp(terms[i].name, name) == 0)
			return i;
	BUG("no term %s", name);
}

static bool judge(struct reading *x, struct fault *f)
{
	bool ok = true;

	for (size_t i = 0; i < TERMS; i++)
		if (!x->lines[i])
			ok = rules_mistake(&x->rules, 0, f, "%s is missing", terms[i].name);
	for (size_t i = 0; i < LISTS; i++)
		if (!x->list_lines[i])
			ok = rules_mistake(&x->rules, 0, f, "%s is missing", lists[i]);
	for (size_t i = 0; ok && i < sizeof(smaller) / sizeof(*smaller); i++) {
		size_t a = term_of(smaller[i][0]), b = term_of(smaller[i][1]);

		if (x->numbers[a] >= x->numbers[b])
			ok = rules_mistake(&x->rules, x->lines[b], f, "%s must be more than %s (line %zu)",
					   terms[b].name, terms[a].name, x->lines[a]);
	}
	return ok;
}

bool mart_rules_load(struct mart_rules *m, const char *rules_dir, struct str today, struct fault *f)
{
	static const struct rule_column columns[] = {
		{ "name", RULE_FILLED }, { "value", RULE_FREE }, { "note", RULE_MAY_LACK },
		{ NULL, RULE_FREE },
	};
	struct arena a = { 0 };
	struct reading x = { .words = &m->tables[WORD] };
	bool ok;

	for (int i = 0; i < MART_RULE_TABLES; i++)
		rowset_init(&m->tables[i], &tables[i]);
	x.values[0] = today;
	ok = rules_read(&x.rules, rules_dir, "marts.csv", columns, &a, f);
	for (size_t i = 0; i < x.rules.n; i++)
		ok &= read_row(&x, &x.rules.rows[i], f);
	ok = ok && judge(&x, f);
	rowset_add(&m->tables[TERM], x.values);
	arena_release(&a);
	return ok;
}

void mart_rules_release(struct mart_rules *m)
{
	for (int i = 0; i < MART_RULE_TABLES; i++)
		rowset_release(&m->tables[i]);
}

bool mart_rules_check(const char *rules_dir, struct fault *f)
{
	struct mart_rules m;
	bool ok = mart_rules_load(&m, rules_dir, STR("2000-01-01"), f);

	mart_rules_release(&m);
	return ok;
}
