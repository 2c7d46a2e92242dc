/*
 * Values of people as those may see them who need not know them: an ID number shows its
 * first and last two characters, a name its first, a phone three and four (DESIGN,
 * principle 7); what is hidden becomes "*", one for each character up to 24.
 *
 * Two strengths. mask_value hides what belongs to a person (names, ID numbers, phones,
 * addresses, e-mail, birth date, plate, VIN, document numbers, private data inside free text)
 * and leaves the rest: for reports, logs and traces. mask_foreign hides of everything all
 * but a glimpse: for a dealer that is told of a record which somebody else sent.
 *
 * Values may be faulty, in the wrong column, full-width or not UTF-8: never more is shown
 * than of a right one, and never the whole of what is to be hidden. Results live in the
 * arena or are the value itself.
 */
#ifndef YICE_MASK_H
#define YICE_MASK_H

#include "mem.h"
#include "record.h"

struct str mask_value(struct arena *a, enum field field, struct str value);
struct str mask_foreign(struct arena *a, enum field field, struct str value);
/* Number of a document (invoice, contract, order) that somebody else sent: its last four, so
 * that who holds the paper recognises it. */
struct str mask_number(struct arena *a, struct str number);
/* Free text: runs of seven and more digits (phones, ID numbers, cards), also with the
 * spaces and dashes that people put in, keep their first three; words as long as a VIN what
 * it shows. */
struct str mask_text(struct arena *a, struct str text);
/* A sentence of the program about a review: so too, but the dates in it are those of exports. */
struct str mask_reason(struct arena *a, struct str reason);

#endif
