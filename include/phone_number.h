/*
 * Mobiles and landlines of mainland China: numbering plan of MIIT, by the ranges in
 * rules/ref/mobile_ranges.csv and area_codes.csv. A range that is newer than the table (its
 * date is in reference.h) is unknown to us.
 */
#ifndef YICE_PHONE_NUMBER_H
#define YICE_PHONE_NUMBER_H

#include "verdict.h"

/* A field for mobiles. value: 11 digits. Of two numbers in a cell the first valid one is
 * taken, told as a fix; `other` is the other one where it is valid too, or a landline beside
 * a mobile. */
struct phone_number {
	struct verdict verdict;
	struct str other; /* cleaned; empty: none */
	bool is_mobile; /* of phone_check: the number is a mobile */
};

void mobile_check(const struct reference *ref, struct str raw, struct arena *a,
		  struct phone_number *out);
/* A field for any phone. value: a mobile as 11 digits; a landline as 010-12345678, with an
 * extension as 010-12345678-801; service numbers (400..., 95...) as digits. */
void phone_check(const struct reference *ref, struct str raw, struct arena *a,
		 struct phone_number *out);

/* Eleven digits of a range that a person can have; no placeholder. The fast path. */
bool mobile_holds(const struct reference *ref, struct str value);

#endif
