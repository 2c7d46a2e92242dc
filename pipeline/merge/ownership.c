#include "ownership.h"

#include <stdlib.h>

#include "date.h"

/* ---- what records claim ---- */

static bool shows_use(const struct ownership_rules *rules, struct str kind)
{
	for (size_t i = 0; i < rules->n_use; i++)
		if (str_eq(rules->use[i], kind))
			return true;
	return false;
}

/* A row that speaks of a customer and a car, and of no touch point, says that they belong
 * together; a repair order says who brought the car. */
static bool claim_of(const struct ownership_rules *rules, const struct record *rec, enum claim_kind *kind)
{
	unsigned belongs = FEEDS(ENTITY_CUSTOMER) | FEEDS(ENTITY_VEHICLE);

	if (rec->feeds & FEEDS(ENTITY_CONTACT)) {
		*kind = CLAIM_USES;
		return shows_use(rules, rec->v[F_KIND]);
	}
	*kind = rec->v[F_INSURANCE_POLICY_NO].n ? CLAIM_INSURED : CLAIM_OWNS;
	return (rec->feeds & belongs) == belongs;
}

static int32_t claimed_since(const struct ownership_rules *rules, const struct record *rec,
			     enum claim_kind kind)
{
	if (kind == CLAIM_USES)
		return date_day(rec->v[F_CONTACT_AT]);
	if (kind == CLAIM_INSURED)
		return date_day(rec->v[F_INSURANCE_START]);
	for (size_t i = 0; i < rules->n_since; i++)
		if (rec->v[rules->since[i]].n)
			return date_day(rec->v[rules->since[i]]);
	return INT32_MIN;
}

/* A price is that of the sale where its day is since when the car is owned. */
static bool is_price_of_claim(const struct record *rec, int32_t day)
{
	return day != INT32_MIN && (date_day(rec->v[F_PURCHASE_DATE]) == day || date_day(rec->v[F_INVOICE_DATE]) == day);
}

void ownership_collect(struct ownership *o, const struct merge *m, const struct record *rec,
		       uint32_t place)
{
	const struct golden_attribute *at = &m->rules.of[ENTITY_VEHICLE][F_PURCHASE_DATE];
	uint32_t who = m->customer[place];
	enum claim_kind kind;
	int32_t day;

	if (who == NO_PLACE || !claim_of(&m->ownership_rules, rec, &kind))
		return;
	day = claimed_since(&m->ownership_rules, rec, kind);
	GROW(o->claims, o->n_claims, o->cap_claims);
	o->claims[o->n_claims++] = (struct claim){
		.kind = kind,
		.who = who,
		.customer = customer_of(m, place),
		.record_id = rec->v[F_RECORD_ID],
		.source = rec->v[F_SOURCE],
		.dealer_code = kind == CLAIM_OWNS ? rec->v[F_DEALER_CODE] : STR(""),
		.price = kind == CLAIM_OWNS && is_price_of_claim(rec, day) ? rec->v[F_PRICE] : STR(""),
		.day = day,
		.observed_on = date_day(rec->v[F_OBSERVED_ON]),
		.rank = at->rank[golden_source_number(&m->rules, rec->v[F_SOURCE])],
		.place = place,
	};
}

/* ---- who owned it, one after the other ---- */

static int by_kind_and_day(const void *a, const void *b)
{
	const struct claim *x = a, *y = b;

	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	if (x->day != y->day)
		return x->day < y->day ? -1 : 1;
	if (x->rank != y->rank)
		return x->rank < y->rank ? -1 : 1;
	return (x->place > y->place) - (x->place < y->place);
}

static void add_owner(struct ownership *o, const struct claim *claim)
{
	GROW(o->owners, o->n_owners, o->cap_owners);
	o->owners[o->n_owners++] = (struct period){ claim, claim, claim->day, INT32_MIN };
}

static void add_user(struct ownership *o, const struct claim *claim)
{
	GROW(o->users, o->n_users, o->cap_users);
	o->users[o->n_users++] = (struct period){ claim, claim, claim->day, INT32_MIN };
}

/* The last owner turns out to be another one. If that is who owned it before, the car was
 * not sold between. */
static void replace_owner(struct ownership *o, const struct claim *claim)
{
	struct period *last = &o->owners[o->n_owners - 1];

	add_user(o, last->claim);
	last->claim = last->sale = claim;
	last->since = claim->day;
	if (o->n_owners < 2)
		return;
	if (last[-1].claim->who == claim->who) {
		o->n_owners--;
		last[-1].until = INT32_MIN;
	} else {
		last[-1].until = claim->day;
	}
}

/* The owner claims his car once more. */
static void claim_again(struct period *last, const struct claim *claim, int32_t same_sale)
{
	if (claim->rank < last->claim->rank) {
		last->claim = last->sale = claim;
		last->since = claim->day;
	} else if (claim->rank == last->claim->rank && claim->price.n && claim->day - last->since <= same_sale &&
		   claim->observed_on > last->sale->observed_on) {
		last->sale = claim;
	}
}

/* One more claim with a date, in the order of dates. */
static void claim_ownership(struct ownership *o, const struct claim *claim, int32_t same_sale)
{
	struct period *last = o->n_owners ? &o->owners[o->n_owners - 1] : NULL;

	if (!last) {
		add_owner(o, claim);
	} else if (last->claim->who == claim->who) {
		claim_again(last, claim, same_sale);
	} else if (claim->day - last->since > same_sale) {
		last->until = claim->day;
		add_owner(o, claim);
	} else if (claim->rank < last->claim->rank) {
		replace_owner(o, claim);
	} else {
		add_user(o, claim);
	}
}

/* Of claims without a date: the better source, then the newer record. */
static bool more_likely(const struct claim *a, const struct claim *b)
{
	if (a->kind != b->kind)
		return a->kind < b->kind;
	if (a->rank != b->rank)
		return a->rank < b->rank;
	if (a->observed_on != b->observed_on)
		return a->observed_on > b->observed_on;
	return a->place < b->place;
}

/* Nobody says since when he owns it: the most likely of those who claim it, or are insured. */
static void most_likely_owner(struct ownership *o)
{
	const struct claim *best = NULL;

	for (size_t i = 0; i < o->n_claims; i++) {
		const struct claim *claim = &o->claims[i];

		if (claim->kind != CLAIM_USES && (!best || more_likely(claim, best)))
			best = claim;
	}
	if (best)
		add_owner(o, best);
}

/* ---- who uses it ---- */

static int by_customer_and_day(const void *a, const void *b)
{
	const struct period *x = a, *y = b;

	if (x->claim->who != y->claim->who)
		return x->claim->who < y->claim->who ? -1 : 1;
	if ((x->since == INT32_MIN) != (y->since == INT32_MIN))
		return x->since == INT32_MIN ? 1 : -1;
	if (x->since != y->since)
		return x->since < y->since ? -1 : 1;
	return (x->claim->place > y->claim->place) - (x->claim->place < y->claim->place);
}

static int by_day_and_customer(const void *a, const void *b)
{
	const struct period *x = a, *y = b;

	if (x->since != y->since)
		return x->since < y->since ? -1 : 1;
	return (x->claim->who > y->claim->who) - (x->claim->who < y->claim->who);
}

/* Use by an owner is no news; by a former owner it is, once the car is another's. */
static bool is_owners_use(const struct ownership *o, const struct period *use)
{
	for (size_t i = 0; i < o->n_owners; i++) {
		const struct period *owner = &o->owners[i];

		if (owner->claim->who == use->claim->who &&
		    (owner->until == INT32_MIN || use->since <= owner->until))
			return true;
	}
	return false;
}

/* Each user once, since the first day that is known of him. */
static void settle_users(struct ownership *o)
{
	size_t n = 0;

	if (o->n_users == 0)
		return;
	qsort(o->users, o->n_users, sizeof(*o->users), by_customer_and_day);
	for (size_t i = 0; i < o->n_users; i++) {
		const struct period *use = &o->users[i];

		if (is_owners_use(o, use) ||
		    (n && o->users[n - 1].claim->who == use->claim->who))
			continue;
		o->users[n++] = *use;
	}
	o->n_users = n;
	qsort(o->users, n, sizeof(*o->users), by_day_and_customer);
}

void ownership_settle(struct ownership *o, int32_t same_sale)
{
	o->n_owners = o->n_users = 0;
	if (o->n_claims == 0)
		return;
	qsort(o->claims, o->n_claims, sizeof(*o->claims), by_kind_and_day);
	for (size_t i = 0; i < o->n_claims; i++) {
		const struct claim *claim = &o->claims[i];

		if (claim->kind == CLAIM_OWNS && claim->day != INT32_MIN)
			claim_ownership(o, claim, same_sale);
		else
			add_user(o, claim);
	}
	if (o->n_owners == 0)
		most_likely_owner(o);
	settle_users(o);
}

struct str ownership_owner(const struct ownership *o)
{
	return o->n_owners ? o->owners[o->n_owners - 1].claim->customer : STR("");
}

bool ownership_sold_on(const struct ownership *o, uint32_t who, int32_t day)
{
	for (size_t i = 1; i < o->n_owners; i++)
		if (o->owners[i].claim->who == who && o->owners[i].since == day)
			return true;
	return false;
}

/* ---- lines ---- */

static struct str day_text(int32_t day, char out[10])
{
	if (day == INT32_MIN)
		return STR("");
	date_text(day, out);
	return (struct str){ out, 10 };
}

static void emit_period(const struct period *p, struct str vin, struct str role, struct rowset *to)
{
	char since[10], until[10];

	rowset_add(to, (struct str[OWN_COLUMNS]){
			       [OWN_VIN] = vin,
			       [OWN_CUSTOMER_ID] = p->claim->customer,
			       [OWN_ROLE] = role,
			       [OWN_SINCE] = day_text(p->since, since),
			       [OWN_UNTIL] = day_text(p->until, until),
			       [OWN_RECORD_ID] = p->claim->record_id,
			       [OWN_SOURCE] = p->claim->source,
			       [OWN_DEALER_CODE] = p->sale->dealer_code,
			       [OWN_PRICE] = p->sale->price,
		       });
}

void ownership_emit(struct ownership *o, struct str vin, struct rowset *to)
{
	for (size_t i = 0; i < o->n_owners; i++)
		emit_period(&o->owners[i], vin,
			    i + 1 < o->n_owners ? STR("former_owner") : STR("owner"), to);
	for (size_t i = 0; i < o->n_users; i++)
		emit_period(&o->users[i], vin, STR("user"), to);
	o->n_claims = 0;
}

void ownership_release(struct ownership *o)
{
	free(o->claims);
	free(o->owners);
	free(o->users);
	*o = (struct ownership){ 0 };
}
