#include "renewal.h"

#include <stdlib.h>

struct holder { /* of a document, as far as renewals ask */
	uint32_t identity;
	struct str family, number, first_seen;
};

struct holders { /* of all identities that have a twin, by identity */
	struct holder *list;
	size_t n;
};

static int by_identity(const void *a, const void *b)
{
	const struct holder *x = a, *y = b;

	return (x->identity > y->identity) - (x->identity < y->identity);
}

static struct holder *holder_of(const struct holders *h, uint32_t identity)
{
	struct holder key = { .identity = identity };

	return bsearch(&key, h->list, h->n, sizeof(key), by_identity);
}

/* A number 81.., 82.. or 83.. is the residence permit of somebody from Hong Kong, Macau or
 * Taiwan. */
static struct str family_of(struct str type, struct str number)
{
	bool resident = number.n == 18 && id_number_holds(number);

	if (resident && number.p[0] == '8')
		return STR("residence_permit");
	if (type.n || !resident)
		return type;
	return number.p[0] == '9' ? STR("foreign_resident") : STR("resident");
}

/* Number, kind and first day of each document, over all records that carry it. Not every
 * record says the kind. */
static void describe_all(const struct people *p, struct holders *h, struct arena *keep)
{
	bool *asked = xcalloc((size_t)p->n_identities + 1, sizeof(*asked));
	struct arena a = { 0 };

	for (size_t k = 0; k < h->n; k++)
		asked[h->list[k].identity] = true;
	for (size_t i = 0; i < p->n; i++, arena_reset(&a)) {
		struct holder *holder;
		struct record rec;

		if ((p->person[i].who & LOOSE) || !asked[p->person[i].who])
			continue;
		holder = holder_of(h, p->person[i].who);
		reading_record(p->reading, i, &rec, &a);
		if (!holder->number.n)
			holder->number = str_keep(keep, rec.v[F_ID_NUMBER]);
		if (!holder->family.n)
			holder->family = str_keep(keep, family_of(rec.v[F_ID_TYPE], rec.v[F_ID_NUMBER]));
		if (!holder->first_seen.n || str_cmp(rec.v[F_OBSERVED_ON], holder->first_seen) < 0)
			holder->first_seen = str_keep(keep, rec.v[F_OBSERVED_ON]);
	}
	arena_release(&a);
	free(asked);
}

static void holders_open(struct holders *h, const struct people *p, const struct crowd *crowd,
			 struct arena *keep)
{
	size_t n = 0;

	h->list = xcalloc(2 * crowd->n_twins + 1, sizeof(*h->list));
	for (size_t i = 0; i < crowd->n_twins; i++) {
		h->list[n++].identity = crowd->twins[i].one;
		h->list[n++].identity = crowd->twins[i].other;
	}
	if (n)
		qsort(h->list, n, sizeof(*h->list), by_identity);
	h->n = 0;
	for (size_t i = 0; i < n; i++)
		if (!h->n || h->list[h->n - 1].identity != h->list[i].identity)
			h->list[h->n++] = h->list[i];
	if (h->n)
		describe_all(p, h, keep);
}

static bool is_allowed(const struct matching *m, const struct holder *from, const struct holder *to)
{
	for (size_t i = 0; i < m->n_renewals; i++)
		if (str_eq(m->renewals[i].from, from->family) && str_eq(m->renewals[i].to, to->family))
			return true;
	return false;
}

/* Which of two documents is the newer: the kind that replaces the other kind; the longer form
 * of one kind; the one that was first seen later; at last the larger number. */
static bool is_newer(const struct matching *m, const struct holder *a, const struct holder *b)
{
	int c;

	if (is_allowed(m, b, a) != is_allowed(m, a, b))
		return is_allowed(m, b, a);
	if (a->number.n != b->number.n && str_eq(a->family, b->family))
		return a->number.n > b->number.n;
	c = str_cmp(a->first_seen, b->first_seen);
	return c ? c > 0 : str_cmp(a->number, b->number) > 0;
}

/* The records that show the twins really bear one name, and neither birth date nor gender
 * speaks against it. */
static bool is_one_person(const struct people *p, const struct twin *t)
{
	struct arena a = { 0 };
	struct record one, other;
	struct name_form name, other_name;
	int32_t birth, other_birth;
	bool same;

	reading_record(p->reading, t->record, &one, &a);
	reading_record(p->reading, t->other_record, &other, &a);
	reading_name(p->reading, t->record, &one, &name, &a);
	reading_name(p->reading, t->other_record, &other, &other_name, &a);
	birth = record_birth_date(&one);
	other_birth = record_birth_date(&other);
	same = name_compare(&name, &other_name) == NAME_EXACT &&
	       (birth == INT32_MIN || other_birth == INT32_MIN || birth == other_birth) &&
	       (!one.v[F_GENDER].n || !other.v[F_GENDER].n ||
		str_eq(one.v[F_GENDER], other.v[F_GENDER]));
	arena_release(&a);
	return same;
}

/* A person keeps them apart, or two documents that they would bring together. */
static bool is_kept_apart(const struct people *p, const struct twin *t, const struct apart *apart)
{
	uint32_t one = people_identity(p, t->one), other = people_identity(p, t->other);
	bool found = false;

	for (size_t i = 0; i < apart->n; i++) {
		struct apart_pair *pair = &apart->list[i];
		uint32_t a = people_identity(p, pair->one), b = people_identity(p, pair->other);

		if ((a == one && b == other) || (a == other && b == one))
			found = pair->mattered = true;
	}
	return found;
}

static void keep_renewed(struct renewals *r, uint32_t old, const struct holder *now,
			 enum match_field field)
{
	GROW(r->list, r->n, r->cap);
	r->list[r->n++] = (struct renewed){ old, now->identity, field, now->first_seen };
}

/* Joins two chains of documents under the newest of both ends. */
static void join(struct renewals *r, struct people *p, const struct holders *h, const struct twin *t)
{
	const struct matching *m = p->reading->matching;
	const struct holder *one = holder_of(h, people_identity(p, t->one));
	const struct holder *other = holder_of(h, people_identity(p, t->other));
	const struct holder *now = is_newer(m, one, other) ? one : other;
	const struct holder *old = now == one ? other : one;

	if (one == other)
		return;
	p->same_as[old->identity] = now->identity;
	keep_renewed(r, old->identity, now, t->field);
}

void renewals_open(struct renewals *r, struct people *p, const struct crowd *crowd,
		   const struct apart *apart)
{
	struct holders h;

	*r = (struct renewals){ 0 };
	holders_open(&h, p, crowd, &r->arena);
	for (size_t i = 0; i < crowd->n_twins; i++) {
		const struct twin *t = &crowd->twins[i];
		const struct holder *one = holder_of(&h, t->one), *other = holder_of(&h, t->other);
		bool allowed = is_allowed(p->reading->matching, one, other) ||
			       is_allowed(p->reading->matching, other, one);

		if (people_identity(p, t->one) == people_identity(p, t->other) ||
		    is_kept_apart(p, t, apart))
			continue;
		if (allowed && is_one_person(p, t)) {
			join(r, p, &h, t);
			continue;
		}
		GROW(r->doubtful, r->n_doubtful, r->cap_doubtful);
		r->doubtful[r->n_doubtful++] = *t;
	}
	free(h.list);
}

void renewals_close(struct renewals *r)
{
	free(r->list);
	free(r->doubtful);
	arena_release(&r->arena);
	*r = (struct renewals){ 0 };
}
