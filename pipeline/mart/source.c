#include "source.h"

#include "digest.h"
#include "spill.h"

#include <stdlib.h>

/* Rows that share a slot form a chain in their order; 0 ends it, else a row + 1. The upper half
 * of its text's hash spares nearly every look at a row that is another one. */
struct source_keys {
	uint32_t *heads;
	struct source_link {
		uint32_t next, tag;
	} *links;
	size_t mask;
};

static uint32_t tag_of(uint64_t hash)
{
	return (uint32_t)(hash >> 32);
}

struct source *source_new(struct str name)
{
	struct source *s = xcalloc(1, sizeof(*s));

	s->name = (struct str){ xstrndup(name.p, name.n), name.n };
	pthread_mutex_init(&s->lock, NULL);
	return s;
}

void source_add_column(struct source *s, struct str name, struct str sql_type, int from)
{
	if (s->width == TABLE_MAX_COLUMNS)
		BUG("%.*s has more than %d columns", STR_FMT(s->name), TABLE_MAX_COLUMNS);
	s->columns[s->width++] = (struct source_column){
		.name = { xstrndup(name.p, name.n), name.n },
		.kind = str_eq(sql_type, STR("BIGINT"))		     ? CELL_INTEGER :
			str_eq(sql_type, STR("DOUBLE PRECISION")) ? CELL_REAL :
								     CELL_TEXT,
		.from = from,
	};
}

void source_free(struct source *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->width; i++) {
		struct source_keys *keys = atomic_load(&s->keys[i]);

		if (keys) {
			spill_free(keys->heads);
			spill_free(keys->links);
			free(keys);
		}
		free((char *)s->columns[i].name.p);
	}
	pthread_mutex_destroy(&s->lock);
	free((char *)s->name.p);
	free(s);
}

/* ---- cells ---- */

struct cell cell_text(struct str text)
{
	return (struct cell){ .kind = text.n ? CELL_TEXT : CELL_NULL, .text = text };
}

struct cell cell_integer(int64_t value)
{
	return (struct cell){ .kind = CELL_INTEGER, .integer = value };
}

struct cell cell_real(double value)
{
	return (struct cell){ .kind = CELL_REAL, .real = value };
}

struct cell source_value(const struct source *s, size_t column, struct str text)
{
	enum cell_kind kind = s->columns[column].kind;
	int64_t integer;
	double real;

	if (text.n && kind == CELL_INTEGER && str_i64(text, &integer))
		return cell_integer(integer);
	if (text.n && kind == CELL_REAL && str_double(text, &real))
		return cell_real(real);
	return cell_text(text);
}

struct cell source_cell(const struct source *s, size_t row, size_t column)
{
	if (!s->rows)
		return s->cell(s->facts, row, column);
	return source_value(s, column, rowset_value(s->rows, row, s->columns[column].from));
}

/* ---- looking up ---- */

static struct source_keys *make_keys(const struct source *s, size_t column)
{
	struct source_keys *keys = xcalloc(1, sizeof(*keys));
	size_t slots = 64;

	if (s->n >= UINT32_MAX)
		BUG("a table of more than four billion rows");
	while (slots < s->n)
		slots *= 2;
	keys->mask = slots - 1;
	keys->heads = spill_grow(NULL, 0, slots * sizeof(*keys->heads));
	keys->links = spill_grow(NULL, 0, (s->n + 1) * sizeof(*keys->links));
	memset(keys->heads, 0, slots * sizeof(*keys->heads));
	for (size_t row = s->n; row-- > 0;) {
		struct cell cell = source_cell(s, row, column);
		uint64_t hash;
		uint32_t *head;

		if (cell.kind != CELL_TEXT)
			continue;
		hash = hash64(cell.text);
		head = &keys->heads[hash & keys->mask];
		keys->links[row] = (struct source_link){ *head, tag_of(hash) };
		*head = (uint32_t)row + 1;
	}
	return keys;
}

static const struct source_keys *keys_of(struct source *s, size_t column)
{
	struct source_keys *keys = atomic_load_explicit(&s->keys[column], memory_order_acquire);

	if (keys)
		return keys;
	pthread_mutex_lock(&s->lock);
	keys = atomic_load(&s->keys[column]);
	if (!keys) {
		keys = make_keys(s, column);
		atomic_store_explicit(&s->keys[column], keys, memory_order_release);
	}
	pthread_mutex_unlock(&s->lock);
	return keys;
}

static size_t matching(const struct source *s, size_t column, const struct source_keys *keys, struct str text,
		       uint32_t tag, uint32_t at)
{
	for (; at; at = keys->links[at - 1].next) {
		struct cell cell;

		if (keys->links[at - 1].tag != tag)
			continue;
		cell = source_cell(s, at - 1, column);
		if (cell.kind == CELL_TEXT && str_eq(cell.text, text))
			return at - 1;
	}
	return SOURCE_END;
}

size_t source_first(struct source *s, size_t column, struct str text)
{
	const struct source_keys *keys;
	uint64_t hash;

	if (!s->n || !text.n)
		return SOURCE_END;
	keys = keys_of(s, column);
	hash = hash64(text);
	return matching(s, column, keys, text, tag_of(hash), keys->heads[hash & keys->mask]);
}

/* A row of that text has its tag. */
size_t source_next(const struct source *s, size_t column, struct str text, size_t row)
{
	const struct source_keys *keys = atomic_load_explicit(&s->keys[column], memory_order_acquire);

	return matching(s, column, keys, text, keys->links[row].tag, keys->links[row].next);
}
