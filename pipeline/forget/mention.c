#include "mention.h"

#include "text.h"

void mention_spell(struct person *p, struct str name)
{
	struct str spellings[FORGOTTEN_SPELLINGS];
	struct arena a = { 0 };

	forgotten_spell(name, spellings, &a);
	for (size_t i = 0; i < FORGOTTEN_SPELLINGS; i++) {
		if (spellings[i].n)
			map_put(&p->spellings, spellings[i], 0, NULL);
	}
	arena_release(&a);
}

static bool holds_any(struct str line, const struct map *values)
{
	for (size_t i = 0; i < values->n; i++) {
		if (forgotten_holds(line, values->entries[i].key))
			return true;
	}
	return false;
}

bool mention_holds(const struct person *p, struct str line)
{
	return holds_any(line, &p->is.phones) && holds_any(line, &p->spellings);
}

enum mention mention_of(const struct person *p, struct str record_id, struct str row)
{
	const uint64_t *known = map_get(&p->mentions, record_id);

	if (known)
		return (enum mention)*known;
	return mention_holds(p, row) ? MENTION_PHONES : MENTION_NONE;
}

size_t mention_blank(const struct person *p, enum mention what, char *bytes, size_t n)
{
	const struct map *values = what == MENTION_PHONES ? &p->is.phones : &p->spellings;
	size_t times = 0;

	for (size_t i = 0; i < values->n && what != MENTION_NONE && what != MENTION_SAME; i++)
		times += what == MENTION_PHONES ? forgotten_overwrite_phone(bytes, n, values->entries[i].key) :
						  forgotten_overwrite(bytes, n, values->entries[i].key);
	return times;
}

/* ---- rows of others ---- */

static bool is_phone(const struct person *p, struct str phone, struct arena *a)
{
	return phone.n && map_get(&p->is.phones, forgotten_phone(a, phone));
}

static bool is_named(const struct person *p, const struct record *rec, enum field name, enum field phone,
		     struct arena *a)
{
	return is_phone(p, rec->v[phone], a) && map_get(&p->names, text_code(a, rec->v[name]));
}

static enum mention what_goes(const struct person *p, const struct record *rec, struct arena *a)
{
	if (!is_phone(p, rec->v[F_MOBILE], a) && !is_phone(p, rec->v[F_PHONE], a))
		return MENTION_PHONES;
	return holds_any(rec->v[F_NAME], &p->spellings) ? MENTION_SAME : MENTION_NAMES;
}

/* By their cells: a name there may be spelled otherwise than in the person's own rows. */
static void find_in_records(struct person *p, const struct records *records)
{
	struct arena a = { 0 };
	struct record rec;

	for (size_t i = 0; i < records->n; i++, arena_reset(&a)) {
		records_get(records, i, &rec, &a);
		if (!person_has(p, rec.v[F_RECORD_ID]) &&
		    (is_named(p, &rec, F_CONTACT_NAME, F_CONTACT_PHONE, &a) ||
		     is_named(p, &rec, F_RELATIVE_NAME, F_RELATIVE_MOBILE, &a) ||
		     (is_phone(p, rec.v[F_REFERRER_MOBILE], &a) && what_goes(p, &rec, &a) == MENTION_PHONES)))
			map_put(&p->mentions, rec.v[F_RECORD_ID], what_goes(p, &rec, &a), NULL);
	}
	arena_release(&a);
}

static void take_row(struct person *p, const struct records *records, struct str id)
{
	struct arena a = { 0 };
	struct record rec;
	ptrdiff_t i = records_find(records, id);

	if (i >= 0 && !person_has(p, id)) {
		records_get(records, (size_t)i, &rec, &a);
		map_put(&p->mentions, id, what_goes(p, &rec, &a), NULL);
	}
	arena_release(&a);
}

/* Also by columns that no table has: what goes then goes from all of the record. */
static bool find_in_rows(struct person *p, struct received *rc, const struct records *records, struct fault *f)
{
	struct arena a = { 0 };
	struct str bytes;
	uint32_t row;
	bool ok = true;

	for (size_t file = 0; ok && file < received_files(rc); file++) {
		for (size_t i = 0; ok && i < received_kept_rows(rc, file); i++) {
			struct kept kept = { .stem = received_file(rc, file)->stem };

			ok = received_kept_row(rc, file, i, &row, &bytes, f);
			if (ok && !p->numbered)
				p->numbered = holds_any(bytes, &p->is.numbers);
			if (!ok || !mention_holds(p, bytes))
				continue;
			kept.row = row;
			received_kept(rc, kept.stem, row, &kept);
			take_row(p, records, str_printf(&a, "%.*s:%u", STR_FMT(kept.stem), kept.row));
			arena_reset(&a);
		}
	}
	arena_release(&a);
	return ok;
}

bool mention_find_all(struct person *p, struct run *r, struct fault *f)
{
	const struct records *records = run_records(r, f);

	if (!records)
		return false;
	find_in_records(p, records);
	return !r->book->received || find_in_rows(p, r->book->received, records, f);
}
