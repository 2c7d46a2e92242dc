/* Number plates: GA 36-2018 and the forms of police, army, embassies and Hong Kong/Macau. */
#ifndef YICE_PLATE_H
#define YICE_PLATE_H

#include "verdict.h"

enum plate_kind {
	PLATE_NONE,
	PLATE_ORDINARY,
	PLATE_NEW_ENERGY,
	PLATE_TRAILER,
	PLATE_LEARNER,
	PLATE_POLICE,
	PLATE_HONG_KONG_MACAU,
	PLATE_CONSULATE,
	PLATE_EMBASSY,
	PLATE_ARMED_POLICE,
	PLATE_ARMY,
	PLATE_TEMPORARY
};

struct plate {
	struct verdict verdict; /* value: upper case, no separators */
	enum plate_kind kind;
};

void plate_check(const struct reference *ref, struct str raw, struct arena *a, struct plate *out);

#endif
