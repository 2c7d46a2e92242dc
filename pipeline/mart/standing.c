/* customer_standing of schemas/sql/marts.sql, which says what its columns mean. */
#include "facts.h"

#include "date.h"
#include "spill.h"
#include "sql_number.h"

#include <stdlib.h>

enum phase { LEAD, LOST, LAST_YEAR, BUYER, WAITING, FIRST_SERVICE, IN_WARRANTY, OUT_OF_WARRANTY };

static const struct str phases[] = {
	[LEAD] = STR_INIT("lead"),	       [LOST] = STR_INIT("lost"),
	[LAST_YEAR] = STR_INIT("last_year"),   [BUYER] = STR_INIT("buyer"),
	[WAITING] = STR_INIT("waiting"),       [FIRST_SERVICE] = STR_INIT("first_service"),
	[IN_WARRANTY] = STR_INIT("in_warranty"), [OUT_OF_WARRANTY] = STR_INIT("out_of_warranty"),
};

static const struct str HQ = STR_INIT("hq");

/* ---- days and dealers as numbers ---- */

static uint32_t number_of(struct facts *x, struct str word)
{
	return word.n ? (uint32_t)*map_put(&x->words, word, x->words.n, NULL) + 1 : 0;
}

static struct str word_of(const struct facts *x, uint32_t number)
{
	return number ? x->words.entries[number - 1].key : (struct str){ 0 };
}

static void keep_first(const struct facts *x, uint32_t *first, uint32_t word)
{
	if (word && word != *first && (!*first || str_cmp(word_of(x, word), word_of(x, *first)) < 0))
		*first = word;
}

static void keep_last(const struct facts *x, uint32_t *last, uint32_t word)
{
	if (word && word != *last && str_cmp(word_of(x, word), word_of(x, *last)) > 0)
		*last = word;
}

/* ---- what everybody spent ---- */

struct spending {
	struct facts *x;
	uint32_t *owners; /* by the row of ownership: of the person, + 1; 0: not looked up */
	int64_t all_fen;
};

enum { NOBODY = UINT32_MAX };

static uint32_t person_of(const struct facts *x, struct str customer_id)
{
	const struct fact_tables *of = x->of;
	size_t row = source_first(of->customer, CUS_CUSTOMER_ID, customer_id);

	if (row == SOURCE_END) {
		row = source_first(of->pending, CUS_CUSTOMER_ID, customer_id);
		if (row == SOURCE_END)
			return NOBODY;
		row += of->customer->n;
	}
	return (uint32_t)row + 1;
}

static uint32_t owner_of(struct spending *s, size_t ownership)
{
	uint32_t *owner = &s->owners[ownership];

	if (!*owner)
		*owner = person_of(s->x, fact_ownership(s->x, ownership, OWN_CUSTOMER_ID));
	return *owner;
}

/* NULL: nobody we know; what he spent counts in the sum of all the same. */
static struct standing *event(struct spending *s, uint32_t person, uint32_t day, int64_t fen)
{
	struct standing *one = person == NOBODY ? NULL : &s->x->standings[person - 1];

	s->all_fen += fen;
	if (!one)
		return NULL;
	one->fen += fen;
	keep_last(s->x, &one->last, day);
	return one;
}

static bool is_newer(const struct facts *x, const struct standing *one, uint32_t day, uint32_t vehicle)
{
	int c;

	if (!one->newest_vehicle)
		return true;
	c = str_cmp(fact_or(word_of(x, day), STR("0000-00-00")), fact_or(word_of(x, one->newest_day), STR("0000-00-00")));
	return c ? c > 0 :
		   str_cmp(fact_vehicle(x, vehicle, VEH_VIN), fact_vehicle(x, one->newest_vehicle - 1, VEH_VIN)) > 0;
}

static void count_purchase(struct spending *s, const struct purchase *p)
{
	struct facts *x = s->x;
	uint32_t day = number_of(x, fact_bought_on(x, p));
	struct standing *one = event(s, owner_of(s, p->ownership), day, p->fen);
	const uint64_t *level;

	if (!one)
		return;
	one->purchases++;
	one->purchase_fen += p->fen;
	keep_first(x, &one->first_bought, day);
	keep_last(x, &one->last_bought, day);
	keep_last(x, &one->sign, day);
	level = x->terms->series_levels.n ?
			map_get(&x->terms->series_levels, fact_vehicle(x, p->vehicle, VEH_SERIES)) :
			NULL;
	if (level && (int)*level > one->series_level)
		one->series_level = (int8_t)*level;
	if (!str_eq(fact_ownership(x, p->ownership, OWN_ROLE), STR("owner")))
		return;
	one->cars++;
	if (is_newer(x, one, day, p->vehicle)) {
		one->newest_day = day;
		one->newest_vehicle = p->vehicle + 1;
	}
}

static void count_visit(struct spending *s, const struct workshop_visit *v)
{
	struct facts *x = s->x;
	struct str id = fact_visit_customer(x, v);
	int64_t fen = v->paid ? v->fen : 0;
	struct standing *one;
	struct str text;
	uint32_t day;

	if (!id.n)
		return;
	text = fact_day(fact_contact(x, v->contact, CON_CONTACT_AT));
	day = number_of(x, text);
	one = event(s, v->owner ? owner_of(s, v->owner - 1) : person_of(x, id), day, fen);
	if (!one)
		return;
	if (!one->services++ || fen > one->single_fen)
		one->single_fen = fen;
	one->service_fen += fen;
	keep_last(x, &one->sign, day);
	if (text.n && str_cmp(text, x->terms->period_from) >= 0 && str_cmp(text, x->terms->today) <= 0) {
		uint32_t dealer = number_of(x, fact_visit_dealer(x, v));

		one->visits_in_period++;
		keep_first(x, &one->first_dealer, dealer);
		keep_last(x, &one->last_dealer, dealer);
	}
}

static void count_insurance(struct spending *s, size_t vehicle)
{
	struct facts *x = s->x;
	struct source *ownership = x->of->ownership;
	struct str start = fact_vehicle(x, vehicle, VEH_INSURANCE_START), vin;
	uint32_t day;
	int64_t fen;

	if (!start.n)
		return;
	vin = fact_vehicle(x, vehicle, VEH_VIN);
	day = number_of(x, start);
	fen = sql_hundredfold(fact_vehicle(x, vehicle, VEH_INSURANCE_PREMIUM));
	for (size_t o = source_first(ownership, OWN_VIN, vin); o != SOURCE_END;
	     o = source_next(ownership, OWN_VIN, o))
		if (str_eq(fact_ownership(x, o, OWN_ROLE), STR("owner"))) {
			struct standing *one = event(s, owner_of(s, o), day, fen);

			if (one)
				one->insurances++;
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

static void grade(struct spending *s)
{
	struct facts *x = s->x;
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
		x->standings[ranks[i].row].grade = before * 100 < s->all_fen * t->class_a_percent ? 'A' :
						   before * 100 < s->all_fen * t->class_b_percent ? 'B' :
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

static bool is_used_by(const struct facts *x, const struct standing *one)
{
	struct str bought = word_of(x, one->newest_day), sold;

	if (!one->newest_vehicle || !bought.n)
		return false;
	sold = fact_vehicle(x, one->newest_vehicle - 1, VEH_PURCHASE_DATE);
	return sold.n && !str_eq(bought, sold) &&
	       !str_eq(bought, fact_vehicle(x, one->newest_vehicle - 1, VEH_INVOICE_DATE));
}

static enum phase phase_of(const struct facts *x, const struct standing *one, const struct vehicle_use *use)
{
	const struct fact_terms *t = x->terms;
	size_t car = one->newest_vehicle - 1; /* where he has one */
	struct str seen = word_of(x, one->sign), delivery, had;
	bool used;

	if (!one->purchases)
		return LEAD;
	if (!one->cars || str_cmp(seen, t->lost_before) < 0)
		return LOST;
	if (str_cmp(seen, t->quiet_before) < 0)
		return LAST_YEAR;
	used = is_used_by(x, one);
	delivery = fact_vehicle(x, car, VEH_DELIVERY_DATE);
	had = fact_or(delivery, word_of(x, one->newest_day));
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

static void judge(struct facts *x, struct standing *one)
{
	static const struct vehicle_use none;
	const struct vehicle_use *use = one->newest_vehicle ? &x->uses[one->newest_vehicle - 1] : &none;

	if (use->last)
		keep_last(x, &one->sign, number_of(x, fact_day(fact_contact(x, use->last - 1, CON_CONTACT_AT))));
	one->level = level_of(x->terms, one);
	one->phase = (uint8_t)phase_of(x, one, use);
}

void standings_make(struct facts *x)
{
	struct spending s = { .x = x };
	size_t people = fact_people(x), size = (people + 1) * sizeof(*x->standings);

	x->standings = spill_grow(NULL, 0, size);
	memset(x->standings, 0, size);
	s.owners = xcalloc(x->of->ownership->n + 1, sizeof(*s.owners));
	for (size_t i = 0; i < people; i++)
		x->standings[i].series_level = NO_LEVEL;
	for (size_t i = 0; i < x->n_purchases; i++)
		count_purchase(&s, &x->purchases[i]);
	for (size_t i = 0; i < x->n_visits; i++)
		count_visit(&s, &x->visits[i]);
	for (size_t i = 0; i < x->of->vehicle->n; i++)
		count_insurance(&s, i);
	free(s.owners);
	grade(&s);
	for (size_t i = 0; i < people; i++)
		judge(x, &x->standings[i]);
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
	struct str last = word_of(x, one->last);
	int32_t day = last.n ? date_day(last) : INT32_MIN;

	return day == INT32_MIN ? cell_text(STR("")) : cell_integer(date_day(x->terms->today) - day);
}

static bool is_loyal(const struct facts *x, const struct standing *one, struct str dealer)
{
	return one->first_dealer && str_eq(word_of(x, one->first_dealer), dealer) &&
	       str_eq(word_of(x, one->last_dealer), dealer);
}

static struct str car_of(const struct facts *x, const struct standing *one)
{
	return one->newest_vehicle ? fact_vehicle(x, one->newest_vehicle - 1, VEH_VIN) : (struct str){ 0 };
}

static struct cell told_cell(const struct facts *x, size_t row, enum column column)
{
	switch (column) {
	case CUSTOMER_ID: return cell_text(fact_person(x, row, CUS_CUSTOMER_ID));
	case DEALER_CODE: return cell_text(fact_or(fact_person(x, row, CUS_DEALER_CODE), HQ));
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
	case LAST_ON: return cell_text(word_of(x, one->last));
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
	case BOUGHT_ON: return cell_text(word_of(x, one->newest_day));
	case SIGN_ON: return cell_text(word_of(x, one->sign));
	case PHASE: return cell_text(phases[one->phase]);
	case VISITS_IN_PERIOD: return cell_integer(one->visits_in_period);
	case LOYAL: return yes_no(is_loyal(x, one, fact_or(fact_person(x, row, CUS_DEALER_CODE), HQ)));
	default: return told_cell(x, row, (enum column)column);
	}
}
