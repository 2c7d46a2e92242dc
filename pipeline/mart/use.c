/* vehicle_use of schemas/sql/marts.sql and visit of followup.sql, which say what they mean. Each
 * thread has a range of cars and goes through all visits. */
#include "facts.h"

#include "pool.h"
#include "spill.h"

#include <stdlib.h>

struct using {
	struct facts *x;
	size_t ranges;
};

/* Is that visit later than the one in row `than` + 1? */
static bool is_later(const struct facts *x, const struct workshop_visit *v, uint32_t than)
{
	return v->day && str_cmp(fact_contact_at(x, v->contact + 1), fact_contact_at(x, than)) > 0;
}

static void count_visit(const struct facts *x, struct vehicle_use *u, const struct workshop_visit *v)
{
	struct str kind = wordbook_text(&x->words, v->kind);
	bool first_service = str_eq(kind, STR("first_service"));

	u->visits++;
	u->fen += v->fen;
	if (v->has_mileage) {
		u->mileage = u->has_mileage && u->mileage > v->mileage ? u->mileage : v->mileage;
		u->has_mileage = true;
	}
	if (v->day > u->last || (v->day == u->last && is_later(x, v, u->newest))) {
		u->newest = v->contact + 1;
		u->last = v->day;
	}
	if ((first_service || str_eq(kind, STR("maintenance"))) && is_later(x, v, u->serviced))
		u->serviced = v->contact + 1;
	if (v->day && first_service && (!u->first_service || v->day < u->first_service))
		u->first_service = v->day;
	if (v->vehicle && v->day > u->last_own &&
	    str_eq(wordbook_text(&x->words, v->dealer),
		   fact_or(fact_vehicle(x, v->vehicle - 1, VEH_DEALER_CODE), fact_hq)))
		u->last_own = v->day;
}

static void count_range(void *context, size_t range, unsigned worker)
{
	struct using *u = context;
	struct facts *x = u->x;
	size_t n = x->of->vehicle->n, from = n * range / u->ranges, to = n * (range + 1) / u->ranges;

	(void)worker;
	for (size_t i = 0; i < x->n_visits; i++) {
		const struct workshop_visit *v = &x->visits[i];

		if (v->vehicle > from && v->vehicle <= to)
			count_visit(x, &x->uses[v->vehicle - 1], v);
	}
}

static void count_strays(struct facts *x)
{
	for (size_t i = 0; i < x->n_visits; i++) {
		const struct workshop_visit *v = &x->visits[i];
		struct str vin = v->vehicle ? (struct str){ 0 } : fact_contact(x, v->contact, CON_VIN);
		size_t n = x->stray.n, at;

		if (!vin.n)
			continue;
		at = *map_put(&x->stray, vin, n, NULL);
		if (at == n) {
			SPILL_GROW(x->strays, n, x->cap_strays);
			x->strays[at] = (struct vehicle_use){ 0 };
		}
		count_visit(x, &x->strays[at], v);
	}
}

void uses_make(struct facts *x, unsigned jobs)
{
	struct using u = { .x = x, .ranges = jobs ? jobs : 1 };
	size_t size = (x->of->vehicle->n + 1) * sizeof(*x->uses);

	x->uses = spill_grow(NULL, 0, size);
	memset(x->uses, 0, size);
	pool_each(jobs, u.ranges, count_range, &u);
	count_strays(x);
	for (size_t i = 0; i < x->of->vehicle->n; i++)
		if (x->uses[i].visits) { /* in the order of cars: who asks goes through them so */
			SPILL_GROW(x->used, x->n_used, x->cap_used);
			x->used[x->n_used++] = (uint32_t)i;
		}
}
