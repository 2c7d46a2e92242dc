/*
 * Rows of others that name the person beside a phone of theirs, in cells of their own or within a
 * text. The phone goes from such a row; where it is the other one's own phone too the name goes.
 */
#ifndef YICE_MENTION_H
#define YICE_MENTION_H

#include "person.h"

enum mention {
	MENTION_NONE,
	MENTION_PHONES, /* these go from the row */
	MENTION_NAMES, /* or these */
	MENTION_SAME, /* the other one has the same name and phone: the row stays as it is */
};

/* What else stands for their names: each as the bytes that it is in the encodings of exports. */
void mention_spell(struct person *p, struct str name);
/* What goes from the rows of others; once their names and phones are known. Sets p->numbered. */
bool mention_find_all(struct person *p, struct run *r, struct fault *f);
/* That of the record, else by the row itself. */
enum mention mention_of(const struct person *p, struct str record_id, struct str row);
/* Writes blanks over it; the length stays. Tells how often. */
size_t mention_blank(const struct person *p, enum mention what, char *bytes, size_t n);
/* Whether a name and a phone of theirs stand in a line. */
bool mention_holds(const struct person *p, struct str line);

#endif
