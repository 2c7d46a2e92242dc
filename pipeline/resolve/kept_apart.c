#include "kept_apart.h"

#include <stdlib.h>

static struct str key_of(const uint32_t *target)
{
	return (struct str){ (const char *)target, sizeof(*target) };
}

static struct kept_list *list_of(struct kept_apart *k, uint32_t target)
{
	bool added;
	uint64_t *at = map_put(&k->by_target, key_of(&target), k->n, &added);

	if (added) {
		GROW(k->lists, k->n, k->cap);
		k->lists[k->n++] = (struct kept_list){ 0 };
	}
	return &k->lists[*at];
}

static void add(struct kept_list *list, struct kept_pair pair)
{
	GROW(list->list, list->n, list->cap);
	list->list[list->n++] = pair;
}

void kept_apart_add(struct kept_apart *k, struct kept_pair pair)
{
	add(list_of(k, pair.one), pair);
	add(list_of(k, pair.other), pair);
}

/* The shorter list is copied, so that each pair is copied seldom. */
void kept_apart_join(struct kept_apart *k, uint32_t from, uint32_t to)
{
	uint64_t *left = map_get(&k->by_target, key_of(&from)), *at;
	bool added;

	if (!left)
		return;
	at = map_put(&k->by_target, key_of(&to), *left, &added);
	if (added)
		return; /* nothing was said of it */
	left = map_get(&k->by_target, key_of(&from));
	if (k->lists[*left].n > k->lists[*at].n) {
		uint64_t longer = *left;

		*left = *at;
		*at = longer;
	}
	for (size_t i = 0; i < k->lists[*left].n; i++)
		add(&k->lists[*at], k->lists[*left].list[i]);
}

struct kept_list kept_apart_fewer(const struct kept_apart *k, uint32_t one, uint32_t other)
{
	const uint64_t *a = map_get(&k->by_target, key_of(&one));
	const uint64_t *b = map_get(&k->by_target, key_of(&other));

	if (!a || !b)
		return (struct kept_list){ 0 };
	return k->lists[*a].n < k->lists[*b].n ? k->lists[*a] : k->lists[*b];
}

void kept_apart_close(struct kept_apart *k)
{
	for (size_t i = 0; i < k->n; i++)
		free(k->lists[i].list);
	free(k->lists);
	map_release(&k->by_target);
	*k = (struct kept_apart){ 0 };
}
