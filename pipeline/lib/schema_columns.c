/* Columns of a schema: which fields a header feeds, and under which other names it goes. */
#include "schema_loader.h"

#include "text.h"

#include <stdlib.h>

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
			loader_mistake(l, "\"%.*s\": pieces are numbered #1 to #%d", STR_FMT(piece),
				SCHEMA_MAX_PARTS);
			continue;
		}
		field = loader_field(l, name);
		if (field == F_COUNT)
			continue;
		if (c->n_fields == SCHEMA_MAX_FIELDS)
			loader_mistake(l, "a column feeds at most %d fields", SCHEMA_MAX_FIELDS);
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
		loader_mistake(l, "the header \"%.*s\" stands on line %llu already", STR_FMT(header),
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

void loader_column(struct loader *l, struct str fields, struct str header, struct str variants)
{
	struct schema_column c = { 0 };

	if (!str_trim(header).n) {
		loader_mistake(l, "a column needs the header that stands over it");
		return;
	}
	column_fields(l, &c, fields);
	column_headers(l, &c, header, variants);
	GROW(l->column_lines, l->n_columns, l->cap_column_lines);
	l->column_lines[l->n_columns] = l->line;
	GROW(l->columns, l->n_columns, l->cap_columns);
	l->columns[l->n_columns++] = c;
}

bool loader_has_column(const struct loader *l, enum field field, int part)
{
	for (size_t i = 0; i < l->n_columns; i++)
		for (size_t k = 0; k < l->columns[i].n_fields; k++)
			if (l->columns[i].fields[k] == field &&
			    (part < 0 || l->columns[i].parts[k] == part))
				return true;
	return false;
}
