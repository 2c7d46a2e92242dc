/*
 * The names under which rows to be mended go out and come back. Those of X.csv go out as X_bad.csv.
 * When that has come back, what is still faulty of both goes out as X_bad_bad.csv, and so on: names
 * that were not there yet, each in the order of names after those before it, so that the newest row
 * of a key is the newest.
 */
#ifndef YICE_BAD_NAME_H
#define YICE_BAD_NAME_H

#include "mem.h"

struct str bad_base(struct str stem); /* X of X_bad_bad */
size_t bad_times(struct str stem); /* 2 */
struct str bad_stem(struct arena *a, struct str base, size_t times);

#endif
