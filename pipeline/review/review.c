/*
 * yice review: what people should decide, and what they decided.
 *
 * Lists the open reviews of the newest run in the state. A decision is written into
 * STATE/decisions.csv, which every run reads after the inbox's own: nothing is changed until
 * then, and a decision that is removed again leaves the master as it was before. Never: changes
 * what the run left in the state.
 */
#include "stage.h"

#include "customer_key.h"
#include "date.h"
#include "mask.h"
#include "outfile.h"
#include "state.h"

#include <stdio.h>
#include <stdlib.h>

static const struct stage_option options[] = {
	{ "--state", "DIR", "the state that yice run keeps", true },
	{ "--by", "WHO", "who decides; kept with the decision", false },
	{ "--clear", NULL, "show values of people unmasked", false },
	OPTION_DATE,
	OPTION_LANG,
	OPTION_QUIET,
	{ NULL, NULL, NULL, false },
};

static const char help[] =
	"Without a word: the open reviews of the newest run (review_id, kind, customer_id, attribute,\n"
	"current and new value, record_id, reason), values masked unless --clear is given.\n"
	"  decisions             what was decided so far\n"
	"  accept REVIEW_ID      the change is right; the two are one customer; the value that a dealer\n"
	"                        calls right as it is counts (not where rules/codes.csv lets nobody say so);\n"
	"                        the row with a bad ID number is that customer's\n"
	"  refuse REVIEW_ID      the change is wrong; the two are different customers; the row with a bad\n"
	"                        ID number is somebody else's\n"
	"  add ACTION NAME=VALUE ...  any decision: accept_change, refuse_change, merge_customers,\n"
	"                        keep_apart or split, with customer_id, other_customer_id, record_id,\n"
	"                        attribute, value, note\n"
	"  remove DECISION_ID    takes a decision back\n"
	"Decisions take effect in the next yice run.";

struct desk {
	struct run *r;
	struct state state;
	bool have_state;
	const struct rowset *review; /* of the newest run */
	const struct rowset *unanswerable; /* those of them that nobody can accept */
	struct rowset kept; /* decisions that the newest run knew */
	struct rowset own; /* those of STATE/decisions.csv */
	struct arena arena;
};

static const char *const actions[] = { "accept_change", "refuse_change", "merge_customers",
				       "keep_apart", "split", NULL };

/* ---- what there is ---- */

static bool desk_open(struct desk *d, struct run *r, bool write, struct fault *f)
{
	const struct rowset *kept;

	*d = (struct desk){ .r = r };
	rowset_init(&d->kept, &table_decisions);
	rowset_init(&d->own, &table_own_decisions);
	if (!file_exists(str_keepz(&d->arena, str_printf(&d->arena, "%s/manifest.csv", r->opt.state)))) {
		fault_set(f, EXIT_USAGE, "%s is no state", r->opt.state);
		fault_hint(f, "name the folder that `yice run --state DIR` keeps");
		return false;
	}
	d->review = run_previous(r, &table_review, f);
	d->unanswerable = d->review ? run_previous(r, &table_unanswerable, f) : NULL;
	kept = d->unanswerable ? run_previous(r, &table_decisions, f) : NULL;
	if (!kept)
		return false;
	rowset_append(&d->kept, kept);
	d->have_state = true;
	return state_open(&d->state, r->opt.state, write, f) &&
	       rowset_load(&d->own, r->opt.state, true, f);
}

static void desk_close(struct desk *d)
{
	rowset_release(&d->kept);
	rowset_release(&d->own);
	if (d->have_state)
		state_close(&d->state);
	arena_release(&d->arena);
}

static struct str shown(struct desk *d, struct str attribute, struct str value)
{
	enum field field = field_find(attribute);

	return d->r->opt.clear || field == F_COUNT ? value : mask_value(&d->arena, field, value);
}

/* The newest line on a decision; false where there is none, or it was removed. */
static bool find_decision(const struct desk *d, struct str id, struct str v[DEC_COLUMNS])
{
	const struct rowset *tables[] = { &d->own, &d->kept };

	for (int t = 0; t < 2; t++) {
		for (size_t i = tables[t]->n; i-- > 0;) {
			if (!str_eq(rowset_value(tables[t], i, DEC_DECISION_ID), id))
				continue;
			rowset_get(tables[t], i, v);
			return !str_eq(v[DEC_ACTION], STR("remove"));
		}
	}
	return false;
}

/* ---- listing ---- */

static bool list_reviews(struct desk *d)
{
	for (size_t i = 0; i < d->review->n; i++) {
		struct str v[REV_COLUMNS];

		rowset_get(d->review, i, v);
		printf("%.*s  %.*s\n", STR_FMT(v[REV_REVIEW_ID]), STR_FMT(v[REV_KIND]));
		printf("    customer  %.*s\n", STR_FMT(v[REV_CUSTOMER_ID]));
		printf("    %-9.*s %.*s -> %.*s\n", STR_FMT(v[REV_ATTRIBUTE]),
		       STR_FMT(shown(d, v[REV_ATTRIBUTE], v[REV_CURRENT_VALUE])),
		       STR_FMT(shown(d, v[REV_ATTRIBUTE], v[REV_NEW_VALUE])));
		printf("    record    %.*s\n", STR_FMT(v[REV_RECORD_ID]));
		printf("    %.*s\n", STR_FMT(d->r->opt.clear ? v[REV_REASON] : mask_reason(&d->arena, v[REV_REASON])));
		arena_reset(&d->arena);
	}
	printf("open: %zu\n", d->review->n);
	return true;
}

static void print_decision(struct desk *d, const struct str *v)
{
	printf("%.*s  %.*s  %.*s  %.*s\n", STR_FMT(v[DEC_DECISION_ID]), STR_FMT(v[DEC_DECIDED_ON]),
	       STR_FMT(v[DEC_WHO]), STR_FMT(v[DEC_ACTION]));
	for (int c = DEC_CUSTOMER_ID; c < DEC_COLUMNS; c++) {
		struct str value = c == DEC_VALUE ? shown(d, v[DEC_ATTRIBUTE], v[c]) : v[c];

		if (value.n)
			printf("    %-17s %.*s\n", table_decisions.columns[c], STR_FMT(value));
	}
	arena_reset(&d->arena);
}

static bool list_decisions(struct desk *d)
{
	const struct rowset *tables[] = { &d->kept, &d->own };
	struct map seen = { 0 };
	size_t n = 0;

	for (int t = 0; t < 2; t++) {
		for (size_t i = 0; i < tables[t]->n; i++) {
			struct str v[DEC_COLUMNS], id = rowset_value(tables[t], i, DEC_DECISION_ID);
			bool added;

			map_put(&seen, id, 0, &added);
			if (!added || !find_decision(d, id, v))
				continue;
			print_decision(d, v);
			n++;
		}
	}
	map_release(&seen);
	printf("decisions: %zu\n", n);
	return true;
}

/* ---- deciding ---- */

static bool save_own(struct desk *d, struct fault *f)
{
	return rowset_save(&d->own, d->r->opt.state, f);
}

/* DATE-N, the first that is free. */
static struct str next_id(struct desk *d)
{
	for (unsigned n = 1;; n++) {
		struct str id = str_printf(&d->arena, "%.*s-%u", STR_FMT(run_date(d->r)), n);
		const struct rowset *tables[] = { &d->own, &d->kept };
		bool taken = false;

		for (int t = 0; t < 2; t++)
			for (size_t i = 0; i < tables[t]->n; i++)
				taken |= str_eq(rowset_value(tables[t], i, DEC_DECISION_ID), id);
		if (!taken)
			return id;
	}
}

static bool decide(struct desk *d, struct str v[DEC_COLUMNS], struct fault *f)
{
	if (!d->r->opt.by)
		return fault_set(f, EXIT_USAGE, "a decision needs --by WHO");
	if (!v[DEC_DECISION_ID].n)
		v[DEC_DECISION_ID] = next_id(d);
	v[DEC_DECIDED_ON] = run_date(d->r);
	v[DEC_WHO] = str_of(d->r->opt.by);
	rowset_add(&d->own, v);
	if (!save_own(d, f))
		return false;
	printf("%.*s: %.*s, from the next run on\n", STR_FMT(v[DEC_DECISION_ID]),
	       STR_FMT(v[DEC_ACTION]));
	return true;
}

static bool find_review(const struct desk *d, struct str id, struct str v[REV_COLUMNS])
{
	for (size_t i = 0; i < d->review->n; i++) {
		if (!str_eq(rowset_value(d->review, i, REV_REVIEW_ID), id))
			continue;
		rowset_get(d->review, i, v);
		return true;
	}
	return false;
}

/* What accepting or refusing a review means as a decision; false where it is no question of yes
 * or no. */
static bool answer_of(const struct str *review, bool accept, struct str v[DEC_COLUMNS])
{
	bool one = str_find(review[REV_NEW_VALUE], STR(";")) < 0;

	v[DEC_CUSTOMER_ID] = review[REV_CUSTOMER_ID];
	if (str_eq(review[REV_KIND], STR("change_held"))) {
		v[DEC_ACTION] = accept ? STR("accept_change") : STR("refuse_change");
		v[DEC_ATTRIBUTE] = review[REV_ATTRIBUTE];
		v[DEC_VALUE] = review[REV_NEW_VALUE];
		v[DEC_RECORD_ID] = review[REV_RECORD_ID];
		return true;
	}
	if (str_eq(review[REV_KIND], STR("possible_duplicate")) &&
	    str_eq(review[REV_ATTRIBUTE], STR("id_number"))) {
		v[DEC_ACTION] = accept ? STR("accept_change") : STR("split");
		v[DEC_ATTRIBUTE] = accept ? review[REV_ATTRIBUTE] : STR("");
		v[DEC_VALUE] = accept ? review[REV_NEW_VALUE] : STR("");
		v[DEC_RECORD_ID] = review[REV_RECORD_ID];
		return true;
	}
	if (!str_eq(review[REV_ATTRIBUTE], STR("customer_id")) || !one)
		return false;
	v[DEC_ACTION] = accept ? STR("merge_customers") : STR("keep_apart");
	v[DEC_CUSTOMER_ID] = review[REV_NEW_VALUE];
	v[DEC_OTHER_CUSTOMER_ID] = review[REV_CUSTOMER_ID];
	return true;
}

static bool can_accept(const struct desk *d, struct str review_id, struct fault *f)
{
	for (size_t i = 0; i < d->unanswerable->n; i++) {
		if (!str_eq(rowset_value(d->unanswerable, i, 0), review_id))
			continue;
		fault_set(f, EXIT_USAGE,
			  "review %.*s cannot be accepted: the value failed a check whose code nobody may confirm",
			  STR_FMT(review_id));
		fault_hint(f, "refuse it; the fault stays on the dealer's list until the right value is given there");
		return false;
	}
	return true;
}

static bool answer(struct desk *d, struct str review_id, bool accept, struct fault *f)
{
	struct str review[REV_COLUMNS], v[DEC_COLUMNS] = { 0 };

	if (!find_review(d, review_id, review))
		return fault_set(f, EXIT_USAGE, "there is no open review %.*s", STR_FMT(review_id));
	if (!answer_of(review, accept, v)) {
		fault_set(f, EXIT_USAGE, "review %.*s is not answered by yes or no", STR_FMT(review_id));
		fault_hint(f, "say it with `yice review --state DIR --by WHO add ACTION NAME=VALUE ...`");
		return false;
	}
	if (accept && !can_accept(d, review_id, f))
		return false;
	v[DEC_NOTE] = str_printf(&d->arena, "review %.*s", STR_FMT(review_id));
	return decide(d, v, f);
}

static bool set_named(struct str word, struct str v[DEC_COLUMNS], struct fault *f)
{
	struct str name, value = word;
	int column;

	if (!str_cut(&value, '=', &name) || name.n == word.n)
		return fault_set(f, EXIT_USAGE, "'%.*s' should be NAME=VALUE", STR_FMT(word));
	column = table_column(&table_decisions, name);
	if (column < DEC_CUSTOMER_ID)
		return fault_set(f, EXIT_USAGE, "a decision has no '%.*s'", STR_FMT(name));
	v[column] = value;
	return true;
}

/* What an action cannot do without. */
static bool is_complete(const struct str *v, struct fault *f)
{
	bool pair = str_eq(v[DEC_ACTION], STR("merge_customers")) ||
		    str_eq(v[DEC_ACTION], STR("keep_apart"));
	bool split = str_eq(v[DEC_ACTION], STR("split"));
	int needed = pair ? DEC_OTHER_CUSTOMER_ID : split ? DEC_RECORD_ID : DEC_ATTRIBUTE;

	if (v[DEC_CUSTOMER_ID].n && v[needed].n)
		return true;
	return fault_set(f, EXIT_USAGE, "%.*s needs customer_id and %s", STR_FMT(v[DEC_ACTION]),
			 table_decisions.columns[needed]);
}

static bool add(struct desk *d, const char **words, size_t n, struct fault *f)
{
	struct str v[DEC_COLUMNS] = { 0 };
	bool known = false;

	v[DEC_ACTION] = str_of(words[0]);
	for (int i = 0; actions[i]; i++)
		known |= str_eq(v[DEC_ACTION], str_of(actions[i]));
	if (!known)
		return fault_set(f, EXIT_USAGE, "there is no decision '%s'", words[0]);
	for (size_t i = 1; i < n; i++)
		if (!set_named(str_of(words[i]), v, f))
			return false;
	return is_complete(v, f) && decide(d, v, f);
}

static bool take_back(struct desk *d, struct str id, struct fault *f)
{
	struct str v[DEC_COLUMNS];

	if (!find_decision(d, id, v))
		return fault_set(f, EXIT_USAGE, "there is no decision %.*s", STR_FMT(id));
	v[DEC_DECISION_ID] = id;
	v[DEC_ACTION] = STR("remove");
	return decide(d, v, f);
}

/* ---- */

static bool work(struct desk *d, struct fault *f)
{
	const char **words = d->r->opt.arguments;
	size_t n = d->r->opt.n_arguments;

	if (n == 0)
		return list_reviews(d);
	if (n == 1 && str_eq(str_of(words[0]), STR("decisions")))
		return list_decisions(d);
	if (n == 2 && str_eq(str_of(words[0]), STR("accept")))
		return answer(d, str_of(words[1]), true, f);
	if (n == 2 && str_eq(str_of(words[0]), STR("refuse")))
		return answer(d, str_of(words[1]), false, f);
	if (n == 2 && str_eq(str_of(words[0]), STR("remove")))
		return take_back(d, str_of(words[1]), f);
	if (n >= 2 && str_eq(str_of(words[0]), STR("add")))
		return add(d, words + 1, n - 1, f);
	fault_set(f, EXIT_USAGE, "'%s' is not understood here", words[0]);
	fault_hint(f, "`yice review --help` explains the words");
	return false;
}

static bool run_review(struct run *r, struct fault *f)
{
	size_t n = r->opt.n_arguments;
	bool write = n > 0 && !str_eq(str_of(r->opt.arguments[0]), STR("decisions"));
	struct desk d;
	bool ok = desk_open(&d, r, write, f) && work(&d, f);

	desk_close(&d);
	return ok;
}

const struct stage stage_review = {
	.name = "review",
	.summary = "what people should decide, and what they decided",
	.usage = "--state DIR [--clear] [decisions]\n"
		 "       yice review --state DIR --by WHO accept|refuse REVIEW_ID\n"
		 "       yice review --state DIR --by WHO add ACTION NAME=VALUE ...\n"
		 "       yice review --state DIR --by WHO remove DECISION_ID",
	.help = help,
	.options = options,
	.arguments = "WORD ...",
	.run = run_review,
};
