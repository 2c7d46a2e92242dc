#include "profile.h"

#include "digest.h"
#include "text.h"

#include <stdlib.h>

enum { MOST_VALUES = 1 << 20, LONGEST_PATTERN = 40 };

void profile_init(struct profile *p, const struct layout *l)
{
	*p = (struct profile){ .n = l->n };
	p->columns = xcalloc(l->n + 1, sizeof(*p->columns));
	for (size_t i = 0; i < l->n; i++)
		p->columns[i].header = str_keep(&p->arena, str_trim(l->cells[i]));
}

/* Punctuation, Latin or Chinese, of what is no plain letter or digit. */
static bool is_mark(uint32_t c)
{
	return c < 0xC0 || (c >= 0x2000 && c <= 0x206F) || (c >= 0x3000 && c <= 0x303F);
}

/* Only marks stand for themselves: letters of any script may be a name's. */
static struct str class_of(uint32_t c, struct str as_it_is)
{
	if (c >= 0xFF01 && c <= 0xFF5E) /* full width */
		c -= 0xFF01 - '!';
	if (c >= '0' && c <= '9')
		return STR("9");
	if ((c | 0x20) >= 'a' && (c | 0x20) <= 'z')
		return STR("A");
	if (c >= 0x80 && text_is_han(c))
		return STR("汉");
	return is_mark(c) ? as_it_is : STR("A");
}

static void put_run(struct buf *b, struct str class, size_t length)
{
	buf_str(b, class);
	if (length > 1)
		buf_printf(b, "{%zu}", length);
}

/* "京A·12345" -> "汉A·9{5}" */
static void pattern_of(struct str value, struct buf *b)
{
	struct str class = STR("");
	size_t run = 0;

	for (size_t i = 0; i < value.n && b->n < LONGEST_PATTERN;) {
		size_t from = i;
		uint32_t c = utf8_next(value, &i);
		struct str next = class_of(c, (struct str){ value.p + from, i - from });

		if (run && !str_eq(class, next)) {
			put_run(b, class, run);
			run = 0;
		}
		class = next;
		run++;
	}
	if (run)
		put_run(b, class, run);
}

static size_t find_pattern(const struct column_profile *c, struct str pattern)
{
	size_t i = 0;

	while (i < c->n_patterns && !str_eq(c->patterns[i].text, pattern))
		i++;
	return i;
}

static void count_pattern(struct column_profile *c, struct str value, struct arena *a)
{
	struct buf b = { 0 };
	size_t i;

	pattern_of(value, &b);
	i = find_pattern(c, buf_view(&b));
	if (i < c->n_patterns)
		c->patterns[i].count++;
	else if (i < MOST_PATTERNS)
		c->patterns[c->n_patterns++] = (struct pattern){ str_keep(a, buf_view(&b)), 1 };
	buf_release(&b);
}

static void count_value(struct column_profile *c, struct str value, struct arena *a)
{
	uint64_t hash = hash64(value);
	struct str key = { (const char *)&hash, sizeof(hash) };
	uint64_t *count = map_get(&c->values, key);

	if (count) {
		++*count;
		return;
	}
	c->many |= c->values.n >= MOST_VALUES;
	if (c->many)
		return;
	map_put(&c->values, key, 1, NULL);
	if (c->n_words <= MOST_WORDS)
		c->words[c->n_words++] = str_keep(a, value);
}

void profile_row(struct profile *p, const struct str *cells, size_t n)
{
	p->rows++;
	for (size_t i = 0; i < p->n && i < n; i++) {
		struct column_profile *c = &p->columns[i];
		struct str value = str_trim(cells[i]);
		unsigned found;

		if (!value.n)
			continue;
		c->filled++;
		found = looks_of(value);
		for (enum look look = 0; look < LOOK_COUNT; look++)
			c->like[look] += found >> look & 1;
		count_pattern(c, value, &p->arena);
		count_value(c, value, &p->arena);
	}
}

void profile_release(struct profile *p)
{
	for (size_t i = 0; i < p->n; i++)
		map_release(&p->columns[i].values);
	free(p->columns);
	arena_release(&p->arena);
}

struct pattern column_pattern(const struct column_profile *c)
{
	struct pattern most = { STR(""), 0 };

	for (size_t i = 0; i < c->n_patterns; i++)
		if (c->patterns[i].count > most.count)
			most = c->patterns[i];
	return most;
}

uint64_t column_alike(const struct column_profile *c, struct str value)
{
	struct buf b = { 0 };
	size_t i;

	pattern_of(value, &b);
	i = find_pattern(c, buf_view(&b));
	buf_release(&b);
	return i < c->n_patterns ? c->patterns[i].count : 0;
}

enum look column_look(const struct column_profile *c)
{
	for (enum look look = 0; look < LOOK_COUNT; look++)
		if (c->filled && c->like[look] * 10 >= c->filled * 9)
			return look;
	return LOOK_COUNT;
}
