#include <criterion/criterion.h>

#include "mending.h"

static struct records records;
static struct rowset corrections;
static struct mendings mendings;

static void add_record(const char *id, const char *day, enum field field, const char *value)
{
	struct record rec = { .feeds = FEEDS(ENTITY_CUSTOMER) };

	rec.v[F_RECORD_ID] = str_of(id);
	rec.v[F_OBSERVED_ON] = str_of(day);
	rec.v[F_NAME] = field == F_NAME ? STR("") : STR("张三");
	if (str_starts(str_of(id), STR("correction")))
		rec.v[F_NAME] = STR("");
	rec.v[field] = str_of(value);
	records_add(&records, &rec);
}

static void add_correction(const char *id, const char *base, const char *field, const char *status)
{
	struct str v[COR_COLUMNS] = { { NULL, 0 } };

	v[COR_RECORD_ID] = str_of(id);
	v[COR_BASE_RECORD_ID] = str_of(base);
	v[COR_BASE_SOURCE] = STR("dms");
	v[COR_FIELD] = str_of(field);
	v[COR_STATUS] = str_of(status);
	rowset_add(&corrections, v);
}

static void open(void)
{
	records_init(&records);
	rowset_init(&corrections, &table_corrections);
}

static void close(void)
{
	mendings_close(&mendings);
	rowset_release(&corrections);
	records_release(&records);
}

static void expect(const char *base, enum field field, const char *value)
{
	struct arena a = { 0 };
	struct record rec;

	records_sort(&records);
	mendings_open(&mendings, &records, &corrections);
	mendings_record(&mendings, (size_t)records_find(&records, str_of(base)), &rec, &a);
	cr_expect(str_eq(rec.v[field], str_of(value)), "%.*s, not %s", STR_FMT(rec.v[field]), value);
	cr_expect(str_eq(rec.v[F_NAME], STR("张三")), "a correction takes nothing away");
	arena_release(&a);
}

Test(mending, the_later_day_counts_and_on_one_day_the_smaller_record_id, .init = open, .fini = close)
{
	add_record("dms_customer_D001_20260301:2", "2026-03-01", F_EMAIL, "");
	add_record("correction_D001_20260303:2", "2026-03-03", F_EMAIL, "b@x.cn");
	add_record("correction_D001_20260303:10", "2026-03-03", F_EMAIL, "c@x.cn");
	add_record("correction_D001_20260302:5", "2026-03-02", F_EMAIL, "a@x.cn");
	add_correction("correction_D001_20260302:5", "dms_customer_D001_20260301:2", "email", "applied");
	add_correction("correction_D001_20260303:2", "dms_customer_D001_20260301:2", "email", "applied");
	add_correction("correction_D001_20260303:10", "dms_customer_D001_20260301:2", "email", "applied");
	expect("dms_customer_D001_20260301:2", F_EMAIL, "b@x.cn");
}

Test(mending, what_was_refused_is_not_laid_over, .init = open, .fini = close)
{
	add_record("dms_customer_D001_20260301:2", "2026-03-01", F_EMAIL, "a@x.cn");
	add_record("correction_D001_20260302:2", "2026-03-02", F_EMAIL, "b@x.cn");
	add_correction("correction_D001_20260302:2", "dms_customer_D001_20260301:2", "email", "still_wrong");
	expect("dms_customer_D001_20260301:2", F_EMAIL, "a@x.cn");
	cr_expect_null(mendings_by(&mendings, 0));
}

Test(mending, one_that_brought_in_a_rejected_row_mends_no_record, .init = open, .fini = close)
{
	add_record("dms_customer_D001_20260301:2", "2026-03-01", F_EMAIL, "a@x.cn");
	add_record("correction_D001_20260302:2", "2026-03-02", F_EMAIL, "b@x.cn");
	add_correction("correction_D001_20260302:2", "dms_customer_D001_20260301:9", "email", "applied");
	expect("dms_customer_D001_20260301:2", F_EMAIL, "a@x.cn");
	cr_expect_eq(mendings.n, 1);
	cr_expect_eq(mendings.list[0].base, MENDS_NOTHING);
}

Test(mending, what_the_answers_of_one_file_mend_is_known_of_the_record_that_brings_the_row_in, .init = open,
     .fini = close)
{
	const struct mending *mending;

	add_record("correction_D001_20260302:2", "2026-03-02", F_ID_NUMBER, "11010519850612131X");
	add_record("correction_D001_20260303:2", "2026-03-03", F_EMAIL, "b@x.cn");
	add_correction("correction_D001_20260302:2", "dms_customer_D001_20260301:2", "id_number", "applied");
	add_correction("correction_D001_20260302:3", "dms_customer_D001_20260301:2", "district", "applied");
	add_correction("correction_D001_20260302:4", "dms_customer_D001_20260301:2", "mobile", "still_wrong");
	add_correction("correction_D001_20260303:2", "dms_customer_D001_20260301:2", "email", "applied");
	records_sort(&records);
	mendings_open(&mendings, &records, &corrections);
	mending = mendings_by(&mendings, 0);
	cr_assert_not_null(mending);
	cr_expect_eq(mending->base, MENDS_NOTHING);
	for (enum field field = 0; field < F_COUNT; field++) {
		bool postal = field == F_PROVINCE || field == F_CITY || field == F_DISTRICT || field == F_ADDRESS ||
			      field == F_POSTCODE || (field >= F_ADDRESS1 && field <= F_ADDRESS3);

		cr_expect_eq(field_set_has(&mending->mended, field),
			     postal || field == F_ID_NUMBER || field == F_ID_TYPE, "%.*s",
			     STR_FMT(field_name(field)));
	}
	mending = mendings_by(&mendings, 1);
	cr_assert_not_null(mending);
	cr_expect(field_set_has(&mending->mended, F_EMAIL));
	cr_expect_not(field_set_has(&mending->mended, F_ID_NUMBER));
}

Test(mending, a_later_answer_that_names_another_person_takes_the_place_of_the_row_brought_in, .init = open,
     .fini = close)
{
	const struct mended_rows none = { 0 };

	add_record("correction_D001_20260302:2", "2026-03-02", F_ID_NUMBER, "11010519850612131X");
	add_record("correction_D001_20260303:2", "2026-03-03", F_ID_NUMBER, "110101198503071235");
	add_record("correction_D001_20260304:2", "2026-03-04", F_ID_NUMBER, "110101198503071235");
	add_correction("correction_D001_20260302:2", "dms_customer_D001_20260301:2", "id_number", "applied");
	add_correction("correction_D001_20260302:3", "dms_customer_D001_20260301:2", "email", "applied");
	add_correction("correction_D001_20260303:2", "dms_customer_D001_20260301:2", "id_number", "applied");
	add_correction("correction_D001_20260304:2", "dms_customer_D001_20260301:2", "mobile", "applied");
	records_sort(&records);
	mendings_open(&mendings, &records, &corrections);
	mendings_follow(&mendings, &none);
	cr_expect_eq(mendings_newest(&mendings, 0), 2);
	cr_expect_eq(mendings_newest(&mendings, 1), 1, "it speaks of the same person as the last");
	cr_expect_eq(mendings_newest(&mendings, 2), 2);
	cr_expect(field_set_has(&mendings_by(&mendings, 2)->mended, F_EMAIL), "what the former mended stays so");
}
