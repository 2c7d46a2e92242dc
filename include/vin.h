/* Vehicle identification numbers: GB 16735-2019, ISO 3779. The check digit must hold for
 * makers in China (L.., H..); elsewhere it is not in use everywhere: FINDING_DOUBT. */
#ifndef YICE_VIN_H
#define YICE_VIN_H

#include "verdict.h"

struct vin {
	struct verdict verdict; /* value: upper case, no separators */
	bool china; /* by its first character */
	int model_year; /* by its tenth character, the newest not after year of today + 2; 0 */
};

/* today: day number (date.h) of the row's observed_on; 0: unknown. */
void vin_check(const struct reference *ref, int32_t today, struct str raw, struct arena *a,
	       struct vin *out);
/* The character that position 9 must be, '0'..'9' or 'X'; -1 where a character is not one
 * of a VIN. */
int vin_check_digit(const char *seventeen);

#endif
