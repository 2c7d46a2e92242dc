#include "stretch.h"

void stretch_cells(struct stretch *s, const struct record *rec, const bool wrong[F_COUNT])
{
	for (size_t i = 0; i < s->from->n_cells; i++) {
		enum field field = s->from->cells[i];
		bool valid = rec->v[field].n != 0, given = valid || wrong[field];

		s->cells[field].all++;
		s->cells[field].given += given;
		s->cells[field].valid += valid;
	}
	for (enum field field = 0; field < F_COUNT; field++) {
		if (!s->from->expected[field])
			continue;
		bool given = rec->v[field].n || wrong[field];

		s->expected++;
		s->expected_given += given;
		s->expected_of[field]++;
		s->expected_given_of[field] += given;
	}
}

static void book_cells(const struct stretch *s, struct tally *t, const struct origin_scope *from)
{
	for (size_t i = 0; i < s->from->n_cells; i++) {
		enum field field = s->from->cells[i];
		const struct cells *c = &s->cells[field];
		struct str name = field_name(field);

		tally_add_origin(t, M_valid, from, c->valid, c->given);
		tally_add(t, M_valid, SCOPE_FIELD, name, c->valid, c->given);
		tally_add(t, M_filled, SCOPE_FIELD, name, c->given, c->all);
		tally_add_pair(t, M_valid, SCOPE_SOURCE_FIELD, from->source, name, c->valid, c->given);
		tally_add_pair(t, M_filled, SCOPE_SOURCE_FIELD, from->source, name, c->given, c->all);
	}
	for (enum field field = 0; field < F_COUNT; field++)
		if (s->expected_of[field])
			tally_add(t, M_expected_given, SCOPE_FIELD, field_name(field),
				  s->expected_given_of[field], s->expected_of[field]);
}

void stretch_end(struct stretch *s, struct tally *t)
{
	if (s->rows) {
		struct origin_scope from = { s->from->source, s->dealer };

		tally_add_origin(t, M_faultless, &from, s->faultless, s->rows);
		tally_add_origin(t, M_consistent, &from, s->consistent, s->rows);
		tally_add_origin(t, M_faults, &from, 0, s->rows);
		tally_add_origin(t, M_repaired, &from, 0, s->rows);
		if (s->expected)
			tally_add_origin(t, M_expected_given, &from, s->expected_given, s->expected);
		if (s->judged)
			tally_add_origin(t, M_on_time, &from, s->on_time, s->judged);
		if (s->urgent)
			tally_add_origin(t, M_urgent_on_time, &from, s->urgent_on_time, s->urgent);
		book_cells(s, t, &from);
	}
	*s = (struct stretch){ 0 };
}
