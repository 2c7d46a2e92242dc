#include "gather.h"

#include "digest.h"
#include "pool.h"

#include <stdlib.h>

struct sweep {
	struct gather *g;
	unsigned fields; /* that its columns need */
	bool first; /* names, flags and ID numbers too */
	const uint8_t *split;
	struct arena *arenas; /* one for each worker */
};

/* The seventeen digits before the check character fit a word, so residents are told apart
 * exactly; a multiplication by an odd number mixes them without bringing two together. */
static uint64_t identity_hash(struct str identity)
{
	struct str front = STR("number:");
	uint64_t number;

	if (str_starts(identity, front) && identity.n == front.n + 18 &&
	    str_u64((struct str){ identity.p + front.n, 17 }, &number))
		return number * 0x9E3779B97F4A7C15u;
	return hash64(identity);
}

static enum role role_of(const struct record *rec)
{
	if (rec->feeds & FEEDS(ENTITY_CUSTOMER))
		return ROLE_CUSTOMER;
	return rec->feeds & FEEDS(ENTITY_CONTACT) ? ROLE_CONTACT : ROLE_NONE;
}

static void take_identity(struct sweep *s, size_t piece, size_t i, const struct record *rec,
			  const struct witness *w, struct arena *a)
{
	struct gather *g = s->g;
	struct str identity = STR("");

	g->person[i].name = name_number(w);
	if (s->g->reading->role[i] == ROLE_CUSTOMER)
		identity = reading_identity(rec, a);
	if (identity.n)
		g->flags[i] |= RECORD_HAS_ID | (s->split ? s->split[i] : 0);
	if (record_birth_date(rec) != INT32_MIN)
		g->flags[i] |= RECORD_HAS_BIRTH;
	if (identity.n && !(g->flags[i] & RECORD_SPLIT))
		pairs_add(&g->ids, piece, identity_hash(identity), (uint32_t)i);
}

/* Who came with a car is not who owns it: the names of service visits under a VIN or plate are
 * drivers, relatives and colleagues. Such a record looks for the owner, and is none: it is
 * gathered, but the guard does not count it (crowd.c). */
static uint64_t column_value(const struct column *c, const struct matching *m,
			     const struct witness *w)
{
	const struct evidence *e = &m->evidence[c->number];
	uint64_t value = c->number + 1;

	if (c->is_field)
		return w->value[c->number];
	for (int field = 0; field < MATCH_FIELDS; field++) {
		if (!(e->fields >> field & 1))
			continue;
		if (!w->value[field])
			return 0;
		value = witness_mix(value, w->value[field]);
	}
	if (e->by_name && (!w->name || w->form.surname_only))
		return 0;
	return e->by_name ? witness_mix(value, w->name) : value;
}

static void take_record(struct sweep *s, size_t piece, size_t i, struct arena *a)
{
	struct gather *g = s->g;
	uint8_t *role = &g->reading->role[i];
	struct record rec;
	struct witness w;

	if (s->first)
		g->person[i] = (struct person){ NOBODY, 0 };
	if (*role == ROLE_CORRECTION || *role == ROLE_REPLACED || (!s->first && *role == ROLE_NONE))
		return;
	reading_record(g->reading, i, &rec, a);
	if (s->first)
		*role = (uint8_t)role_of(&rec);
	if (*role == ROLE_NONE)
		return;
	reading_witness(g->reading, i, &rec, s->fields, &w, a);
	if (s->first)
		take_identity(s, piece, i, &rec, &w, a);
	for (size_t c = g->from; c < g->to; c++) {
		uint64_t value = column_value(&g->columns[c], g->reading->matching, &w);

		if (value)
			pairs_add(&g->columns[c].values, piece, value, (uint32_t)i);
	}
}

static void take_piece(void *context, size_t piece, unsigned worker)
{
	struct sweep *s = context;
	struct arena *a = &s->arenas[worker];
	size_t end = (piece + 1) * RECORDS_PIECE < s->g->n ? (piece + 1) * RECORDS_PIECE : s->g->n;

	for (size_t i = piece * RECORDS_PIECE; i < end; i++) {
		take_record(s, piece, i, a);
		arena_reset(a);
	}
}

static void sweep(struct gather *g, bool first, const uint8_t *split)
{
	const struct matching *m = g->reading->matching;
	struct sweep s = {
		.g = g,
		.first = first,
		.split = split,
		.arenas = xcalloc(g->jobs, sizeof(*s.arenas)),
	};

	for (size_t c = g->from; c < g->to; c++) {
		struct column *column = &g->columns[c];

		s.fields |= column->is_field ? 1u << column->number :
					       m->evidence[column->number].fields;
		pairs_init(&column->values, gather_pieces(g), g->jobs);
	}
	pool_each(g->jobs, gather_pieces(g), take_piece, &s);
	for (unsigned i = 0; i < g->jobs; i++)
		arena_release(&s.arenas[i]);
	free(s.arenas);
}

/* A kind of evidence that is a guarded field by itself needs no column of its own, and
 * numbers that are like others are compared elsewhere (likeness.h). */
static bool needs_column(const struct matching *m, const struct evidence *e)
{
	bool one_field = (e->fields & (e->fields - 1)) == 0;

	if (e->fields & (1u << MATCH_ID_LIKE | 1u << MATCH_MOBILE_LIKE))
		return false;
	return !one_field || !m->guard[__builtin_ctz(e->fields)].names;
}

/* Fields first: what they show to be shared is no evidence beside other fields either. */
static void plan_columns(struct gather *g)
{
	const struct matching *m = g->reading->matching;

	for (unsigned field = 0; field < MATCH_FIELDS; field++)
		if (m->guard[field].names)
			g->columns[g->n_columns++] = (struct column){ true, field, { 0 } };
	for (unsigned e = 0; e < m->n_evidence; e++)
		if (needs_column(m, &m->evidence[e]))
			g->columns[g->n_columns++] = (struct column){ false, e, { 0 } };
}

void gather_open(struct gather *g, const struct reading *reading, const uint8_t *split,
		 unsigned jobs, uint64_t memory)
{
	uint64_t column = (uint64_t)reading->records->n * sizeof(struct pair) + 1;

	*g = (struct gather){
		.reading = reading,
		.jobs = jobs,
		.n = reading->records->n,
		.person = xreallocarray(NULL, reading->records->n + 1, sizeof(*g->person)),
		.flags = xcalloc(reading->records->n + 1, 1),
	};
	plan_columns(g);
	g->columns_a_sweep = memory / column < 1 ? 1 : memory / column;
	g->to = g->n_columns < g->columns_a_sweep ? g->n_columns : g->columns_a_sweep;
	pairs_init(&g->ids, gather_pieces(g), jobs);
	sweep(g, true, split);
}

bool gather_sweep(struct gather *g)
{
	g->from = g->to;
	if (g->from == g->n_columns)
		return false;
	g->to = g->from + g->columns_a_sweep;
	g->to = g->to < g->n_columns ? g->to : g->n_columns;
	sweep(g, false, NULL);
	return true;
}

void gather_close(struct gather *g)
{
	for (size_t c = 0; c < g->n_columns; c++)
		pairs_release(&g->columns[c].values);
	pairs_release(&g->ids);
	free(g->person);
	free(g->flags);
	*g = (struct gather){ 0 };
}
