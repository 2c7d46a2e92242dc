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

#include "clientele.h"
#include "date.h"
#include "dealer.h"
#include "figures.h"
#include "outfile.h"
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
	struct desk *desk;
	const struct answers *answers;
	const struct returns *returns;
	struct standard standard;
	struct followup_rules followup_rules;
	struct followups followups;
	struct dealers dealers;
	struct clientele clientele;
	struct figures *figures;
	pthread_mutex_t telling; /* whoever tells how far we are */
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
	.use = OUT_WRITES,
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

static bool write_followups(struct returning *x, struct dealer *dealer, struct fault *f)
{
	return followups_write(dealer, &x->clientele, x->desk, &x->followup_rules, f);
}

static bool write_incomplete(struct returning *x, struct dealer *dealer, struct fault *f)
{
	return incomplete_write(dealer, &x->dealers, &x->clientele, x->desk, &x->standard, f);
}

static bool write_list(struct returning *x, struct dealer *dealer, struct fault *f)
{
	struct arena a = {0};
	struct list list;
	bool ok;

	list_make(&list, x->desk, dealer->entries, dealer->n);
	list.dealer = dealer->name;
	list.unread = dealer->unread;
	list.n_unread = dealer->n_unread;
	ok = list_write_csv(&list, str_keepz(&a, str_printf(&a, "%s/rejects.csv", dealer->path)), f) &&
	     list_write_workbook(&list, x->answer_by,
				 str_keepz(&a, str_printf(&a, "%s/rejects.xlsx", dealer->path)), f);
	list_release(&list);
	arena_release(&a);
	return ok;
}

static bool write_bad_rows(struct returning *x, struct dealer *dealer, struct fault *f)
{
	return bad_rows_write(dealer, x->desk, f);
}

static bool (*const writers[])(struct returning *x, struct dealer *dealer, struct fault *f) = {
	write_followups,
	write_incomplete,
	write_list,
	write_bad_rows,
};

enum { WRITERS = sizeof(writers) / sizeof(*writers) };

static void tell_progress(struct returning *x, size_t dealers)
{
	pthread_mutex_lock(&x->telling);
	run_progress(x->r, "return", dealers, x->dealers.n);
	pthread_mutex_unlock(&x->telling);
}

/* The questions of the figures, which take longest, then each kind of file for each dealer. */
static bool do_piece(void *context, struct analysis *a, size_t piece, struct fault *f)
{
	struct returning *x = context;
	size_t questions = figures_questions(x->figures), file = piece - questions;

	if (piece < questions)
		return figures_ask(x->figures, a, piece, f);
	tell_progress(x, file / WRITERS);
	return writers[file / x->dealers.n](x, &x->dealers.list[file % x->dealers.n], f);
}

/* Neither waits for the other: who has no question left to ask writes files. */
static bool write_side_by_side(struct returning *x, struct analysis *a, struct fault *f)
{
	size_t pieces = figures_questions(x->figures) + WRITERS * x->dealers.n;

	return analysis_each(a, x->r->opt.jobs, pieces, do_piece, x, f) &&
	       figures_write(x->figures, &x->dealers, f) &&
	       summaries_write(&x->dealers, x->desk, x->answers, &x->standard, &x->followup_rules, f);
}

static bool write_files(struct returning *x, struct fault *f)
{
	const char *rules = run_rules_dir(x->r, f);
	struct analysis *a = analysis_open(x->r, f);
	bool ok;

	bad_rows_deal(&x->dealers, x->desk, x->returns);
	ok = rules && a && clientele_open(&x->clientele, &x->dealers, x->r, &x->standard, f) &&
	     (x->figures = figures_open(rules, a, f)) && write_side_by_side(x, a, f);
	figures_close(x->figures);
	clientele_close(&x->clientele);
	return ok;
}

static bool write_all(struct returning *x, struct fault *f)
{
	return make_dealer_folders(x, f) && write_files(x, f) && put_in_place(x->r, f);
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
	for (size_t i = 0; i < x->returns->n; i++) {
		const struct returned *t = &x->returns->list[i];

		snprintf(days, sizeof(days), "%d", t->days);
		rowset_add(&rs,
			   (struct str[RET_COLUMNS]){t->reject_id, t->dealer, t->code,
						     return_status_name(t->status), t->first_sent,
						     t->last_seen, t->closed_on, str_of(days)});
	}
	return run_put(x->r, &rs, f) && returns_keep(x->returns, x->r, f);
}

static bool take_judged(struct returning *x, struct fault *f)
{
	struct judged *judged = judged_of(x->r, f);

	if (!judged)
		return false;
	x->desk = &judged->desk;
	x->answers = &judged->answers;
	x->returns = &judged->returns;
	return true;
}

static bool run(struct run *r, struct fault *f)
{
	struct returning x = {.r = r, .telling = PTHREAD_MUTEX_INITIALIZER};
	bool ok = load_rules(&x, f) && take_judged(&x, f) && put_returns(&x, f) &&
		  followups_find(&x.followups, &x.followup_rules, x.desk, f) &&
		  dealers_find(&x.dealers, x.desk, x.returns, &x.followups, f) && write_folders(&x, f);

	dealers_release(&x.dealers);
	followups_release(&x.followups);
	followup_rules_release(&x.followup_rules);
	standard_release(&x.standard);
	judged_forget(r);
	return ok;
}
