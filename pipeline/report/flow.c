/*
 * The files of this run: where their rows went (the ledger), whose columns are not those of
 * the export before, whose values stand under a wrong header, and who has not sent.
 */
#include "parts.h"

#include "date.h"

#include <stdlib.h>

/* ---- the ledger ---- */

static void count_fates(struct tally *t, const struct origin_scope *from, const struct str *v)
{
	static const enum metric fates[] = { M_rows_accepted, M_rows_flagged, M_rows_rejected,
					     M_rows_duplicate };
	int64_t rows = 0, duplicate = 0, n = 0;

	str_i64(v[LED_ROWS], &rows);
	str_i64(v[LED_DUPLICATE], &duplicate);
	tally_add_origin(t, M_rows, from, rows, 0);
	for (int i = 0; i < 4; i++) {
		str_i64(v[LED_ACCEPTED + i], &n);
		tally_add_origin(t, fates[i], from, n, rows);
	}
	str_i64(v[LED_ACCEPTED], &n);
	if (rows > duplicate)
		tally_add_origin(t, M_new_faultless, from, n, rows - duplicate);
}

static void count_ledger(const struct inputs *in, struct tally *t)
{
	struct str v[LED_COLUMNS];

	for (size_t i = 0; i < in->ledger->n; i++) {
		rowset_get(in->ledger, i, v);
		struct origin_scope from = {
			.source = v[LED_SOURCE].n ? v[LED_SOURCE] : STR("unknown"),
			.dealer = inputs_dealer(v[LED_SENDER], NULL),
		};

		if (from.dealer.n && !str_eq(from.dealer, STR("hq"))) /* also who has none left is told */
			tally_add(t, M_customers, SCOPE_DEALER, from.dealer, 0, 0);
		tally_add_origin(t, M_files, &from, 1, 0);
		tally_add_origin(t, M_files_quarantined, &from,
				 str_eq(v[LED_STATUS], STR("quarantined")), 1);
		count_fates(t, &from, v);
	}
}

/* What was told of the rows that are new: a bad night shows here at once, while in all that
 * was ever received it would drown. */
static bool count_new_faults(const struct inputs *in, struct tally *t, struct fault *f)
{
	const struct count *new_rows = tally_get(t, M_new_faultless, SCOPE_ALL, STR(""));
	const struct table_def *const tables[] = { &table_rejects_extract, &table_rejects_clean };
	int64_t rows = new_rows ? new_rows->denominator : 0;

	for (int i = 0; i < 2 && rows; i++) {
		const struct rowset *told = run_table(in->r, tables[i], true, f);

		for (size_t k = 0; told && k < told->n; k++) {
			struct str code = rowset_value(told, k, REJ_CODE);

			if (str_eq(rowset_value(told, k, REJ_ACTION), STR("fix")))
				continue;
			tally_add(t, M_new_faults, SCOPE_CODE, code, 1,
				  tally_get(t, M_new_faults, SCOPE_CODE, code) ? 0 : rows);
		}
		if (!told)
			return false;
	}
	return true;
}

/* ---- columns ---- */

/* Takes the piece up to the next ";" that is not escaped. */
static bool cut_header(struct str *rest, struct str *piece)
{
	size_t i = 0;

	if (!rest->n)
		return false;
	while (i < rest->n && rest->p[i] != ';')
		i += rest->p[i] == '\\' && i + 1 < rest->n ? 2 : 1;
	*piece = (struct str){ rest->p, i };
	*rest = i < rest->n ? (struct str){ rest->p + i + 1, rest->n - i - 1 } : (struct str){ 0 };
	return true;
}

/* The field of "field=header"; an unknown header stands for itself. */
static struct str told_field(struct str piece)
{
	struct str field;

	str_cut(&piece, '=', &field);
	return field;
}

static bool has_header(struct str list, struct str field)
{
	struct str piece;

	while (cut_header(&list, &piece))
		if (str_eq(told_field(piece), field))
			return true;
	return false;
}

/* Distinct pieces of `list` that `before` does not have. */
static int64_t count_new(struct str list, struct str before)
{
	struct str rest = list, piece, last = { 0 };
	int64_t n = 0;

	while (cut_header(&rest, &piece)) {
		struct str field = told_field(piece);

		if (!str_eq(field, last) && !has_header(before, field))
			n++;
		last = field;
	}
	return n;
}

static void count_columns(struct tally *t, const struct str *v, const struct str *before)
{
	struct str findings = v[FIL_FINDINGS], piece;
	int64_t unknown = count_new(v[FIL_UNKNOWN_HEADERS], before ? before[FIL_UNKNOWN_HEADERS] : STR(""));
	int64_t vanished = before ? count_new(before[FIL_HEADERS], v[FIL_HEADERS]) : 0, wrong = 0;

	while (str_cut(&findings, ';', &piece))
		wrong++;
	if (unknown)
		tally_add(t, M_unknown_columns, SCOPE_FILE, v[FIL_FILE], unknown, 0);
	if (vanished)
		tally_add(t, M_vanished_columns, SCOPE_FILE, v[FIL_FILE], vanished, 0);
	if (wrong)
		tally_add(t, M_wrong_columns, SCOPE_FILE, v[FIL_FILE], wrong, 0);
	tally_add(t, M_unknown_columns, SCOPE_ALL, STR(""), unknown, 0);
	tally_add(t, M_vanished_columns, SCOPE_ALL, STR(""), vanished, 0);
	tally_add(t, M_wrong_columns, SCOPE_ALL, STR(""), wrong, 0);
}

/* Exports of one schema and sender one after the other, by day, then by name. */
static int by_series(const struct str *a, const struct str *b)
{
	static const int columns[] = { FIL_SCHEMA, FIL_SENDER, FIL_OBSERVED_ON, FIL_FILE };

	for (size_t i = 0; i < sizeof(columns) / sizeof(*columns); i++) {
		int c = str_cmp(a[columns[i]], b[columns[i]]);

		if (c)
			return c;
	}
	return 0;
}

/* Each file received now with the one before it of its series. A file in quarantine is neither:
 * it may bear the name of one received before. */
static void compare_columns(const struct inputs *in, struct tally *t)
{
	struct map new_files = { 0 };
	struct rowset series;
	struct str v[2][FIL_COLUMNS], *now = v[0];
	const struct str *before = NULL;

	for (size_t i = 0; i < in->new_files->n; i++)
		if (str_eq(rowset_value(in->new_files, i, FIL_STATUS), STR("ok")))
			map_put(&new_files, rowset_value(in->new_files, i, FIL_FILE), 1, NULL);
	rowset_init(&series, &table_files);
	rowset_append(&series, in->files);
	rowset_sort(&series, by_series);
	for (size_t i = 0; i < series.n; i++) {
		rowset_get(&series, i, now);
		if (!str_eq(now[FIL_STATUS], STR("ok")))
			continue;
		if (before && (!str_eq(before[FIL_SCHEMA], now[FIL_SCHEMA]) ||
			       !str_eq(before[FIL_SENDER], now[FIL_SENDER])))
			before = NULL;
		if (map_get(&new_files, now[FIL_FILE]))
			count_columns(t, now, before);
		before = now;
		now = v[now == v[0]];
	}
	rowset_release(&series);
	map_release(&new_files);
}

/* ---- silence ---- */

static void hear_from(struct map *last, struct str who, int32_t day)
{
	uint64_t *at = map_put(last, who, (uint64_t)day, NULL);

	if (day > (int32_t)*at)
		*at = (uint64_t)day;
}

static void book_silence(const struct map *last, enum scope_kind kind, int32_t today, struct tally *t)
{
	for (size_t i = 0; i < last->n; i++) {
		int32_t days = today - (int32_t)last->entries[i].value;

		tally_add(t, M_days_silent, kind, last->entries[i].key, days > 0 ? days : 0, 0);
	}
}

static void count_silence(const struct inputs *in, struct tally *t)
{
	struct map dealers = { 0 }, sources = { 0 };
	struct str v[FIL_COLUMNS];

	for (size_t i = 0; i < in->files->n; i++) {
		rowset_get(in->files, i, v);
		int32_t day = date_day(v[FIL_OBSERVED_ON]);

		if (!str_eq(v[FIL_STATUS], STR("ok")) || day == INT32_MIN)
			continue;
		hear_from(&dealers, inputs_dealer(v[FIL_SENDER], NULL), day);
		hear_from(&sources, v[FIL_SOURCE], day);
	}
	book_silence(&dealers, SCOPE_DEALER, date_day(in->today), t);
	book_silence(&sources, SCOPE_SOURCE, date_day(in->today), t);
	map_release(&dealers);
	map_release(&sources);
}

bool is_of_flow(enum metric metric)
{
	static const enum metric counted[] = {
		M_files, M_files_quarantined, M_rows, M_rows_accepted, M_rows_flagged, M_rows_rejected, M_rows_duplicate,
		M_new_faultless, M_new_faults, M_unknown_columns, M_vanished_columns, M_wrong_columns, M_days_silent,
	};

	for (size_t i = 0; i < sizeof(counted) / sizeof(*counted); i++)
		if (metric == counted[i])
			return true;
	return false;
}

bool count_flow(const struct inputs *in, struct tally *t, struct fault *f)
{
	count_ledger(in, t);
	compare_columns(in, t);
	count_silence(in, t);
	return count_new_faults(in, t, f);
}
