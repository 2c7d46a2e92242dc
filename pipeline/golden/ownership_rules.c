#include "ownership_rules.h"

#include "rules.h"

struct reading {
	struct ownership_rules *rules;
	const struct rules *file;
	const struct rule_row *row;
	struct fault *f;
};

enum { RULE, VALUE };

static const struct rule_column columns[] = {
	{ "rule", RULE_FILLED }, { "value", RULE_FILLED }, { "note", RULE_MAY_LACK }, { NULL, 0 },
};

static bool is_full(const struct reading *r, size_t n)
{
	return n == OWNERSHIP_MAX_LIST &&
	       !rules_mistake(r->file, r->row->line, r->f, "more than %d in one list", OWNERSHIP_MAX_LIST);
}

static bool read_same_sale(const struct reading *r)
{
	uint64_t days;

	if (!rules_number(r->file, r->row, "days", r->row->v[VALUE], 0, 3650, &days, r->f))
		return false;
	r->rules->same_sale = (int32_t)days;
	return true;
}

static bool is_date_of_purchase(enum field field)
{
	static const enum field dates[] = { F_PURCHASE_DATE, F_INVOICE_DATE, F_REGISTRATION_DATE,
					    F_DELIVERY_DATE, F_LOAN_DATE };

	for (size_t i = 0; i < sizeof(dates) / sizeof(*dates); i++)
		if (field == dates[i])
			return true;
	return false;
}

static bool read_since(const struct reading *r)
{
	struct str rest = r->row->v[VALUE], name;

	while (str_cut(&rest, '>', &name)) {
		enum field field = field_find(str_trim(name));

		if (!is_date_of_purchase(field))
			return rules_mistake(r->file, r->row->line, r->f,
					     "\"%.*s\" is no date since when a car is owned", STR_FMT(name));
		if (is_full(r, r->rules->n_since))
			return false;
		r->rules->since[r->rules->n_since++] = field;
	}
	return true;
}

static bool read_use(const struct reading *r)
{
	struct str rest = r->row->v[VALUE], kind;

	while (str_cut(&rest, ';', &kind)) {
		if (is_full(r, r->rules->n_use))
			return false;
		r->rules->use[r->rules->n_use++] = str_trim(kind);
	}
	return true;
}

static bool read_row(const struct reading *r, bool seen[3])
{
	static const char *const names[] = { "same_sale", "since", "use", NULL };
	int choice = rules_choice(r->file, r->row, "rule", r->row->v[RULE], names, r->f);

	if (choice < 0)
		return false;
	if (seen[choice])
		return rules_mistake(r->file, r->row->line, r->f, "the rule %s stands there twice",
				     names[choice]);
	seen[choice] = true;
	return choice == 0 ? read_same_sale(r) : choice == 1 ? read_since(r) : read_use(r);
}

bool ownership_rules_load(struct ownership_rules *rules, const char *rules_dir, struct fault *f)
{
	struct rules file;
	bool seen[3] = { false }, ok;

	*rules = (struct ownership_rules){ 0 };
	ok = rules_read(&file, rules_dir, "ownership.csv", columns, &rules->arena, f);
	for (size_t i = 0; i < file.n; i++) {
		struct reading r = { rules, &file, &file.rows[i], f };

		ok &= read_row(&r, seen);
	}
	if (ok && !(seen[0] && seen[1] && seen[2]))
		ok = rules_mistake(&file, 0, f, "a rule is missing: same_sale, since and use are needed");
	if (!ok)
		ownership_rules_release(rules);
	return ok;
}

bool ownership_rules_check(const char *rules_dir, struct fault *f)
{
	struct ownership_rules rules;
	bool ok = ownership_rules_load(&rules, rules_dir, f);

	if (ok)
		ownership_rules_release(&rules);
	return ok;
}

void ownership_rules_release(struct ownership_rules *rules)
{
	arena_release(&rules->arena);
	*rules = (struct ownership_rules){ 0 };
}
