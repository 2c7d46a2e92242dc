/*
 * decisions.csv in the inbox: what people decided (table_decisions). Decisions are kept by the
 * state and replayed in every run; a line with the action `remove` takes back the decision of
 * that decision_id.
 */
#ifndef YICE_DECISIONS_H
#define YICE_DECISIONS_H

#include "run.h"

bool decisions_is_file(struct str file_name);
/* Adds the decisions of a file to `all` (those known from before). False with a reason where
 * the file cannot be read as such; then nothing was added. */
bool decisions_read(const char *path, struct rowset *all, uint64_t *rows, struct arena *a,
		    struct str *reason);
/* Leaves one line for each decision_id in `all`, the newest (a removal too, so that an older
 * file does not bring the decision back), and adds those that stand to `standing`, in the
 * order of date and id. */
void decisions_settle(struct rowset *all, struct rowset *standing);

#endif
