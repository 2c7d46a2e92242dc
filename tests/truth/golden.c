/*
 * Golden values, worked out anew from the truth's cleaned values by the letter of the
 * contract: source priority, then the newest observed_on, then the newest updated_at, then the
 * smallest record id; `confirm` for names and purchase dates; the address as one.
 *
 * What the truth leaves open is not judged: a value from a record with a number or a mobile
 * that is not the person's own, an address that came in one line.
 */
#include <stdio.h>
#include <stdlib.h>

#include "truth.h"

enum policy { FOLLOW, CONFIRM, NEWEST };

enum { SOURCES = 8 };

struct attribute {
	enum field field;
	const char *order; /* best first */
	enum policy policy;
};

static const char as_name[] = "finance>invoice>callcenter>manual>*>dms";
static const char reach[] = "callcenter>finance>manual>*>dms";
static const char as_purchase[] = "invoice>finance>manual>*>dms";

static const struct attribute of_customer[] = {
	{ F_NAME, as_name, CONFIRM },
	{ F_CUSTOMER_TYPE, as_name, FOLLOW },
	{ F_MOBILE, reach, FOLLOW },
	{ F_PHONE, reach, FOLLOW },
	{ F_EMAIL, reach, FOLLOW },
	{ F_OCCUPATION, as_name, FOLLOW },
	{ F_EMPLOYER, as_name, FOLLOW },
	{ F_INDUSTRY, as_name, FOLLOW },
	{ F_INTERESTS, as_name, FOLLOW },
	{ F_SALES_CONSULTANT, as_name, FOLLOW },
	{ F_CUSTOMER_SOURCE, as_name, FOLLOW },
	{ F_MARKETING_CONSENT, "*", NEWEST },
};

static const struct attribute of_vehicle[] = {
	{ F_PLATE, as_purchase, FOLLOW },
	{ F_ENGINE_NO, as_purchase, FOLLOW },
	{ F_PURCHASE_DATE, as_purchase, CONFIRM },
	{ F_INVOICE_NO, as_purchase, FOLLOW },
	{ F_INVOICE_DATE, as_purchase, FOLLOW },
	{ F_PRICE, as_purchase, FOLLOW },
	{ F_REGISTRATION_DATE, as_purchase, FOLLOW },
	{ F_FIRST_SERVICE_DATE, as_purchase, FOLLOW },
	{ F_INSURANCE_EXPIRY, as_purchase, FOLLOW },
	{ F_LOAN_CONTRACT_NO, as_purchase, FOLLOW },
	{ F_LOAN_AMOUNT, as_purchase, FOLLOW },
	{ F_CONFIGURATION, as_purchase, FOLLOW },
};

/* One value of an attribute, as a record or a correction of it gave it. */
struct given {
	struct str value, observed_on, updated_at, record, source;
	int rank; /* smaller is better; a correction is half a step above its base */
	bool open; /* the truth cannot say whether it takes part */
};

static const char *source_of(struct str export)
{
	if (str_eq(export, STR("insurance")))
		return "finance";
	if (str_eq(export, STR("survey")))
		return "callcenter";
	if (str_starts(export, STR("dms")))
		return "dms";
	return export.p;
}

static int rank_of(const char *order, const char *source)
{
	struct str rest = str_of(order), piece;
	int rank = 0, other = 0;

	while (str_cut(&rest, '>', &piece)) {
		rank += 2;
		if (str_eq(piece, STR("*")))
			other = rank;
		else if (str_eq(piece, str_of(source)))
			return rank;
	}
	return other;
}

static int by_best(const void *a, const void *b)
{
	const struct given *x = a, *y = b;
	int c = (x->rank > y->rank) - (x->rank < y->rank);

	if (c == 0)
		c = str_cmp(y->observed_on, x->observed_on);
	if (c == 0)
		c = str_cmp(y->updated_at, x->updated_at);
	return c ? c : record_id_cmp(x->record, y->record);
}

static int by_newest(const void *a, const void *b)
{
	const struct given *x = a, *y = b;
	int c = str_cmp(y->observed_on, x->observed_on);

	if (c == 0) /* of one day, a no outweighs a yes */
		c = str_cmp(x->value, y->value);
	return c ? c : record_id_cmp(x->record, y->record);
}

static int by_time(const void *a, const void *b)
{
	const struct given *x = a, *y = b;
	int c = str_cmp(x->observed_on, y->observed_on);

	if (c == 0)
		c = (x->rank > y->rank) - (x->rank < y->rank);
	return c ? c : record_id_cmp(x->record, y->record);
}

static struct given confirmed(struct given *g, size_t n)
{
	struct given current, held = { .value = STR("") };

	qsort(g, n, sizeof(*g), by_time);
	current = g[0];
	for (size_t i = 1; i < n; i++) {
		if (str_eq(g[i].value, current.value)) {
			if (g[i].rank < current.rank)
				current.rank = g[i].rank;
			continue;
		}
		if (g[i].rank < current.rank) {
			current = g[i];
		} else if (held.value.n > 0 && held.rank <= current.rank &&
			   str_eq(held.value, g[i].value) &&
			   (!str_eq(held.source, g[i].source) ||
			    str_cmp(held.observed_on, g[i].observed_on) < 0)) {
			current = held;
			held.value = STR("");
		} else if (g[i].rank == current.rank) {
			held = g[i];
		}
	}
	return current;
}

static struct given winner(struct given *g, size_t n, enum policy policy)
{
	if (policy == CONFIRM)
		return confirmed(g, n);
	qsort(g, n, sizeof(*g), policy == NEWEST ? by_newest : by_best);
	return g[0];
}

/* ---- the records of one person or car ---- */

struct groups { /* records chained by what they belong to */
	uint32_t *first, *next;
	size_t n;
};

static void groups_add(struct groups *g, uint32_t group, uint32_t record)
{
	g->next[record] = g->first[group];
	g->first[group] = record;
}

static struct groups groups_new(size_t n, size_t records)
{
	struct groups g = { xmalloc((n + 1) * 4), xmalloc((records + 1) * 4), n };

	memset(g.first, 0xff, (n + 1) * 4);
	return g;
}

static void groups_release(struct groups *g)
{
	free(g->first);
	free(g->next);
}

enum { MAX_GIVEN = 4096 };

struct judge {
	const struct truth *t;
	const struct limits *limits;
	struct map corrected; /* "field record" -> correction that was applied */
	struct arena arena;
	uint64_t judged[F_COUNT], right[F_COUNT];
	unsigned shown;
	struct given given[MAX_GIVEN];
};

static struct str correction_of(const struct judge *j, const struct truth_record *r, enum field f,
				struct given *g, struct arena *a)
{
	const uint64_t *i = map_get(
		&j->corrected, str_printf(a, "%.*s %.*s", STR_FMT(field_name(f)), STR_FMT(r->id)));
	const struct truth_correction *c;

	if (!i)
		return STR("");
	c = &j->t->corrections[*i];
	g->record = c->id;
	g->rank--;
	/* correction_D001_20260303:2 speaks of the day in its name */
	g->observed_on = str_printf(a, "%.4s-%.2s-%.2s", c->id.p + 16, c->id.p + 20, c->id.p + 22);
	return c->value;
}

static bool is_open(const struct truth *t, uint32_t i, enum field f)
{
	return truth_has_fault(t, i, STR("SHARED_ID")) ||
	       (f == F_MOBILE && truth_has_fault(t, i, STR("MOBILE_SHARED")));
}

static size_t collect(struct judge *j, const struct groups *groups, uint32_t group,
		      const struct attribute *attribute)
{
	const struct truth *t = j->t;
	size_t n = 0;

	for (uint32_t i = groups->first[group]; i != UINT32_MAX && n < MAX_GIVEN;
	     i = groups->next[i]) {
		const struct truth_record *r = &t->records[i];
		const char *source = source_of(r->export);
		struct given g = {
			.value = truth_value(r, attribute->field),
			.observed_on = r->observed_on,
			.updated_at = truth_value(r, F_UPDATED_AT),
			.record = r->id,
			.source = str_of(source),
			.rank = rank_of(attribute->order, source),
			.open = is_open(t, i, attribute->field),
		};
		struct given c = g;
		struct str value;

		if (attribute->field == F_ADDRESS && g.value.n == 0 &&
		    str_eq(r->export, STR("finance")))
			g.open = true, g.value = STR("?");
		if (g.value.n > 0 && !str_eq(g.value, STR("!")))
			j->given[n++] = g;
		value = correction_of(j, r, attribute->field, &c, &j->arena);
		if (value.n > 0 && n < MAX_GIVEN) {
			c.value = value;
			j->given[n++] = c;
		}
	}
	return n;
}

static bool same(struct str expected, struct str value)
{
	double x, y;

	if (str_eq(expected, value))
		return true;
	return str_double(expected, &x) && str_double(value, &y) && x - y < 1e-6 && y - x < 1e-6;
}

static void settle(struct judge *j, enum field f, struct str key, struct str value,
		   const struct given *best)
{
	j->judged[f]++;
	if (same(best->value, value))
		j->right[f]++;
	else if (j->shown++ < j->limits->examples * 4)
		printf("  golden %.*s %.*s: %.*s, not %.*s (%.*s)\n", STR_FMT(key),
		       STR_FMT(field_name(f)), STR_FMT(value), STR_FMT(best->value),
		       STR_FMT(best->record));
}

static void judge_one(struct judge *j, const struct groups *groups, uint32_t group,
		      const struct attribute *attribute, struct str key, struct str value)
{
	size_t n = collect(j, groups, group, attribute);
	struct given best;

	if (n == 0)
		return;
	best = winner(j->given, n, attribute->policy);
	if (!best.open)
		settle(j, attribute->field, key, value, &best);
}

/* The parts of an address win together: all come from the record whose address wins. */
static void judge_address(struct judge *j, const struct groups *groups, uint32_t group,
			  struct str key, const struct reading *in)
{
	static const struct attribute address = { F_ADDRESS, reach, FOLLOW };
	static const enum field parts[] = { F_PROVINCE, F_CITY, F_DISTRICT, F_ADDRESS, F_POSTCODE };
	size_t n = collect(j, groups, group, &address);
	const uint64_t *record;
	struct given best;

	if (n == 0)
		return;
	best = winner(j->given, n, FOLLOW);
	record = map_get(&j->t->by_id, best.record);
	if (best.open || !record)
		return;
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		struct str part = truth_value(&j->t->records[*record], parts[i]);

		best.value = str_eq(part, STR("!")) ? STR("") : part;
		settle(j, parts[i], key, in->row[reading_column(in, field_name(parts[i]).p)],
		       &best);
	}
}

static bool print_judged(const struct judge *j, const char *what)
{
	bool good = true;

	printf("%-22s %10s %10s %8s\n", what, "judged", "wrong", "right");
	for (int f = 0; f < F_COUNT; f++) {
		double right = share(j->right[f], j->judged[f]);

		if (j->judged[f] == 0)
			continue;
		printf("%-22.*s %10lu %10lu %8.4f%s\n", STR_FMT(field_name((enum field)f)),
		       j->judged[f], j->judged[f] - j->right[f], right,
		       right < j->limits->golden ? "  <-" : "");
		good = good && right >= j->limits->golden;
	}
	return good;
}

static void index_corrections(struct judge *j)
{
	for (size_t i = 0; i < j->t->n_corrections; i++) {
		const struct truth_correction *c = &j->t->corrections[i];

		if (str_eq(c->becomes, STR("applied")))
			map_put(&j->corrected,
				str_printf(&j->arena, "%.*s %.*s", STR_FMT(c->field),
					   STR_FMT(c->base)),
				i, NULL);
	}
}

/* ID number -> person; an old company also by the organisation code inside its number. */
static struct map people_by_number(const struct truth *t)
{
	struct map m = { 0 };

	for (size_t i = 0; i < t->n_people; i++) {
		struct str id = t->people[i].id_number;

		map_put(&m, id, i, NULL);
		if (str_eq(t->people[i].id_type, STR("uscc")) && id.n == 18)
			map_put(&m, (struct str){ id.p + 8, 9 }, i, NULL);
	}
	return m;
}

/* People who should have a row: some record, or a correction, gives their number. */
static size_t expected_people(const struct truth *t, const struct map *by_number, char *expected)
{
	size_t n = 0;

	for (size_t i = 0; i < t->n_records; i++) {
		const struct truth_record *r = &t->records[i];
		const uint64_t *p = map_get(by_number, truth_value(r, F_ID_NUMBER));

		if (!p || r->duplicate || *p != r->person || str_eq(r->export, STR("dms_service")))
			continue;
		n += !expected[*p];
		expected[*p] = 1;
	}
	for (size_t i = 0; i < t->n_corrections; i++) {
		const struct truth_correction *c = &t->corrections[i];
		const uint64_t *p = map_get(by_number, c->value);

		if (!p || !str_eq(c->becomes, STR("applied")) || expected[*p])
			continue;
		n++;
		expected[*p] = 1;
	}
	return n;
}

static bool judge_customers(struct judge *j, const char *out)
{
	const struct truth *t = j->t;
	struct groups groups = groups_new(t->n_people, t->n_records);
	struct map by_number = people_by_number(t);
	char *expected = xcalloc(t->n_people + 1, 1);
	size_t n_expected = expected_people(t, &by_number, expected), found = 0, strangers = 0;
	struct reading in;

	for (size_t i = t->n_records; i-- > 0;)
		if (t->records[i].person != NO_PERSON && !t->records[i].duplicate &&
		    !str_eq(t->records[i].export, STR("dms_service")))
			groups_add(&groups, t->records[i].person, (uint32_t)i);
	if (!reading_open(&in, out, "master/customer"))
		die("there is no master/customer in %s", out);
	while (reading_next(&in)) {
		struct str number = in.row[reading_column(&in, "id_number")];
		const uint64_t *p = map_get(&by_number, number);

		if (!p || !expected[*p]) {
			strangers++;
			continue;
		}
		found += expected[*p] == 1;
		expected[*p] = 2;
		judge_address(j, &groups, (uint32_t)*p, number, &in);
		for (size_t k = 0; k < sizeof(of_customer) / sizeof(of_customer[0]); k++) {
			const struct attribute *a = &of_customer[k];
			struct str name = field_name(a->field);

			judge_one(j, &groups, (uint32_t)*p, a, number,
				  in.row[csv_reader_column(in.reader, name)]);
		}
	}
	reading_close(&in);
	printf("%-22s %10zu expected, %zu there, %zu more under other numbers\n", "customers",
	       n_expected, found, strangers);
	groups_release(&groups);
	map_release(&by_number);
	free(expected);
	return print_judged(j, "customer") && share(found, n_expected) >= j->limits->golden;
}

static bool judge_vehicles(struct judge *j, const char *out)
{
	const struct truth *t = j->t;
	struct map cars = { 0 };
	struct groups groups;
	struct reading in;
	size_t found = 0, strangers = 0, expected;

	for (size_t i = 0; i < t->n_records; i++) {
		struct str vin = truth_value(&t->records[i], F_VIN);

		if (vin.n == 17 && map_get(&t->vins, vin))
			map_put(&cars, vin, cars.n, NULL);
	}
	expected = cars.n;
	groups = groups_new(cars.n, t->n_records);
	for (size_t i = t->n_records; i-- > 0;) {
		const uint64_t *car = map_get(&cars, truth_value(&t->records[i], F_VIN));

		if (car && !t->records[i].duplicate)
			groups_add(&groups, (uint32_t)*car, (uint32_t)i);
	}
	memset(j->judged, 0, sizeof(j->judged));
	memset(j->right, 0, sizeof(j->right));
	if (!reading_open(&in, out, "master/vehicle"))
		die("there is no master/vehicle in %s", out);
	while (reading_next(&in)) {
		struct str vin = in.row[reading_column(&in, "vin")];
		const uint64_t *car = map_get(&cars, vin);

		found += car != NULL;
		strangers += car == NULL;
		for (size_t k = 0; car && k < sizeof(of_vehicle) / sizeof(of_vehicle[0]); k++)
			judge_one(j, &groups, (uint32_t)*car, &of_vehicle[k], vin,
				  in.row[csv_reader_column(in.reader,
							   field_name(of_vehicle[k].field))]);
	}
	reading_close(&in);
	printf("%-22s %10zu expected, %zu there, %zu more under other numbers\n", "vehicles",
	       expected, found, strangers);
	groups_release(&groups);
	map_release(&cars);
	return print_judged(j, "vehicle") && share(found, expected) >= j->limits->golden;
}

bool compare_golden(const struct truth *t, const char *out, const struct limits *limits)
{
	struct judge *j = xcalloc(1, sizeof(*j));
	bool good;

	j->t = t;
	j->limits = limits;
	index_corrections(j);
	good = judge_customers(j, out);
	good = judge_vehicles(j, out) && good;
	map_release(&j->corrected);
	arena_release(&j->arena);
	free(j);
	return good;
}
