/*
 * The marts that all others are made of, reckoned in one pass over the tables of a run instead
 * of by SQL: purchase, workshop_visit, vehicle_use and customer_standing of schemas/sql/marts.sql,
 * person, car and visit of followup.sql. What they mean stands there and nowhere else; the
 * stores answer by that SQL, and tests/mart/facts_test.c holds both equal, cell by cell.
 *
 * A fact refers to the rows that it is about and holds numbers: its texts are the tables'.
 */
#ifndef YICE_MART_FACTS_H
#define YICE_MART_FACTS_H

#include "map.h"
#include "source.h"

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

struct purchase { /* an owner, or a former one, of a known car */
	uint32_t ownership, vehicle;
	int64_t fen;
	bool used;
};

struct workshop_visit {
	uint32_t contact, owner; /* owner: a row of ownership + 1 where the contact names nobody */
	int64_t fen, parts_fen, labour_fen, mileage;
	bool paid, has_mileage;
};

struct vehicle_use { /* by the row of the car; rows of contact + 1 */
	uint32_t visits, last, last_own, first_service;
	int64_t mileage, fen;
	bool has_mileage;
};

struct standing { /* by the row of the customer, pending behind; words are 0 or an index + 1 */
	uint32_t purchases, cars, services, insurances, visits_in_period;
	uint32_t first_bought, last_bought, last, sign, newest_day, newest_vehicle;
	uint32_t first_dealer, last_dealer;
	int64_t purchase_fen, service_fen, fen, single_fen;
	int8_t level, series_level; /* NO_LEVEL: none */
	char grade; /* class: A, B, C */
	uint8_t phase;
};

enum { NO_LEVEL = -1 };

struct car {
	uint32_t ownership, vehicle;
};

struct last_visit { /* rows of contact + 1 */
	uint32_t last, serviced;
	int64_t mileage;
	bool has_mileage;
};

struct facts {
	const struct fact_tables *of;
	const struct fact_terms *terms;
	struct purchase *purchases;
	size_t n_purchases, cap_purchases;
	struct workshop_visit *visits;
	size_t n_visits, cap_visits;
	struct vehicle_use *uses;
	uint32_t *used; /* the rows of cars that have a vehicle_use */
	size_t n_used, cap_used;
	struct standing *standings;
	struct map words; /* days and dealers */
	struct car *cars;
	size_t n_cars, cap_cars;
	struct last_visit *last_visits;
	size_t n_last_visits, cap_last_visits;
	struct map visited; /* VIN -> index into last_visits */
};

void facts_make(struct facts *x, const struct fact_tables *of, const struct fact_terms *terms);
void facts_release(struct facts *x);
void fact_terms_release(struct fact_terms *t);

/* customer_standing, of what was spent. (standing.c) */
void standings_make(struct facts *x);
struct cell standing_cell(const void *facts, size_t row, size_t column);
extern const char *const standing_columns[];

/* The source of that name, or NULL: there is no such fact. */
struct source *facts_source(const struct facts *x, struct str name);

/* For the two files of it: */
struct str fact_vehicle(const struct facts *x, size_t row, int column);
struct str fact_ownership(const struct facts *x, size_t row, int column);
struct str fact_contact(const struct facts *x, size_t row, int column);
/* A customer or, behind all of them, a pending one. */
struct str fact_person(const struct facts *x, size_t row, int column);
size_t fact_people(const struct facts *x);
struct str fact_visit_customer(const struct facts *x, const struct workshop_visit *v);
struct str fact_visit_dealer(const struct facts *x, const struct workshop_visit *v);
struct str fact_bought_on(const struct facts *x, const struct purchase *p);
struct str fact_day(struct str time); /* its first ten characters */
struct str fact_or(struct str value, struct str otherwise);

#endif
