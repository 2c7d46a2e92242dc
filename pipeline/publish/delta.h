/*
 * From the last night to this one: the SQL that writes into a table of the store only what
 * differs from its staging table `next_TABLE`, and keeps what was valid before. Plain SQL
 * that SQLite and PostgreSQL both read; each text is good until the next change of b.
 *
 * Of a `kept` table the store has TABLE (what is valid now, with valid_from), TABLE_past
 * (what was, with valid_from and valid_to) and the view TABLE_history of both. A row was
 * valid on day D where valid_from <= D and (valid_to IS NULL or valid_to > D).
 */
#ifndef YICE_DELTA_H
#define YICE_DELTA_H

#include "published.h"

/* The further column, table and view of a kept table. */
void delta_keep_sql(const struct published *p, struct buf *b);
void delta_history_view_sql(const struct published *p, struct buf *b);
/* An empty staging table; and its end. */
void delta_stage_sql(const struct published *p, struct buf *b);
/* Makes a filled staging table ready to be compared: `settle` with its name, or an index. A table
 * that `narrow` finds rows of gets its own index the first time. */
void delta_settle_sql(const struct published *p, const char *settle, struct buf *b);
void delta_unstage_sql(const struct published *p, struct buf *b);
/* Takes back what a night of that day wrote: the same day published again. */
void delta_take_back_sql(const struct published *p, struct str day, struct buf *b);
/* From the staging table into the table. */
void delta_apply_sql(const struct published *p, struct str day, struct buf *b);
/* What the table lacks of it; nothing that is there changes. */
void delta_add_sql(const struct published *p, struct str day, struct buf *b);
/* The rows of the staging table that the table has: what stands behind FROM. */
void delta_held_sql(const struct published *p, struct buf *b);
/* The same, whole: where rows stand several times, row by row says nothing. */
void delta_replace_sql(const struct published *p, struct str day, struct buf *b);

#endif
