/*
 * resolve: which records are one customer?
 *
 * In come the cleaned records of everything received, what clean said of them, corrections
 * and people's decisions. Out go clusters (each record's customer, with the reason), rejects
 * that only the whole can show (SHARED_ID, MOBILE_SHARED), a review for people, and where
 * former keys went. It changes no value, and it never lets a weak word join two ID numbers.
 */
#include "stage.h"

#include "superseded.h"

#include <stdlib.h>

static const struct stage_option options[] = {
	OPTION_IN,   OPTION_OUT,  OPTION_STATE, OPTION_RULES, OPTION_SCHEMAS, OPTION_DATE,
	OPTION_JOBS, OPTION_LANG, OPTION_QUIET, { NULL, NULL, NULL, false },
};

struct inputs { /* tables of the run, and the rules; freed at the end of the stage */
	const struct records *records;
	const struct rowset *rejects, *files, *corrections, *decisions, *former, *told_before;
	const struct schemas *schemas;
	const struct codes *codes;
	struct matching matching;
	struct customer_key key;
	struct reference *reference;
};

struct resolution { /* in the order in which it comes to be */
	struct reading reading;
	struct decided decided;
	struct people people;
	struct customers customers;
	struct crowd crowd;
	struct renewals renewals;
	struct likeness likeness;
	struct web web;
	struct links links;
};

static bool load_rules(struct run *r, struct inputs *in, struct fault *f)
{
	const char *dir = run_rules_dir(r, f);

	return dir && (in->codes = run_codes(r, f)) && (in->schemas = run_schemas(r, f)) &&
	       matching_load(&in->matching, dir, f) && customer_key_load(&in->key, dir, f) &&
	       reference_load(&in->reference, dir, f) &&
	       told_codes_known(&in->matching, in->codes, f);
}

static bool load_tables(struct run *r, struct inputs *in, struct fault *f)
{
	return (in->records = run_records(r, f)) && (in->rejects = run_all_rejects(r, f)) &&
	       (in->files = run_all_files(r, f)) && (in->corrections = run_all_corrections(r, f)) &&
	       (in->decisions = run_table(r, &table_decisions, true, f)) &&
	       (in->former = run_previous(r, &table_pending_keys, f)) &&
	       (in->told_before = run_previous(r, &table_superseded_resolve, f));
}

static void release_inputs(struct inputs *in)
{
	matching_release(&in->matching);
	customer_key_release(&in->key);
	if (in->reference)
		reference_free(in->reference);
}

/* Identities first, then what speaks for the records without one. */
static void resolve_all(struct run *r, const struct inputs *in, struct resolution *x)
{
	unsigned jobs = r->opt.jobs ? r->opt.jobs : 1;

	reading_open(&x->reading, in->records, &in->matching, in->schemas, in->files, in->rejects,
		     in->corrections, in->reference);
	decided_open(&x->decided, in->decisions, &x->reading, &in->key);
	people_open(&x->people, &x->reading, x->decided.split, jobs);
	customers_open(&x->customers, &x->people, &in->key);
	decided_bind(&x->decided, &x->customers);
	crowd_open(&x->crowd, &x->people);
	renewals_open(&x->renewals, &x->people, &x->crowd, x->decided.apart, x->decided.n_apart);
	decided_merge_identities(&x->decided, &x->people);
	likeness_open(&x->likeness, &x->people, &x->crowd);
	web_open(&x->web, &x->people, &x->crowd, &x->likeness);
	likeness_close(&x->likeness);
	links_open(&x->links, &x->web, x->decided.bars, x->decided.n_bars, x->decided.apart_loose);
	links_attach(&x->links);
	links_join_pending(&x->links);
	customers_add_pending(&x->customers, &x->links);
	decided_merge_pending(&x->decided, &x->customers);
}

static void release_all(struct resolution *x)
{
	links_close(&x->links);
	web_close(&x->web);
	renewals_close(&x->renewals);
	crowd_close(&x->crowd);
	customers_close(&x->customers);
	people_close(&x->people);
	decided_close(&x->decided);
	reading_close(&x->reading);
}

/* ---- clusters ---- */

/* What merge may do with a valid ID number that the record itself carries. */
static struct str id_use(const struct resolution *x, uint32_t record, uint32_t base,
			 uint32_t target, struct arena *a)
{
	uint32_t who = x->people.who[base];
	struct record rec;
	struct str own;

	if (x->reading.role[record] != ROLE_CORRECTION && !reading_is_mended(&x->reading, record)) {
		if (!(x->people.flags[record] & RECORD_HAS_ID))
			return STR("");
		return who & LOOSE ? STR("barred") : who == target ? STR("key") : STR("former");
	}
	records_get(x->reading.records, record, &rec, a);
	own = reading_identity(&rec, a);
	if (!own.n || !(rec.feeds & FEEDS(ENTITY_CUSTOMER)))
		return STR("");
	if ((who & LOOSE) || !str_eq(own, people_document(&x->people, who, a)))
		return STR("barred");
	return who == target ? STR("key") : STR("former");
}

static void add_cluster(const struct told *t, const struct resolution *x, uint32_t record,
			struct rowset *clusters, struct arena *a)
{
	bool correction = x->reading.role[record] == ROLE_CORRECTION;
	uint32_t base = correction ? reading_base(&x->reading, record) : record;
	uint32_t target = told_target(t, base), who = x->people.who[base];
	struct str method = STR("id_number"), score = STR("1.0000");
	char id[CUSTOMER_ID_LENGTH];

	if (target == NOBODY || !customers_id(&x->customers, target, id))
		return;
	if (correction) {
		method = STR("correction");
	} else if (who & LOOSE) {
		const struct link *link = &x->links.of[who & ~LOOSE];

		method = link_method(link, x->reading.matching, a);
		if (method.n)
			score = str_printf(a, "%.4f", (double)link->score);
		else
			method = STR("alone");
	}
	rowset_add(clusters, (struct str[]){
				     [CLU_RECORD_ID] = records_value(x->reading.records, record,
								     F_RECORD_ID, a),
				     [CLU_CUSTOMER_ID] = { id, sizeof(id) },
				     [CLU_METHOD] = method,
				     [CLU_SCORE] = score,
				     [CLU_KIND] = target & LOOSE ? STR("pending") : STR("id"),
				     [CLU_ID_USE] = id_use(x, record, base, target, a),
			     });
}

static bool put_clusters(struct run *r, const struct told *t, const struct resolution *x,
			 struct fault *f)
{
	struct rowset clusters;
	struct arena a = { 0 };

	rowset_init(&clusters, &table_clusters);
	for (uint32_t i = 0; i < x->people.n; i++) {
		add_cluster(t, x, i, &clusters, &a);
		arena_reset(&a);
	}
	arena_release(&a);
	return run_put(r, &clusters, f);
}

static bool put_told(struct run *r, const struct told *t, struct fault *f)
{
	struct rowset rejects, review;

	rowset_init(&rejects, &table_rejects_resolve);
	told_rejects(t, &rejects);
	if (!run_put(r, &rejects, f))
		return false;
	rowset_init(&review, &table_review_resolve);
	told_review(t, &review);
	return run_put(r, &review, f);
}

static bool put_superseded(struct run *r, const struct told *t, const struct inputs *in,
			   struct fault *f)
{
	struct rowset superseded, former;
	bool ok;

	rowset_init(&former, &table_pending_keys);
	superseded_remember(t, &former);
	ok = run_keep(r, &former, f);
	rowset_release(&former);
	rowset_init(&superseded, &table_superseded_resolve);
	superseded_find(t, in->former, in->told_before, run_date(r), &superseded);
	return ok && run_keep(r, &superseded, f) && run_put(r, &superseded, f);
}

static bool put_all(struct run *r, const struct inputs *in, struct resolution *x, struct fault *f)
{
	struct told t = {
		.reading = &x->reading,
		.people = &x->people,
		.crowd = &x->crowd,
		.renewals = &x->renewals,
		.links = &x->links,
		.customers = &x->customers,
		.decided = &x->decided,
		.codes = in->codes,
		.lang = r->opt.lang,
	};

	if (x->decided.n_told)
		r->needs_person = true;
	return put_clusters(r, &t, x, f) && put_told(r, &t, f) && put_superseded(r, &t, in, f);
}

static bool run_resolve(struct run *r, struct fault *f)
{
	struct inputs in = { 0 };
	struct resolution x = { 0 };
	bool ok = load_rules(r, &in, f) && load_tables(r, &in, f);

	if (ok) {
		resolve_all(r, &in, &x);
		run_say(r, "resolve: %u customers with an ID number, %zu pending",
			(unsigned)x.people.n_identities, x.customers.n_pending);
		ok = put_all(r, &in, &x, f);
		release_all(&x);
	}
	release_inputs(&in);
	return ok;
}

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
	.run = run_resolve,
};
