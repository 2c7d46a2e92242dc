/* Counts of the rows of one file and one dealer, booked all at once when the stretch ends. */
#ifndef YICE_REPORT_STRETCH_H
#define YICE_REPORT_STRETCH_H

#include "inputs.h"

struct cells {
	int64_t given, valid, all;
};

struct stretch {
	const struct export_facts *from; /* NULL before the first row */
	struct str dealer;
	int64_t rows, faultless, consistent;
	int64_t expected, expected_given;
	int64_t judged, on_time, urgent, urgent_on_time;
	struct cells cells[F_COUNT];
	int64_t expected_of[F_COUNT], expected_given_of[F_COUNT];
};

/* Counts the cells of a row; `wrong` are the fields whose value was there and not used. */
void stretch_cells(struct stretch *s, const struct record *rec, const bool wrong[F_COUNT]);
/* Books what was counted and begins anew. */
void stretch_end(struct stretch *s, struct tally *t);

#endif
