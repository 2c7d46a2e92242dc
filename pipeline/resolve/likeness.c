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
	NAME_BITS = 1 << 20,
};

struct like { /* a record, and what it has in common with others */
	uint64_t value;
	uint32_t record;
};

struct search { /* for one field */
	const struct people *p;
	const struct crowd *crowd;
	struct like *found;
	size_t n_found, cap_found;
	enum match_field field;
	enum field cell;
	struct pairs ends;
	uint8_t *names; /* bit for each name number: borne by a record with a failed number */
	struct arena *arenas;
};

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
		return s->p->who[record] & LOOSE ? 0 : witness_hash(s->field, reading_identity(rec, a));
	if (crowd_shares(s->crowd, witness_hash(MATCH_MOBILE, rec->v[F_MOBILE])))
		return 0;
	return witness_hash(s->field, rec->v[F_MOBILE]);
}

static uint64_t end_hash(uint32_t name, struct str number, bool front, struct arena *a)
{
	size_t n = number.n >= LONG_NUMBER ? 8 : 4;
	struct str end = { front ? number.p : number.p + number.n - n, n };

	return hash64(str_printf(a, "%u %d %.*s", (unsigned)name, front, STR_FMT(end)));
}

static void add_ends(struct search *s, size_t piece, uint32_t record, struct str number,
		     struct arena *a)
{
	if (number.n < CUT_DIGITS)
		return;
	pairs_add(&s->ends, piece, end_hash(s->p->name[record], number, true, a), record);
	pairs_add(&s->ends, piece, end_hash(s->p->name[record], number, false, a), record);
}

static struct str failed_of(const struct search *s, uint32_t record)
{
	if (!(s->p->who[record] & LOOSE))
		return STR("");
	return reading_failed(s->p->reading, record, s->cell);
}

static void mark_names(struct search *s)
{
	const struct people *p = s->p;

	for (uint32_t i = 0; i < p->n_loose; i++) {
		uint32_t record = p->loose[i], bit = p->name[record] & (NAME_BITS - 1);

		if (p->name[record] && failed_of(s, record).n)
			s->names[bit / 8] |= (uint8_t)(1u << bit % 8);
	}
}

static void gather_piece(void *context, size_t piece, unsigned worker)
{
	struct search *s = context;
	const struct people *p = s->p;
	struct arena *a = &s->arenas[worker];
	size_t end = (piece + 1) * RECORDS_PIECE < p->n ? (piece + 1) * RECORDS_PIECE : p->n;

	for (size_t i = piece * RECORDS_PIECE; i < end; i++, arena_reset(a)) {
		uint32_t record = (uint32_t)i, bit = p->name[i] & (NAME_BITS - 1);
		struct str failed;
		struct record rec;

		if (p->who[i] == NOBODY || !p->name[i] || !(s->names[bit / 8] >> bit % 8 & 1))
			continue;
		failed = failed_of(s, record);
		reading_record(p->reading, i, &rec, a);
		if (failed.n)
			add_ends(s, piece, record, failed, a);
		else if (value_of_right(s, record, &rec, a))
			add_ends(s, piece, record, rec.v[s->cell], a);
	}
}

static void add_like(struct search *s, uint32_t record, uint64_t value)
{
	uint64_t named = witness_mix(value, s->p->name[record]);

	GROW(s->found, s->n_found, s->cap_found);
	s->found[s->n_found++] = (struct like){ named, record };
}

static void compare_group(struct search *s, const struct pair *group, size_t n, struct arena *a)
{
	const struct people *p = s->p;

	for (size_t i = 0; i < n && n <= MANY; i++) {
		uint32_t right = group[i].record;
		struct record rec;
		bool found = false;

		if (failed_of(s, right).n)
			continue;
		reading_record(p->reading, right, &rec, a);
		for (size_t j = 0; j < n; j++) {
			struct str failed = failed_of(s, group[j].record);

			if (!failed.n || p->name[group[j].record] != p->name[right] ||
			    !likeness_slip(failed, rec.v[s->cell]))
				continue;
			add_like(s, group[j].record, value_of_right(s, right, &rec, a));
			found = true;
		}
		if (found)
			add_like(s, right, value_of_right(s, right, &rec, a));
		arena_reset(a);
	}
}

/* Two records with the same wrong number have it in common, too. */
static void add_failed(struct search *s)
{
	for (uint32_t i = 0; i < s->p->n_loose; i++) {
		struct str failed = failed_of(s, s->p->loose[i]);

		if (failed.n && s->p->name[s->p->loose[i]])
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

static void search_field(struct search *s, struct pairs *likes)
{
	const struct people *p = s->p;
	size_t from, end;

	s->names = xcalloc(NAME_BITS / 8, 1);
	s->arenas = xcalloc(p->jobs, sizeof(*s->arenas));
	mark_names(s);
	pairs_init(&s->ends, gather_pieces(p->gather), p->jobs);
	pool_each(p->jobs, gather_pieces(p->gather), gather_piece, s);
	pairs_settle(&s->ends);
	for (size_t part = 0; part < s->ends.n_parts; part++) {
		end = s->ends.start[part];
		while (pairs_next(&s->ends, part, &from, &end))
			compare_group(s, s->ends.list + from, end - from, &s->arenas[0]);
	}
	pairs_release(&s->ends);
	add_failed(s);
	hand_over(s, likes);
	for (unsigned i = 0; i < p->jobs; i++)
		arena_release(&s->arenas[i]);
	free(s->arenas);
	free(s->names);
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
