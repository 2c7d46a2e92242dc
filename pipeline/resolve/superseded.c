#include "superseded.h"

#include <stdlib.h>

static const char *const pending_columns[] = { "customer_id", "record_id", NULL };
const struct table_def table_pending_keys = { "resolve/pending_keys", pending_columns, 0 };

struct line {
	struct str old_id, new_id, on, reason;
};

struct lines {
	struct line *list;
	size_t n, cap;
	struct map by_old; /* old_id -> index */
	const struct rowset *told_before;
	struct map before; /* old_id -> its row there */
	struct arena arena;
};

/* The first word on an old key holds: the data's own before what is remembered. */
static void add_line(struct lines *l, struct str old_id, struct str new_id, struct str on,
		     struct str reason)
{
	bool added;

	if (!old_id.n || !new_id.n || str_eq(old_id, new_id))
		return;
	map_put(&l->by_old, old_id, l->n, &added);
	if (!added)
		return;
	GROW(l->list, l->n, l->cap);
	l->list[l->n++] = (struct line){ str_keep(&l->arena, old_id), str_keep(&l->arena, new_id),
					 str_keep(&l->arena, on), str_keep(&l->arena, reason) };
}

static struct str own_id(const struct told *t, uint32_t target, char id[CUSTOMER_ID_LENGTH])
{
	return customers_id(t->customers, target, id) ? (struct str){ id, CUSTOMER_ID_LENGTH } : STR("");
}

static struct str final_id(const struct told *t, uint32_t target, char id[CUSTOMER_ID_LENGTH])
{
	if (!(target & LOOSE))
		target = people_identity(t->people, target);
	return own_id(t, decided_target(t->decided, target), id);
}

static void add_renewed(const struct told *t, struct lines *l)
{
	char old[CUSTOMER_ID_LENGTH], now[CUSTOMER_ID_LENGTH];

	for (size_t i = 0; i < t->renewals->n; i++) {
		const struct renewed *r = &t->renewals->list[i];

		add_line(l, own_id(t, r->old, old), final_id(t, r->now, now), r->on,
			 STR("renewed_document"));
	}
}

/* What was told of a key stays: when and why it ceased to be. Only where it went is as of now. */
static void add_moved(struct lines *l, struct str old_id, struct str new_id, struct str on,
		      struct str reason)
{
	const uint64_t *row = map_get(&l->before, old_id);
	struct str v[SUP_COLUMNS];

	if (row) {
		rowset_get(l->told_before, *row, v);
		on = v[SUP_ON];
		reason = v[SUP_REASON];
	}
	add_line(l, old_id, new_id, on, reason);
}

/* The first day of each identity that is merged with another one; of the others nothing. */
static struct str *first_days(const struct told *t, struct arena *keep)
{
	const struct people *p = t->people;
	struct str *days = xcalloc((size_t)p->n_identities + 1, sizeof(*days));
	bool *asked = xcalloc((size_t)p->n_identities + 1, sizeof(*asked));
	struct arena a = { 0 };

	for (size_t i = 0; i < t->decided->n_merged; i++)
		if (!(t->decided->merged[i].from & LOOSE))
			asked[t->decided->merged[i].from] = asked[t->decided->merged[i].to] = true;
	for (uint32_t i = 0; i < p->n; i++, arena_reset(&a)) {
		uint32_t who = p->person[i].who;
		struct str day;

		if ((who & LOOSE) || !asked[who])
			continue;
		day = records_value(t->reading->records, i, F_OBSERVED_ON, &a);
		if (!days[who].n || str_cmp(day, days[who]) < 0)
			days[who] = str_keep(keep, day);
	}
	arena_release(&a);
	free(asked);
	return days;
}

static struct str later(struct str a, struct str b)
{
	return str_cmp(a, b) < 0 ? b : a;
}

/* Is one of those whom the decision names told as merged since it was made? Then they are one
 * customer already, and what that one takes along today lived until today. */
static bool was_carried_out(const struct told *t, const struct lines *l, const struct merged *m)
{
	static const int named[] = { DEC_CUSTOMER_ID, DEC_OTHER_CUSTOMER_ID };
	struct str decided_on = rowset_value(t->decided->table, m->row, DEC_DECIDED_ON);

	for (size_t i = 0; i < 2; i++) {
		const uint64_t *row = map_get(&l->before, rowset_value(t->decided->table, m->row, named[i]));
		struct str v[SUP_COLUMNS];

		if (!row)
			continue;
		rowset_get(l->told_before, *row, v);
		if (str_eq(v[SUP_REASON], STR("merge_customers")) && str_cmp(v[SUP_ON], decided_on) >= 0)
			return true;
	}
	return false;
}

/* Of two documents from the day on which both were known and the decision was made. */
static void add_merged(const struct told *t, struct str today, struct lines *l)
{
	char old[CUSTOMER_ID_LENGTH], now[CUSTOMER_ID_LENGTH];
	struct str *days = t->decided->n_merged ? first_days(t, &l->arena) : NULL;

	for (size_t i = 0; i < t->decided->n_merged; i++) {
		const struct merged *m = &t->decided->merged[i];
		struct str on = rowset_value(t->decided->table, m->row, DEC_DECIDED_ON);
		struct str from = own_id(t, m->from, old), to = final_id(t, m->to, now);

		if (!(m->from & LOOSE))
			add_line(l, from, to, later(on, later(days[m->from], days[m->to])),
				 STR("merge_customers"));
		else
			add_moved(l, from, to, was_carried_out(t, l, m) ? today : on,
				  STR("merge_customers"));
	}
	free(days);
}

static struct str reason_of(const struct told *t, uint32_t record, struct arena *a)
{
	uint32_t who = t->people->person[record].who;

	if (t->reading->role[record] == ROLE_REPLACED)
		return STR("replaced");
	if (!(who & LOOSE))
		return STR("id_number");
	struct str method = link_method(&t->links->of[who & ~LOOSE], t->reading->matching, a);

	return method.n ? method : STR("key_changed");
}

static void add_former(const struct told *t, const struct rowset *former, struct str today,
		       struct lines *l)
{
	struct arena a = { 0 };

	for (size_t i = 0; i < former->n; i++, arena_reset(&a)) {
		struct str v[2];
		char now[CUSTOMER_ID_LENGTH];
		ptrdiff_t record;
		uint32_t target;

		rowset_get(former, i, v);
		record = records_find(t->reading->records, v[1]);
		target = record < 0 ? NOBODY : told_target(t, (uint32_t)record);
		if (target != NOBODY)
			add_moved(l, v[0], own_id(t, target, now), today,
				  reason_of(t, (uint32_t)record, &a));
	}
	arena_release(&a);
}

/* What was told before of a key whose record is gone stays told; where the new key went on since,
 * the line follows it. */
static void add_before(struct lines *l)
{
	const struct rowset *told_before = l->told_before;

	for (size_t i = 0; i < told_before->n; i++) {
		struct str v[SUP_COLUMNS];
		uint64_t *further;

		rowset_get(told_before, i, v);
		further = map_get(&l->by_old, v[SUP_NEW_ID]);
		add_line(l, v[SUP_OLD_ID], further ? l->list[*further].new_id : v[SUP_NEW_ID], v[SUP_ON],
			 v[SUP_REASON]);
	}
}

static void strike(struct lines *l, struct str id)
{
	uint64_t *slot = map_get(&l->by_old, id);

	if (slot)
		l->list[*slot].old_id = STR("");
}

/* A key that a customer of today has is not superseded. */
static void strike_alive(const struct told *t, struct lines *l)
{
	char id[CUSTOMER_ID_LENGTH];

	for (uint32_t i = 0; i < t->people->n_identities && l->n; i++)
		if (people_identity(t->people, i) == i && decided_target(t->decided, i) == i)
			strike(l, own_id(t, i, id));
	for (size_t i = 0; i < t->customers->n_pending && l->n; i++) {
		uint32_t target = LOOSE | t->customers->pending[i].root;

		if (decided_target(t->decided, target) == target)
			strike(l, own_id(t, target, id));
	}
}

static int by_old_id(const void *a, const void *b)
{
	return str_cmp(((const struct line *)a)->old_id, ((const struct line *)b)->old_id);
}

void superseded_find(const struct told *t, const struct rowset *former,
		     const struct rowset *told_before, struct str today, struct rowset *out)
{
	struct lines l = { .told_before = told_before };

	for (size_t i = 0; i < told_before->n; i++)
		map_put(&l.before, rowset_value(told_before, i, SUP_OLD_ID), i, NULL);
	add_renewed(t, &l);
	add_merged(t, today, &l);
	add_former(t, former, today, &l);
	add_before(&l);
	strike_alive(t, &l);
	if (l.n)
		qsort(l.list, l.n, sizeof(*l.list), by_old_id);
	for (size_t i = 0; i < l.n; i++)
		if (l.list[i].old_id.n)
			rowset_add(out, (struct str[]){
						[SUP_OLD_ID] = l.list[i].old_id,
						[SUP_NEW_ID] = l.list[i].new_id,
						[SUP_ON] = l.list[i].on,
						[SUP_REASON] = l.list[i].reason,
					});
	free(l.list);
	map_release(&l.by_old);
	map_release(&l.before);
	arena_release(&l.arena);
}

static void remember_superseded(const struct rowset *former, const struct rowset *superseded,
				struct rowset *next)
{
	struct map old = { 0 };
	struct str v[2];

	for (size_t i = 0; i < superseded->n; i++)
		map_put(&old, rowset_value(superseded, i, SUP_OLD_ID), i, NULL);
	for (size_t i = 0; i < former->n; i++) {
		rowset_get(former, i, v);
		if (map_get(&old, v[0]))
			rowset_add(next, v);
	}
	map_release(&old);
}

void superseded_remember(const struct told *t, const struct rowset *former,
			 const struct rowset *superseded, struct rowset *next)
{
	struct arena a = { 0 };

	remember_superseded(former, superseded, next);

	for (size_t i = 0; i < t->customers->n_pending; i++, arena_reset(&a)) {
		const struct pending_customer *p = &t->customers->pending[i];

		if (decided_target(t->decided, LOOSE | p->root) != (LOOSE | p->root))
			continue;
		rowset_add(next, (struct str[]){
					   { p->id, CUSTOMER_ID_LENGTH },
					   records_value(t->reading->records, p->record, F_RECORD_ID, &a),
				   });
	}
	arena_release(&a);
}
