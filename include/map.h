/*
 * From a key (bytes) to a number. Keys are copied into the map's own arena. Iteration is by
 * insertion order (0 .. map.n - 1), so what is built in order is read in order.
 */
#ifndef YICE_MAP_H
#define YICE_MAP_H

#include "mem.h"

struct map_entry {
	struct str key;
	uint64_t value;
};

struct map {
	struct map_entry *entries;
	size_t n, cap;
	uint64_t *slots; /* open addressing; 0 is empty, else half a hash and index + 1 */
	size_t n_slots;
	struct arena keys;
};

/* The entry's value, or NULL. The pointer is good until the next map_put. */
uint64_t *map_get(const struct map *m, struct str key);
/* The value of that key, inserted as `value` where it was missing (*added, may be NULL). */
uint64_t *map_put(struct map *m, struct str key, uint64_t value, bool *added);
void map_release(struct map *m);

#endif
