#include "same_cells.h"

size_t same_cells(const struct record *old, const struct record *newer, size_t *of)
{
	size_t same = 0;

	*of = 0;
	for (int i = F_UPDATED_AT + 1; i < F_COUNT; i++)
		if (old->v[i].n) {
			++*of;
			same += str_eq(old->v[i], newer->v[i]);
		}
	return same;
}

bool is_other_car(const struct record *old, const struct record *newer)
{
	return old->v[F_VIN].n && newer->v[F_VIN].n && !str_eq(old->v[F_VIN], newer->v[F_VIN]);
}
