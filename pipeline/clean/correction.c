/*
 * Rows of correction files, in the order in which they came: judged file by file, and what
 * became of them written down.
 */
#include "correction.h"

#include "mend.h"

#include <stdlib.h>

static const struct str status_names[] = {
	[MEND_OPEN] = STR_INIT(""),
	[MEND_APPLIED] = STR_INIT("applied"),
	[MEND_CONFIRMED] = STR_INIT("confirmed"),
	[MEND_REVIEW] = STR_INIT("review"),
	[MEND_STILL_WRONG] = STR_INIT("still_wrong"),
	[MEND_UNKNOWN] = STR_INIT("unknown"),
	[MEND_FOREIGN] = STR_INIT("foreign"),
	[MEND_EMPTY] = STR_INIT("empty"),
};

static struct str stem_of(struct str record_id)
{
	struct str stem;
	uint32_t row;

	record_id_split(record_id, &stem, &row);
	return stem;
}

static int by_day_and_row(const void *a, const void *b)
{
	const struct mend *one = *(struct mend *const *)a, *other = *(struct mend *const *)b;
	int c = str_cmp(one->row[CRW_OBSERVED_ON], other->row[CRW_OBSERVED_ON]);

	return c ? c : record_id_cmp(one->row[CRW_RECORD_ID], other->row[CRW_RECORD_ID]);
}

static bool judge_all(struct mends *m, struct fault *f)
{
	struct mend **rows = arena_alloc(&m->arena, (m->n + 1) * sizeof(struct mend *));
	size_t told = 0, added = 0;

	for (size_t i = 0; i < m->n; i++)
		rows[i] = &m->list[i];
	qsort(rows, m->n, sizeof(*rows), by_day_and_row);
	for (size_t start = 0, end; start < m->n; start = end) {
		struct str stem = stem_of(rows[start]->row[CRW_RECORD_ID]);

		for (end = start + 1; end < m->n; end++)
			if (!str_eq(stem, stem_of(rows[end]->row[CRW_RECORD_ID])))
				break;
		if (!mends_judge_file(m, rows + start, end - start, f))
			return false;
		mends_match_told(m, told, added);
		told = m->told.n;
		added = m->added.n;
	}
	return true;
}

static bool is_refused(const struct mend *mend)
{
	return mend->status == MEND_UNKNOWN || mend->status == MEND_FOREIGN;
}

/* No value mends a row as a whole. */
static bool is_of_no_use(const struct mend *mend)
{
	return is_refused(mend) || (mend->status == MEND_STILL_WRONG && mend->field == F_COUNT);
}

/* A number that answers nothing is told as a word not in the list, in words of its own. */
static struct code number_unknown(const struct codes *codes)
{
	const struct code *words = codes_find(codes, STR("CORRECTION_UNKNOWN"));
	struct code code = *codes_find(codes, STR("VALUE_UNKNOWN"));

	for (int lang = 0; words && lang < LANG_COUNT; lang++) {
		code.message[lang] = words->message[lang];
		code.suggestion[lang] = words->suggestion[lang];
	}
	return code;
}

/* A row that answers nothing the sender was ever told is not usable, and the sender hears
 * so; whether the number is somebody else's is not told. */
static void reject_row(struct mends *m, const struct mend *mend)
{
	bool refused = is_refused(mend);
	const struct file_context *file =
		&m->files.list[contexts_find(&m->files, mend->row[CRW_RECORD_ID])];
	const struct code unknown = number_unknown(m->c->codes);
	const struct reject reject = {
		.code = refused ? &unknown : mend->code,
		.action = ACTION_REJECT,
		.record_id = mend->row[CRW_RECORD_ID],
		.source = STR("correction"),
		.dealer_code = mend->row[CRW_DEALER_CODE],
		.file = file->context.file,
		.field = refused ? STR("reject_id") : STR(""),
		.header = codes_label(m->c->codes, refused ? STR("reject_id") : STR("corrected_value"), LANG_ZH),
		.value = refused ? mend->row[CRW_REJECT_ID] : mend->value,
	};

	reject_add(&m->told, &reject, m->c->run->opt.lang, &m->arena);
}

static enum fate fate_of(const struct mend *mend, const struct map *told)
{
	const uint64_t *fate = map_get(told, mend->row[CRW_RECORD_ID]);

	return fate ? (enum fate)*fate : FATE_ACCEPTED;
}

/* Corrections whose row has a line in the rejects that is more than a repair, with their fate: an
 * answer that leaves a rejected record without use is rejected like it. */
static void gather_told(const struct mends *m, struct map *told)
{
	for (size_t i = 0; i < m->told.n; i++) {
		struct str action = rowset_value(&m->told, i, REJ_ACTION);

		if (str_eq(action, action_name(ACTION_FIX)))
			continue;
		uint64_t *fate = map_put(told, rowset_value(&m->told, i, REJ_RECORD_ID), FATE_FLAGGED, NULL);

		if (str_eq(action, action_name(ACTION_REJECT)))
			*fate = FATE_REJECTED;
	}
}

static void line_of(const struct mend *mend, struct str v[COR_COLUMNS])
{
	v[COR_RECORD_ID] = mend->row[CRW_RECORD_ID];
	v[COR_REJECT_ID] = mend->row[CRW_REJECT_ID];
	v[COR_BASE_RECORD_ID] = mend->base[REJ_RECORD_ID];
	v[COR_BASE_SOURCE] = mend->base[REJ_SOURCE];
	v[COR_DEALER_CODE] = mend->row[CRW_DEALER_CODE];
	v[COR_OBSERVED_ON] = mend->row[CRW_OBSERVED_ON];
	v[COR_FIELD] = mend->base[REJ_FIELD];
	v[COR_CODE] = mend->base[REJ_CODE];
	v[COR_VALUE] = mend->value;
	v[COR_STATUS] = status_names[mend->status];
	v[COR_REASON] = mend->reason;
}

/* The ledger counts a row in the run that it was new in. */
static void write_down(struct mends *m, size_t i, enum fate fate)
{
	const struct mend *mend = &m->list[i];
	size_t file = contexts_find(m->c->contexts, mend->row[CRW_RECORD_ID]);
	struct str v[COR_COLUMNS];

	line_of(mend, v);
	rowset_add(&m->c->out, v);
	if (i < m->n_new)
		m->c->contexts->list[file].fates[fate]++;
}

/* Does it make the very record that it made before? */
static bool same_record(struct mends *m, const struct mend *mend, bool *same, struct fault *f)
{
	struct record before, now;
	bool found;

	if (!mends_record(m, mend->row[CRW_RECORD_ID], &before, &found, f))
		return false;
	*same = found == (mend->added > 0);
	if (found && mend->added)
		records_get(&m->added, mend->added - 1, &now, &m->arena);
	for (enum field field = F_SOURCE_KEY; *same && found && field < F_COUNT; field++)
		*same = str_eq(before.v[field], now.v[field]);
	return true;
}

/* Not so: a row of an earlier run of which nothing else is to be said now. */
static bool is_news(struct mends *m, size_t i, bool *news, struct fault *f)
{
	ptrdiff_t before = mends_before(m, i);
	struct str v[COR_COLUMNS];
	bool same = before >= 0;

	*news = true;
	if (i < m->n_new)
		return true;
	line_of(&m->list[i], v);
	for (int c = 0; same && c < COR_COLUMNS; c++)
		same = str_eq(v[c], rowset_value(m->c->earlier, (size_t)before, c));
	if (same && !same_record(m, &m->list[i], &same, f))
		return false;
	*news = !same;
	return true;
}

static void hand_over(struct mends *m, const struct map *news)
{
	struct records kept = {0};
	struct str v[REJ_COLUMNS];
	struct record rec;

	for (size_t i = 0; i < m->told.n; i++) {
		rowset_get(&m->told, i, v);
		if (map_get(news, v[REJ_RECORD_ID]))
			rowset_add(m->c->rejects, v);
	}
	records_init(&kept);
	for (size_t i = 0; i < m->added.n; i++) {
		records_get(&m->added, i, &rec, &m->arena);
		if (map_get(news, rec.v[F_RECORD_ID]))
			records_add(&kept, &rec);
	}
	if (kept.n) {
		records_append(m->c->cleaned, &kept);
		records_sort(m->c->cleaned);
	}
	records_release(&kept);
}

static bool tell_all(struct mends *m, struct fault *f)
{
	struct map told = {0}, news = {0};
	bool ok = true, is_new;

	for (size_t i = 0; i < m->n; i++)
		if (is_of_no_use(&m->list[i]))
			reject_row(m, &m->list[i]);
	gather_told(m, &told);
	for (size_t i = 0; ok && i < m->n; i++) {
		ok = is_news(m, i, &is_new, f);
		if (!ok || !is_new)
			continue;
		map_put(&news, m->list[i].row[CRW_RECORD_ID], 0, NULL);
		write_down(m, i, fate_of(&m->list[i], &told));
	}
	if (ok)
		hand_over(m, &news);
	map_release(&told);
	map_release(&news);
	return ok;
}

/* Those that this run knows; a command that asks the state, those that the state knows. */
static const struct rowset *standing_decisions(struct run *r, struct fault *f)
{
	return r->chained || r->opt.in ? run_table(r, &table_decisions, true, f)
				       : run_previous(r, &table_decisions, f);
}

bool corrections_clean(struct corrections *c, struct fault *f)
{
	struct mends m;
	bool ok;

	rowset_init(&c->out, &table_corrections);
	c->decisions = standing_decisions(c->run, f);
	if (!c->decisions)
		return false;
	ok = mends_load(&m, c, f) && judge_all(&m, f) && tell_all(&m, f);
	mends_release(&m);
	return ok;
}
