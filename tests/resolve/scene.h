/*
 * A few records in memory, resolved: who is one with whom? Rows are written as
 * "name=张三;mobile=13800138000;vin=...", with the ids of the contract.
 */
#ifndef TEST_SCENE_H
#define TEST_SCENE_H

#include <criterion/criterion.h>

#include "resolve/resolution.h"
#include "resolve/superseded.h"

#include <stdio.h>
#include <stdlib.h>

struct scene {
	struct records records;
	struct rowset rejects, files, corrections, decisions;
	struct schemas schemas;
	struct codes codes;
	struct matching matching;
	struct customer_key key;
	struct reference *reference;
	struct resolution x;
	struct rowset clusters, told, review, superseded;
	struct map stems;
	struct arena arena;
	bool resolved;
};

static inline void scene_open(struct scene *s)
{
	struct fault f = { 0 };

	memset(s, 0, sizeof(*s));
	records_init(&s->records);
	rowset_init(&s->rejects, &table_rejects_clean);
	rowset_init(&s->files, &table_files);
	rowset_init(&s->corrections, &table_corrections);
	rowset_init(&s->decisions, &table_decisions);
	cr_assert(schemas_load(&s->schemas, "schemas", &f), "%.*s", STR_FMT(buf_view(&f.text)));
	cr_assert(codes_load(&s->codes, "rules", &f), "%.*s", STR_FMT(buf_view(&f.text)));
	cr_assert(matching_load(&s->matching, "rules", &f), "%.*s", STR_FMT(buf_view(&f.text)));
	cr_assert(customer_key_load(&s->key, "rules", &f), "%.*s", STR_FMT(buf_view(&f.text)));
	cr_assert(reference_load(&s->reference, "rules", &f), "%.*s", STR_FMT(buf_view(&f.text)));
}

/* SCHEMA_SENDER_YYYYMMDD: the file behind a stem, as extract would tell it. */
static inline void scene_file(struct scene *s, struct str stem)
{
	struct str v[FIL_COLUMNS] = { 0 };
	struct export_name name;
	struct str reason;
	bool added;

	map_put(&s->stems, stem, 0, &added);
	if (!added)
		return;
	v[FIL_FILE] = str_printf(&s->arena, "%.*s.csv", STR_FMT(stem));
	cr_assert(export_name_parse(&name, &s->schemas, v[FIL_FILE], &reason), "%.*s",
		  STR_FMT(v[FIL_FILE]));
	v[FIL_STEM] = stem;
	v[FIL_SCHEMA] = name.schema->name;
	v[FIL_SENDER] = str_keep(&s->arena, name.sender);
	v[FIL_SOURCE] = name.schema->source;
	v[FIL_OBSERVED_ON] = str_keep(&s->arena, (struct str){ name.observed_on, 10 });
	v[FIL_HEADERS] = STR("mobile=手机;id_number=证件号码");
	rowset_add(&s->files, v);
}

static inline void scene_fields(struct record *rec, const char *fields)
{
	struct str rest = str_of(fields), pair, name;

	while (str_cut(&rest, ';', &pair)) {
		str_cut(&pair, '=', &name);
		cr_assert_neq(field_find(name), F_COUNT, "no field %.*s", STR_FMT(name));
		rec->v[field_find(name)] = pair;
	}
}

/* A row of that id; what its schema feeds, from whom and when follows from the id. */
static inline void scene_row(struct scene *s, const char *id, const char *fields)
{
	struct record rec = { 0 };
	struct str stem;
	uint32_t row;
	const uint64_t *file;
	struct str v[FIL_COLUMNS];

	record_id_split(str_of(id), &stem, &row);
	scene_file(s, str_keep(&s->arena, stem));
	file = map_get(&s->stems, stem);
	cr_assert(file);
	for (size_t i = 0; i < s->files.n; i++) {
		rowset_get(&s->files, i, v);
		if (str_eq(v[FIL_STEM], stem))
			break;
	}
	rec.feeds = str_eq(v[FIL_SCHEMA], STR("correction")) ?
			    FEEDS(ENTITY_CUSTOMER) :
			    schemas_find(&s->schemas, v[FIL_SCHEMA])->feeds;
	rec.v[F_RECORD_ID] = str_of(id);
	rec.v[F_SOURCE] = v[FIL_SOURCE];
	rec.v[F_OBSERVED_ON] = v[FIL_OBSERVED_ON];
	rec.v[F_DEALER_CODE] = str_eq(v[FIL_SENDER], STR("hq")) ? STR("D001") : v[FIL_SENDER];
	scene_fields(&rec, fields);
	records_add(&s->records, &rec);
}

static inline void scene_reject(struct scene *s, const char *id, const char *field, const char *code,
				const char *value)
{
	struct str v[REJ_COLUMNS] = { 0 };

	v[REJ_RECORD_ID] = str_of(id);
	v[REJ_FIELD] = str_of(field);
	v[REJ_CODE] = str_of(code);
	v[REJ_VALUE] = str_of(value);
	v[REJ_ACTION] = STR("blank");
	rowset_add(&s->rejects, v);
}

static inline void scene_correction(struct scene *s, const char *id, const char *base)
{
	struct str v[COR_COLUMNS] = { 0 };

	v[COR_RECORD_ID] = str_of(id);
	v[COR_BASE_RECORD_ID] = str_of(base);
	v[COR_STATUS] = STR("applied");
	rowset_add(&s->corrections, v);
}

static inline void scene_decide(struct scene *s, const char *action, struct str customer,
				struct str other, const char *record)
{
	struct str v[DEC_COLUMNS] = { 0 };

	v[DEC_DECISION_ID] = str_printf(&s->arena, "%zu", s->decisions.n + 1);
	v[DEC_DECIDED_ON] = STR("2026-03-05");
	v[DEC_WHO] = STR("analyst");
	v[DEC_ACTION] = str_of(action);
	v[DEC_CUSTOMER_ID] = str_keep(&s->arena, customer);
	v[DEC_OTHER_CUSTOMER_ID] = str_keep(&s->arena, other);
	v[DEC_RECORD_ID] = str_of(record);
	rowset_add(&s->decisions, v);
}

static inline void scene_forget(struct scene *s)
{
	if (!s->resolved)
		return;
	resolution_close(&s->x);
	rowset_release(&s->clusters);
	rowset_release(&s->told);
	rowset_release(&s->review);
	s->resolved = false;
}

static inline void scene_resolve_with(struct scene *s, unsigned jobs, uint64_t memory)
{
	static const struct mended_rows none;
	struct inputs in = {
		.mended = &none,
		.records = &s->records,
		.rejects = &s->rejects,
		.files = &s->files,
		.corrections = &s->corrections,
		.decisions = &s->decisions,
		.schemas = &s->schemas,
		.matching = &s->matching,
		.key = &s->key,
		.reference = s->reference,
		.jobs = jobs,
		.memory = memory,
	};
	struct told t;

	scene_forget(s);
	records_sort(&s->records);
	memset(&s->x, 0, sizeof(s->x));
	resolution_open(&s->x, &in);
	t = resolution_told(&s->x, &s->codes, LANG_EN);
	rowset_init(&s->clusters, &table_clusters);
	rowset_init(&s->told, &table_rejects_resolve);
	rowset_init(&s->review, &table_review_resolve);
	resolution_clusters(&s->x, &t, &s->clusters);
	told_rejects(&t, &s->told);
	told_review(&t, &s->review);
	s->resolved = true;
}

static inline void scene_resolve(struct scene *s)
{
	scene_resolve_with(s, 2, 0);
}

static inline void scene_close(struct scene *s)
{
	scene_forget(s);
	records_release(&s->records);
	rowset_release(&s->rejects);
	rowset_release(&s->files);
	rowset_release(&s->corrections);
	rowset_release(&s->decisions);
	schemas_release(&s->schemas);
	codes_release(&s->codes);
	matching_release(&s->matching);
	customer_key_release(&s->key);
	reference_free(s->reference);
	map_release(&s->stems);
	arena_release(&s->arena);
}

static inline struct str scene_cell(const struct scene *s, const char *id, int column)
{
	for (size_t i = 0; i < s->clusters.n; i++)
		if (str_eq(rowset_value(&s->clusters, i, CLU_RECORD_ID), str_of(id)))
			return rowset_value(&s->clusters, i, column);
	return STR("");
}

/* The customer of a record; empty: nobody's. */
static inline struct str scene_customer(const struct scene *s, const char *id)
{
	return scene_cell(s, id, CLU_CUSTOMER_ID);
}

static inline bool scene_same(const struct scene *s, const char *one, const char *other)
{
	struct str a = scene_customer(s, one), b = scene_customer(s, other);

	return a.n && str_eq(a, b);
}

/* How often a code was told; how many rows of a kind the review has. */
static inline size_t scene_told(const struct scene *s, const char *code)
{
	size_t n = 0;

	for (size_t i = 0; i < s->told.n; i++)
		n += str_eq(rowset_value(&s->told, i, REJ_CODE), str_of(code));
	return n;
}

static inline size_t scene_reviews(const struct scene *s, const char *kind)
{
	size_t n = 0;

	for (size_t i = 0; i < s->review.n; i++)
		n += str_eq(rowset_value(&s->review, i, REV_KIND), str_of(kind));
	return n;
}

/* The 18 digits of a resident with that birth date (YYYYMMDD) and sequence. */
static inline struct str scene_id(struct scene *s, const char *birth, unsigned sequence)
{
	char *digits = str_keepz(&s->arena,
				 str_printf(&s->arena, "110101%s%03u ", birth, sequence));

	digits[17] = (char)id_number_check_character(digits);
	return (struct str){ digits, 18 };
}

#endif
