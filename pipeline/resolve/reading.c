#include "reading.h"

#include "digest.h"
#include "text.h"

#include <stdlib.h>

ptrdiff_t reading_file(const struct reading *r, struct str record_id)
{
	struct str stem;
	uint32_t row;
	uint64_t *found;

	record_id_split(record_id, &stem, &row);
	found = map_get(&r->stems, stem);
	return found ? (ptrdiff_t)*found : -1;
}

ptrdiff_t reading_key_file(const struct reading *r, struct str record_id)
{
	const uint64_t *found = r->brought_in.n ? map_get(&r->brought_in, record_id) : NULL;

	return found ? (ptrdiff_t)*found : reading_file(r, record_id);
}

static ptrdiff_t find_record(const struct reading *r, struct str record_id)
{
	ptrdiff_t i = records_find(r->records, record_id);

	return i >= 0 && (uint64_t)i < UINT32_MAX ? i : -1;
}

/* ---- corrections ---- */

/* One that brought in a rejected row is a record like any other, under the key of that row. */
static void read_brought_in(struct reading *r, const struct rowset *corrections)
{
	struct str v[COR_COLUMNS];

	for (size_t i = 0; i < corrections->n; i++) {
		ptrdiff_t file;

		rowset_get(corrections, i, v);
		if (!str_eq(v[COR_STATUS], STR("applied")) || find_record(r, v[COR_BASE_RECORD_ID]) >= 0)
			continue;
		file = reading_file(r, v[COR_BASE_RECORD_ID]);
		if (file >= 0)
			map_put(&r->brought_in, v[COR_RECORD_ID], (uint64_t)file, NULL);
	}
}

static void read_mendings(struct reading *r, const struct schemas *schemas,
			  const struct rowset *corrections, const struct mended_rows *mended)
{
	mendings_open(&r->mendings, r->records, corrections);
	mendings_carry(&r->mendings, r->files, schemas);
	mendings_follow(&r->mendings, mended);
	for (size_t i = 0; i < r->mendings.n; i++)
		if (r->mendings.list[i].base != MENDS_NOTHING)
			r->role[r->mendings.list[i].correction] = ROLE_CORRECTION;
	for (size_t i = 0; i < r->mendings.n_replaced; i++)
		r->role[r->mendings.replaced[i].record] = ROLE_REPLACED;
}

uint32_t reading_base(const struct reading *r, uint32_t correction)
{
	const struct mending *mending = mendings_by(&r->mendings, correction);

	if (!mending)
		BUG("record %u is no correction", correction);
	return mending->base;
}

uint32_t reading_newest(const struct reading *r, uint32_t record)
{
	return mendings_newest(&r->mendings, record);
}

bool reading_is_mended(const struct reading *r, uint32_t base)
{
	size_t n = 0;

	if (r->mendings.n)
		mendings_of(&r->mendings, base, &n);
	return n > 0;
}

void reading_record(const struct reading *r, size_t i, struct record *rec, struct arena *a)
{
	mendings_record(&r->mendings, i, rec, a);
}

/* ---- values that clean blanked ---- */

static int by_record(const void *a, const void *b)
{
	const struct blanked *x = a, *y = b;

	if (x->record != y->record)
		return (x->record > y->record) - (x->record < y->record);
	return x->field != y->field ? (x->field > y->field) - (x->field < y->field) :
				      str_cmp(x->value, y->value);
}

static const struct blanked *find_blanked(const struct reading *r, size_t record, enum field field)
{
	size_t low = 0, high = r->n_blanked;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (r->blanked[middle].record < record)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < r->n_blanked && r->blanked[low].record == record; low++)
		if (r->blanked[low].field == field)
			return &r->blanked[low];
	return NULL;
}

/* What 1.10101E+17 and "无" have lost cannot be compared with anything. */
static bool is_worth_comparing(struct str number)
{
	size_t digits = 0;

	for (size_t i = 0; i < number.n; i++)
		digits += number.p[i] >= '0' && number.p[i] <= '9';
	return digits >= 7 && number.n <= 24 && str_find(number, STR("E+")) < 0 &&
	       str_find(number, STR(".")) < 0;
}

/* The field whose value a slip may have spoilt; placeholders were never anybody's. */
static enum field failed_field(struct str field, struct str code)
{
	if (str_ends(code, STR("_PLACEHOLDER")) || str_ends(code, STR("_MISSING")))
		return F_COUNT;
	if (str_eq(field, STR("id_number")))
		return F_ID_NUMBER;
	return str_eq(field, STR("mobile")) ? F_MOBILE : F_COUNT;
}

/* 李 of "李先生", 欧阳 of "欧阳女士": the rest of the name is not known. */
static struct str surname_of(const struct reading *r, const struct reference *reference,
			     struct str value, struct arena *a)
{
	struct str name = text_clean(a, value), rest;
	size_t n = reference ? surname_length(reference, name) : 0;

	if (!n)
		return STR("");
	rest = str_span(name.p + n, name.p + name.n);
	for (size_t i = 0; i < r->matching->words.n_titles; i++)
		if (str_eq(rest, r->matching->words.titles[i]))
			return (struct str){ name.p, n };
	return rest.n ? STR("") : name;
}

static void keep_blanked(struct reading *r, struct str record_id, enum field field, struct str value)
{
	ptrdiff_t i = value.n ? find_record(r, record_id) : -1;

	if (i < 0)
		return;
	GROW(r->blanked, r->n_blanked, r->cap_blanked);
	r->blanked[r->n_blanked++] =
		(struct blanked){ (uint32_t)i, field, str_keep(&r->arena, value) };
}

static void read_blanked(struct reading *r, const struct rowset *rejects,
			 const struct reference *reference)
{
	struct arena a = { 0 };
	struct str v[REJ_COLUMNS];

	for (size_t i = 0; i < rejects->n; i++, arena_reset(&a)) {
		enum field failed;

		rowset_get(rejects, i, v);
		if (!str_eq(v[REJ_ACTION], STR("blank")))
			continue;
		failed = failed_field(v[REJ_FIELD], v[REJ_CODE]);
		if (failed != F_COUNT) {
			struct str number = text_code(&a, v[REJ_VALUE]);

			if (is_worth_comparing(number))
				keep_blanked(r, v[REJ_RECORD_ID], failed, number);
		} else if (str_eq(v[REJ_FIELD], STR("name"))) {
			keep_blanked(r, v[REJ_RECORD_ID], F_NAME,
				     surname_of(r, reference, v[REJ_VALUE], &a));
		}
	}
	if (r->n_blanked)
		qsort(r->blanked, r->n_blanked, sizeof(*r->blanked), by_record);
	arena_release(&a);
}

struct str reading_failed(const struct reading *r, size_t i, enum field field)
{
	const struct blanked *b = find_blanked(r, i, field);

	return b ? b->value : STR("");
}

struct str reading_surname(const struct reading *r, size_t i)
{
	return reading_failed(r, i, F_NAME);
}

/* ---- opening ---- */

static void read_scopes(struct reading *r, const struct schemas *schemas)
{
	struct str v[FIL_COLUMNS];

	r->scopes = xcalloc(r->files->n + 1, sizeof(*r->scopes));
	for (size_t i = 0; i < r->files->n; i++) {
		const struct schema *schema;

		rowset_get(r->files, i, v);
		map_put(&r->stems, v[FIL_STEM], i, NULL);
		schema = schemas_find(schemas, v[FIL_SCHEMA]);
		r->scopes[i].key = schema ? schema->key : F_COUNT;
		r->scopes[i].hash = witness_mix(hash64(v[FIL_SCHEMA]), hash64(v[FIL_SENDER]));
	}
}

void reading_open(struct reading *r, const struct records *records, const struct matching *matching,
		  const struct schemas *schemas, const struct rowset *files,
		  const struct rowset *rejects, const struct rowset *corrections,
		  const struct mended_rows *mended,
		  const struct reference *reference)
{
	if (records->n >= INT32_MAX)
		BUG("more than two billion records");
	*r = (struct reading){
		.records = records,
		.matching = matching,
		.files = files,
		.role = xcalloc(records->n + 1, 1),
	};
	read_scopes(r, schemas);
	read_mendings(r, schemas, corrections, mended);
	read_brought_in(r, corrections);
	read_blanked(r, rejects, reference);
}

void reading_close(struct reading *r)
{
	free(r->role);
	free(r->scopes);
	mendings_close(&r->mendings);
	free(r->blanked);
	map_release(&r->stems);
	map_release(&r->brought_in);
	arena_release(&r->arena);
	*r = (struct reading){ 0 };
}
