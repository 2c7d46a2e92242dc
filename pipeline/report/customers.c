/*
 * The KR reports of headquarters over the master, for each dealer: whom the call center can
 * call (complete, unique, timely; the master holds valid values only), satisfaction from the
 * surveys, valid addresses, and the dealer standard's 15 items. Pending customers count: they
 * are customers of the dealer too.
 */
#include "parts.h"

#include <stdlib.h>

/* Counts of one dealer; booked when all customers were seen. */
struct dealer_counts {
	struct str dealer;
	struct count of[METRICS];
	struct count items[STANDARD_MOST];
};

struct counting {
	const struct inputs *in;
	struct map mobiles; /* mobile -> how many customers have it */
	struct map by_dealer;
	struct dealer_counts *dealers;
	size_t n, cap;
};

static void mark_double(struct inputs *in, struct str customer_id)
{
	const uint64_t *at = map_get(&in->by_customer, customer_id);

	if (at)
		in->person[*at] |= PERSON_DOUBLE;
}

/* Each side of a pair. A failed ID number, too, is told as a possible duplicate, but its record
 * is linked: that is one customer already, and asked is only which number is right. */
static void mark_doubles(struct inputs *in)
{
	struct str v[REV_COLUMNS], rest, other;

	for (size_t i = 0; i < in->review->n; i++) {
		if (!str_eq(rowset_value(in->review, i, REV_KIND), STR("possible_duplicate")))
			continue;
		rowset_get(in->review, i, v);
		if (str_eq(v[REV_ATTRIBUTE], STR("id_number")))
			continue;
		mark_double(in, v[REV_CUSTOMER_ID]);
		for (rest = v[REV_NEW_VALUE]; str_cut(&rest, ';', &other);)
			mark_double(in, other);
	}
}

static void count_mobiles(const struct inputs *in, struct map *mobiles)
{
	for (size_t i = 0; i < in->n_people; i++) {
		struct str mobile = inputs_person(in, i, CUS_MOBILE);

		if (mobile.n)
			++*map_put(mobiles, mobile, 0, NULL);
	}
}

static struct dealer_counts *counts_of(struct counting *c, struct str dealer)
{
	bool added;
	size_t at = *map_put(&c->by_dealer, dealer, c->n, &added);

	if (added) {
		GROW(c->dealers, c->n, c->cap);
		c->dealers[c->n++] = (struct dealer_counts){
			.dealer = c->by_dealer.entries[at].key,
		};
	}
	return &c->dealers[at];
}

static void add(struct dealer_counts *d, enum metric metric, bool yes)
{
	d->of[metric].numerator += yes;
	d->of[metric].denominator++;
}

static void count_calling(const struct counting *c, struct dealer_counts *d, size_t i, const struct str *v)
{
	unsigned char person = c->in->person[i];
	bool complete = v[CUS_NAME].n && v[CUS_MOBILE].n;
	bool own = v[CUS_MOBILE].n && *map_get(&c->mobiles, v[CUS_MOBILE]) == 1;
	bool single = !(person & PERSON_DOUBLE);
	bool timely = (person & (PERSON_LATE | PERSON_ON_TIME)) != PERSON_LATE;

	add(d, M_callable, complete && own && single && timely);
	add(d, M_callable_complete, complete);
	add(d, M_callable_unique, (own || !v[CUS_MOBILE].n) && single);
	add(d, M_callable_timely, timely);
	add(d, M_undoubted, single);
	if (v[CUS_MOBILE].n)
		add(d, M_own_mobile, own);
}

static void count_values(const struct counting *c, struct dealer_counts *d, size_t i, const struct str *v)
{
	bool address = v[CUS_PROVINCE].n && v[CUS_CITY].n && v[CUS_ADDRESS].n;

	add(d, M_customers, true);
	add(d, M_valid_address, address && c->in->person[i] & PERSON_ADDRESS);
	add(d, M_reachable, v[CUS_MOBILE].n || v[CUS_PHONE].n || v[CUS_CONTACT_PHONE].n);
	add(d, M_has_mobile, v[CUS_MOBILE].n != 0);
	add(d, M_has_id_number, v[CUS_ID_NUMBER].n != 0);
	add(d, M_consent, str_eq(v[CUS_MARKETING_CONSENT], STR("yes")));
}

static void count_items(const struct standard *s, struct dealer_counts *d, uint64_t lacking)
{
	add(d, M_qualified, !(lacking & s->qualified));
	for (size_t i = 0; i < s->n; i++) {
		d->items[i].numerator += !(lacking >> i & 1);
		d->items[i].denominator++;
	}
}

static void count_people(struct counting *c)
{
	const struct inputs *in = c->in;
	struct standard_tables tables = { { in->people[0], in->people[1] }, in->vehicle, in->ownership, in->contact };
	uint64_t *lacking = standard_lacking(&in->standard, &tables, &in->by_customer);
	struct str v[CUS_COLUMNS];
	size_t person = 0;

	for (int kind = 0; kind < 2; kind++)
		for (size_t i = 0; i < in->people[kind]->n; i++, person++) {
			struct dealer_counts *d;

			rowset_get(in->people[kind], i, v);
			d = counts_of(c, inputs_dealer(v[CUS_DEALER_CODE], NULL));
			count_values(c, d, person, v);
			count_calling(c, d, person, v);
			count_items(&in->standard, d, lacking[person]);
		}
	run_put_lacking(in->r, lacking);
}

static void book(const struct counting *c, const struct dealer_counts *d, struct tally *t)
{
	const struct standard *s = &c->in->standard;
	struct origin_scope from = { .dealer = d->dealer };

	for (enum metric m = 0; m < METRICS; m++)
		if (d->of[m].denominator)
			tally_add_origin(t, m, &from, d->of[m].numerator, d->of[m].denominator);
	for (size_t i = 0; i < s->n; i++) {
		const struct count *item = &d->items[i];

		if (!s->list[i].qualified)
			continue;
		tally_add(t, M_item_given, SCOPE_ITEM, s->list[i].name, item->numerator, item->denominator);
		tally_add_pair(t, M_item_given, SCOPE_DEALER_ITEM, d->dealer, s->list[i].name,
			       item->numerator, item->denominator);
	}
}

/* ---- surveys ---- */

/* "912.5" as 91250; false for what is no number of three digits or so. */
static bool hundredths(struct str text, int64_t *number)
{
	double value;

	if (!str_double(str_trim(text), &value) || value < 0 || value > 1e6)
		return false;
	*number = (int64_t)(value * 100 + 0.5);
	return true;
}

/* The factors by their weights; what has no score is left out. */
static bool weigh_factors(const struct terms *terms, struct str scores, int64_t *score)
{
	struct str word;
	int64_t sum = 0, weights = 0, number;

	for (size_t i = 0; i < SURVEY_FACTORS && str_cut(&scores, ';', &word); i++) {
		if (!hundredths(word, &number))
			continue;
		sum += number * (int64_t)terms->factor_weights[i];
		weights += (int64_t)terms->factor_weights[i];
	}
	if (!weights)
		return false;
	*score = (sum + weights / 2) / weights;
	return true;
}

static void add_score(struct tally *t, enum metric metric, struct str dealer, int64_t score)
{
	struct origin_scope from = { .dealer = dealer };

	tally_add_origin(t, metric, &from, score, 1);
}

static void count_survey(const struct inputs *in, struct tally *t, const struct str *v)
{
	struct str dealer = inputs_dealer(v[CON_DEALER_CODE], NULL);
	int64_t score;

	if (words_in(&in->terms.after_sales_words, v[CON_SUBJECT])) {
		if (weigh_factors(&in->terms, v[CON_SCORES], &score) ||
		    hundredths(v[CON_SATISFACTION], &score))
			add_score(t, M_after_sales_csi, dealer, score);
	} else if (words_in(&in->terms.sales_words, v[CON_SUBJECT])) {
		if (hundredths(v[CON_SATISFACTION], &score))
			add_score(t, M_sales_csi, dealer, score);
	}
}

static void count_surveys(const struct inputs *in, struct tally *t)
{
	struct str v[CON_COLUMNS];

	for (size_t i = 0; i < in->contact->n; i++) {
		if (!str_eq(rowset_value(in->contact, i, CON_KIND), STR("survey")))
			continue;
		rowset_get(in->contact, i, v);
		count_survey(in, t, v);
	}
}

void count_customers(struct inputs *in, struct tally *t)
{
	struct counting c = { .in = in };

	mark_doubles(in);
	count_mobiles(in, &c.mobiles);
	count_people(&c);
	for (size_t i = 0; i < c.n; i++)
		book(&c, &c.dealers[i], t);
	count_surveys(in, t);
	map_release(&c.mobiles);
	map_release(&c.by_dealer);
	free(c.dealers);
}
