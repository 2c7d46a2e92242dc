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

#include "account.h"
#include "book.h"
#include "mask.h"
#include "outfile.h"
#include "text.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct trace {
	struct run *r;
	struct arena arena;
	struct account out;
	struct str asked; /* as a code: upper case, without spaces */
	const struct rowset *clusters, *customers, *pending, *vehicles, *lineage, *ownership, *review,
		*superseded, *rejects, *told_by_resolve, *told_by_merge;
	const struct records *records;
};

/* ---- values ---- */

static struct str shown(struct trace *t, struct str field, struct str value)
{
	enum field known = field_find(field);

	return t->r->opt.clear || known == F_COUNT ? value : mask_value(&t->arena, known, value);
}

/* ---- one record ---- */

static void tell_fault(struct trace *t, const struct str *v)
{
	account_open(&t->out, NULL);
	account_line(&t->out, "- %.*s %.*s (%.*s): %.*s", STR_FMT(v[REJ_FIELD]), STR_FMT(v[REJ_CODE]),
		     STR_FMT(v[REJ_ACTION]), STR_FMT(v[REJ_REJECT_ID]));
	account_value(&t->out, "reject_id", v[REJ_REJECT_ID]);
	account_value(&t->out, "field", v[REJ_FIELD]);
	account_value(&t->out, "code", v[REJ_CODE]);
	account_value(&t->out, "action", v[REJ_ACTION]);
	account_value(&t->out, "as_it_came", shown(t, v[REJ_FIELD], v[REJ_VALUE]));
	account_value(&t->out, "repaired_to", shown(t, v[REJ_FIELD], v[REJ_CORRECTED_VALUE]));
	account_value(&t->out, "message", t->r->opt.clear ? v[REJ_MESSAGE] : mask_text(&t->arena, v[REJ_MESSAGE]));
	account_close(&t->out);
}

static void tell_faults(struct trace *t, struct str record_id)
{
	const struct rowset *all[] = { t->rejects, t->told_by_resolve, t->told_by_merge };
	struct str v[REJ_COLUMNS];

	account_open_list(&t->out, "faults");
	for (size_t k = 0; k < 3; k++) {
		for (size_t i = 0; i < all[k]->n; i++) {
			if (!str_eq(rowset_value(all[k], i, REJ_RECORD_ID), record_id))
				continue;
			rowset_get(all[k], i, v);
			tell_fault(t, v);
		}
	}
	account_close(&t->out);
}

static void tell_values(struct trace *t, const struct record *rec)
{
	account_open(&t->out, "values");
	for (int i = F_SOURCE_KEY; i < F_COUNT; i++) {
		char name[64];

		if (!rec->v[i].n)
			continue;
		snprintf(name, sizeof(name), "%.*s", STR_FMT(field_name((enum field)i)));
		account_value(&t->out, name, shown(t, field_name((enum field)i), rec->v[i]));
	}
	account_close(&t->out);
}

static void tell_original(struct trace *t, struct str record_id)
{
	struct str row, header;

	if (!run_original(t->r, record_id, &row, &header))
		return;
	if (t->r->opt.clear && text_is_utf8(row))
		account_value(&t->out, "original_line", str_trim(row));
	else
		account_line(&t->out, "original_line: %zu bytes%s", row.n,
			     t->r->opt.clear ? " (not UTF-8)" : " (shown with --clear)");
}

static void tell_record(struct trace *t, struct str record_id, struct str method, struct str score)
{
	ptrdiff_t at = records_find(t->records, record_id);
	struct record rec;

	account_open(&t->out, NULL);
	account_line(&t->out, "- %.*s", STR_FMT(record_id));
	account_value(&t->out, "record_id", record_id);
	account_value(&t->out, "together_by", method);
	account_value(&t->out, "score", score);
	if (at >= 0) {
		records_get(t->records, (size_t)at, &rec, &t->arena);
		account_value(&t->out, "source", rec.v[F_SOURCE]);
		account_value(&t->out, "dealer_code", rec.v[F_DEALER_CODE]);
		account_value(&t->out, "observed_on", rec.v[F_OBSERVED_ON]);
		tell_values(t, &rec);
	} else {
		account_line(&t->out, "no table holds it: the row was rejected, repeated or withdrawn");
	}
	tell_original(t, record_id);
	tell_faults(t, record_id);
	account_close(&t->out);
}

/* ---- golden values ---- */

/* The other values that records of this customer (or car) gave for an attribute. */
static void tell_beaten(struct trace *t, const struct str *records, size_t n, struct str attribute, struct str won)
{
	enum field field = field_find(attribute);
	struct str *told = arena_alloc(&t->arena, sizeof(*told) * (n + 1));
	size_t n_told = 0;

	account_open_list(&t->out, "beat");
	for (size_t i = 0; i < n && field != F_COUNT; i++) {
		ptrdiff_t at = records_find(t->records, records[i]);
		struct record rec;
		bool again = false;

		if (at < 0)
			continue;
		records_get(t->records, (size_t)at, &rec, &t->arena);
		for (size_t k = 0; k < n_told; k++)
			again |= str_eq(told[k], rec.v[field]);
		if (again || !rec.v[field].n || str_eq(rec.v[field], won))
			continue;
		told[n_told++] = rec.v[field];
		account_open(&t->out, NULL);
		account_line(&t->out, "- %.*s", STR_FMT(shown(t, attribute, rec.v[field])));
		if (t->out.json)
			account_value(&t->out, "value", shown(t, attribute, rec.v[field]));
		account_value(&t->out, "source", rec.v[F_SOURCE]);
		account_value(&t->out, "record_id", records[i]);
		account_value(&t->out, "observed_on", rec.v[F_OBSERVED_ON]);
		account_close(&t->out);
	}
	account_close(&t->out);
}

static void tell_golden(struct trace *t, struct str entity, struct str key, const struct str *records, size_t n)
{
	struct str v[LIN_COLUMNS];

	account_open_list(&t->out, "golden_values");
	for (size_t i = 0; i < t->lineage->n; i++) {
		if (!str_eq(rowset_value(t->lineage, i, LIN_KEY), key))
			continue;
		rowset_get(t->lineage, i, v);
		if (!str_eq(v[LIN_ENTITY], entity))
			continue;
		account_open(&t->out, NULL);
		account_line(&t->out, "- %.*s = %.*s", STR_FMT(v[LIN_ATTRIBUTE]),
			     STR_FMT(shown(t, v[LIN_ATTRIBUTE], v[LIN_VALUE])));
		if (t->out.json) {
			account_value(&t->out, "attribute", v[LIN_ATTRIBUTE]);
			account_value(&t->out, "value", shown(t, v[LIN_ATTRIBUTE], v[LIN_VALUE]));
		}
		account_value(&t->out, "rule", v[LIN_RULE]);
		account_value(&t->out, "source", v[LIN_SOURCE]);
		account_value(&t->out, "record_id", v[LIN_RECORD_ID]);
		account_value(&t->out, "observed_on", v[LIN_OBSERVED_ON]);
		account_value(&t->out, "candidates", v[LIN_CANDIDATES]);
		tell_beaten(t, records, n, v[LIN_ATTRIBUTE], v[LIN_VALUE]);
		account_close(&t->out);
	}
	account_close(&t->out);
}

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
		account_value(&t->out, "current_value", shown(t, v[REV_ATTRIBUTE], v[REV_CURRENT_VALUE]));
		account_value(&t->out, "new_value", shown(t, v[REV_ATTRIBUTE], v[REV_NEW_VALUE]));
		account_value(&t->out, "reason", v[REV_REASON]);
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
		account_value(&t->out, "vin", shown(t, STR("vin"), v[0]));
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
	struct str v[TABLE_MAX_COLUMNS];
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
	tell_golden(t, pending ? STR("pending") : STR("customer"), id, records, n);
	tell_cars(t, 1, id);
	tell_reviews(t, id);
	account_open_list(&t->out, "records");
	for (size_t i = 0; i < t->clusters->n; i++) {
		rowset_get(t->clusters, i, v);
		if (str_eq(v[CLU_CUSTOMER_ID], id))
			tell_record(t, v[CLU_RECORD_ID], v[CLU_METHOD], v[CLU_SCORE]);
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
	account_line(&t->out, "vehicle %.*s", STR_FMT(shown(t, STR("vin"), vin)));
	if (t->out.json)
		account_value(&t->out, "vin", shown(t, STR("vin"), vin));
	tell_golden(t, STR("vehicle"), vin, records, n);
	tell_cars(t, 0, vin);
	account_open_list(&t->out, "records");
	for (size_t i = 0; i < n; i++)
		tell_record(t, records[i], STR("vin"), STR(""));
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

/* The customer of an ID number, of a key of theirs, or of a key they had. */
static bool find_customer(struct trace *t, struct str asked, struct str *id)
{
	int number = table_column(&table_customer, STR("id_number"));

	*id = asked;
	for (size_t i = 0; i < t->superseded->n; i++) {
		if (str_eq(rowset_value(t->superseded, i, SUP_OLD_ID), asked)) {
			*id = rowset_value(t->superseded, i, SUP_NEW_ID);
			account_line(&t->out, "%.*s became %.*s: %.*s", STR_FMT(asked), STR_FMT(*id),
				     STR_FMT(rowset_value(t->superseded, i, SUP_REASON)));
		}
	}
	if (has_key(t->customers, *id) || has_key(t->pending, *id))
		return true;
	for (size_t i = 0; i < t->customers->n; i++) {
		if (str_eq(rowset_value(t->customers, i, number), t->asked)) {
			*id = rowset_value(t->customers, i, 0);
			return true;
		}
	}
	return false;
}

static bool find_reject(struct trace *t, struct str asked, struct str *record_id)
{
	const struct rowset *all[] = { t->rejects, t->told_by_resolve, t->told_by_merge };

	for (size_t k = 0; k < 3; k++) {
		for (size_t i = 0; i < all[k]->n; i++) {
			if (str_eq(rowset_value(all[k], i, REJ_REJECT_ID), asked)) {
				*record_id = rowset_value(all[k], i, REJ_RECORD_ID);
				return true;
			}
		}
	}
	return false;
}

static void tell_reject(struct trace *t, struct str record_id)
{
	struct str v[CLU_COLUMNS] = { 0 };

	for (size_t i = 0; i < t->clusters->n; i++) {
		if (str_eq(rowset_value(t->clusters, i, CLU_RECORD_ID), record_id))
			rowset_get(t->clusters, i, v);
	}
	account_open_list(&t->out, "records");
	tell_record(t, record_id, v[CLU_METHOD], v[CLU_SCORE]);
	account_close(&t->out);
	if (v[CLU_CUSTOMER_ID].n)
		account_value(&t->out, "customer_id", v[CLU_CUSTOMER_ID]);
}

static bool answer(struct trace *t, struct str asked, struct fault *f)
{
	struct str id;

	if (find_customer(t, asked, &id))
		tell_customer(t, id);
	else if (has_key(t->vehicles, t->asked))
		tell_vehicle(t, t->asked);
	else if (find_reject(t, asked, &id))
		tell_reject(t, id);
	else {
		fault_set(f, EXIT_FAILED, "nothing in %s is known by '%.*s'", t->r->opt.state, STR_FMT(asked));
		fault_hint(f, "ask for an ID number, a customer_id, a VIN or a reject_id");
		return false;
	}
	return true;
}

static bool load(struct trace *t, struct fault *f)
{
	struct run *r = t->r;
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
	t->rejects = run_all_rejects(r, f);
	return t->records && t->rejects;
}

static bool trace_run(struct run *r, struct fault *f)
{
	struct trace t = { .r = r };
	char folder[] = "/tmp/yice-trace-XXXXXX";
	struct fault ignored = { 0 };
	bool ok;

	if (r->opt.n_arguments != 1)
		return fault_set(f, EXIT_USAGE, "trace needs one ID number, customer_id, VIN or reject_id");
	if (!mkdtemp(folder))
		return fault_errno(f, "make a folder", folder);
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
	buf_release(&t.out.out);
	arena_release(&t.arena);
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
