#include "mended_rows.h"

#include <stdlib.h>

/* Values by which a row is looked for: whatever was wrong, one of them mostly stayed. */
static const enum field telling[] = {F_NAME, F_MOBILE, F_PHONE, F_ID_NUMBER, F_VIN, F_PLATE};
enum { TELLING = sizeof(telling) / sizeof(telling[0]) };

struct entry { /* a row that has the value */
	size_t record; /* into the records of the desk */
	size_t next; /* the next one with the value + 1 */
};

struct mended_rows {
	struct desk *desk;
	struct map indexed; /* stems */
	struct map first; /* stem, field, value -> entry + 1 */
	struct map taken; /* stem of the rows asked about, row that took the place of one */
	struct entry *entries;
	size_t n, cap;
	struct buf name;
};

struct mended_rows *mended_rows_new(struct desk *d)
{
	struct mended_rows *m = xcalloc(1, sizeof(*m));

	m->desk = d;
	return m;
}

void mended_rows_free(struct mended_rows *m)
{
	map_release(&m->indexed);
	map_release(&m->first);
	map_release(&m->taken);
	buf_release(&m->name);
	free(m->entries);
	free(m);
}

size_t same_cells(const struct record *old, const struct record *newer, size_t *of)
{
	size_t same = 0;

	*of = 0;
	for (int i = F_UPDATED_AT + 1; i < F_COUNT; i++)
		if (old->v[i].n) {
			++*of;
			same += str_eq(old->v[i], newer->v[i]);
		}
	return same;
}

bool is_other_car(const struct record *old, const struct record *newer)
{
	return old->v[F_VIN].n && newer->v[F_VIN].n && !str_eq(old->v[F_VIN], newer->v[F_VIN]);
}

static struct str value_name(struct mended_rows *m, struct str stem, enum field field, struct str value)
{
	buf_reset(&m->name);
	buf_str(&m->name, stem);
	buf_printf(&m->name, "\x1F%d\x1F", field);
	buf_str(&m->name, value);
	return buf_view(&m->name);
}

static void index_row(struct mended_rows *m, const struct origin *file, size_t record, const struct record *rec)
{
	for (size_t i = 0; i < TELLING; i++) {
		struct str value = rec->v[telling[i]];
		uint64_t *first;

		if (!value.n)
			continue;
		first = map_put(&m->first, value_name(m, file->stem, telling[i], value), 0, NULL);
		GROW(m->entries, m->n, m->cap);
		m->entries[m->n++] = (struct entry){.record = record, .next = (size_t)*first};
		*first = m->n;
	}
}

static void index_file(struct mended_rows *m, const struct origin *file)
{
	const struct records *records = m->desk->records;
	struct arena a = {0};
	struct record rec;
	struct str stem;
	uint32_t row;

	for (size_t i = desk_first_record(m->desk, file->stem); i < records->n; i++, arena_reset(&a)) {
		records_get(records, i, &rec, &a);
		record_id_split(rec.v[F_RECORD_ID], &stem, &row);
		if (!str_eq(stem, file->stem))
			break;
		if (!desk_key(file, &rec).n)
			index_row(m, file, i, &rec);
	}
	arena_release(&a);
}

struct likest { /* found so far */
	size_t record, same; /* 0 cells: nothing */
};

static struct str taken_name(struct mended_rows *m, const struct record *old, struct str row)
{
	struct str stem;
	uint32_t ignored;

	record_id_split(old->v[F_RECORD_ID], &stem, &ignored);
	buf_reset(&m->name);
	buf_str(&m->name, stem);
	buf_char(&m->name, 0x1F);
	buf_str(&m->name, row);
	return buf_view(&m->name);
}

static void compare(struct mended_rows *m, const struct record *old, size_t record, struct likest *best)
{
	struct arena a = {0};
	struct record rec;
	size_t same, of;

	records_get(m->desk->records, record, &rec, &a);
	same = same_cells(old, &rec, &of);
	if (same * 2 > of && !is_other_car(old, &rec) &&
	    (same > best->same || (same == best->same && record < best->record)) &&
	    !map_get(&m->taken, taken_name(m, old, rec.v[F_RECORD_ID])))
		*best = (struct likest){record, same};
	arena_release(&a);
}

static struct str row_in(struct mended_rows *m, const struct origin *file, const struct record *old)
{
	struct likest best = {0};
	struct str found;
	bool added;

	map_put(&m->indexed, file->stem, 0, &added);
	if (added)
		index_file(m, file);
	for (size_t i = 0; i < TELLING; i++) {
		const uint64_t *first = map_get(&m->first, value_name(m, file->stem, telling[i], old->v[telling[i]]));

		for (size_t at = first ? (size_t)*first : 0; at; at = m->entries[at - 1].next)
			compare(m, old, m->entries[at - 1].record, &best);
	}
	if (!best.same)
		return STR("");
	found = records_value(m->desk->records, best.record, F_RECORD_ID, &m->desk->arena);
	map_put(&m->taken, taken_name(m, old, found), 0, NULL);
	return found;
}

struct str mended_row(struct mended_rows *m, struct str record_id)
{
	const struct origin *from = desk_origin(m->desk, record_id);
	struct str found = STR("");
	struct arena a = {0};
	struct record old;

	if (from->sent_again && from->reads && desk_record(m->desk, record_id, &old, &a) && !desk_key(from, &old).n)
		for (const struct origin *file = from->sent_again; file; file = file->sent_again) {
			struct str here = row_in(m, file, &old);

			if (here.n)
				found = here;
		}
	arena_release(&a);
	return found;
}
