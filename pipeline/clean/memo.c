#include "memo.h"

#include <stdlib.h>

#include "digest.h"

enum { ENTRIES = 8192, ENTRY_BYTES = 54, SAME = 0xFF };

/* An entry is a line of the cache. The value comes first, then what it became, unless that is
 * the same. */
struct entry {
	int32_t today;
	uint16_t group; /* 0: empty */
	uint8_t n, n_clean;
	char bytes[ENTRY_BYTES];
};

struct clean_memo {
	struct entry entries[ENTRIES];
};

struct clean_memo *clean_memo_new(void)
{
	return xcalloc(1, sizeof(struct clean_memo));
}

void clean_memo_free(struct clean_memo *m)
{
	free(m);
}

static size_t place(const struct memo_key *key)
{
	return (hash64(key->value) + (uint64_t)key->group * 0x9E3779B97F4A7C15u) % ENTRIES;
}

bool memo_find(const struct clean_memo *m, const struct memo_key *key, struct str *clean,
	       struct arena *a)
{
	const struct entry *e;

	if (key->value.n > ENTRY_BYTES)
		return false;
	e = &m->entries[place(key)];
	if (e->n != key->value.n || e->group != key->group || e->today != key->today ||
	    memcmp(e->bytes, key->value.p, e->n) != 0)
		return false;
	*clean = e->n_clean == SAME ? key->value :
				      str_keep(a, (struct str){e->bytes + e->n, e->n_clean});
	return true;
}

void memo_put(struct clean_memo *m, const struct memo_key *key, struct str clean)
{
	bool same = str_eq(key->value, clean);
	struct entry *e;

	if (key->value.n + (same ? 0 : clean.n) > ENTRY_BYTES)
		return;
	e = &m->entries[place(key)];
	e->today = key->today;
	e->group = key->group;
	e->n = (uint8_t)key->value.n;
	e->n_clean = same ? SAME : (uint8_t)clean.n;
	memcpy(e->bytes, key->value.p, key->value.n);
	if (!same && clean.n)
		memcpy(e->bytes + e->n, clean.p, clean.n);
}
