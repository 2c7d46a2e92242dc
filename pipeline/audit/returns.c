#include "audit.h"

#include "csv_table.h"
#include "dealer_folder.h"

#include <dirent.h>
#include <stdlib.h>

enum { LIST_REJECT_ID = 0 }; /* 退回编号 stands first in a dealer's list */

static bool is_sent(struct str status)
{
	return str_eq(status, STR("open")) || str_eq(status, STR("wrong_again"));
}

/* One dealer's list: each line is a fault that is open and belongs to this dealer. `sent` counts
 * the lines of each row of report/returns.csv. */
static bool read_list(struct audit *x, const char *dealer, const struct rowset *returns, const struct map *index,
		      uint32_t *sent, struct fault *f)
{
	struct str name = str_printf(&x->arena, "return/%s/rejects.csv", dealer);
	const char *path = run_in_path(x->r, str_keepz(&x->arena, name));
	struct csv_reader *in;
	const struct str *v;
	size_t row = 1;

	if (!file_exists(path))
		return true;
	in = csv_reader_open(path, f);
	while (in && csv_reader_next(in, &v)) {
		uint64_t *at = map_get(index, v[LIST_REJECT_ID]);
		struct str line[RET_COLUMNS];

		row++;
		x->checks++;
		if (!at) {
			complain(x, "%.*s, row %zu: report/returns.csv knows no fault %.*s", STR_FMT(name), row,
				 STR_FMT(v[LIST_REJECT_ID]));
			continue;
		}
		rowset_get(returns, *at, line);
		sent[*at]++;
		if (!str_eq(dealer_folder(line[RET_DEALER_CODE], STR("")), str_of(dealer)))
			complain(x, "%.*s, row %zu: the fault %.*s belongs to %.*s", STR_FMT(name), row,
				 STR_FMT(v[LIST_REJECT_ID]), STR_FMT(line[RET_DEALER_CODE]));
		if (!is_sent(line[RET_STATUS]))
			complain(x, "%.*s, row %zu: the fault %.*s is %.*s and returned all the same", STR_FMT(name), row,
				 STR_FMT(v[LIST_REJECT_ID]), STR_FMT(line[RET_STATUS]));
	}
	return in && csv_reader_close(in, f);
}

static bool read_lists(struct audit *x, const struct rowset *returns, const struct map *index, uint32_t *sent,
		       struct fault *f)
{
	struct dirent **entries;
	int n = scandir(run_in_path(x->r, "return"), &entries, NULL, alphasort);
	bool ok = true;

	for (int i = 0; i < n; i++) {
		if (entries[i]->d_name[0] != '.')
			ok = ok && read_list(x, entries[i]->d_name, returns, index, sent, f);
		free(entries[i]);
	}
	if (n >= 0)
		free(entries);
	return ok;
}

/* Settled before it could be sent: by a newer row of the same key, or by a later full export. */
static bool is_settled(struct audit *x, struct str record_id)
{
	return audit_may_be_gone(x, record_id) ||
	       !str_eq(run_newest(x->r, record_id, &x->arena), record_id);
}

/* What was told in this run, by the stage. */
static const struct table_def *const told_tables[] = { &table_rejects_extract, &table_rejects_clean,
						       &table_rejects_resolve, &table_rejects_merge };
enum { TOLD_TABLES = sizeof(told_tables) / sizeof(told_tables[0]) };

/* A value under the newest row of its key: a mended one whatever was wrong with it (code ""), a
 * confirmed one only against that doubt. */
static struct str held_name(struct audit *x, const struct str v[REJ_COLUMNS], struct str code)
{
	return str_printf(&x->arena, "%.*s\x1F%.*s\x1F%.*s\x1F%.*s", STR_FMT(run_newest(x->r, v[REJ_RECORD_ID], &x->arena)),
			  STR_FMT(v[REJ_FIELD]), STR_FMT(v[REJ_VALUE]), STR_FMT(code));
}

/* What was mended stays so, whether it was confirmed before or after. */
static void put_answer(struct map *answered, struct str name, bool confirmed)
{
	uint64_t *at = map_put(answered, name, confirmed, NULL);

	*at = *at && confirmed;
}

/* The values that dealers mended or confirmed: newer rows of the key share the answer, so that
 * their faults are settled before they could be sent. */
static bool find_held(struct audit *x, struct map *held, struct fault *f)
{
	const struct rowset *corrections = run_all_corrections(x->r, f);
	struct map answered = { 0 }; /* reject_id, fault_key -> whether it was confirmed, not mended */
	struct str v[REJ_COLUMNS], c[COR_COLUMNS];
	bool ok = corrections != NULL;

	for (size_t i = 0; ok && i < corrections->n; i++) {
		bool confirmed;

		rowset_get(corrections, i, c);
		confirmed = str_eq(c[COR_STATUS], STR("confirmed"));
		if (!confirmed && !str_eq(c[COR_STATUS], STR("applied")))
			continue;
		put_answer(&answered, c[COR_REJECT_ID], confirmed);
		put_answer(&answered, fault_key(c[COR_BASE_RECORD_ID], c[COR_FIELD], c[COR_CODE], &x->arena),
			   confirmed);
	}
	for (size_t t = 0; ok && answered.n && t < TOLD_TABLES; t++) {
		const struct rowset *rs = run_table(x->r, told_tables[t], true, f);

		for (size_t i = 0; rs && i < rs->n; i++) {
			const uint64_t *confirmed;

			rowset_get(rs, i, v);
			confirmed = map_get(&answered, v[REJ_REJECT_ID]);
			if (!confirmed)
				confirmed = map_get(&answered, fault_key(v[REJ_RECORD_ID], v[REJ_FIELD],
									 v[REJ_CODE], &x->arena));
			if (!confirmed)
				continue;
			map_put(held, held_name(x, v, *confirmed ? v[REJ_CODE] : STR("")), 0, NULL);
		}
		ok = rs != NULL;
	}
	map_release(&answered);
	return ok;
}

static bool is_held(struct audit *x, const struct map *held, const struct str v[REJ_COLUMNS])
{
	return held->n && (map_get(held, held_name(x, v, STR(""))) || map_get(held, held_name(x, v, v[REJ_CODE])));
}

/* What the stages told in this run; corrections are answers to faults, not faults of their own. */
static bool check_told(struct audit *x, const struct map *index, struct fault *f)
{
	struct map held = { 0 };
	struct str v[REJ_COLUMNS];
	bool ok = find_held(x, &held, f);

	for (size_t t = 0; ok && t < TOLD_TABLES; t++) {
		const struct rowset *rs = run_table(x->r, told_tables[t], true, f);

		for (size_t i = 0; rs && i < rs->n; i++) {
			rowset_get(rs, i, v);
			if (str_eq(v[REJ_ACTION], STR("fix")) || str_eq(v[REJ_SOURCE], STR("correction")))
				continue;
			x->checks++;
			if (!map_get(index, v[REJ_REJECT_ID]) && !is_settled(x, v[REJ_RECORD_ID]) && !is_held(x, &held, v))
				complain(x, "report/returns.csv: no line for the fault %.*s of row %llu of %s.csv",
					 STR_FMT(v[REJ_REJECT_ID]), ROW_OF(i), told_tables[t]->path);
		}
		ok = rs != NULL;
	}
	map_release(&held);
	return ok;
}

bool audit_returns(struct audit *x, struct fault *f)
{
	const struct rowset *returns = run_table(x->r, &table_returns, true, f);
	struct map index = { 0 };
	uint32_t *sent = xcalloc(returns ? returns->n : 0, sizeof(*sent)), number = 0;
	bool ok = returns != NULL && run_number(x->r, &number, f), added;

	for (size_t i = 0; ok && i < returns->n; i++) {
		map_put(&index, rowset_value(returns, i, RET_REJECT_ID), i, &added);
		if (!added)
			complain(x, "report/returns.csv, row %llu: the fault %.*s is there twice", ROW_OF(i),
				 STR_FMT(rowset_value(returns, i, RET_REJECT_ID)));
	}
	if (ok && returns->n) /* a chain that was stopped before return has nothing to compare */
		ok = read_lists(x, returns, &index, sent, f);
	/* later a row of this run may have been replaced by one that only the state knows */
	if (ok && returns->n && number == 1)
		ok = check_told(x, &index, f);
	for (size_t i = 0; ok && i < returns->n; i++) {
		bool open = str_eq(rowset_value(returns, i, RET_STATUS), STR("open"));

		if (sent[i] > 1 || (open && !sent[i]))
			complain(x, "return/%.*s/rejects.csv: the fault %.*s, open in row %llu of report/returns.csv, is there %u times",
				 STR_FMT(dealer_folder(rowset_value(returns, i, RET_DEALER_CODE), STR(""))),
				 STR_FMT(rowset_value(returns, i, RET_REJECT_ID)), ROW_OF(i), sent[i]);
	}
	free(sent);
	map_release(&index);
	return ok;
}
