#include "mend.h"

#include "dealer_folder.h"
#include "plain_value.h"

/* Faults that only the whole shows: told later than clean, so in no table that clean can
 * read. Their ids are made again from what the dealer's row says, or from its records. */
static const struct {
	struct str code;
	enum field field; /* F_COUNT: any */
} whole_faults[] = {
	{STR_INIT("MOBILE_SHARED"), F_MOBILE}, {STR_INIT("NAME_CONFLICT"), F_NAME},
	{STR_INIT("SHARED_ID"), F_ID_NUMBER},  {STR_INIT("CHANGE_HELD"), F_COUNT},
	{STR_INIT("VALUE_FIXED"), F_COUNT},
};

enum { WHOLE_FAULTS = sizeof(whole_faults) / sizeof(whole_faults[0]) };

static struct str id_of_cell(struct str cell, struct arena *a)
{
	struct str id = str_keep(a, str_trim(value_undress(cell)));
	char *p = (char *)id.p;

	for (size_t i = 0; i < id.n; i++)
		if (p[i] >= 'A' && p[i] <= 'F')
			p[i] = (char)(p[i] - 'A' + 'a');
	return id;
}

static void take_row(struct mends *m, size_t i)
{
	struct mend *mend = &m->list[i];
	uint64_t first;
	bool added;

	mend->row[CRW_REJECT_ID] = id_of_cell(mend->row[CRW_REJECT_ID], &m->arena);
	mend->value = str_trim(value_undress(mend->row[CRW_CORRECTED_VALUE]));
	mend->field = F_COUNT;
	first = *map_put(&m->wanted, mend->row[CRW_REJECT_ID], i, &added);
	if (added)
		return;
	mend->next = m->list[first].next;
	m->list[first].next = i + 1;
}

static bool waits(const struct mends *m, const struct str row[CRW_COLUMNS])
{
	const uint64_t *line = map_get(&m->line_of, row[CRW_RECORD_ID]);

	return line && str_eq(rowset_value(m->c->earlier, *line, COR_STATUS), STR("unknown"));
}

static void take_rows(struct mends *m, const struct received *received)
{
	const struct rowset *rows = m->c->rows, *earlier = m->c->earlier_rows;

	m->n_new = m->n = rows->n;
	m->all_anew = mends_are_anew(m, received);
	m->list = arena_zalloc(&m->arena, (rows->n + earlier->n + 1) * sizeof(*m->list));
	for (size_t i = 0; i < rows->n; i++) {
		rowset_get(rows, i, m->list[i].row);
		take_row(m, i);
	}
	for (size_t i = 0; i < earlier->n; i++) {
		rowset_get(earlier, i, m->list[m->n].row);
		if (m->all_anew || waits(m, m->list[m->n].row))
			take_row(m, m->n++);
	}
}

/* ---- corrections of earlier runs ---- */

/* A stage run by hand for the second time finds there what it wrote the first time. */
static void index_earlier(struct mends *m)
{
	const struct rowset *rs = m->c->earlier;
	struct map own = {0};

	if (m->all_anew)
		return;
	for (size_t i = 0; i < m->n; i++)
		map_put(&own, m->list[i].row[CRW_RECORD_ID], 0, NULL);
	m->next_earlier = arena_zalloc(&m->arena, (rs->n + 1) * sizeof(*m->next_earlier));
	for (size_t i = rs->n; i-- > 0;) {
		uint64_t *first;

		if (map_get(&own, rowset_value(rs, i, COR_RECORD_ID)))
			continue;
		first = map_put(&m->earlier_of, rowset_value(rs, i, COR_BASE_RECORD_ID), 0, NULL);
		m->next_earlier[i] = (size_t)*first;
		*first = i + 1;
	}
	map_release(&own);
}

static bool earlier_run(struct mends *m, struct str base_record_id, struct mends_cursor *cursor,
			struct record *rec)
{
	const uint64_t *first = map_get(&m->earlier_of, base_record_id);
	size_t at = cursor->started ? m->next_earlier[cursor->at - 1] : first ? (size_t)*first : 0;

	for (; at; at = m->next_earlier[at - 1]) {
		struct fault ignored = {0};
		bool found = false;

		*cursor = (struct mends_cursor){true, false, at};
		if (!str_eq(rowset_value(m->c->earlier, at - 1, COR_STATUS), STR("applied")))
			continue;
		mends_record(m, rowset_value(m->c->earlier, at - 1, COR_RECORD_ID), rec, &found,
			     &ignored);
		fault_release(&ignored);
		if (found)
			return true;
	}
	return false;
}

bool mends_earlier(struct mends *m, struct str base_record_id, struct mends_cursor *cursor,
		   struct record *rec)
{
	const uint64_t *first;

	if (!cursor->of_this_run) {
		if (earlier_run(m, base_record_id, cursor, rec))
			return true;
		first = map_get(&m->applied_of, base_record_id);
		*cursor = (struct mends_cursor){true, true, first ? (size_t)*first : 0};
	} else {
		cursor->at = m->list[cursor->at - 1].next_applied;
	}
	if (!cursor->at)
		return false;
	records_get(&m->added, m->list[cursor->at - 1].added - 1, rec, &m->arena);
	return true;
}

void mends_applied(struct mends *m, size_t i, const struct record *rec)
{
	bool first;
	size_t last = (size_t)*map_put(&m->applied_of, m->list[i].base[REJ_RECORD_ID], i + 1, &first);

	records_add(&m->added, rec);
	m->list[i].added = m->added.n;
	while (!first && m->list[last - 1].next_applied)
		last = m->list[last - 1].next_applied;
	if (!first)
		m->list[last - 1].next_applied = i + 1;
}

static void trace_to(struct mends *m, struct mend *mend, struct str record_id, struct str source)
{
	mend->base[REJ_RECORD_ID] = str_keep(&m->arena, record_id);
	mend->base[REJ_SOURCE] = str_keep(&m->arena, source);
}

/* A fault of a correction is mended where the correction was to mend: in its base. */
static void trace_to_base(struct mends *m, struct mend *mend)
{
	const struct rowset *earlier = m->c->earlier;
	struct str told_of = mend->base[REJ_RECORD_ID];

	if (!str_eq(mend->base[REJ_SOURCE], STR("correction")))
		return;
	for (size_t i = 0; i < m->n; i++)
		if (m->list[i].code && str_eq(m->list[i].row[CRW_RECORD_ID], told_of))
			trace_to(m, mend, m->list[i].base[REJ_RECORD_ID], m->list[i].base[REJ_SOURCE]);
	for (size_t i = 0; i < earlier->n && !m->all_anew; i++)
		if (str_eq(rowset_value(earlier, i, COR_RECORD_ID), told_of) &&
		    rowset_value(earlier, i, COR_BASE_RECORD_ID).n)
			trace_to(m, mend, rowset_value(earlier, i, COR_BASE_RECORD_ID),
				 rowset_value(earlier, i, COR_BASE_SOURCE));
}

/* ---- which fault a row answers ---- */

/* The reject is kept: the rowsets that it is found in may go before the mends do. */
static void answer(struct mends *m, size_t first, const struct str reject[REJ_COLUMNS])
{
	for (size_t i = first + 1; i; i = m->list[i - 1].next) {
		struct mend *mend = &m->list[i - 1];

		if (mend->code)
			continue;
		for (int c = 0; c < REJ_COLUMNS; c++)
			mend->base[c] = str_keep(&m->arena, reject[c]);
		mend->code = codes_find(m->c->codes, reject[REJ_CODE]);
		mend->field = field_find(reject[REJ_FIELD]);
		trace_to_base(m, mend);
	}
}

void mends_match_as(struct mends *m, const struct str reject[REJ_COLUMNS], struct str name)
{
	const uint64_t *first;
	char id[16];

	reject_id_make(name, reject[REJ_FIELD], reject[REJ_CODE], id);
	first = map_get(&m->wanted, (struct str){id, sizeof(id)});
	if (first)
		answer(m, *first, reject);
}

static void match(struct mends *m, const struct rowset *rejects, size_t from)
{
	for (size_t i = from; i < rejects->n; i++) {
		struct str reject[REJ_COLUMNS];
		const uint64_t *first;

		rowset_get(rejects, i, reject);
		/* told when they were judged before: where all are, told again or no more */
		if (m->all_anew && rejects != &m->told && str_eq(reject[REJ_SOURCE], STR("correction")))
			continue;
		first = map_get(&m->wanted, reject[REJ_REJECT_ID]);
		if (first)
			answer(m, *first, reject);
		else /* told before a late file renamed the record */
			mends_match_as(m, reject, reject[REJ_RECORD_ID]);
	}
}

/* A fault of the whole, if its id is one that was asked for. */
static void match_whole(struct mends *m, const struct record *rec, struct str name,
			enum field field, struct str code)
{
	char id[16];
	const uint64_t *first;
	struct str reject[REJ_COLUMNS] = {{NULL, 0}};

	reject_id_make(name, field_name(field), code, id);
	first = map_get(&m->wanted, (struct str){id, sizeof(id)});
	if (!first)
		return;
	reject[REJ_RECORD_ID] = rec->v[F_RECORD_ID];
	reject[REJ_SOURCE] = rec->v[F_SOURCE];
	reject[REJ_DEALER_CODE] = rec->v[F_DEALER_CODE];
	reject[REJ_FIELD] = field_name(field);
	reject[REJ_CODE] = code;
	answer(m, *first, reject);
}

void mends_match_whole(struct mends *m, const struct record *rec, struct str name)
{
	for (int i = 0; i < WHOLE_FAULTS; i++) {
		enum field field = whole_faults[i].field;

		if (field != F_COUNT) {
			match_whole(m, rec, name, field, whole_faults[i].code);
			continue;
		}
		for (field = F_UPDATED_AT; field < F_COUNT; field++)
			if (rec->v[field].n)
				match_whole(m, rec, name, field, whole_faults[i].code);
	}
}

static void match_whole_record(struct mends *m, const struct record *rec)
{
	mends_match_whole(m, rec, rec->v[F_RECORD_ID]);
}

void mends_match_told(struct mends *m, size_t told, size_t added)
{
	struct record rec;

	match(m, &m->told, told);
	for (; added < m->added.n; added++) {
		records_get(&m->added, added, &rec, &m->arena);
		match_whole_record(m, &rec);
	}
}

static const struct records *all_records(struct mends *m, struct fault *f)
{
	if (!m->all)
		m->all = run_records(m->c->run, f);
	return m->all;
}

bool mends_record(struct mends *m, struct str record_id, struct record *rec, bool *found,
		  struct fault *f)
{
	ptrdiff_t at = records_find(m->c->cleaned, record_id);
	const struct records *from = m->c->cleaned;

	if (at < 0) {
		from = all_records(m, f);
		if (!from)
			return false;
		at = records_find(from, record_id);
	}
	*found = at >= 0;
	if (*found)
		records_get(from, (size_t)at, rec, &m->arena);
	return true;
}

/* What the dealer's row says of its own place: file, row. */
static struct str place_of(const struct mend *mend, struct arena *a)
{
	static const struct str ends[] = {
		STR_INIT(".gz"),
		STR_INIT(".csv"),
		STR_INIT(".xlsx"),
		STR_INIT(".xls"),
	};
	struct str stem = mend->row[CRW_FILE];

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (str_ends(stem, ends[i]))
			stem.n -= ends[i].n;
	return str_printf(a, "%.*s:%.*s", STR_FMT(stem), STR_FMT(mend->row[CRW_ROW]));
}

static bool match_by_place(struct mends *m, size_t *open, struct fault *f)
{
	*open = 0;
	for (size_t i = 0; i < m->n; i++) {
		struct record rec;
		bool found;

		if (m->list[i].code || m->list[i].row[CRW_REJECT_ID].n != 16)
			continue;
		if (!mends_record(m, place_of(&m->list[i], &m->arena), &rec, &found, f))
			return false;
		if (found && (!m->all_anew || !str_eq(rec.v[F_SOURCE], STR("correction"))))
			match_whole_record(m, &rec);
		*open += !m->list[i].code;
	}
	return true;
}

static void match_records(struct mends *m, const struct records *from, const struct map *owners)
{
	struct arena a = {0};
	struct record rec;

	for (size_t i = 0; i < from->n; i++, arena_reset(&a)) {
		struct str dealer = records_value(from, i, F_DEALER_CODE, &a);

		if (dealer.n && !map_get(owners, dealer_folder(dealer, STR(""))))
			continue;
		records_get(from, i, &rec, &a);
		if (!m->all_anew || !str_eq(rec.v[F_SOURCE], STR("correction")))
			match_whole_record(m, &rec);
	}
	arena_release(&a);
}

/* For rows whose file and row were deleted: all that the senders have records of, those of
 * this run first. Whether resolve and merge have told the fault yet does not matter: a list
 * and the answers to it may come in one run (an archive that is read again), and the master
 * must not ask in how many runs the files came. Nobody can answer what he was never told: the
 * number of a fault is a hash that only its line in a returned list shows. */
static bool match_by_search(struct mends *m, struct fault *f)
{
	const struct records *all = all_records(m, f);
	struct map owners = {0};

	if (!all)
		return false;
	for (size_t i = 0; i < m->n; i++)
		if (!m->list[i].code)
			map_put(&owners, m->list[i].row[CRW_DEALER_CODE], 0, NULL);
	match_records(m, m->c->cleaned, &owners);
	if (all != m->c->cleaned)
		match_records(m, all, &owners);
	map_release(&owners);
	return true;
}

bool mends_load(struct mends *m, struct corrections *c, struct fault *f)
{
	const struct received *received = run_received(c->run, f);
	const struct rowset *rejects, *files;
	size_t open = 0;

	*m = (struct mends){.c = c};
	records_init(&m->added);
	rowset_init(&m->told, &table_rejects_clean);
	for (size_t i = 0; i < c->earlier->n; i++)
		map_put(&m->line_of, rowset_value(c->earlier, i, COR_RECORD_ID), i, NULL);
	if (!received)
		return false;
	mends_index_decisions(m);
	take_rows(m, received);
	if (!m->n)
		return true;
	records_sort(c->cleaned); /* they are in order; from now on they can be found */
	rejects = run_all_rejects(c->run, f);
	files = rejects ? run_all_files(c->run, f) : NULL;
	if (!files)
		return false;
	contexts_load(&m->files, files, c->run->opt.lang);
	index_earlier(m);
	match(m, c->rejects, 0);
	match(m, rejects, 0);
	return match_by_place(m, &open, f) &&
	       (!open || (match_by_search(m, f) && mends_match_names(m, rejects, f)));
}

ptrdiff_t mends_before(const struct mends *m, size_t i)
{
	const uint64_t *line = map_get(&m->line_of, m->list[i].row[CRW_RECORD_ID]);

	return line ? (ptrdiff_t)*line : -1;
}

void mends_release(struct mends *m)
{
	rowset_release(&m->told);
	map_release(&m->line_of);
	records_release(&m->added);
	map_release(&m->earlier_of);
	map_release(&m->applied_of);
	map_release(&m->wanted);
	map_release(&m->accepted);
	contexts_release(&m->files);
	arena_release(&m->arena);
}
