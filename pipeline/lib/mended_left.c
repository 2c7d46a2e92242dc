/*
 * Rows of a file that was sent to mend another, but agree with none of its faulty rows: whoever mended
 * them changed more. Each still is a row that was returned, since no other belongs there.
 */
#include "mended_search.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_COMPARED = 1 << 24 };

static bool any_left(const struct mended_search *s)
{
	return s->n_rows && memchr(s->taken, 0, s->n_rows * sizeof(*s->taken));
}

static uint32_t *list_left(const struct mended_search *s, uint32_t *n)
{
	uint32_t *left = xcalloc(s->n_rows + 1, sizeof(*left));

	*n = 0;
	for (uint32_t i = 0; i < s->n_rows; i++)
		if (!s->taken[i])
			left[(*n)++] = i;
	return left;
}

/* A cell was changed though nothing was wrong with it. */
static bool is_more_like_than_unlike(const struct mended_likeness *l)
{
	return l->told && l->same > l->changed;
}

/* All that told of a person or a car was mended. The code of the dealer is the same in each row. */
static bool agrees_in_the_rest(const struct mended_likeness *l)
{
	return !l->told && !l->changed && l->same > 1;
}

/* No value leads from one to the other. An event has some such guests, not thousands. */
static void find_untold(struct mended_search *s, const struct mended_file *file)
{
	uint32_t n, *left = list_left(s, &n);

	memset(s->asked, 0, (s->n_rows + 1) * sizeof(*s->asked));
	for (uint32_t i = 0; (uint64_t)s->n_open * n <= MOST_COMPARED && i < s->n_open; i++) {
		for (uint32_t k = 0, end = mended_is_wanted(s, i, file) ? n : 0; k < end; k++)
			mended_keep_pair(s, i, left[k], agrees_in_the_rest);
		mended_join_many(s);
	}
	mended_join_pairs(s);
	free(left);
}

/* ---- rows that clean told nothing of ---- */

static bool leads_to_one_left(const struct mended_search *s, const struct record *rec, struct arena *a)
{
	for (size_t t = 0; t < MENDED_TELLING; t++)
		for (size_t at = mended_with_value(s, mended_telling[t], rec->v[mended_telling[t]], a); at;
		     at = s->entries[at - 1].next)
			if (!s->taken[s->entries[at - 1].row])
				return true;
	return false;
}

/* One without a key, whose place nothing took yet. */
static bool is_open(const struct mended_search *s, const struct mended_row *row)
{
	return !mended_key_of(s, &row->rec).n && !map_get(&s->m->newer, row->id) &&
	       !s->from->has_key(s->from->context, row->id);
}

static void open_faultless(struct mended_search *s, struct str stem)
{
	size_t i, end, line = mended_first_reject(s->from->rejects, stem);
	struct arena a = { 0 };

	for (records_of_file(s->from->records, stem, &i, &end); i < end; i++, arena_reset(&a)) {
		struct mended_row row = { .cleaned = true };
		bool rejected;

		records_get(s->from->records, i, &row.rec, &a);
		row.id = row.rec.v[F_RECORD_ID];
		if (mended_take_faults(s, &row, &line, &rejected) || !leads_to_one_left(s, &row.rec, &a) ||
		    !is_open(s, &row))
			continue;
		records_get(s->from->records, i, &row.rec, &s->arena);
		row.id = row.rec.v[F_RECORD_ID];
		mended_loosen_whole(&row);
		mended_keep_open(s, &row);
	}
	arena_release(&a);
}

/* Such a row was returned for what only the whole shows: its ID number is many people's. */
static void find_faultless(struct mended_search *s, const struct mended_file *chain, size_t n)
{
	uint32_t first = (uint32_t)s->n_open;

	for (size_t i = 0; i < n; i++)
		open_faultless(s, chain[i].stem);
	mended_find_pairs(s, &chain[n], first, mended_agrees);
	s->n_open = first;
}

void mended_find_left(struct mended_search *s, const struct mended_file *chain, size_t n)
{
	if (any_left(s))
		mended_find_pairs(s, &chain[n], 0, is_more_like_than_unlike);
	if (any_left(s))
		find_untold(s, &chain[n]);
	if (any_left(s))
		find_faultless(s, chain, n);
}
