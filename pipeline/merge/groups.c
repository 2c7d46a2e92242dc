/*
 * An in-place radix sort over eight bytes of the key at a time: the word is kept in the item,
 * so that the keys themselves (far apart in memory) are fetched once for each word and not
 * once for each comparison. Items whose words are equal go on with their next eight
 * bytes; those with equal keys end in the order of their numbers.
 */
#include "groups.h"

#include <endian.h>
#include <stdlib.h>

#include "mem.h"

struct group_item {
	uint64_t word; /* eight bytes of the key, the first one highest; zeros behind its end */
	const char *key;
	uint32_t length, item;
};

enum { FEW = 32 };

void groups_add(struct groups *g, struct str key, uint32_t item)
{
	GROW(g->gathered, g->n_gathered, g->cap_gathered);
	g->gathered[g->n_gathered++] = (struct group_item){ 0, key.p, (uint32_t)key.n, item };
}

static struct str key_of(const struct group_item *i)
{
	return (struct str){ i->key, i->length };
}

static uint64_t key_word(const struct group_item *i, size_t depth)
{
	uint64_t word = 0;

	if (i->length > depth)
		memcpy(&word, i->key + depth, i->length - depth < 8 ? i->length - depth : 8);
	return be64toh(word);
}

static bool item_before(const struct group_item *a, const struct group_item *b)
{
	return a->word != b->word ? a->word < b->word : a->item < b->item;
}

static void sort_few(struct group_item *items, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		struct group_item moved = items[i];
		size_t j = i;

		for (; j > 0 && item_before(&moved, &items[j - 1]); j--)
			items[j] = items[j - 1];
		items[j] = moved;
	}
}

/* By one byte of a value, the most significant first; in place: each item goes where its
 * byte belongs, and takes out the one that lay there (American flag sort). */
static void sort_bytes(struct group_item *items, size_t n, int shift, bool by_item)
{
	size_t ends[257] = { 0 }, next[256];

	if (n <= FEW) {
		sort_few(items, n);
		return;
	}
#define BYTE_OF(i) ((size_t)((by_item ? (i).item : (i).word) >> shift & 0xFF))
	for (size_t i = 0; i < n; i++)
		ends[BYTE_OF(items[i]) + 1]++;
	for (size_t b = 0; b < 256; b++) {
		ends[b + 1] += ends[b];
		next[b] = ends[b];
	}
	for (size_t b = 0; b < 256; b++) {
		while (next[b] < ends[b + 1]) {
			size_t home = BYTE_OF(items[next[b]]);
			struct group_item moved = items[next[b]];

			if (home == b) {
				next[b]++;
				continue;
			}
			items[next[b]] = items[next[home]];
			items[next[home]++] = moved;
		}
	}
#undef BYTE_OF
	for (size_t b = 0; shift && b < 256; b++)
		if (ends[b + 1] - ends[b] > 1)
			sort_bytes(items + ends[b], ends[b + 1] - ends[b], shift - 8, by_item);
}

/* A handful, such as the records of one customer: by the whole rest of their keys. */
static void sort_few_keys(struct group_item *items, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		struct group_item moved = items[i];
		size_t j = i;

		for (; j > 0; j--) {
			int c = str_cmp(key_of(&moved), key_of(&items[j - 1]));

			if (c > 0 || (c == 0 && moved.item > items[j - 1].item))
				break;
			items[j] = items[j - 1];
		}
		items[j] = moved;
	}
}

/* By the keys from `depth` on; up to there they are equal. */
static void sort_keys(struct group_item *items, size_t n, size_t depth)
{
	size_t end;
	bool longer = false;

	if (n <= FEW) {
		sort_few_keys(items, n);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		items[i].word = key_word(&items[i], depth);
		longer |= items[i].length > depth;
	}
	if (!longer) {
		sort_bytes(items, n, 24, true);
		return;
	}
	sort_bytes(items, n, 56, false);
	for (size_t i = 0; i < n; i = end) {
		for (end = i + 1; end < n && items[end].word == items[i].word;)
			end++;
		if (end - i > 1)
			sort_keys(items + i, end - i, depth + 8);
	}
}

void groups_build(struct groups *g)
{
	size_t n = g->n_gathered;

	sort_keys(g->gathered, n, 0);
	g->items = xmalloc(n * sizeof(*g->items));
	g->starts = xmalloc((n + 1) * sizeof(*g->starts));
	g->keys = xmalloc(n * sizeof(*g->keys));
	for (size_t i = 0; i < n; i++) {
		g->items[i] = g->gathered[i].item;
		if (i && str_eq(key_of(&g->gathered[i]), g->keys[g->n - 1]))
			continue;
		g->keys[g->n] = key_of(&g->gathered[i]);
		g->starts[g->n++] = (uint32_t)i;
	}
	g->starts[g->n] = (uint32_t)n;
	g->starts = xrealloc(g->starts, (g->n + 1) * sizeof(*g->starts));
	g->keys = xrealloc(g->keys, g->n * sizeof(*g->keys));
	free(g->gathered);
	g->gathered = NULL;
	g->n_gathered = g->cap_gathered = 0;
}

void groups_release(struct groups *g)
{
	free(g->gathered);
	free(g->items);
	free(g->starts);
	free(g->keys);
	*g = (struct groups){ 0 };
}
