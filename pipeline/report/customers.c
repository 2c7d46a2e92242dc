/*
 * The KR reports of headquarters over the master, for each dealer: whom the call center can
 * call (complete, unique, timely; the master holds valid values only), satisfaction from the
 * surveys, valid addresses, and the dealer standard's 15 items. Pending customers count: they
 * are customers of the dealer too.
 */
#include "parts.h"

#include <stdlib.h>


static void mark_doubles(struct inputs *in)
{
	for (size_t i = 0; i < in->review->n; i++) {
		const uint64_t *at;

		if (!str_eq(rowset_value(in->review, i, REV_KIND), STR("possible_duplicate")))
			continue;
		at = map_get(&in->by_customer, rowset_value(in->review, i, REV_CUSTOMER_ID));
		if (at)
			in->person[*at] |= PERSON_DOUBLE;
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

static void add(struct tally *t, enum metric metric, struct str dealer, int64_t numerator,
		int64_t denominator)
{
	struct origin_scope from = { .dealer = dealer };

	tally_add_origin(t, metric, &from, numerator, denominator);
}

static void count_calling(const struct inputs *in, struct tally *t, size_t i, const struct str *v,
			  struct str dealer, const struct map *mobiles)
{
	bool complete = v[CUS_NAME].n && v[CUS_MOBILE].n;
	bool own = v[CUS_MOBILE].n && *map_get(mobiles, v[CUS_MOBILE]) == 1;
	bool single = !(in->person[i] & PERSON_DOUBLE);
	bool timely = (in->person[i] & (PERSON_LATE | PERSON_ON_TIME)) != PERSON_LATE;

	add(t, M_callable, dealer, complete && own && single && timely, 1);
	add(t, M_callable_complete, dealer, complete, 1);
	add(t, M_callable_unique, dealer, (own || !v[CUS_MOBILE].n) && single, 1);
	add(t, M_callable_timely, dealer, timely, 1);
	add(t, M_undoubted, dealer, single, 1);
	if (v[CUS_MOBILE].n)
		add(t, M_own_mobile, dealer, own, 1);
}

static void count_values(const struct inputs *in, struct tally *t, size_t i, const struct str *v,
			 struct str dealer)
{
	bool address = v[CUS_PROVINCE].n && v[CUS_CITY].n && v[CUS_ADDRESS].n;

	add(t, M_customers, dealer, 1, 0);
	add(t, M_valid_address, dealer, address && in->person[i] & PERSON_ADDRESS, 1);
	add(t, M_reachable, dealer, v[CUS_MOBILE].n || v[CUS_PHONE].n || v[CUS_CONTACT_PHONE].n, 1);
	add(t, M_has_mobile, dealer, v[CUS_MOBILE].n != 0, 1);
	add(t, M_has_id_number, dealer, v[CUS_ID_NUMBER].n != 0, 1);
	add(t, M_consent, dealer, str_eq(v[CUS_MARKETING_CONSENT], STR("yes")), 1);
}

static void count_items(const struct inputs *in, struct tally *t, uint64_t lacking, struct str dealer)
{
	const struct standard *s = &in->standard;

	add(t, M_qualified, dealer, !(lacking & s->qualified), 1);
	for (size_t i = 0; i < s->n; i++) {
		bool given = !(lacking >> i & 1);

		if (!s->list[i].qualified)
			continue;
		tally_add(t, M_item_given, SCOPE_ITEM, s->list[i].name, given, 1);
		tally_add_pair(t, M_item_given, SCOPE_DEALER_ITEM, dealer, s->list[i].name, given, 1);
	}
}

static void count_people(const struct inputs *in, struct tally *t, int kind, size_t first,
			 const struct map *mobiles)
{
	struct standard_tables tables = { in->people[kind], in->vehicle, in->ownership, in->contact };
	uint64_t *lacking = standard_lacking(&in->standard, &tables);
	struct str v[CUS_COLUMNS];

	for (size_t i = 0; i < in->people[kind]->n; i++) {
		rowset_get(in->people[kind], i, v);
		struct str dealer = inputs_dealer(v[CUS_DEALER_CODE], NULL);

		count_values(in, t, first + i, v, dealer);
		count_calling(in, t, first + i, v, dealer, mobiles);
		count_items(in, t, lacking[i], dealer);
	}
	free(lacking);
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

static void count_survey(const struct inputs *in, struct tally *t, const struct str *v)
{
	struct str dealer = inputs_dealer(v[CON_DEALER_CODE], NULL);
	int64_t score;

	if (words_in(&in->terms.after_sales_words, v[CON_SUBJECT])) {
		if (weigh_factors(&in->terms, v[CON_SCORES], &score) ||
		    hundredths(v[CON_SATISFACTION], &score))
			add(t, M_after_sales_csi, dealer, score, 1);
	} else if (words_in(&in->terms.sales_words, v[CON_SUBJECT])) {
		if (hundredths(v[CON_SATISFACTION], &score))
			add(t, M_sales_csi, dealer, score, 1);
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
	struct map mobiles = { 0 };

	mark_doubles(in);
	count_mobiles(in, &mobiles);
	count_people(in, t, 0, 0, &mobiles);
	count_people(in, t, 1, in->people[0]->n, &mobiles);
	count_surveys(in, t);
	map_release(&mobiles);
}
