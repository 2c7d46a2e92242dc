#include "decided.h"

#include <stdlib.h>

struct decision { /* a row of the table */
	size_t row;
	struct str v[DEC_COLUMNS];
};

static struct decision decision_at(const struct decided *d, size_t row)
{
	struct decision decision = { .row = row };

	rowset_get(d->table, row, decision.v);
	return decision;
}

static bool is(const struct decision *decision, const char *action)
{
	return str_eq(decision->v[DEC_ACTION], str_of(action));
}

static void tell(struct decided *d, size_t row, enum decision_fault fault)
{
	if (d->faults[row])
		return;
	d->faults[row] = (uint8_t)(fault + 1);
	GROW(d->told, d->n_told, d->cap_told);
	d->told[d->n_told++] = (struct decision_told){ row, fault };
}

static struct named *name(struct decided *d, struct str id)
{
	bool added;
	uint64_t *slot = map_put(&d->names, id, d->n_named, &added);

	if (added) {
		GROW(d->named, d->n_named, d->cap_named);
		d->named[d->n_named++] =
			(struct named){ .id = str_keep(&d->arena, id), .identity = NOBODY };
	}
	return &d->named[*slot];
}

/* ---- before identities are made ---- */

static bool splits_identity(const struct reading *r, const struct customer_key *key, size_t record,
			    struct str customer_id)
{
	char id[CUSTOMER_ID_LENGTH];
	struct arena a = { 0 };
	struct record rec;
	struct str identity;

	reading_record(r, record, &rec, &a);
	identity = reading_identity(&rec, &a);
	if (identity.n)
		customer_id_make(key, identity, id);
	arena_release(&a);
	return identity.n && str_eq((struct str){ id, sizeof(id) }, customer_id);
}

static void open_split(struct decided *d, const struct decision *decision, const struct reading *r,
		       const struct customer_key *key)
{
	ptrdiff_t record = mendings_find_newest(&r->mendings, decision->v[DEC_RECORD_ID]);

	if (record < 0 || r->role[record] == ROLE_CORRECTION) {
		tell(d, decision->row, DECISION_RECORD);
		return;
	}
	name(d, decision->v[DEC_CUSTOMER_ID]);
	if (!splits_identity(r, key, (size_t)record, decision->v[DEC_CUSTOMER_ID]))
		return;
	if (!d->split)
		d->split = xcalloc(r->records->n + 1, 1);
	d->split[record] = RECORD_SPLIT;
}

static bool is_pair(const struct decision *decision)
{
	return is(decision, "merge_customers") || is(decision, "keep_apart");
}

void decided_open(struct decided *d, const struct rowset *table, const struct reading *r,
		  const struct customer_key *key)
{
	*d = (struct decided){
		.table = table,
		.faults = xcalloc(table->n + 1, sizeof(*d->faults)),
		.keeping_apart = xcalloc(table->n + 1, sizeof(*d->keeping_apart)),
	};
	for (size_t i = 0; i < table->n; i++) {
		struct decision decision = decision_at(d, i);

		if (is(&decision, "keep_apart") || is(&decision, "split"))
			d->keeping_apart[d->n_keeping_apart++] = i;
		if (is_pair(&decision)) {
			name(d, decision.v[DEC_CUSTOMER_ID]);
			name(d, decision.v[DEC_OTHER_CUSTOMER_ID]);
		} else if (is(&decision, "split")) {
			open_split(d, &decision, r, key);
		} else if (!is(&decision, "accept_change") && !is(&decision, "refuse_change")) {
			tell(d, i, DECISION_ACTION);
		}
	}
}

/* ---- who is named ---- */

static void find_identities(struct decided *d, const struct customers *c)
{
	for (uint32_t i = 0; i < c->p->n_identities; i++) {
		char id[CUSTOMER_ID_LENGTH];
		uint64_t *slot;

		customers_id(c, i, id);
		slot = map_get(&d->names, (struct str){ id, sizeof(id) });
		if (slot)
			d->named[*slot].identity = i;
	}
}

static void add_loose(struct named *named, uint32_t loose)
{
	GROW(named->loose, named->n_loose, named->cap_loose);
	named->loose[named->n_loose++] = loose;
}

/* Whoever is named by what this record says of somebody without a number is `who`. A pending
 * customer's key is made of its earliest record's evidence, or, between namesakes, of that record
 * (customers.c): both are looked for. */
static void find_by_evidence(struct decided *d, const struct customers *c, uint32_t record, uint32_t who,
			     struct arena *a)
{
	struct str evidence[] = { customers_evidence(c->p, record, a),
				  customers_evidence_alone(c->p, record, a) };

	for (int k = 0; k < 2; k++) {
		char id[CUSTOMER_ID_LENGTH];
		struct named *named;
		uint64_t *slot;

		customer_id_make(c->key, evidence[k], id);
		slot = map_get(&d->names, (struct str){ id, sizeof(id) });
		named = slot ? &d->named[*slot] : NULL;
		if (named && (who & LOOSE))
			add_loose(named, who & ~LOOSE);
		else if (named && !named->n_loose && named->identity == NOBODY)
			named->identity = who;
	}
	arena_reset(a);
}

static void find_loose(struct decided *d, const struct customers *c)
{
	const struct reading *r = c->p->reading;
	struct arena a = { 0 };

	for (uint32_t i = 0; i < c->p->n_loose; i++)
		if (r->role[c->p->loose[i]] == ROLE_CUSTOMER)
			find_by_evidence(d, c, c->p->loose[i], LOOSE | i, &a);
	for (size_t i = 0; i < r->mendings.n_replaced; i++) { /* it had a key until it was mended */
		uint32_t who = c->p->person[r->mendings.replaced[i].newest].who;

		if (who != NOBODY && r->role[r->mendings.replaced[i].newest] == ROLE_CUSTOMER)
			find_by_evidence(d, c, r->mendings.replaced[i].record, who, &a);
	}
	arena_release(&a);
}

static const struct named *named_of(const struct decided *d, struct str id)
{
	uint64_t *slot = map_get(&d->names, id);

	return slot ? &d->named[*slot] : NULL;
}

static bool is_somebody(const struct named *named)
{
	return named->identity != NOBODY || named->n_loose;
}

static void bar(struct decided *d, uint32_t loose, uint32_t identity)
{
	GROW(d->bars, d->n_bars, d->cap_bars);
	d->bars[d->n_bars++] = (struct bar){ loose, identity };
}

static void set_apart(struct decided *d, const struct people *p, const uint32_t *loose, size_t n)
{
	if (!d->apart_loose)
		d->apart_loose = xcalloc((size_t)p->n_loose + 1, sizeof(*d->apart_loose));
	d->n_groups++;
	for (size_t i = 0; i < n; i++)
		d->apart_loose[loose[i]] = d->n_groups;
}

static void keep_identities_apart(struct decided *d, size_t row, uint32_t one, uint32_t other)
{
	GROW(d->apart.list, d->apart.n, d->apart.cap);
	d->apart.list[d->apart.n++] = (struct apart_pair){ one, other, row, false };
}

static void bind_apart(struct decided *d, const struct people *p, size_t row, const struct named *one,
		       const struct named *other)
{
	if (one->identity != NOBODY && other->identity != NOBODY) {
		keep_identities_apart(d, row, one->identity, other->identity);
	} else if (one->identity == NOBODY && other->identity == NOBODY) {
		set_apart(d, p, one->loose, one->n_loose);
		set_apart(d, p, other->loose, other->n_loose);
	} else if (one->identity == NOBODY) {
		bind_apart(d, p, row, other, one);
	} else {
		for (size_t i = 0; i < other->n_loose; i++)
			bar(d, other->loose[i], one->identity);
	}
}

/* A row goes with its ID number for ever. One that is taken away from the customer of another
 * number says that the two numbers are two customers. */
static bool splits_documents(const struct people *p, const struct named *named, uint32_t who)
{
	return who != NOBODY && !(who & LOOSE) && named->identity != NOBODY &&
	       named->identity != people_identity(p, who);
}

static void bind_split(struct decided *d, const struct people *p, const struct decision *decision)
{
	const struct named *named = named_of(d, decision->v[DEC_CUSTOMER_ID]);
	ptrdiff_t record = mendings_find_newest(&p->reading->mendings, decision->v[DEC_RECORD_ID]);
	uint32_t who = record < 0 ? NOBODY : p->person[record].who, loose = who & ~LOOSE;
	bool taken = record >= 0 && (p->flags[record] & RECORD_SPLIT);

	if (record < 0 || !named)
		return; /* told already */
	if (splits_documents(p, named, who)) {
		keep_identities_apart(d, decision->row, who, named->identity);
		return;
	}
	if (who == NOBODY || !(who & LOOSE) || (!is_somebody(named) && !taken)) {
		tell(d, decision->row, who != NOBODY && (who & LOOSE) ? DECISION_CUSTOMER : DECISION_RECORD);
		return;
	}
	if (named->identity != NOBODY)
		bar(d, loose, named->identity);
	else if (!taken)
		set_apart(d, p, &loose, 1);
}

static int by_loose(const void *a, const void *b)
{
	const struct bar *x = a, *y = b;

	if (x->loose != y->loose)
		return x->loose < y->loose ? -1 : 1;
	return (x->identity > y->identity) - (x->identity < y->identity);
}

void decided_bind(struct decided *d, const struct customers *c)
{
	if (d->table->n) {
		find_identities(d, c);
		find_loose(d, c);
	}
	for (size_t i = 0; i < d->table->n; i++) {
		struct decision decision = decision_at(d, i);
		const struct named *one, *other;

		if (is(&decision, "split"))
			bind_split(d, c->p, &decision);
		if (!is_pair(&decision))
			continue;
		one = named_of(d, decision.v[DEC_CUSTOMER_ID]);
		other = named_of(d, decision.v[DEC_OTHER_CUSTOMER_ID]);
		if (!is_somebody(one) || !is_somebody(other) || one == other)
			tell(d, i, DECISION_CUSTOMER);
		else if (is(&decision, "keep_apart"))
			bind_apart(d, c->p, i, one, other);
	}
	if (d->n_bars)
		qsort(d->bars, d->n_bars, sizeof(*d->bars), by_loose);
}

/* ---- merges ---- */

static struct str target_key(const uint32_t *target)
{
	return (struct str){ (const char *)target, sizeof(*target) };
}

uint32_t decided_target(const struct decided *d, uint32_t target)
{
	const uint64_t *at;

	while ((at = map_get(&d->by_from, target_key(&target))))
		target = d->merged[*at].to;
	return target;
}

/* It names nobody: there is nothing to carry out. */
static bool is_void(const struct decided *d, size_t row)
{
	return d->faults[row] && d->faults[row] != DECISION_CONTRADICTS + 1;
}

static int by_row(const void *a, const void *b)
{
	const struct apart_pair *x = a, *y = b;

	return (x->row > y->row) - (x->row < y->row);
}

/* The two identities that it keeps apart, or NULL: they are bound in the order of the table. */
static struct apart_pair *pair_of(const struct decided *d, size_t row)
{
	struct apart_pair key = { .row = row };

	return d->apart.n ? bsearch(&key, d->apart.list, d->apart.n, sizeof(key), by_row) : NULL;
}

/* Where a named customer is; c is NULL while only identities have a place. */
static uint32_t place_of(const struct decided *d, const struct named *named, const struct people *p,
			 const struct customers *c)
{
	if (named->identity != NOBODY)
		return decided_target(d, people_identity(p, named->identity));
	if (!c || !named->n_loose)
		return NOBODY;
	return decided_target(d, c->links->of[named->loose[0]].target);
}

/* The two that a decision keeps apart, where they are now; false for other decisions. */
static bool apart_places(const struct decided *d, size_t row, const struct people *p,
			 const struct customers *c, uint32_t *one, uint32_t *other)
{
	const struct apart_pair *pair = pair_of(d, row);
	struct decision decision;

	if (pair) {
		*one = decided_target(d, people_identity(p, pair->one));
		*other = decided_target(d, people_identity(p, pair->other));
		return true;
	}
	decision = decision_at(d, row);
	if (!is(&decision, "keep_apart") || is_void(d, row))
		return false;
	*one = place_of(d, named_of(d, decision.v[DEC_CUSTOMER_ID]), p, c);
	*other = place_of(d, named_of(d, decision.v[DEC_OTHER_CUSTOMER_ID]), p, c);
	return true;
}

static void has_mattered(struct decided *d, size_t row)
{
	struct apart_pair *pair = pair_of(d, row);

	if (pair)
		pair->mattered = true;
}

static void find_kept_apart(struct decided *d, const struct people *p, const struct customers *c)
{
	for (size_t i = 0; i < d->n_keeping_apart; i++) {
		struct kept_pair pair = { .row = d->keeping_apart[i] };

		if (apart_places(d, pair.row, p, c, &pair.one, &pair.other) && pair.one != pair.other &&
		    pair.one != NOBODY && pair.other != NOBODY)
			kept_apart_add(&d->kept_apart, pair);
	}
}

static int by_number(const void *a, const void *b)
{
	const size_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* Keeping apart is the safer word: a merge that would bring together two that some decision
 * keeps apart is left out, and both are told. */
static bool contradicts(struct decided *d, uint32_t one, uint32_t other)
{
	struct kept_list kept = kept_apart_fewer(&d->kept_apart, one, other);
	size_t *rows = NULL, n = 0, cap = 0;

	for (size_t i = 0; i < kept.n; i++) {
		uint32_t a = decided_target(d, kept.list[i].one), b = decided_target(d, kept.list[i].other);

		if (!((a == one && b == other) || (a == other && b == one)))
			continue;
		GROW(rows, n, cap);
		rows[n++] = kept.list[i].row;
	}
	if (n)
		qsort(rows, n, sizeof(*rows), by_number);
	for (size_t i = 0; i < n; i++) {
		tell(d, rows[i], DECISION_CONTRADICTS);
		has_mattered(d, rows[i]);
	}
	free(rows);
	return n > 0;
}

static void merge(struct decided *d, size_t row, const struct people *p, const struct customers *c)
{
	struct decision decision = decision_at(d, row);
	const struct named *one = named_of(d, decision.v[DEC_CUSTOMER_ID]);
	const struct named *other = named_of(d, decision.v[DEC_OTHER_CUSTOMER_ID]);
	uint32_t to = place_of(d, one, p, c), from = place_of(d, other, p, c);

	if (to == NOBODY || from == NOBODY || to == from)
		return;
	if (contradicts(d, to, from)) {
		tell(d, row, DECISION_CONTRADICTS);
		return;
	}
	if ((to & LOOSE) && !(from & LOOSE)) { /* the one with an ID number remains */
		uint32_t pending = to;

		to = from;
		from = pending;
	}
	GROW(d->merged, d->n_merged, d->cap_merged);
	map_put(&d->by_from, target_key(&from), d->n_merged, NULL);
	d->merged[d->n_merged++] = (struct merged){ from, to, row };
	kept_apart_join(&d->kept_apart, from, to);
}

static void merge_all(struct decided *d, const struct people *p, const struct customers *c)
{
	find_kept_apart(d, p, c);
	for (size_t i = 0; i < d->table->n; i++) {
		struct decision decision = decision_at(d, i);

		if (is(&decision, "merge_customers") && !is_void(d, i))
			merge(d, i, p, c);
	}
	kept_apart_close(&d->kept_apart);
}

void decided_merge_identities(struct decided *d, struct people *p)
{
	merge_all(d, p, NULL);
	for (size_t i = 0; i < d->n_merged; i++)
		p->same_as[d->merged[i].from] = decided_target(d, d->merged[i].to);
}

/* A row that would not have been that customer's anyway was taken away from nobody. */
static void tell_idle_splits(struct decided *d)
{
	for (size_t i = 0; i < d->apart.n; i++) {
		struct decision decision = decision_at(d, d->apart.list[i].row);

		if (is(&decision, "split") && !d->apart.list[i].mattered)
			tell(d, decision.row, DECISION_RECORD);
	}
}

void decided_merge_pending(struct decided *d, const struct customers *c)
{
	merge_all(d, c->p, c);
	tell_idle_splits(d);
}

void decided_close(struct decided *d)
{
	for (size_t i = 0; i < d->n_named; i++)
		free(d->named[i].loose);
	free(d->named);
	free(d->split);
	free(d->apart.list);
	free(d->bars);
	free(d->apart_loose);
	free(d->merged);
	free(d->told);
	free(d->faults);
	free(d->keeping_apart);
	map_release(&d->by_from);
	map_release(&d->names);
	arena_release(&d->arena);
	*d = (struct decided){ 0 };
}
