/*
 * A slip leaves the first or the last characters of a number whole, so records under one name
 * whose numbers have either in common are all that must be compared.
 */
#include "likeness.h"

#include "digest.h"
#include "pairs.h"
#include "pool.h"

#include <stdlib.h>

enum {
	LONG_NUMBER = 16, /* from here on the ends compared have eight characters, else four */
	SPREADSHEET_DIGITS = 15, /* what a spreadsheet keeps of a number */
	CUT_DIGITS = 8, /* what must be left of a number that lost its end */
	MANY = 256, /* numbers under one name and end: compared no more */
};

struct like { /* a record, and what it has in common with others */
	uint64_t value;
	uint32_t record;
};

struct filter { /* which ends of which names are sought: a Bloom filter */
	uint64_t *words;
	uint64_t mask; /* words - 1 */
};

struct search { /* for one field */
	const struct people *p;
	const struct crowd *crowd;
	struct like *found;
	size_t n_found, cap_found;
	enum match_field field;
	enum field cell;
	struct filter names, ends; /* of records with a failed number */
	struct pairs pairs;
	struct arena *arenas;
};

static uint64_t filter_bits(uint64_t hash)
{
	return 1ull << (hash & 63) | 1ull << (hash >> 6 & 63);
}

/* About thirty-two bits for each of n. */
static void filter_open(struct filter *f, size_t n)
{
	size_t words = 64;

	while (words < n / 2)
		words *= 2;
	*f = (struct filter){ xcalloc(words, sizeof(*f->words)), words - 1 };
}

static void filter_add(struct filter *f, uint64_t hash)
{
	f->words[hash >> 24 & f->mask] |= filter_bits(hash);
}

static bool filter_has(const struct filter *f, uint64_t hash)
{
	return (f->words[hash >> 24 & f->mask] & filter_bits(hash)) == filter_bits(hash);
}

/* One character other, more, less, or two neighbours swapped; or the same. */
static bool one_edit(struct str a, struct str b)
{
	struct str longer = a.n >= b.n ? a : b, shorter = a.n >= b.n ? b : a;
	size_t front = 0, back = 0;

	if (longer.n > shorter.n + 1)
		return false;
	while (front < shorter.n && longer.p[front] == shorter.p[front])
		front++;
	while (back < shorter.n - front &&
	       longer.p[longer.n - 1 - back] == shorter.p[shorter.n - 1 - back])
		back++;
	if (longer.n > shorter.n)
		return front + back >= shorter.n;
	if (front + back + 1 >= longer.n)
		return true;
	return front + back + 2 == longer.n && longer.p[front] == shorter.p[front + 1] &&
	       longer.p[front + 1] == shorter.p[front];
}

bool likeness_slip(struct str failed, struct str right)
{
	bool zeros = failed.n == right.n && failed.n > SPREADSHEET_DIGITS &&
		     str_ends(failed, STR("000"));

	if (zeros && memcmp(failed.p, right.p, SPREADSHEET_DIGITS) == 0)
		return true;
	if (failed.n >= CUT_DIGITS && str_starts(right, failed))
		return true;
	return one_edit(failed, right);
}

/* What a valid number stands for; 0: nothing. An ID number counts for its holder only, and
 * under the identity, so that the old and the new form of a document are one. A mobile that
 * many share counts for nobody. */
static uint64_t value_of_right(const struct search *s, uint32_t record, const struct record *rec,
			       struct arena *a)
{
	if (s->field == MATCH_ID_LIKE)
		return s->p->person[record].who & LOOSE ? 0 : witness_hash(s->field, reading_identity(rec, a));
	if (crowd_shares(s->crowd, witness_hash(MATCH_MOBILE, rec->v[F_MOBILE])))
		return 0;
	return witness_hash(s->field, rec->v[F_MOBILE]);
}

static uint64_t end_hash(uint32_t name, struct str number, bool front)
{
	size_t n = number.n >= LONG_NUMBER ? 8 : 4;
	struct str end = { front ? number.p : number.p + number.n - n, n };

	return witness_mix(witness_mix(hash64(end), front), name);
}

static struct str failed_of(const struct search *s, uint32_t record)
{
	if (!(s->p->person[record].who & LOOSE))
		return STR("");
	return reading_failed(s->p->reading, record, s->cell);
}

static bool is_sought(const struct blanked *b, const struct search *s)
{
	return b->field == s->cell && b->value.n >= CUT_DIGITS && s->p->person[b->record].name &&
	       s->p->person[b->record].who != NOBODY && (s->p->person[b->record].who & LOOSE);
}

/* The failed numbers themselves, and what of the right ones must be looked at. */
static void gather_failed(struct search *s)
{
	const struct reading *r = s->p->reading;

	filter_open(&s->names, r->n_blanked);
	filter_open(&s->ends, 2 * r->n_blanked);
	for (size_t i = 0; i < r->n_blanked; i++) {
		const struct blanked *b = &r->blanked[i];

		if (!is_sought(b, s))
			continue;
		filter_add(&s->names, witness_mix(0, s->p->person[b->record].name));
		for (int front = 0; front < 2; front++) {
			uint64_t hash = end_hash(s->p->person[b->record].name, b->value, front);

			filter_add(&s->ends, hash);
			pairs_add(&s->pairs, 0, hash, b->record);
		}
	}
}

static void gather_right(struct search *s, size_t piece, uint32_t record, struct arena *a)
{
	const struct reading *r = s->p->reading;
	struct record rec;
	struct str number;

	if (reading_is_mended(r, record)) {
		reading_record(r, record, &rec, a);
		number = rec.v[s->cell];
	} else {
		number = records_value(r->records, record, s->cell, a);
	}
	for (int front = 0; front < 2 && number.n >= CUT_DIGITS; front++) {
		uint64_t hash = end_hash(s->p->person[record].name, number, front);

		if (filter_has(&s->ends, hash))
			pairs_add(&s->pairs, piece, hash, record);
	}
	arena_reset(a);
}

static void gather_piece(void *context, size_t piece, unsigned worker)
{
	struct search *s = context;
	const struct people *p = s->p;
	size_t end = (piece + 1) * RECORDS_PIECE < p->n ? (piece + 1) * RECORDS_PIECE : p->n;

	for (size_t i = piece * RECORDS_PIECE; i < end; i++)
		if (p->person[i].who != NOBODY && p->person[i].name &&
		    filter_has(&s->names, witness_mix(0, p->person[i].name)))
			gather_right(s, piece + 1, (uint32_t)i, &s->arenas[worker]);
}

static void add_like(struct search *s, uint32_t record, uint64_t value)
{
	uint64_t named = witness_mix(value, s->p->person[record].name);

	GROW(s->found, s->n_found, s->cap_found);
	s->found[s->n_found++] = (struct like){ named, record };
}

static void compare_group(struct search *s, const struct pair *group, size_t n, struct arena *a)
{
	const struct people *p = s->p;

	for (size_t i = 0; i < n && n <= MANY; i++) {
		uint32_t right = group[i].record;
		struct record rec;
		uint64_t value = 0;
		bool found = false;

		if (failed_of(s, right).n)
			continue;
		reading_record(p->reading, right, &rec, a);
		value = value_of_right(s, right, &rec, a);
		for (size_t j = 0; j < n && value; j++) {
			struct str failed = failed_of(s, group[j].record);

			if (!failed.n || p->person[group[j].record].name != p->person[right].name ||
			    !likeness_slip(failed, rec.v[s->cell]))
				continue;
			add_like(s, group[j].record, value);
			found = true;
		}
		if (found)
			add_like(s, right, value);
		arena_reset(a);
	}
}

/* Two records with the same wrong number have it in common, too. */
static void add_failed(struct search *s)
{
	for (uint32_t i = 0; i < s->p->n_loose; i++) {
		struct str failed = failed_of(s, s->p->loose[i]);

		if (failed.n && s->p->person[s->p->loose[i]].name)
			add_like(s, s->p->loose[i], witness_hash(s->field, failed));
	}
}

static int by_record(const void *a, const void *b)
{
	const struct like *x = a, *y = b;

	if (x->record != y->record)
		return (x->record > y->record) - (x->record < y->record);
	return (x->value > y->value) - (x->value < y->value);
}

/* Both ends of a number may tell the same. */
static void hand_over(struct search *s, struct pairs *likes)
{
	if (s->n_found)
		qsort(s->found, s->n_found, sizeof(*s->found), by_record);
	pairs_init(likes, 1, s->p->jobs);
	for (size_t i = 0; i < s->n_found; i++)
		if (!i || by_record(&s->found[i - 1], &s->found[i]) != 0)
			pairs_add(likes, 0, s->found[i].value, s->found[i].record);
	free(s->found);
}

static void compare_all(struct search *s)
{
	size_t from, end;

	pairs_settle(&s->pairs);
	for (size_t part = 0; part < s->pairs.n_parts; part++) {
		end = s->pairs.start[part];
		while (pairs_next(&s->pairs, part, &from, &end))
			if (end - from > 1)
				compare_group(s, s->pairs.list + from, end - from, &s->arenas[0]);
	}
	pairs_release(&s->pairs);
}

static void search_field(struct search *s, struct pairs *likes)
{
	const struct people *p = s->p;
	size_t pieces = gather_pieces(p->gather);

	s->arenas = xcalloc(p->jobs, sizeof(*s->arenas));
	pairs_init(&s->pairs, pieces + 1, p->jobs);
	gather_failed(s);
	pool_each(p->jobs, pieces, gather_piece, s);
	compare_all(s);
	add_failed(s);
	hand_over(s, likes);
	for (unsigned i = 0; i < p->jobs; i++)
		arena_release(&s->arenas[i]);
	free(s->arenas);
	free(s->names.words);
	free(s->ends.words);
}

void likeness_open(struct likeness *l, const struct people *p, const struct crowd *crowd)
{
	struct search ids = {
		.p = p, .crowd = crowd, .field = MATCH_ID_LIKE, .cell = F_ID_NUMBER
	};
	struct search mobiles = {
		.p = p, .crowd = crowd, .field = MATCH_MOBILE_LIKE, .cell = F_MOBILE
	};

	search_field(&ids, &l->likes[0]);
	search_field(&mobiles, &l->likes[1]);
}

const struct pairs *likeness_settle(struct likeness *l, enum match_field field)
{
	struct pairs *likes = &l->likes[field == MATCH_ID_LIKE ? 0 : 1];

	pairs_settle(likes);
	return likes;
}

void likeness_close(struct likeness *l)
{
	pairs_release(&l->likes[0]);
	pairs_release(&l->likes[1]);
}
