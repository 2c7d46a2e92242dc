/*
 * Addresses: province, city and district against the regions of GB/T 2260 (abolished ones by
 * their successors), what a letter needs, three lines of at most 17 characters, the post
 * code's province. A whole address in one field is split.
 */
#ifndef YICE_ADDRESS_H
#define YICE_ADDRESS_H

#include "verdict.h"

enum address_part {
	ADDRESS_PROVINCE,
	ADDRESS_CITY,
	ADDRESS_DISTRICT,
	ADDRESS_STREET /* the field address */,
	ADDRESS_LINE1,
	ADDRESS_LINE2,
	ADDRESS_LINE3,
	ADDRESS_POSTCODE,
	ADDRESS_PARTS
};

enum { ADDRESS_LINE_MAX = 17, ADDRESS_LINE_ADVISED = 15 };

struct address {
	/* value: province, city and district by their full present names, filled in from
	 * the address where they were empty and it leaves no doubt; the others as they were,
	 * cleaned of form. Empty parts have no findings but ADDRESS_INCOMPLETE. */
	struct verdict part[ADDRESS_PARTS];
	uint32_t region; /* code of the finest region known; 0 */
	bool deliverable; /* has what a letter needs */
};

/* raw: a value for each part, empty where there is none. */
void address_check(const struct reference *ref, const struct str raw[ADDRESS_PARTS],
		   struct arena *a, struct address *out);
void postcode_check(const struct reference *ref, struct str province, struct str raw,
		    struct arena *a, struct verdict *out);

/* The text behind province, city and district of an address. */
struct str address_rest(const struct reference *ref, struct str address, struct arena *a);

#endif
