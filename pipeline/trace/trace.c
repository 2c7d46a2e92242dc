/*
 * trace: why is it so? Everything that is known of a customer, an ID number, a VIN or a
 * reject, out of the state alone.
 *
 * Comes in: a state. The master is a function of what was received and the rules, so it is
 * worked out again (into a private folder that is removed) rather than looked up somewhere.
 * Goes out: the golden values with their source and what they beat, and every record with
 * file, row, reason for being here, faults, and what the rules did to each value. Masked
 * unless --clear. Never: writes to the state.
 */
#include "stage.h"

#include "trace.h"

#include "book.h"
#include "customer_key.h"
#include "forgotten.h"
#include "mask.h"
#include "outfile.h"
#include "text.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct str trace_shown(struct trace *t, struct str field, struct str value)
{
	enum field known = field_find(field);

	if (t->r->opt.clear || (known == F_COUNT && field.n))
		return value; /* a key */
	return field.n ? mask_value(&t->arena, known, value) : mask_foreign(&t->arena, F_COUNT, value);
}

const struct rowset *const *trace_faults(const struct trace *t, size_t *n)
{
	const struct rowset **all = arena_alloc(&t->r->arena, 3 * sizeof(*all));

	*n = 3;
	all[0] = t->rejects;
	all[1] = t->told_by_resolve;
	all[2] = t->told_by_merge;
	return all;
}

/* ---- customers and cars ---- */

static void tell_reviews(struct trace *t, struct str customer_id)
{
	struct str v[REV_COLUMNS];

	account_open_list(&t->out, "for_a_person_to_decide");
	for (size_t i = 0; i < t->review->n; i++) {
		rowset_get(t->review, i, v);
		if (!str_eq(v[REV_CUSTOMER_ID], customer_id))
			continue;
		account_open(&t->out, NULL);
		account_value(&t->out, "kind", v[REV_KIND]);
		account_value(&t->out, "attribute", v[REV_ATTRIBUTE]);
		account_value(&t->out, "current_value", trace_shown(t, v[REV_ATTRIBUTE], v[REV_CURRENT_VALUE]));
		account_value(&t->out, "new_value", trace_shown(t, v[REV_ATTRIBUTE], v[REV_NEW_VALUE]));
		account_value(&t->out, "reason",
			      t->r->opt.clear ? v[REV_REASON] : mask_reason(&t->arena, v[REV_REASON]));
		account_close(&t->out);
	}
	account_close(&t->out);
}

static void tell_cars(struct trace *t, int column, struct str key)
{
	account_open_list(&t->out, column == 0 ? "people" : "cars");
	for (size_t i = 0; i < t->ownership->n; i++) {
		struct str v[TABLE_MAX_COLUMNS];

		rowset_get(t->ownership, i, v);
		if (!str_eq(v[column], key))
			continue;
		account_open(&t->out, NULL);
		account_value(&t->out, "vin", trace_shown(t, STR("vin"), v[0]));
		account_value(&t->out, "customer_id", v[1]);
		account_value(&t->out, "role", v[2]);
		account_value(&t->out, "since", v[3]);
		account_value(&t->out, "until", v[4]);
		account_value(&t->out, "record_id", v[5]);
		account_close(&t->out);
	}
	account_close(&t->out);
}

static void tell_customer(struct trace *t, struct str id)
{
	struct str *records = arena_alloc(&t->arena, sizeof(*records) * (t->clusters->n + 1));
	struct str v[CLU_COLUMNS];
	size_t n = 0;
	bool pending = false;

	for (size_t i = 0; i < t->pending->n; i++)
		pending |= str_eq(rowset_value(t->pending, i, 0), id);
	for (size_t i = 0; i < t->clusters->n; i++) {
		if (str_eq(rowset_value(t->clusters, i, CLU_CUSTOMER_ID), id))
			records[n++] = rowset_value(t->clusters, i, CLU_RECORD_ID);
	}
	account_line(&t->out, "customer %.*s%s", STR_FMT(id), pending ? " (pending: no valid ID number yet)" : "");
	if (t->out.json)
		account_value(&t->out, "customer_id", id);
	trace_golden(t, pending ? STR("pending") : STR("customer"), id, records, n);
	tell_cars(t, 1, id);
	tell_reviews(t, id);
	account_open_list(&t->out, "records");
	for (size_t i = 0; i < t->clusters->n; i++) {
		rowset_get(t->clusters, i, v);
		if (str_eq(v[CLU_CUSTOMER_ID], id))
			trace_record(t, v[CLU_RECORD_ID], v[CLU_METHOD], v[CLU_SCORE]);
	}
	account_close(&t->out);
}

static void tell_vehicle(struct trace *t, struct str vin)
{
	struct str *records = arena_alloc(&t->arena, sizeof(*records) * (t->records->n + 1));
	size_t n = 0;

	for (size_t i = 0; i < t->records->n; i++) {
		if (str_eq(records_value(t->records, i, F_VIN, &t->arena), vin))
			records[n++] = records_value(t->records, i, F_RECORD_ID, &t->arena);
	}
	account_line(&t->out, "vehicle %.*s", STR_FMT(trace_shown(t, STR("vin"), vin)));
	if (t->out.json)
		account_value(&t->out, "vin", trace_shown(t, STR("vin"), vin));
	trace_golden(t, STR("vehicle"), vin, records, n);
	tell_cars(t, 0, vin);
	account_open_list(&t->out, "records");
	for (size_t i = 0; i < n; i++)
		trace_record(t, records[i], STR("vin"), STR(""));
	account_close(&t->out);
}

/* ---- what was asked ---- */

static bool has_key(const struct rowset *rs, struct str key)
{
	for (size_t i = 0; i < rs->n; i++) {
		if (str_eq(rowset_value(rs, i, 0), key))
			return true;
	}
	return false;
}

/* Where a former key went. */
static struct str followed(struct trace *t, struct str id)
{
	struct str v[SUP_COLUMNS];

	for (size_t i = 0; i < t->superseded->n; i++) {
		if (!str_eq(rowset_value(t->superseded, i, SUP_OLD_ID), id))
			continue;
		rowset_get(t->superseded, i, v);
		account_line(&t->out, "%.*s became %.*s on %.*s: %.*s", STR_FMT(id), STR_FMT(v[SUP_NEW_ID]),
			     STR_FMT(v[SUP_ON]), STR_FMT(v[SUP_REASON]));
		if (t->out.json) {
			account_open(&t->out, "superseded");
			account_value(&t->out, "old_id", id);
			account_value(&t->out, "new_id", v[SUP_NEW_ID]);
			account_value(&t->out, "on", v[SUP_ON]);
			account_value(&t->out, "reason", v[SUP_REASON]);
			account_close(&t->out);
		}
		return v[SUP_NEW_ID];
	}
	return id;
}

static bool customer_is_there(const struct trace *t, struct str id)
{
	return has_key(t->customers, id) || has_key(t->pending, id);
}

/* The customer of a key, of a former key, or of an ID number in any of its forms. */
static bool find_customer(struct trace *t, struct str asked, struct str *id, struct fault *f)
{
	const char *dir = run_rules_dir(t->r, f);
	struct str identity = forgotten_identity(&t->arena, t->asked);
	char *made = arena_alloc(&t->arena, CUSTOMER_ID_LENGTH);
	struct customer_key key;

	*id = followed(t, asked);
	if (customer_is_there(t, *id))
		return true;
	if (!dir || !customer_key_load(&key, dir, f))
		return false;
	customer_id_make(&key, identity, made);
	customer_key_release(&key);
	*id = followed(t, (struct str){ made, CUSTOMER_ID_LENGTH });
	return customer_is_there(t, *id);
}

static void tell_with_customer(struct trace *t, struct str record_id)
{
	struct str v[CLU_COLUMNS] = { 0 };

	for (size_t i = 0; i < t->clusters->n; i++) {
		if (str_eq(rowset_value(t->clusters, i, CLU_RECORD_ID), record_id))
			rowset_get(t->clusters, i, v);
	}
	trace_record(t, record_id, v[CLU_METHOD], v[CLU_SCORE]);
}

static struct str customer_of(const struct trace *t, struct str record_id)
{
	for (size_t i = 0; i < t->clusters->n; i++)
		if (str_eq(rowset_value(t->clusters, i, CLU_RECORD_ID), record_id))
			return rowset_value(t->clusters, i, CLU_CUSTOMER_ID);
	return STR("");
}

/* A fault that is told now. */
static bool tell_reject(struct trace *t, struct str asked)
{
	size_t n;
	const struct rowset *const *all = trace_faults(t, &n);
	struct str v[REJ_COLUMNS];

	for (size_t k = 0; k < n; k++) {
		for (size_t i = 0; i < all[k]->n; i++) {
			if (!str_eq(rowset_value(all[k], i, REJ_REJECT_ID), asked))
				continue;
			rowset_get(all[k], i, v);
			account_line(&t->out, "reject %.*s", STR_FMT(asked));
			account_open_list(&t->out, "asked_for");
			trace_fault(t, v);
			account_close(&t->out);
			account_value(&t->out, "customer_id", customer_of(t, v[REJ_RECORD_ID]));
			account_open_list(&t->out, "records");
			tell_with_customer(t, v[REJ_RECORD_ID]);
			account_close(&t->out);
			return true;
		}
	}
	return false;
}

/* A fault that was returned once and is told no more: the number is no longer shared, the
 * conflict is settled, the row is gone. */
static bool tell_past_reject(struct trace *t, struct str asked)
{
	struct str v[REJ_COLUMNS] = { [REJ_REJECT_ID] = asked, [REJ_ACTION] = STR("told no more") };

	for (size_t i = 0; i < t->returns->n; i++) {
		if (!str_eq(t->returns->list[i].reject_id, asked))
			continue;
		v[REJ_CODE] = t->returns->list[i].code;
		v[REJ_FIELD] = t->returns->list[i].field;
		account_line(&t->out, "reject %.*s", STR_FMT(asked));
		account_open_list(&t->out, "asked_for");
		trace_fault(t, v);
		account_close(&t->out);
		return true;
	}
	return false;
}

/* Records with that ID number, valid or not: one that is nobody's, shared by many names or
 * failed. */
static bool carries_number(const struct trace *t, size_t i, struct str number, const struct map *failed)
{
	struct arena a = { 0 };
	bool carries = str_eq(records_value(t->records, i, F_ID_NUMBER, &a), number) ||
		       map_get(failed, records_value(t->records, i, F_RECORD_ID, &a));

	arena_release(&a);
	return carries;
}

static void find_failed(struct trace *t, struct str number, struct map *failed)
{
	struct str v[REJ_COLUMNS];

	for (size_t i = 0; i < t->rejects->n; i++) {
		if (!str_eq(rowset_value(t->rejects, i, REJ_FIELD), STR("id_number")))
			continue;
		rowset_get(t->rejects, i, v);
		if (str_eq(number_as_cleaned(&t->arena, v[REJ_VALUE]), number))
			map_put(failed, v[REJ_RECORD_ID], 0, NULL);
	}
}

static bool tell_number(struct trace *t)
{
	struct str number = number_as_cleaned(&t->arena, t->asked);
	struct map failed = { 0 };
	size_t n = 0;

	find_failed(t, number, &failed);
	for (size_t i = 0; i < t->records->n; i++) {
		if (!carries_number(t, i, number, &failed))
			continue;
		if (!n++) {
			account_line(&t->out, "%.*s is no customer's ID number; records that carry it:",
				     STR_FMT(trace_shown(t, STR("id_number"), number)));
			account_open_list(&t->out, "records");
		}
		tell_with_customer(t, records_value(t->records, i, F_RECORD_ID, &t->arena));
	}
	if (n)
		account_close(&t->out);
	map_release(&failed);
	return n > 0;
}

static bool answer(struct trace *t, struct str asked, struct fault *f)
{
	struct str id;

	if (find_customer(t, asked, &id, f))
		tell_customer(t, id);
	else if (fault_is(f))
		return false;
	else if (has_key(t->vehicles, t->asked))
		tell_vehicle(t, t->asked);
	else if (!tell_reject(t, asked) && !tell_past_reject(t, asked) && !(t->asked.n > 5 && tell_number(t))) {
		fault_set(f, EXIT_FAILED, "nothing in %s is known by '%.*s'", t->r->opt.state, STR_FMT(asked));
		fault_hint(f, "ask for an ID number, a customer_id, a VIN or a reject_id");
		return false;
	}
	return true;
}

static bool load(struct trace *t, struct fault *f)
{
	struct run *r = t->r;
	const struct schemas *schemas;
	struct {
		const struct rowset **slot;
		const struct table_def *def;
	} tables[] = {
		{ &t->clusters, &table_clusters },   { &t->customers, &table_customer },
		{ &t->pending, &table_pending },     { &t->vehicles, &table_vehicle },
		{ &t->lineage, &table_lineage },     { &t->ownership, &table_ownership },
		{ &t->review, &table_review },	     { &t->superseded, &table_superseded },
		{ &t->told_by_resolve, &table_rejects_resolve }, { &t->told_by_merge, &table_rejects_merge },
	};

	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		*tables[i].slot = run_table(r, tables[i].def, true, f);
		if (!*tables[i].slot)
			return false;
	}
	t->records = run_records(r, f);
	t->rejects = t->records ? run_all_rejects(r, f) : NULL;
	t->files = t->rejects ? run_all_files(r, f) : NULL;
	t->corrections = t->files ? run_all_corrections(r, f) : NULL;
	schemas = t->corrections ? run_schemas(r, f) : NULL;
	t->mended = schemas ? run_mended(r, f) : NULL;
	if (!t->mended || !golden_rules_load(&t->golden, run_rules_dir(r, f), f) ||
	    !(t->returns = returns_judged(r, f)))
		return false;
	mendings_open(&t->mendings, t->records, t->corrections);
	mendings_carry(&t->mendings, t->files, schemas);
	mendings_follow(&t->mendings, t->mended);
	return clean_watch_open(&t->watch, r, f);
}

static void release(struct trace *t)
{
	clean_watch_close(t->watch);
	mendings_close(&t->mendings);
	golden_rules_release(&t->golden);
	buf_release(&t->out.out);
	arena_release(&t->arena);
}

static bool trace_run(struct run *r, struct fault *f)
{
	struct trace t = { .r = r };
	const char *folder;
	struct fault ignored = { 0 };
	bool ok;

	if (r->opt.n_arguments != 1)
		return fault_set(f, EXIT_USAGE, "trace needs one ID number, customer_id, VIN or reject_id");
	folder = private_folder(&r->arena, f);
	if (!folder)
		return false;
	r->book->out = r->opt.in = folder;
	r->opt.quiet = true;
	account_begin(&t.out, r->opt.json);
	t.asked = text_code(&t.arena, str_of(r->opt.arguments[0]));
	ok = book_state(r, f) && run_again(r, f) && load(&t, f) && answer(&t, str_of(r->opt.arguments[0]), f);
	account_end(&t.out);
	if (ok)
		fwrite(t.out.out.p, 1, t.out.out.n, stdout);
	remove_tree(folder, &ignored);
	fault_release(&ignored);
	release(&t);
	return ok;
}

static const struct stage_option options[] = {
	{ "--state", "DIR", "what yice remembers", true },
	OPTION_RULES,
	OPTION_SCHEMAS,
	OPTION_JOBS,
	{ "--json", NULL, "for programs", false },
	{ "--clear", NULL, "show values of people unmasked", false },
	{ 0 },
};

const struct stage stage_trace = {
	.name = "trace",
	.summary = "why a value won: every record, fault and decision behind it",
	.usage = "--state DIR ID_NUMBER|CUSTOMER_ID|VIN|REJECT_ID",
	.help = "Tells all that is known of a customer, a car or a reject: the golden values with their\n"
		"source and what they beat, and each record with file, row, faults and the reason why it\n"
		"is here. Values of people are masked unless --clear is given.",
	.options = options,
	.arguments = "ID_NUMBER|CUSTOMER_ID|VIN|REJECT_ID",
	.run = trace_run,
};
