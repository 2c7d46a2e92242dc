#include "free_text.h"

#include "rules.h"

#include <stdlib.h>

enum { SHORTEST = 3, TOLD_FROM = 1000 };

/* A word is found by its first three bytes, which is one ideograph. */
static size_t slot_of(const char *p)
{
	uint32_t b = (unsigned char)p[0] * 31u + (unsigned char)p[1] * 67u + (unsigned char)p[2];

	return (b ^ b >> 7) % KEYWORD_SLOTS;
}

static int by_bytes(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

static void gather_categories(struct keywords *k, const struct rules *r)
{
	size_t n = 0;

	k->categories = arena_alloc(&k->arena, (r->n + 1) * sizeof(*k->categories));
	for (size_t i = 0; i < r->n; i++)
		k->categories[i] = r->rows[i].v[0];
	qsort(k->categories, r->n, sizeof(*k->categories), by_bytes);
	for (size_t i = 0; i < r->n; i++)
		if (n == 0 || !str_eq(k->categories[n - 1], k->categories[i]))
			k->categories[n++] = k->categories[i];
	k->n_categories = n;
}

static bool add(struct keywords *k, const struct rules *r, const struct rule_row *row,
		struct str word, uint32_t weight, struct fault *f)
{
	const struct str *category =
		bsearch(&row->v[0], k->categories, k->n_categories, sizeof(row->v[0]), by_bytes);
	size_t slot;

	if (word.n < SHORTEST)
		return rules_mistake(r, row->line, f,
				     "the word \"%.*s\" is too short to be looked for (one Chinese "
				     "or three other characters)",
				     STR_FMT(word));
	if (k->n == KEYWORDS_MAX)
		return rules_mistake(r, row->line, f, "there are more than %d words", KEYWORDS_MAX);
	slot = slot_of(word.p);
	k->list[k->n] = (struct keyword){
		.word = word,
		.category = (uint32_t)(category - k->categories),
		.weight = weight,
		.next = k->slots[slot],
	};
	k->slots[slot] = (uint32_t)++k->n;
	return true;
}

static bool category_is_fit(struct str name)
{
	for (size_t i = 0; i < name.n; i++)
		if (name.p[i] == ';' || name.p[i] == ' ')
			return false;
	return true;
}

static bool add_row(struct keywords *k, const struct rules *r, const struct rule_row *row,
		    struct fault *f)
{
	struct str rest = row->v[1], word;
	double weight;
	bool ok = true;

	if (!category_is_fit(row->v[0]))
		ok = rules_mistake(r, row->line, f,
				   "the category \"%.*s\" holds a space or \";\", which joins tags",
				   STR_FMT(row->v[0]));
	if (!str_double(row->v[2], &weight) || weight < 0.001 || weight > 1000)
		return rules_mistake(r, row->line, f,
				     "weight \"%.*s\" is no number from 0.001 to 1000",
				     STR_FMT(row->v[2]));
	while (str_cut(&rest, '|', &word))
		ok &= add(k, r, row, word, (uint32_t)(weight * 1000 + 0.5), f);
	return ok;
}

bool keywords_load(struct keywords *k, const char *rules_dir, struct fault *f)
{
	static const struct rule_column columns[] = {
		{"category", RULE_FILLED},
		{"words", RULE_FILLED},
		{"weight", RULE_FILLED},
		{NULL, RULE_FREE},
	};
	struct rules r;
	bool ok;

	*k = (struct keywords){0};
	ok = rules_read(&r, rules_dir, "keywords.csv", columns, &k->arena, f);
	ok &= rules_once(&r, 2, f);
	gather_categories(k, &r);
	if (k->n_categories > CATEGORIES_MAX)
		ok = rules_mistake(&r, 0, f, "there are more than %d categories", CATEGORIES_MAX);
	k->list = arena_alloc(&k->arena, KEYWORDS_MAX * sizeof(*k->list));
	for (size_t i = 0; i < r.n; i++)
		ok &= add_row(k, &r, &r.rows[i], f);
	if (!ok)
		keywords_release(k);
	return ok;
}

static bool is_ascii_word(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* 12345 is no word of 13812345678, nor ABS one of ABSENT. */
static bool stands_there(struct str text, size_t at, struct str word)
{
	size_t end = at + word.n;

	if (end > text.n || memcmp(word.p, text.p + at, word.n) != 0)
		return false;
	return !(at > 0 && is_ascii_word(text.p[at - 1]) && is_ascii_word(word.p[0])) &&
	       !(end < text.n && is_ascii_word(text.p[end]) && is_ascii_word(word.p[word.n - 1]));
}

static void count(const struct keywords *k, struct str text, uint32_t *sums, uint64_t *seen)
{
	for (size_t i = 0; i + SHORTEST <= text.n; i++) {
		if (((unsigned char)text.p[i] & 0xC0) == 0x80)
			continue;
		for (uint32_t at = k->slots[slot_of(text.p + i)]; at; at = k->list[at - 1].next) {
			const struct keyword *word = &k->list[at - 1];
			uint64_t bit = 1ull << ((at - 1) % 64);

			if ((seen[(at - 1) / 64] & bit) || !stands_there(text, i, word->word))
				continue;
			seen[(at - 1) / 64] |= bit;
			sums[word->category] += word->weight;
		}
	}
}

struct str keywords_tags(const struct keywords *k, const struct str *texts, size_t n,
			 struct arena *a)
{
	uint64_t seen[KEYWORDS_MAX / 64];
	uint32_t sums[CATEGORIES_MAX];
	size_t length = 0;
	char *out, *to;

	memset(seen, 0, (k->n + 63) / 64 * sizeof(*seen));
	memset(sums, 0, k->n_categories * sizeof(*sums));
	for (size_t i = 0; i < n; i++)
		count(k, texts[i], sums, seen);
	for (size_t i = 0; i < k->n_categories; i++)
		length += sums[i] >= TOLD_FROM ? k->categories[i].n + 1 : 0;
	if (!length)
		return STR("");
	out = to = arena_alloc(a, length);
	for (size_t i = 0; i < k->n_categories; i++) {
		if (sums[i] < TOLD_FROM)
			continue;
		memcpy(to, k->categories[i].p, k->categories[i].n);
		to += k->categories[i].n;
		*to++ = ';';
	}
	return (struct str){out, length - 1};
}

void keywords_release(struct keywords *k)
{
	arena_release(&k->arena);
	*k = (struct keywords){0};
}
