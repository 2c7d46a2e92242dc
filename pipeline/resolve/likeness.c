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

struct search { /* for one field */
	const struct people *p;
	const struct crowd *crowd;
	struct likeness *found;
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

/* A document counts under its identity, so that the old and the new form of it are one. */
uint64_t likeness_of_right(const struct people *p, const struct crowd *crowd, uint32_t record,
			   const struct record *rec, enum match_field field)
{
	struct arena a = { 0 };
	uint64_t value = 0;

	if (field == MATCH_MOBILE_LIKE) {
		if (!crowd_shares(crowd, witness_hash(MATCH_MOBILE, rec->v[F_MOBILE])))
			value = witness_hash(field, rec->v[F_MOBILE]);
	} else if (!(p->who[record] & LOOSE)) {
		value = witness_hash(field, reading_identity(rec, &a));
	}
	arena_release(&a);
	return value;
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
		else if (likeness_of_right(p, s->crowd, record, &rec, s->field))
			add_ends(s, piece, record, rec.v[s->cell], a);
	}
}

static void add_like(struct likeness *l, uint32_t record, uint64_t value)
{
	GROW(l->list, l->n, l->cap);
	l->list[l->n++] = (struct like){ record, value };
}

static void compare_group(struct search *s, const struct pair *group, size_t n, struct arena *a)
{
	const struct people *p = s->p;

	for (size_t i = 0; i < n && n <= MANY; i++) {
		uint32_t right = group[i].record;
		struct record rec;

		if (failed_of(s, right).n)
			continue;
		reading_record(p->reading, right, &rec, a);
		for (size_t j = 0; j < n; j++) {
			struct str failed = failed_of(s, group[j].record);

			if (failed.n && p->name[group[j].record] == p->name[right] &&
			    likeness_slip(failed, rec.v[s->cell]))
				add_like(s->found, group[j].record,
					 likeness_of_right(p, s->crowd, right, &rec, s->field));
		}
		arena_reset(a);
	}
}

/* Two records with the same wrong number have it in common, too. */
static void add_failed(struct search *s)
{
	for (uint32_t i = 0; i < s->p->n_loose; i++) {
		struct str failed = failed_of(s, s->p->loose[i]);

		if (failed.n)
			add_like(s->found, s->p->loose[i], witness_hash(s->field, failed));
	}
}

static void search_field(struct search *s)
{
	size_t from, end;

	memset(s->names, 0, NAME_BITS / 8);
	mark_names(s);
	pairs_init(&s->ends, people_pieces(s->p), s->p->jobs);
	pool_each(s->p->jobs, people_pieces(s->p), gather_piece, s);
	pairs_settle(&s->ends);
	for (size_t part = 0; part < s->ends.n_parts; part++) {
		end = s->ends.start[part];
		while (pairs_next(&s->ends, part, &from, &end))
			compare_group(s, s->ends.list + from, end - from, &s->arenas[0]);
	}
	pairs_release(&s->ends);
	add_failed(s);
}

static int by_record(const void *a, const void *b)
{
	const struct like *x = a, *y = b;

	if (x->record != y->record)
		return (x->record > y->record) - (x->record < y->record);
	return (x->value > y->value) - (x->value < y->value);
}

/* Both ends of a number may tell the same. */
static void settle(struct likeness *l)
{
	size_t n = 0;

	if (l->n)
		qsort(l->list, l->n, sizeof(*l->list), by_record);
	for (size_t i = 0; i < l->n; i++)
		if (!n || by_record(&l->list[n - 1], &l->list[i]) != 0)
			l->list[n++] = l->list[i];
	l->n = n;
}

void likeness_open(struct likeness *l, const struct people *p, const struct crowd *crowd)
{
	struct search s = { .p = p, .crowd = crowd, .found = l, .names = xcalloc(NAME_BITS / 8, 1) };

	*l = (struct likeness){ 0 };
	s.arenas = xcalloc(p->jobs, sizeof(*s.arenas));
	s.field = MATCH_ID_LIKE;
	s.cell = F_ID_NUMBER;
	search_field(&s);
	s.field = MATCH_MOBILE_LIKE;
	s.cell = F_MOBILE;
	search_field(&s);
	settle(l);
	for (unsigned i = 0; i < p->jobs; i++)
		arena_release(&s.arenas[i]);
	free(s.arenas);
	free(s.names);
}

size_t likeness_find(const struct likeness *l, uint32_t record)
{
	size_t low = 0, high = l->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (l->list[middle].record < record)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

void likeness_close(struct likeness *l)
{
	free(l->list);
	*l = (struct likeness){ 0 };
}
