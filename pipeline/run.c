/*
 * yice run: the whole chain.
 *
 * Everything is written into OUT/.part first. Then, in this order: the ledger must balance;
 * the stores are filled, which nobody sees yet; the state's new folders and its manifest are
 * written. From here on only renames and commits are left: the results move to their places
 * in OUT, the stores show the new night, and the state switches, atomically. A run that fails
 * takes back what it placed; one that dies leaves the state as it was, and the same command
 * again gives the same bytes.
 */
#include "stage.h"

#include "book.h"
#include "fingerprint.h"
#include "outfile.h"
#include "placing.h"
#include "rules.h"
#include "segment.h"
#include "sums.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static const struct stage *const chain[] = { &stage_extract, &stage_clean,  &stage_resolve,
					     &stage_merge,   &stage_report, &stage_return };

enum { CHAIN_STAGES = sizeof(chain) / sizeof(chain[0]), FIRST_OF_REST = 2 /* resolve */ };

struct timing {
	double seconds[CHAIN_STAGES + 1]; /* the last is publish */
	double sync;
};

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* ---- the ledger must balance ---- */

struct totals {
	uint64_t files, quarantined, rows, accepted, flagged, rejected, duplicate;
};

static bool add_up(struct run *r, struct totals *t, struct fault *f)
{
	const struct rowset *ledger = run_table(r, &table_ledger, false, f);
	struct str v[LED_COLUMNS];

	*t = (struct totals){ 0 };
	for (size_t i = 0; ledger && i < ledger->n; i++) {
		uint64_t n[5] = { 0 };

		rowset_get(ledger, i, v);
		for (int c = 0; c < 5; c++) {
			if (!str_u64(v[LED_ROWS + c], &n[c]))
				BUG("ledger of %.*s: '%.*s' is no number", STR_FMT(v[LED_FILE]),
				    STR_FMT(v[LED_ROWS + c]));
		}
		if (n[0] != n[1] + n[2] + n[3] + n[4])
			fault_add(f, EXIT_FAILED,
				  "the ledger of %.*s does not balance: %llu rows, %llu accepted, %llu flagged, "
				  "%llu rejected, %llu duplicate",
				  STR_FMT(v[LED_FILE]), (unsigned long long)n[0], (unsigned long long)n[1],
				  (unsigned long long)n[2], (unsigned long long)n[3], (unsigned long long)n[4]);
		t->files++;
		t->quarantined += str_eq(v[LED_STATUS], STR("quarantined"));
		t->rows += n[0];
		t->accepted += n[1];
		t->flagged += n[2];
		t->rejected += n[3];
		t->duplicate += n[4];
	}
	return ledger && !fault_is(f);
}

/* ---- publishing ---- */

struct stores { /* filled, and shown by nobody yet */
	struct publishing *list[RUN_MAX_LIST];
	size_t n;
};

/* The snapshot goes with OUT, so it is made in the staging folder and moved with the rest. */
static bool make_snapshot(struct run *r, struct fault *f)
{
	struct str url = str_printf(&r->arena, "sqlite:%s", run_out_path(r, "yice.sqlite"));
	struct publishing *p = publish_fill(r, str_keepz(&r->arena, url), f);

	return p && publish_show(p, f);
}

bool run_tells_lineage(const struct run *r)
{
	bool lasting = false;

	for (size_t i = 0; i < r->opt.n_publish; i++)
		lasting |= !str_eq(str_of(r->opt.publish[i]), STR("none")) && !publish_is_snapshot(r->opt.out, r->opt.publish[i]);
	return lasting || !r->opt.final_only;
}

/* What only the stores needed. */
static bool leave_out(struct run *r, struct fault *f)
{
	const char *path = run_out_path(r, "master/lineage.csv");

	return !r->opt.final_only || !file_exists(path) || unlink(path) == 0 || fault_errno(f, "remove", path);
}

static bool fill_stores(struct run *r, struct stores *s, struct fault *f)
{
	if (!r->opt.n_publish)
		return make_snapshot(r, f);
	for (size_t i = 0; i < r->opt.n_publish; i++) {
		const char *url = r->opt.publish[i];

		if (str_eq(str_of(url), STR("none")))
			continue;
		if (publish_is_snapshot(r->opt.out, url)) {
			if (!make_snapshot(r, f))
				return false;
			continue;
		}
		s->list[s->n] = publish_fill(r, url, f);
		if (!s->list[s->n])
			return false;
		s->n++;
	}
	return true;
}

static void drop_stores(struct stores *s)
{
	while (s->n)
		publish_drop(s->list[--s->n]);
}

/* Two stores cannot be committed as one. */
static bool show_stores(struct stores *s, struct fault *f)
{
	size_t shown = 0;
	bool ok = true;

	while (ok && shown < s->n)
		ok = publish_show(s->list[shown++], f);
	if (!ok && shown > 1)
		fault_hint(f, "%zu of %zu stores show the new night already; run the same command again", shown - 1, s->n);
	while (shown < s->n)
		publish_drop(s->list[shown++]);
	s->n = 0;
	return ok;
}

/* ---- run.json: versions, times, counts, and the sums of all other files ---- */

static bool write_summary(struct run *r, const struct totals *t, const struct timing *timing,
			  double started, struct fault *f)
{
	struct buf b = { 0 };
	struct sums sums;
	char stamp[32];
	time_t now = time(NULL);
	struct tm tm;
	uint32_t number;
	bool ok;

	if (!run_number(r, &number, f))
		return false;
	gmtime_r(&now, &tm);
	strftime(stamp, sizeof(stamp), "%Y-%m-%dT%H:%M:%SZ", &tm);
	buf_printf(&b, "{\n  \"program\": \"yice\",\n  \"version\": \"%s\",\n", YICE_VERSION);
	buf_printf(&b, "  \"business_date\": \"%.*s\",\n  \"finished_at\": \"%s\",\n", STR_FMT(run_date(r)), stamp);
	buf_printf(&b, "  \"run\": %u,\n  \"rules\": \"%.*s\",\n  \"jobs\": %u,\n", number, STR_FMT(fingerprint_of(r)), r->opt.jobs);
	buf_printf(&b, "  \"seconds\": {\"total\": %.3f, \"sync\": %.3f", seconds() - started, outfile_sync_seconds());
	for (size_t i = 0; i < CHAIN_STAGES; i++)
		buf_printf(&b, ", \"%s\": %.3f", chain[i]->name, timing->seconds[i]);
	buf_printf(&b, ", \"publish\": %.3f},\n", timing->seconds[CHAIN_STAGES]);
	buf_printf(&b,
		   "  \"files\": %llu,\n  \"quarantined\": %llu,\n  \"rows\": %llu,\n  \"accepted\": %llu,\n"
		   "  \"flagged\": %llu,\n  \"rejected\": %llu,\n  \"duplicate\": %llu,\n",
		   (unsigned long long)t->files, (unsigned long long)t->quarantined,
		   (unsigned long long)t->rows, (unsigned long long)t->accepted,
		   (unsigned long long)t->flagged, (unsigned long long)t->rejected,
		   (unsigned long long)t->duplicate);
	ok = sums_take(&sums, r->book->out, f);
	sums_print(&sums, &b);
	ok = ok && carried_remember(r, &sums, f);
	ok = ok && outfile_put(run_out_path(r, "run.json"), buf_view(&b), f);
	sums_release(&sums);
	buf_release(&b);
	return ok;
}

/* ---- the state's new folders ---- */

static bool share_received(struct run *r, const char *segment, struct fault *f)
{
	static const char *const names[] = { "received.keys.gz", "received.rows.gz" };
	bool ok = true;

	for (int i = 0; ok && i < 2; i++) {
		const char *to = str_keepz(&r->arena, str_printf(&r->arena, "%s/extract/%s", segment, names[i]));
		const char *from = run_out_path(r, str_keepz(&r->arena, str_printf(&r->arena, "extract/%s", names[i])));

		ok = share_file(from, to, f);
	}
	return ok;
}

/* What is no longer in memory was written as it is to be kept. */
static bool save_table(struct run *r, const struct table_def *def, const char *dir, struct fault *f)
{
	const char *path = str_keepz(&r->arena, str_printf(&r->arena, "%s.csv", def->path));
	const char *to = str_keepz(&r->arena, str_printf(&r->arena, "%s/%s", dir, path));
	const char *folder = str_keepz(&r->arena, str_span(to, strrchr(to, '/')));
	const struct rowset *rs;

	if (!run_holds(r, def) && file_exists(run_out_path(r, path)))
		return make_folders(folder, f) && copy_file(run_out_path(r, path), to, f);
	rs = run_table(r, def, true, f);
	return rs && rowset_save(rs, dir, f);
}

static bool save_segment(struct run *r, struct fault *f)
{
	const char *segment = state_next_segment_dir(&r->book->state);
	const char *extract = str_keepz(&r->arena, str_printf(&r->arena, "%s/extract", segment));
	const char *clean = str_keepz(&r->arena, str_printf(&r->arena, "%s/%s", segment, segment_rules_name(r)));
	const struct {
		const struct table_def *def;
		const char *dir;
	} tables[] = {
		{ &table_files, segment },	 { &table_rejects_extract, segment },
		{ &table_correction_rows, segment }, { &table_rejects_clean, clean },
		{ &table_corrections, clean },
	};

	if (!make_folders(extract, f) || !share_received(r, segment, f))
		return false;
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		if (!save_table(r, tables[i].def, tables[i].dir, f))
			return false;
	return true;
}

struct cleaned_writing {
	const struct records *cleaned;
	const char *dir;
	struct str fingerprint;
};

static bool write_cleaned(void *context, struct fault *f)
{
	struct cleaned_writing *w = context;
	bool ok = cleaned_save(w->cleaned, w->dir, w->fingerprint, f);

	free(w);
	return ok;
}

/* The largest file of the segment is written while the whole is resolved and merged. */
static bool save_cleaned(struct run *r, struct fault *f)
{
	struct arena *a = &r->book->arena;
	struct cleaned_writing *w = xmalloc(sizeof(*w));

	w->cleaned = run_new_records(r, "clean", f);
	w->dir = str_keepz(a, str_printf(a, "%s/%s", state_next_segment_dir(&r->book->state), segment_rules_name(r)));
	w->fingerprint = fingerprint_of(r);
	return later_do(r->book->later, write_cleaned, w, f);
}

/* ---- the run ---- */

static void say_totals(struct run *r, const struct totals *t)
{
	run_say(r, "ledger: %llu files (%llu in quarantine), %llu rows = %llu accepted + %llu flagged + %llu rejected + %llu duplicate",
		(unsigned long long)t->files, (unsigned long long)t->quarantined, (unsigned long long)t->rows,
		(unsigned long long)t->accepted, (unsigned long long)t->flagged,
		(unsigned long long)t->rejected, (unsigned long long)t->duplicate);
}

/* Whether any file was read that had not come before, or an answer of an earlier run was judged
 * otherwise now: else the state needs no new folder. */
static bool brought_news(struct run *r, struct fault *f)
{
	const struct rowset *files = run_table(r, &table_files, true, f);

	for (size_t i = 0; files && i < files->n; i++) {
		if (str_eq(rowset_value(files, i, FIL_STATUS), STR("ok")))
			return true;
	}
	const struct rowset *answers = files ? run_table(r, &table_corrections, true, f) : NULL;

	return answers && answers->n;
}

/* After clean: what is new is on its way into the state, and what stands of the last run is taken over. */
static bool settle_news(struct run *r, struct fault *f)
{
	bool news = brought_news(r, f);

	return !fault_is(f) && (!news || save_cleaned(r, f)) && carried_take(r, news, f);
}

static bool run_stage(struct run *r, const struct stage *stage, struct fault *f)
{
	bool of_the_whole = stage == &stage_resolve || stage == &stage_merge, asked = r->needs_person;

	if (r->book->carried.is && (of_the_whole || stage == &stage_return))
		return true;
	r->needs_person = false;
	if (!stage->run(r, f))
		return false;
	r->book->carried.asks |= of_the_whole && r->needs_person;
	r->needs_person |= asked;
	return stage != &stage_clean || settle_news(r, f);
}

static bool run_chain(struct run *r, size_t first, struct timing *timing, struct fault *f)
{
	for (size_t i = first; i < CHAIN_STAGES; i++) {
		double start = seconds();

		if (!run_stage(r, chain[i], f))
			return false;
		timing->seconds[i] = seconds() - start;
		run_say(r, "%s: %.1f s", chain[i]->name, timing->seconds[i]);
	}
	return true;
}

bool run_again(struct run *r, struct fault *f)
{
	if (!run_records(r, f))
		return false;
	received_forget_repeats(r->book->received); /* only corrections look for them */
	return stage_resolve.run(r, f) && stage_merge.run(r, f) && book_written(r, f);
}

/* All mistakes in rules and schemas are told before a row is read. */
static bool check_before(struct run *r, struct fault *f)
{
	const char *rules = run_rules_dir(r, f);
	struct stat st;

	for (const struct rule_file *file = rule_files; rules && file->name; file++)
		file->check(rules, f);
	const struct schemas *schemas = run_schemas(r, f);

	if (rules)
		rules_cross_check(rules, schemas, f);
	publish_run_check(&r->opt, f);
	if (fault_is(f))
		return false;
	if (stat(r->opt.inbox, &st) != 0 || !S_ISDIR(st.st_mode)) {
		fault_set(f, EXIT_USAGE, "there is no inbox at %s", r->opt.inbox);
		fault_hint(f, "name the folder that the exports arrive in with --inbox DIR");
		return false;
	}
	return places_check(&r->opt, f) && run_codes(r, f) != NULL;
}

/* The last steps: renames and commits of what is written and synced. */
static bool put_in_place(struct run *r, struct stores *stores, struct fault *f)
{
	size_t n = stores->n;

	if (!results_place(r, f))
		return false;
	if (!show_stores(stores, f))
		return results_take_back(r, f);
	if (state_switch(&r->book->state, segment_rules_name(r), f)) {
		results_stay(r);
		return true;
	}
	if (n)
		fault_hint(f, "the stores show the new night already; run the same command again");
	return results_take_back(r, f);
}

static bool work(struct run *r, size_t first, struct stores *stores, struct fault *f)
{
	struct timing timing = { 0 };
	struct totals totals;
	double started = seconds();

	if (!run_chain(r, first, &timing, f) || !add_up(r, &totals, f) || !book_written(r, f))
		return false;
	double start = seconds();

	if (!fill_stores(r, stores, f) || !leave_out(r, f))
		return false;
	timing.seconds[CHAIN_STAGES] = seconds() - start;
	bool brought = !first && brought_news(r, f);

	if ((brought && !save_segment(r, f)) || !write_summary(r, &totals, &timing, started, f) ||
	    !book_sound(r, f) || !publish_remember(r, f) ||
	    !state_prepare(&r->book->state, brought, segment_rules_name(r), run_date(r), r->opt.out, f) ||
	    !put_in_place(r, stores, f))
		return false;
	say_totals(r, &totals);
	run_say(r, "done in %.1f s: %s", seconds() - started, r->opt.out);
	return true;
}

const char *run_staging(struct run *r)
{
	return str_keepz(&r->arena, str_printf(&r->arena, "%s/%s", r->opt.out, run_staging_name));
}

/* From that stage on; a run that fails is cleared away. */
static bool run_from(struct run *r, size_t first, struct fault *f)
{
	struct book *b = r->book;
	struct stores stores = { 0 };
	struct fault ignored = { 0 };
	bool ok;

	r->chained = true;
	book_spill(r, b->out);
	ok = work(r, first, &stores, f);
	if (!ok) {
		book_written(r, &ignored);
		drop_stores(&stores);
		state_clear_next(&b->state);
	}
	if (ok || results_settled(r))
		remove_tree(b->out, &ignored); /* what stays there goes with the next run */
	fault_release(&ignored);
	return ok;
}

bool run_rest(struct run *r, struct fault *f)
{
	return run_from(r, FIRST_OF_REST, f);
}

static bool run_run(struct run *r, struct fault *f)
{
	struct book *b = r->book;

	if (!check_before(r, f))
		return false;
	private_folders_sweep();
	b->out = run_staging(r);
	b->have_state = true;
	return state_open(&b->state, r->opt.state, true, f) && make_folders(r->opt.out, f) &&
	       out_hold(r->opt.out, true, f) && results_recover(r, f) && remove_tree(b->out, f) &&
	       make_folders(b->out, f) && run_from(r, 0, f);
}

static const struct stage_option options[] = {
	{ "--inbox", "DIR", "folder of the exports, with sub-folders", true },
	{ "--state", "DIR", "what yice remembers between runs", true },
	{ "--out", "DIR", "where the results go", true },
	OPTION_DATE,
	OPTION_RULES,
	OPTION_SCHEMAS,
	OPTION_JOBS,
	OPTION_MEMORY,
	{ "--publish", "URL", "sqlite:PATH, postgresql://... or none; may be repeated", false },
	{ "--tables", "all|final", "final leaves out the tables of extract/ and clean/ and the lineage", false },
	OPTION_LANG,
	OPTION_QUIET,
	{ 0 },
};

const struct stage stage_run = {
	.name = "run",
	.summary = "the whole chain, from the inbox to the published master",
	.usage = "--inbox DIR --state DIR --out DIR [options]",
	.help = "Runs extract, clean, resolve, merge, report, return and publish over what is new in\n"
		"the inbox and all that was received before. Without --publish the result also becomes\n"
		"OUT/yice.sqlite. A run that fails changes neither the results nor the state.",
	.options = options,
	.use = OUT_OWNS,
	.run = run_run,
};
