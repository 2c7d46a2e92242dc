/*
 * clean: every value repaired, accepted, blanked or rejected, with every reason.
 *
 * In come the records of extract/, the files they are from and the rows of correction files.
 * Out go clean/customer, vehicle and contact, clean/rejects with a line for each fault,
 * clean/corrections with what became of each answer of a dealer, and the ledger with the
 * rows moved to where they belong. A row is rejected only where no table can use it; a value
 * that is wrong is left out and told. Nothing is looked up in another record: what only the
 * whole can show is the business of resolve and merge.
 */
#include "batch.h"
#include "correction.h"
#include "filter.h"
#include "stage.h"

#include "destination.h"

static const struct stage_option options[] = {
	{"--in", "DIR", "run directory to read (such as OUT of yice run)", false},
	{"--out", "DIR", "run directory to write below", false},
	OPTION_RULES,
	OPTION_SCHEMAS,
	{"--table", "NAME", "customer, vehicle or contact: clean one table from input to output",
	 false},
	{"--rejects", "FILE", "with --table: where the faults are written", false},
	{"--explain", "VALUE", "show step by step what happens to one value", false},
	{"--field", "NAME", "with --explain: the field of the value", false},
	OPTION_JOBS,
	OPTION_MEMORY,
	OPTION_LANG,
	OPTION_QUIET,
	{0},
};

struct cleaning {
	struct run *run;
	struct cleaner *cleaner;
	struct contexts contexts;
	struct records cleaned;
	struct rowset rejects;
	struct corrections corrections;
	uint64_t total;
};

static void tell_progress(void *context, uint64_t done)
{
	const struct cleaning *c = context;

	run_progress(c->run, "clean", done, c->total);
}

static int by_record(const struct str *a, const struct str *b)
{
	return record_id_cmp(a[REJ_RECORD_ID], b[REJ_RECORD_ID]);
}

static bool clean_records(struct cleaning *c, struct fault *f)
{
	const struct records *extracted = run_new_records(c->run, "extract", f);

	if (!extracted)
		return false;
	c->total = extracted->n;
	clean_batch(c->cleaner, &c->contexts, extracted, c->run->opt.jobs, &c->cleaned, &c->rejects,
		    tell_progress, c);
	return true;
}

static bool clean_corrections(struct cleaning *c, struct fault *f)
{
	c->corrections = (struct corrections){
		.run = c->run,
		.cleaner = c->cleaner,
		.codes = run_codes(c->run, f),
		.rows = run_table(c->run, &table_correction_rows, true, f),
		.earlier_rows = run_earlier_correction_rows(c->run, f),
		.earlier = run_all_corrections(c->run, f),
		.contexts = &c->contexts,
		.cleaned = &c->cleaned,
		.rejects = &c->rejects,
	};
	records_sort(&c->cleaned); /* corrections look their base records up */
	if (fault_is(f) || !corrections_clean(&c->corrections, f))
		return false;
	if (c->corrections.out.n)
		rowset_sort(&c->rejects, by_record);
	return true;
}

/* ---- the ledger ---- */

static void count_bad_rows(struct cleaning *c, const struct rowset *bad)
{
	for (size_t i = 0; i < bad->n; i++) {
		size_t file = contexts_find(&c->contexts, rowset_value(bad, i, REJ_RECORD_ID));

		c->contexts.list[file].fates[FATE_REJECTED]++;
	}
}

/* Each row that is new has one fate. Counted from the rows, not moved from what stood there,
 * so that a stage run twice by hand leaves the same ledger. */
static void count_line(const struct file_context *file, struct str *v, struct arena *a)
{
	uint64_t rows = 0, duplicate = 0;
	uint64_t flagged = file->fates[FATE_FLAGGED], rejected = file->fates[FATE_REJECTED];

	if (!str_u64(v[LED_ROWS], &rows) || !str_u64(v[LED_DUPLICATE], &duplicate) ||
	    duplicate + flagged + rejected > rows)
		BUG("ledger of %.*s: %llu rows, %llu flagged, %llu rejected", STR_FMT(v[LED_FILE]),
		    (unsigned long long)rows, (unsigned long long)flagged,
		    (unsigned long long)rejected);
	v[LED_ACCEPTED] =
		str_printf(a, "%llu", (unsigned long long)(rows - duplicate - flagged - rejected));
	v[LED_FLAGGED] = str_printf(a, "%llu", (unsigned long long)flagged);
	v[LED_REJECTED] = str_printf(a, "%llu", (unsigned long long)rejected);
}

static bool book(struct cleaning *c, struct fault *f)
{
	const struct rowset *before = run_table(c->run, &table_ledger, false, f);
	const struct rowset *bad =
		before ? run_table(c->run, &table_rejects_extract, true, f) : NULL;
	struct rowset ledger;
	struct arena a = {0};

	if (!bad)
		return false;
	count_bad_rows(c, bad);
	rowset_init(&ledger, &table_ledger);
	for (size_t i = 0; i < before->n; i++) {
		const struct file_context *file;
		struct str v[LED_COLUMNS];

		rowset_get(before, i, v);
		file = contexts_of_file(&c->contexts, v[LED_FILE]);
		if (file && str_eq(v[LED_STATUS], STR("ok")))
			count_line(file, v, &a);
		rowset_add(&ledger, v);
		arena_reset(&a);
	}
	arena_release(&a);
	return run_put(c->run, &ledger, f);
}

/* ---- the stage ---- */

static bool clean_run(struct cleaning *c, struct fault *f)
{
	return clean_records(c, f) && clean_corrections(c, f) && book(c, f) &&
	       run_put(c->run, &c->rejects, f) && run_put(c->run, &c->corrections.out, f) &&
	       /* last: what was put together of the whole before is forgotten with it */
	       run_put_records(c->run, "clean", &c->cleaned, f);
}

static void release(struct cleaning *c)
{
	if (c->cleaned.store)
		records_release(&c->cleaned);
	if (c->rejects.store)
		rowset_release(&c->rejects);
	if (c->corrections.out.store)
		rowset_release(&c->corrections.out);
	contexts_release(&c->contexts);
}

static bool clean_new(struct run *r, struct cleaner *cleaner, struct fault *f)
{
	const struct rowset *files = run_table(r, &table_files, false, f);
	struct cleaning c = {.run = r, .cleaner = cleaner};
	bool ok;

	if (!files)
		return false;
	contexts_load(&c.contexts, files, r->opt.lang);
	records_init(&c.cleaned);
	records_share(&c.cleaned);
	rowset_init(&c.rejects, &table_rejects_clean);
	ok = clean_run(&c, f);
	release(&c);
	return ok;
}

static bool check_options(const struct run_options *opt, struct fault *f)
{
	if (opt->explain)
		return opt->field || fault_set(f, EXIT_USAGE, "--explain needs --field NAME");
	if (opt->table)
		return opt->rejects ? destination_check("--rejects", opt->rejects, f) :
				      fault_set(f, EXIT_USAGE, "--table needs --rejects FILE");
	if (opt->in && opt->out)
		return true;
	fault_set(f, EXIT_USAGE,
		  "yice clean needs --in DIR and --out DIR, or --table, or --explain");
	fault_hint(f, "`yice clean --help` explains the stage");
	return false;
}

static bool run(struct run *r, struct fault *f)
{
	const struct codes *codes;
	struct cleaner *cleaner;
	bool ok;

	if (!r->chained && !check_options(&r->opt, f))
		return false;
	codes = run_codes(r, f);
	if (!codes || !cleaner_load(&cleaner, run_rules_dir(r, f), codes, f))
		return false;
	if (!r->chained && r->opt.explain)
		ok = explain_value(r, cleaner, f);
	else if (!r->chained && r->opt.table)
		ok = filter_table(r, cleaner, f);
	else
		ok = clean_new(r, cleaner, f);
	cleaner_free(cleaner);
	return ok;
}

static const struct stage_need needs[] = { { "extract/files", "extract", false }, { "ledger", "extract", false }, NEED_EXTRACTED, { 0 } };

const struct stage stage_clean = {
	.name = "clean",
	.summary = "repair, accept, blank or reject each value, with every reason",
	.usage = "--rules DIR --in DIR --out DIR\n"
		 "       yice clean --table NAME [--in DIR] --rules DIR --rejects FILE <in.csv >out.csv\n"
		 "       yice clean --explain VALUE --field NAME",
	.help = "Reads extract/ below --in and writes clean/ below --out: customer, vehicle, "
		"contact,\n"
		"rejects and corrections, and books the rows in ledger.csv. What is checked, and "
		"in which\n"
		"order, stands in rules/cleansing.csv. Rows that say neither who nor which car are "
		"rejected.\n"
		"\n"
		"With --table one table of extract/ comes in as CSV and goes out cleaned, in the "
		"columns of\n"
		"that table; other columns are dropped. With --in what is known of the files (their "
		"headers,\n"
		"columns that went through a spreadsheet) is taken from extract/files.csv below it; "
		"without,\n"
		"the schema that a record_id names is all that is known.",
	.options = options,
	.needs = needs,
	.use = OUT_WRITES,
	.run = run,
};
