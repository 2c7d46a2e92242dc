/* One record through the cleaner under the rules that ship. */
#ifndef YICE_TEST_CLEANING_H
#define YICE_TEST_CLEANING_H

#include <criterion/criterion.h>

#include "cleaner.h"

static struct codes codes;
static struct cleaner *cleaner;
static struct rowset rejects;
static struct arena arena;
static struct record rec;
static struct clean_context context;
static bool expected[F_COUNT];
static struct str headers[F_COUNT];
static enum fate fate;

static void cleaning_start(void)
{
	struct fault f = { 0 };

	cr_assert(codes_load(&codes, "rules", &f), "%.*s", STR_FMT(f.text));
	cr_assert(cleaner_load(&cleaner, "rules", &codes, &f), "%.*s", STR_FMT(f.text));
	rowset_init(&rejects, &table_rejects_clean);
	context = (struct clean_context){ .file = STR("dms_customer_D001_20260301.csv"),
					  .schema = STR("dms_customer"),
					  .expected = expected,
					  .headers = headers };
	rec = (struct record){ .feeds = FEEDS(ENTITY_CUSTOMER) | FEEDS(ENTITY_VEHICLE) };
	rec.v[F_RECORD_ID] = STR("dms_customer_D001_20260301:2");
	rec.v[F_SOURCE] = STR("dms");
	rec.v[F_DEALER_CODE] = STR("D001");
	rec.v[F_OBSERVED_ON] = STR("2026-03-01");
}

static void cleaning_end(void)
{
	cleaner_free(cleaner);
	codes_release(&codes);
	rowset_release(&rejects);
	arena_release(&arena);
}

static inline void set(enum field field, const char *value)
{
	rec.v[field] = str_of(value);
}

/* A customer with nothing wrong. */
static inline void set_person(void)
{
	set(F_CUSTOMER_TYPE, "个人");
	set(F_NAME, "张伟");
	set(F_ID_TYPE, "身份证");
	set(F_ID_NUMBER, "320104200306119074");
	set(F_MOBILE, "13287849014");
}

static inline enum fate clean(void)
{
	rowset_release(&rejects);
	rowset_init(&rejects, &table_rejects_clean);
	return fate = cleaner_record(cleaner, &context, &rec, &rejects, &arena);
}

/* The line of that field and code, or -1. */
static inline ptrdiff_t told(enum field field, const char *code)
{
	struct str name = field == F_COUNT ? STR("") : field_name(field);

	for (size_t i = 0; i < rejects.n; i++)
		if (str_eq(rowset_value(&rejects, i, REJ_FIELD), name) &&
		    str_eq(rowset_value(&rejects, i, REJ_CODE), str_of(code)))
			return (ptrdiff_t)i;
	return -1;
}

static inline bool told_as(enum field field, const char *code, const char *action)
{
	ptrdiff_t i = told(field, code);

	return i >= 0 && str_eq(rowset_value(&rejects, (size_t)i, REJ_ACTION), str_of(action));
}

#define assert_value(field, text) \
	cr_assert(str_eq(rec.v[field], STR(text)), "\"%.*s\"", STR_FMT(rec.v[field]))

#endif
