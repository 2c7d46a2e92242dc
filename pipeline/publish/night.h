/*
 * One night into a store: its tables, checks, what the store says of itself. The store is
 * open before and is committed or aborted by the caller.
 */
#ifndef YICE_NIGHT_H
#define YICE_NIGHT_H

#include "run.h"
#include "store.h"

bool night_publish(struct run *r, struct store *s, struct fault *f);

#endif
