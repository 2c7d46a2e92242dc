/*
 * Passwords inside URLs and connection strings: never shown. People should keep them in
 * PGPASSFILE or a service file; where one stands on the command line all the same, it goes
 * from the list of processes at once and from every message.
 */
#ifndef YICE_SECRET_H
#define YICE_SECRET_H

#include "mem.h"

/* The text with `***` for the password of each `://USER:PASSWORD@` and `password=PASSWORD`. */
struct str secret_mask(struct arena *a, struct str text);
/* The same in place, character by character: for an argument of the process. */
void secret_blank(char *text);

#endif
