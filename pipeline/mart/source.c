#include "source.h"

#include "digest.h"
#include "spill.h"
#include "wordbook.h"

#include <stdlib.h>

/* A slot holds the first row of a text + 1 and, above it, the upper half of the text's hash,
 * which spares nearly every look at a row of another text; 0 is empty. `next` leads from each row
 * to the next one of the same text, a row + 1 too: who follows it need not look at any. */
struct source_keys {
	uint64_t *slots;
	uint32_t *next;
	size_t mask;
};

/* So many different texts are few. */
enum { FEW = 4096 };

struct source_order {
	uint32_t *rows; /* NULL: not of few texts */
};

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
		struct source_order *order = atomic_load(&s->orders[i]);

		if (keys) {
			spill_free(keys->slots);
			spill_free(keys->next);
			free(keys);
		}
		if (order)
			spill_free(order->rows);
		free(order);
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

void source_prefetch(const struct source *s, size_t row)
{
	if (s->rows && row < s->n)
		rowset_prefetch(s->rows, row);
}

/* ---- looking up ---- */

/* The slot of the text, or the empty one where it belongs. */
static uint64_t *slot_of(const struct source *s, size_t column, const struct source_keys *keys, struct str text,
			 uint64_t hash)
{
	for (size_t i = hash & keys->mask;; i = (i + 1) & keys->mask) {
		uint64_t slot = keys->slots[i];

		if (!slot || (slot >> 32 == hash >> 32 &&
			      str_eq(source_cell(s, (uint32_t)slot - 1, column).text, text)))
			return &keys->slots[i];
	}
}

/* From the last row to the first, so that each comes before those that are there. */
static struct source_keys *make_keys(const struct source *s, size_t column)
{
	struct source_keys *keys = xcalloc(1, sizeof(*keys));
	size_t slots = 64;

	if (s->n >= UINT32_MAX)
		BUG("a table of more than four billion rows");
	while (slots / 4 * 3 < s->n)
		slots *= 2;
	keys->mask = slots - 1;
	keys->slots = spill_grow(NULL, 0, slots * sizeof(*keys->slots));
	keys->next = spill_grow(NULL, 0, (s->n + 1) * sizeof(*keys->next));
	memset(keys->slots, 0, slots * sizeof(*keys->slots));
	for (size_t row = s->n; row-- > 0;) {
		struct cell cell = source_cell(s, row, column);
		uint64_t hash, *slot;

		if (cell.kind != CELL_TEXT)
			continue;
		hash = hash64(cell.text);
		slot = slot_of(s, column, keys, cell.text, hash);
		keys->next[row] = (uint32_t)*slot;
		*slot = (hash & 0xFFFFFFFF00000000u) | (uint32_t)(row + 1);
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

static size_t row_behind(uint32_t row_and_1)
{
	return row_and_1 ? row_and_1 - 1 : SOURCE_END;
}

size_t source_first(struct source *s, size_t column, struct str text)
{
	const struct source_keys *keys;

	if (!s->n || !text.n)
		return SOURCE_END;
	keys = keys_of(s, column);
	return row_behind((uint32_t)*slot_of(s, column, keys, text, hash64(text)));
}

size_t source_next(const struct source *s, size_t column, size_t row)
{
	const struct source_keys *keys = atomic_load_explicit(&s->keys[column], memory_order_acquire);

	return row_behind(keys->next[row]);
}

/* ---- in order ---- */

/* The number of each row's text in `part`; false where there are more than a few. */
static bool number_rows(const struct source *s, size_t column, struct map *part, uint32_t *numbers)
{
	for (size_t row = 0; row < s->n; row++) {
		source_prefetch(s, row + 8);
		numbers[row] = wordbook_note(part, source_cell(s, row, column).text);
		if (part->n > FEW)
			return false;
	}
	return true;
}

/* Each row to its place: counted, not compared. */
static uint32_t *place_rows(size_t n, const struct map *part, const uint32_t *numbers)
{
	uint32_t *rows = spill_grow(NULL, 0, (n + 1) * sizeof(*rows)), *number;
	size_t *at = xcalloc(part->n + 2, sizeof(*at));
	struct wordbook words;

	wordbook_make(&words, part, 1);
	number = wordbook_renumber(&words, part);
	for (size_t row = 0; row < n; row++)
		at[number[numbers[row]] + 1]++;
	for (size_t i = 1; i <= part->n; i++)
		at[i] += at[i - 1];
	for (size_t row = 0; row < n; row++)
		rows[at[number[numbers[row]]]++] = (uint32_t)row;
	wordbook_release(&words);
	free(number);
	free(at);
	return rows;
}

static struct source_order *make_order(const struct source *s, size_t column)
{
	struct source_order *order = xcalloc(1, sizeof(*order));
	uint32_t *numbers = spill_grow(NULL, 0, (s->n + 1) * sizeof(*numbers));
	struct map part = { 0 };

	if (s->n < UINT32_MAX && number_rows(s, column, &part, numbers))
		order->rows = place_rows(s->n, &part, numbers);
	spill_free(numbers);
	map_release(&part);
	return order;
}

const uint32_t *source_in_order(struct source *s, size_t column)
{
	struct source_order *order = atomic_load_explicit(&s->orders[column], memory_order_acquire);

	if (order)
		return order->rows;
	pthread_mutex_lock(&s->lock);
	order = atomic_load(&s->orders[column]);
	if (!order) {
		order = make_order(s, column);
		atomic_store_explicit(&s->orders[column], order, memory_order_release);
	}
	pthread_mutex_unlock(&s->lock);
	return order->rows;
}
