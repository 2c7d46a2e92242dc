/*
 * Items are dealt out to parts by the front of their keys, so that workers sort a part each.
 *
 * Within a part: an in-place radix sort over eight bytes of the key at a time: the word is kept in the item,
 * so that the keys themselves (far apart in memory) are fetched once for each word and not
 * once for each comparison. Items whose words are equal go on with their next eight
 * bytes; those with equal keys end in the order of their numbers.
 */
#include "groups.h"

#include <endian.h>
#include <stdlib.h>

#include "mem.h"
#include "pool.h"

struct group_item {
	uint64_t word; /* eight bytes of the key, the first one highest; zeros behind its end */
	const char *key;
	uint32_t length, item;
};

enum {
	FEW = 32,
	SMALL = 1 << 14, /* items that are not worth a second thread */
	PARTS = 64,
	SAMPLE = 1024,
	PIECES_PER_JOB = 4,
};

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

/* The first word at once, while the key is at hand. */
void groups_add(struct groups *g, struct str key, uint32_t item)
{
	struct group_item added = { 0, key.p, (uint32_t)key.n, item };

	added.word = key_word(&added, 0);
	GROW(g->gathered, g->n_gathered, g->cap_gathered);
	g->gathered[g->n_gathered++] = added;
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

static void sort_keys(struct group_item *items, size_t n, size_t depth);

/* By their words, then the equal ones by the rest of their keys. */
static void sort_words(struct group_item *items, size_t n, size_t depth)
{
	uint64_t differ = 0;
	size_t end;

	for (size_t i = 1; i < n; i++)
		differ |= items[i].word ^ items[0].word;
	if (differ)
		sort_bytes(items, n, 56 - __builtin_clzll(differ) / 8 * 8, false);
	for (size_t i = 0; i < n; i = end) {
		for (end = i + 1; end < n && items[end].word == items[i].word;)
			end++;
		if (end - i > 1)
			sort_keys(items + i, end - i, depth + 8);
	}
}

/* By the keys from `depth` on; up to there they are equal. */
static void sort_keys(struct group_item *items, size_t n, size_t depth)
{
	bool longer = false;

	if (n <= FEW) {
		sort_few_keys(items, n);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		items[i].word = key_word(&items[i], depth);
		longer |= items[i].length > depth;
	}
	if (longer)
		sort_words(items, n, depth);
	else
		sort_bytes(items, n, 24, true);
}

/* ---- parts ---- */

struct build {
	struct groups *g;
	struct group_item *items; /* part by part */
	uint64_t ends[PARTS]; /* the last word of each part but the last */
	size_t parts, starts[PARTS + 1];
	size_t groups[PARTS + 1]; /* before each part */
	size_t pieces, *at; /* where the items of a piece go: for each part */
};

static size_t part_of(const struct build *b, uint64_t word)
{
	size_t low = 0, high = b->parts - 1;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (word > b->ends[middle])
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static size_t piece_start(const struct build *b, size_t piece)
{
	return b->g->n_gathered * piece / b->pieces;
}

static void count_piece(void *context, size_t piece, unsigned worker)
{
	struct build *b = context;

	(void)worker;
	for (size_t i = piece_start(b, piece); i < piece_start(b, piece + 1); i++)
		b->at[piece * PARTS + part_of(b, b->g->gathered[i].word)]++;
}

static void deal_piece(void *context, size_t piece, unsigned worker)
{
	struct build *b = context;

	(void)worker;
	for (size_t i = piece_start(b, piece); i < piece_start(b, piece + 1); i++)
		b->items[b->at[piece * PARTS + part_of(b, b->g->gathered[i].word)]++] =
			b->g->gathered[i];
}

static int by_word(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static void choose_ends(struct build *b)
{
	uint64_t sample[SAMPLE];

	for (size_t i = 0; i < SAMPLE; i++)
		sample[i] = b->g->gathered[b->g->n_gathered / SAMPLE * i].word;
	qsort(sample, SAMPLE, sizeof(*sample), by_word);
	for (size_t part = 0; part < PARTS; part++)
		b->ends[part] = sample[(part + 1) * (SAMPLE / PARTS) - 1];
}

static void places_of(struct build *b)
{
	size_t at = 0;

	for (size_t part = 0; part < PARTS; part++) {
		b->starts[part] = at;
		for (size_t piece = 0; piece < b->pieces; piece++) {
			size_t n = b->at[piece * PARTS + part];

			b->at[piece * PARTS + part] = at;
			at += n;
		}
	}
	b->starts[PARTS] = at;
}

/* Few items are one part. */
static void deal_out(struct build *b, unsigned jobs)
{
	struct groups *g = b->g;

	if (jobs < 2 || g->n_gathered < SMALL) {
		b->parts = g->n_gathered > 0;
		b->starts[1] = g->n_gathered;
		b->items = g->gathered;
		return;
	}
	b->parts = PARTS;
	b->pieces = (size_t)jobs * PIECES_PER_JOB;
	b->at = xcalloc(b->pieces * PARTS, sizeof(*b->at));
	b->items = xreallocarray(NULL, g->n_gathered, sizeof(*b->items));
	choose_ends(b);
	pool_each(jobs, b->pieces, count_piece, b);
	places_of(b);
	pool_each(jobs, b->pieces, deal_piece, b);
	free(b->at);
	free(g->gathered);
}

/* Leaves in each item's word whether a group begins there. */
static void sort_part(void *context, size_t part, unsigned worker)
{
	struct build *b = context;
	struct group_item *items = b->items + b->starts[part];
	size_t n = b->starts[part + 1] - b->starts[part];

	(void)worker;
	sort_words(items, n, 0);
	b->groups[part + 1] = 0;
	for (size_t i = 0; i < n; i++) {
		items[i].word = i == 0 || !str_eq(key_of(&items[i]), key_of(&items[i - 1]));
		b->groups[part + 1] += items[i].word;
	}
}

static void fill_part(void *context, size_t part, unsigned worker)
{
	struct build *b = context;
	size_t group = b->groups[part];

	(void)worker;
	for (size_t i = b->starts[part]; i < b->starts[part + 1]; i++) {
		b->g->items[i] = b->items[i].item;
		if (!b->items[i].word)
			continue;
		b->g->keys[group] = key_of(&b->items[i]);
		b->g->starts[group++] = (uint32_t)i;
	}
}

void groups_build(struct groups *g, unsigned jobs)
{
	struct build b = { .g = g };
	size_t n = g->n_gathered;

	deal_out(&b, jobs);
	pool_each(jobs, b.parts, sort_part, &b);
	for (size_t part = 0; part < b.parts; part++)
		b.groups[part + 1] += b.groups[part];
	g->n = b.groups[b.parts];
	g->items = xreallocarray(NULL, n, sizeof(*g->items));
	g->starts = xreallocarray(NULL, g->n + 1, sizeof(*g->starts));
	g->keys = xreallocarray(NULL, g->n, sizeof(*g->keys));
	pool_each(jobs, b.parts, fill_part, &b);
	g->starts[g->n] = (uint32_t)n;
	free(b.items);
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
