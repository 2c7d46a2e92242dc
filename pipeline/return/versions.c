/*
 * The book knows the newest row of a key, and mostly that is the record itself. Only where a later
 * export has the key without the record are all rows of that key gathered, in one pass over the
 * files of the series. Each stood from the file that names it to the one that had it last, so what
 * an export repeated is seen, too.
 */
#include "versions.h"

#include "same_cells.h"

#include <stdlib.h>

struct row {
	size_t index; /* into the records */
	const struct origin *first, *last;
};

struct rows { /* of one key */
	struct row *list; /* the last seen first */
	size_t n, cap;
	bool several; /* in one export */
};

struct search {
	struct desk *d;
	struct arena *keep;
	struct map wanted; /* series, US, key -> index into rows */
	struct map series; /* to look through -> index of one of its files */
	struct rows *rows;
	size_t n_rows, cap_rows;
	struct buf name;
};

struct pair { /* a row and the newest of its key, which came without it */
	struct version *version;
	struct str newest;
	const struct origin *last; /* that had the row */
	size_t rows; /* index into rows */
};

static struct str wanted_name(struct search *s, const struct origin *o, struct str key)
{
	buf_reset(&s->name);
	buf_str(&s->name, o->series);
	buf_char(&s->name, 0x1F);
	buf_str(&s->name, key);
	return buf_view(&s->name);
}

static size_t want(struct search *s, const struct origin *o, struct str key)
{
	bool added;
	size_t at = *map_put(&s->wanted, wanted_name(s, o, key), s->n_rows, &added);

	if (added) {
		GROW(s->rows, s->n_rows, s->cap_rows);
		s->rows[s->n_rows++] = (struct rows){0};
		map_put(&s->series, o->series, (uint64_t)(o - s->d->origins), NULL);
	}
	return at;
}

static void take_row(struct search *s, struct rows *rows, size_t index, const struct origin *o)
{
	struct arena a = {0};
	struct str id = records_value(s->d->records, index, F_RECORD_ID, &a);

	GROW(rows->list, rows->n, rows->cap);
	rows->list[rows->n++] = (struct row){ index, o, desk_last_origin(s->d, id) };
	arena_release(&a);
}

static void gather_file(struct search *s, const struct origin *o)
{
	const struct records *records = s->d->records;
	struct arena a = {0};
	size_t i, end;

	for (records_of_file(records, o->stem, &i, &end); i < end; i++) {
		struct str key = str_trim(records_value(records, i, o->reads->key, &a));
		const uint64_t *at = map_get(&s->wanted, wanted_name(s, o, key));

		if (at)
			take_row(s, &s->rows[*at], i, o);
		arena_reset(&a);
	}
	arena_release(&a);
}

static void gather(struct search *s, const struct origin *one)
{
	const struct origin *o = one;

	do
		gather_file(s, o);
	while ((o = o->beside) != one);
}

static int by_first(const void *x, const void *y)
{
	const struct row *a = x, *b = y;
	int c = origin_cmp(a->first, b->first);

	return c ? c : (a->index > b->index) - (a->index < b->index);
}

static int by_last(const void *x, const void *y)
{
	int c = origin_cmp(((const struct row *)y)->last, ((const struct row *)x)->last);

	return c ? c : by_first(x, y);
}

static void order(struct rows *rows)
{
	const struct origin *last = NULL;

	if (!rows->n)
		return;
	qsort(rows->list, rows->n, sizeof(*rows->list), by_first);
	for (size_t i = 0; i < rows->n; i++) {
		const struct row *row = &rows->list[i];

		rows->several |= last && origin_cmp(row->first, last) <= 0;
		if (!last || origin_cmp(row->last, last) > 0)
			last = row->last;
	}
	qsort(rows->list, rows->n, sizeof(*rows->list), by_last);
}

/* More like than unlike; *same tells how much. */
static bool is_like(const struct record *old, const struct record *newer, size_t *same)
{
	size_t of;

	*same = same_cells(old, newer, &of);
	return *same * 2 > of && !is_other_car(old, newer);
}

/* Of the rows that came after that file the one that is most like the old one, in the newest export
 * that has any like it. */
static ptrdiff_t most_like(struct search *s, const struct record *old, const struct origin *last,
			   const struct rows *rows)
{
	const struct origin *newest = NULL;
	struct arena a = {0};
	size_t best = 0;
	ptrdiff_t found = -1;

	for (size_t i = 0; i < rows->n; i++) {
		const struct row *row = &rows->list[i];
		struct record rec;
		size_t same;

		if (found >= 0 ? row->last != newest : origin_cmp(row->last, last) <= 0)
			break;
		if (origin_cmp(row->first, last) <= 0)
			continue;
		records_get(s->d->records, row->index, &rec, &a);
		if (is_like(old, &rec, &same) && same > best) {
			newest = row->last;
			best = same;
			found = (ptrdiff_t)row->index;
		}
		arena_reset(&a);
	}
	arena_release(&a);
	return found;
}

/* Where a key has one row in each export, the newest took the place of all. */
static void settle(struct search *s, const struct pair *p)
{
	const struct rows *rows = &s->rows[p->rows];
	struct desk *d = s->d;
	struct arena a = {0};
	struct record old;

	if (!rows->several && origin_cmp(desk_origin(d, p->newest), p->last) > 0) {
		p->version->newer = p->newest;
	} else if (desk_record(d, p->version->record_id, &old, &a)) {
		ptrdiff_t at = most_like(s, &old, p->last, rows);

		if (at >= 0)
			p->version->newer =
				records_value(d->records, (size_t)at, F_RECORD_ID, s->keep);
	}
	arena_release(&a);
}

/* False where the row still stands, since no later export has its key. */
static bool pair_of(struct search *s, struct version *v, struct pair *p)
{
	struct desk *d = s->d;
	const struct origin *o = desk_origin(d, v->record_id);
	struct arena a = {0};
	struct record rec;
	struct str key = {0};

	*p = (struct pair){ .version = v, .last = desk_last_origin(d, v->record_id) };
	p->newest = desk_newest(d, v->record_id, s->keep);
	if (!o->reads || origin_cmp(desk_last_origin(d, p->newest), p->last) <= 0)
		return false;
	if (desk_record(d, v->record_id, &rec, &a))
		key = desk_key(o, &rec);
	if (key.n)
		p->rows = want(s, o, key);
	arena_release(&a);
	return key.n > 0;
}

void versions_find(struct desk *d, struct version *list, size_t n, struct arena *keep)
{
	struct search s = {.d = d, .keep = keep};
	struct pair *pairs = xcalloc(n, sizeof(*pairs));
	size_t n_pairs = 0;

	for (size_t i = 0; i < n; i++) {
		struct version *v = &list[i];

		if (pair_of(&s, v, &pairs[n_pairs])) {
			n_pairs++;
		} else {
			v->newer = mended_row(d->mended, v->record_id);
			v->sent_again = v->newer.n > 0;
		}
	}
	for (size_t i = 0; i < s.series.n; i++)
		gather(&s, &d->origins[s.series.entries[i].value]);
	for (size_t i = 0; i < s.n_rows; i++)
		order(&s.rows[i]);
	for (size_t i = 0; i < n_pairs; i++)
		settle(&s, &pairs[i]);
	for (size_t i = 0; i < s.n_rows; i++)
		free(s.rows[i].list);
	free(s.rows);
	free(pairs);
	map_release(&s.wanted);
	map_release(&s.series);
	buf_release(&s.name);
}

/* Mostly a row changed in a cell or two: then it is replaced, whatever other rows its key has. */
static bool is_like_newest(struct desk *d, struct str record_id, struct arena *a)
{
	struct str newest = desk_newest(d, record_id, a);
	ptrdiff_t before = records_find(d->records, record_id), after = records_find(d->records, newest);
	struct record old, newer;
	size_t same;

	if (!desk_origin(d, record_id)->reads || before < 0 || after < 0 ||
	    origin_cmp(desk_origin(d, newest), desk_last_origin(d, record_id)) <= 0)
		return false;
	records_get(d->records, (size_t)before, &old, a);
	records_get(d->records, (size_t)after, &newer, a);
	return is_like(&old, &newer, &same);
}

bool version_stands(struct desk *d, struct str record_id)
{
	struct version v = {.record_id = record_id};
	struct arena a = {0};
	bool stands = !is_like_newest(d, record_id, &a);

	if (stands) {
		versions_find(d, &v, 1, &a);
		stands = !v.newer.n;
	}
	arena_release(&a);
	return stands;
}
