/* Finding regions by the names that people write. */
#ifndef YICE_CHECK_PLACE_H
#define YICE_CHECK_PLACE_H

#include "tables.h"

struct place { /* what is known so far; NULL: nothing yet */
	const struct region *province, *city, *county;
};

struct sighting { /* one region found by a name */
	const struct region *region; /* as it is today where that is known */
	bool renamed; /* the name is a former one, or of a region abolished long since */
	struct str name; /* what to write: the present name, or the last where it is fresh */
};

/* The region of that level that the text names whole, below what is known of the place.
 * region is NULL where no such name is known or several would fit. */
struct sighting place_find(const struct reference *ref, enum region_level level, struct str text,
			   const struct place *within);
/* Settles a region and what lies above it. */
void place_settle(const struct reference *ref, struct place *place, const struct region *region);
bool place_is_municipality(const struct region *province);

/* 市辖区, 县, 省直辖县级行政区划: a level without a name. */
bool place_is_filler(struct str text);

/* Takes the names of regions off the front of an address, fills in what the place lacks and
 * returns the rest. `other`: a region named there that contradicts the place; may be NULL. */
struct str place_read(const struct reference *ref, struct str address, struct place *place,
		      const struct region **other);

#endif
