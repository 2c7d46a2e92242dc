/*
 * What a value looks like, told by its shape alone and in a few nanoseconds: enough to see
 * that a whole column stands under the wrong header, not to judge a single value.
 */
#ifndef YICE_LOOKS_H
#define YICE_LOOKS_H

#include "record.h"

enum look {
	LOOK_ID_NUMBER, LOOK_MOBILE, LOOK_VIN, LOOK_PLATE, LOOK_POSTCODE, LOOK_DATE, LOOK_PLACE,
	LOOK_EMAIL, LOOK_COUNT
};

struct str look_name(enum look look); /* "postcode" */
/* What the values of a field should look like; LOOK_COUNT where that can't be said. */
enum look look_of_field(enum field field);
/* A bit (1 << look) for each that the value looks like. */
unsigned looks_of(struct str value);
/* Could be one all the same, with what spreadsheets and people do to it (1.38E+10, a post
 * code without its zero, the serial number of a day). */
bool looks_damaged(struct str value, enum look look);

/* Columns of an export as they are read: of some of its rows, and then of all. */
struct evidence {
	uint32_t filled[F_COUNT], own[F_COUNT], like[F_COUNT][LOOK_COUNT];
	uint64_t numbers, damaged; /* ID numbers of 18 digits, and those a spreadsheet spoilt */
};

/* `place` of the row among those of its file: of a long file not every one is looked at. */
void evidence_add(struct evidence *e, const struct record *rec, uint64_t place);
void evidence_join(struct evidence *e, const struct evidence *of_other_rows);
/* Joined by ";": "city:postcode" where the values of city look like post codes,
 * "id_number:spreadsheet" where more ID numbers end in 000 than chance allows. */
struct str evidence_findings(const struct evidence *e, struct arena *a);

#endif
