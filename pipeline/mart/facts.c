#include "facts.h"

#include "spill.h"
#include "sql_number.h"

#include <math.h>
#include <stdlib.h>

static const struct str HQ = STR_INIT("hq");

/* ---- what the tables say ---- */

static struct str value_of(const struct source *s, size_t row, int column)
{
	return rowset_value(s->rows, row, column);
}

struct str fact_vehicle(const struct facts *x, size_t row, int column)
{
	return value_of(x->of->vehicle, row, column);
}

struct str fact_ownership(const struct facts *x, size_t row, int column)
{
	return value_of(x->of->ownership, row, column);
}

struct str fact_contact(const struct facts *x, size_t row, int column)
{
	return value_of(x->of->contact, row, column);
}

struct str fact_person(const struct facts *x, size_t row, int column)
{
	size_t customers = x->of->customer->n;

	return row < customers ? value_of(x->of->customer, row, column) :
				 value_of(x->of->pending, row - customers, column);
}

size_t fact_people(const struct facts *x)
{
	return x->of->customer->n + x->of->pending->n;
}

struct str fact_or(struct str value, struct str otherwise)
{
	return value.n ? value : otherwise;
}

struct str fact_day(struct str time)
{
	return time.n > 10 ? (struct str){ time.p, 10 } : time;
}

/* ---- purchases ---- */

static bool is_used(struct str since, struct str purchase_date, struct str invoice_date)
{
	return since.n && purchase_date.n && !str_eq(since, purchase_date) && !str_eq(since, invoice_date);
}

static void add_purchase(struct facts *x, size_t ownership, size_t vehicle)
{
	struct str since = fact_ownership(x, ownership, OWN_SINCE);
	bool used = is_used(since, fact_vehicle(x, vehicle, VEH_PURCHASE_DATE),
			    fact_vehicle(x, vehicle, VEH_INVOICE_DATE));

	SPILL_GROW(x->purchases, x->n_purchases, x->cap_purchases);
	x->purchases[x->n_purchases++] = (struct purchase){
		.ownership = (uint32_t)ownership,
		.vehicle = (uint32_t)vehicle,
		.fen = used ? 0 : sql_hundredfold(fact_vehicle(x, vehicle, VEH_PRICE)),
		.used = used,
	};
}

static void make_purchases(struct facts *x)
{
	struct source *vehicle = x->of->vehicle;

	for (size_t i = 0; i < x->of->ownership->n; i++) {
		struct str role = fact_ownership(x, i, OWN_ROLE), vin;
		bool owner = str_eq(role, STR("owner"));

		if (!owner && !str_eq(role, STR("former_owner")))
			continue;
		vin = fact_ownership(x, i, OWN_VIN);
		for (size_t v = source_first(vehicle, VEH_VIN, vin); v != SOURCE_END;
		     v = source_next(vehicle, VEH_VIN, v)) {
			add_purchase(x, i, v);
			if (!owner || fact_ownership(x, i, OWN_UNTIL).n)
				continue;
			SPILL_GROW(x->cars, x->n_cars, x->cap_cars);
			x->cars[x->n_cars++] = (struct car){ (uint32_t)i, (uint32_t)v };
		}
	}
}

struct str fact_bought_on(const struct facts *x, const struct purchase *p)
{
	return fact_or(fact_ownership(x, p->ownership, OWN_SINCE), fact_vehicle(x, p->vehicle, VEH_PURCHASE_DATE));
}

static struct str delivered_on(const struct facts *x, const struct purchase *p)
{
	return p->used ? fact_ownership(x, p->ownership, OWN_SINCE) :
			 fact_or(fact_vehicle(x, p->vehicle, VEH_DELIVERY_DATE), fact_bought_on(x, p));
}

static struct cell purchase_cell(const void *facts, size_t row, size_t column)
{
	const struct facts *x = facts;
	const struct purchase *p = &x->purchases[row];

	switch (column) {
	case 0: return cell_text(fact_ownership(x, p->ownership, OWN_CUSTOMER_ID));
	case 1: return cell_text(fact_ownership(x, p->ownership, OWN_VIN));
	case 2: return cell_text(fact_ownership(x, p->ownership, OWN_ROLE));
	case 3: return cell_text(fact_or(fact_vehicle(x, p->vehicle, VEH_DEALER_CODE), HQ));
	case 4: return cell_text(fact_vehicle(x, p->vehicle, VEH_SERIES));
	case 5: return cell_text(fact_bought_on(x, p));
	case 6: return cell_text(delivered_on(x, p));
	case 7: return cell_integer(p->used);
	default: return cell_integer(p->fen);
	}
}

/* ---- visits to the workshop ---- */

/* The owner, of several the first by customer_id: a row + 1. */
static uint32_t owner_of(struct facts *x, struct str vin)
{
	struct source *ownership = x->of->ownership;
	struct str first = { 0 };
	uint32_t found = 0;

	for (size_t o = source_first(ownership, OWN_VIN, vin); o != SOURCE_END;
	     o = source_next(ownership, OWN_VIN, o)) {
		struct str id = fact_ownership(x, o, OWN_CUSTOMER_ID);

		if (!id.n || !str_eq(fact_ownership(x, o, OWN_ROLE), STR("owner")) ||
		    (found && str_cmp(id, first) >= 0))
			continue;
		found = (uint32_t)o + 1;
		first = id;
	}
	return found;
}

static void add_visit(struct facts *x, size_t row, const struct str *v)
{
	SPILL_GROW(x->visits, x->n_visits, x->cap_visits);
	x->visits[x->n_visits++] = (struct workshop_visit){
		.contact = (uint32_t)row,
		.owner = v[CON_CUSTOMER_ID].n ? 0 : owner_of(x, v[CON_VIN]),
		.fen = sql_hundredfold(v[CON_AMOUNT]),
		.parts_fen = sql_hundredfold(v[CON_PARTS_AMOUNT]),
		.labour_fen = sql_hundredfold(v[CON_LABOUR_AMOUNT]),
		.mileage = v[CON_MILEAGE].n ? sql_whole(sql_number(v[CON_MILEAGE])) : 0,
		.paid = !v[CON_SETTLEMENT].n || !map_get(&x->terms->unpaid_settlements, v[CON_SETTLEMENT]),
		.has_mileage = v[CON_MILEAGE].n > 0,
	};
}

static struct str contact_at(const struct facts *x, uint32_t row_and_1)
{
	return row_and_1 ? fact_contact(x, row_and_1 - 1, CON_CONTACT_AT) : (struct str){ 0 };
}

/* For the lists: of any car, known or not. */
static void add_last_visit(struct facts *x, size_t row, const struct str *v)
{
	bool added, serviced = str_eq(v[CON_KIND], STR("first_service")) || str_eq(v[CON_KIND], STR("maintenance"));
	size_t at = *map_put(&x->visited, v[CON_VIN], x->n_last_visits, &added);
	struct last_visit *last;

	if (added) {
		SPILL_GROW(x->last_visits, x->n_last_visits, x->cap_last_visits);
		x->last_visits[x->n_last_visits++] = (struct last_visit){ 0 };
	}
	last = &x->last_visits[at];
	if (v[CON_MILEAGE].n) {
		int64_t mileage = (int64_t)trunc(sql_number(v[CON_MILEAGE]));

		last->mileage = last->has_mileage && last->mileage > mileage ? last->mileage : mileage;
		last->has_mileage = true;
	}
	if (str_cmp(v[CON_CONTACT_AT], contact_at(x, last->last)) > 0)
		last->last = (uint32_t)row + 1;
	if (serviced && str_cmp(v[CON_CONTACT_AT], contact_at(x, last->serviced)) > 0)
		last->serviced = (uint32_t)row + 1;
}

static void make_visits(struct facts *x)
{
	struct str v[TABLE_MAX_COLUMNS];
	uint64_t *kind;

	for (size_t i = 0; i < x->of->contact->n; i++) {
		struct str word = fact_contact(x, i, CON_KIND);

		kind = word.n ? map_get(&x->terms->service_kinds, word) : NULL;
		if (!kind)
			continue;
		rowset_get(x->of->contact->rows, i, v);
		add_visit(x, i, v);
		if (v[CON_VIN].n)
			add_last_visit(x, i, v);
	}
}

struct str fact_visit_customer(const struct facts *x, const struct workshop_visit *v)
{
	return v->owner ? fact_ownership(x, v->owner - 1, OWN_CUSTOMER_ID) :
			  fact_contact(x, v->contact, CON_CUSTOMER_ID);
}

struct str fact_visit_dealer(const struct facts *x, const struct workshop_visit *v)
{
	return fact_or(fact_contact(x, v->contact, CON_DEALER_CODE), HQ);
}

static struct cell workshop_visit_cell(const void *facts, size_t row, size_t column)
{
	const struct facts *x = facts;
	const struct workshop_visit *v = &x->visits[row];

	switch (column) {
	case 0: return cell_text(fact_contact(x, v->contact, CON_RECORD_ID));
	case 1: return cell_text(fact_contact(x, v->contact, CON_VIN));
	case 2: return cell_text(fact_visit_customer(x, v));
	case 3: return cell_text(fact_visit_dealer(x, v));
	case 4: return cell_text(fact_day(fact_contact(x, v->contact, CON_CONTACT_AT)));
	case 5: return cell_text(fact_contact(x, v->contact, CON_KIND));
	case 6: return v->has_mileage ? cell_integer(v->mileage) : cell_text(STR(""));
	case 7: return cell_integer(v->fen);
	case 8: return cell_integer(v->parts_fen);
	case 9: return cell_integer(v->labour_fen);
	default: return cell_integer(v->paid);
	}
}

static struct cell last_visit_cell(const void *facts, size_t row, size_t column)
{
	const struct facts *x = facts;
	const struct last_visit *v = &x->last_visits[row];

	switch (column) {
	case 0: return cell_text(x->visited.entries[row].key);
	case 1: return cell_text(contact_at(x, v->last));
	case 2: return v->has_mileage ? cell_integer(v->mileage) : cell_text(STR(""));
	default: return cell_text(contact_at(x, v->serviced));
	}
}

/* ---- how each car is used ---- */

static struct str visit_day(const struct facts *x, uint32_t row_and_1)
{
	return fact_day(contact_at(x, row_and_1));
}

static void use_vehicle(struct facts *x, size_t row, const struct workshop_visit *v)
{
	struct vehicle_use *u = &x->uses[row];
	struct str day = fact_day(fact_contact(x, v->contact, CON_CONTACT_AT));

	u->visits++;
	u->fen += v->fen;
	if (v->has_mileage) {
		u->mileage = u->has_mileage && u->mileage > v->mileage ? u->mileage : v->mileage;
		u->has_mileage = true;
	}
	if (!day.n)
		return;
	if (!u->last || str_cmp(day, visit_day(x, u->last)) > 0)
		u->last = v->contact + 1;
	if ((!u->last_own || str_cmp(day, visit_day(x, u->last_own)) > 0) &&
	    str_eq(fact_visit_dealer(x, v), fact_or(fact_vehicle(x, row, VEH_DEALER_CODE), HQ)))
		u->last_own = v->contact + 1;
	if ((!u->first_service || str_cmp(day, visit_day(x, u->first_service)) < 0) &&
	    str_eq(fact_contact(x, v->contact, CON_KIND), STR("first_service")))
		u->first_service = v->contact + 1;
}

static void make_uses(struct facts *x)
{
	struct source *vehicle = x->of->vehicle;
	size_t size = (vehicle->n + 1) * sizeof(*x->uses);

	x->uses = spill_grow(NULL, 0, size);
	memset(x->uses, 0, size);
	for (size_t i = 0; i < x->n_visits; i++) {
		struct str vin = fact_contact(x, x->visits[i].contact, CON_VIN);

		for (size_t v = source_first(vehicle, VEH_VIN, vin); v != SOURCE_END;
		     v = source_next(vehicle, VEH_VIN, v))
			use_vehicle(x, v, &x->visits[i]);
	}
	for (size_t i = 0; i < vehicle->n; i++)
		if (x->uses[i].visits) { /* in the order of cars: who asks goes through them so */
			SPILL_GROW(x->used, x->n_used, x->cap_used);
			x->used[x->n_used++] = (uint32_t)i;
		}
}

static struct cell vehicle_use_cell(const void *facts, size_t row, size_t column)
{
	const struct facts *x = facts;
	const struct vehicle_use *u = &x->uses[x->used[row]];

	switch (column) {
	case 0: return cell_text(fact_vehicle(x, x->used[row], VEH_VIN));
	case 1: return cell_integer(u->visits);
	case 2: return cell_text(visit_day(x, u->last));
	case 3: return cell_text(visit_day(x, u->last_own));
	case 4: return cell_text(visit_day(x, u->first_service));
	case 5: return u->has_mileage ? cell_integer(u->mileage) : cell_text(STR(""));
	default: return cell_integer(u->fen);
	}
}

/* ---- for the lists ---- */

static struct cell person_cell(const void *facts, size_t row, size_t column)
{
	static const int columns[] = {
		CUS_CUSTOMER_ID, CUS_CUSTOMER_TYPE, CUS_NAME, CUS_MOBILE, CUS_PHONE, CUS_BIRTH_DATE, CUS_DEALER_CODE,
		CUS_MARKETING_CONSENT, CUS_INTENDED_PURCHASE_DATE, CUS_INTEREST_SERIES, CUS_NEXT_CONTACT_PLAN,
	};

	return cell_text(fact_person(facts, row, columns[column]));
}

static struct cell car_cell(const void *facts, size_t row, size_t column)
{
	static const int columns[] = { 0, VEH_VIN, VEH_DEALER_CODE, VEH_SERIES, VEH_USE, VEH_REGISTRATION_DATE,
				       VEH_INSURANCE_EXPIRY, VEH_LOAN_DATE, VEH_LOAN_TERM, VEH_LOAN_STATUS };
	const struct facts *x = facts;
	const struct car *car = &x->cars[row];

	if (column == 0)
		return cell_text(fact_ownership(x, car->ownership, OWN_CUSTOMER_ID));
	if (column < sizeof(columns) / sizeof(*columns))
		return cell_text(fact_vehicle(x, car->vehicle, columns[column]));
	return cell_text(fact_or(fact_vehicle(x, car->vehicle, VEH_DELIVERY_DATE),
				 fact_vehicle(x, car->vehicle, VEH_PURCHASE_DATE)));
}

/* ---- all of them ---- */

/* A column's name is followed by # where it is a whole number, by . where it is none. */
static const char *const purchase_columns[] = { "customer_id", "vin",		"role",	 "dealer_code", "series",
						"bought_on",   "delivered_on", "used#", "fen#",	 NULL };
static const char *const workshop_visit_columns[] = { "record_id", "vin",	    "customer_id", "dealer_code",
						      "day",	   "kind",	    "mileage#",	  "fen#",
						      "parts_fen#", "labour_fen#", "paid#",	  NULL };
static const char *const vehicle_use_columns[] = { "vin",      "visits#", "last_visit_on", "last_own_visit_on",
						   "first_service_on", "mileage#", "fen#", NULL };
static const char *const person_columns[] = {
	"customer_id", "customer_type", "name", "mobile", "phone", "birth_date", "dealer_code", "marketing_consent",
	"intended_purchase_date", "interest_series", "next_contact_plan", NULL
};
static const char *const car_columns[] = { "customer_id", "vin", "dealer_code", "series", "use", "registration_date",
					   "insurance_expiry", "loan_date", "loan_term", "loan_status", "delivered_on",
					   NULL };
static const char *const visit_columns[] = { "vin", "last_at", "mileage#", "serviced_at", NULL };

static size_t rows_of(const struct facts *x, const char *const *columns)
{
	if (columns == purchase_columns)
		return x->n_purchases;
	if (columns == workshop_visit_columns)
		return x->n_visits;
	if (columns == vehicle_use_columns)
		return x->n_used;
	if (columns == car_columns)
		return x->n_cars;
	return columns == visit_columns ? x->n_last_visits : fact_people(x);
}

struct source *facts_source(const struct facts *x, struct str name)
{
	static const struct {
		const char *name;
		const char *const *columns;
		struct cell (*cell)(const void *facts, size_t row, size_t column);
	} all[] = {
		{ "purchase", purchase_columns, purchase_cell },
		{ "workshop_visit", workshop_visit_columns, workshop_visit_cell },
		{ "vehicle_use", vehicle_use_columns, vehicle_use_cell },
		{ "customer_standing", standing_columns, standing_cell },
		{ "person", person_columns, person_cell },
		{ "car", car_columns, car_cell },
		{ "visit", visit_columns, last_visit_cell },
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++) {
		struct source *s;

		if (!str_eq(name, str_of(all[i].name)))
			continue;
		s = source_new(name);
		for (const char *const *column = all[i].columns; *column; column++) {
			struct str title = str_of(*column);
			struct str type = str_ends(title, STR("#")) ? STR("BIGINT") :
					  str_ends(title, STR(".")) ? STR("DOUBLE PRECISION") :
								      STR("TEXT");

			title.n -= str_eq(type, STR("TEXT")) ? 0 : 1;
			source_add_column(s, title, type, 0);
		}
		s->cell = all[i].cell;
		s->facts = x;
		s->n = rows_of(x, all[i].columns);
		return s;
	}
	return NULL;
}

void facts_make(struct facts *x, const struct fact_tables *of, const struct fact_terms *terms)
{
	*x = (struct facts){ .of = of, .terms = terms };
	make_purchases(x);
	make_visits(x);
	make_uses(x);
	standings_make(x);
}

void facts_release(struct facts *x)
{
	spill_free(x->purchases);
	spill_free(x->visits);
	spill_free(x->uses);
	spill_free(x->used);
	spill_free(x->standings);
	spill_free(x->cars);
	spill_free(x->last_visits);
	map_release(&x->words);
	map_release(&x->visited);
}

void fact_terms_release(struct fact_terms *t)
{
	map_release(&t->service_kinds);
	map_release(&t->unpaid_settlements);
	map_release(&t->series_levels);
	arena_release(&t->arena);
}
