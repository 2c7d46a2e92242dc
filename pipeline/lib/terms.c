#include "terms.h"

#include "report.h"
#include "rules.h"

bool words_have(const struct words *words, struct str word)
{
	for (size_t i = 0; i < words->n; i++)
		if (str_eq(words->list[i], word))
			return true;
	return false;
}

bool words_in(const struct words *words, struct str text)
{
	for (size_t i = 0; i < words->n; i++)
		if (str_has(text, words->list[i]))
			return true;
	return false;
}

static bool read_words(struct words *words, const struct rules *r, const struct rule_row *row,
		       struct fault *f)
{
	struct str rest = row->v[1], word;

	words->n = 0;
	while (str_cut(&rest, ';', &word)) {
		word = str_trim(word);
		if (!word.n)
			continue;
		if (words->n == TERMS_MOST_WORDS)
			return rules_mistake(r, row->line, f, "more than %d words", TERMS_MOST_WORDS);
		words->list[words->n++] = word;
	}
	return true;
}

static bool severities(const struct words *words, const struct rules *r, const struct rule_row *row,
		       struct fault *f)
{
	bool ok = true;

	for (size_t i = 0; i < words->n; i++)
		ok &= rules_choice(r, row, "severity", words->list[i], alert_severities, f) >= 0;
	return ok;
}

static bool read_weights(struct terms *t, const struct rules *r, const struct rule_row *row,
			 struct fault *f)
{
	struct str rest = row->v[1], word;
	size_t n = 0;

	for (; str_cut(&rest, ';', &word); n++) {
		uint64_t ignored;

		if (!rules_number(r, row, "weight", str_trim(word), 0, 1000,
				  n < SURVEY_FACTORS ? &t->factor_weights[n] : &ignored, f))
			return false;
	}
	return n == SURVEY_FACTORS ||
	       rules_mistake(r, row->line, f, "there are %d factors, not %zu", SURVEY_FACTORS, n);
}

static bool read_term(struct terms *t, const struct rules *r, const struct rule_row *row,
		      struct fault *f)
{
	static const char *const names[] = { "urgent_kinds",	  "daily_kinds", "sales_words",
					     "after_sales_words", "exit_on",	 "factor_weights",
					     "valid_address_goal", NULL };
	struct words *words[] = { &t->urgent_kinds, &t->daily_kinds, &t->sales_words,
				  &t->after_sales_words, &t->exit_on };
	int name = rules_choice(r, row, "name", row->v[0], names, f);

	if (name < 0)
		return false;
	if (name < 5)
		return read_words(words[name], r, row, f) &&
		       (words[name] != &t->exit_on || severities(&t->exit_on, r, row, f));
	if (name == 5)
		return read_weights(t, r, row, f);
	return rules_number(r, row, "per cent", row->v[1], 0, 100, &t->valid_address_goal, f);
}

bool terms_load(struct terms *t, const char *rules_dir, struct fault *f)
{
	static const struct rule_column columns[] = {
		{ "name", RULE_FILLED }, { "value", RULE_FREE }, { "note", RULE_MAY_LACK },
		{ NULL, RULE_FREE },
	};
	struct rules r;
	bool ok;

	*t = (struct terms){ .valid_address_goal = 80, .factor_weights = { 1, 1, 1, 1, 1 } };
	ok = rules_read(&r, rules_dir, "report.csv", columns, &t->arena, f);
	ok &= rules_once(&r, 1, f);
	for (size_t i = 0; i < r.n; i++)
		ok &= read_term(t, &r, &r.rows[i], f);
	return ok;
}

void terms_release(struct terms *t)
{
	arena_release(&t->arena);
}

bool report_terms_check(const char *rules_dir, struct fault *f)
{
	struct terms t;
	bool ok = terms_load(&t, rules_dir, f);

	terms_release(&t);
	return ok;
}
