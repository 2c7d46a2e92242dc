/* What only shows when all lines of a schema are read; each is told at the line it is about. */
#include "schema_loader.h"

#include "table.h"

/* A field that none of the tables has would be lost without a word. */
static void check_table(struct loader *l, enum field field)
{
	const struct schema *s = l->schema;

	if (s->corrections || !s->feeds)
		return;
	for (enum entity e = 0; e < ENTITY_COUNT; e++)
		if (s->feeds & FEEDS(e) && entity_has(e, field))
			return;
	loader_mistake(l, "%.*s is in none of the tables that this schema feeds",
		       STR_FMT(field_name(field)));
}

static void check_marks(struct loader *l, const bool *marks, const char *word)
{
	loader_at(l, word, F_COUNT);
	for (enum field field = 0; field < F_COUNT; field++)
		if (marks[field] && !loader_has_column(l, field, -1))
			loader_mistake(l, "%s names %.*s, which no column feeds", word,
				       STR_FMT(loader_field_name(l, field)));
}

static void check_column(struct loader *l, size_t i)
{
	const struct schema_column *c = &l->columns[i];

	l->line = l->column_lines[i];
	for (size_t k = 0; k < c->n_fields; k++) {
		if (c->parts[k] > 1 && !loader_has_column(l, c->fields[k], c->parts[k] - 1))
			loader_mistake(l, "%.*s has a piece #%d but none #%d",
				       STR_FMT(loader_field_name(l, c->fields[k])), c->parts[k],
				       c->parts[k] - 1);
		check_table(l, c->fields[k]);
	}
}

static void check_constant(struct loader *l, enum field field)
{
	loader_at(l, "constant", field);
	check_table(l, field);
	if (loader_has_column(l, field, -1))
		loader_mistake(l, "%.*s is a constant and has a column",
			       STR_FMT(loader_field_name(l, field)));
}

static void check_join(struct loader *l, enum field field)
{
	struct str name = loader_field_name(l, field);

	loader_at(l, "join", field);
	if (!loader_has_column(l, field, 1))
		loader_mistake(l, "%.*s is joined, but no column feeds %.*s#1", STR_FMT(name),
			       STR_FMT(name));
}

void loader_check_whole(struct loader *l)
{
	const struct schema *s = l->schema;

	check_marks(l, s->required, "requires");
	check_marks(l, s->expected, "expects");
	for (size_t i = 0; i < l->n_columns; i++)
		check_column(l, i);
	for (size_t i = 0; i < l->n_constants; i++)
		check_constant(l, l->constants[i].field);
	for (size_t i = 0; i < l->n_joins; i++)
		check_join(l, l->joins[i].field);
	loader_at(l, "key", F_COUNT);
	if (s->key != F_COUNT && !loader_has_column(l, s->key, -1))
		loader_mistake(l, "no column feeds the key %.*s",
			       STR_FMT(loader_field_name(l, s->key)));
}
