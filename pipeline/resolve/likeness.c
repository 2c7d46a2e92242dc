/*
 * One slip leaves the first or the last eight characters of a number whole, so records under
 * one name whose numbers have either in common are all that must be compared.
 */
#include "likeness.h"

#include "digest.h"
#include "pairs.h"
#include "pool.h"

#include <stdlib.h>

enum {
	LONG_NUMBER = 16, /* from here on halves have eight characters, else four */
	SPREADSHEET_DIGITS = 15, /* what a spreadsheet keeps of a number */
	MANY = 256, /* numbers under one name and half: compared no more */
};

struct search {
	const struct people *p;
	struct likeness *found;
	struct pairs halves;
	uint8_t *names; /* bit for each name number: borne by a record with a failed number */
	struct arena *arenas;
};

enum { NAME_BITS = 1 << 20 };

uint64_t likeness_of_document(struct str identity)
{
	return witness_hash(MATCH_ID_LIKE, identity);
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
	return one_edit(failed, right);
}

static uint64_t half_hash(uint32_t name, struct str number, bool front, struct arena *a)
{
	size_t n = number.n >= LONG_NUMBER ? 8 : 4;
	struct str half = { front ? number.p : number.p + number.n - n, n };

	return hash64(str_printf(a, "%u %d %.*s", (unsigned)name, front, STR_FMT(half)));
}

static void add_halves(struct search *s, size_t piece, uint32_t record, struct str number,
		       struct arena *a)
{
	if (number.n < 8)
		return;
	pairs_add(&s->halves, piece, half_hash(s->p->name[record], number, true, a), record);
	pairs_add(&s->halves, piece, half_hash(s->p->name[record], number, false, a), record);
}

static void mark_names(struct search *s)
{
	const struct people *p = s->p;

	for (uint32_t i = 0; i < p->n_loose; i++) {
		uint32_t record = p->loose[i], bit = p->name[record] & (NAME_BITS - 1);

		if (p->name[record] && reading_failed_id(p->reading, record).n)
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
		uint32_t bit = p->name[i] & (NAME_BITS - 1);
		struct record rec;

		if (p->who[i] == NOBODY || !p->name[i] || !(s->names[bit / 8] >> bit % 8 & 1))
			continue;
		if (p->who[i] & LOOSE) {
			add_halves(s, piece, (uint32_t)i, reading_failed_id(p->reading, i), a);
			continue;
		}
		reading_record(p->reading, i, &rec, a);
		add_halves(s, piece, (uint32_t)i, rec.v[F_ID_NUMBER], a);
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
		struct record rec;
		struct str identity;

		if (p->who[group[i].record] & LOOSE)
			continue;
		reading_record(p->reading, group[i].record, &rec, a);
		identity = reading_identity(&rec, a);
		for (size_t j = 0; j < n; j++) {
			uint32_t loose = group[j].record;

			if ((p->who[loose] & LOOSE) && p->name[loose] == p->name[group[i].record] &&
			    likeness_slip(reading_failed_id(p->reading, loose), rec.v[F_ID_NUMBER]))
				add_like(s->found, loose, likeness_of_document(identity));
		}
		arena_reset(a);
	}
}

static int by_record(const void *a, const void *b)
{
	const struct like *x = a, *y = b;

	if (x->record != y->record)
		return (x->record > y->record) - (x->record < y->record);
	return (x->value > y->value) - (x->value < y->value);
}

/* Two halves may tell the same twice. */
static void settle(struct likeness *l)
{
	size_t n = 0;

	if (!l->n)
		return;
	qsort(l->list, l->n, sizeof(*l->list), by_record);
	for (size_t i = 0; i < l->n; i++)
		if (!n || by_record(&l->list[n - 1], &l->list[i]) != 0)
			l->list[n++] = l->list[i];
	l->n = n;
}

static void add_failed(struct likeness *l, const struct people *p)
{
	for (uint32_t i = 0; i < p->n_loose; i++) {
		struct str failed = reading_failed_id(p->reading, p->loose[i]);

		if (failed.n)
			add_like(l, p->loose[i], witness_hash(MATCH_ID_LIKE, failed));
	}
}

void likeness_open(struct likeness *l, const struct people *p)
{
	struct search s = { .p = p, .found = l, .names = xcalloc(NAME_BITS / 8, 1) };
	size_t from, end;

	*l = (struct likeness){ 0 };
	s.arenas = xcalloc(p->jobs, sizeof(*s.arenas));
	mark_names(&s);
	pairs_init(&s.halves, people_pieces(p), p->jobs);
	pool_each(p->jobs, people_pieces(p), gather_piece, &s);
	pairs_settle(&s.halves);
	for (size_t part = 0; part < s.halves.n_parts; part++) {
		end = s.halves.start[part];
		while (pairs_next(&s.halves, part, &from, &end))
			compare_group(&s, s.halves.list + from, end - from, &s.arenas[0]);
	}
	pairs_release(&s.halves);
	add_failed(l, p);
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
		size_t middle = (low + high) / 2;

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
