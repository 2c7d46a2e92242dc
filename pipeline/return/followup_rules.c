#include "followup.h"

#include "analysis.h"
#include "returns.h"
#include "rules.h"
#include "sql_scripts.h"

enum column { LIST, CONSENT, OWN, LEAST, TITLE_ZH, TITLE_EN, TEXT_ZH, TEXT_EN, SQL };

static bool read_own(struct followup_rule *rule, const struct rules *r, const struct rule_row *row,
		     struct fault *f)
{
	struct str rest = row->v[OWN], word;
	bool ok = true;

	while (str_cut(&rest, '|', &word)) {
		enum field field = field_find(str_trim(word));

		if (field == F_COUNT)
			ok = rules_mistake(r, row->line, f, "there is no field \"%.*s\"",
					   STR_FMT(word));
		else if (rule->n_own == FOLLOWUP_OWN)
			ok = rules_mistake(r, row->line, f, "own has more than %d fields",
					   FOLLOWUP_OWN);
		else
			rule->own[rule->n_own++] = field;
	}
	return ok;
}

static bool read_rule(struct followup_rules *fr, const struct rules *r, const struct rule_row *row,
		      struct fault *f)
{
	static const char *const yes_no[] = {"no", "yes", NULL};
	struct followup_rule *rule = &fr->list[fr->n];
	int consent = rules_choice(r, row, "consent", row->v[CONSENT], yes_no, f);
	bool ok = consent >= 0;

	if (fr->n == FOLLOWUP_MOST)
		return rules_mistake(r, row->line, f, "more than %d lists", FOLLOWUP_MOST);
	*rule = (struct followup_rule){
		.name = row->v[LIST],
		.consent = consent == 1,
		.title = {row->v[TITLE_ZH], row->v[TITLE_EN]},
		.text = {row->v[TEXT_ZH], row->v[TEXT_EN]},
		.sql = row->v[SQL],
		.line = row->line,
	};
	for (size_t i = 0; i < fr->n; i++)
		if (str_eq(fr->list[i].name, rule->name))
			ok = rules_mistake(r, row->line, f, "the list \"%.*s\" stands in line %zu",
					   STR_FMT(rule->name), fr->list[i].line);
	ok &= read_own(rule, r, row, f);
	if (row->v[LEAST].n)
		ok &= rules_number(r, row, "least", row->v[LEAST], 1, 1000000, &rule->least, f);
	fr->n++;
	return ok;
}

/* ---- the SELECT, asked of empty tables ---- */

static bool has_column(const struct analysis_rows *rows, struct str name)
{
	for (size_t i = 0; i < analysis_columns(rows); i++)
		if (str_eq(analysis_column(rows, i), name))
			return true;
	return false;
}

static bool places_are_columns(const struct followup_rule *rule, const struct rules *r,
			       const struct analysis_rows *rows, enum lang lang, struct fault *f)
{
	struct str rest = rule->text[lang], piece, name;
	bool ok = true;

	str_cut(&rest, '{', &piece);
	while (str_cut(&rest, '{', &piece))
		if (!str_cut(&piece, '}', &name) || !has_column(rows, name))
			ok = rules_mistake(r, rule->line, f,
					   "the text names {%.*s}, which the SELECT does not give",
					   STR_FMT(name));
	return ok;
}

static bool columns_are_there(const struct followup_rule *rule, const struct rules *r,
			      const struct analysis_rows *rows, struct fault *f)
{
	static const char *const needed[] = {"dealer", "customer_id", "due"};
	bool ok = true;

	for (size_t i = 0; i < sizeof(needed) / sizeof(*needed); i++)
		if (!has_column(rows, str_of(needed[i])))
			ok = rules_mistake(r, rule->line, f, "the SELECT gives no column %s",
					   needed[i]);
	if (rule->n_own && !has_column(rows, STR("basis")))
		ok = rules_mistake(r, rule->line, f, "own asks for a column basis");
	for (enum lang lang = 0; lang < LANG_COUNT; lang++)
		ok &= places_are_columns(rule, r, rows, lang, f);
	return ok;
}

static bool ask_empty(const struct followup_rule *rule, const struct rules *r, struct analysis *a,
		      struct fault *f)
{
	struct arena arena = {0};
	struct fault wrong = {0};
	struct analysis_rows *rows =
		analysis_ask(a, str_keepz(&arena, rule->sql), NULL, 0, &wrong);
	bool ok = rows ? columns_are_there(rule, r, rows, f)
		       : rules_mistake(r, rule->line, f, "%.*s", STR_FMT(buf_view(&wrong.text)));

	if (rows)
		ok &= analysis_end(rows, f);
	fault_release(&wrong);
	arena_release(&arena);
	return ok;
}

static bool ask_all(const struct followup_rules *fr, const struct rules *r, struct fault *f)
{
	struct analysis *a = analysis_open_empty(f);
	struct rowset consultants;
	bool ok;

	rowset_init(&consultants, &table_consultant);
	ok = a && analysis_extend(a, sql_followup(), &consultants, 1, f);
	rowset_release(&consultants);

	for (size_t i = 0; a && i < fr->n; i++)
		ok &= ask_empty(&fr->list[i], r, a, f);
	analysis_close(a);
	return ok;
}

bool followup_rules_load(struct followup_rules *fr, const char *rules_dir, struct fault *f)
{
	static const struct rule_column columns[] = {
		{"list", RULE_FILLED},	   {"consent", RULE_FILLED},  {"own", RULE_FREE},
		{"least", RULE_FREE},	   {"title_zh", RULE_FILLED}, {"title_en", RULE_FILLED},
		{"text_zh", RULE_FILLED},  {"text_en", RULE_FILLED},  {"sql", RULE_FILLED},
		{NULL, RULE_FREE},
	};
	struct rules r;
	bool ok;

	*fr = (struct followup_rules){0};
	ok = rules_read(&r, rules_dir, "followup.csv", columns, &fr->arena, f);
	for (size_t i = 0; i < r.n; i++)
		ok &= read_rule(fr, &r, &r.rows[i], f);
	return ask_all(fr, &r, f) && ok;
}

void followup_rules_release(struct followup_rules *fr)
{
	arena_release(&fr->arena);
}

bool followup_rules_check(const char *rules_dir, struct fault *f)
{
	struct followup_rules fr;
	bool ok = followup_rules_load(&fr, rules_dir, f);

	followup_rules_release(&fr);
	return ok;
}
