/*
 * Which decisions keep a target (links.h) apart from others, while targets are merged: what was said
 * of either is said of the one that remains.
 */
#ifndef RESOLVE_KEPT_APART_H
#define RESOLVE_KEPT_APART_H

#include "map.h"

struct kept_pair { /* where the two were before anybody was merged */
	uint32_t one, other;
	size_t row; /* of the decisions */
};

struct kept_list {
	struct kept_pair *list;
	size_t n, cap;
};

struct kept_apart { /* starts zeroed */
	struct map by_target; /* target -> index of lists */
	struct kept_list *lists;
	size_t n, cap;
};

void kept_apart_add(struct kept_apart *k, struct kept_pair pair);
void kept_apart_join(struct kept_apart *k, uint32_t from, uint32_t to);
/* The shorter list of the two: whatever keeps them apart stands in it, among others, in no order. */
struct kept_list kept_apart_fewer(const struct kept_apart *k, uint32_t one, uint32_t other);
void kept_apart_close(struct kept_apart *k);

#endif
