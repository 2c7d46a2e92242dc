#include "answers.h"

#include <stdlib.h>

static int by_date(const void *a, const void *b)
{
	const struct str *x = a, *y = b;
	int c = str_cmp(x[COR_OBSERVED_ON], y[COR_OBSERVED_ON]);

	return c ? c : record_id_cmp(x[COR_RECORD_ID], y[COR_RECORD_ID]);
}

bool answer_is(const struct str *row, const char *status)
{
	return row && str_eq(row[COR_STATUS], str_of(status));
}

/* "record id, US, field", kept in the arena. */
static struct str mended_name(struct arena *a, struct str record_id, struct str field)
{
	return str_printf(a, "%.*s\x1F%.*s", STR_FMT(record_id), STR_FMT(field));
}

static void put_last(struct map *m, struct str key, uint64_t row)
{
	*map_put(m, key, row, NULL) = row;
}

/* Is that the record whose fault it names? */
static bool is_told_of(const struct str *row, struct str record_id)
{
	char id[16];

	reject_id_make(record_id, row[COR_FIELD], row[COR_CODE], id);
	return str_eq(row[COR_REJECT_ID], (struct str){id, sizeof(id)});
}

/* A fault of a correction is mended in its base, but is none of the base's own. */
static bool is_of_correction(const struct answers *as, const struct str *row)
{
	const uint64_t *last = map_get(&as->by_base, row[COR_BASE_RECORD_ID]);

	if (!row[COR_BASE_RECORD_ID].n || is_told_of(row, row[COR_BASE_RECORD_ID]))
		return false;
	for (size_t i = last ? (size_t)*last : 0; i; i = as->before[i - 1])
		if (is_told_of(row, as->rows[i - 1][COR_RECORD_ID]))
			return true;
	return false;
}

static void put_fault(struct map *m, struct str reject_id, struct str fault, uint64_t row)
{
	put_last(m, reject_id, row);
	if (fault.n)
		put_last(m, fault, row);
}

static struct str fault_of(const struct str *row, struct arena *a)
{
	return fault_key(row[COR_BASE_RECORD_ID], row[COR_FIELD], row[COR_CODE], a);
}

static void take_of_sender(struct answers *as, struct str sender, size_t i)
{
	bool first;
	uint64_t *last = map_put(&as->newest, sender, i, &first);

	as->before_by_sender[i] = first ? 0 : (size_t)*last + 1;
	*last = i;
}

static void take(struct answers *as, const struct desk *d, size_t i)
{
	const struct str *row = as->rows[i];
	struct str fault = is_of_correction(as, row) ? (struct str){0} : fault_of(row, &as->arena);

	put_last(&as->by_record, row[COR_RECORD_ID], i);
	take_of_sender(as, desk_origin(d, row[COR_RECORD_ID])->sender, i);
	if (answer_is(row, "review"))
		put_fault(&as->review, row[COR_REJECT_ID], fault, i);
	if (answer_is(row, "applied"))
		put_last(&as->mended,
			 mended_name(&as->arena, row[COR_BASE_RECORD_ID], row[COR_FIELD]), i);
	if (answer_is(row, "applied") || answer_is(row, "confirmed") ||
	    answer_is(row, "still_wrong"))
		put_fault(&as->decided, row[COR_REJECT_ID], fault, i);
}

static void index_bases(struct answers *as)
{
	as->before = xcalloc(as->n + 1, sizeof(*as->before));
	for (size_t i = 0; i < as->n; i++) {
		uint64_t *last = map_put(&as->by_base, as->rows[i][COR_BASE_RECORD_ID], 0, NULL);

		as->before[i] = (size_t)*last;
		*last = i + 1;
	}
}

bool answers_open(struct answers *as, struct desk *d, struct fault *f)
{
	const struct rowset *corrections = run_all_corrections(d->r, f);

	*as = (struct answers){0};
	if (!corrections)
		return false;
	as->n = corrections->n;
	as->rows = xcalloc(as->n, sizeof(*as->rows));
	as->before_by_sender = xcalloc(as->n, sizeof(*as->before_by_sender));
	for (size_t i = 0; i < as->n; i++)
		rowset_get(corrections, i, as->rows[i]);
	qsort(as->rows, as->n, sizeof(*as->rows), by_date);
	index_bases(as);
	for (size_t i = 0; i < as->n; i++)
		take(as, d, i);
	return true;
}

void answers_close(struct answers *as)
{
	free(as->rows);
	free(as->before);
	free(as->before_by_sender);
	map_release(&as->by_base);
	map_release(&as->decided);
	map_release(&as->review);
	map_release(&as->mended);
	map_release(&as->by_record);
	map_release(&as->newest);
	arena_release(&as->arena);
}

static const struct str *row_at(const struct answers *as, const struct map *m, struct str key)
{
	const uint64_t *at = map_get(m, key);

	return at ? as->rows[*at] : NULL;
}

/* The later of what was said to it by its number and by an older one. */
static const struct str *last_on(const struct answers *as, const struct map *m, const struct returned *t,
				 struct str fault)
{
	const uint64_t *by_id = map_get(m, t->reject_id), *by_fault = map_get(m, fault);

	if (by_id && (!by_fault || *by_id > *by_fault))
		return as->rows[*by_id];
	return by_fault ? as->rows[*by_fault] : NULL;
}

struct answer answers_find(const struct answers *as, const struct returned *t)
{
	struct arena a = {0};
	struct str fault;
	struct answer answer = {NULL, NULL};

	if (!as->n)
		return answer;
	fault = fault_key(t->record_id, t->field, t->code, &a);
	answer.decided = last_on(as, &as->decided, t, fault);
	answer.review = last_on(as, &as->review, t, fault);
	arena_release(&a);
	return answer;
}

const struct str *answers_row(const struct answers *as, struct str record_id)
{
	return row_at(as, &as->by_record, record_id);
}

const struct str *answers_mended(const struct answers *as, struct str record_id, struct str field)
{
	struct arena a = {0};
	const struct str *row = row_at(as, &as->mended, mended_name(&a, record_id, field));

	arena_release(&a);
	return row;
}

const struct str *answers_of_sender(const struct answers *as, struct str sender, const struct str *row)
{
	size_t before;

	if (!row)
		return row_at(as, &as->newest, sender);
	before = as->before_by_sender[(size_t)(row - as->rows[0]) / COR_COLUMNS];
	return before ? as->rows[before - 1] : NULL;
}

bool answers_is_past(const struct answers *as, const struct desk *d, struct str record_id)
{
	const struct str *row = answers_row(as, record_id), *last;

	if (!row)
		return false;
	last = answers_of_sender(as, desk_origin(d, record_id)->sender, NULL);
	return str_cmp(row[COR_OBSERVED_ON], last[COR_OBSERVED_ON]) < 0;
}

/* ---- files that could not be read ---- */

static bool is_correction(const struct desk *d, struct str schema)
{
	const struct schema *s = schemas_find(d->schemas, schema);

	return s && s->corrections;
}

static bool tell(struct desk *d, const struct str *file, struct rowset *rejects, struct fault *f)
{
	struct arena a = {0};
	struct reject reject = {
		.code = codes_find(d->codes, STR("FILE_QUARANTINED")),
		.record_id = file[FIL_FILE],
		.source = file[FIL_SOURCE],
		.dealer_code = file[FIL_SENDER],
		.file = file[FIL_FILE],
		.detail = file_reason_text(&d->file_reasons, file[FIL_REASON], d->r->opt.lang, &a),
	};

	if (!reject.code)
		return fault_set(f, EXIT_USAGE, "rules/codes.csv has no code FILE_QUARANTINED");
	reject.action = reject.code->action;
	reject_add(rejects, &reject, d->r->opt.lang, &a);
	arena_release(&a);
	return true;
}

bool answers_tell(struct desk *d, struct rowset *rejects, struct fault *f)
{
	const struct rowset *files = run_table(d->r, &table_files, true, f);
	struct str v[FIL_COLUMNS];
	bool ok = files != NULL;

	for (size_t i = 0; ok && i < files->n; i++) {
		rowset_get(files, i, v);
		if (str_eq(v[FIL_STATUS], STR("quarantined")) && is_correction(d, v[FIL_SCHEMA]))
			ok = tell(d, v, rejects, f);
	}
	return ok;
}
