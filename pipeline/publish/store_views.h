/*
 * What a store has beside the tables of a night: functions, views and marts, and the tables of
 * rules and of the day that these go by. All of it can be made anew from nothing.
 */
#ifndef YICE_STORE_VIEWS_H
#define YICE_STORE_VIEWS_H

#include "run.h"
#include "statement.h"

/* Makes them where another program made what is there, and brings the tables up to date. */
bool store_views_write(struct run *r, struct statement *sql, struct fault *f);

#endif
