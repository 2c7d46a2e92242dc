#include "mended_search.h"

#include "bad_name.h"

#include <stdlib.h>

enum {
	PAIRS_AT_ONCE = 1 << 20,
	MOST_WITH_VALUE = 1 << 12, /* the phone of the house in the rows of all its guests */
};

/* ---- the rows of a file ---- */

size_t mended_first_reject(const struct rowset *rejects, struct str stem)
{
	size_t low = 0, high = rejects->n;

	while (low < high) { /* a bare stem is its row 0 */
		size_t middle = low + (high - low) / 2;

		if (record_id_cmp(rowset_value(rejects, middle, REJ_RECORD_ID), stem) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool mended_take_faults(struct mended_search *s, struct mended_row *row, size_t *at, bool *rejected)
{
	const struct rowset *rejects = s->from->rejects;
	struct str v[REJ_COLUMNS];
	bool faulty = false;

	for (*rejected = false; *at < rejects->n; ++*at) {
		int c = record_id_cmp(rowset_value(rejects, *at, REJ_RECORD_ID), row->id);

		if (c > 0)
			break;
		rowset_get(rejects, *at, v);
		if (c < 0 || str_eq(v[REJ_ACTION], STR("fix")))
			continue;
		faulty = true;
		*rejected |= str_eq(v[REJ_ACTION], STR("reject"));
		mended_fault(row, v[REJ_FIELD], v[REJ_CODE], v[REJ_VALUE], &s->arena);
	}
	return faulty;
}

static const struct record *read_again(struct mended_search *s, struct str record_id)
{
	struct record *rec = arena_zalloc(&s->arena, sizeof(*rec));

	return s->from->reread(s->from->context, record_id, rec, &s->arena) ? rec : NULL;
}

struct str mended_key_of(const struct mended_search *s, const struct record *rec)
{
	return s->key < F_COUNT ? str_trim(rec->v[s->key]) : STR("");
}

/* The rows that may have taken the place of another: as clean left them. */
static void read_newer(struct mended_search *s, struct str stem, bool as_they_came)
{
	size_t i, end, line = mended_first_reject(s->from->rejects, stem);
	bool rejected;

	s->n_rows = 0;
	for (records_of_file(s->from->records, stem, &i, &end); i < end; i++) {
		struct mended_row row = { .cleaned = true };
		struct str key;

		records_get(s->from->records, i, &row.rec, &s->arena);
		row.id = str_keep(&s->arena, row.rec.v[F_RECORD_ID]);
		key = mended_key_of(s, &row.rec);
		if (key.n && map_get(&s->keys, key))
			continue;
		mended_take_faults(s, &row, &line, &rejected);
		if (as_they_came)
			row.as_it_came = read_again(s, row.id);
		GROW(s->rows, s->n_rows, s->cap_rows);
		s->rows[s->n_rows++] = row;
	}
}

void mended_keep_open(struct mended_search *s, const struct mended_row *row)
{
	struct mended_row *kept = arena_alloc(&s->arena, sizeof(*kept));

	*kept = *row;
	GROW(s->open, s->n_open, s->cap_open);
	s->open[s->n_open++] = kept;
}

static void keep_key(struct mended_search *s, struct str key)
{
	if (key.n)
		map_put(&s->keys, key, 0, NULL);
}

/* A row that something was told of: it is open from now on, unless it has a key. */
static void take_faulty(struct mended_search *s, struct mended_row *row, bool rejected)
{
	ptrdiff_t at = records_find(s->from->records, row->id);
	const struct record *as_it_came = at < 0 && rejected ? read_again(s, row->id) : NULL;
	bool keyed = s->from->has_key(s->from->context, row->id);
	struct str key;

	row->cleaned = at >= 0;
	if (row->cleaned)
		records_get(s->from->records, (size_t)at, &row->rec, &s->arena);
	else if (as_it_came)
		row->rec = *as_it_came;
	else
		return; /* no row that could be read */
	key = mended_key_of(s, &row->rec);
	if (keyed && !row->cleaned && key.n)
		keyed_rows_add(&s->rejected, row->id, key);
	if (keyed)
		keep_key(s, key);
	else if (!row->cleaned || !key.n)
		mended_keep_open(s, row);
}

static void read_older(struct mended_search *s, struct str stem)
{
	const struct rowset *rejects = s->from->rejects;
	size_t i, end, n_rejected = s->rejected.n;

	for (size_t line = mended_first_reject(rejects, stem); line < rejects->n;) {
		struct mended_row row = { .id = rowset_value(rejects, line, REJ_RECORD_ID) };
		struct str of;
		uint32_t number;
		bool rejected;

		record_id_split(row.id, &of, &number);
		if (!str_eq(of, stem))
			break;
		if (mended_take_faults(s, &row, &line, &rejected))
			take_faulty(s, &row, rejected);
	}
	keyed_rows_settle(&s->rejected, n_rejected, s->from->records, stem, s->key);
	for (records_of_file(s->from->records, stem, &i, &end); s->key < F_COUNT && i < end; i++)
		keep_key(s, str_trim(records_value(s->from->records, i, s->key, NULL)));
}

/* ---- which of them are like each other ---- */

static struct str value_name(enum field field, struct str value, struct arena *a)
{
	return str_printf(a, "%d\x1F%.*s", field, STR_FMT(value));
}

size_t mended_with_value(const struct mended_search *s, enum field field, struct str value, struct arena *a)
{
	const uint64_t *first = value.n ? map_get(&s->by_value, value_name(field, value, a)) : NULL;

	return first && s->entries[*first - 1].n <= MOST_WITH_VALUE ? (size_t)*first : 0;
}

static void index_value(struct mended_search *s, uint32_t row, enum field field, struct str value, struct arena *a)
{
	uint64_t *first;

	if (!value.n)
		return;
	first = map_put(&s->by_value, value_name(field, value, a), 0, NULL);
	GROW(s->entries, s->n_entries, s->cap_entries);
	s->entries[s->n_entries++] = (struct mended_entry){ row, *first ? s->entries[*first - 1].n + 1 : 1, (size_t)*first };
	*first = s->n_entries;
}

static void index_rows(struct mended_search *s)
{
	struct arena a = { 0 };

	map_release(&s->by_value);
	s->by_value = (struct map){ 0 };
	s->n_entries = 0;
	for (uint32_t i = 0; i < s->n_rows; i++, arena_reset(&a))
		for (size_t t = 0; t < MENDED_TELLING; t++) {
			struct str value = mended_came(&s->rows[i], mended_telling[t]);
			const struct record *came = s->rows[i].as_it_came;

			index_value(s, i, mended_telling[t], value, &a);
			if (came && !str_eq(came->v[mended_telling[t]], value))
				index_value(s, i, mended_telling[t], came->v[mended_telling[t]], &a);
		}
	arena_release(&a);
}

void mended_keep_pair(struct mended_search *s, uint32_t old, uint32_t row, mended_fits *fits)
{
	struct mended_likeness l;

	if (s->taken[row] || s->asked[row] == old + 1)
		return;
	s->asked[row] = old + 1;
	l = mended_compare(s->open[old], &s->rows[row], s->key);
	if (!fits(&l))
		return;
	GROW(s->pairs, s->n_pairs, s->cap_pairs);
	s->pairs[s->n_pairs++] = (struct mended_pair){ .old = old, .newer = row, .same = l.same, .like = l.like };
}

static void find_pairs_of(struct mended_search *s, uint32_t old, mended_fits *fits, struct arena *a)
{
	for (size_t t = 0; t < MENDED_TELLING; t++) {
		struct str value = mended_came(s->open[old], mended_telling[t]);

		for (size_t at = mended_with_value(s, mended_telling[t], value, a); at; at = s->entries[at - 1].next)
			mended_keep_pair(s, old, s->entries[at - 1].row, fits);
	}
	arena_reset(a);
}

static int by_likeness(const void *a, const void *b)
{
	const struct mended_pair *x = a, *y = b;

	if (x->same != y->same)
		return x->same > y->same ? -1 : 1;
	if (x->like != y->like)
		return x->like > y->like ? -1 : 1;
	if (x->old != y->old)
		return x->old < y->old ? -1 : 1;
	return (x->newer > y->newer) - (x->newer < y->newer);
}

static void join(struct mended_search *s, struct mended_pair *pair)
{
	struct mended_rows *m = s->m;
	struct mended_row **old = &s->open[pair->old];

	if (!*old || s->taken[pair->newer])
		return;
	map_put(&m->newer, (*old)->id, m->n, NULL);
	GROW(m->ids, m->n, m->cap);
	m->ids[m->n++] = str_keep(&m->arena, s->rows[pair->newer].id);
	s->taken[pair->newer] = true;
	*old = NULL;
}

void mended_join_pairs(struct mended_search *s)
{
	if (s->n_pairs)
		qsort(s->pairs, s->n_pairs, sizeof(*s->pairs), by_likeness);
	for (size_t i = 0; i < s->n_pairs; i++)
		join(s, &s->pairs[i]);
	s->n_pairs = 0;
}

/* Where thousands of rows are alike, their pairs are judged a million at a time. */
void mended_join_many(struct mended_search *s)
{
	if (s->n_pairs >= PAIRS_AT_ONCE)
		mended_join_pairs(s);
}

bool mended_is_wanted(const struct mended_search *s, uint32_t old, const struct mended_file *file)
{
	const struct mended_row *row = s->open[old];
	struct str last = row ? s->from->last_file(s->from->context, row->id) : STR("");

	return row && !(str_eq(bad_base(last), file->base) && bad_times(last) >= file->times);
}

void mended_find_pairs(struct mended_search *s, const struct mended_file *file, uint32_t from, mended_fits *fits)
{
	struct arena a = { 0 };

	memset(s->asked, 0, (s->n_rows + 1) * sizeof(*s->asked));
	for (uint32_t i = from; i < s->n_open; i++) {
		if (mended_is_wanted(s, i, file))
			find_pairs_of(s, i, fits, &a);
		mended_join_many(s);
	}
	mended_join_pairs(s);
	arena_release(&a);
}

bool mended_agrees(const struct mended_likeness *l)
{
	return l->told && !l->changed;
}

/* `chain`: the files up to that one. */
static void find_newer(struct mended_search *s, const struct mended_file *chain, size_t n)
{
	size_t left = 0;

	index_rows(s);
	s->asked = xcalloc(s->n_rows + 1, sizeof(*s->asked));
	s->taken = xcalloc(s->n_rows + 1, sizeof(*s->taken));
	mended_find_pairs(s, &chain[n], 0, mended_agrees);
	mended_find_left(s, chain, n);
	for (size_t i = 0; i < s->n_open; i++)
		if (s->open[i])
			s->open[left++] = s->open[i];
	s->n_open = left;
	free(s->asked);
	free(s->taken);
}

/* ---- the files ---- */

static int by_base(const void *a, const void *b)
{
	const struct mended_file *x = a, *y = b;
	int c = str_cmp(x->base, y->base);

	return c ? c : (x->times > y->times) - (x->times < y->times);
}

static size_t list_files(const struct mended_from *from, struct mended_file **files)
{
	struct str v[FIL_COLUMNS];
	size_t n = 0;

	*files = xcalloc(from->files->n + 1, sizeof(**files));
	for (size_t i = 0; i < from->files->n; i++) {
		const struct schema *schema;

		rowset_get(from->files, i, v);
		schema = schemas_find(from->schemas, v[FIL_SCHEMA]);
		if (str_eq(v[FIL_STATUS], STR("ok")) && schema && !schema->corrections)
			(*files)[n++] = (struct mended_file){ v[FIL_STEM], bad_base(v[FIL_STEM]),
						       bad_times(v[FIL_STEM]), schema };
	}
	if (n)
		qsort(*files, n, sizeof(**files), by_base);
	return n;
}

static bool has_uncleaned(const struct mended_search *s)
{
	for (size_t i = 0; i < s->n_open; i++)
		if (!s->open[i]->cleaned)
			return true;
	return false;
}

/* An export and the files that were sent to mend it, one after the other. */
static void follow(struct mended_rows *m, const struct mended_from *from, const struct mended_file *chain, size_t n)
{
	struct mended_search s = { .m = m, .from = from, .key = chain[0].schema->key };

	for (size_t i = 0; i < n; i++) {
		keyed_rows_find(&s.rejected, from->records, chain[i].stem, s.key, m);
		if (i) {
			read_newer(&s, chain[i].stem, has_uncleaned(&s));
			find_newer(&s, chain, i);
		}
		if (i + 1 < n)
			read_older(&s, chain[i].stem);
	}
	keyed_rows_release(&s.rejected);
	free(s.open);
	free(s.rows);
	free(s.entries);
	free(s.pairs);
	map_release(&s.keys);
	map_release(&s.by_value);
	arena_release(&s.arena);
}

void mended_rows_find(struct mended_rows *m, const struct mended_from *from)
{
	struct mended_file *files;
	size_t n = list_files(from, &files), end;

	for (size_t i = 0; i < n; i = end) {
		for (end = i + 1; end < n && str_eq(files[end].base, files[i].base);)
			end++;
		if (end - i > 1)
			follow(m, from, files + i, end - i);
	}
	free(files);
}

void mended_rows_release(struct mended_rows *m)
{
	map_release(&m->newer);
	map_release(&m->keyed);
	free(m->ids);
	arena_release(&m->arena);
	*m = (struct mended_rows){ 0 };
}

struct str mended_row(const struct mended_rows *m, struct str record_id)
{
	struct str newest = STR("");
	const uint64_t *at = m->n ? map_get(&m->newer, record_id) : NULL;

	for (; at; at = map_get(&m->newer, newest))
		newest = m->ids[*at];
	return newest;
}

struct str mended_keyed_row(const struct mended_rows *m, struct str record_id)
{
	const uint64_t *at = m->keyed.n ? map_get(&m->keyed, record_id) : NULL;

	return at ? m->ids[*at] : STR("");
}
