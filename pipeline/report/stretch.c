#include "stretch.h"

#include <stdlib.h>

struct dealer_rows *stretch_dealer(struct stretch *s, struct str dealer)
{
	bool added;

	if (s->n && str_eq(s->dealers[s->at].dealer, dealer))
		return &s->dealers[s->at];
	s->at = *map_put(&s->by_dealer, dealer, s->n, &added);
	if (added) {
		GROW(s->dealers, s->n, s->cap);
		s->dealers[s->n++] = (struct dealer_rows){ .dealer = s->by_dealer.entries[s->at].key };
	}
	return &s->dealers[s->at];
}

void stretch_cells(struct stretch *s, const struct record *rec, const bool wrong[F_COUNT])
{
	struct dealer_rows *d = &s->dealers[s->at];

	for (size_t i = 0; i < s->from->n_cells; i++) {
		enum field field = s->from->cells[i];
		bool valid = rec->v[field].n != 0, given = valid || wrong[field];

		s->cells[field].all++;
		s->cells[field].given += given;
		s->cells[field].valid += valid;
		d->given += given;
		d->valid += valid;
	}
	for (enum field field = 0; field < F_COUNT; field++) {
		if (!s->from->expected[field])
			continue;
		bool given = rec->v[field].n || wrong[field];

		d->expected++;
		d->expected_given += given;
		s->expected_of[field]++;
		s->expected_given_of[field] += given;
	}
}

static void book_cells(const struct stretch *s, struct tally *t)
{
	struct str source = s->from->source;

	for (size_t i = 0; i < s->from->n_cells; i++) {
		enum field field = s->from->cells[i];
		const struct cells *c = &s->cells[field];
		struct str name = field_name(field);

		tally_add(t, M_valid, SCOPE_FIELD, name, c->valid, c->given);
		tally_add(t, M_filled, SCOPE_FIELD, name, c->given, c->all);
		tally_add_pair(t, M_valid, SCOPE_SOURCE_FIELD, source, name, c->valid, c->given);
		tally_add_pair(t, M_filled, SCOPE_SOURCE_FIELD, source, name, c->given, c->all);
	}
	for (enum field field = 0; field < F_COUNT; field++)
		if (s->expected_of[field])
			tally_add(t, M_expected_given, SCOPE_FIELD, field_name(field),
				  s->expected_given_of[field], s->expected_of[field]);
}

static void book_dealer(const struct stretch *s, const struct dealer_rows *d, struct tally *t)
{
	struct origin_scope from = { s->from->source, d->dealer };

	tally_add_origin(t, M_faultless, &from, d->faultless, d->rows);
	tally_add_origin(t, M_consistent, &from, d->consistent, d->rows);
	tally_add_origin(t, M_faults, &from, 0, d->rows);
	tally_add_origin(t, M_repaired, &from, 0, d->rows);
	if (d->expected)
		tally_add_origin(t, M_expected_given, &from, d->expected_given, d->expected);
	if (d->judged)
		tally_add_origin(t, M_on_time, &from, d->on_time, d->judged);
	if (d->urgent)
		tally_add_origin(t, M_urgent_on_time, &from, d->urgent_on_time, d->urgent);
	if (s->from->n_cells)
		tally_add_origin(t, M_valid, &from, d->valid, d->given);
}

void stretch_end(struct stretch *s, struct tally *t)
{
	if (s->n)
		book_cells(s, t);
	for (size_t i = 0; i < s->n; i++)
		book_dealer(s, &s->dealers[i], t);
	stretch_release(s);
}

void stretch_release(struct stretch *s)
{
	free(s->dealers);
	map_release(&s->by_dealer);
	*s = (struct stretch){ 0 };
}
