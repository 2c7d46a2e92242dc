/*
 * Names that one file takes from another: sources, schemas, codes and values. The rooms that
 * read a file know its grammar; that a name stands in the other file only shows here, where
 * all of them are at hand. Mistakes of form are told by those rooms.
 */
#include "codes.h"
#include "rules.h"
#include "schema.h"

#include <stdlib.h>

/* Fields that have no other values than words.csv gives, whichever row they are of. */
static const char *const listed[] = {"kind", "gender", "marketing_consent", "channel"};

enum { KIND, LISTED = sizeof(listed) / sizeof(*listed) };

struct names {
	struct str *list;
	size_t n, cap;
};

struct crossing {
	const char *dir;
	struct fault *f;
	struct arena arena;
	struct names sources, schemas, codes, items, statuses, values[LISTED];
};

static void add_name(struct names *names, struct str name)
{
	GROW(names->list, names->n, names->cap);
	names->list[names->n++] = name;
}

static void one_of(struct crossing *x, const struct rules *r, const struct rule_row *row,
		   const char *what, struct str name, const struct names *names)
{
	for (size_t i = 0; i < names->n; i++)
		if (str_eq(names->list[i], name))
			return;
	rules_unknown(r, row->line, x->f, what, name, names->list, names->n);
}

static void all_of(struct crossing *x, const struct rules *r, const struct rule_row *row,
		   const char *what, struct str list, char between, const struct names *names)
{
	struct str name;

	while (str_cut(&list, between, &name))
		if (str_trim(name).n)
			one_of(x, r, row, what, str_trim(name), names);
}

static void read(struct crossing *x, struct rules *r, const char *file,
		 const struct rule_column *columns)
{
	struct fault told_elsewhere = {0};

	rules_read(r, x->dir, file, columns, &x->arena, &told_elsewhere);
	fault_release(&told_elsewhere);
}

/* The values of column `at`, as far as there are any, in rows whose first column is `first`
 * (NULL: any). */
static void gather(struct crossing *x, struct names *names, const char *file,
		   const struct rule_column *columns, const char *first, size_t at)
{
	struct rules r;

	read(x, &r, file, columns);
	for (size_t i = 0; i < r.n; i++)
		if (r.rows[i].v[at].n && (!first || str_eq(r.rows[i].v[0], str_of(first))))
			add_name(names, r.rows[i].v[at]);
}

static void know_names(struct crossing *x, const struct schemas *schemas)
{
	static const struct rule_column sources[] = {
		{"source", RULE_FILLED}, {"zh", RULE_MAY_LACK}, {"en", RULE_MAY_LACK},
		{"note", RULE_MAY_LACK}, {NULL, RULE_FREE},
	};
	static const struct rule_column codes[] = {
		{"code", RULE_FREE},   {"action", RULE_FREE}, {"confirmable", RULE_FREE},
		{"weight", RULE_FREE}, {NULL, RULE_FREE},
	};
	static const struct rule_column words[] = {
		{"field", RULE_FREE}, {"word", RULE_FREE}, {"value", RULE_FREE}, {NULL, RULE_FREE},
	};
	static const struct rule_column items[] = {
		{"item", RULE_FREE},  {"label_zh", RULE_FREE},  {"label_en", RULE_FREE},
		{"needs", RULE_FREE}, {"qualified", RULE_FREE}, {"note", RULE_MAY_LACK},
		{NULL, RULE_FREE},
	};

	gather(x, &x->sources, "sources.csv", sources, NULL, 0);
	add_name(&x->sources, STR("correction"));
	gather(x, &x->codes, "codes.csv", codes, NULL, 0);
	gather(x, &x->items, "standard.csv", items, NULL, 0);
	gather(x, &x->statuses, "words.csv", words, "status", 2);
	for (size_t i = 0; i < LISTED; i++)
		gather(x, &x->values[i], "words.csv", words, listed[i], 2);
	for (size_t i = 0; schemas && i < schemas->n; i++)
		add_name(&x->schemas, schemas->list[i].name);
}

/* "source", "dms|manual" */
static void condition(struct crossing *x, const struct rules *r, const struct rule_row *row,
		      struct str of, struct str names)
{
	if (str_eq(of, STR("source")))
		all_of(x, r, row, "source", names, '|', &x->sources);
	if (str_eq(of, STR("schema")) && x->schemas.n)
		all_of(x, r, row, "schema", names, '|', &x->schemas);
	for (size_t i = 0; i < LISTED; i++)
		if (str_eq(of, str_of(listed[i])))
			all_of(x, r, row, listed[i], names, '|', &x->values[i]);
}

/* when: "not source=dms|manual;person" */
static void cleansing(struct crossing *x)
{
	static const struct rule_column columns[] = {
		{"table", RULE_FREE}, {"field", RULE_FREE}, {"check", RULE_FREE},
		{"arguments", RULE_FREE}, {"when", RULE_FREE}, {"code", RULE_FREE},
		{"action", RULE_FREE}, {NULL, RULE_FREE},
	};
	struct rules r;

	read(x, &r, "cleansing.csv", columns);
	for (size_t i = 0; i < r.n; i++) {
		struct str rest = r.rows[i].v[4], names, of;

		while (str_cut(&rest, ';', &names)) {
			str_cut(&names, '=', &of);
			of = str_trim(of);
			if (str_starts(of, STR("not ")))
				of = str_trim(str_span(of.p + 4, of.p + of.n));
			condition(x, &r, &r.rows[i], of, names);
		}
	}
}

static void matching(struct crossing *x)
{
	static const struct rule_column columns[] = {
		{"rule", RULE_FREE}, {"name", RULE_FREE}, {"value", RULE_FREE}, {"exact", RULE_FREE},
		{"near", RULE_FREE}, {"slip", RULE_FREE}, {"surname", RULE_FREE}, {"absent", RULE_FREE},
		{"unless", RULE_FREE}, {"tell", RULE_FREE}, {"note", RULE_MAY_LACK}, {NULL, RULE_FREE},
	};
	struct rules r;

	read(x, &r, "matching.csv", columns);
	for (size_t i = 0; i < r.n; i++) {
		const struct str *v = r.rows[i].v;

		if (str_eq(v[0], STR("trust")))
			all_of(x, &r, &r.rows[i], "source", v[2], '>', &x->sources);
		if (v[9].n)
			one_of(x, &r, &r.rows[i], "code", v[9], &x->codes);
	}
}

/* report.csv, marts.csv: "urgent_kinds,complaint;claim", "solved_statuses,已处理;已关闭" */
static void terms(struct crossing *x, const char *file)
{
	static const struct rule_column columns[] = {
		{"name", RULE_FREE}, {"value", RULE_FREE}, {"note", RULE_MAY_LACK}, {NULL, RULE_FREE},
	};
	struct rules r;

	read(x, &r, file, columns);
	for (size_t i = 0; i < r.n; i++) {
		const struct str *v = r.rows[i].v;

		if (str_ends(v[0], STR("_kinds")))
			all_of(x, &r, &r.rows[i], "kind", v[1], ';', &x->values[KIND]);
		if (str_ends(v[0], STR("_statuses")))
			all_of(x, &r, &r.rows[i], "status", v[1], ';', &x->statuses);
	}
}

static void ownership(struct crossing *x)
{
	static const struct rule_column columns[] = {
		{"rule", RULE_FREE}, {"value", RULE_FREE}, {"note", RULE_MAY_LACK}, {NULL, RULE_FREE},
	};
	struct rules r;

	read(x, &r, "ownership.csv", columns);
	for (size_t i = 0; i < r.n; i++)
		if (str_eq(r.rows[i].v[0], STR("use")))
			all_of(x, &r, &r.rows[i], "kind", r.rows[i].v[1], ';', &x->values[KIND]);
}

/* The one scope that a rule asks about; dealers are known by their exports only. */
static void alerts(struct crossing *x)
{
	static const struct rule_column columns[] = {
		{"rule", RULE_FREE},	 {"metric", RULE_FREE},	    {"scope_kind", RULE_FREE},
		{"scope", RULE_FREE},	 {"comparison", RULE_FREE}, {"value", RULE_FREE},
		{"runs", RULE_FREE},	 {"minimum", RULE_FREE},    {"severity", RULE_FREE},
		{"text_zh", RULE_FREE}, {"text_en", RULE_FREE},    {NULL, RULE_FREE},
	};
	const struct {
		struct str kind;
		const char *what;
		const struct names *names;
	} scopes[] = {
		{STR("source"), "source", &x->sources},
		{STR("code"), "code", &x->codes},
		{STR("item"), "item", &x->items},
	};
	struct rules r;

	read(x, &r, "alerts.csv", columns);
	for (size_t i = 0; i < r.n; i++)
		for (size_t k = 0; k < sizeof(scopes) / sizeof(*scopes); k++)
			if (r.rows[i].v[3].n && str_eq(r.rows[i].v[2], scopes[k].kind))
				one_of(x, &r, &r.rows[i], scopes[k].what, r.rows[i].v[3], scopes[k].names);
}

/* "schemas/used_car.csv:2: there is no source ..." */
static void schema_sources(struct crossing *x, const struct schemas *schemas)
{
	for (size_t i = 0; schemas && i < schemas->n; i++) {
		const struct schema *s = &schemas->list[i];
		struct rules r = {.path = s->path.p};
		struct rule_row row = {.line = s->source_line};

		one_of(x, &r, &row, "source in rules/sources.csv", s->source, &x->sources);
	}
}

bool rules_cross_check(const char *rules_dir, const struct schemas *schemas, struct fault *f)
{
	struct crossing x = {.dir = rules_dir, .f = f};

	know_names(&x, schemas);
	cleansing(&x);
	matching(&x);
	terms(&x, "report.csv");
	terms(&x, "marts.csv");
	ownership(&x);
	alerts(&x);
	schema_sources(&x, schemas);
	free(x.sources.list);
	free(x.schemas.list);
	free(x.codes.list);
	free(x.items.list);
	free(x.statuses.list);
	for (size_t i = 0; i < LISTED; i++)
		free(x.values[i].list);
	arena_release(&x.arena);
	return !fault_is(f);
}
