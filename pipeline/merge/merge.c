/*
 * merge: from cleaned records and the customers they belong to, the master.
 *
 * In: the cleaned records, resolve's clusters, reviews and superseded keys, corrections, and
 * what people decided. Out: all of master/. Each attribute of a customer and of a vehicle is
 * decided by rules/source_priority.csv and rules/change.csv; each golden value gets a line of
 * lineage; what contradicts goes back to its sender (rejects.csv) or to a person (review.csv).
 * It rejects no row and invents no value; the result does not depend on the order or the
 * number of the runs in which the records arrived.
 */
#include "stage.h"

#include "campaigns.h"
#include "contacts.h"
#include "csv_table.h"
#include "destination.h"
#include "people.h"
#include "vehicles.h"

#include <stdlib.h>

static const struct stage_option options[] = {
	OPTION_IN, OPTION_OUT, OPTION_STATE, OPTION_RULES, OPTION_SCHEMAS, OPTION_DATE,
	OPTION_JOBS, OPTION_MEMORY,
	{ "--tables", "all|final", "final leaves out the lineage", false },
	OPTION_LANG, OPTION_QUIET, { 0 },
};

/* ---- results ---- */

static bool lineage_open(struct results *to, struct run *r, struct fault *f)
{
	struct str names[LIN_COLUMNS];
	struct buf b = { 0 };

	if (!run_tells_lineage(r))
		return true;
	to->lineage = outfile_open(run_out_path(r, "master/lineage.csv"), f);
	if (!to->lineage)
		return false;
	for (size_t i = 0; i < LIN_COLUMNS; i++)
		names[i] = str_of(table_lineage.columns[i]);
	csv_row(&b, names, LIN_COLUMNS);
	outfile_str(to->lineage, buf_view(&b));
	buf_release(&b);
	return true;
}

static void results_init(struct results *to)
{
	*to = (struct results){ 0 };
	golden_table_init(&to->customer_table, &table_customer, STR("customer"));
	golden_table_init(&to->pending_table, &table_pending, STR("pending"));
	golden_table_init(&to->vehicle_table, &table_vehicle, STR("vehicle"));
	rowset_init(&to->customer, &table_customer);
	rowset_init(&to->pending, &table_pending);
	rowset_init(&to->vehicle, &table_vehicle);
	rowset_init(&to->ownership, &table_ownership);
	rowset_init(&to->relation, &table_relation);
	rowset_init(&to->relatives, &table_ownership);
	rowset_init(&to->review, &table_review);
	rowset_init(&to->rejects, &table_rejects_merge);
	rowset_init(&to->unanswerable, &table_unanswerable);
}

static void results_release(struct results *to)
{
	rowset_release(&to->customer);
	rowset_release(&to->pending);
	rowset_release(&to->vehicle);
	rowset_release(&to->ownership);
	rowset_release(&to->relation);
	rowset_release(&to->relatives);
	rowset_release(&to->review);
	rowset_release(&to->rejects);
	rowset_release(&to->unanswerable);
	history_release(&to->customer_history);
	history_release(&to->pending_history);
	history_release(&to->vehicle_history);
	outfile_abandon(to->lineage);
}

static bool histories_open(struct results *to, const struct merge *m, const struct map *superseded,
			   struct fault *f)
{
	return history_open(&to->customer_history, m, &to->customer_table, superseded, f) &&
	       history_open(&to->pending_history, m, &to->pending_table, superseded, f) &&
	       history_open(&to->vehicle_history, m, &to->vehicle_table, superseded, f);
}

/* ---- what is joined and sorted at the end ---- */

static int by_reject(const struct str *a, const struct str *b)
{
	int c = record_id_cmp(a[REJ_RECORD_ID], b[REJ_RECORD_ID]);

	c = c ? c : str_cmp(a[REJ_FIELD], b[REJ_FIELD]);
	return c ? c : str_cmp(a[REJ_CODE], b[REJ_CODE]);
}

static int by_review(const struct str *a, const struct str *b)
{
	int c = str_cmp(a[REV_KIND], b[REV_KIND]);

	c = c ? c : str_cmp(a[REV_CUSTOMER_ID], b[REV_CUSTOMER_ID]);
	c = c ? c : str_cmp(a[REV_ATTRIBUTE], b[REV_ATTRIBUTE]);
	c = c ? c : record_id_cmp(a[REV_RECORD_ID], b[REV_RECORD_ID]);
	return c ? c : str_cmp(a[REV_REVIEW_ID], b[REV_REVIEW_ID]);
}

/* A table of resolve's becomes the master's. */
static void copy_rows(const struct rowset *from, struct rowset *to)
{
	struct str v[TABLE_MAX_COLUMNS];

	for (size_t i = 0; i < from->n; i++) {
		rowset_get(from, i, v);
		rowset_add(to, v);
	}
}

static bool put_superseded(struct run *r, const struct merge *m, struct fault *f)
{
	struct rowset rs;

	rowset_init(&rs, &table_superseded);
	copy_rows(m->superseded, &rs);
	return run_put(r, &rs, f);
}

static bool writes_where_it_reads(struct run *r)
{
	struct arena a = { 0 };
	bool is = str_eq(destination_place(&a, run_in_path(r, ".")), destination_place(&a, run_out_path(r, ".")));

	arena_release(&a);
	return is;
}

static bool put_history(struct run *r, struct results *to, struct fault *f)
{
	struct history *all[] = { &to->customer_history, &to->pending_history,
				  &to->vehicle_history };
	const struct rowset *night;
	struct rowset rs;
	bool remembered, ok = run_is_remembered(r, &remembered, f);

	rowset_init(&rs, &table_history);
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++) {
		if (!ok || !history_finish(all[i], f)) {
			rowset_release(&rs);
			return false;
		}
		if (!remembered)
			rowset_append(&rs, &all[i]->lines);
	}
	/* That somebody was forgotten is no change of the night, nor is what a stage by hand makes anew:
	 * what the run told stays, and the file itself where it lies there already. */
	if (remembered && !r->chained && writes_where_it_reads(r)) {
		rowset_release(&rs);
		return true;
	}
	night = remembered ? run_table(r, &table_history, true, f) : NULL;
	if (night)
		rowset_append(&rs, night);
	return !fault_is(f) && run_put(r, &rs, f);
}

static int by_key(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

/* Who was withdrawn since his name was drawn is no customer: the line is nobody's until he comes back. */
static void add_campaigns(const struct merge *m, const struct rowset *drawn, struct rowset *contact)
{
	const struct groups *customers = &m->customers;
	struct rowset campaigns;
	struct str v[CAM_COLUMNS];

	rowset_init(&campaigns, &table_campaigns);
	for (size_t i = 0; i < drawn->n; i++) {
		rowset_get(drawn, i, v);
		if (!customers->n ||
		    !bsearch(&v[CAM_CUSTOMER_ID], customers->keys, customers->n, sizeof(*customers->keys), by_key))
			v[CAM_CUSTOMER_ID] = STR("");
		rowset_add(&campaigns, v);
	}
	campaigns_contacts(&campaigns, contact);
	rowset_release(&campaigns);
}

static bool put_contacts(struct run *r, struct merge *m, struct fault *f)
{
	struct rowset rs, drawn;
	bool ok = campaigns_load(&drawn, r->opt.state, m->superseded, f);

	rowset_init(&rs, &table_contact);
	contacts_merge(m, &rs);
	add_campaigns(m, &drawn, &rs);
	rowset_release(&drawn);
	ok = run_put(r, &rs, f) && ok;
	return ok;
}

static bool put_review(struct run *r, const struct merge *m, struct results *to, struct fault *f)
{
	const struct rowset *resolved = run_table(r, &table_review_resolve, true, f);
	struct str v[REV_COLUMNS];

	if (!resolved)
		return false;
	for (size_t i = 0; i < resolved->n; i++) {
		rowset_get(resolved, i, v);
		if (!decisions_answer(m, v))
			rowset_add(&to->review, v);
	}
	rowset_sort(&to->review, by_review);
	return run_put(r, &to->review, f);
}

static bool put_lineage(struct results *to, struct fault *f)
{
	struct outfile *lineage = to->lineage;

	to->lineage = NULL;
	return !lineage || outfile_commit(lineage, f);
}

/* The state remembers the golden records, so that the next run tells what changed, and what
 * `yice review` shows. */
static bool keep_golden(struct run *r, struct fault *f)
{
	return run_keep_put(r, &table_customer, f) && run_keep_put(r, &table_pending, f) &&
	       run_keep_put(r, &table_vehicle, f) && run_keep_put(r, &table_review, f);
}

static bool put_all(struct run *r, struct merge *m, struct results *to, struct fault *f)
{
	rowset_sort(&to->rejects, by_reject);
	return put_lineage(to, f) && put_history(r, to, f) && run_put(r, &to->customer, f) &&
	       run_put(r, &to->pending, f) && run_put(r, &to->vehicle, f) &&
	       run_put(r, &to->ownership, f) && put_contacts(r, m, f) &&
	       run_put(r, &to->relation, f) && put_review(r, m, to, f) &&
	       run_values_as_they_came(r, &to->rejects, f) && run_put(r, &to->rejects, f) &&
	       put_superseded(r, m, f) && keep_golden(r, f) && run_keep(r, &to->unanswerable, f);
}

/* ---- the stage ---- */

static bool merge_run(struct run *r, struct fault *f)
{
	struct merge m = { 0 };
	struct results to;
	struct map superseded = { 0 };
	size_t customers, pending, vehicles;
	bool ok;

	results_init(&to);
	ok = inputs_load(&m, r, f);
	for (size_t i = 0; ok && i < m.superseded->n; i++)
		map_put(&superseded, rowset_value(m.superseded, i, SUP_OLD_ID), i, NULL);
	ok = ok && histories_open(&to, &m, &superseded, f) && lineage_open(&to, r, f);
	if (ok) {
		people_merge(&m, &to);
		vehicles_merge(&m, &to);
		decisions_review(&m, &to);
		ok = corrections_review(&m, &to, f);
	}
	customers = to.customer.n;
	pending = to.pending.n;
	vehicles = to.vehicle.n;
	ok = ok && put_all(r, &m, &to, f);
	if (ok)
		run_say(r, "merge: %zu customers, %zu pending, %zu vehicles", customers, pending,
			vehicles);
	results_release(&to);
	map_release(&superseded);
	inputs_release(&m);
	return ok && run_let_go(r, &table_clusters, f); /* from here on people have lines */
}

static const struct stage_need needs[] = { NEED_CLUSTERS, NEED_CLEANED, { 0 } };

const struct stage stage_merge = {
	.name = "merge",
	.summary = "the golden record of each customer and vehicle, each value with its source",
	.usage = "--in DIR --out DIR [--state DIR] [options]",
	.help = "Reads the cleaned tables and resolve/clusters.csv, and writes master/: customer, pending,\n"
		"vehicle, ownership, contact, relation, lineage, history, superseded, review and\n"
		"rejects. Which source wins stands in rules/source_priority.csv, what a change needs in\n"
		"rules/change.csv. Nothing is rejected; values that contradict go back to their senders.\n"
		"history.csv compares with what the state remembers; where that is of the run in IN itself,\n"
		"the changes that this run told stay as they are.",
	.options = options,
	.needs = needs,
	.use = OUT_WRITES,
	.run = merge_run,
};
