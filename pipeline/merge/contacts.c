#include "contacts.h"

#include <stdlib.h>

#include "date.h"

struct state { /* of one contact */
	struct str sender, name, mobile; /* name and mobile of a guest only */
	struct str updated_at;
	int32_t day;
	uint32_t place;
};

/* Not a correction that is laid over the record which it mends; but the last one that brings in a row
 * which was rejected, for that is in no table otherwise. */
static bool is_contact(const struct merge *m, uint32_t place)
{
	const struct mending *mending = m->mendings.n ? mendings_by(&m->mendings, place) : NULL;

	return records_feeds(m->records, place) & FEEDS(ENTITY_CONTACT) &&
	       (!mending || brings_in_row(m, place)) && !is_replaced(m, place);
}

static struct state state_of(const struct merge *m, uint32_t place, struct arena *a)
{
	struct record rec;
	struct state s;
	bool guest;

	mendings_record(&m->mendings, place, &rec, a);
	name_row(m, place, &rec);
	guest = str_eq(rec.v[F_SOURCE], STR("activity"));
	s = (struct state){
		.sender = sender_of(m, rec.v[F_RECORD_ID]),
		.name = guest ? rec.v[F_NAME] : STR(""),
		.mobile = guest ? rec.v[F_MOBILE] : STR(""),
		.updated_at = rec.v[F_UPDATED_AT],
		.day = date_day(rec.v[F_OBSERVED_ON]),
		.place = place,
	};
	return s;
}

static int same_contact(const struct state *x, const struct state *y)
{
	int c = str_cmp(x->sender, y->sender);

	c = c ? c : str_cmp(x->mobile, y->mobile);
	return c ? c : str_cmp(x->name, y->name);
}

/* States of one contact side by side, the newest first: a later part or row of one day is
 * the newer state. */
static int by_contact(const void *a, const void *b)
{
	const struct state *x = a, *y = b;
	int c = same_contact(x, y);

	if (c)
		return c;
	if (x->day != y->day)
		return x->day > y->day ? -1 : 1;
	c = str_cmp(y->updated_at, x->updated_at);
	return c ? c : (x->place < y->place) - (x->place > y->place);
}

/* Of records with one contact number, marks those that a newer state has replaced. */
static void mark_replaced(const struct merge *m, const uint32_t *places, size_t n, bool *replaced)
{
	struct state *states = xmalloc(n * sizeof(*states));
	struct arena a = { 0 };

	for (size_t i = 0; i < n; i++)
		states[i] = state_of(m, places[i], &a);
	qsort(states, n, sizeof(*states), by_contact);
	for (size_t i = 1; i < n; i++)
		replaced[states[i].place] = same_contact(&states[i], &states[i - 1]) == 0;
	arena_release(&a);
	free(states);
}

static bool *find_replaced(const struct merge *m)
{
	bool *replaced = xcalloc(m->records->n + 1, sizeof(*replaced));
	struct groups groups = { 0 };

	for (uint32_t place = 0; place < m->records->n; place++) {
		struct str number = is_contact(m, place) ? records_value(m->records, place,
									 F_CONTACT_NO, NULL)
							 : STR("");

		if (number.n)
			groups_add(&groups, number, place);
	}
	groups_build(&groups, m->run->opt.jobs);
	for (size_t g = 0; g < groups.n; g++) {
		size_t n = groups.starts[g + 1] - groups.starts[g];

		if (n > 1)
			mark_replaced(m, groups.items + groups.starts[g], n, replaced);
	}
	groups_release(&groups);
	return replaced;
}

void contacts_merge(struct merge *m, struct rowset *contact)
{
	bool *replaced = find_replaced(m);
	enum field fields[TABLE_MAX_COLUMNS];
	struct str v[TABLE_MAX_COLUMNS];
	struct arena a = { 0 };

	for (size_t i = 0; i < CON_COLUMNS; i++)
		fields[i] = field_find(str_of(table_contact.columns[i]));
	for (uint32_t place = 0; place < m->records->n; place++) {
		struct record rec;

		if (!is_contact(m, place) || replaced[place])
			continue;
		mendings_record(&m->mendings, place, &rec, &a);
		for (size_t i = 0; i < CON_COLUMNS; i++)
			v[i] = fields[i] == F_COUNT ? STR("") : rec.v[fields[i]];
		v[CON_CUSTOMER_ID] = customer_of(m, place);
		rowset_add(contact, v);
		arena_reset(&a);
	}
	arena_release(&a);
	free(replaced);
}
