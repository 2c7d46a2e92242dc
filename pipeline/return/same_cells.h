/* How much two rows of one key have in common. */
#ifndef YICE_RETURN_SAME_CELLS_H
#define YICE_RETURN_SAME_CELLS_H

#include "record.h"

/* Of the filled cells of one row, how many are the same in the other; out of *of. */
size_t same_cells(const struct record *old, const struct record *newer, size_t *of);
/* A customer's two cars have most cells in common, but not this one. */
bool is_other_car(const struct record *old, const struct record *newer);

#endif
