/* Questions in SQL over the tables of a run. */
#include "analysis.h"
#include "book.h"
#include "outfile.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>

struct fixture {
	char dir[32];
	struct run r;
	struct fault f;
};

static void put(struct fixture *x, const char *path, struct str bytes)
{
	char full[128];

	snprintf(full, sizeof(full), "%s/%s", x->dir, path);
	cr_assert(outfile_put(full, bytes, &x->f));
}

static void begin(struct fixture *x)
{
	strcpy(x->dir, "/tmp/analysisXXXXXX");
	cr_assert(mkdtemp(x->dir) != NULL);
	x->r.opt = (struct run_options){ .in = x->dir, .date = "2026-03-03", .rules = "rules" };
	book_open(&x->r);
	put(x, "master/customer.csv", STR("customer_id,name,address,record_count\nc1,王小明,某街1号,12\nc2,,,3\n"));
	put(x, "master/ownership.csv", STR("vin,customer_id,role\nV1,c1,owner\n"));
}

static void end(struct fixture *x)
{
	book_close(&x->r);
	cr_assert(remove_tree(x->dir, &x->f));
	fault_release(&x->f);
	arena_release(&x->r.arena);
}

/* The answer in one line: values by commas, rows by semicolons. */
static struct str answer(struct fixture *x, const char *sql, const struct str *values, size_t n)
{
	struct analysis *a = analysis_open(&x->r, &x->f);
	struct analysis_rows *rows = a ? analysis_ask(a, sql, values, n, &x->f) : NULL;
	struct buf b = { 0 };
	const struct str *v;
	struct str text;

	while (rows && analysis_next(rows, &v)) {
		for (size_t i = 0; i < analysis_columns(rows); i++)
			buf_printf(&b, "%s%.*s", i ? "," : b.n ? ";" : "", STR_FMT(v[i]));
	}
	if (rows)
		analysis_end(rows, &x->f);
	text = str_keep(&x->r.arena, buf_view(&b));
	buf_release(&b);
	return text;
}

#define is(text, literal) cr_assert(str_eq(text, STR(literal)), "%.*s", STR_FMT(text))

Test(analysis, answers_from_the_tables_of_the_run)
{
	struct fixture x = { 0 };

	begin(&x);
	is(answer(&x, "SELECT customer_id, name, record_count + 1 FROM customer ORDER BY 1", NULL, 0),
	   "c1,王小明,13;c2,,4");
	is(answer(&x, "SELECT c.customer_id FROM customer c LEFT JOIN ownership o USING (customer_id) WHERE o.vin IS NULL",
		  NULL, 0),
	   "c2");
	is(answer(&x, "SELECT count(*) FROM contact", NULL, 0), "0");
	end(&x);
}

Test(analysis, binds_values_and_takes_an_empty_one_for_null)
{
	struct fixture x = { 0 };
	struct str values[] = { STR("c1"), STR("") };

	begin(&x);
	is(answer(&x, "SELECT customer_id FROM customer WHERE customer_id = ?1 AND ?2 IS NULL", values, 2), "c1");
	end(&x);
}

Test(analysis, knows_the_day_and_the_rules_of_the_run)
{
	struct fixture x = { 0 };

	begin(&x);
	is(answer(&x, "SELECT today, lost_months FROM term", NULL, 0), "2026-03-03,24");
	is(answer(&x, "SELECT count(*) FROM word WHERE list = 'service_kinds' AND word = 'first_service'", NULL, 0), "1");
	end(&x);
}

Test(analysis, refuses_a_column_that_no_table_has)
{
	struct fixture x = { 0 };

	begin(&x);
	answer(&x, "SELECT street FROM customer", NULL, 0);
	cr_assert(eq(int, x.f.status, EXIT_USAGE));
	end(&x);
}

Test(analysis, refuses_what_would_write)
{
	struct fixture x = { 0 };

	begin(&x);
	answer(&x, "DELETE FROM customer", NULL, 0);
	cr_assert(eq(int, x.f.status, EXIT_USAGE));
	end(&x);
}

Test(analysis, refuses_a_second_statement)
{
	struct fixture x = { 0 };

	begin(&x);
	answer(&x, "SELECT 1; SELECT 2", NULL, 0);
	cr_assert(eq(int, x.f.status, EXIT_USAGE));
	end(&x);
}

Test(analysis, counts_a_touch_point_under_each_of_its_keywords)
{
	struct fixture x = { 0 };

	begin(&x);
	put(&x, "master/contact.csv", STR("record_id,vin,dealer_code,contact_at,kind,tags\n"
					  "r:2,V1,D001,2026-02-03T10:00:00,complaint,engine;noise\n"
					  "r:3,V1,D001,2026-02-04T10:00:00,repair,engine\n"
					  "r:4,,,2026-02-04T10:00:00,inquiry,price\n"
					  "r:5,V1,D001,2026-02-05T10:00:00,repair,\n"));
	put(&x, "master/vehicle.csv", STR("vin,series\nV1,3系\n"));
	is(answer(&x, "SELECT * FROM keyword_counts ORDER BY keyword", NULL, 0),
	   "2026-02,D001,3系,engine,2,1;2026-02,D001,3系,noise,1,1;2026-02,hq,,price,1,0");
	end(&x);
}

/* Customers of no dealer and of D2, D1 and D0 by turns, each with a consultant of its own. */
static void put_customers(struct fixture *x, unsigned n)
{
	struct buf b = { 0 };

	buf_str(&b, STR("customer_id,dealer_code,sales_consultant\n"));
	for (unsigned i = 0; i < n; i++) {
		buf_printf(&b, "c%05u,", i);
		if (i % 4)
			buf_printf(&b, "D%u", 3 - i % 4);
		buf_printf(&b, ",s%05u\n", n - i);
	}
	put(x, "master/customer.csv", buf_view(&b));
	buf_release(&b);
}

Test(analysis, tells_rows_in_the_order_of_a_column_of_few_texts)
{
	struct fixture x = { 0 };

	begin(&x);
	put_customers(&x, 8);
	is(answer(&x, "SELECT dealer_code, customer_id FROM customer ORDER BY dealer_code", NULL, 0),
	   ",c00000;,c00004;D0,c00003;D0,c00007;D1,c00002;D1,c00006;D2,c00001;D2,c00005");
	is(answer(&x, "SELECT dealer_code, count(*) FROM customer GROUP BY dealer_code", NULL, 0), ",2;D0,2;D1,2;D2,2");
	is(answer(&x, "SELECT dealer_code, count(*) FROM customer_standing WHERE dealer_code > 'D0' GROUP BY dealer_code",
		  NULL, 0),
	   "D1,2;D2,2;hq,2");
	is(answer(&x, "SELECT dealer_code FROM customer WHERE customer_id = 'c00001' ORDER BY dealer_code", NULL, 0), "D2");
	is(answer(&x, "SELECT DISTINCT dealer_code FROM customer ORDER BY dealer_code DESC", NULL, 0), "D2;D1;D0;");
	is(answer(&x, "SELECT count(*) FROM customer WHERE dealer_code = NULL GROUP BY dealer_code", NULL, 0), "");
	end(&x);
}

/* More different texts than are counted: SQLite sorts. */
Test(analysis, orders_by_a_column_of_many_texts)
{
	struct fixture x = { 0 };

	begin(&x);
	put_customers(&x, 6000);
	is(answer(&x, "SELECT sales_consultant, customer_id FROM customer ORDER BY sales_consultant LIMIT 2", NULL, 0),
	   "s00001,c05999;s00002,c05998");
	is(answer(&x, "SELECT dealer_code, count(*), min(customer_id) FROM customer GROUP BY dealer_code", NULL, 0),
	   ",1500,c00000;D0,1500,c00003;D1,1500,c00002;D2,1500,c00001");
	end(&x);
}
