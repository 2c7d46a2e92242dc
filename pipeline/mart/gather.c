/*
 * purchase, car and workshop_visit of schemas/sql, which says what they mean: in blocks of rows
 * side by side, each with words of its own; then all in order, with the words of all.
 */
#include "facts.h"

#include "pool.h"
#include "spill.h"
#include "sql_number.h"

#include <stdlib.h>

enum { BLOCK_ROWS = 32 << 10 };

struct block { /* of rows of ownership, or of contact */
	const struct facts *x;
	bool contacts;
	size_t from, to;
	struct map *words;
	struct purchase *purchases;
	size_t n_purchases, cap_purchases, purchases_at;
	struct car *cars;
	size_t n_cars, cap_cars, cars_at;
	struct workshop_visit *visits;
	size_t n_visits, cap_visits, visits_at;
	int64_t fen;
};

struct gathering {
	struct facts *x;
	struct block *blocks;
	struct map *words; /* by block */
	size_t n;
};

/* ---- who ---- */

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

/* ---- purchases and cars ---- */

static bool is_buyer(struct str role)
{
	return str_eq(role, STR("owner")) || str_eq(role, STR("former_owner"));
}

static bool has_earlier_owner(const struct facts *x, uint32_t row, struct str vin, struct str day)
{
	struct source *ownership = x->of->ownership;

	for (size_t o = source_first(ownership, OWN_VIN, vin); o != SOURCE_END;
	     o = source_next(ownership, OWN_VIN, o)) {
		struct str since = o == row ? STR("") : fact_ownership(x, o, OWN_SINCE);

		if (since.n && str_cmp(since, day) < 0 && is_buyer(fact_ownership(x, o, OWN_ROLE)))
			return true;
	}
	return false;
}

static bool is_used(const struct facts *x, uint32_t row, struct str bought_on, const struct str *car)
{
	struct str sold = car[VEH_PURCHASE_DATE];

	return (sold.n && str_cmp(bought_on, sold) > 0 && !str_eq(bought_on, car[VEH_INVOICE_DATE])) ||
	       has_earlier_owner(x, row, car[VEH_VIN], bought_on);
}

/* Is that day of the car's one of a later sale? A car that is sold on keeps the newest only. */
static bool is_of_later_sale(struct str day, struct str until)
{
	return day.n && until.n && str_cmp(day, until) >= 0;
}

static int8_t level_of_series(const struct facts *x, struct str series)
{
	const struct map *levels = &x->terms->series_levels;
	const uint64_t *level = levels->n ? map_get(levels, series) : NULL;

	return level ? (int8_t)*level : NO_LEVEL;
}

/* What the sale cost; else, where the car's price is this buyer's, that. */
static int64_t price_of(const struct purchase *p, struct str bought_on, const struct str *own, const struct str *car)
{
	bool priced = p->used ? str_eq(bought_on, car[VEH_INVOICE_DATE]) :
				!is_of_later_sale(car[VEH_INVOICE_DATE], own[OWN_UNTIL]);

	if (own[OWN_PRICE].n)
		return sql_hundredfold(own[OWN_PRICE]);
	return priced ? sql_hundredfold(car[VEH_PRICE]) : 0;
}

static struct purchase *add_purchase(struct block *b, const struct purchase *told, const struct str *own,
				     const struct str *car)
{
	struct str bought_on = fact_or(own[OWN_SINCE], car[VEH_PURCHASE_DATE]), delivered_on = car[VEH_DELIVERY_DATE];
	struct purchase p = *told;

	p.used = is_used(b->x, p.ownership, bought_on, car);
	p.fen = price_of(&p, bought_on, own, car);
	if (p.used || is_of_later_sale(delivered_on, own[OWN_UNTIL]))
		delivered_on = bought_on;
	p.level = level_of_series(b->x, car[VEH_SERIES]);
	p.bought_on = wordbook_note(b->words, bought_on);
	p.delivered_on = wordbook_note(b->words, fact_or(delivered_on, bought_on));
	p.dealer = wordbook_note(b->words, fact_or(own[OWN_DEALER_CODE], p.owner ? car[VEH_DEALER_CODE] : STR("")));
	p.series = wordbook_note(b->words, car[VEH_SERIES]);
	if (p.owner && car[VEH_INSURANCE_START].n) {
		p.insured_on = wordbook_note(b->words, car[VEH_INSURANCE_START]);
		p.premium = sql_hundredfold(car[VEH_INSURANCE_PREMIUM]);
	}
	b->fen += p.fen + p.premium;
	SPILL_GROW(b->purchases, b->n_purchases, b->cap_purchases);
	b->purchases[b->n_purchases] = p;
	return &b->purchases[b->n_purchases++];
}

static void add_car(struct block *b, const struct purchase *bought, const struct str *car)
{
	static const int columns[CAR_WORDS] = {
		[CAR_DEALER] = VEH_DEALER_CODE,		  [CAR_SERIES] = VEH_SERIES,
		[CAR_USE] = VEH_USE,			  [CAR_REGISTRATION] = VEH_REGISTRATION_DATE,
		[CAR_FIRST_SERVICE] = VEH_FIRST_SERVICE_DATE,
		[CAR_INSURANCE_EXPIRY] = VEH_INSURANCE_EXPIRY, [CAR_LOAN_DATE] = VEH_LOAN_DATE,
		[CAR_LOAN_TERM] = VEH_LOAN_TERM,	  [CAR_LOAN_STATUS] = VEH_LOAN_STATUS,
		[CAR_DELIVERED] = VEH_DELIVERY_DATE,	  [CAR_FIRST_DELIVERED] = VEH_DELIVERY_DATE,
	};
	struct car *to;

	SPILL_GROW(b->cars, b->n_cars, b->cap_cars);
	to = &b->cars[b->n_cars++];
	*to = (struct car){ .ownership = bought->ownership, .vehicle = bought->vehicle, .person = bought->person };
	for (int i = 0; i < CAR_WORDS; i++)
		to->words[i] = wordbook_note(b->words, car[columns[i]]);
	to->words[CAR_DELIVERED] = bought->delivered_on;
	if (!to->words[CAR_FIRST_DELIVERED])
		to->words[CAR_FIRST_DELIVERED] = wordbook_note(b->words, car[VEH_PURCHASE_DATE]);
}

static void take_ownership(struct block *b, size_t row)
{
	const struct fact_tables *of = b->x->of;
	struct str own[TABLE_MAX_COLUMNS], car[TABLE_MAX_COLUMNS];
	struct purchase told = { .ownership = (uint32_t)row };
	const struct purchase *bought;
	size_t vehicle;

	rowset_get(of->ownership->rows, row, own);
	told.owner = str_eq(own[OWN_ROLE], STR("owner"));
	if (!is_buyer(own[OWN_ROLE]))
		return;
	vehicle = source_first(of->vehicle, VEH_VIN, own[OWN_VIN]);
	if (vehicle == SOURCE_END)
		return;
	told.vehicle = (uint32_t)vehicle;
	told.person = person_of(b->x, own[OWN_CUSTOMER_ID]);
	rowset_get(of->vehicle->rows, vehicle, car);
	bought = add_purchase(b, &told, own, car);
	if (told.owner && !own[OWN_UNTIL].n)
		add_car(b, bought, car);
}

/* ---- visits to the workshop ---- */

/* The owner, of several the first by customer_id: a row + 1. */
static uint32_t owner_of(const struct facts *x, struct str vin)
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

static void take_contact(struct block *b, size_t row)
{
	const struct facts *x = b->x;
	struct str v[TABLE_MAX_COLUMNS], id, word = fact_contact(x, row, CON_KIND);
	struct workshop_visit to = { .contact = (uint32_t)row };
	size_t vehicle;

	if (!word.n || !map_get(&x->terms->service_kinds, word))
		return;
	rowset_get(x->of->contact->rows, row, v);
	to.owner = v[CON_CUSTOMER_ID].n ? 0 : owner_of(x, v[CON_VIN]);
	id = to.owner ? fact_ownership(x, to.owner - 1, OWN_CUSTOMER_ID) : v[CON_CUSTOMER_ID];
	to.person = id.n ? person_of(x, id) : 0;
	vehicle = source_first(x->of->vehicle, VEH_VIN, v[CON_VIN]);
	to.vehicle = vehicle == SOURCE_END ? 0 : (uint32_t)vehicle + 1;
	to.day = wordbook_note(b->words, fact_day(v[CON_CONTACT_AT]));
	to.dealer = wordbook_note(b->words, fact_or(v[CON_DEALER_CODE], fact_hq));
	to.kind = wordbook_note(b->words, word);
	to.fen = sql_hundredfold(v[CON_AMOUNT]);
	to.parts_fen = sql_hundredfold(v[CON_PARTS_AMOUNT]);
	to.labour_fen = sql_hundredfold(v[CON_LABOUR_AMOUNT]);
	to.has_mileage = v[CON_MILEAGE].n > 0;
	to.mileage = to.has_mileage ? sql_number(v[CON_MILEAGE]) : 0;
	to.paid = !v[CON_SETTLEMENT].n || !map_get(&x->terms->unpaid_settlements, v[CON_SETTLEMENT]);
	if (to.person && to.paid)
		b->fen += to.fen;
	SPILL_GROW(b->visits, b->n_visits, b->cap_visits);
	b->visits[b->n_visits++] = to;
}

static void gather_block(void *context, size_t i, unsigned worker)
{
	struct gathering *g = context;
	struct block *b = &g->blocks[i];
	const struct source *of = b->contacts ? g->x->of->contact : g->x->of->ownership;

	(void)worker;
	for (size_t row = b->from; row < b->to; row++) {
		source_prefetch(of, row + 8);
		if (b->contacts)
			take_contact(b, row);
		else
			take_ownership(b, row);
	}
}

/* ---- all together ---- */

static void cut(struct gathering *g, const struct source *of, bool contacts)
{
	for (size_t from = 0; from < of->n; from += BLOCK_ROWS) {
		size_t to = from + BLOCK_ROWS < of->n ? from + BLOCK_ROWS : of->n;

		g->blocks[g->n] = (struct block){ .x = g->x, .contacts = contacts, .from = from, .to = to };
		g->blocks[g->n].words = &g->words[g->n];
		g->n++;
	}
}

static void place(struct gathering *g)
{
	struct facts *x = g->x;

	for (size_t i = 0; i < g->n; i++) {
		struct block *b = &g->blocks[i];

		b->purchases_at = x->n_purchases;
		b->cars_at = x->n_cars;
		b->visits_at = x->n_visits;
		x->n_purchases += b->n_purchases;
		x->n_cars += b->n_cars;
		x->n_visits += b->n_visits;
		x->all_fen += b->fen;
	}
	x->purchases = spill_grow(NULL, 0, (x->n_purchases + 1) * sizeof(*x->purchases));
	x->cars = spill_grow(NULL, 0, (x->n_cars + 1) * sizeof(*x->cars));
	x->visits = spill_grow(NULL, 0, (x->n_visits + 1) * sizeof(*x->visits));
}

static void move_block(void *context, size_t i, unsigned worker)
{
	struct gathering *g = context;
	struct block *b = &g->blocks[i];
	uint32_t *number = wordbook_renumber(&g->x->words, b->words);

	(void)worker;
	for (size_t k = 0; k < b->n_purchases; k++) {
		struct purchase *to = &g->x->purchases[b->purchases_at + k];

		*to = b->purchases[k];
		to->bought_on = number[to->bought_on];
		to->delivered_on = number[to->delivered_on];
		to->dealer = number[to->dealer];
		to->series = number[to->series];
		to->insured_on = number[to->insured_on];
	}
	for (size_t k = 0; k < b->n_cars; k++) {
		struct car *to = &g->x->cars[b->cars_at + k];

		*to = b->cars[k];
		for (int word = 0; word < CAR_WORDS; word++)
			to->words[word] = number[to->words[word]];
	}
	for (size_t k = 0; k < b->n_visits; k++) {
		struct workshop_visit *to = &g->x->visits[b->visits_at + k];

		*to = b->visits[k];
		to->day = number[to->day];
		to->dealer = number[to->dealer];
		to->kind = number[to->kind];
	}
	free(number);
	spill_free(b->purchases);
	spill_free(b->cars);
	spill_free(b->visits);
}

static int in_order(uint32_t person, uint32_t other, uint32_t ownership, uint32_t other_ownership)
{
	return person != other ? (person > other) - (person < other) :
				 (ownership > other_ownership) - (ownership < other_ownership);
}

static int purchases_by_person(const void *a, const void *b)
{
	const struct purchase *x = a, *y = b;

	return in_order(x->person, y->person, x->ownership, y->ownership);
}

static int cars_by_person(const void *a, const void *b)
{
	const struct car *x = a, *y = b;

	return in_order(x->person, y->person, x->ownership, y->ownership);
}

/* Who asks goes from one to the people or from people to these: neighbours lie near to each other. */
static void sort_list(void *context, size_t list, unsigned worker)
{
	struct facts *x = context;

	(void)worker;
	if (list == 0 && x->n_purchases)
		qsort(x->purchases, x->n_purchases, sizeof(*x->purchases), purchases_by_person);
	if (list == 1 && x->n_cars)
		qsort(x->cars, x->n_cars, sizeof(*x->cars), cars_by_person);
}

void facts_gather(struct facts *x, unsigned jobs)
{
	struct gathering g = { .x = x };
	size_t most = x->of->ownership->n / BLOCK_ROWS + x->of->contact->n / BLOCK_ROWS + 2;

	g.blocks = xcalloc(most, sizeof(*g.blocks));
	g.words = xcalloc(most, sizeof(*g.words));
	cut(&g, x->of->ownership, false);
	cut(&g, x->of->contact, true);
	pool_each(jobs, g.n, gather_block, &g);
	wordbook_make(&x->words, g.words, g.n);
	place(&g);
	pool_each(jobs, g.n, move_block, &g);
	pool_each(jobs, 2, sort_list, x);
	for (size_t i = 0; i < g.n; i++)
		map_release(&g.words[i]);
	free(g.words);
	free(g.blocks);
}
