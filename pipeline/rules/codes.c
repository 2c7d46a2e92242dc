#include "codes.h"

#include "rules.h"
#include "table.h"
#include "template.h"

#include <stdlib.h>

static const char *const action_names[] = {"reject", "blank", "fix", "warn", NULL};
static const char *const lang_names[] = {"zh", "en", NULL};
static const char *const confirmers[] = {"no", "yes", "hq", NULL};

struct str action_name(enum action action)
{
	return str_of(action_names[action]);
}

static int by_name(const void *a, const void *b)
{
	return str_cmp(((const struct code *)a)->name, ((const struct code *)b)->name);
}

const struct code *codes_find(const struct codes *c, struct str name)
{
	const struct code key = {.name = name};

	return c->n ? bsearch(&key, c->list, c->n, sizeof(key), by_name) : NULL;
}

static struct code *code_named(struct codes *c, struct str name)
{
	const struct code *code = codes_find(c, name);

	return code ? &c->list[code - c->list] : NULL;
}

static bool name_is_code(struct str name)
{
	for (size_t i = 0; i < name.n; i++)
		if (!(name.p[i] >= 'A' && name.p[i] <= 'Z') && name.p[i] != '_' &&
		    !(name.p[i] >= '0' && name.p[i] <= '9'))
			return false;
	return name.n != 0;
}

/* What only the whole shows is found among records in use: resolve takes a shared ID number away,
 * of the others no value is. Another action would be told, and not done. */
static bool action_is_possible(const struct rules *r, const struct rule_row *row, int action, struct fault *f)
{
	static const struct {
		struct str code;
		enum action action;
	} of_the_whole[] = {
		{STR_INIT("NAME_CONFLICT"), ACTION_WARN}, {STR_INIT("CHANGE_HELD"), ACTION_WARN},
		{STR_INIT("VALUE_FIXED"), ACTION_WARN},	  {STR_INIT("MOBILE_SHARED"), ACTION_WARN},
		{STR_INIT("SHARED_ID"), ACTION_BLANK},
	};

	for (size_t i = 0; i < sizeof(of_the_whole) / sizeof(of_the_whole[0]); i++)
		if (str_eq(row->v[0], of_the_whole[i].code) && action >= 0 &&
		    action != (int)of_the_whole[i].action)
			return rules_mistake(r, row->line, f,
					     "the action of %.*s can only be %s, not %s: it is found when all "
					     "records are together",
					     STR_FMT(row->v[0]), action_names[of_the_whole[i].action],
					     action_names[action]);
	return true;
}

static bool code_read(struct codes *c, const struct rules *r, const struct rule_row *row,
		      struct fault *f)
{
	int action = rules_choice(r, row, "action", row->v[1], action_names, f);
	int confirmable = rules_choice(r, row, "confirmable", row->v[2], confirmers, f);
	uint64_t weight = 0;
	bool ok = rules_number(r, row, "weight", row->v[3], 0, 999, &weight, f);

	ok &= action_is_possible(r, row, action, f);
	if (!name_is_code(row->v[0]))
		return rules_mistake(r, row->line, f,
				     "the code \"%.*s\" has other characters than A-Z, 0-9 and _",
				     STR_FMT(row->v[0]));
	c->list[c->n++] = (struct code){
		.name = row->v[0],
		.action = action < 0 ? ACTION_BLANK : (enum action)action,
		.confirmable = confirmable == 1,
		.acceptable = confirmable == 2,
		.weight = (int)weight,
		.codes = c,
	};
	return ok && action >= 0 && confirmable >= 0;
}

static bool list_read(struct codes *c, const char *dir, struct fault *f)
{
	static const struct rule_column columns[] = {
		{"code", RULE_FILLED},	 {"action", RULE_FILLED}, {"confirmable", RULE_FILLED},
		{"weight", RULE_FILLED}, {NULL, RULE_FREE},
	};
	struct rules r;
	size_t n = 0;
	bool ok = rules_read(&r, dir, "codes.csv", columns, &c->arena, f);

	ok &= rules_once(&r, 1, f);
	c->list = arena_alloc(&c->arena, (r.n + 1) * sizeof(*c->list));
	for (size_t i = 0; i < r.n; i++)
		ok &= code_read(c, &r, &r.rows[i], f);
	qsort(c->list, c->n, sizeof(*c->list), by_name);
	/* Of a code that stands there twice one is kept, so that messages.csv is not blamed for it. */
	for (size_t i = 0; i < c->n; i++)
		if (!n || !str_eq(c->list[i].name, c->list[n - 1].name))
			c->list[n++] = c->list[i];
	c->n = n;
	return ok;
}

static bool unknown_code(const struct codes *c, const struct rules *r, const struct rule_row *row,
			 struct fault *f)
{
	struct str *names = xcalloc(c->n, sizeof(*names));

	for (size_t i = 0; i < c->n; i++)
		names[i] = c->list[i].name;
	rules_unknown(r, row->line, f, "code", row->v[0], names, c->n);
	free(names);
	return false;
}

static bool message_read(struct codes *c, const struct rules *r, const struct rule_row *row,
			 struct fault *f)
{
	struct code *code = str_eq(row->v[0], STR("*")) ? &c->repaired : code_named(c, row->v[0]);
	int lang = rules_choice(r, row, "lang", row->v[1], lang_names, f);
	bool ok = lang >= 0;

	for (int i = 3; i < 5; i++)
		ok &= template_check(r, row, row->v[i], f);
	if (!code)
		return unknown_code(c, r, row, f);
	if (lang < 0)
		return false;
	if (code->title[lang].n)
		return rules_mistake(r, row->line, f, "the %s texts of %.*s stand there twice",
				     lang_names[lang], STR_FMT(code->name));
	code->title[lang] = row->v[2];
	code->message[lang] = row->v[3];
	code->suggestion[lang] = row->v[4];
	return ok;
}

static bool messages_read(struct codes *c, const char *dir, struct fault *f)
{
	static const struct rule_column columns[] = {
		{"code", RULE_FILLED},	  {"lang", RULE_FILLED},       {"title", RULE_FILLED},
		{"message", RULE_FILLED}, {"suggestion", RULE_FILLED}, {NULL, RULE_FREE},
	};
	struct rules r;
	bool ok = rules_read(&r, dir, "messages.csv", columns, &c->arena, f);

	for (size_t i = 0; i < r.n; i++)
		ok &= message_read(c, &r, &r.rows[i], f);
	for (size_t i = 0; ok && i < c->n; i++)
		for (int lang = 0; lang < LANG_COUNT; lang++)
			if (!c->list[i].title[lang].n)
				ok = rules_mistake(&r, 0, f, "the code %.*s has no texts in \"%s\"",
						   STR_FMT(c->list[i].name), lang_names[lang]);
	for (int lang = 0; ok && lang < LANG_COUNT; lang++)
		if (!c->repaired.title[lang].n)
			ok = rules_mistake(&r, 0, f, "repairs (code *) have no texts in \"%s\"",
					   lang_names[lang]);
	return ok;
}

/* Columns that people are shown: of the master's tables and of the rejects. */
static const struct table_def *const shown[] = {
	&table_customer, &table_vehicle, &table_contact, &table_relation, &table_ownership,
	&table_review, &table_rejects_clean,
};

enum { N_SHOWN = sizeof(shown) / sizeof(shown[0]) };

static bool is_column(struct str name)
{
	for (size_t i = 0; i < N_SHOWN; i++)
		if (table_column(shown[i], name) >= 0)
			return true;
	return field_find(name) != F_COUNT;
}

/* A label leads back to its field when a dealer's file comes in, so it stands for one only. */
static bool label_is_new(const struct codes *c, const struct rules *r, size_t i, struct fault *f)
{
	bool ok = true;

	for (int lang = 0; lang < LANG_COUNT; lang++)
		for (size_t k = 0; k < i; k++)
			if (str_eq(c->labels[lang][k], c->labels[lang][i]))
				ok = rules_mistake(r, r->rows[i].line, f,
						   "the label \"%.*s\" stands on line %zu already",
						   STR_FMT(c->labels[lang][i]), r->rows[k].line);
	return ok;
}

static bool labels_read(struct codes *c, const char *dir, struct fault *f)
{
	static const struct rule_column columns[] = {
		{"field", RULE_FILLED},
		{"label_zh", RULE_FILLED},
		{"label_en", RULE_FILLED},
		{NULL, RULE_FREE},
	};
	struct rules r;
	bool ok = rules_read(&r, dir, "fields.csv", columns, &c->arena, f);

	for (int lang = 0; lang < LANG_COUNT; lang++)
		c->labels[lang] = arena_alloc(&c->arena, (r.n + 1) * sizeof(struct str));
	for (size_t i = 0; i < r.n; i++) {
		bool added;

		map_put(&c->fields, r.rows[i].v[0], i, &added);
		if (!added)
			ok = rules_mistake(&r, r.rows[i].line, f,
					   "the field %.*s stands there twice",
					   STR_FMT(r.rows[i].v[0]));
		for (int lang = 0; lang < LANG_COUNT; lang++)
			c->labels[lang][i] = r.rows[i].v[1 + lang];
		if (!is_column(r.rows[i].v[0]))
			ok = rules_unknown_column(&r, r.rows[i].line, f, r.rows[i].v[0], shown,
						  N_SHOWN);
		ok &= label_is_new(c, &r, i, f);
	}
	for (int i = 0; ok && i < F_COUNT; i++)
		if (!map_get(&c->fields, field_name((enum field)i)))
			ok = rules_mistake(&r, 0, f, "the field %.*s has no labels",
					   STR_FMT(field_name((enum field)i)));
	return ok;
}

bool codes_read(struct codes *c, const char *rules_dir, struct fault *f)
{
	bool ok;

	*c = (struct codes){0};
	ok = list_read(c, rules_dir, f);
	ok &= messages_read(c, rules_dir, f);
	ok &= labels_read(c, rules_dir, f);
	return ok;
}

bool codes_load(struct codes *c, const char *rules_dir, struct fault *f)
{
	bool ok = codes_read(c, rules_dir, f);

	if (!ok)
		codes_release(c);
	return ok;
}

bool codes_check(const char *rules_dir, struct fault *f)
{
	struct codes c;
	bool ok = codes_read(&c, rules_dir, f);

	codes_release(&c);
	return ok;
}

struct str codes_label(const struct codes *c, struct str field, enum lang lang)
{
	static const struct str whole_row[] = {STR_INIT("整行"), STR_INIT("the whole row")};
	const uint64_t *line = field.n ? map_get(&c->fields, field) : NULL;

	if (!field.n)
		return whole_row[lang];
	return line ? c->labels[lang][*line] : field;
}

struct str codes_field(const struct codes *c, struct str label)
{
	for (int lang = 0; lang < LANG_COUNT; lang++)
		for (size_t i = 0; i < c->fields.n; i++)
			if (str_eq(c->labels[lang][c->fields.entries[i].value], label))
				return c->fields.entries[i].key;
	return STR("");
}

void codes_release(struct codes *c)
{
	map_release(&c->fields);
	arena_release(&c->arena);
	*c = (struct codes){0};
}
