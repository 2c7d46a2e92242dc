/*
 * One record: where it came from, as it came, what each rule did to each value, what was
 * wrong with it, who mended it and what became of what was returned.
 */
#include "trace.h"

#include "mask.h"
#include "text.h"

#include <stdio.h>

/* ---- faults ---- */

static void tell_answer(struct trace *t, const struct str v[COR_COLUMNS])
{
	account_open(&t->out, NULL);
	account_line(&t->out, "- %.*s", STR_FMT(v[COR_RECORD_ID]));
	if (t->out.json)
		account_value(&t->out, "record_id", v[COR_RECORD_ID]);
	account_value(&t->out, "from_dealer", v[COR_DEALER_CODE]);
	account_value(&t->out, "on", v[COR_OBSERVED_ON]);
	account_value(&t->out, "value", trace_shown(t, v[COR_FIELD], v[COR_VALUE]));
	account_value(&t->out, "became", v[COR_STATUS]);
	account_value(&t->out, "reason", v[COR_REASON]);
	account_close(&t->out);
}

static bool is_answer_to(const struct str v[REJ_COLUMNS], const struct str answer[COR_COLUMNS])
{
	return str_eq(answer[COR_REJECT_ID], v[REJ_REJECT_ID]) ||
	       (str_eq(answer[COR_BASE_RECORD_ID], v[REJ_RECORD_ID]) &&
		str_eq(answer[COR_FIELD], v[REJ_FIELD]) && str_eq(answer[COR_CODE], v[REJ_CODE]));
}

static void tell_answers(struct trace *t, const struct str fault[REJ_COLUMNS])
{
	struct str v[COR_COLUMNS];

	account_open_list(&t->out, "answers");
	for (size_t i = 0; i < t->corrections->n; i++) {
		rowset_get(t->corrections, i, v);
		if (is_answer_to(fault, v))
			tell_answer(t, v);
	}
	account_close(&t->out);
}

/* What became of it after it was returned. */
static void tell_fate(struct trace *t, struct str reject_id)
{
	for (size_t i = 0; i < t->returns->n; i++) {
		const struct returned *returned = &t->returns->list[i];

		if (!str_eq(returned->reject_id, reject_id))
			continue;
		account_value(&t->out, "returned_to", returned->dealer);
		account_value(&t->out, "first_sent", returned->first_sent);
		account_value(&t->out, "status", return_status_name(returned->status));
		account_value(&t->out, "closed_on", returned->closed_on);
	}
}

void trace_fault(struct trace *t, const struct str v[REJ_COLUMNS])
{
	account_open(&t->out, NULL);
	account_line(&t->out, "- %.*s %.*s (%.*s): %.*s", STR_FMT(v[REJ_FIELD]), STR_FMT(v[REJ_CODE]),
		     STR_FMT(v[REJ_ACTION]), STR_FMT(v[REJ_REJECT_ID]));
	if (t->out.json) {
		account_value(&t->out, "reject_id", v[REJ_REJECT_ID]);
		account_value(&t->out, "field", v[REJ_FIELD]);
		account_value(&t->out, "code", v[REJ_CODE]);
		account_value(&t->out, "action", v[REJ_ACTION]);
	}
	account_value(&t->out, "as_it_came", trace_shown(t, v[REJ_FIELD], v[REJ_VALUE]));
	account_value(&t->out, "repaired_to", trace_shown(t, v[REJ_FIELD], v[REJ_CORRECTED_VALUE]));
	account_value(&t->out, "message",
		      t->r->opt.clear ? v[REJ_MESSAGE] : mask_text(&t->arena, v[REJ_MESSAGE]));
	tell_fate(t, v[REJ_REJECT_ID]);
	tell_answers(t, v);
	account_close(&t->out);
}

static void tell_faults(struct trace *t, struct str record_id)
{
	size_t n;
	const struct rowset *const *all = trace_faults(t, &n);
	struct str v[REJ_COLUMNS];

	account_open_list(&t->out, "faults");
	for (size_t k = 0; k < n; k++) {
		for (size_t i = 0; i < all[k]->n; i++) {
			if (!str_eq(rowset_value(all[k], i, REJ_RECORD_ID), record_id))
				continue;
			rowset_get(all[k], i, v);
			trace_fault(t, v);
		}
	}
	account_close(&t->out);
}

/* ---- the row, and what the rules made of it ---- */

static void tell_values(struct trace *t, const struct record *rec)
{
	account_open(&t->out, "values");
	for (int i = F_SOURCE_KEY; i < F_COUNT; i++) {
		char name[64];

		if (!rec->v[i].n)
			continue;
		snprintf(name, sizeof(name), "%.*s", STR_FMT(field_name((enum field)i)));
		account_value(&t->out, name, trace_shown(t, field_name((enum field)i), rec->v[i]));
	}
	account_close(&t->out);
}

static void tell_change(void *trace, const struct value_change *change)
{
	struct trace *t = trace;
	struct str field = field_name(change->field);
	struct str before = trace_shown(t, field, change->before), after = trace_shown(t, field, change->after);

	account_open(&t->out, NULL);
	if (t->out.json) {
		account_value(&t->out, "field", field);
		account_value(&t->out, "rule", str_printf(&t->arena, "cleansing.csv:%zu", change->line));
		account_value(&t->out, "check", str_of(change->check));
		account_value(&t->out, "before", before);
		account_value(&t->out, "after", after);
	} else {
		account_line(&t->out, "- %.*s by %s (cleansing.csv:%zu): %s%.*s%s", STR_FMT(field),
			     change->check, change->line, after.n ? "became \"" : "not used",
			     STR_FMT(after), after.n ? "\"" : "");
		account_value(&t->out, "before", before);
	}
	account_close(&t->out);
}

static void tell_changes(struct trace *t, struct str record_id)
{
	struct fault ignored = { 0 };
	struct record rec;

	account_open_list(&t->out, "what_the_rules_did");
	if (run_reread(t->r, record_id, &rec, &t->arena, &ignored))
		clean_watch_record(t->watch, &rec, tell_change, t, &t->arena);
	account_close(&t->out);
	fault_release(&ignored);
}

static void tell_original(struct trace *t, struct str record_id)
{
	struct original_row original;
	struct str line;

	if (!run_original(t->r, record_id, &original))
		return;
	if (t->r->opt.clear && run_original_line(t->r, record_id, &line, &t->arena))
		account_value(&t->out, "original_line", line);
	else
		account_line(&t->out, "original_line: %zu bytes%s", original.row.n,
			     t->r->opt.clear ? " (not text)" : " (shown with --clear)");
}

static void tell_place(struct trace *t, struct str record_id)
{
	struct str stem;
	uint32_t row;

	record_id_split(record_id, &stem, &row);
	for (size_t i = 0; i < t->files->n; i++) {
		if (!str_eq(rowset_value(t->files, i, FIL_STEM), stem))
			continue;
		account_value(&t->out, "file", rowset_value(t->files, i, FIL_FILE));
		account_value(&t->out, "row", str_printf(&t->arena, "%u", row));
		return;
	}
}

/* ---- corrections ---- */

static void tell_mended(struct trace *t, size_t at)
{
	const struct mending *mending = mendings_by(&t->mendings, at);
	size_t n = 0;

	if (mending && mending->base != MENDS_NOTHING)
		account_value(&t->out, "mends",
			      records_value(t->records, mending->base, F_RECORD_ID, &t->arena));
	mending = mendings_of(&t->mendings, at, &n);
	account_open_list(&t->out, "mended_by");
	for (; n > 0; mending++, n--) {
		struct str id = records_value(t->records, mending->correction, F_RECORD_ID, &t->arena);

		account_open(&t->out, NULL);
		account_line(&t->out, "- %.*s", STR_FMT(id));
		if (t->out.json)
			account_value(&t->out, "record_id", id);
		account_value(&t->out, "field", field_name(mending->field));
		account_close(&t->out);
	}
	account_close(&t->out);
}

/* Of a row that was mended and sent again, and of what an answer brought in. */
static struct str newest_of(struct trace *t, struct str record_id, ptrdiff_t at)
{
	struct str newest = mended_row(t->mended, record_id);

	if (!newest.n && at >= 0 && mendings_newest(&t->mendings, (uint32_t)at) != (uint32_t)at)
		return records_value(t->records, mendings_newest(&t->mendings, (uint32_t)at), F_RECORD_ID, &t->arena);
	return newest;
}

void trace_record(struct trace *t, struct str record_id, struct str method, struct str score)
{
	ptrdiff_t at = records_find(t->records, record_id);
	struct record rec;
	struct str newest;

	account_open(&t->out, NULL);
	account_line(&t->out, "- %.*s", STR_FMT(record_id));
	if (t->out.json)
		account_value(&t->out, "record_id", record_id);
	tell_place(t, record_id);
	account_value(&t->out, "together_by", method);
	account_value(&t->out, "score", score);
	newest = newest_of(t, record_id, at);
	if (newest.n)
		account_value(&t->out, "replaced_by", newest);
	if (at >= 0) {
		records_get(t->records, (size_t)at, &rec, &t->arena);
		account_value(&t->out, "source", rec.v[F_SOURCE]);
		account_value(&t->out, "dealer_code", rec.v[F_DEALER_CODE]);
		account_value(&t->out, "observed_on", rec.v[F_OBSERVED_ON]);
		tell_mended(t, (size_t)at);
		tell_values(t, &rec);
	} else {
		account_line(&t->out, "no table holds it: the row was rejected, repeated or withdrawn");
	}
	tell_original(t, record_id);
	if (at < 0 || !str_eq(rec.v[F_SOURCE], STR("correction")))
		tell_changes(t, record_id);
	tell_faults(t, record_id);
	account_close(&t->out);
}
