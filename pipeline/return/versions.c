/*
 * The book knows the newest row of a key, and mostly that is the record itself. Only where
 * it is a row of a later file are the rows of that key gathered from the two files, in one
 * pass over each file concerned.
 */
#include "versions.h"

#include "same_cells.h"

#include <stdlib.h>

struct rows { /* of one key in one file */
	size_t *index; /* into the records */
	size_t n, cap;
};

struct search {
	struct desk *d;
	struct arena *keep;
	struct map wanted; /* stem, US, key -> index into rows */
	struct map files; /* stems to look through */
	struct rows *rows;
	size_t n_rows, cap_rows;
	struct buf name;
};

struct pair { /* a row and the newest of its key, in different files */
	struct version *version;
	struct str newest;
	const struct origin *old_file, *new_file;
	size_t old_rows, new_rows; /* indices into rows */
};

static struct str wanted_name(struct search *s, struct str stem, struct str key)
{
	buf_reset(&s->name);
	buf_str(&s->name, stem);
	buf_char(&s->name, 0x1F);
	buf_str(&s->name, key);
	return buf_view(&s->name);
}

static size_t want(struct search *s, struct str stem, struct str key)
{
	bool added;
	size_t at = *map_put(&s->wanted, wanted_name(s, stem, key), s->n_rows, &added);

	if (added) {
		GROW(s->rows, s->n_rows, s->cap_rows);
		s->rows[s->n_rows++] = (struct rows){0};
		map_put(&s->files, stem, 0, NULL);
	}
	return at;
}

static void gather(struct search *s, struct str stem)
{
	const struct origin *o = &s->d->origins[*map_get(&s->d->by_stem, stem)];
	const struct records *records = s->d->records;
	struct arena a = {0};
	size_t i, end;

	for (records_of_file(records, stem, &i, &end); i < end; i++) {
		const uint64_t *at;

		at = map_get(&s->wanted,
			     wanted_name(s, stem,
					 str_trim(records_value(records, i, o->reads->key, &a))));
		if (at) {
			struct rows *rows = &s->rows[*at];

			GROW(rows->index, rows->n, rows->cap);
			rows->index[rows->n++] = i;
		}
		arena_reset(&a);
	}
	arena_release(&a);
}

/* More like than unlike; *same tells how much. */
static bool is_like(const struct record *old, const struct record *newer, size_t *same)
{
	size_t of;

	*same = same_cells(old, newer, &of);
	return *same * 2 > of && !is_other_car(old, newer);
}

/* The row of the newer file that is most like the old one. */
static ptrdiff_t most_like(struct search *s, const struct record *old, const struct rows *rows)
{
	struct arena a = {0};
	size_t best = 0;
	ptrdiff_t found = -1;

	for (size_t i = 0; i < rows->n; i++) {
		struct record rec;
		size_t same;

		records_get(s->d->records, rows->index[i], &rec, &a);
		if (is_like(old, &rec, &same) && same > best) {
			best = same;
			found = (ptrdiff_t)rows->index[i];
		}
		arena_reset(&a);
	}
	arena_release(&a);
	return found;
}

static void settle(struct search *s, const struct pair *p)
{
	const struct rows *before = &s->rows[p->old_rows], *after = &s->rows[p->new_rows];
	struct desk *d = s->d;
	struct arena a = {0};
	struct record old;

	if (before->n <= 1 && after->n <= 1) {
		p->version->newer = str_keep(s->keep, p->newest);
	} else if (desk_record(d, p->version->record_id, &old, &a)) {
		ptrdiff_t at = most_like(s, &old, after);

		if (at >= 0)
			p->version->newer =
				records_value(d->records, (size_t)at, F_RECORD_ID, s->keep);
	}
	arena_release(&a);
}

/* The row came again, with or after the file that holds the newest row of its key. */
static bool seen_since(const struct version *v, const struct origin *old_file,
		       const struct origin *new_file)
{
	return str_cmp(v->last_seen, old_file->observed_on) > 0 &&
	       str_cmp(v->last_seen, new_file->observed_on) >= 0;
}

/* False where the row still stands. */
static bool pair_of(struct search *s, struct version *v, struct pair *p)
{
	struct desk *d = s->d;
	struct arena a = {0};
	struct record rec;
	struct str key;
	bool found = false;

	*p = (struct pair){.version = v, .newest = desk_newest(d, v->record_id, s->keep)};
	p->old_file = desk_origin(d, v->record_id);
	p->new_file = desk_origin(d, p->newest);
	if (p->old_file == p->new_file || !p->old_file->reads || !p->new_file->reads ||
	    seen_since(v, p->old_file, p->new_file))
		return false;
	if (desk_record(d, v->record_id, &rec, &a)) {
		key = desk_key(p->old_file, &rec);
		if (key.n) {
			p->old_rows = want(s, p->old_file->stem, key);
			p->new_rows = want(s, p->new_file->stem, key);
			found = true;
		}
	}
	arena_release(&a);
	return found;
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
	for (size_t i = 0; i < s.files.n; i++)
		gather(&s, s.files.entries[i].key);
	for (size_t i = 0; i < n_pairs; i++)
		settle(&s, &pairs[i]);
	for (size_t i = 0; i < s.n_rows; i++)
		free(s.rows[i].index);
	free(s.rows);
	free(pairs);
	map_release(&s.wanted);
	map_release(&s.files);
	buf_release(&s.name);
}

/* Mostly a row changed in a cell or two: then it is replaced, whatever other rows its key has. */
static bool is_like_newest(struct desk *d, const struct version *v, struct arena *a)
{
	struct str newest = desk_newest(d, v->record_id, a);
	const struct origin *old_file = desk_origin(d, v->record_id), *new_file = desk_origin(d, newest);
	ptrdiff_t before = records_find(d->records, v->record_id), after = records_find(d->records, newest);
	struct record old, newer;
	size_t same;

	if (old_file == new_file || !old_file->reads || before < 0 || after < 0 || seen_since(v, old_file, new_file))
		return false;
	records_get(d->records, (size_t)before, &old, a);
	records_get(d->records, (size_t)after, &newer, a);
	return is_like(&old, &newer, &same);
}

bool version_stands(struct desk *d, struct str record_id)
{
	struct str last = desk_last_file(d, record_id);
	struct version v = {
		.record_id = record_id,
		.last_seen = desk_origin(d, last.n ? last : record_id)->observed_on,
	};
	struct arena a = {0};
	bool stands = !is_like_newest(d, &v, &a);

	if (stands) {
		versions_find(d, &v, 1, &a);
		stands = !v.newer.n;
	}
	arena_release(&a);
	return stands;
}
