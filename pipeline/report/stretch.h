/*
 * Counts of a stretch of rows of one file, booked all at once when it ends: cells for the file,
 * rows for each dealer in it (an invoice of one dealer follows that of another).
 */
#ifndef YICE_REPORT_STRETCH_H
#define YICE_REPORT_STRETCH_H

#include "inputs.h"

struct cells {
	int64_t given, valid, all;
};

struct dealer_rows { /* of one dealer in the stretch */
	struct str dealer;
	int64_t rows, faultless, consistent;
	int64_t valid, given;
	int64_t expected, expected_given;
	int64_t judged, on_time, urgent, urgent_on_time;
};

struct stretch {
	const struct export_facts *from; /* NULL before the first row */
	struct dealer_rows *dealers;
	size_t n, cap;
	size_t at; /* the dealer of the row at hand */
	struct map by_dealer;
	struct cells cells[F_COUNT];
	int64_t expected_of[F_COUNT], expected_given_of[F_COUNT];
};

/* Turns to the dealer of the next row; the counts of that row are added to what is given. */
struct dealer_rows *stretch_dealer(struct stretch *s, struct str dealer);
/* Counts the cells of a row; `wrong` are the fields whose value was there and not used. */
void stretch_cells(struct stretch *s, const struct record *rec, const bool wrong[F_COUNT]);
/* Books what was counted and begins anew. */
void stretch_end(struct stretch *s, struct tally *t);
void stretch_release(struct stretch *s);

#endif
