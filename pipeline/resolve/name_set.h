/* The different names under one value: how many, once alike ones are counted as one. */
#ifndef RESOLVE_NAME_SET_H
#define RESOLVE_NAME_SET_H

#include "reading.h"

struct set_name {
	uint32_t number; /* of the folded name (people.h) */
	uint32_t record; /* the first that bears it */
	uint32_t group; /* index of the first name alike to it, itself for the first */
	struct name_form form;
};

struct name_set { /* starts zeroed, is used again and again */
	struct set_name *list;
	size_t n, cap;
};

void name_set_clear(struct name_set *set);
/* Absent names (number 0) are left out. */
void name_set_add(struct name_set *set, uint32_t number, uint32_t record);
/* Fills form and group; gives how many unlike groups there are. A set of very many names is
 * not compared: they are as many as they are. Forms live in the arena. */
size_t name_set_compare(struct name_set *set, const struct reading *reading, struct arena *a);
void name_set_release(struct name_set *set);

#endif
