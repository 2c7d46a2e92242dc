/* rules/cleansing.csv: table,field,check,arguments,when,code,action -> steps. */
#include "step.h"

#include <stdlib.h>

enum { COL_TABLE, COL_FIELD, COL_CHECK, COL_ARGUMENTS, COL_WHEN, COL_CODE, COL_ACTION, COL_COLUMNS };

enum { MOST_CHECKS = 64 };

struct line { /* one line of the file, and who is told of its mistakes */
	const struct rules *rules;
	const struct rule_row *row;
	struct fault *f;
};

static bool mistake(const struct line *l, const char *what, struct str value)
{
	return rules_mistake(l->rules, l->row->line, l->f, "%s \"%.*s\"", what, STR_FMT(value));
}

static bool unknown_table(const struct line *l, struct str name)
{
	struct str names[ENTITY_COUNT];

	for (int i = 0; i < ENTITY_COUNT; i++)
		names[i] = entity_name((enum entity)i);
	return rules_unknown(l->rules, l->row->line, l->f, "table", name, names, ENTITY_COUNT);
}

static bool unknown_check(const struct line *l, struct str name)
{
	struct str names[MOST_CHECKS];
	size_t n = 0;

	for (; checks[n].name; n++)
		names[n] = str_of(checks[n].name);
	return rules_unknown(l->rules, l->row->line, l->f, "check", name, names, n);
}

static bool unknown_code(const struct line *l, const struct codes *codes, struct str name)
{
	struct str *names = xcalloc(codes->n, sizeof(*names));

	for (size_t i = 0; i < codes->n; i++)
		names[i] = codes->list[i].name;
	rules_unknown(l->rules, l->row->line, l->f, "code", name, names, codes->n);
	free(names);
	return false;
}

static bool read_tables(const struct line *l, struct step *step)
{
	struct str rest = l->row->v[COL_TABLE], name;

	while (str_cut(&rest, ';', &name)) {
		int entity = 0;

		while (entity < ENTITY_COUNT && !str_eq(entity_name((enum entity)entity), name))
			entity++;
		if (entity == ENTITY_COUNT)
			return unknown_table(l, name);
		if (step->field != F_COUNT && !entity_has((enum entity)entity, step->field))
			return rules_mistake(l->rules, l->row->line, l->f,
					     "the table %.*s has no column %.*s", STR_FMT(name),
					     STR_FMT(l->row->v[COL_FIELD]));
		step->feeds |= FEEDS(entity);
	}
	return true;
}

static bool read_field(const struct line *l, struct step *step)
{
	struct str name = l->row->v[COL_FIELD];

	step->field = F_COUNT;
	if (step->check->whole_row)
		return !name.n || mistake(l, "this check is of a row, it takes no field", name);
	step->field = field_find(name);
	return step->field != F_COUNT ||
	       rules_unknown_field(l->rules, l->row->line, l->f, name);
}

static bool read_check(const struct line *l, struct step *step)
{
	struct str name = l->row->v[COL_CHECK];

	for (const struct check *check = checks; check->name; check++) {
		if (!str_eq(name, str_of(check->name)))
			continue;
		step->check = check;
		step->run = check->run;
		step->on_empty = check->on_empty;
		return true;
	}
	return unknown_check(l, name);
}

static bool read_arguments(const struct line *l, struct step *step, struct arena *a)
{
	struct str arguments = l->row->v[COL_ARGUMENTS];
	const char *wrong = NULL;

	if (!step->check->prepare)
		return !arguments.n || mistake(l, "this check takes no arguments, not", arguments);
	step->check->prepare(step, arguments, a, &wrong);
	return !wrong ||
	       rules_mistake(l->rules, l->row->line, l->f, "arguments \"%.*s\": %s; %s takes: %s",
			     STR_FMT(arguments), wrong, step->check->name, step->check->arguments);
}

static bool read_condition(const struct line *l, struct str text, struct condition *when)
{
	struct str rest = text, word;

	when->negated = str_starts(text, STR("not "));
	if (when->negated)
		rest = str_trim(str_span(text.p + 4, text.p + text.n));
	str_cut(&rest, '=', &word);
	when->values = rest;
	if (str_eq(word, STR("person")))
		when->kind = WHEN_PERSON;
	else if (str_eq(word, STR("company")))
		when->kind = WHEN_COMPANY;
	else if (str_eq(word, STR("source")))
		when->kind = WHEN_SOURCE;
	else if (str_eq(word, STR("schema")))
		when->kind = WHEN_SCHEMA;
	else if ((when->field = field_find(word)) != F_COUNT)
		when->kind = WHEN_VALUE;
	else
		return mistake(l, "a condition is person, company, source=..., schema=... or FIELD=..., not",
			       text);
	if ((when->kind == WHEN_PERSON || when->kind == WHEN_COMPANY) != (rest.n == 0))
		return mistake(l,
			       "source, schema and fields take names behind \"=\", person and company "
			       "none:",
			       text);
	return true;
}

static bool read_conditions(const struct line *l, struct step *step, struct arena *a)
{
	struct str rest = l->row->v[COL_WHEN], one;
	struct condition *when = arena_alloc(a, (rest.n + 1) * sizeof(*when));
	bool ok = true;

	step->when = when;
	while (str_cut(&rest, ';', &one))
		ok &= read_condition(l, str_trim(one), &when[step->n_when++]);
	return ok;
}

static bool read_code(const struct line *l, struct step *step, const struct codes *codes)
{
	struct str name = l->row->v[COL_CODE];

	if (!step->check->needs_code)
		return !name.n || mistake(l, "this check has codes of its own, it takes no", name);
	if (!name.n)
		return rules_mistake(l->rules, l->row->line, l->f,
				     "the check %s needs a code to tell", step->check->name);
	step->code = codes_find(codes, name);
	return step->code || unknown_code(l, codes, name);
}

static bool read_action(const struct line *l, struct step *step)
{
	static const char *const names[] = {"reject", "blank", "fix", "warn", NULL};
	struct str name = l->row->v[COL_ACTION];
	int action;

	if (!name.n)
		return true;
	action = rules_choice(l->rules, l->row, "action", name, names, l->f);
	step->has_action = true;
	step->action = action < 0 ? ACTION_WARN : (enum action)action;
	return action >= 0;
}

static bool step_read(const struct line *l, struct step *step, const struct codes *codes,
		      struct arena *a)
{
	bool ok;

	*step = (struct step){.line = l->row->line};
	if (!read_check(l, step) || !read_field(l, step))
		return false;
	ok = read_tables(l, step);
	ok &= read_arguments(l, step, a);
	ok &= read_conditions(l, step, a);
	ok &= read_code(l, step, codes);
	ok &= read_action(l, step);
	return ok;
}

/* Where a field is empty, all that follows for it is passed over but what runs on nothing. */
static void link_ops(struct plan *plan)
{
	for (size_t i = plan->n; i-- > 0;) {
		const struct op *next = i + 1 < plan->n ? &plan->ops[i + 1] : NULL;
		bool same = next && next->field == plan->ops[i].field && !next->on_empty;

		plan->ops[i].if_empty = same ? next->if_empty : (uint16_t)(i + 1);
	}
}

/* The same check under another name of a field. */
static bool same_check(const struct step *a, const struct step *b)
{
	return a->check == b->check && (!a->check->by_field || a->field == b->field) &&
	       a->past == b->past && a->birth == b->birth && a->negative == b->negative &&
	       a->whole == b->whole && a->prose == b->prose && a->max == b->max &&
	       a->count == b->count && str_eq(a->keep, b->keep) &&
	       a->pattern == b->pattern;
}

static uint16_t group_number(struct cleaner *c, const struct op *ops, size_t n)
{
	for (size_t g = 0; g < c->n_groups; g++) {
		size_t same = 0;

		while (c->groups[g].n == n && same < n &&
		       same_check(c->groups[g].ops[same].step, ops[same].step))
			same++;
		if (same == n)
			return (uint16_t)(g + 1);
	}
	GROW(c->groups, c->n_groups, c->cap_groups);
	c->groups[c->n_groups++] = (struct step_group){ops, n};
	return (uint16_t)c->n_groups;
}

/* Series of neighbouring checks of one field whose result can be remembered. */
static void group_ops(struct cleaner *c, struct plan *plan)
{
	for (size_t i = 0, end; i < plan->n; i = end) {
		end = i;
		while (end < plan->n && plan->ops[end].step->check->alone &&
		       !plan->ops[end].step->n_when && plan->ops[end].field == plan->ops[i].field)
			end++;
		if (end > i) {
			plan->ops[i].group = group_number(c, &plan->ops[i], end - i);
			plan->ops[i].group_end = (uint16_t)end;
		} else {
			end++;
		}
	}
}

static void make_plan(struct cleaner *c, unsigned feeds)
{
	struct plan *plan = &c->plans[feeds];

	plan->ops = arena_alloc(&c->arena, (c->n_steps + 1) * sizeof(*plan->ops));
	for (size_t i = 0; i < c->n_steps; i++) {
		const struct step *step = &c->steps[i];

		if (step->feeds & feeds)
			plan->ops[plan->n++] = (struct op){
				.step = step,
				.field = (uint16_t)step->field,
				.on_empty = step->on_empty,
			};
	}
	link_ops(plan);
	group_ops(c, plan);
}

bool steps_load(struct cleaner *c, const char *rules_dir, struct fault *f)
{
	static const struct rule_column columns[] = {
		{"table", RULE_FILLED},	  {"field", RULE_FREE}, {"check", RULE_FILLED},
		{"arguments", RULE_FREE}, {"when", RULE_FREE},	{"code", RULE_FREE},
		{"action", RULE_FREE},	  {NULL, RULE_FREE},
	};
	struct rules r;
	bool ok = rules_read(&r, rules_dir, "cleansing.csv", columns, &c->arena, f);

	ok &= rules_once(&r, COL_COLUMNS, f);
	c->steps = arena_alloc(&c->arena, (r.n + 1) * sizeof(*c->steps));
	for (size_t i = 0; i < r.n; i++) {
		const struct line l = {&r, &r.rows[i], f};

		ok &= step_read(&l, &c->steps[c->n_steps++], c->codes, &c->arena);
	}
	if (c->n_steps > UINT16_MAX)
		return rules_mistake(&r, 0, f, "there are more than %d lines", UINT16_MAX);
	for (unsigned feeds = 0; feeds < 1 << ENTITY_COUNT; feeds++)
		make_plan(c, feeds);
	return ok;
}

void steps_release(struct cleaner *c)
{
	free(c->groups);
	for (size_t i = 0; i < c->n_steps; i++)
		if (c->steps[i].pattern)
			regex_free(c->steps[i].pattern);
}
