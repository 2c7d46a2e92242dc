#include <criterion/criterion.h>

#include <string.h>

#include "mending.h"

static struct records records;
static struct rowset corrections, files;
static struct schemas schemas;
static struct mendings mendings;

static void add_file(const char *stem, const char *schema, const char *sender)
{
	struct str v[FIL_COLUMNS] = { { NULL, 0 } };

	v[FIL_STEM] = str_of(stem);
	v[FIL_SCHEMA] = str_of(schema);
	v[FIL_SENDER] = str_of(sender);
	rowset_add(&files, v);
}

static void open(void)
{
	struct fault f = { 0 };

	records_init(&records);
	rowset_init(&corrections, &table_corrections);
	rowset_init(&files, &table_files);
	cr_assert(schemas_load(&schemas, "schemas", &f));
	add_file("dms_customer_D001_20260301", "dms_customer", "D001");
	add_file("dms_customer_D001_20260303", "dms_customer", "D001");
	add_file("dms_customer_D002_20260303", "dms_customer", "D002");
	add_file("correction_D001_20260302", "correction", "D001");
	add_file("correction_D001_20260304", "correction", "D001");
}

static void close(void)
{
	mendings_close(&mendings);
	rowset_release(&corrections);
	rowset_release(&files);
	schemas_release(&schemas);
	records_release(&records);
}

static void add_row(const char *id, const char *key, const char *vin, enum field field, const char *value)
{
	struct record rec = { .feeds = FEEDS(ENTITY_CUSTOMER) | FEEDS(ENTITY_VEHICLE) };

	rec.v[F_RECORD_ID] = str_of(id);
	rec.v[F_SOURCE] = STR("dms");
	rec.v[F_DEALER_CODE] = str_span(strchr(id, '0') - 1, strchr(id, '0') + 3);
	rec.v[F_OBSERVED_ON] = STR("2026-03-01");
	rec.v[F_SOURCE_KEY] = str_of(key);
	rec.v[F_VIN] = str_of(vin);
	rec.v[field] = str_of(value);
	records_add(&records, &rec);
}

static void mend(const char *id, const char *day, const char *base, enum field field, const char *value)
{
	struct record rec = { .feeds = FEEDS(ENTITY_CUSTOMER) | FEEDS(ENTITY_VEHICLE) };
	struct str v[COR_COLUMNS] = { { NULL, 0 } };

	rec.v[F_RECORD_ID] = v[COR_RECORD_ID] = str_of(id);
	rec.v[F_SOURCE] = STR("correction");
	rec.v[F_OBSERVED_ON] = str_of(day);
	rec.v[field] = str_of(value);
	records_add(&records, &rec);
	v[COR_BASE_RECORD_ID] = str_of(base);
	v[COR_BASE_SOURCE] = STR("dms");
	v[COR_FIELD] = field_name(field);
	v[COR_STATUS] = STR("applied");
	rowset_add(&corrections, v);
}

static void carry(void)
{
	records_sort(&records);
	mendings_open(&mendings, &records, &corrections);
	mendings_carry(&mendings, &files, &schemas);
}

static void expect(const char *id, enum field field, const char *value)
{
	struct arena a = { 0 };
	struct record rec;

	mendings_record(&mendings, (size_t)records_find(&records, str_of(id)), &rec, &a);
	cr_expect(str_eq(rec.v[field], str_of(value)), "%s: %.*s, not %s", id, STR_FMT(rec.v[field]), value);
	arena_release(&a);
}

Test(mending_carry, rows_of_the_key_are_mended_while_they_hold_the_value, .init = open, .fini = close)
{
	add_row("dms_customer_D001_20260301:2", "K1", "", F_NAME, "张三");
	add_row("dms_customer_D001_20260301:3", "K2", "", F_NAME, "张三");
	add_row("dms_customer_D001_20260303:2", "K1", "", F_NAME, "张三");
	add_row("dms_customer_D001_20260303:3", "K1", "", F_NAME, "王五");
	add_row("dms_customer_D001_20260303:4", "", "", F_NAME, "张三");
	add_row("dms_customer_D002_20260303:2", "K1", "", F_NAME, "张三");
	mend("correction_D001_20260302:2", "2026-03-02", "dms_customer_D001_20260301:2", F_NAME, "李四");
	carry();
	expect("dms_customer_D001_20260301:2", F_NAME, "李四");
	expect("dms_customer_D001_20260303:2", F_NAME, "李四");
	expect("dms_customer_D001_20260301:3", F_NAME, "张三");
	expect("dms_customer_D001_20260303:3", F_NAME, "王五");
	expect("dms_customer_D001_20260303:4", F_NAME, "张三");
	expect("dms_customer_D002_20260303:2", F_NAME, "张三");
}

Test(mending_carry, a_value_that_was_blanked_is_no_value_to_look_for, .init = open, .fini = close)
{
	add_row("dms_customer_D001_20260301:2", "K1", "", F_NAME, "");
	add_row("dms_customer_D001_20260303:2", "K1", "", F_NAME, "");
	mend("correction_D001_20260302:2", "2026-03-02", "dms_customer_D001_20260301:2", F_NAME, "李四");
	carry();
	expect("dms_customer_D001_20260303:2", F_NAME, "");
	cr_expect_eq(mendings.n, 1);
}

Test(mending_carry, the_last_word_on_a_value_counts_in_all_its_rows, .init = open, .fini = close)
{
	add_row("dms_customer_D001_20260301:2", "K1", "", F_NAME, "张三");
	add_row("dms_customer_D001_20260303:2", "K1", "", F_NAME, "张三");
	mend("correction_D001_20260302:2", "2026-03-02", "dms_customer_D001_20260301:2", F_NAME, "李四");
	mend("correction_D001_20260304:2", "2026-03-04", "dms_customer_D001_20260303:2", F_NAME, "赵六");
	carry();
	expect("dms_customer_D001_20260301:2", F_NAME, "赵六");
	expect("dms_customer_D001_20260303:2", F_NAME, "赵六");
}

Test(mending_carry, of_a_key_with_two_cars_the_other_keeps_its_date, .init = open, .fini = close)
{
	add_row("dms_customer_D001_20260301:2", "K1", "A", F_PURCHASE_DATE, "2025-01-01");
	add_row("dms_customer_D001_20260301:3", "K1", "B", F_PURCHASE_DATE, "2025-01-01");
	add_row("dms_customer_D001_20260303:2", "K1", "A", F_PURCHASE_DATE, "2025-01-01");
	mend("correction_D001_20260302:2", "2026-03-02", "dms_customer_D001_20260301:2", F_PURCHASE_DATE,
	     "2025-06-01");
	carry();
	expect("dms_customer_D001_20260301:2", F_PURCHASE_DATE, "2025-06-01");
	expect("dms_customer_D001_20260301:3", F_PURCHASE_DATE, "2025-01-01");
	expect("dms_customer_D001_20260303:2", F_PURCHASE_DATE, "2025-06-01");
}

Test(mending_carry, a_correction_is_still_that_of_the_record_it_was_sent_for, .init = open, .fini = close)
{
	const struct mending *by;

	add_row("dms_customer_D001_20260301:2", "K1", "", F_NAME, "张三");
	add_row("dms_customer_D001_20260303:2", "K1", "", F_NAME, "张三");
	mend("correction_D001_20260304:2", "2026-03-04", "dms_customer_D001_20260303:2", F_NAME, "赵六");
	carry();
	cr_assert_eq(mendings.n, 2);
	by = mendings_by(&mendings, 0);
	cr_assert_not_null(by);
	cr_expect_eq(by->base, 2);
}
