#include "schema_file.h"

#include "schema_loader.h"
#include "table.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { LONGEST_MISTAKE = 500 };

void loader_mistake(struct loader *l, const char *format, ...)
{
	char sentence[LONGEST_MISTAKE];
	va_list args;

	va_start(args, format);
	vsnprintf(sentence, sizeof(sentence), format, args);
	va_end(args);
	rules_mistake(l->rules, l->line, l->fault, "%s", sentence);
	l->mistakes++;
}

/*
 * The fields of a schema are those of a record, or, for corrections, the columns of
 * table_correction_rows that a dealer's file can fill.
 */
static enum field field_find_in(const struct loader *l, struct str name)
{
	if (l->schema->corrections) {
		int column = table_column(&table_correction_rows, name);

		return column < CRW_REJECT_ID ? F_COUNT : (enum field)column;
	}
	/* The program itself fills these. */
	if (str_eq(name, STR("record_id")) || str_eq(name, STR("source")) ||
	    str_eq(name, STR("observed_on")))
		return F_COUNT;
	return field_find(name);
}

struct str loader_field_name(const struct loader *l, enum field field)
{
	if (l->schema->corrections)
		return str_of(table_correction_rows.columns[field]);
	return field_name(field);
}

/* The key of `seen`. */
static struct str line_key(struct loader *l, struct str word, enum field field)
{
	return field == F_COUNT ? word : str_printf(l->arena, "%.*s %d", STR_FMT(word), (int)field);
}

void loader_at(struct loader *l, const char *word, enum field field)
{
	const uint64_t *line = map_get(&l->seen, line_key(l, str_of(word), field));

	l->line = line ? (size_t)*line : 1;
}

/* Of a line that stands once. */
static void see(struct loader *l, struct str word, enum field field)
{
	bool added;
	uint64_t *line = map_put(&l->seen, line_key(l, word, field), l->line, &added);

	if (!added && field == F_COUNT)
		loader_mistake(l, "\"%.*s\" is set on line %llu already", STR_FMT(word),
			       (unsigned long long)*line);
	else if (!added)
		loader_mistake(l, "%.*s has a %.*s on line %llu already",
			       STR_FMT(loader_field_name(l, field)), STR_FMT(word),
			       (unsigned long long)*line);
}

enum field loader_field(struct loader *l, struct str name)
{
	enum field field = field_find_in(l, name);
	bool corrections = l->schema->corrections;
	struct str names[F_COUNT];
	size_t n = 0;

	if (field != F_COUNT)
		return field;
	for (int i = corrections ? CRW_REJECT_ID : 0; i < (corrections ? CRW_COLUMNS : F_COUNT); i++) {
		names[n] = loader_field_name(l, (enum field)i);
		n += field_find_in(l, names[n]) != F_COUNT;
	}
	rules_unknown(l->rules, l->line, l->fault, "field", name, names, n);
	l->mistakes++;
	return F_COUNT;
}

static enum entity entity_find(struct str name)
{
	enum entity e = 0;

	while (e < ENTITY_COUNT && !str_eq(entity_name(e), name))
		e++;
	return e;
}

static void set_source(struct loader *l, struct str value)
{
	if (!value.n)
		loader_mistake(l, "the source is empty; write the name that rules/sources.csv uses");
	l->schema->source = str_keep(l->arena, value);
	l->schema->source_line = l->line;
}

static void set_mode(struct loader *l, struct str value)
{
	if (!str_eq(value, STR("full")) && !str_eq(value, STR("delta")))
		loader_mistake(l, "the mode is \"full\" or \"delta\", not \"%.*s\"", STR_FMT(value));
	l->schema->full = str_eq(value, STR("full"));
}

/* "vehicle" or "vehicle if vin" */
static void feed(struct loader *l, struct str text)
{
	ptrdiff_t at = str_find(text, STR(" if "));
	struct str table = at < 0 ? text : str_trim((struct str){ text.p, (size_t)at });
	struct str condition = at < 0 ? STR("") : str_trim(str_span(text.p + at + 4, text.p + text.n));
	enum entity e = entity_find(table);

	if (e == ENTITY_COUNT) {
		loader_mistake(l, "there is no table \"%.*s\" (customer, vehicle, contact)", STR_FMT(table));
		return;
	}
	l->schema->feeds |= FEEDS(e);
	l->schema->feeds_if[e] = condition.n ? loader_field(l, condition) : F_COUNT;
}

static void set_feeds(struct loader *l, struct str value)
{
	struct str piece;

	if (str_eq(value, STR("corrections"))) {
		l->schema->corrections = true;
		return;
	}
	if (!value.n)
		loader_mistake(l, "feeds names no table (customer, vehicle, contact)");
	while (str_cut(&value, ';', &piece))
		feed(l, str_trim(piece));
}

static void set_key(struct loader *l, struct str value)
{
	l->schema->key = field_find_in(l, value);
	if (l->schema->key != F_SOURCE_KEY && l->schema->key != F_CONTACT_NO) {
		loader_mistake(l, "the key is source_key or contact_no, not \"%.*s\"", STR_FMT(value));
		l->schema->key = F_COUNT;
	}
}

static void mark_fields(struct loader *l, struct str value, bool *marks)
{
	struct str piece;

	while (str_cut(&value, ';', &piece)) {
		enum field field = loader_field(l, str_trim(piece));

		if (field != F_COUNT)
			marks[field] = true;
	}
}

static void set_requires(struct loader *l, struct str value)
{
	mark_fields(l, value, l->schema->required);
}

static void set_expects(struct loader *l, struct str value)
{
	mark_fields(l, value, l->schema->expected);
}

static void add_constant(struct loader *l, enum field field, struct str value)
{
	if (!value.n)
		loader_mistake(l, "the constant %.*s has no value", STR_FMT(loader_field_name(l, field)));
	GROW(l->constants, l->n_constants, l->cap_constants);
	l->constants[l->n_constants++] =
		(struct schema_constant){ field, str_keep(l->arena, value) };
}

static void add_join(struct loader *l, enum field field, struct str between, struct str how)
{
	/* A space would be lost to editors that trim cells, so it stands in quotes. */
	if (between.n >= 2 && between.p[0] == '"' && between.p[between.n - 1] == '"')
		between = (struct str){ between.p + 1, between.n - 2 };
	if (how.n && !str_eq(how, STR("keep")))
		loader_mistake(l, "beside a join stands \"keep\" or nothing, not \"%.*s\"", STR_FMT(how));
	GROW(l->joins, l->n_joins, l->cap_joins);
	l->joins[l->n_joins++] =
		(struct schema_join){ field, str_keep(l->arena, between), how.n > 0 };
}

static const struct setting {
	struct str word;
	void (*set)(struct loader *l, struct str value);
	bool needed;
} settings[] = {
	{ STR_INIT("source"), set_source, true },
	{ STR_INIT("mode"), set_mode, false },
	{ STR_INIT("feeds"), set_feeds, true },
	{ STR_INIT("key"), set_key, false },
	{ STR_INIT("requires"), set_requires, false },
	{ STR_INIT("expects"), set_expects, false },
};

enum { N_SETTINGS = sizeof(settings) / sizeof(*settings) };

static bool setting_line(struct loader *l, struct str word, struct str value)
{
	for (size_t i = 0; i < N_SETTINGS; i++) {
		if (!str_eq(word, settings[i].word))
			continue;
		see(l, word, F_COUNT);
		settings[i].set(l, value);
		return true;
	}
	return false;
}

enum { LINE, FIELD, VALUE, VARIANTS };

static void schema_line(struct loader *l, const struct rule_row *row)
{
	const struct str *v = row->v;
	enum field field;

	l->line = row->line;
	if (setting_line(l, v[LINE], str_trim(v[VALUE])))
		return;
	if (str_eq(v[LINE], STR("column"))) {
		loader_column(l, v[FIELD], v[VALUE], v[VARIANTS]);
		return;
	}
	if (!str_eq(v[LINE], STR("constant")) && !str_eq(v[LINE], STR("join"))) {
		loader_mistake(l, "\"%.*s\" is no kind of line (source, mode, feeds, key, requires, "
				  "expects, join, constant, column)", STR_FMT(v[LINE]));
		return;
	}
	field = loader_field(l, v[FIELD]);
	if (field == F_COUNT)
		return;
	see(l, v[LINE], field);
	if (str_eq(v[LINE], STR("constant")))
		add_constant(l, field, v[VALUE]);
	else
		add_join(l, field, v[VALUE], v[VARIANTS]);
}

static void *keep_list(struct arena *a, void *list, size_t bytes)
{
	void *kept = arena_alloc(a, bytes ? bytes : 1);

	if (bytes)
		memcpy(kept, list, bytes);
	free(list);
	return kept;
}

static void loader_finish(struct loader *l)
{
	struct schema *s = l->schema;

	s->n_columns = l->n_columns;
	s->columns = keep_list(l->arena, l->columns, l->n_columns * sizeof(*l->columns));
	s->n_constants = l->n_constants;
	s->constants = keep_list(l->arena, l->constants, l->n_constants * sizeof(*l->constants));
	s->n_joins = l->n_joins;
	s->joins = keep_list(l->arena, l->joins, l->n_joins * sizeof(*l->joins));
	free(l->column_lines);
	map_release(&l->seen);
	map_release(&l->lines);
}

static void check_settings(struct loader *l)
{
	l->line = 1;
	for (size_t i = 0; i < N_SETTINGS; i++)
		if (settings[i].needed && !map_get(&l->seen, settings[i].word))
			loader_mistake(l, "the line \"%.*s\" is missing", STR_FMT(settings[i].word));
}

static bool says_nothing(const struct rule_row *row)
{
	return !row->v[LINE].n && !row->v[FIELD].n && !row->v[VALUE].n && !row->v[VARIANTS].n;
}

/* Corrections speak of other fields than records do, so what the schema feeds is asked
 * before its other lines, wherever it stands. */
static void take_lines(struct loader *l)
{
	const struct rules *r = l->rules;

	for (size_t i = 0; i < r->n; i++)
		if (str_eq(r->rows[i].v[LINE], STR("feeds")) &&
		    str_eq(str_trim(r->rows[i].v[VALUE]), STR("corrections")))
			l->schema->corrections = true;
	for (size_t i = 0; i < r->n; i++)
		if (!says_nothing(&r->rows[i]))
			schema_line(l, &r->rows[i]);
	check_settings(l);
	loader_check_whole(l);
}

/* Folder and name of a path; "a.csv" lies in ".". */
static bool read_file(struct rules *r, const char *path, struct arena *a, struct fault *f)
{
	static const struct rule_column columns[] = {
		{ "line", RULE_FREE },	   { "field", RULE_FREE },    { "value", RULE_FREE },
		{ "variants", RULE_FREE }, { "note", RULE_MAY_LACK }, { 0 },
	};
	const char *slash = strrchr(path, '/');
	const char *dir = slash ? str_keepz(a, str_span(path, slash)) : ".";

	return rules_read(r, dir, slash ? slash + 1 : path, columns, a, f);
}

bool schema_read(struct schema *s, struct arena *a, struct fault *f)
{
	struct rules r;
	bool whole = read_file(&r, s->path.p, a, f);
	struct loader l = { .schema = s, .arena = a, .fault = f, .rules = &r };

	s->key = F_COUNT;
	for (enum entity e = 0; e < ENTITY_COUNT; e++)
		s->feeds_if[e] = F_COUNT;
	if (whole || r.n)
		take_lines(&l);
	loader_finish(&l);
	return whole && l.mistakes == 0;
}
