#include "schema_file.h"

#include "csv_table.h"
#include "map.h"
#include "table.h"
#include "text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { LONGEST_MISTAKE = 500 };

struct schema_text { /* one line of the file */
	size_t line;
	struct str word, field, value, variants;
};

/* One schema while it is read: the lists grow here and are copied into the arena when the
 * file is done. `line` is where the reader stands, for the sentences about mistakes. */
struct loader {
	struct schema *schema;
	struct arena *arena;
	struct fault *fault;
	size_t line, mistakes;
	struct schema_column *columns;
	size_t n_columns, cap_columns;
	struct schema_constant *constants;
	size_t n_constants, cap_constants;
	struct schema_join *joins;
	size_t n_joins, cap_joins;
	struct map seen; /* "source" -> line; settings stand once */
	struct map lines; /* header, as headers are compared -> line */
};

static void mistake(struct loader *l, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void mistake(struct loader *l, const char *format, ...)
{
	struct buf text = { 0 };
	va_list args;

	va_start(args, format);
	vsnprintf(buf_room(&text, LONGEST_MISTAKE), LONGEST_MISTAKE, format, args);
	va_end(args);
	fault_add(l->fault, EXIT_USAGE, "%.*s:%zu: %s", STR_FMT(l->schema->path), l->line, text.p);
	buf_release(&text);
	l->mistakes++;
}

/*
 * The fields of a schema are those of a record, or, for corrections, the columns of
 * table_correction_rows that a dealer's file can fill.
 */
static enum field field_of(const struct loader *l, struct str name)
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

static struct str name_of(const struct loader *l, enum field field)
{
	if (l->schema->corrections)
		return str_of(table_correction_rows.columns[field]);
	return field_name(field);
}

static enum entity entity_find(struct str name)
{
	enum entity e = 0;

	while (e < ENTITY_COUNT && !str_eq(entity_name(e), name))
		e++;
	return e;
}

/* A field that none of the tables has would be lost without a word. */
static bool field_has_table(const struct schema *s, enum field field)
{
	for (enum entity e = 0; e < ENTITY_COUNT; e++)
		if (s->feeds & FEEDS(e) && entity_has(e, field))
			return true;
	return false;
}

static void set_source(struct loader *l, struct str value)
{
	if (!value.n)
		mistake(l, "the source is empty; write the name that rules/sources.csv uses");
	l->schema->source = str_keep(l->arena, value);
}

static void set_mode(struct loader *l, struct str value)
{
	if (!str_eq(value, STR("full")) && !str_eq(value, STR("delta")))
		mistake(l, "the mode is \"full\" or \"delta\", not \"%.*s\"", STR_FMT(value));
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
		mistake(l, "there is no table \"%.*s\" (customer, vehicle, contact)", STR_FMT(table));
		return;
	}
	l->schema->feeds |= FEEDS(e);
	l->schema->feeds_if[e] = condition.n ? field_of(l, condition) : F_COUNT;
	if (condition.n && l->schema->feeds_if[e] == F_COUNT)
		mistake(l, "there is no field \"%.*s\"", STR_FMT(condition));
}

static void set_feeds(struct loader *l, struct str value)
{
	struct str piece;

	if (str_eq(value, STR("corrections"))) {
		l->schema->corrections = true;
		return;
	}
	if (!value.n)
		mistake(l, "feeds names no table (customer, vehicle, contact)");
	while (str_cut(&value, ';', &piece))
		feed(l, str_trim(piece));
}

static void set_key(struct loader *l, struct str value)
{
	l->schema->key = field_of(l, value);
	if (l->schema->key != F_SOURCE_KEY && l->schema->key != F_CONTACT_NO) {
		mistake(l, "the key is source_key or contact_no, not \"%.*s\"", STR_FMT(value));
		l->schema->key = F_COUNT;
	}
}

static void mark_fields(struct loader *l, struct str value, bool *marks)
{
	struct str piece;

	while (str_cut(&value, ';', &piece)) {
		enum field field = field_of(l, str_trim(piece));

		if (field == F_COUNT)
			mistake(l, "there is no field \"%.*s\"", STR_FMT(piece));
		else
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
		mistake(l, "the constant %.*s has no value", STR_FMT(name_of(l, field)));
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
		mistake(l, "beside a join stands \"keep\" or nothing, not \"%.*s\"", STR_FMT(how));
	GROW(l->joins, l->n_joins, l->cap_joins);
	l->joins[l->n_joins++] =
		(struct schema_join){ field, str_keep(l->arena, between), how.n > 0 };
}

/* "address#1": the field, and which piece of it the cell is. */
static bool part_parse(struct str *text, int *part)
{
	ptrdiff_t at = str_find(*text, STR("#"));
	uint64_t number;

	*part = 0;
	if (at < 0)
		return true;
	if (!str_u64(str_span(text->p + at + 1, text->p + text->n), &number) || number < 1 ||
	    number > SCHEMA_MAX_PARTS)
		return false;
	*part = (int)number;
	text->n = (size_t)at;
	return true;
}

static void column_fields(struct loader *l, struct schema_column *c, struct str list)
{
	struct str piece;

	while (str_cut(&list, ';', &piece)) {
		struct str name = str_trim(piece);
		enum field field;
		int part;

		if (!part_parse(&name, &part)) {
			mistake(l, "\"%.*s\": pieces are numbered #1 to #%d", STR_FMT(piece),
				SCHEMA_MAX_PARTS);
			continue;
		}
		field = field_of(l, name);
		if (field == F_COUNT)
			mistake(l, "there is no field \"%.*s\"", STR_FMT(name));
		else if (c->n_fields == SCHEMA_MAX_FIELDS)
			mistake(l, "a column feeds at most %d fields", SCHEMA_MAX_FIELDS);
		else {
			c->parts[c->n_fields] = part;
			c->fields[c->n_fields++] = field;
		}
	}
}

struct str schema_header_key(struct str header, struct arena *a)
{
	static const struct str notes[] = { STR_INIT("(必填)"), STR_INIT("(必填项)"),
					    STR_INIT("(选填)"), STR_INIT("*") };
	struct str key = text_code(a, header);

	if (str_starts(key, STR("*")))
		key = (struct str){ key.p + 1, key.n - 1 };
	for (size_t i = 0; i < sizeof(notes) / sizeof(*notes); i++)
		if (str_ends(key, notes[i]))
			key.n -= notes[i].n;
	return key;
}

static void know_header(struct loader *l, struct str header, struct str key)
{
	bool added;
	uint64_t *line = map_put(&l->lines, key, l->line, &added);

	if (!added)
		mistake(l, "the header \"%.*s\" stands on line %llu already", STR_FMT(header),
			(unsigned long long)*line);
	map_put(&l->schema->known, key, l->n_columns, NULL);
}

static void column_headers(struct loader *l, struct schema_column *c, struct str first,
			   struct str variants)
{
	struct str *headers = NULL, *keys, piece;
	size_t n = 0, cap = 0;

	GROW(headers, n, cap);
	headers[n++] = str_keep(l->arena, str_trim(first));
	while (str_cut(&variants, ';', &piece)) {
		if (!str_trim(piece).n)
			continue;
		GROW(headers, n, cap);
		headers[n++] = str_keep(l->arena, str_trim(piece));
	}
	keys = arena_alloc(l->arena, n * sizeof(*keys));
	for (size_t i = 0; i < n; i++) {
		keys[i] = schema_header_key(headers[i], l->arena);
		know_header(l, headers[i], keys[i]);
	}
	c->headers = memcpy(arena_alloc(l->arena, n * sizeof(*headers)), headers,
			    n * sizeof(*headers));
	c->keys = keys;
	c->n_headers = n;
	free(headers);
}

static void add_column(struct loader *l, struct str fields, struct str header,
		       struct str variants)
{
	struct schema_column c = { 0 };

	if (!str_trim(header).n) {
		mistake(l, "a column needs the header that stands over it");
		return;
	}
	column_fields(l, &c, fields);
	column_headers(l, &c, header, variants);
	GROW(l->columns, l->n_columns, l->cap_columns);
	l->columns[l->n_columns++] = c;
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
		bool added;

		if (!str_eq(word, settings[i].word))
			continue;
		map_put(&l->seen, word, l->line, &added);
		if (!added)
			mistake(l, "\"%.*s\" is set a second time", STR_FMT(word));
		settings[i].set(l, value);
		return true;
	}
	return false;
}

static void schema_line(struct loader *l, const struct schema_text *t)
{
	enum field field;

	l->line = t->line;
	if (setting_line(l, t->word, str_trim(t->value)))
		return;
	if (str_eq(t->word, STR("column"))) {
		add_column(l, t->field, t->value, t->variants);
		return;
	}
	if (!str_eq(t->word, STR("constant")) && !str_eq(t->word, STR("join"))) {
		mistake(l, "\"%.*s\" is no kind of line (source, mode, feeds, key, requires, "
			   "expects, join, constant, column)", STR_FMT(t->word));
		return;
	}
	field = field_of(l, t->field);
	if (field == F_COUNT)
		mistake(l, "there is no field \"%.*s\"", STR_FMT(t->field));
	else if (str_eq(t->word, STR("constant")))
		add_constant(l, field, t->value);
	else
		add_join(l, field, t->value, t->variants);
}

static bool has_column(const struct loader *l, enum field field, int part)
{
	for (size_t i = 0; i < l->n_columns; i++)
		for (size_t k = 0; k < l->columns[i].n_fields; k++)
			if (l->columns[i].fields[k] == field &&
			    (part < 0 || l->columns[i].parts[k] == part))
				return true;
	return false;
}

static void check_marks(struct loader *l, const bool *marks, const char *word)
{
	for (enum field field = 0; field < F_COUNT; field++)
		if (marks[field] && !has_column(l, field, -1))
			mistake(l, "%s names %.*s, which no column feeds", word,
				STR_FMT(name_of(l, field)));
}

static void check_pieces(struct loader *l, const struct schema_column *c, size_t k)
{
	if (c->parts[k] > 1 && !has_column(l, c->fields[k], c->parts[k] - 1))
		mistake(l, "%.*s has a piece #%d but none #%d", STR_FMT(name_of(l, c->fields[k])),
			c->parts[k], c->parts[k] - 1);
}

/* What only shows when all lines are read. */
static void check_whole(struct loader *l)
{
	const struct schema *s = l->schema;

	l->line = 1;
	for (size_t i = 0; i < N_SETTINGS; i++)
		if (settings[i].needed && !map_get(&l->seen, settings[i].word))
			mistake(l, "the line \"%.*s\" is missing", STR_FMT(settings[i].word));
	check_marks(l, s->required, "requires");
	check_marks(l, s->expected, "expects");
	for (size_t i = 0; i < l->n_columns; i++)
		for (size_t k = 0; k < l->columns[i].n_fields; k++) {
			enum field field = l->columns[i].fields[k];

			check_pieces(l, &l->columns[i], k);
			if (!s->corrections && s->feeds && !field_has_table(s, field))
				mistake(l, "%.*s is in none of the tables that this schema feeds",
					STR_FMT(field_name(field)));
		}
	for (size_t i = 0; i < l->n_constants; i++)
		if (has_column(l, l->constants[i].field, -1))
			mistake(l, "%.*s is a constant and has a column",
				STR_FMT(name_of(l, l->constants[i].field)));
	for (size_t i = 0; i < l->n_joins; i++)
		if (!has_column(l, l->joins[i].field, 1))
			mistake(l, "%.*s is joined, but no column feeds %.*s#1",
				STR_FMT(name_of(l, l->joins[i].field)),
				STR_FMT(name_of(l, l->joins[i].field)));
	if (s->key != F_COUNT && !has_column(l, s->key, -1))
		mistake(l, "no column feeds the key %.*s", STR_FMT(name_of(l, s->key)));
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
	map_release(&l->seen);
	map_release(&l->lines);
}

static bool find_columns(struct loader *l, const struct csv_reader *r, int at[4])
{
	static const struct str names[] = { STR_INIT("line"), STR_INIT("field"),
					    STR_INIT("value"), STR_INIT("variants") };
	bool ok = true;

	for (int i = 0; i < 4; i++) {
		at[i] = csv_reader_column(r, names[i]);
		if (at[i] < 0) {
			mistake(l, "the column \"%.*s\" is missing (line,field,value,variants,note)",
				STR_FMT(names[i]));
			ok = false;
		}
	}
	return ok;
}

static struct schema_text *read_lines(struct loader *l, struct csv_reader *r, const int at[4],
				      size_t *n)
{
	struct schema_text *lines = NULL;
	const struct str *v;
	size_t cap = 0;

	*n = 0;
	while (csv_reader_next(r, &v)) {
		if (!v[at[0]].n && !v[at[1]].n && !v[at[2]].n && !v[at[3]].n)
			continue;
		GROW(lines, *n, cap);
		lines[(*n)++] = (struct schema_text){
			.line = csv_reader_line(r),
			.word = str_keep(l->arena, str_trim(v[at[0]])),
			.field = str_keep(l->arena, str_trim(v[at[1]])),
			.value = str_keep(l->arena, v[at[2]]),
			.variants = str_keep(l->arena, v[at[3]]),
		};
	}
	return lines;
}

/* Corrections speak of other fields than records do, so what the schema feeds is asked
 * before its other lines, wherever it stands. */
static void take_lines(struct loader *l, const struct schema_text *lines, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(lines[i].word, STR("feeds")) &&
		    str_eq(str_trim(lines[i].value), STR("corrections")))
			l->schema->corrections = true;
	for (size_t i = 0; i < n; i++)
		schema_line(l, &lines[i]);
	check_whole(l);
}

bool schema_read(struct schema *s, struct arena *a, struct fault *f)
{
	struct loader l = { .schema = s, .arena = a, .fault = f, .line = 1 };
	struct csv_reader *r = csv_reader_open(s->path.p, f);
	struct schema_text *lines = NULL;
	size_t n = 0;
	int at[4];
	bool found;

	if (!r)
		return false;
	s->key = F_COUNT;
	for (enum entity e = 0; e < ENTITY_COUNT; e++)
		s->feeds_if[e] = F_COUNT;
	found = find_columns(&l, r, at);
	if (found)
		lines = read_lines(&l, r, at, &n);
	if (!csv_reader_close(r, f))
		l.mistakes++;
	else if (found)
		take_lines(&l, lines, n);
	free(lines);
	loader_finish(&l);
	return l.mistakes == 0;
}
