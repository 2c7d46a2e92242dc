/*
 * return: to each dealer its own errors, in files that it can mend and send back.
 *
 * In: what extract and clean told of all records, what resolve and merge told of the whole,
 * the dealers' corrections, the master, and the original bytes of the rows. Out:
 * OUT/return/DEALER/ (rejects.csv, rejects.xlsx, the _bad.csv files, incomplete.csv,
 * followup.csv, analysis.csv, summary.html), rebuilt whole in each run, and OUT/report/returns.csv, what became of
 * everything ever returned.
 *
 * Nothing is rejected here, and nothing is judged but what became of a fault. A dealer's
 * folder never holds a value that it did not send itself.
 */
#include "stage.h"

#include "date.h"
#include "dealer.h"
#include "figures.h"
#include "outfile.h"
#include "pool.h"
#include "rules.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

static const struct stage_option options[] = {
	OPTION_IN,   OPTION_OUT,  OPTION_STATE, OPTION_RULES, OPTION_SCHEMAS,
	OPTION_DATE, OPTION_JOBS, OPTION_LANG,	OPTION_QUIET, {NULL, NULL, NULL, false},
};

struct returning {
	struct run *r;
	struct desk desk;
	struct answers answers;
	struct returns returns;
	struct standard standard;
	struct followup_rules followup_rules;
	struct followups followups;
	struct dealers dealers;
	struct str answer_by;
};

static bool run(struct run *r, struct fault *f);

static const struct stage_need needs[] = { NEED_CLUSTERS, NEED_MASTER, NEED_CLEANED, { 0 } };

const struct stage stage_return = {
	.name = "return",
	.summary = "to each dealer its own errors, to be mended and sent back",
	.usage = "--in DIR --out DIR [--state DIR]",
	.help = "Reads what the stages before told of each record and writes, for each dealer,\n"
		"OUT/return/DEALER/: the list of its open faults as rejects.xlsx and rejects.csv, "
		"the\n"
		"faulty rows of its own exports in their original bytes (*_bad.csv), the customers "
		"with\n"
		"missing data (incomplete.csv), whom to see to (followup.csv, by rules/followup.csv)\n"
		"and a summary. OUT/report/returns.csv tells what "
		"became\n"
		"of everything that was ever returned. Rejects nothing.",
	.options = options,
	.needs = needs,
	.run = run,
};

/* ---- rules/returns.csv ---- */

static bool read_terms(const char *dir, uint64_t *days, struct fault *f)
{
	static const struct rule_column columns[] = {
		{"name", RULE_FILLED},
		{"value", RULE_FILLED},
		{"note", RULE_MAY_LACK},
		{NULL, RULE_FREE},
	};
	static const char *const names[] = {"answer_within_days", NULL};
	struct arena a = {0};
	struct rules rules;
	bool ok = rules_read(&rules, dir, "returns.csv", columns, &a, f);

	ok &= rules_once(&rules, 1, f);
	*days = 7;
	for (size_t i = 0; i < rules.n; i++) {
		const struct rule_row *row = &rules.rows[i];

		ok &= rules_choice(&rules, row, "name", row->v[0], names, f) >= 0 &&
		      rules_number(&rules, row, "value", row->v[1], 1, 365, days, f);
	}
	arena_release(&a);
	return ok;
}

bool return_rules_check(const char *rules_dir, struct fault *f)
{
	uint64_t days;

	return read_terms(rules_dir, &days, f);
}

static bool load_rules(struct returning *x, struct fault *f)
{
	const char *dir = run_rules_dir(x->r, f);
	uint64_t days;
	char date[10];

	if (!dir || !read_terms(dir, &days, f) || !standard_load(&x->standard, dir, f) ||
	    !followup_rules_load(&x->followup_rules, dir, f))
		return false;
	date_text(date_day(run_date(x->r)) + (int32_t)days, date);
	x->answer_by = str_keep(&x->r->arena, (struct str){date, sizeof(date)});
	return true;
}

/* ---- the lists: made one after the other, written side by side ---- */

struct batch {
	struct returning *x;
	struct dealer *dealers;
	struct list *lists;
	struct fault *faults;
};

static void write_list(void *context, size_t i, unsigned worker)
{
	struct batch *batch = context;
	struct arena a = {0};
	const char *path = batch->dealers[i].path;

	(void)worker;
	if (list_write_csv(&batch->lists[i], str_keepz(&a, str_printf(&a, "%s/rejects.csv", path)),
			   &batch->faults[i]))
		list_write_workbook(&batch->lists[i], batch->x->answer_by,
				    str_keepz(&a, str_printf(&a, "%s/rejects.xlsx", path)),
				    &batch->faults[i]);
	arena_release(&a);
}

static bool write_batch(struct batch *batch, size_t n, unsigned jobs, struct fault *f)
{
	bool ok = true;

	for (size_t i = 0; i < n; i++) {
		struct dealer *dealer = &batch->dealers[i];

		list_make(&batch->lists[i], &batch->x->desk, dealer->entries, dealer->n);
		batch->lists[i].dealer = dealer->name;
		batch->lists[i].unread = dealer->unread;
		batch->lists[i].n_unread = dealer->n_unread;
	}
	pool_each(jobs, n, write_list, batch);
	for (size_t i = 0; i < n; i++) {
		if (ok && fault_is(&batch->faults[i]))
			ok = fault_set(f, batch->faults[i].status, "%.*s",
				       STR_FMT(buf_view(&batch->faults[i].text)));
		fault_release(&batch->faults[i]);
		batch->faults[i] = (struct fault){0};
		list_release(&batch->lists[i]);
	}
	return ok;
}

static bool write_lists(struct returning *x, struct fault *f)
{
	unsigned jobs = x->r->opt.jobs ? x->r->opt.jobs : 1;
	size_t most = 4 * (size_t)jobs, at = 0;
	struct batch batch = {
		.x = x,
		.lists = xcalloc(most, sizeof(*batch.lists)),
		.faults = xcalloc(most, sizeof(*batch.faults)),
	};
	bool ok = true;

	for (; ok && at < x->dealers.n; at += most) {
		size_t n = x->dealers.n - at < most ? x->dealers.n - at : most;

		batch.dealers = &x->dealers.list[at];
		ok = write_batch(&batch, n, jobs, f);
		run_progress(x->r, "return", at + n, x->dealers.n);
	}
	free(batch.lists);
	free(batch.faults);
	return ok;
}

/* ---- the folders: built aside, then put in place ---- */

static bool make_dealer_folders(struct returning *x, struct fault *f)
{
	struct dealers *ds = &x->dealers;

	if (!remove_tree(run_out_path(x->r, "return.part"), f))
		return false;
	for (size_t i = 0; i < ds->n; i++) {
		struct str inside =
			str_printf(&ds->arena, "return.part/%.*s", STR_FMT(ds->list[i].name));

		ds->list[i].path = run_out_path(x->r, str_keepz(&ds->arena, inside));
		if (!make_folders(ds->list[i].path, f))
			return false;
	}
	return make_folders(run_out_path(x->r, "return.part"), f);
}

/* What an earlier run left goes as a whole. A run that dies between the two steps leaves no
 * folder `return`, never one that is half old. */
static bool put_in_place(struct run *r, struct fault *f)
{
	const char *place = run_out_path(r, "return"), *part = run_out_path(r, "return.part");

	if (!outfile_sync_tree(part, f) || !remove_tree(place, f))
		return false;
	return rename(part, place) == 0 || fault_errno(f, "move into place", place);
}

struct two_parts {
	struct returning *x;
	struct fault faults[2];
};

/* The figures ask the analysis, the rest asks the desk: neither waits for the other. */
static void write_part(void *context, size_t part, unsigned worker)
{
	struct two_parts *parts = context;
	struct returning *x = parts->x;
	struct fault *f = &parts->faults[part];

	(void)worker;
	if (part == 1)
		figures_write(&x->dealers, &x->desk, f);
	else if (write_lists(x, f) && bad_rows_write(&x->dealers, &x->desk, &x->returns, f) &&
		 incomplete_write(&x->dealers, &x->desk, &x->standard, f))
		followups_write(&x->dealers, &x->desk, &x->followup_rules, f);
}

static bool write_parts(struct returning *x, struct fault *f)
{
	struct two_parts parts = {.x = x};
	bool ok = true;

	pool_each(x->r->opt.jobs, 2, write_part, &parts);
	for (size_t i = 0; i < 2; i++) {
		if (ok && fault_is(&parts.faults[i]))
			ok = fault_set(f, parts.faults[i].status, "%.*s",
				       STR_FMT(buf_view(&parts.faults[i].text)));
		fault_release(&parts.faults[i]);
	}
	return ok;
}

static bool write_all(struct returning *x, struct fault *f)
{
	return make_dealer_folders(x, f) && write_parts(x, f) &&
	       summaries_write(&x->dealers, &x->desk, &x->answers, &x->standard,
			       &x->followup_rules, f) &&
	       put_in_place(x->r, f);
}

static bool write_folders(struct returning *x, struct fault *f)
{
	struct fault ignored = {0};

	if (write_all(x, f))
		return true;
	remove_tree(run_out_path(x->r, "return.part"), &ignored);
	fault_release(&ignored);
	return false;
}

/* ---- report/returns.csv ---- */

static bool put_returns(struct returning *x, struct fault *f)
{
	struct rowset rs;
	char days[12];

	rowset_init(&rs, &table_returns);
	for (size_t i = 0; i < x->returns.n; i++) {
		const struct returned *t = &x->returns.list[i];

		snprintf(days, sizeof(days), "%d", t->days);
		rowset_add(&rs,
			   (struct str[RET_COLUMNS]){t->reject_id, t->dealer, t->code,
						     return_status_name(t->status), t->first_sent,
						     t->last_seen, t->closed_on, str_of(days)});
	}
	return run_put(x->r, &rs, f) && returns_keep(&x->returns, x->r, f);
}

static bool run(struct run *r, struct fault *f)
{
	struct returning x = {.r = r};
	bool ok = load_rules(&x, f) && desk_open(&x.desk, r, f) &&
		  answers_open(&x.answers, &x.desk, f) &&
		  returns_judge_at(&x.returns, &x.desk, &x.answers, f) &&
		  put_returns(&x, f) &&
		  followups_find(&x.followups, &x.followup_rules, &x.desk, f) &&
		  dealers_find(&x.dealers, &x.desk, &x.returns, &x.followups, f) &&
		  write_folders(&x, f);

	dealers_release(&x.dealers);
	returns_release(&x.returns);
	answers_close(&x.answers);
	desk_close(&x.desk);
	followups_release(&x.followups);
	followup_rules_release(&x.followup_rules);
	standard_release(&x.standard);
	return ok;
}
