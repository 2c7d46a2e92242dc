/*
 * resolve: which records are one customer?
 *
 * In come the cleaned records of everything received, what clean said of them, corrections
 * and people's decisions. Out go clusters (each record's customer, with the reason), rejects
 * that only the whole can show (SHARED_ID, MOBILE_SHARED), a review for people, and where
 * former keys went. It changes no value, and it never lets a weak word join two ID numbers.
 */
#include "stage.h"

#include "forgotten.h"
#include "resolution.h"
#include "superseded.h"

static const struct stage_option options[] = {
	OPTION_IN,   OPTION_OUT,  OPTION_STATE, OPTION_RULES, OPTION_SCHEMAS, OPTION_DATE,
	OPTION_JOBS, OPTION_MEMORY, OPTION_LANG, OPTION_QUIET, { NULL, NULL, NULL, false },
};

struct sources { /* what the stage reads; freed at its end */
	const struct records *records;
	const struct rowset *rejects, *files, *corrections, *decisions, *former, *told_before;
	const struct mended_rows *mended;
	const struct schemas *schemas;
	const struct codes *codes;
	struct matching matching;
	struct customer_key key;
	struct reference *reference;
};

static bool load_rules(struct run *r, struct sources *s, struct fault *f)
{
	const char *dir = run_rules_dir(r, f);
	const struct rowset *forgotten = run_previous(r, &table_forgotten, f);

	return dir && forgotten && (s->codes = run_codes(r, f)) && (s->schemas = run_schemas(r, f)) &&
	       matching_load(&s->matching, dir, f) && customer_key_load(&s->key, dir, f) &&
	       forgotten_key_holds(forgotten, &s->key, f) && reference_load(&s->reference, dir, f) &&
	       told_codes_known(&s->matching, s->codes, f);
}

static bool load_tables(struct run *r, struct sources *s, struct fault *f)
{
	return (s->records = run_records(r, f)) && (s->rejects = run_all_rejects(r, f)) &&
	       (s->files = run_all_files(r, f)) && (s->corrections = run_all_corrections(r, f)) && (s->mended = run_mended(r, f)) &&
	       (s->decisions = run_all_decisions(r, f)) &&
	       (s->former = run_previous(r, &table_pending_keys, f)) &&
	       (s->told_before = run_previous(r, &table_superseded_resolve, f));
}

static void release(struct sources *s)
{
	matching_release(&s->matching);
	customer_key_release(&s->key);
	if (s->reference)
		reference_free(s->reference);
}

static struct inputs inputs_of(const struct run *r, const struct sources *s)
{
	return (struct inputs){
		.records = s->records,
		.rejects = s->rejects,
		.files = s->files,
		.corrections = s->corrections,
		.decisions = s->decisions,
		.mended = s->mended,
		.schemas = s->schemas,
		.matching = &s->matching,
		.key = &s->key,
		.reference = s->reference,
		.jobs = r->opt.jobs,
		.memory = r->opt.memory,
	};
}

static bool put_clusters(struct run *r, const struct told *t, const struct resolution *x,
			 struct fault *f)
{
	struct rowset clusters;

	rowset_init(&clusters, &table_clusters);
	resolution_clusters(x, t, &clusters);
	return run_put(r, &clusters, f);
}

static bool put_told(struct run *r, const struct told *t, struct fault *f)
{
	struct rowset rejects, review;

	rowset_init(&rejects, &table_rejects_resolve);
	told_rejects(t, &rejects);
	if (!run_values_as_they_came(r, &rejects, f) || !run_put(r, &rejects, f))
		return false;
	rowset_init(&review, &table_review_resolve);
	told_review(t, &review);
	return run_put(r, &review, f);
}

static bool put_superseded(struct run *r, const struct told *t, const struct sources *s,
			   struct fault *f)
{
	struct rowset superseded, former;
	bool ok;

	rowset_init(&superseded, &table_superseded_resolve);
	superseded_find(t, s->former, s->told_before, run_date(r), &superseded);
	rowset_init(&former, &table_pending_keys);
	superseded_remember(t, s->former, &superseded, &former);
	ok = run_keep(r, &former, f);
	rowset_release(&former);
	return ok && run_keep(r, &superseded, f) && run_put(r, &superseded, f);
}

/* By hand, clean/ may hold records of rows that only repeat what the state has: they are in no
 * cluster, and whoever counts them learns here that nothing is lost. */
static bool put_repeated(struct run *r, struct fault *f)
{
	const struct records *own = run_new_records(r, "clean", f);
	struct arena a = { 0 };
	struct rowset repeated;

	if (!own || r->chained || !r->opt.state)
		return own != NULL;
	rowset_init(&repeated, &table_repeated);
	for (size_t i = 0; i < own->n; i++, arena_reset(&a)) {
		struct str id = records_value(own, i, F_RECORD_ID, &a);

		if (run_record_state(r, id) == RUN_REPEATED)
			rowset_add(&repeated, &id);
	}
	arena_release(&a);
	return run_put(r, &repeated, f);
}

static bool put_all(struct run *r, const struct sources *s, struct resolution *x, struct fault *f)
{
	struct told t = resolution_told(x, s->codes, r->opt.lang);

	run_say(r, "resolve: %u customers with an ID number, %zu pending",
		(unsigned)x->people.n_identities, x->customers.n_pending);
	if (x->decided.n_told)
		r->needs_person = true;
	return put_clusters(r, &t, x, f) && put_told(r, &t, f) && put_superseded(r, &t, s, f) &&
	       put_repeated(r, f);
}

static bool run_resolve(struct run *r, struct fault *f)
{
	struct sources s = { 0 };
	struct resolution x = { 0 };
	bool ok = load_rules(r, &s, f) && load_tables(r, &s, f);

	if (ok) {
		struct inputs in = inputs_of(r, &s);

		resolution_open(&x, &in);
		ok = put_all(r, &s, &x, f);
		resolution_close(&x);
	}
	release(&s);
	return ok;
}

static const struct stage_need needs[] = { NEED_CLEANED, { 0 } };

const struct stage stage_resolve = {
	.name = "resolve",
	.summary = "which records are one customer",
	.usage = "--in DIR --out DIR [--rules DIR] [--state DIR]",
	.help = "Reads the cleaned tables below IN/clean (and, with --state, what earlier runs received)\n"
		"and writes OUT/resolve: clusters.csv (each record's customer, with method and score),\n"
		"rejects.csv (ID numbers and mobiles that many share), review.csv (what a person should\n"
		"decide) and superseded.csv (where former keys went). A valid ID number is the identity;\n"
		"rules/matching.csv says what else links.",
	.options = options,
	.needs = needs,
	.use = OUT_WRITES,
	.run = run_resolve,
};
