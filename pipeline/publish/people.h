/* What a store holds of a person who asked to be forgotten. */
#ifndef YICE_PEOPLE_H
#define YICE_PEOPLE_H

#include "forgotten.h"
#include "run.h"
#include "store.h"

/* What names one by a key, in every table, those that a night does not write (campaigns, tables
 * of somebody's own) included; and in what was valid once, cells of others' rows with the
 * number, or with a phone beside a name. NULL: nobody. */
bool people_forget(struct store *s, const struct forgotten_person *person, struct fault *f);

#endif
