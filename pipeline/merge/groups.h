/*
 * Items put together by a text key: records by customer, by VIN, by contact number. Groups
 * are in the order of their keys by bytes, the items of a group in ascending order, whatever
 * order they were added in. Linear in the items for keys of bounded length.
 */
#ifndef YICE_MERGE_GROUPS_H
#define YICE_MERGE_GROUPS_H

#include "str.h"

struct group_item;

struct groups { /* zeroed at first */
	size_t n;
	struct str *keys; /* of each group */
	uint32_t *starts; /* of each group in items, and n + 1 in all */
	uint32_t *items; /* group by group */
	/* while they are gathered */
	struct group_item *gathered;
	size_t n_gathered, cap_gathered;
};

/* The key must live as long as the groups, and holds no NUL byte. */
void groups_add(struct groups *g, struct str key, uint32_t item);
/* Once, after the last item; on so many threads. */
void groups_build(struct groups *g, unsigned jobs);
void groups_release(struct groups *g);

#endif
