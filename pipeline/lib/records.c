#include "records_store.h"

#include <stdlib.h>

struct header { /* the front of a packed record, taken apart */
	uint32_t origin, dealer, row;
	unsigned feeds;
	union mask mask;
	const unsigned char *lengths;
};

void records_init(struct records *rs)
{
	struct records_store *s = xcalloc(1, sizeof(*s));

	s->bytes.spills = true;
	*rs = (struct records){ .store = s };
}

/* Where it saves most: words of rules, places, models, people of a dealer. Days would take one look
 * more into memory each, for little. */
static const enum field repeating[] = {
	F_CUSTOMER_TYPE, F_ID_TYPE, F_PROVINCE, F_CITY, F_DISTRICT, F_EMPLOYER, F_SALES_CONSULTANT,
	F_CUSTOMER_SOURCE, F_BRAND, F_MODEL, F_CONFIGURATION, F_KIND, F_SUBJECT, F_HANDLER, F_TAGS,
	F_SETTLEMENT, F_SELLER_TAX_NO,
};

void records_share(struct records *rs)
{
	struct records_store *s = rs->store;

	if (rs->n || s->shared)
		BUG("values are shared from the first record on");
	s->shared = xcalloc(1, sizeof(*s->shared));
	for (size_t i = 0; i < sizeof(repeating) / sizeof(*repeating); i++)
		s->repeating.words[repeating[i] / 64] |= 1ull << repeating[i] % 64;
}

static void release_shared(struct shared_values *shared)
{
	for (enum field field = 0; shared && field < F_COUNT; field++)
		map_release(&shared->of[field]);
	free(shared);
}

void records_release(struct records *rs)
{
	struct records_store *s = rs->store;

	if (!s)
		return;
	free(s->rows);
	free(s->origins);
	free(s->stems);
	map_release(&s->origin_map);
	map_release(&s->dealers);
	arena_release(&s->bytes);
	release_shared(s->shared);
	free(s);
	*rs = (struct records){ 0 };
}

void records_empty(struct records *rs)
{
	bool shares = rs->store->shared;

	records_release(rs);
	records_init(rs);
	if (shares)
		records_share(rs);
}

size_t records_bytes(const struct records *rs)
{
	const struct records_store *s = rs->store;

	size_t n = s->bytes.total + s->cap * sizeof(*s->rows) + s->origin_map.keys.total +
		   s->dealers.keys.total + s->cap_origins * sizeof(*s->origins);

	for (enum field field = 0; s->shared && field < F_COUNT; field++)
		n += s->shared->of[field].keys.total;
	return n;
}

static bool origin_is(const struct origin *o, struct str stem, struct str source,
		      struct str observed_on)
{
	return str_eq(o->stem, stem) && str_eq(o->source, source) &&
	       str_eq(o->observed_on, observed_on);
}

static uint32_t origin_number(struct records_store *s, struct str stem, struct str source,
			      struct str observed_on)
{
	uint32_t sizes[2] = { (uint32_t)stem.n, (uint32_t)source.n };
	struct buf key = { 0 };
	struct str kept;
	bool added;
	uint64_t number;

	if (s->n_origins && origin_is(&s->origins[s->last_origin], stem, source, observed_on))
		return s->last_origin;
	buf_add(&key, sizes, sizeof(sizes));
	buf_str(&key, stem);
	buf_str(&key, source);
	buf_str(&key, observed_on);
	number = *map_put(&s->origin_map, buf_view(&key), s->n_origins, &added);
	buf_release(&key);
	s->last_origin = (uint32_t)number;
	if (!added)
		return s->last_origin;
	kept = s->origin_map.entries[number].key;
	kept.p += sizeof(sizes);
	GROW(s->origins, s->n_origins, s->cap_origins);
	s->origins[s->n_origins++] = (struct origin){
		.stem = { kept.p, stem.n },
		.source = { kept.p + stem.n, source.n },
		.observed_on = { kept.p + stem.n + source.n, observed_on.n },
	};
	return s->last_origin;
}

static uint32_t dealer_number(struct records_store *s, struct str dealer)
{
	if (s->dealers.n == 0 || !str_eq(s->dealers.entries[s->last_dealer].key, dealer))
		s->last_dealer = (uint32_t)*map_put(&s->dealers, dealer, s->dealers.n, NULL);
	return s->last_dealer;
}

/* Which fields of a record the tables have that it feeds. */
static union mask mask_of_tables(unsigned feeds)
{
	union mask m = { 0 };

	for (enum field field = F_OBSERVED_ON + 1; field < F_COUNT; field++)
		for (enum entity entity = 0; entity < ENTITY_COUNT; entity++)
			if ((feeds & FEEDS(entity)) && entity_has(entity, field))
				m.words[field / 64] |= 1ull << field % 64;
	return m;
}

static union mask masks[1 << ENTITY_COUNT];

__attribute__((constructor)) static void make_masks(void)
{
	for (unsigned feeds = 0; feeds < 1 << ENTITY_COUNT; feeds++)
		masks[feeds] = mask_of_tables(feeds);
}

static unsigned char *put_header(unsigned char *p, const struct header *h)
{
	unsigned present = 0;
	unsigned char *marks;

	p = varint_put(p, h->origin);
	p = varint_put(p, h->dealer);
	p = varint_put(p, h->row);
	*p++ = (unsigned char)h->feeds;
	marks = p;
	p += 2;
	for (unsigned i = 0; i < MASK_BYTES; i++)
		if (h->mask.bytes[i]) {
			present |= 1u << i;
			*p++ = h->mask.bytes[i];
		}
	marks[0] = (unsigned char)present;
	marks[1] = (unsigned char)(present >> 8);
	return p;
}

static struct header get_header(const unsigned char *p)
{
	struct header h = { 0 };
	unsigned present;

	h.origin = (uint32_t)varint_get(&p);
	h.dealer = (uint32_t)varint_get(&p);
	h.row = (uint32_t)varint_get(&p);
	h.feeds = *p++;
	present = p[0] | (unsigned)p[1] << 8;
	p += 2;
	for (; present; present &= present - 1)
		h.mask.bytes[__builtin_ctz(present)] = *p++;
	h.lengths = p;
	return h;
}

enum { HEADER_MAX = 3 * VARINT_MAX + 1 + 2 + MASK_BYTES, LEAST_SHARED = 3 };

static void add_row(struct records *rs, unsigned char *p)
{
	GROW(rs->store->rows, rs->n, rs->store->cap);
	rs->store->rows[rs->n++] = p;
	rs->store->sorted = false;
}

/* False where the value is to be kept beside the others of its record. */
static bool share(struct records_store *s, enum field field, struct str value, uint64_t *number)
{
	struct map *m = &s->shared->of[field];
	uint32_t *last = &s->shared->last[field];
	const uint64_t *known;

	if (value.n < LEAST_SHARED)
		return false;
	if (!m->n || !str_eq(m->entries[*last].key, value)) {
		known = m->n < MOST_SHARED ? map_put(m, value, m->n, NULL) : map_get(m, value);
		if (!known)
			return false;
		*last = (uint32_t)*known;
	}
	*number = *last;
	return true;
}

static bool is_repeating(const struct records_store *s, enum field field)
{
	return s->repeating.words[field / 64] >> field % 64 & 1;
}

/* Packs into room for the largest form and gives back what is left of it. */
static void pack(struct records *rs, const struct header *h, const enum field *fields, struct str *values,
		 unsigned n)
{
	struct records_store *s = rs->store;
	size_t size = HEADER_MAX;
	unsigned char *start, *p;

	for (unsigned i = 0; i < n; i++)
		size += values[i].n + VARINT_MAX;
	start = arena_bytes(&s->bytes, size);
	p = put_header(start, h);
	for (unsigned i = 0; i < n; i++) {
		uint64_t number = values[i].n;

		if (is_repeating(s, fields[i]) && share(s, fields[i], values[i], &number)) {
			values[i].n = 0;
			number = number << 1 | 1;
		} else if (is_repeating(s, fields[i])) {
			number <<= 1;
		}
		p = varint_put(p, number);
	}
	for (unsigned i = 0; i < n; i++) {
		if (values[i].n)
			memcpy(p, values[i].p, values[i].n);
		p += values[i].n;
	}
	arena_trim(&s->bytes, p);
	add_row(rs, start);
}

void records_add(struct records *rs, const struct record *rec)
{
	struct records_store *s = rs->store;
	struct header h = { .feeds = rec->feeds & (FEEDS(ENTITY_COUNT) - 1) };
	enum field fields[F_COUNT];
	struct str values[F_COUNT], stem;
	unsigned n = 0;

	record_id_split(rec->v[F_RECORD_ID], &stem, &h.row);
	h.origin = origin_number(s, stem, rec->v[F_SOURCE], rec->v[F_OBSERVED_ON]);
	h.dealer = dealer_number(s, rec->v[F_DEALER_CODE]);
	for (unsigned w = 0; w < MASK_BYTES / 8; w++)
		for (uint64_t left = masks[h.feeds].words[w]; left; left &= left - 1) {
			enum field field = w * 64 + (unsigned)__builtin_ctzll(left);

			if (rec->v[field].n == 0)
				continue;
			fields[n] = field;
			values[n++] = rec->v[field];
			h.mask.words[w] |= left & -left;
		}
	pack(rs, &h, fields, values, n);
}

static struct str record_id_of(const struct origin *o, uint32_t row, struct arena *a)
{
	char digits[10];
	size_t n = 0;
	char *p;

	if (row == 0)
		return o->stem;
	for (; row; row /= 10)
		digits[n++] = (char)('0' + row % 10);
	p = arena_bytes(a, o->stem.n + 1 + n);
	memcpy(p, o->stem.p, o->stem.n);
	p[o->stem.n] = ':';
	for (size_t i = 0; i < n; i++)
		p[o->stem.n + 1 + i] = digits[n - 1 - i];
	return (struct str){ p, o->stem.n + 1 + n };
}

static unsigned count_fields(const union mask *m)
{
	return (unsigned)(__builtin_popcountll(m->words[0]) + __builtin_popcountll(m->words[1]));
}

/* Of a number that stands among the lengths. */
static inline struct str take_value(const struct records_store *s, enum field field, uint64_t number,
			     const unsigned char **bytes)
{
	struct str value = { (const char *)*bytes, number };

	if (is_repeating(s, field)) {
		if (number & 1)
			return s->shared->of[field].entries[number >> 1].key;
		value.n = number >> 1;
	}
	*bytes += value.n;
	return value;
}

void records_get(const struct records *rs, size_t i, struct record *rec, struct arena *a)
{
	const struct records_store *s = rs->store;
	struct header h = get_header(s->rows[i]);
	const struct origin *o = &s->origins[h.origin];
	const unsigned char *length = h.lengths, *bytes = h.lengths;

	memset(rec, 0, sizeof(*rec));
	rec->feeds = h.feeds;
	rec->v[F_RECORD_ID] = record_id_of(o, h.row, a);
	rec->v[F_SOURCE] = o->source;
	rec->v[F_OBSERVED_ON] = o->observed_on;
	rec->v[F_DEALER_CODE] = s->dealers.entries[h.dealer].key;
	for (unsigned n = count_fields(&h.mask); n > 0; n--)
		while (*bytes++ & 0x80)
			;
	for (unsigned w = 0; w < MASK_BYTES / 8; w++)
		for (uint64_t left = h.mask.words[w]; left; left &= left - 1) {
			enum field field = w * 64 + (unsigned)__builtin_ctzll(left);
			uint64_t n = varint_get(&length);

			if (s->repeating.words[w] & left & -left) {
				rec->v[field] = take_value(s, field, n, &bytes);
				continue;
			}
			rec->v[field] = (struct str){ (const char *)bytes, n };
			bytes += n;
		}
}

unsigned records_feeds(const struct records *rs, size_t i)
{
	const unsigned char *p = rs->store->rows[i];

	for (int k = 0; k < 3; k++)
		varint_get(&p);
	return *p;
}

void records_prefetch(const struct records *rs, size_t i)
{
	const unsigned char *p = rs->store->rows[i];

	__builtin_prefetch(p);
	__builtin_prefetch(p + 64);
	__builtin_prefetch(p + 128);
}

/* How many bytes these fields have; *p goes from the first of their lengths behind the last. */
static size_t bytes_of(const struct records_store *s, const union mask *m, const unsigned char **p)
{
	size_t bytes = 0;

	for (unsigned w = 0; w < MASK_BYTES / 8; w++)
		for (uint64_t left = m->words[w]; left; left &= left - 1) {
			uint64_t n = varint_get(p);

			if (s->repeating.words[w] & left & -left)
				n = n & 1 ? 0 : n >> 1;
			bytes += n;
		}
	return bytes;
}

struct str records_value(const struct records *rs, size_t i, enum field field, struct arena *a)
{
	const struct records_store *s = rs->store;
	struct header h = get_header(s->rows[i]);
	const unsigned char *p = h.lengths;
	union mask before = h.mask;
	uint64_t number;
	size_t skip;

	if (field == F_RECORD_ID)
		return record_id_of(&s->origins[h.origin], h.row, a);
	if (field == F_SOURCE)
		return s->origins[h.origin].source;
	if (field == F_OBSERVED_ON)
		return s->origins[h.origin].observed_on;
	if (field == F_DEALER_CODE)
		return s->dealers.entries[h.dealer].key;
	if (!(h.mask.words[field / 64] >> field % 64 & 1))
		return (struct str){ NULL, 0 };
	before.words[field / 64] &= (1ull << field % 64) - 1;
	if (field < 64)
		before.words[1] = 0;
	skip = bytes_of(s, &before, &p);
	number = varint_get(&p);
	for (unsigned k = count_fields(&h.mask) - count_fields(&before) - 1; k > 0; k--)
		while (*p++ & 0x80)
			;
	p += skip;
	return take_value(s, field, number, &p);
}

static void append_packed(struct records *to, const struct records_store *from, const struct header *h)
{
	struct records_store *s = to->store;
	const unsigned char *lengths_end = h->lengths;
	size_t bytes = bytes_of(from, &h->mask, &lengths_end), body = (size_t)(lengths_end - h->lengths) + bytes;
	unsigned char *start = arena_bytes(&s->bytes, HEADER_MAX + body), *p = put_header(start, h);

	memcpy(p, h->lengths, body);
	arena_trim(&s->bytes, p + body);
	add_row(to, start);
}

static void append_anew(struct records *to, const struct records_store *from, const struct header *h)
{
	const unsigned char *length = h->lengths, *bytes = h->lengths;
	enum field fields[F_COUNT];
	struct str values[F_COUNT];
	unsigned n = 0;

	for (unsigned k = count_fields(&h->mask); k > 0; k--)
		while (*bytes++ & 0x80)
			;
	for (unsigned w = 0; w < MASK_BYTES / 8; w++)
		for (uint64_t left = h->mask.words[w]; left; left &= left - 1, n++) {
			fields[n] = w * 64 + (unsigned)__builtin_ctzll(left);
			values[n] = take_value(from, fields[n], varint_get(&length), &bytes);
		}
	pack(to, h, fields, values, n);
}

/* Where neither store shares values only the header changes: its interned numbers are those of
 * the other store. */
void records_append_one(struct records *to, const struct records *from, size_t i)
{
	struct records_store *s = to->store;
	struct header h = get_header(from->store->rows[i]);
	const struct origin *o = &from->store->origins[h.origin];

	h.origin = origin_number(s, o->stem, o->source, o->observed_on);
	h.dealer = dealer_number(s, from->store->dealers.entries[h.dealer].key);
	if (s->shared || from->store->shared)
		append_anew(to, from->store, &h);
	else
		append_packed(to, from->store, &h);
}

void records_append(struct records *to, const struct records *from)
{
	for (size_t i = 0; i < from->n; i++)
		records_append_one(to, from, i);
}
