/*
 * An in-place radix sort over eight bytes of the key at a time: the word is kept beside the
 * item, so that the keys themselves (far apart in memory) are fetched once for each word and
 * not once for each comparison. Items whose words are equal go on with their next eight
 * bytes; those with equal keys end in the order of their numbers.
 */
#include "groups.h"

#include <stdlib.h>

#include "mem.h"

struct group_item {
	uint64_t word; /* eight bytes of the key, the first one highest; zeros behind its end */
	uint32_t item;
};

enum { FEW = 32 };

void groups_init(struct groups *g, struct str (*key)(const void *context, uint32_t item),
		 const void *context)
{
	*g = (struct groups){ .key = key, .context = context };
}

void groups_add(struct groups *g, uint32_t item)
{
	GROW(g->gathered, g->n_gathered, g->cap_gathered);
	g->gathered[g->n_gathered++].item = item;
}

static uint64_t key_word(struct str key, size_t depth)
{
	unsigned char bytes[8] = { 0 };
	uint64_t word = 0;
	size_t n = key.n > depth ? key.n - depth : 0;

	if (n)
		memcpy(bytes, key.p + depth, n < 8 ? n : 8);
	for (int i = 0; i < 8; i++)
		word = word << 8 | bytes[i];
	return word;
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
static void sort_few_keys(const struct groups *g, struct group_item *items, size_t n)
{
	struct str keys[FEW];

	for (size_t i = 0; i < n; i++) {
		struct group_item moved = items[i];
		struct str key = g->key(g->context, moved.item);
		size_t j = i;

		for (; j > 0; j--) {
			int c = str_cmp(key, keys[j - 1]);

			if (c > 0 || (c == 0 && moved.item > items[j - 1].item))
				break;
			items[j] = items[j - 1];
			keys[j] = keys[j - 1];
		}
		items[j] = moved;
		keys[j] = key;
	}
}

/* By the keys from `depth` on; up to there they are equal. */
static void sort_keys(const struct groups *g, struct group_item *items, size_t n, size_t depth)
{
	size_t end;
	bool longer = false;

	if (n <= FEW) {
		sort_few_keys(g, items, n);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		struct str key = g->key(g->context, items[i].item);

		items[i].word = key_word(key, depth);
		longer |= key.n > depth;
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
			sort_keys(g, items + i, end - i, depth + 8);
	}
}

void groups_build(struct groups *g)
{
	size_t n = g->n_gathered;

	sort_keys(g, g->gathered, n, 0);
	g->items = xmalloc(n * sizeof(*g->items));
	for (size_t i = 0; i < n; i++)
		g->items[i] = g->gathered[i].item;
	free(g->gathered);
	g->gathered = NULL;
	g->starts = xmalloc((n + 1) * sizeof(*g->starts));
	for (size_t i = 0; i < n; i++)
		if (i == 0 || !str_eq(g->key(g->context, g->items[i - 1]),
				      g->key(g->context, g->items[i])))
			g->starts[g->n++] = (uint32_t)i;
	g->starts[g->n] = (uint32_t)n;
	g->starts = xrealloc(g->starts, (g->n + 1) * sizeof(*g->starts));
}

void groups_release(struct groups *g)
{
	free(g->gathered);
	free(g->items);
	free(g->starts);
	*g = (struct groups){ 0 };
}
