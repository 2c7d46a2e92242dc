/*
 * Items put together by a text key: records by customer, by VIN, by contact number. Groups
 * are in the order of their keys by bytes, the items of a group in ascending order, whatever
 * order they were added in. Linear in the items for keys of bounded length.
 */
#ifndef YICE_MERGE_GROUPS_H
#define YICE_MERGE_GROUPS_H

#include "str.h"

struct group_item;

struct groups {
	size_t n;
	/* The key of an item; it lives as long as the groups and holds no NUL byte. */
	struct str (*key)(const void *context, uint32_t item);
	const void *context;
	uint32_t *items; /* all items, group by group */
	uint32_t *starts; /* n + 1 places in items */
	/* while they are gathered */
	struct group_item *gathered;
	size_t n_gathered, cap_gathered;
};

void groups_init(struct groups *g, struct str (*key)(const void *context, uint32_t item),
		 const void *context);
void groups_add(struct groups *g, uint32_t item);
void groups_build(struct groups *g); /* once, after the last item */
void groups_release(struct groups *g);

static inline struct str groups_key(const struct groups *g, size_t i)
{
	return g->key(g->context, g->items[g->starts[i]]);
}

#endif
