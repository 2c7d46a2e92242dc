#include "facts.h"

#include "spill.h"
#include "sql_number.h"

#include <math.h>

const struct str fact_hq = STR_INIT("hq");

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

struct str fact_contact_at(const struct facts *x, uint32_t row_and_1)
{
	return row_and_1 ? fact_contact(x, row_and_1 - 1, CON_CONTACT_AT) : (struct str){ 0 };
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

/* ---- as tables ---- */

static struct str word(const struct facts *x, uint32_t number)
{
	return wordbook_text(&x->words, number);
}

/* People lie in the order of who asks for them; rows of ownership do not. */
static struct str owner_id(const struct facts *x, uint32_t person, uint32_t ownership)
{
	return person != NOBODY ? fact_person(x, person - 1, CUS_CUSTOMER_ID) :
				  fact_ownership(x, ownership, OWN_CUSTOMER_ID);
}

static struct cell purchase_cell(const void *facts, size_t row, size_t column)
{
	const struct facts *x = facts;
	const struct purchase *p = &x->purchases[row];

	switch (column) {
	case 0: return cell_text(owner_id(x, p->person, p->ownership));
	case 1: return cell_text(fact_vehicle(x, p->vehicle, VEH_VIN));
	case 2: return cell_text(p->owner ? STR("owner") : STR("former_owner"));
	case 3: return cell_text(fact_or(word(x, p->dealer), fact_hq));
	case 4: return cell_text(word(x, p->series));
	case 5: return cell_text(word(x, p->bought_on));
	case 6: return cell_text(word(x, p->delivered_on));
	case 7: return cell_integer(p->used);
	default: return cell_integer(p->fen);
	}
}

struct str fact_visit_customer(const struct facts *x, const struct workshop_visit *v)
{
	return v->owner ? fact_ownership(x, v->owner - 1, OWN_CUSTOMER_ID) :
			  fact_contact(x, v->contact, CON_CUSTOMER_ID);
}

static struct cell workshop_visit_cell(const void *facts, size_t row, size_t column)
{
	const struct facts *x = facts;
	const struct workshop_visit *v = &x->visits[row];

	switch (column) {
	case 0: return cell_text(fact_contact(x, v->contact, CON_RECORD_ID));
	case 1: return cell_text(fact_contact(x, v->contact, CON_VIN));
	case 2: return cell_text(fact_visit_customer(x, v));
	case 3: return cell_text(fact_or(word(x, v->dealer), fact_hq));
	case 4: return cell_text(word(x, v->day));
	case 5: return cell_text(word(x, v->kind));
	case 6: return v->has_mileage ? cell_integer(sql_whole(v->mileage)) : cell_text(STR(""));
	case 7: return cell_integer(v->fen);
	case 8: return cell_integer(v->parts_fen);
	case 9: return cell_integer(v->labour_fen);
	default: return cell_integer(v->paid);
	}
}

static struct cell vehicle_use_cell(const void *facts, size_t row, size_t column)
{
	const struct facts *x = facts;
	const struct vehicle_use *u = &x->uses[x->used[row]];

	switch (column) {
	case 0: return cell_text(fact_vehicle(x, x->used[row], VEH_VIN));
	case 1: return cell_integer(u->visits);
	case 2: return cell_text(word(x, u->last));
	case 3: return cell_text(word(x, u->last_own));
	case 4: return cell_text(word(x, u->first_service));
	case 5: return cell_text(fact_day(fact_contact_at(x, u->serviced)));
	case 6: return u->has_mileage ? cell_integer(sql_whole(u->mileage)) : cell_text(STR(""));
	default: return cell_integer(u->fen);
	}
}

/* The last three columns of visit, and of car. */
static struct cell seen_cell(const struct facts *x, const struct vehicle_use *u, size_t column)
{
	switch (column) {
	case 0: return cell_text(fact_contact_at(x, u->newest));
	case 1: return u->has_mileage ? cell_integer((int64_t)trunc(u->mileage)) : cell_text(STR(""));
	default: return cell_text(fact_contact_at(x, u->serviced));
	}
}

/* Of any car, known or not. */
static struct cell last_visit_cell(const void *facts, size_t row, size_t column)
{
	const struct facts *x = facts;
	bool known = row < x->n_used;

	if (column == 0)
		return cell_text(known ? fact_vehicle(x, x->used[row], VEH_VIN) :
					 x->stray.entries[row - x->n_used].key);
	return seen_cell(x, known ? &x->uses[x->used[row]] : &x->strays[row - x->n_used], column - 1);
}

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
	const struct facts *x = facts;
	const struct car *car = &x->cars[row];

	if (column == 0)
		return cell_text(owner_id(x, car->person, car->ownership));
	if (column == 1)
		return cell_text(fact_vehicle(x, car->vehicle, VEH_VIN));
	if (column < 2 + CAR_WORDS)
		return cell_text(word(x, car->words[column - 2])); /* in their order */
	return seen_cell(x, &x->uses[car->vehicle], column - 2 - CAR_WORDS);
}

/* ---- all of them ---- */

/* A column's name is followed by # where it is a whole number, by . where it is none. */
static const char *const purchase_columns[] = { "customer_id", "vin",		"role",	 "dealer_code", "series",
						"bought_on",   "delivered_on", "used#", "fen#",	 NULL };
static const char *const workshop_visit_columns[] = { "record_id", "vin",	    "customer_id", "dealer_code",
						      "day",	   "kind",	    "mileage#",	  "fen#",
						      "parts_fen#", "labour_fen#", "paid#",	  NULL };
static const char *const vehicle_use_columns[] = { "vin",      "visits#", "last_visit_on", "last_own_visit_on",
						   "first_service_on", "last_service_on", "mileage#", "fen#", NULL };
static const char *const person_columns[] = {
	"customer_id", "customer_type", "name", "mobile", "phone", "birth_date", "dealer_code", "marketing_consent",
	"intended_purchase_date", "interest_series", "next_contact_plan", NULL
};
static const char *const car_columns[] = { "customer_id", "vin", "dealer_code", "series", "use", "registration_date",
					   "first_service_date", "insurance_expiry", "loan_date", "loan_term", "loan_status", "delivered_on",
					   "first_delivered_on", "last_visit_at", "mileage#", "serviced_at", NULL };
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
	return columns == visit_columns ? x->n_used + x->stray.n : fact_people(x);
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

void facts_make(struct facts *x, const struct fact_tables *of, const struct fact_terms *terms, unsigned jobs)
{
	*x = (struct facts){ .of = of, .terms = terms };
	facts_gather(x, jobs);
	uses_make(x, jobs);
	standings_make(x, jobs);
}

void facts_release(struct facts *x)
{
	spill_free(x->purchases);
	spill_free(x->cars);
	spill_free(x->visits);
	spill_free(x->uses);
	spill_free(x->used);
	spill_free(x->strays);
	spill_free(x->standings);
	wordbook_release(&x->words);
	map_release(&x->stray);
}

void fact_terms_release(struct fact_terms *t)
{
	map_release(&t->service_kinds);
	map_release(&t->unpaid_settlements);
	map_release(&t->series_levels);
	arena_release(&t->arena);
}
