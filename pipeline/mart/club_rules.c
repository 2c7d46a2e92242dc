#include "club_rules.h"

#include "rules.h"

enum { MOST_POINTS = 1000000, MOST_YUAN = 1000000000, MOST_TIMES = 10000 };

bool club_read_points(struct rowset *points, const char *rules_dir, struct fault *f)
{
	static const struct rule_column columns[] = {
		{ "kind", RULE_FILLED }, { "scope", RULE_FILLED }, { "per_yuan", RULE_FREE },
		{ "points", RULE_FILLED }, { "note", RULE_MAY_LACK }, { NULL, RULE_FREE },
	};
	static const char *const kinds[] = { "purchase", "service", "parts", "activity", "post", NULL };
	static const char *const scopes[] = { "network", "dealer", NULL };
	struct arena a = { 0 };
	struct rules r;
	bool ok = rules_read(&r, rules_dir, "points.csv", columns, &a, f);

	ok &= rules_once(&r, 3, f); /* lines add up, these two by mistake */
	for (size_t i = 0; i < r.n; i++) {
		const struct rule_row *row = &r.rows[i];
		struct str scope = row->v[1], per_yuan = row->v[2], amount = row->v[3];
		int kind = rules_choice(&r, row, "kind", row->v[0], kinds, f);
		uint64_t n;

		ok &= kind >= 0 && rules_number(&r, row, "points", amount, 1, MOST_POINTS, &n, f) &&
		      (!per_yuan.n || rules_number(&r, row, "per_yuan", per_yuan, 1, MOST_YUAN, &n, f)) &&
		      rules_choice(&r, row, "scope", scope, scopes, f) >= 0;
		if (kind >= 3 && per_yuan.n)
			ok = rules_mistake(&r, row->line, f, "%s has no amount: leave per_yuan empty", kinds[kind]);
		rowset_add(points, (struct str[]){ row->v[0], amount, per_yuan, scope });
	}
	arena_release(&a);
	return ok;
}

static bool read_conditions(const struct rules *r, const struct rule_row *row, bool first, struct fault *f)
{
	static const char *const names[] = { "cars", "services", "single_amount", "total_amount" };
	bool ok = true, any = row->v[5].n != 0;

	for (int i = 0; i < 4; i++) {
		uint64_t n;

		any |= row->v[i + 1].n != 0;
		if (row->v[i + 1].n)
			ok &= rules_number(r, row, names[i], row->v[i + 1], 1, i < 2 ? MOST_TIMES : MOST_YUAN, &n, f);
	}
	if (first && any)
		return rules_mistake(r, row->line, f, "the first level is everybody's: it has no condition");
	if (!first && !any)
		return rules_mistake(r, row->line, f, "%.*s has no condition, so nobody would be below it",
				     STR_FMT(row->v[0]));
	return ok;
}

static void add_tier(struct rowset *tiers, struct rowset *series, size_t level, const struct rule_row *row,
		     struct arena *a)
{
	struct str number = str_printf(a, "%zu", level), rest = row->v[5], word;

	rowset_add(tiers, (struct str[]){ number, row->v[0], row->v[1], row->v[2], row->v[3], row->v[4] });
	while (str_cut(&rest, ';', &word))
		if (str_trim(word).n)
			rowset_add(series, (struct str[]){ number, str_trim(word) });
}

bool club_read_tiers(struct rowset *tiers, struct rowset *series, const char *rules_dir, struct fault *f)
{
	static const struct rule_column columns[] = {
		{ "tier", RULE_FILLED }, { "cars", RULE_FREE }, { "services", RULE_FREE },
		{ "single_amount", RULE_FREE }, { "total_amount", RULE_FREE }, { "series", RULE_FREE },
		{ "note", RULE_MAY_LACK }, { NULL, RULE_FREE },
	};
	struct arena a = { 0 };
	struct rules r;
	bool ok = rules_read(&r, rules_dir, "tiers.csv", columns, &a, f);

	for (size_t i = 0; i < r.n; i++) {
		for (size_t k = 0; k < i; k++)
			if (str_eq(r.rows[k].v[0], r.rows[i].v[0]))
				ok = rules_mistake(&r, r.rows[i].line, f, "%.*s stands in line %zu already",
						   STR_FMT(r.rows[i].v[0]), r.rows[k].line);
		ok &= read_conditions(&r, &r.rows[i], i == 0, f);
		add_tier(tiers, series, i, &r.rows[i], &a);
	}
	if (ok && !r.n)
		ok = rules_mistake(&r, 0, f, "there is no level, not even the first");
	arena_release(&a);
	return ok;
}
