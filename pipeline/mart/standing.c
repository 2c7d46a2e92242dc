/* customer_standing of schemas/sql/marts.sql, which says what its columns mean. */
#include "facts.h"

#include "date.h"
#include "pool.h"
#include "spill.h"

#include <stdlib.h>

enum phase { LEAD, LOST, LAST_YEAR, BUYER, WAITING, FIRST_SERVICE, IN_WARRANTY, OUT_OF_WARRANTY };

static const struct str phases[] = {
	[LEAD] = STR_INIT("lead"),	       [LOST] = STR_INIT("lost"),
	[LAST_YEAR] = STR_INIT("last_year"),   [BUYER] = STR_INIT("buyer"),
	[WAITING] = STR_INIT("waiting"),       [FIRST_SERVICE] = STR_INIT("first_service"),
	[IN_WARRANTY] = STR_INIT("in_warranty"), [OUT_OF_WARRANTY] = STR_INIT("out_of_warranty"),
};

struct spending { /* each thread has a range of people and goes through all that they did */
	struct facts *x;
	size_t ranges;
	uint32_t period_from, period_to; /* words */
};

/* ---- what everybody spent ---- */

static void keep_first(uint32_t *first, uint32_t word)
{
	if (word && (!*first || word < *first))
		*first = word;
}

static void keep_last(uint32_t *last, uint32_t word)
{
	if (word > *last)
		*last = word;
}

static void event(struct standing *one, uint32_t day, int64_t fen)
{
	one->fen += fen;
	keep_last(&one->last, day);
}

static bool is_newer(const struct facts *x, const struct standing *one, const struct purchase *p)
{
	if (!one->newest_vehicle || p->bought_on != one->newest_day)
		return !one->newest_vehicle || p->bought_on > one->newest_day;
	return str_cmp(fact_vehicle(x, p->vehicle, VEH_VIN), fact_vehicle(x, one->newest_vehicle - 1, VEH_VIN)) > 0;
}

static void count_purchase(const struct facts *x, struct standing *one, const struct purchase *p)
{
	event(one, p->bought_on, p->fen);
	one->purchases++;
	one->purchase_fen += p->fen;
	keep_first(&one->first_bought, p->bought_on);
	keep_last(&one->last_bought, p->bought_on);
	keep_last(&one->sign, p->bought_on);
	if (p->level > one->series_level)
		one->series_level = p->level;
	if (!p->owner)
		return;
	one->cars++;
	if (is_newer(x, one, p)) {
		one->newest_day = p->bought_on;
		one->newest_vehicle = p->vehicle + 1;
		one->newest_used = p->used;
	}
	if (p->insured_on) {
		event(one, p->insured_on, p->premium);
		one->insurances++;
	}
}

static void count_visit(const struct spending *s, struct standing *one, const struct workshop_visit *v)
{
	int64_t fen = v->paid ? v->fen : 0;

	event(one, v->day, fen);
	if (!one->services++ || fen > one->single_fen)
		one->single_fen = fen;
	one->service_fen += fen;
	keep_last(&one->sign, v->day);
	if (v->day >= s->period_from && v->day <= s->period_to) {
		one->visits_in_period++;
		keep_first(&one->first_dealer, v->dealer);
		keep_last(&one->last_dealer, v->dealer);
	}
}

/* ---- classes, levels, phases ---- */

struct rank {
	int64_t fen;
	struct str id;
	uint32_t row;
};

static int by_money(const void *a, const void *b)
{
	const struct rank *x = a, *y = b;

	return x->fen != y->fen ? (x->fen < y->fen ? 1 : -1) : str_cmp(x->id, y->id);
}

static void grade(struct facts *x)
{
	const struct fact_terms *t = x->terms;
	struct rank *ranks = NULL;
	size_t n = 0, cap = 0;
	int64_t before = 0;

	for (size_t i = 0; i < fact_people(x); i++) {
		x->standings[i].grade = 'C';
		if (x->standings[i].fen <= 0)
			continue;
		SPILL_GROW(ranks, n, cap);
		ranks[n++] = (struct rank){ x->standings[i].fen, fact_person(x, i, CUS_CUSTOMER_ID), (uint32_t)i };
	}
	if (n)
		qsort(ranks, n, sizeof(*ranks), by_money);
	for (size_t i = 0; i < n; before += ranks[i++].fen)
		x->standings[ranks[i].row].grade = before * 100 < x->all_fen * t->class_a_percent ? 'A' :
						   before * 100 < x->all_fen * t->class_b_percent ? 'B' :
												    'C';
	spill_free(ranks);
}

static int8_t level_of(const struct fact_terms *t, const struct standing *one)
{
	int8_t level = NO_LEVEL;

	for (size_t i = 0; i < t->n_tiers; i++) {
		const struct fact_tier *k = &t->tiers[i];
		bool met = k->level == 0 || one->series_level == k->level ||
			   (k->cars.given && one->purchases >= k->cars.value) ||
			   (k->services.given && one->services >= k->services.value) ||
			   (k->single_amount.given && one->single_fen >= k->single_amount.value * 100) ||
			   (k->total_amount.given && one->fen >= k->total_amount.value * 100);

		if (met && k->level > level)
			level = (int8_t)k->level;
	}
	return level;
}

static enum phase phase_of(const struct facts *x, const struct standing *one, const struct vehicle_use *use)
{
	const struct fact_terms *t = x->terms;
	size_t car = one->newest_vehicle - 1; /* where he has one */
	struct str seen = wordbook_text(&x->words, one->sign), delivery, had;
	bool used = one->newest_used;

	if (!one->purchases)
		return LEAD;
	if (!one->cars || str_cmp(seen, t->lost_before) < 0)
		return LOST;
	if (str_cmp(seen, t->quiet_before) < 0)
		return LAST_YEAR;
	delivery = fact_vehicle(x, car, VEH_DELIVERY_DATE);
	had = fact_or(delivery, wordbook_text(&x->words, one->newest_day));
	if (!used && !use->visits && !fact_vehicle(x, car, VEH_FIRST_SERVICE_DATE).n) {
		struct str proof = fact_or(delivery, fact_vehicle(x, car, VEH_REGISTRATION_DATE));

		if (str_cmp(fact_or(proof, STR("9999")), t->today) > 0)
			return BUYER;
		return had.n && str_cmp(had, t->first_service_from) > 0 ? WAITING : FIRST_SERVICE;
	}
	return had.n && str_cmp(had, t->warranty_from) >= 0 && (use->has_mileage ? use->mileage : 0) <= t->warranty_km &&
			       !used ?
		       IN_WARRANTY :
		       OUT_OF_WARRANTY;
}

static void judge(const struct facts *x, struct standing *one)
{
	static const struct vehicle_use none;
	const struct vehicle_use *use = one->newest_vehicle ? &x->uses[one->newest_vehicle - 1] : &none;

	keep_last(&one->sign, use->last);
	one->level = level_of(x->terms, one);
	one->phase = (uint8_t)phase_of(x, one, use);
}

static bool is_in(uint32_t person, size_t from, size_t to)
{
	return person != NOBODY && person > from && person <= to;
}

static void count_range(void *context, size_t range, unsigned worker)
{
	const struct spending *s = context;
	struct facts *x = s->x;
	size_t n = fact_people(x), from = n * range / s->ranges, to = n * (range + 1) / s->ranges;

	(void)worker;
	for (size_t i = from; i < to; i++)
		x->standings[i].series_level = NO_LEVEL;
	for (size_t i = 0; i < x->n_purchases; i++)
		if (is_in(x->purchases[i].person, from, to))
			count_purchase(x, &x->standings[x->purchases[i].person - 1], &x->purchases[i]);
	for (size_t i = 0; i < x->n_visits; i++)
		if (is_in(x->visits[i].person, from, to))
			count_visit(s, &x->standings[x->visits[i].person - 1], &x->visits[i]);
	for (size_t i = from; i < to; i++)
		judge(x, &x->standings[i]);
}

void standings_make(struct facts *x, unsigned jobs)
{
	struct spending s = {
		.x = x,
		.ranges = jobs ? jobs : 1,
		.period_from = wordbook_before(&x->words, x->terms->period_from) + 1,
		.period_to = wordbook_up_to(&x->words, x->terms->today),
	};
	size_t size = (fact_people(x) + 1) * sizeof(*x->standings);

	x->standings = spill_grow(NULL, 0, size);
	memset(x->standings, 0, size);
	pool_each(jobs, s.ranges, count_range, &s);
	grade(x);
}

/* ---- as a table ---- */

enum column {
	CUSTOMER_ID, DEALER_CODE, REGISTER, CUSTOMER_TYPE, MARKETING_CONSENT, CUSTOMER_SOURCE, CREATED_ON, PURCHASES,
	CARS, SERVICES, INSURANCES, REPURCHASE, LAST_ON, RECENCY_DAYS, FREQUENCY, MONEY, PURCHASE_MONEY, SERVICE_MONEY,
	INSURANCE_MONEY, LARGEST_SERVICE, CLASS, LEVEL, CAR, BOUGHT_ON, SIGN_ON, PHASE, VISITS_IN_PERIOD, LOYAL,
};

const char *const standing_columns[] = {
	"customer_id", "dealer_code", "register", "customer_type", "marketing_consent", "customer_source", "created_on",
	"purchases#", "cars#", "services#", "insurances#", "repurchase", "last_on", "recency_days#", "frequency#", "money.",
	"purchase_money.", "service_money.", "insurance_money.", "largest_service.", "class", "level#", "vin", "bought_on",
	"sign_on", "phase", "visits_in_period#", "loyal", NULL
};

static struct cell yuan(int64_t fen)
{
	return cell_real((double)fen / 100);
}

static struct cell yes_no(bool yes)
{
	return cell_text(yes ? STR("yes") : STR("no"));
}

static struct cell recency(const struct facts *x, const struct standing *one)
{
	struct str last = wordbook_text(&x->words, one->last);
	int32_t day = last.n ? date_day(last) : INT32_MIN;

	return day == INT32_MIN ? cell_text(STR("")) : cell_integer(date_day(x->terms->today) - day);
}

static bool is_loyal(const struct facts *x, const struct standing *one, struct str dealer)
{
	return one->first_dealer && str_eq(wordbook_text(&x->words, one->first_dealer), dealer) &&
	       str_eq(wordbook_text(&x->words, one->last_dealer), dealer);
}

static struct str car_of(const struct facts *x, const struct standing *one)
{
	return one->newest_vehicle ? fact_vehicle(x, one->newest_vehicle - 1, VEH_VIN) : (struct str){ 0 };
}

static struct cell told_cell(const struct facts *x, size_t row, enum column column)
{
	switch (column) {
	case CUSTOMER_ID: return cell_text(fact_person(x, row, CUS_CUSTOMER_ID));
	case DEALER_CODE: return cell_text(fact_or(fact_person(x, row, CUS_DEALER_CODE), fact_hq));
	case REGISTER: return cell_text(row < x->of->customer->n ? STR("customer") : STR("pending"));
	case CUSTOMER_TYPE: return cell_text(fact_person(x, row, CUS_CUSTOMER_TYPE));
	case MARKETING_CONSENT: return cell_text(fact_person(x, row, CUS_MARKETING_CONSENT));
	case CUSTOMER_SOURCE: return cell_text(fact_person(x, row, CUS_CUSTOMER_SOURCE));
	default: return cell_text(fact_day(fact_person(x, row, CUS_CREATED_AT)));
	}
}

struct cell standing_cell(const void *facts, size_t row, size_t column)
{
	const struct facts *x = facts;
	const struct standing *one = &x->standings[row];

	switch (column) {
	case PURCHASES: return cell_integer(one->purchases);
	case CARS: return cell_integer(one->cars);
	case SERVICES: return cell_integer(one->services);
	case INSURANCES: return cell_integer(one->insurances);
	case REPURCHASE: return yes_no(one->first_bought && one->first_bought != one->last_bought);
	case LAST_ON: return cell_text(wordbook_text(&x->words, one->last));
	case RECENCY_DAYS: return recency(x, one);
	case FREQUENCY: return cell_integer((int64_t)one->purchases + one->services + one->insurances);
	case MONEY: return yuan(one->fen);
	case PURCHASE_MONEY: return yuan(one->purchase_fen);
	case SERVICE_MONEY: return yuan(one->service_fen);
	case INSURANCE_MONEY: return yuan(one->fen - one->purchase_fen - one->service_fen);
	case LARGEST_SERVICE: return yuan(one->single_fen);
	case CLASS: return cell_text((struct str){ &one->grade, 1 });
	case LEVEL: return one->level == NO_LEVEL ? cell_text(STR("")) : cell_integer(one->level);
	case CAR: return cell_text(car_of(x, one));
	case BOUGHT_ON: return cell_text(wordbook_text(&x->words, one->newest_day));
	case SIGN_ON: return cell_text(wordbook_text(&x->words, one->sign));
	case PHASE: return cell_text(phases[one->phase]);
	case VISITS_IN_PERIOD: return cell_integer(one->visits_in_period);
	case LOYAL: return yes_no(is_loyal(x, one, fact_or(fact_person(x, row, CUS_DEALER_CODE), fact_hq)));
	default: return told_cell(x, row, (enum column)column);
	}
}
