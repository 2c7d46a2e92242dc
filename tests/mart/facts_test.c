/* What mart/facts.h reckons is what the SQL of the marts says, cell by cell, over invented
 * tables full of gaps: owners nobody knows, cars nobody knows, days that coincide. */
#include "analysis.h"
#include "book.h"
#include "outfile.h"
#include "sql_scripts.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>

enum { CUSTOMERS = 300, PENDING = 40, CARS = 350, OWNERSHIPS = 520, CONTACTS = 1400 };

struct fixture {
	char dir[32];
	struct run r;
	struct fault f;
	uint64_t seed;
};

static unsigned below(struct fixture *x, unsigned n)
{
	x->seed = x->seed * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(x->seed >> 33) % n;
}

static bool once_in(struct fixture *x, unsigned n)
{
	return below(x, n) == 0;
}

static void put_day(struct fixture *x, struct buf *b)
{
	unsigned year = once_in(x, 2) ? 2018 + below(x, 8) : 2025 + below(x, 2);

	if (once_in(x, 4))
		return;
	if (once_in(x, 3))
		buf_printf(b, "%u-01-01", year);
	else
		buf_printf(b, "%u-%02u-%02u", year, 1 + below(x, 12), 1 + below(x, 28));
}

static void put_money(struct fixture *x, struct buf *b)
{
	if (once_in(x, 6))
		return;
	buf_printf(b, once_in(x, 3) ? "%u" : "%u.%02u", below(x, 200000), below(x, 100));
}

static void put_one_of(struct fixture *x, struct buf *b, const char *const *words, unsigned n)
{
	buf_str(b, str_of(words[below(x, n)]));
}

static void put_file(struct fixture *x, const char *name, struct buf *b)
{
	char path[64];

	snprintf(path, sizeof(path), "%s/master/%s.csv", x->dir, name);
	cr_assert(outfile_put(path, buf_view(b), &x->f));
	buf_release(b);
}

static void put_people(struct fixture *x, const char *name, char letter, unsigned n)
{
	static const char *const types[] = { "person", "company", "" }, *const consents[] = { "yes", "no", "" },
				 *const dealers[] = { "D001", "D002", "D003", "" };
	struct buf b = { 0 };

	buf_str(&b, STR("customer_id,customer_type,name,birth_date,mobile,marketing_consent,dealer_code,created_at\n"));
	for (unsigned i = 0; i < n; i++) {
		buf_printf(&b, "%c%03u,", letter, i);
		put_one_of(x, &b, types, 3);
		buf_str(&b, STR(",某,"));
		put_day(x, &b);
		buf_printf(&b, ",1380000%04u,", i);
		put_one_of(x, &b, consents, 3);
		buf_char(&b, ',');
		put_one_of(x, &b, dealers, 4);
		buf_char(&b, ',');
		put_day(x, &b);
		buf_char(&b, '\n');
	}
	put_file(x, name, &b);
}

static void put_cars(struct fixture *x)
{
	static const char *const dealers[] = { "D001", "D002", "" }, *const series[] = { "3系", "5系", "7系", "" };
	struct buf b = { 0 };

	buf_str(&b, STR("vin,dealer_code,series,price,insurance_premium,purchase_date,invoice_date,delivery_date,"
			"registration_date,first_service_date,insurance_start,insurance_expiry,loan_date\n"));
	for (unsigned i = 0; i < CARS; i++) {
		buf_printf(&b, "V%03u,", i);
		put_one_of(x, &b, dealers, 3);
		buf_char(&b, ',');
		put_one_of(x, &b, series, 4);
		buf_char(&b, ',');
		put_money(x, &b);
		buf_char(&b, ',');
		put_money(x, &b);
		for (int day = 0; day < 8; day++) {
			buf_char(&b, ',');
			put_day(x, &b);
		}
		buf_char(&b, '\n');
	}
	put_file(x, "vehicle", &b);
}

static void put_owners(struct fixture *x)
{
	static const char *const roles[] = { "owner", "owner", "owner", "former_owner", "user" },
				 *const dealers[] = { "D001", "D003", "", "" };
	struct buf b = { 0 };

	buf_str(&b, STR("vin,customer_id,role,since,until,dealer_code,price\n"));
	for (unsigned i = 0; i < OWNERSHIPS; i++) {
		buf_printf(&b, "V%03u,", below(x, CARS + 20));
		if (!once_in(x, 20))
			buf_printf(&b, "%c%03u", once_in(x, 8) ? 'p' : 'c', below(x, CUSTOMERS + 20));
		buf_char(&b, ',');
		put_one_of(x, &b, roles, 5);
		buf_char(&b, ',');
		put_day(x, &b);
		buf_str(&b, once_in(x, 6) ? STR(",2025-01-01,") : STR(",,"));
		put_one_of(x, &b, dealers, 4);
		buf_char(&b, ',');
		if (once_in(x, 2))
			put_money(x, &b);
		buf_char(&b, '\n');
	}
	put_file(x, "ownership", &b);
}

static void put_contacts(struct fixture *x)
{
	static const char *const kinds[] = { "first_service", "maintenance", "repair", "complaint", "survey", "" },
				 *const dealers[] = { "D001", "D002", "D003", "" },
				 *const settlements[] = { "", "", "索赔", "自费" };
	struct buf b = { 0 };

	buf_str(&b, STR("record_id,customer_id,vin,dealer_code,kind,settlement,contact_at,mileage,amount,parts_amount,"
			"labour_amount\n"));
	for (unsigned i = 0; i < CONTACTS; i++) {
		buf_printf(&b, "s:%u,", i + 2);
		if (!once_in(x, 3))
			buf_printf(&b, "%c%03u", once_in(x, 8) ? 'p' : 'c', below(x, CUSTOMERS + 20));
		buf_char(&b, ',');
		if (!once_in(x, 6))
			buf_printf(&b, "V%03u", below(x, CARS + 20));
		buf_char(&b, ',');
		put_one_of(x, &b, dealers, 4);
		buf_char(&b, ',');
		put_one_of(x, &b, kinds, 6);
		buf_char(&b, ',');
		put_one_of(x, &b, settlements, 4);
		buf_char(&b, ',');
		put_day(x, &b);
		if (b.p[b.n - 1] != ',')
			buf_printf(&b, "T%02u:00:00", below(x, 24));
		buf_char(&b, ',');
		for (int amount = 0; amount < 4; amount++) {
			put_money(x, &b);
			buf_str(&b, amount < 3 ? STR(",") : STR("\n"));
		}
	}
	put_file(x, "contact", &b);
}

static void begin(struct fixture *x, uint64_t seed)
{
	char master[64];

	*x = (struct fixture){ .seed = seed };
	strcpy(x->dir, "/tmp/factsXXXXXX");
	cr_assert(mkdtemp(x->dir) != NULL);
	snprintf(master, sizeof(master), "%s/master", x->dir);
	cr_assert(make_folders(master, &x->f));
	x->r.opt = (struct run_options){ .in = x->dir, .date = "2026-03-03", .rules = "rules" };
	put_people(x, "customer", 'c', CUSTOMERS);
	put_people(x, "pending", 'p', PENDING);
	put_cars(x);
	put_owners(x);
	put_contacts(x);
	book_open(&x->r);
}

static void end(struct fixture *x)
{
	book_close(&x->r);
	cr_assert(remove_tree(x->dir, &x->f));
	fault_release(&x->f);
	arena_release(&x->r.arena);
}

static void extend(struct fixture *x, struct analysis *a)
{
	static const char *const columns[] = { "customer_id", "dealer_code", "name", "last_on", NULL };
	static const struct table_def table = { "consultant", columns, 0 };
	struct rowset none;

	rowset_init(&none, &table);
	cr_assert(analysis_extend(a, sql_followup(), &none, 1, &x->f));
	rowset_release(&none);
}

/* The same columns, and the same rows with the same values of the same types. */
static size_t compare(struct fixture *x, struct analysis *facts, struct analysis *views, const char *mart)
{
	struct buf sql = { 0 };
	struct analysis_rows *a, *b;
	const struct str *v, *w;
	size_t n = 0, columns;

	buf_printf(&sql, "SELECT * FROM %s%c", mart, '\0');
	a = analysis_ask(facts, sql.p, NULL, 0, &x->f);
	columns = analysis_columns(a);
	buf_reset(&sql);
	buf_str(&sql, STR("SELECT "));
	for (size_t i = 0; i < columns; i++)
		buf_printf(&sql, "%s\"%.*s\", CASE typeof(\"%.*s\") WHEN 'blob' THEN '' ELSE typeof(\"%.*s\") END",
			   i ? ", " : "", STR_FMT(analysis_column(a, i)), STR_FMT(analysis_column(a, i)),
			   STR_FMT(analysis_column(a, i)));
	buf_printf(&sql, " FROM %s ORDER BY 1", mart);
	for (size_t i = 1; i < columns; i++)
		buf_printf(&sql, ", %zu", 2 * i + 1);
	buf_char(&sql, '\0');
	cr_assert(analysis_end(a, &x->f));
	a = analysis_ask(facts, sql.p, NULL, 0, &x->f);
	b = analysis_ask(views, sql.p, NULL, 0, &x->f);
	cr_assert(a && b, "%.*s", STR_FMT(buf_view(&x->f.text)));
	while (analysis_next(b, &w)) {
		cr_assert(analysis_next(a, &v), "%s has %zu rows only", mart, n);
		for (size_t i = 0; i < 2 * columns; i++)
			cr_assert(str_eq(v[i], w[i]), "%s, row %zu, %s of column %zu: %.*s, not %.*s", mart, n,
				  i % 2 ? "type" : "value", i / 2, STR_FMT(v[i]), STR_FMT(w[i]));
		n++;
	}
	cr_assert(false == analysis_next(a, &v), "%s has more than %zu rows", mart, n);
	cr_assert(analysis_end(a, &x->f) && analysis_end(b, &x->f));
	buf_release(&sql);
	return n;
}

static void hold_equal(uint64_t seed)
{
	static const char *const marts[] = { "purchase", "workshop_visit", "vehicle_use", "customer_standing",
					     "person",	 "car",		   "visit" };
	struct fixture x;
	struct analysis *facts, *views;

	begin(&x, seed);
	facts = analysis_open(&x.r, &x.f);
	views = analysis_open_views(&x.r, &x.f);
	cr_assert(facts && views);
	extend(&x, facts);
	extend(&x, views);
	for (size_t i = 0; i < sizeof(marts) / sizeof(*marts); i++)
		cr_assert(compare(&x, facts, views, marts[i]) > 100);
	analysis_close(views);
	end(&x);
}

Test(facts, are_what_the_marts_say)
{
	for (uint64_t seed = 1; seed <= 5; seed++)
		hold_equal(seed);
}

/* Every customer is of each kind somewhere, or the test above would hold for nothing. */
Test(facts, meet_every_phase_and_class)
{
	struct fixture x;
	struct analysis_rows *rows;
	const struct str *v;

	begin(&x, 11);
	rows = analysis_ask(analysis_open(&x.r, &x.f),
			    "SELECT count(DISTINCT phase), count(DISTINCT class), count(DISTINCT level), count(DISTINCT loyal)"
			    " FROM customer_standing",
			    NULL, 0, &x.f);
	cr_assert(rows && analysis_next(rows, &v));
	cr_assert(str_eq(v[0], STR("8")), "%.*s phases", STR_FMT(v[0]));
	cr_assert(str_eq(v[1], STR("3")) && str_eq(v[2], STR("3")) && str_eq(v[3], STR("2")));
	cr_assert(analysis_end(rows, &x.f));
	end(&x);
}
