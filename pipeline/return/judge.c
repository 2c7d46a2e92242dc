/*
 * The judgement of include/returns.h. What is told now is gathered from the rejects tables,
 * one entry a reject_id; each gets its status from the dealers' answers and from the rows
 * that replaced its row; then comes what the state remembers and nobody tells any more.
 */
#include "judging.h"

#include "book.h"
#include "date.h"

#include <stdlib.h>

/* returns.csv, and what must be known of a fault when its record is gone. */
static const char *const memory_columns[] = {"reject_id",  "dealer_code", "code",      "status",
					     "first_sent", "last_seen",	  "closed_on", "record_id",
					     "field",	   NULL};
static const struct table_def table_memory = {"return/memory", memory_columns, 0};

/* The "field" of a correction row that answers nothing. */
static const struct str correction_key = STR_INIT("reject_id");

enum {
	MEM_REJECT_ID,
	MEM_DEALER,
	MEM_CODE,
	MEM_STATUS,
	MEM_FIRST_SENT,
	MEM_LAST_SEEN,
	MEM_CLOSED_ON,
	MEM_RECORD_ID,
	MEM_FIELD,
	MEM_COLUMNS
};

static const struct str status_names[] = {
	[RETURN_OPEN] = STR_INIT("open"),
	[RETURN_FIXED] = STR_INIT("fixed"),
	[RETURN_WRONG_AGAIN] = STR_INIT("wrong_again"),
	[RETURN_CONFIRMED] = STR_INIT("confirmed"),
	[RETURN_WITHDRAWN] = STR_INIT("withdrawn"),
};

struct str return_status_name(enum return_status status)
{
	return status_names[status];
}

static bool is_closed(enum return_status status)
{
	return status != RETURN_OPEN && status != RETURN_WRONG_AGAIN;
}

/* ---- what is told now ---- */

static size_t version_of(struct judge *j, struct str record_id)
{
	bool added;
	size_t at = *map_put(&j->by_record, record_id, j->n_versions, &added);

	if (added) {
		GROW(j->versions, j->n_versions, j->cap_versions);
		j->versions[j->n_versions++] = (struct version){
			.record_id = record_id,
			.last_seen = desk_origin(j->desk, record_id)->observed_on,
		};
		GROW(j->first, j->n_first, j->cap_first);
		j->first[j->n_first++] = 0;
	}
	return at;
}

static struct returned *add(struct judge *j, struct str reject_id, struct str record_id)
{
	struct returns *rt = j->rt;
	size_t version = version_of(j, record_id);

	map_put(&j->by_id, reject_id, rt->n, NULL);
	GROW(j->links, j->n_links, j->cap_links);
	j->links[j->n_links++] = (struct fault_link){.version = version, .next = j->first[version]};
	j->first[version] = rt->n + 1;
	GROW(rt->list, rt->n, j->cap);
	rt->list[rt->n] = (struct returned){.reject_id = reject_id, .record_id = record_id};
	return &rt->list[rt->n++];
}

/* An earlier correction holds, so that the fault is no place to tell of this one. */
static bool stands_alone(const struct judge *j, const struct str *row)
{
	const struct str *mended = answers_mended(j->answers, row[COR_BASE_RECORD_ID], row[COR_FIELD]);
	const struct returned answered = {.reject_id = row[COR_REJECT_ID],
					  .record_id = row[COR_BASE_RECORD_ID],
					  .field = row[COR_FIELD],
					  .code = row[COR_CODE]};

	return mended && mended < row && answers_find(j->answers, &answered).decided == row;
}

/* Repairs, what a faulty correction is told of (it stands beside the fault that it should have
 * mended), older corrections that changed nothing, and those of a row that is gone. */
static bool is_passed_over(const struct judge *j, const struct str *v)
{
	const struct str *row = answers_row(j->answers, v[REJ_RECORD_ID]);
	bool faulty = answer_is(row, "still_wrong");

	if (str_eq(v[REJ_ACTION], action_name(ACTION_FIX)) || (faulty && !stands_alone(j, row)) ||
	    answer_is(row, "withdrawn"))
		return true;
	return (faulty || str_eq(v[REJ_FIELD], correction_key)) &&
	       answers_is_past(j->answers, j->desk, v[REJ_RECORD_ID]);
}

static void take_line(struct judge *j, const struct rowset *rs, size_t line)
{
	struct str v[REJ_COLUMNS];
	const struct origin *o;
	struct returned *t;

	rowset_get(rs, line, v);
	if (is_passed_over(j, v) || map_get(&j->by_id, v[REJ_REJECT_ID]))
		return;
	o = desk_origin(j->desk, v[REJ_RECORD_ID]);
	t = add(j, v[REJ_REJECT_ID], v[REJ_RECORD_ID]);
	t->field = v[REJ_FIELD];
	t->code = v[REJ_CODE];
	t->dealer = dealer_folder(v[REJ_DEALER_CODE], o->sender);
	t->foreign = rs != &j->rt->answers && !str_eq(t->dealer, STR("hq")) &&
		     !str_eq(t->dealer, o->sender);
	t->told = rs;
	t->line = line;
	if (!t->field.n)
		map_put(&j->unreadable, o->stem, 0, NULL);
}

static bool gather(struct judge *j, struct fault *f)
{
	struct run *r = j->desk->r;
	const struct rowset *tables[4] = {
		run_all_rejects(r, f),
		run_table(r, &table_rejects_resolve, true, f),
		run_table(r, &table_rejects_merge, true, f),
		&j->rt->answers,
	};

	for (size_t i = 0; i < 4; i++)
		if (!tables[i])
			return false;
	if (!answers_tell(j->desk, &j->rt->answers, f))
		return false;
	for (size_t i = 0; i < 4; i++)
		for (size_t line = 0; line < tables[i]->n; line++)
			take_line(j, tables[i], line);
	return true;
}

static bool read_last_seen(struct judge *j, struct fault *f)
{
	const struct rowset *seen = run_all_seen(j->desk->r, f);

	for (size_t i = 0; seen && i < seen->n; i++) {
		const uint64_t *at = map_get(&j->by_record, rowset_value(seen, i, SEEN_RECORD_ID));
		struct str day = rowset_value(seen, i, SEEN_LAST_SEEN);

		if (at && str_cmp(day, j->versions[*at].last_seen) > 0)
			j->versions[*at].last_seen = day;
	}
	return seen != NULL;
}

/* ---- the status of what is told ---- */

static bool is_faulty_in(const struct judge *j, struct str record_id, struct str field)
{
	const uint64_t *version = map_get(&j->by_record, record_id);

	for (size_t i = version ? j->first[*version] : 0; i; i = j->links[i - 1].next) {
		const struct returned *t = &j->rt->list[i - 1];

		/* "": the row as a whole is of no use */
		if ((!t->field.n || str_eq(t->field, field)) && !is_closed(t->status))
			return true;
	}
	return false;
}

/* What is wrong with the row that took its place is told, and sent, of that row. */
static void judge_replaced(const struct judge *j, struct returned *t, const struct version *v)
{
	t->status = is_faulty_in(j, v->newer, t->field) ? RETURN_WRONG_AGAIN : RETURN_FIXED;
}

/* Was the value called right as it is after it had been mended? Then it is the mended one that
 * stands, for each answer speaks of the record as those before left it; the word takes nothing back. */
static bool is_word_on_mended(const struct str *decided, const struct str *mended)
{
	return answer_is(decided, "confirmed") && decided > mended;
}

/* By the rules, or by a person at headquarters. */
static bool is_as_it_is(struct str reason)
{
	return str_eq(reason, STR("as_it_is")) || str_starts(reason, STR("accepted as_it_is "));
}

static void judge_told(struct judge *j, struct returned *t, const struct version *v)
{
	const struct str *decided = answers_find(j->answers, t).decided;
	const struct str *mended = answers_mended(j->answers, t->record_id, t->field);
	const struct origin *bad;

	if (mended && (!decided || answer_is(decided, "still_wrong") || is_word_on_mended(decided, mended)))
		decided = mended;
	j->links[t - j->rt->list].answered = decided != NULL;
	if (!decided)
		decided = judge_held_answer(j, t);
	if (answer_is(decided, "confirmed")) {
		t->status = RETURN_CONFIRMED;
	} else if (answer_is(decided, "applied") && is_as_it_is(decided[COR_REASON])) {
		t->status = RETURN_CONFIRMED;
	} else if (answer_is(decided, "applied")) {
		t->status = RETURN_FIXED;
	} else if (v->newer.n) {
		judge_replaced(j, t, v);
		j->links[t - j->rt->list].answered |= v->sent_again;
	} else if (!t->field.n && (bad = desk_sent_again(j->desk, t->record_id))) {
		t->status = map_get(&j->unreadable, bad->stem) ? RETURN_WRONG_AGAIN : RETURN_FIXED;
		j->links[t - j->rt->list].answered = true;
	} else {
		t->status = decided ? RETURN_WRONG_AGAIN : RETURN_OPEN;
		t->listed = true;
	}
}

/* Those of rows that stand, or those of rows that were replaced. */
static void judge_told_of(struct judge *j, bool replaced)
{
	for (size_t i = 0; i < j->rt->n; i++) {
		struct returned *t = &j->rt->list[i];
		const struct version *v = &j->versions[j->links[i].version];

		if (replaced != (v->newer.n > 0))
			continue;
		t->last_seen = v->last_seen.n ? v->last_seen : j->desk->today;
		judge_told(j, t, v);
		if (t->listed)
			t->note = note_on(j->desk, j->answers, t, &j->rt->arena);
	}
}

/* What became of the newer row tells what became of the one it replaced. */
static void judge_all_told(struct judge *j)
{
	judge_told_of(j, false);
	judge_told_of(j, true);
}

/* ---- what is remembered ---- */

static enum return_status status_named(struct str name)
{
	for (int i = 0; i < RETURN_STATUSES; i++)
		if (str_eq(status_names[i], name))
			return (enum return_status)i;
	return RETURN_OPEN;
}

/* Of a correction that named nothing known: what it names has come since. */
static bool has_found_its_row(const struct str *answer)
{
	return answer_is(answer, "applied") || answer_is(answer, "confirmed") || answer_is(answer, "review") ||
	       answer_is(answer, "still_wrong");
}

/* Nobody tells it any more: its record is gone, or what was wrong is. */
static enum return_status status_of_untold(struct judge *j, const struct str *m)
{
	enum return_status was = status_named(m[MEM_STATUS]);
	const struct str *answer = answers_row(j->answers, m[MEM_RECORD_ID]);
	enum run_record_state state;

	if (is_closed(was))
		return was;
	if (str_eq(m[MEM_FIELD], correction_key))
		return has_found_its_row(answer) ? RETURN_FIXED : RETURN_WITHDRAWN;
	if (answer_is(answer, "withdrawn"))
		return RETURN_WITHDRAWN;
	state = run_record_state(j->desk->r, m[MEM_RECORD_ID]);
	return state == RUN_RECORD || state == RUN_REPEATED ? RETURN_FIXED : RETURN_WITHDRAWN;
}

static struct returned *remembered(struct judge *j, const struct str *m)
{
	const uint64_t *at = map_get(&j->by_id, m[MEM_REJECT_ID]);
	struct returned *t;

	if (at)
		return &j->rt->list[*at];
	t = add(j, m[MEM_REJECT_ID], m[MEM_RECORD_ID]);
	t->field = m[MEM_FIELD];
	t->code = m[MEM_CODE];
	t->dealer = dealer_folder(m[MEM_DEALER], STR("")); /* where it would go today */
	t->last_seen = m[MEM_LAST_SEEN];
	t->status = status_of_untold(j, m);
	return t;
}

static bool recall(struct judge *j, struct fault *f)
{
	const struct rowset *memory = run_previous(j->desk->r, &table_memory, f);
	struct str m[MEM_COLUMNS];

	for (size_t i = 0; memory && i < memory->n; i++) {
		struct returned *t;

		rowset_get(memory, i, m);
		t = remembered(j, m);
		t->first_sent = m[MEM_FIRST_SENT];
		if (is_closed(t->status) && is_closed(status_named(m[MEM_STATUS])))
			t->closed_on = m[MEM_CLOSED_ON];
	}
	return memory != NULL;
}

bool returns_keep(const struct returns *rt, struct run *r, struct fault *f)
{
	struct rowset memory;
	bool ok;

	rowset_init(&memory, &table_memory);
	for (size_t i = 0; i < rt->n; i++) {
		const struct returned *t = &rt->list[i];

		rowset_add(&memory, (struct str[MEM_COLUMNS]){
					    t->reject_id, t->dealer, t->code,
					    status_names[t->status], t->first_sent, t->last_seen,
					    t->closed_on, t->record_id, t->field});
	}
	ok = run_keep(r, &memory, f);
	rowset_release(&memory);
	return ok;
}

/* ---- the whole ---- */

static int32_t days_between(struct str first, struct str last)
{
	int32_t days = date_day(last) - date_day(first);

	return days > 0 ? days : 0;
}

/* What was settled before it could be sent (its row was replaced by a newer one of the same
 * run) was never returned, and nobody mended anything. */
static void drop_unsent(struct judge *j)
{
	struct returns *rt = j->rt;
	size_t kept = 0;

	for (size_t i = 0; i < rt->n; i++)
		if (rt->list[i].first_sent.n || rt->list[i].listed || j->links[i].answered)
			rt->list[kept++] = rt->list[i];
	rt->n = kept;
}

/* Dates and ages. Where an answer is all that tells that a fault was sent, it was so today. */
static void finish(struct judge *j)
{
	struct str today = j->desk->today;

	for (size_t i = 0; i < j->rt->n; i++) {
		struct returned *t = &j->rt->list[i];

		if (!t->first_sent.n)
			t->first_sent = today;
		if (is_closed(t->status) && !t->closed_on.n)
			t->closed_on = today;
		t->days = days_between(t->first_sent, t->closed_on.n ? t->closed_on : today);
	}
}

static int by_dealer(const void *a, const void *b)
{
	const struct returned *x = a, *y = b;
	int c = str_cmp(x->dealer, y->dealer);

	if (!c)
		c = str_cmp(x->first_sent, y->first_sent);
	return c ? c : str_cmp(x->reject_id, y->reject_id);
}

static bool judge(struct judge *j, struct fault *f)
{
	if (!gather(j, f) || !read_last_seen(j, f))
		return false;
	versions_find(j->desk, j->versions, j->n_versions, &j->desk->arena);
	judge_find_holds(j);
	judge_all_told(j);
	if (!recall(j, f))
		return false;
	drop_unsent(j);
	finish(j);
	if (j->rt->n)
		qsort(j->rt->list, j->rt->n, sizeof(*j->rt->list), by_dealer);
	return true;
}

static bool judge_at(struct returns *rt, struct desk *d, const struct answers *answers, struct fault *f)
{
	struct judge j = {.rt = rt, .desk = d, .answers = answers};
	bool ok;

	*rt = (struct returns){0};
	rowset_init(&rt->answers, &table_rejects_clean);
	ok = judge(&j, f);
	free(j.links);
	free(j.versions);
	free(j.first);
	map_release(&j.by_id);
	map_release(&j.by_record);
	map_release(&j.unreadable);
	map_release(&j.holds);
	map_release(&j.held_kinds);
	return ok;
}

struct judged *judged_of(struct run *r, struct fault *f)
{
	struct judged *judged = r->book->judged;

	if (judged)
		return judged;
	judged = r->book->judged = xcalloc(1, sizeof(*judged));
	if (desk_open(&judged->desk, r, f) && answers_open(&judged->answers, &judged->desk, f) &&
	    judge_at(&judged->returns, &judged->desk, &judged->answers, f))
		return judged;
	judged_forget(r);
	return NULL;
}

const struct returns *returns_judged(struct run *r, struct fault *f)
{
	const struct judged *judged = judged_of(r, f);

	return judged ? &judged->returns : NULL;
}

void judged_forget(struct run *r)
{
	struct judged *judged = r->book->judged;

	if (!judged)
		return;
	free(judged->returns.list);
	rowset_release(&judged->returns.answers);
	arena_release(&judged->returns.arena);
	answers_close(&judged->answers);
	desk_close(&judged->desk);
	free(judged);
	r->book->judged = NULL;
}
