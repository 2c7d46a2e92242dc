/*
 * The marts that all others are made of, reckoned in one pass over the tables of a run instead
 * of by SQL: purchase, workshop_visit, vehicle_use and customer_standing of schemas/sql/marts.sql,
 * person, car and visit of followup.sql. What they mean stands there and nowhere else; the
 * stores answer by that SQL, and tests/mart/facts_test.c holds both equal, cell by cell.
 *
 * A fact holds numbers: amounts, words, and the rows that it is about, whose texts are the tables'.
 * Much is asked of the words alone, which lie close together; a row of a table lies anywhere. VIN
 * is the key of vehicle, customer_id that of customer and pending together.
 */
#ifndef YICE_MART_FACTS_H
#define YICE_MART_FACTS_H

#include "source.h"
#include "wordbook.h"

struct fact_terms { /* of the tables term, span, word and tier_*; texts live in the arena */
	struct str today, period_from, quiet_before, lost_before, warranty_from, first_service_from;
	int64_t warranty_km, class_a_percent, class_b_percent;
	struct map service_kinds, unpaid_settlements;
	struct fact_tier {
		int64_t level;
		struct {
			bool given;
			int64_t value;
		} cars, services, single_amount, total_amount;
	} *tiers;
	size_t n_tiers;
	struct map series_levels; /* series -> the highest level it gives */
	struct arena arena;
};

struct fact_tables {
	struct source *customer, *pending, *vehicle, *ownership, *contact;
};

/* What is called a word is a number of `words`. A person is a row of customer or, behind all of
 * them, of pending, + 1; NOBODY: one whom neither names; 0: none at all. */
enum { NOBODY = UINT32_MAX };

struct purchase { /* an owner, or a former one, of a known car; in the order of people, as are cars */
	uint32_t ownership, vehicle, person;
	uint32_t bought_on, delivered_on, dealer, series, insured_on; /* words */
	int64_t fen, premium; /* insured_on and premium: of an owner */
	int8_t level; /* that the series gives */
	bool used, owner;
};

struct workshop_visit {
	uint32_t contact, owner; /* owner: a row of ownership + 1 where the contact names nobody */
	uint32_t person, vehicle; /* vehicle: a row + 1; 0: of no car, or of one nobody knows */
	uint32_t day, dealer, kind; /* words */
	int64_t fen, parts_fen, labour_fen;
	double mileage;
	bool paid, has_mileage;
};

struct vehicle_use { /* by the row of the car */
	uint32_t visits, last, last_own, first_service; /* words */
	uint32_t newest, serviced; /* rows of contact + 1: the last visit, and the last service */
	double mileage;
	int64_t fen;
	bool has_mileage;
};

struct standing { /* by the person - 1 */
	uint32_t purchases, cars, services, insurances, visits_in_period;
	uint32_t first_bought, last_bought, last, sign, newest_day, newest_vehicle;
	uint32_t first_dealer, last_dealer; /* words, as are the days */
	int64_t purchase_fen, service_fen, fen, single_fen;
	int8_t level, series_level; /* NO_LEVEL: none */
	char grade; /* class: A, B, C */
	uint8_t phase;
	bool newest_used;
};

enum { NO_LEVEL = -1 };
enum { CAR_DEALER, CAR_SERIES, CAR_USE, CAR_REGISTRATION, CAR_FIRST_SERVICE, CAR_INSURANCE_EXPIRY, CAR_LOAN_DATE, CAR_LOAN_TERM,
       CAR_LOAN_STATUS, CAR_DELIVERED, CAR_FIRST_DELIVERED, CAR_WORDS };

struct car {
	uint32_t ownership, vehicle, person, words[CAR_WORDS];
};

struct facts {
	const struct fact_tables *of;
	const struct fact_terms *terms;
	struct wordbook words; /* days, dealers and whatever else is short and comes again */
	struct purchase *purchases;
	struct car *cars;
	struct workshop_visit *visits;
	size_t n_purchases, n_cars, n_visits;
	int64_t all_fen; /* that everybody spent, known or not */
	struct vehicle_use *uses;
	uint32_t *used; /* the rows of cars that have a vehicle_use */
	size_t n_used, cap_used;
	struct vehicle_use *strays; /* of cars nobody knows, by `stray` */
	struct map stray; /* VIN -> index into strays */
	size_t cap_strays;
	struct standing *standings;
};

/* On up to `jobs` threads. */
void facts_make(struct facts *x, const struct fact_tables *of, const struct fact_terms *terms, unsigned jobs);
void facts_release(struct facts *x);
void fact_terms_release(struct fact_terms *t);

/* The source of that name, or NULL: there is no such fact. */
struct source *facts_source(const struct facts *x, struct str name);

/* ---- for the files of it ---- */

/* purchases, cars, visits and their words. (gather.c) */
void facts_gather(struct facts *x, unsigned jobs);
/* How each car is used, of the visits. (use.c) */
void uses_make(struct facts *x, unsigned jobs);
/* customer_standing, of what was spent and how cars are used. (standing.c) */
void standings_make(struct facts *x, unsigned jobs);
struct cell standing_cell(const void *facts, size_t row, size_t column);
extern const char *const standing_columns[];

struct str fact_vehicle(const struct facts *x, size_t row, int column);
struct str fact_ownership(const struct facts *x, size_t row, int column);
struct str fact_contact(const struct facts *x, size_t row, int column);
/* The time of the contact in row - 1; "" for 0. */
struct str fact_contact_at(const struct facts *x, uint32_t row_and_1);
/* A customer or, behind all of them, a pending one. */
struct str fact_person(const struct facts *x, size_t row, int column);
size_t fact_people(const struct facts *x);
struct str fact_visit_customer(const struct facts *x, const struct workshop_visit *v);
struct str fact_day(struct str time); /* its first ten characters */
struct str fact_or(struct str value, struct str otherwise);
extern const struct str fact_hq; /* the dealer of what has none */

#endif
