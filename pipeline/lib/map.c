#include "map.h"

#include <stdlib.h>

#include "digest.h"

/*
 * A slot is the upper half of the key's hash and, below it, the entry's index + 1; 0 is
 * empty. The half hash spares nearly every look at a key that is another one, and all of
 * them when the table grows.
 */
static uint64_t slot_make(uint64_t hash, size_t index)
{
	return (hash & 0xFFFFFFFF00000000u) | (uint32_t)(index + 1);
}

static size_t slot_index(uint64_t slot)
{
	return (uint32_t)slot - 1;
}

static size_t slot_home(const struct map *m, uint64_t hash)
{
	return (size_t)(hash >> 32) & (m->n_slots - 1);
}

/* The slot of the key, or the empty one where it belongs. */
static uint64_t *slot_find(const struct map *m, struct str key, uint64_t hash)
{
	size_t i = slot_home(m, hash);

	for (;; i = (i + 1) & (m->n_slots - 1)) {
		uint64_t slot = m->slots[i];

		if (slot == 0 || (slot >> 32 == hash >> 32 &&
				  str_eq(m->entries[slot_index(slot)].key, key)))
			return &m->slots[i];
	}
}

static void grow(struct map *m)
{
	size_t n_old = m->n_slots;
	uint64_t *old = m->slots;

	m->n_slots = n_old ? n_old * 2 : 64;
	m->slots = xcalloc(m->n_slots, sizeof(*m->slots));
	for (size_t k = 0; k < n_old; k++) {
		size_t i = slot_home(m, old[k]);

		if (old[k] == 0)
			continue;
		while (m->slots[i])
			i = (i + 1) & (m->n_slots - 1);
		m->slots[i] = old[k];
	}
	free(old);
}

uint64_t *map_get(const struct map *m, struct str key)
{
	uint64_t *slot;

	if (m->n == 0)
		return NULL;
	slot = slot_find(m, key, hash64(key));
	return *slot ? &m->entries[slot_index(*slot)].value : NULL;
}

uint64_t *map_put(struct map *m, struct str key, uint64_t value, bool *added)
{
	uint64_t hash = hash64(key), *slot;

	if (m->n >= m->n_slots / 4 * 3)
		grow(m);
	slot = slot_find(m, key, hash);
	if (added)
		*added = *slot == 0;
	if (*slot)
		return &m->entries[slot_index(*slot)].value;
	if (m->n >= UINT32_MAX - 1)
		BUG("a map of more than four billion keys");
	GROW(m->entries, m->n, m->cap);
	m->entries[m->n] = (struct map_entry){ str_keep(&m->keys, key), value };
	*slot = slot_make(hash, m->n);
	return &m->entries[m->n++].value;
}

void map_release(struct map *m)
{
	free(m->entries);
	free(m->slots);
	arena_release(&m->keys);
	*m = (struct map){ 0 };
}
