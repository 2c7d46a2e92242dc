/*
 * Rows without a key of their own that came back mended: which row of X_bad.csv took the place
 * of a row of X.csv. That is the one that is most like it among those that share a person's or
 * car's value with it, if it is more like than unlike; each takes the place of one row of a file only.
 */
#ifndef YICE_RETURN_MENDED_ROWS_H
#define YICE_RETURN_MENDED_ROWS_H

#include "desk.h"

struct mended_rows;

struct mended_rows *mended_rows_new(struct desk *d);
void mended_rows_free(struct mended_rows *m);
/* The row that took its place, of the last file that was sent to mend it; "" where there is none
 * or the row has a key. Ask for each row once. */
struct str mended_row(struct mended_rows *m, struct str record_id);

/* Of the filled cells of one row, how many are the same in the other; out of *of. */
size_t same_cells(const struct record *old, const struct record *newer, size_t *of);
/* A customer's two cars have most cells in common, but not this one. */
bool is_other_car(const struct record *old, const struct record *newer);

#endif
