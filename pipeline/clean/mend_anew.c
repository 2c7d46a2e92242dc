/*
 * Must all rows of earlier runs be judged again? Who was told what, and what a value is to mend,
 * is a question of what came before by its day, not by the night in which it came.
 */
#include "mend.h"

/* ---- what came before by its day ---- */

static int by_day_and_id(const struct str *a, const struct str *b)
{
	int c = str_cmp(a[CRW_OBSERVED_ON], b[CRW_OBSERVED_ON]);

	return c ? c : record_id_cmp(a[CRW_RECORD_ID], b[CRW_RECORD_ID]);
}

/* Does a row of this run come before one of an earlier run? */
static bool out_of_order(const struct corrections *c)
{
	struct str first[CRW_COLUMNS], v[CRW_COLUMNS];

	for (size_t i = 0; i < c->rows->n; i++) {
		rowset_get(c->rows, i, v);
		if (!i || by_day_and_id(v, first) < 0)
			memcpy(first, v, sizeof(v));
	}
	for (size_t i = 0; c->rows->n && i < c->earlier_rows->n; i++) {
		rowset_get(c->earlier_rows, i, v);
		if (by_day_and_id(v, first) > 0)
			return true;
	}
	return false;
}

/* A late file put it elsewhere than where it was judged, or made it an answer of its own. */
static bool was_judged_elsewhere(const struct mends *m)
{
	const struct corrections *c = m->c;
	struct str v[CRW_COLUMNS];

	for (size_t i = 0; i < c->earlier_rows->n; i++) {
		const uint64_t *line;

		rowset_get(c->earlier_rows, i, v);
		line = map_get(&m->line_of, v[CRW_RECORD_ID]);
		if (!line || !str_eq(rowset_value(c->earlier, *line, COR_OBSERVED_ON), v[CRW_OBSERVED_ON]))
			return true;
	}
	return false;
}

static struct str kind_of(const struct received_file *file, struct arena *a)
{
	arena_reset(a);
	return str_printf(a, "%.*s\x1F%.*s", STR_FMT(file->sender), STR_FMT(file->schema));
}

/* Does a file of this run come before one of its sender and schema of an earlier run? Records
 * have other names then, and faults that are told under them. */
static bool came_late(const struct corrections *c, const struct received *received)
{
	struct map first = {0}; /* sender and schema -> the first file of this run + 1 */
	struct arena a = {0};
	bool late = false;

	for (size_t i = 0; i < received_files(received); i++) {
		const struct received_file *file = received_file(received, i);
		uint64_t *at;

		if (!contexts_of_file(c->contexts, file->name))
			continue;
		at = map_put(&first, kind_of(file, &a), 0, NULL);
		if (!*at || received_file_cmp(file, received_file(received, *at - 1)) < 0)
			*at = i + 1;
	}
	for (size_t i = 0; first.n && i < received_files(received) && !late; i++) {
		const struct received_file *file = received_file(received, i);
		const uint64_t *at = map_get(&first, kind_of(file, &a));

		late = at && !contexts_of_file(c->contexts, file->name) &&
		       received_file_cmp(file, received_file(received, *at - 1)) > 0;
	}
	map_release(&first);
	arena_release(&a);
	return late;
}

/* ---- what people decided ---- */

static struct str question(struct str record_id, struct str field, struct arena *a)
{
	return str_printf(a, "%.*s\x1F%.*s", STR_FMT(record_id), STR_FMT(field));
}

void mends_index_decisions(struct mends *m)
{
	const struct rowset *rs = m->c->decisions;
	struct str v[DEC_COLUMNS];

	for (size_t i = 0; i < rs->n; i++) {
		bool accepts;

		rowset_get(rs, i, v);
		accepts = str_eq(v[DEC_ACTION], STR("accept_change"));
		if (v[DEC_RECORD_ID].n && (accepts || str_eq(v[DEC_ACTION], STR("refuse_change"))))
			*map_put(&m->accepted, question(v[DEC_RECORD_ID], v[DEC_ATTRIBUTE], &m->arena),
				 0, NULL) = accepts ? i + 1 : 0;
	}
}

struct str mends_decision(const struct mends *m, struct str record_id, struct str field)
{
	struct arena a = {0};
	const uint64_t *line = m->accepted.n ? map_get(&m->accepted, question(record_id, field, &a)) : NULL;

	arena_release(&a);
	return line && *line ? rowset_value(m->c->decisions, *line - 1, DEC_DECISION_ID) : STR("");
}

/* Was a row judged under another decision than the one that stands? */
static bool decided_otherwise(const struct mends *m)
{
	struct str v[COR_COLUMNS], now;

	for (size_t i = 0; i < m->c->earlier->n; i++) {
		bool accepted;

		rowset_get(m->c->earlier, i, v);
		accepted = str_starts(v[COR_REASON], mend_accepted);
		if (!accepted && (!str_eq(v[COR_STATUS], STR("review")) ||
				  str_eq(v[COR_REASON], STR("not_confirmable"))))
			continue;
		now = mends_decision(m, v[COR_RECORD_ID], v[COR_FIELD]);
		if (accepted ? !str_ends(v[COR_REASON], now) || !now.n : now.n > 0)
			return true;
	}
	return false;
}

bool mends_are_anew(const struct mends *m, const struct received *received)
{
	return !m->c->earlier->n || out_of_order(m->c) || was_judged_elsewhere(m) || decided_otherwise(m) ||
	       came_late(m->c, received);
}
