/*
 * Does a corrected value hold? It is put into the record that it mends, with those of the same
 * file that mend the same record, and that record is cleaned once more: what would be blanked
 * again, or shows the very fault it was to mend, does not.
 */
#include "mend.h"

#include "dealer_folder.h"
#include "plain_value.h"
#include "text.h"

#include <stdio.h>
#include <stdlib.h>

static const struct str headquarters = STR_INIT("hq");
const struct str mend_accepted = STR_INIT("accepted ");

bool value_is_confirmation(struct str value, struct arena *a)
{
	struct str text = text_fold_han(a, text_clean(a, value_undress(value)));
	char han[64];
	size_t n = 0;

	for (size_t i = 0; i < text.n;) {
		uint32_t c = utf8_next(text, &i);

		if (!text_is_han(c))
			continue;
		if (n + 4 > sizeof(han))
			return false;
		n += utf8_put(c, han + n);
	}
	return str_eq((struct str){han, n}, STR("确认无误")) ||
	       str_eq((struct str){han, n}, STR("已确认无误"));
}

/* ---- what a row may do ---- */

static const struct file_context *file_of(const struct mends *m, const struct mend *mend)
{
	return &m->files.list[contexts_find(&m->files, mend->base[REJ_RECORD_ID])];
}

static struct str owner_of(const struct mends *m, const struct mend *mend)
{
	return dealer_folder(mend->base[REJ_DEALER_CODE], file_of(m, mend)->sender);
}

static void decide(struct mend *mend, enum mend_status status, struct str reason)
{
	mend->status = status;
	mend->reason = reason;
}

static void ask_headquarters(struct mends *m, struct mend *mend)
{
	mend->decision = mends_decision(m, mend->row[CRW_RECORD_ID], mend->base[REJ_FIELD]);
	mend->for_review = !mend->decision.n;
}

/* The value in the form that the tables write, for one that no check can bring into it; ""
 * where it has no such form. */
static struct str as_written(enum field field, struct str value, struct arena *a)
{
	struct str text = text_clean(a, value_undress(value));
	struct buf b = {0};

	if (field != F_MOBILE && field != F_PLATE && field != F_EMAIL)
		return text;
	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];

		if (c == ' ' || (field == F_MOBILE && (c < '0' || c > '9')))
			continue;
		buf_char(&b, field == F_PLATE && c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c);
	}
	text = field == F_MOBILE && b.n != 11 ? STR("") : str_keep(a, buf_view(&b));
	buf_release(&b);
	return text;
}

static void decide_confirmation(struct mends *m, struct mend *mend)
{
	struct str value = (mend->code->acceptable || mend->code->confirmable) && mend->field != F_COUNT
				   ? as_written(mend->field, mend->base[REJ_VALUE], &m->arena)
				   : STR("");

	if (mend->code->confirmable) {
		/* what was only warned about stands; a value that was blanked comes in */
		mend->as_it_is = str_eq(mend->base[REJ_ACTION], action_name(ACTION_BLANK)) && value.n;
		mend->value = mend->as_it_is ? value : mend->value;
		if (!mend->as_it_is)
			decide(mend, MEND_CONFIRMED, STR(""));
		return;
	}
	mend->decision = value.n ? mends_decision(m, mend->row[CRW_RECORD_ID], mend->base[REJ_FIELD])
				 : STR("");
	mend->as_it_is = mend->decision.n > 0;
	if (mend->as_it_is)
		mend->value = value;
	else
		decide(mend, MEND_REVIEW, value.n ? STR("as_it_is") : STR("not_confirmable"));
}

/* All that needs no look at the value itself. */
static void decide_first(struct mends *m, struct mend *mend)
{
	bool names_who = mend->field == F_NAME || mend->field == F_ID_NUMBER;

	if (!mend->value.n)
		decide(mend, MEND_EMPTY, STR(""));
	else if (!mend->code)
		decide(mend, MEND_UNKNOWN, STR(""));
	else if (!str_eq(owner_of(m, mend), mend->row[CRW_DEALER_CODE]))
		decide(mend, MEND_FOREIGN, STR(""));
	else if (value_is_confirmation(mend->value, &m->arena))
		decide_confirmation(m, mend);
	else if (mend->field == F_COUNT)
		decide(mend, MEND_STILL_WRONG, STR("whole_row"));
	else if (names_who && str_eq(file_of(m, mend)->sender, headquarters))
		ask_headquarters(m, mend);
}

/* ---- fields that are nothing without each other ---- */

static void carry_group(struct record *rec, const struct record *mended, enum field field)
{
	struct field_set group = field_group(field);

	for (enum field f = 0; f < F_COUNT; f++)
		if (field_set_has(&group, f))
			rec->v[f] = mended->v[f];
}

/* All that a correction record carries. */
static void carry_all(struct record *rec, const struct record *from)
{
	for (enum field field = F_CUSTOMER_TYPE; field < F_COUNT; field++) {
		if (from->v[field].n && field != F_CONTACT_NO)
			carry_group(rec, from, field);
	}
}

/* ---- the base record with corrected values in it ---- */

static bool is_address_line(enum field field)
{
	return field == F_ADDRESS1 || field == F_ADDRESS2 || field == F_ADDRESS3;
}

static struct str join_lines(const struct str *v, struct arena *a)
{
	struct str all = v[F_ADDRESS1];

	for (enum field field = F_ADDRESS2; field <= F_ADDRESS3; field++)
		if (v[field].n)
			all = all.n ? str_printf(a, "%.*s %.*s", STR_FMT(all), STR_FMT(v[field]))
				    : v[field];
	return all;
}

static void put_value(struct record *rec, enum field field, struct str value, struct arena *a)
{
	rec->v[field] = value;
	if (is_address_line(field))
		rec->v[F_ADDRESS] = join_lines(rec->v, a);
	if (field == F_ADDRESS)
		rec->v[F_ADDRESS1] = rec->v[F_ADDRESS2] = rec->v[F_ADDRESS3] = STR("");
}

/* A table where the corrected field can stand; not a touch point that never was, where
 * there is another. */
static unsigned feeds_for(enum field field, unsigned base)
{
	static const enum entity order[] = {ENTITY_CUSTOMER, ENTITY_VEHICLE, ENTITY_CONTACT};

	for (int i = 0; i < ENTITY_COUNT; i++)
		if (entity_has(order[i], field) && (!base || (base & FEEDS(order[i]))))
			return FEEDS(order[i]);
	return 0;
}

/* The record as earlier corrections left it. One that was rejected is read again from its
 * original row (*rejected: no table has it yet); where that is not kept it has nothing but its
 * origin. */
static bool base_record(struct mends *m, const struct mend *mend, struct record *rec, bool *rejected,
			struct fault *f)
{
	struct record earlier;
	struct mends_cursor cursor = {0};
	bool found;

	*rejected = false;
	if (!mends_record(m, mend->base[REJ_RECORD_ID], rec, &found, f))
		return false;
	if (!found)
		*rejected = run_record_state(m->c->run, mend->base[REJ_RECORD_ID]) == RUN_RECORD &&
			    run_reread(m->c->run, mend->base[REJ_RECORD_ID], rec, &m->arena, f);
	if (fault_is(f))
		return false;
	if (found || *rejected) {
		while (mends_earlier(m, mend->base[REJ_RECORD_ID], &cursor, &earlier))
			carry_all(rec, &earlier);
		return true;
	}
	*rec = (struct record){.feeds = feeds_for(mend->field, 0)};
	rec->v[F_RECORD_ID] = mend->base[REJ_RECORD_ID];
	rec->v[F_SOURCE] = mend->base[REJ_SOURCE];
	rec->v[F_DEALER_CODE] = mend->base[REJ_DEALER_CODE];
	return true;
}

/* ---- judging ---- */

/* A fault of the corrected value: what would blank it again, or the very fault that it was
 * to mend. Other warnings are told of the new value, which counts. */
static bool is_against(const struct mend *mend, const struct str reject[REJ_COLUMNS])
{
	if (field_find(reject[REJ_FIELD]) != mend->field ||
	    str_eq(reject[REJ_ACTION], action_name(ACTION_FIX)))
		return false;
	if (mend->as_it_is)
		return false; /* whoever accepted it saw the value */
	return !str_eq(reject[REJ_ACTION], action_name(ACTION_WARN)) ||
	       str_eq(reject[REJ_CODE], mend->code->name);
}

/* The line of the base record's check made one of the correction's row. */
static void tell(struct mends *m, const struct mend *mend, const struct str found[REJ_COLUMNS])
{
	const struct file_context *file =
		&m->files.list[contexts_find(&m->files, mend->row[CRW_RECORD_ID])];
	struct str v[REJ_COLUMNS], stem;
	char id[16], number[11];
	uint32_t row;

	memcpy(v, found, sizeof(v));
	record_id_split(mend->row[CRW_RECORD_ID], &stem, &row);
	reject_id_make(mend->row[CRW_RECORD_ID], v[REJ_FIELD], v[REJ_CODE], id);
	v[REJ_REJECT_ID] = (struct str){id, sizeof(id)};
	v[REJ_RECORD_ID] = mend->row[CRW_RECORD_ID];
	v[REJ_SOURCE] = STR("correction");
	v[REJ_FILE] = file->context.file;
	v[REJ_ROW] = (struct str){number, (size_t)snprintf(number, sizeof(number), "%u", row)};
	v[REJ_HEADER] = codes_label(m->c->codes, STR("corrected_value"), LANG_ZH);
	v[REJ_VALUE] = mend->row[CRW_CORRECTED_VALUE];
	rowset_add(&m->told, v);
}

static struct str more(struct str list, struct str code, struct arena *a)
{
	if (!list.n || str_has(list, code))
		return list.n ? list : str_keep(a, code);
	return str_printf(a, "%.*s;%.*s", STR_FMT(list), STR_FMT(code));
}

/* A later row of the file gives another value for the same field: that one stands in the record. */
static bool is_superseded(struct mend *const *group, size_t n, size_t i)
{
	for (size_t k = i + 1; k < n; k++)
		if (group[k]->status == MEND_OPEN && group[k]->field == group[i]->field &&
		    !str_eq(group[k]->value, group[i]->value))
			return true;
	return false;
}

/* Cleans the base record with the values of those mends that still stand in it, and takes
 * out whose value fails. True where all of them hold. */
static bool try_values(struct mends *m, struct mend **group, size_t n, const struct record *base,
		       struct record *mended, struct rowset *rejects)
{
	struct clean_context context = file_of(m, group[0])->context;
	bool all_hold = true;

	context.expected = NULL;
	*mended = *base;
	for (size_t i = 0; i < n; i++)
		if (group[i]->status == MEND_OPEN)
			put_value(mended, group[i]->field, group[i]->value, &m->arena);
	mended->v[F_OBSERVED_ON] = group[0]->row[CRW_OBSERVED_ON];
	cleaner_record(m->c->cleaner, &context, mended, rejects, &m->arena);
	for (size_t i = 0; i < n; i++)
		if (group[i]->status == MEND_OPEN && group[i]->as_it_is)
			mended->v[group[i]->field] = group[i]->value;
	for (size_t r = 0; r < rejects->n; r++) {
		struct str found[REJ_COLUMNS];

		rowset_get(rejects, r, found);
		for (size_t i = 0; i < n; i++) {
			if (group[i]->status != MEND_OPEN || is_superseded(group, n, i) ||
			    !is_against(group[i], found))
				continue;
			group[i]->reason = more(group[i]->reason, found[REJ_CODE], &m->arena);
			all_hold = false;
		}
	}
	return all_hold;
}

static void drop_failed(struct mends *m, struct mend **group, size_t n,
			const struct rowset *rejects)
{
	struct str found[REJ_COLUMNS];

	for (size_t i = 0; i < n; i++) {
		if (group[i]->status != MEND_OPEN || !group[i]->reason.n)
			continue;
		group[i]->status = MEND_STILL_WRONG;
		for (size_t r = 0; r < rejects->n; r++) {
			rowset_get(rejects, r, found);
			if (is_against(group[i], found))
				tell(m, group[i], found);
		}
	}
}

/* A value that does not stand in the record is looked at by itself, so that its row is told what is
 * wrong with it, and nothing of another's. */
static void try_superseded(struct mends *m, struct mend **group, size_t n, const struct record *base)
{
	for (size_t i = 0; i < n; i++) {
		struct rowset rejects;
		struct record mended;

		if (!is_superseded(group, n, i))
			continue;
		rowset_init(&rejects, &table_rejects_clean);
		if (!try_values(m, group + i, 1, base, &mended, &rejects))
			drop_failed(m, group + i, 1, &rejects);
		rowset_release(&rejects);
	}
}

/* ---- the record that carries a corrected value ---- */

static void add_record(struct mends *m, const struct mend *mend, const struct record *base,
		       const struct record *mended)
{
	struct record rec = {.feeds = feeds_for(mend->field, base->feeds)};

	rec.v[F_RECORD_ID] = mend->row[CRW_RECORD_ID];
	rec.v[F_SOURCE] = STR("correction");
	rec.v[F_DEALER_CODE] = base->v[F_DEALER_CODE];
	rec.v[F_OBSERVED_ON] = mend->row[CRW_OBSERVED_ON];
	rec.v[F_SOURCE_KEY] = base->v[F_SOURCE_KEY];
	rec.v[F_CONTACT_NO] = base->v[F_CONTACT_NO];
	carry_group(&rec, mended, mend->field);
	mends_applied(m, (size_t)(mend - m->list), &rec);
}

/* The mended row of a record that no table has, or that only its key ties to anyone: all of it
 * comes in by the correction, newer than what one before brought in. Only what was mended counts as
 * corrected (mending.h). */
static void add_whole(struct mends *m, const struct mend *mend, const struct record *mended)
{
	struct record rec = *mended;

	rec.v[F_RECORD_ID] = mend->row[CRW_RECORD_ID];
	rec.v[F_SOURCE] = STR("correction");
	rec.v[F_OBSERVED_ON] = mend->row[CRW_OBSERVED_ON];
	mends_applied(m, (size_t)(mend - m->list), &rec);
}

/* Warnings of the new value belong to the record that carries it. */
static void tell_warnings(struct mends *m, const struct mend *mend, const struct rowset *rejects)
{
	struct str found[REJ_COLUMNS];

	for (size_t r = 0; r < rejects->n; r++) {
		rowset_get(rejects, r, found);
		if (field_find(found[REJ_FIELD]) == mend->field && !mend->as_it_is)
			tell(m, mend, found);
	}
}

/* What became of a value that does not stand in the record. */
static struct str judge_superseded(struct mends *m, struct mend *mend, const struct record *base)
{
	struct rowset rejects;
	struct record mended;

	rowset_init(&rejects, &table_rejects_clean);
	try_values(m, &mend, 1, base, &mended, &rejects);
	if (!mend->for_review)
		tell_warnings(m, mend, &rejects);
	rowset_release(&rejects);
	return mended.v[mend->field];
}

static struct str why_applied(struct mends *m, const struct mend *mend)
{
	if (!mend->decision.n)
		return mend->as_it_is ? STR("as_it_is") : STR("");
	return str_printf(&m->arena, "%.*s%s%.*s", STR_FMT(mend_accepted),
			  mend->as_it_is ? "as_it_is " : "", STR_FMT(mend->decision));
}

/* All rows of one file that mend one record. */
static bool judge_group(struct mends *m, struct mend **group, size_t n, struct fault *f)
{
	struct record base, mended;
	struct rowset rejects;
	bool settled = false, brought_in = false, rejected, whole, superseded;

	if (!base_record(m, group[0], &base, &rejected, f))
		return false;
	try_superseded(m, group, n, &base);
	for (;;) {
		rowset_init(&rejects, &table_rejects_clean);
		settled = try_values(m, group, n, &base, &mended, &rejects);
		if (settled)
			break;
		drop_failed(m, group, n, &rejects);
		rowset_release(&rejects);
	}
	whole = rejected || (record_is_known_by_key(&base) && !record_is_known_by_key(&mended));
	for (size_t i = 0; i < n; i++) {
		struct mend *mend = group[i];

		if (mend->status != MEND_OPEN)
			continue;
		superseded = is_superseded(group, n, i);
		mend->value = superseded ? judge_superseded(m, mend, &base) : mended.v[mend->field];
		if (mend->for_review) {
			decide(mend, MEND_REVIEW, STR("headquarters"));
			continue;
		}
		decide(mend, MEND_APPLIED, why_applied(m, mend));
		if (!superseded)
			tell_warnings(m, mend, &rejects);
		if (whole && !brought_in)
			add_whole(m, mend, &mended); /* with the values of the others */
		else if (!rejected)
			add_record(m, mend, &base, &mended);
		brought_in = true;
	}
	rowset_release(&rejects);
	return true;
}

/* ---- all of one file ---- */

static bool same_group(const struct mend *a, const struct mend *b)
{
	return str_eq(a->base[REJ_RECORD_ID], b->base[REJ_RECORD_ID]) &&
	       a->for_review == b->for_review;
}

static int by_group(const void *a, const void *b)
{
	const struct mend *one = *(struct mend *const *)a, *other = *(struct mend *const *)b;
	int c = record_id_cmp(one->base[REJ_RECORD_ID], other->base[REJ_RECORD_ID]);

	if (!c)
		c = (int)one->for_review - (int)other->for_review;
	return c ? c : record_id_cmp(one->row[CRW_RECORD_ID], other->row[CRW_RECORD_ID]);
}

bool mends_judge_file(struct mends *m, struct mend **rows, size_t n, struct fault *f)
{
	size_t open = 0;

	for (size_t i = 0; i < n; i++) {
		decide_first(m, rows[i]);
		if (rows[i]->status == MEND_OPEN)
			rows[open++] = rows[i];
	}
	qsort(rows, open, sizeof(*rows), by_group);
	for (size_t start = 0, end; start < open; start = end) {
		for (end = start + 1; end < open && same_group(rows[start], rows[end]); end++)
			continue;
		if (!judge_group(m, rows + start, end - start, f))
			return false;
	}
	return true;
}
