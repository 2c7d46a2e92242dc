#include "name_set.h"

#include <stdlib.h>

enum { MANY = 64 };

void name_set_clear(struct name_set *set)
{
	set->n = 0;
}

void name_set_add(struct name_set *set, uint32_t number, uint32_t record)
{
	if (!number)
		return;
	for (size_t i = 0; i < set->n; i++)
		if (set->list[i].number == number)
			return;
	GROW(set->list, set->n, set->cap);
	set->list[set->n] =
		(struct set_name){ .number = number, .record = record, .group = (uint32_t)set->n };
	set->n++;
}

static void read_forms(struct name_set *set, const struct reading *reading, struct arena *a)
{
	for (size_t i = 0; i < set->n; i++) {
		struct record rec;

		reading_record(reading, set->list[i].record, &rec, a);
		reading_name(reading, set->list[i].record, &rec, &set->list[i].form, a);
	}
}

/* Two groups become one: that of the earlier name. */
static void join(struct name_set *set, uint32_t one, uint32_t other)
{
	uint32_t keep = one < other ? one : other, drop = one < other ? other : one;

	for (size_t i = 0; i < set->n; i++)
		if (set->list[i].group == drop)
			set->list[i].group = keep;
}

size_t name_set_compare(struct name_set *set, const struct reading *reading, struct arena *a)
{
	size_t groups = 0;

	read_forms(set, reading, a);
	for (size_t i = 0; i < set->n && set->n <= MANY; i++)
		for (size_t j = 0; j < i; j++)
			if (set->list[i].group != set->list[j].group &&
			    name_alike(&set->list[i].form, &set->list[j].form))
				join(set, set->list[i].group, set->list[j].group);
	for (size_t i = 0; i < set->n; i++)
		groups += set->list[i].group == i;
	return groups;
}

void name_set_release(struct name_set *set)
{
	free(set->list);
	*set = (struct name_set){ 0 };
}
