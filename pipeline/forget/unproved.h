/*
 * What is known of people whose forgetting is not proved yet: STATE/forgetting.csv, from before the
 * first change until nothing of them was found. Their rows are gone by then, and whoever gives the
 * command again after a failure could search for no more than the number.
 */
#ifndef YICE_UNPROVED_H
#define YICE_UNPROVED_H

#include "person.h"

extern const char unproved_name[]; /* of the file */

/* Adds what a command before this one knew, and writes down what is known now. */
bool unproved_take(struct person *p, const char *state, struct fault *f);
bool unproved_keep(const struct person *p, const char *state, struct fault *f);
/* It is proved. */
bool unproved_drop(const struct person *p, const char *state, struct fault *f);

#endif
