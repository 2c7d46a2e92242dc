/*
 * forget: a person asks to be deleted.
 *
 * Comes in: an ID number, a state. Goes out: the state without that person's rows, in folders
 * written anew; OUT as the night would have left it; the stores of --to. Then all of it is
 * searched for the values, and what was searched is printed. The master is a function of what
 * was received, so nothing is cut out of it: it is made again from rows that are no more.
 *
 * It is a run of its own kind: under the lock, everything beside the old, one switch at the
 * end. One that dies is repeated; what it looked for is known until the proof (unproved.h). What
 * stays of the person are keyed hashes (forgotten.h).
 */
#include "stage.h"

#include "campaigns.h"
#include "destination.h"
#include "mask.h"
#include "outfile.h"
#include "placing.h"
#include "scrub.h"
#include "search.h"
#include "unproved.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct forget {
	struct run *r; /* what the state holds before */
	struct run after; /* makes everything again */
	struct person person;
	const char *out;
	/* Results of before; where there is no OUT, those of after. In the state, where the next one
	 * removes what a dead one left. */
	const char *private_dir;
	struct map lost;
};

static const char *path_of(struct run *r, const char *folder, const char *inside)
{
	return str_keepz(&r->arena, str_printf(&r->arena, "%s/%s", folder, inside));
}

/* ---- before ---- */

/* OUT, else that of the newest run where it is still there, else nothing but the state is to be
 * changed. What a run began to place there that died is taken back first. */
static bool settle_out(struct forget *x, struct fault *f)
{
	struct run *r = x->r;
	const struct rowset *outs = &r->book->state.outs;
	const char *given = r->opt.out;

	if (!given && outs->n)
		r->opt.out = str_keepz(&r->arena, rowset_value(outs, outs->n - 1, 1));
	if (!r->opt.out)
		return true;
	r->book->out = run_staging(r);
	if (!out_hold(r->opt.out, true, f) || !results_recover(r, f))
		return false;
	if (file_exists(path_of(r, r->opt.out, "ledger.csv")))
		x->out = r->opt.out;
	return x->out || !given || fault_set(f, EXIT_USAGE, "%s is no folder of a run: it has no ledger.csv", given);
}

static bool open_before(struct forget *x, struct fault *f)
{
	struct run *r = x->r;

	if (!file_exists(path_of(r, r->opt.state, "manifest.csv"))) {
		fault_set(f, EXIT_USAGE, "%s is no state", r->opt.state);
		fault_hint(f, "name the folder that `yice run --state DIR` keeps");
		return false;
	}
	r->book->have_state = true;
	if (!state_open(&r->book->state, r->opt.state, true, f))
		return false;
	x->private_dir = path_of(r, r->opt.state, "forgetting");
	if (!remove_tree(x->private_dir, f) || !make_folders(x->private_dir, f))
		return false;
	if (!settle_out(x, f))
		return false;
	r->book->out = r->opt.in = x->private_dir;
	r->opt.quiet = true;
	if (x->out && file_exists(path_of(r, x->out, "extract/decisions.csv")) &&
	    (!make_folders(path_of(r, x->private_dir, "extract"), f) ||
	     !share_file(path_of(r, x->out, "extract/decisions.csv"), path_of(r, x->private_dir, "extract/decisions.csv"), f)))
		return false;
	return run_again(r, f) && book_sound(r, f) && person_find(&x->person, r, r->opt.arguments[0], f);
}

/* ---- the state and OUT without the person ---- */

/* The scrubbed folders stand beside the old ones until the manifest names them. */
static bool scrub_state(struct forget *x, struct state *state, struct fault *f)
{
	struct run *r = x->r;

	for (size_t i = 0; i < state->n_segments; i++) {
		struct str old = state->segments[i], name = str_printf(&state->arena, "%06u-%zu", state->run + 1, i + 1);
		const char *from = str_keepz(&r->arena, str_printf(&r->arena, "%s/received/%.*s/extract", state->dir,
								   STR_FMT(old)));
		const char *to = str_keepz(&r->arena, str_printf(&r->arena, "%s/received/%.*s/extract", state->dir,
								 STR_FMT(name)));

		if (!scrub_tables(&x->person, from, to, NULL, f) || !scrub_received(&x->person, r, from, to, f))
			return false;
		state->segments[i] = name;
	}
	const char *kept = str_keepz(&state->arena, str_printf(&state->arena, "%s/kept/%06u-before", state->dir,
							       state->run + 1));

	if (!remove_tree(kept, f) || !scrub_tables(&x->person, state_kept_dir(state), kept, NULL, f))
		return false;
	state->kept = kept;
	return true;
}

static bool scrub_out(struct forget *x, const char *staging, struct fault *f)
{
	struct run *r = x->r;
	static const char *const stages[] = { "extract", "clean" };

	for (size_t i = 0; x->out && i < 2; i++) {
		if (!scrub_tables(&x->person, path_of(r, x->out, stages[i]), path_of(r, staging, stages[i]), &x->lost, f))
			return false;
	}
	if (x->out && !scrub_table(&x->person, path_of(r, x->out, "master/history.csv"),
				   path_of(r, staging, "master/history.csv"), NULL, f))
		return false;
	return (!x->out || scrub_received(&x->person, r, path_of(r, x->out, "extract"), path_of(r, staging, "extract"), f)) &&
	       scrub_ledger(x->out ? x->out : "", staging, &x->lost, f);
}

/* ---- everything again ---- */

static void aim(struct forget *x)
{
	struct run_options *o = &x->after.opt;
	const struct run_options *given = &x->r->opt;
	struct fault named_already = { 0 };

	*o = *given;
	o->in = NULL;
	o->out = x->out ? x->out : x->private_dir;
	o->date = str_keepz(&x->r->arena, x->r->book->state.date);
	o->quiet = true;
	if (x->out && file_exists(path_of(x->r, x->out, "yice.sqlite")) && o->n_publish < RUN_MAX_LIST)
		o->publish[o->n_publish++] = path_of(x->r, str_keepz(&x->r->arena, str_printf(&x->r->arena, "sqlite:%s", x->out)),
						     "yice.sqlite");
	if (!publish_urls_check(o->publish, o->n_publish, &named_already))
		o->n_publish--;
	fault_release(&named_already);
	if (!o->n_publish)
		o->publish[o->n_publish++] = "none";
	o->final_only = x->out && !file_exists(path_of(x->r, x->out, "master/lineage.csv"));
}

/* What the state was before: nobody shall find the person there. */
static bool sweep_old(struct state *state, struct fault *f)
{
	state->run++; /* it has switched */
	state->kept = NULL;
	return state_sweep(state, f);
}

static bool make_again(struct forget *x, struct fault *f)
{
	struct run *after = &x->after;
	const struct rowset *decisions;
	struct book *b;

	aim(x);
	book_open(after);
	b = after->book;
	b->out = run_staging(after);
	after->forgotten = &x->person.is;
	if (!remove_tree(b->out, f) || !make_folders(b->out, f) || !scrub_out(x, b->out, f))
		return false;
	b->state = x->r->book->state; /* with its lock */
	b->have_state = true;
	x->r->book->state = (struct state){ .lock = -1 };
	x->r->book->have_state = false;
	after->chained = true;
	if (!scrub_state(x, &b->state, f) || !book_received(after, path_of(after, b->out, "extract"), f) ||
	    (x->person.hashes.n && !run_keep(after, &x->person.hashes, f)))
		return false;
	decisions = run_previous(after, &table_decisions, f);
	return decisions && run_keep(after, decisions, f) && run_rest(after, f) && sweep_old(&b->state, f);
}

/* Lists that were drawn for use elsewhere are told before their trace in the state goes. */
static bool print_campaigns(struct forget *x, struct fault *f)
{
	struct rowset campaigns;
	bool ok;

	rowset_init(&campaigns, &table_campaigns);
	ok = rowset_load(&campaigns, x->r->opt.state, true, f);
	for (size_t i = 0; ok && i < campaigns.n; i++) {
		if (person_has(&x->person, rowset_value(&campaigns, i, CAM_CUSTOMER_ID)))
			printf("not reached: the list of the campaign %.*s, drawn on %.*s\n",
			       STR_FMT(rowset_value(&campaigns, i, CAM_CAMPAIGN)),
			       STR_FMT(rowset_value(&campaigns, i, CAM_LISTED_ON)));
	}
	rowset_release(&campaigns);
	return ok;
}

/* What `yice review` and `yice export` wrote lies outside of the runs, and goes into them. */
static bool scrub_own_tables(struct forget *x, struct fault *f)
{
	static const char *const names[] = { "decisions.csv", "campaigns.csv" };
	bool ok = true;

	for (size_t i = 0; ok && i < 2; i++) {
		const char *path = path_of(x->r, x->r->opt.state, names[i]);

		ok = scrub_table(&x->person, path, path, NULL, f);
	}
	return ok;
}

/* ---- the proof ---- */

static void print_searched(const struct person *p)
{
	struct arena a = { 0 };

	printf("searched for: ID number %.*s", STR_FMT(mask_value(&a, F_ID_NUMBER, p->is.number)));
	for (size_t n = 0; n < p->is.names.n; n++) {
		for (size_t i = 0; i < p->is.phones.n; i++)
			printf("; %.*s with %.*s", STR_FMT(mask_value(&a, F_NAME, p->is.names.entries[n].key)),
			       STR_FMT(mask_value(&a, F_MOBILE, p->is.phones.entries[i].key)));
	}
	printf(p->is.names.n && p->is.phones.n ? "\n" : "; no name with a phone is known of it%s\n",
	       p->unknown || p->records ? "" : " (any more)");
	arena_release(&a);
}

/* Folders that earlier runs wrote to: whatever of them still exists may hold the person. */
static void print_other_outs(struct forget *x)
{
	const struct rowset *outs = &x->after.book->state.outs;
	struct map told = { 0 };
	struct arena a = { 0 };

	if (x->out)
		map_put(&told, destination_place(&a, x->out), 0, NULL);
	for (size_t i = 0; i < outs->n; i++) {
		struct str out = rowset_value(outs, i, 1);
		bool added;

		map_put(&told, destination_place(&a, str_keepz(&a, out)), 0, &added);
		if (added)
			printf("not reached: %.*s, written on %.*s: delete it, or what copies there are of it\n",
			       STR_FMT(out), STR_FMT(rowset_value(outs, i, 2)));
	}
	map_release(&told);
	arena_release(&a);
}

static bool print_other_stores(struct forget *x, struct fault *f)
{
	const struct rowset *stores = run_previous(&x->after, &table_stores, f);
	const struct run_options *given = &x->r->opt;
	struct map named = { 0 };
	struct arena a = { 0 };

	for (size_t i = 0; i < given->n_publish; i++)
		map_put(&named, publish_name(given->publish[i], &a), 0, NULL);
	for (size_t i = 0; stores && i < stores->n; i++) {
		if (!map_get(&named, rowset_value(stores, i, 0)))
			printf("not reached: the store %.*s, last published to on %.*s: name it with --to, or delete it\n",
			       STR_FMT(rowset_value(stores, i, 0)), STR_FMT(rowset_value(stores, i, 1)));
	}
	map_release(&named);
	arena_release(&a);
	return stores;
}

static bool prove_store(struct forget *x, const char *url, uint64_t *found, struct fault *f)
{
	uint64_t tables = 0, rows = 0;

	if (!search_store(&x->person, url, &tables, &rows, f))
		return false;
	printf("store: %llu tables searched, found in %llu rows\n", (unsigned long long)tables, (unsigned long long)rows);
	*found += rows;
	return true;
}

static bool prove(struct forget *x, struct fault *f)
{
	struct search state = { 0 }, out = { 0 };
	uint64_t found = 0;

	printf("forgotten: %zu rows, %zu hashes remain\n", x->person.records, x->person.hashes.n);
	if (x->person.unknown)
		printf("nobody here has this number: was it typed right? Nothing is kept of it\n");
	print_searched(&x->person);
	if (!remove_tree(x->private_dir, f) || !search_folder(&x->person, x->r->opt.state, &state, f) ||
	    (x->out && !search_folder(&x->person, x->out, &out, f)))
		return false;
	printf("%s: %llu files searched, found in %llu\n", x->r->opt.state, (unsigned long long)state.files,
	       (unsigned long long)state.found);
	if (x->out)
		printf("%s: %llu files searched, found in %llu\n", x->out, (unsigned long long)out.files,
		       (unsigned long long)out.found);
	for (size_t i = 0; i < x->r->opt.n_publish; i++) {
		if (!str_eq(str_of(x->r->opt.publish[i]), STR("none")) &&
		    !prove_store(x, x->r->opt.publish[i], &found, f))
			return false;
	}
	print_other_outs(x);
	if (!print_other_stores(x, f))
		return false;
	printf("not reached: stores that `yice publish` filled by hand, the inbox, backups, and files that were sent "
	       "to dealers\n");
	if (found + state.found + out.found) {
		fault_set(f, EXIT_FAILED, "values of the person are still there; see above");
		fault_hint(f, "remove what holds them and give the same command again: until nothing is found %s/%s "
			      "keeps what is searched for", x->r->opt.state, unproved_name);
		return false;
	}
	return unproved_drop(&x->person, x->r->opt.state, f);
}

static bool forget_run(struct run *r, struct fault *f)
{
	struct forget x = { .r = r };
	struct fault ignored = { 0 };
	bool ok;

	if (r->opt.n_arguments != 1)
		return fault_set(f, EXIT_USAGE, "forget needs one ID number");
	if (!publish_urls_check(r->opt.publish, r->opt.n_publish, f))
		return false;
	ok = open_before(&x, f) && print_campaigns(&x, f) && unproved_keep(&x.person, r->opt.state, f) &&
	     scrub_own_tables(&x, f) && make_again(&x, f) && prove(&x, f);
	r->needs_person = x.person.unknown; /* what else waits for one is the night's to say */
	if (x.after.book)
		book_close(&x.after);
	person_release(&x.person);
	map_release(&x.lost);
	arena_release(&x.after.arena);
	if (x.private_dir)
		remove_tree(x.private_dir, &ignored);
	fault_release(&ignored);
	return ok;
}

static const struct stage_option options[] = {
	{ "--state", "DIR", "what yice remembers", true },
	{ "--to", "URL", "a store that the person is in; may be repeated", false },
	{ "--out", "DIR", "run directory to clear (default: that of the newest run)", false },
	OPTION_RULES,
	OPTION_SCHEMAS,
	OPTION_JOBS,
	OPTION_LANG,
	{ 0 },
};

const struct stage stage_forget = {
	.name = "forget",
	.summary = "deletes a person on request, and proves it",
	.usage = "ID_NUMBER --state DIR [--to URL]... [--out DIR]",
	.help = "Removes every row of the person from the state (the kept original rows too), and makes\n"
		"the results and stores anew without them. Other people's rows stay: only the number goes\n"
		"from them, and a phone of the person where the row has the name too (the name, where the\n"
		"other has the same phone). Keyed hashes remain, by which the next export's rows of the\n"
		"person are known and booked as duplicates. Searches for the values afterwards and prints\n"
		"what was searched, and which earlier folders, stores and copies are out of its reach. Name\n"
		"all stores at once: later only the number is known. The same command again after a failure\n"
		"is always right; until it finds nothing, the values are kept in DIR/forgetting.csv.\n"
		"Ends with 1 where nobody has the number: then nothing is kept of it.",
	.options = options,
	.arguments = "ID_NUMBER",
	.use = OUT_OWNS,
	.run = forget_run,
};
