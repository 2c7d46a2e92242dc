/*
 * The SQL of a script that can be made anew from nothing (views, tables of rules): what it
 * makes, so that another program's script can take the place of this one's.
 */
#ifndef YICE_SCRIPT_H
#define YICE_SCRIPT_H

#include "buf.h"
#include "mem.h"

/* "TABLE term;VIEW lineage;...": what the lines "CREATE KIND NAME" make, in their order. */
struct str script_makes(struct arena *a, struct str script);
/* The way back of what script_makes told: the last first, since a later view may ask an earlier one. */
void script_drops_sql(struct str made, struct buf *b);

#endif
