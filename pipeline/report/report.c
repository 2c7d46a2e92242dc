/*
 * report: what the run saw.
 *
 * In: the records of everything received with all that was told of them, the ledger of this
 * run, the master, and what became of the faults that were returned. Out: OUT/report/
 * quality.csv (each metric in each scope), alerts.csv (by rules/alerts.csv), metrics.prom
 * and quality.html.
 *
 * Nothing is rejected or changed here. The page shows counts, and people's names masked.
 */
#include "stage.h"

#include "outfile.h"
#include "page.h"
#include "parts.h"
#include "past.h"
#include "pool.h"
#include "prometheus.h"

static const struct stage_option options[] = {
	OPTION_IN, OPTION_OUT, OPTION_STATE, OPTION_RULES, OPTION_SCHEMAS,
	OPTION_DATE, OPTION_JOBS, OPTION_LANG, OPTION_QUIET, { NULL, NULL, NULL, false },
};

static bool run(struct run *r, struct fault *f);

static const struct stage_need needs[] = { NEED_CLUSTERS, NEED_MASTER, NEED_CLEANED, { 0 } };

const struct stage stage_report = {
	.name = "report",
	.summary = "what the run saw: quality, trends, alerts",
	.usage = "--in DIR --out DIR [--state DIR]",
	.help = "Measures what was received and what became of it and writes, below OUT/report/,\n"
		"quality.csv, alerts.csv (as rules/alerts.csv asks), metrics.prom for Prometheus and\n"
		"quality.html, one page that opens without a network. Rejects nothing.",
	.options = options,
	.needs = needs,
	.use = OUT_WRITES,
	.run = run,
};

struct two_parts {
	struct inputs *in;
	struct tally *tally, repairs;
	struct fault *f;
	bool ok;
};

/* The customers and the faults that were returned: neither waits for the other. */
static void count_part(void *context, size_t part, unsigned worker)
{
	struct two_parts *parts = context;

	(void)worker;
	if (part == 0)
		count_customers(parts->in, parts->tally);
	else
		parts->ok = count_repairs(parts->in, &parts->repairs, parts->f);
}

/* What was counted of everything received stands as the last run told it. */
static bool take_carried(const struct inputs *in, struct tally *t)
{
	struct quality_line line;

	for (size_t i = 0; i < in->carried->n; i++)
		if (quality_line(in->carried, i, &line) && !is_of_flow(line.metric))
			tally_add(t, line.metric, line.kind, line.scope, line.count.numerator, line.count.denominator);
	return true;
}

static bool measure(struct inputs *in, struct tally *t, struct fault *f)
{
	struct two_parts parts = { .in = in, .tally = t, .f = f };

	if (!count_flow(in, t, f))
		return false;
	if (in->carried)
		return take_carried(in, t);
	observe_records(in, t);
	pool_each(in->r->opt.jobs, 2, count_part, &parts);
	tally_merge(t, &parts.repairs);
	tally_release(&parts.repairs);
	return parts.ok;
}

static const struct rowset *put_quality(struct run *r, const struct tally *t, struct fault *f)
{
	struct rowset quality;

	rowset_init(&quality, &table_quality);
	tally_table(t, &quality);
	return run_put(r, &quality, f) ? run_table(r, &table_quality, false, f) : NULL;
}

static const struct rowset *put_alerts(const struct page *page, struct fault *f)
{
	const struct inputs *in = page->in;
	struct rowset alerts;
	bool asks;

	rowset_init(&alerts, &table_alerts);
	alerts_find(page->rules, page->quality, page->past, &in->terms.exit_on, in->r->opt.lang, &alerts,
		    &asks);
	in->r->needs_person |= asks;
	return run_put(in->r, &alerts, f) ? run_table(in->r, &table_alerts, false, f) : NULL;
}

static bool put_files(struct page *page, struct fault *f)
{
	struct run *r = page->in->r;
	struct buf b = { 0 };
	bool ok;

	prometheus_write(page->quality, page->alerts, &b);
	ok = outfile_put(run_out_path(r, "report/metrics.prom"), buf_view(&b), f);
	buf_reset(&b);
	if (ok && (ok = page_open(page, f)))
		page_write(page, &b);
	ok = ok && outfile_put(run_out_path(r, "report/quality.html"), buf_view(&b), f);
	buf_release(&b);
	page_close(page);
	return ok;
}

static bool keep(const struct page *page, struct fault *f)
{
	struct past_asked asked = alert_rules_ask(page->rules);

	return past_keep(page->past, page->quality, &asked, page->in->r, f);
}

static bool tell(const struct inputs *in, const struct tally *t, struct fault *f)
{
	struct past_runs past = { 0 };
	struct alert_rules rules = { 0 };
	struct page page = { .in = in, .tally = t, .past = &past, .rules = &rules };
	bool ok = past_load(&past, in->r, f) && alert_rules_load(&rules, run_rules_dir(in->r, f), f) &&
		  (page.quality = put_quality(in->r, t, f)) && (page.alerts = put_alerts(&page, f)) &&
		  put_files(&page, f) && keep(&page, f);

	alert_rules_release(&rules);
	past_release(&past);
	return ok;
}

static bool run(struct run *r, struct fault *f)
{
	struct inputs in;
	struct tally t = { 0 };
	bool ok = inputs_open(&in, r, f) && measure(&in, &t, f) && tell(&in, &t, f);

	tally_release(&t);
	inputs_close(&in);
	/* From here on the faults of all are asked for (run_all_rejects). */
	return ok && run_let_go(r, &table_rejects_extract, f) && run_let_go(r, &table_rejects_clean, f);
}
