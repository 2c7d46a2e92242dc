#include "table.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "csv_table.h"
#include "map.h"
#include "varint.h"

/*
 * A packed row is a bit for each column that has a value, then a number for each of those,
 * in order, then the bytes of those that have no dictionary, in order. The number is a
 * length, or an entry of the dictionary. Most cells of a wide table are empty.
 */
struct rowset_store {
	size_t width, mask_bytes;
	uint64_t plain; /* bit i: column i has no dictionary */
	unsigned char **rows;
	size_t cap;
	struct arena bytes;
	struct map dictionaries[TABLE_MAX_COLUMNS];
	uint32_t last[TABLE_MAX_COLUMNS]; /* the entry used last: often the next one too */
};

enum { FLUSH_AT = 256 << 10 };

static bool has_dictionary(const struct rowset *rs, size_t column)
{
	return rs->def->dictionary >> column & 1;
}

void rowset_init(struct rowset *rs, const struct table_def *def)
{
	*rs = (struct rowset){ .def = def, .store = xcalloc(1, sizeof(*rs->store)) };
	rs->store->width = table_width(def);
	rs->store->bytes.spills = true;
	if (rs->store->width > TABLE_MAX_COLUMNS)
		BUG("%s has more than %d columns", def->path, TABLE_MAX_COLUMNS);
	rs->store->mask_bytes = (rs->store->width + 7) / 8;
	rs->store->plain = ~def->dictionary;
}

void rowset_release(struct rowset *rs)
{
	struct rowset_store *s = rs->store;

	if (!s)
		return;
	for (size_t i = 0; i < s->width; i++)
		map_release(&s->dictionaries[i]);
	arena_release(&s->bytes);
	free(s->rows);
	free(s);
	*rs = (struct rowset){ .def = rs->def };
}

size_t rowset_distinct(const struct rowset *rs, int column)
{
	return rs->store->dictionaries[column].n;
}

size_t rowset_bytes(const struct rowset *rs)
{
	const struct rowset_store *s = rs->store;
	size_t n = s->bytes.total + s->cap * sizeof(*s->rows);

	for (size_t i = 0; i < s->width; i++)
		n += s->dictionaries[i].keys.total;
	return n;
}

static uint32_t entry_number(struct rowset_store *s, size_t column, struct str value)
{
	struct map *m = &s->dictionaries[column];

	if (m->n == 0 || !str_eq(m->entries[s->last[column]].key, value))
		s->last[column] = (uint32_t)*map_put(m, value, m->n, NULL);
	return s->last[column];
}

static uint64_t mask_of(const struct rowset_store *s, const unsigned char *row)
{
	uint64_t mask = 0;

	for (size_t i = 0; i < s->mask_bytes; i++)
		mask |= (uint64_t)row[i] << 8 * i;
	return mask;
}

/* Packs into room for the largest form and gives back what is left of it. */
void rowset_add(struct rowset *rs, const struct str *values)
{
	struct rowset_store *s = rs->store;
	size_t size = s->mask_bytes;
	uint64_t mask = 0;
	unsigned char *start, *p;

	for (size_t i = 0; i < s->width; i++) {
		if (values[i].n == 0)
			continue;
		mask |= 1ull << i;
		size += VARINT_MAX + values[i].n;
	}
	start = arena_bytes(&s->bytes, size);
	p = start;
	for (size_t i = 0; i < s->mask_bytes; i++)
		*p++ = (unsigned char)(mask >> 8 * i);
	for (uint64_t left = mask; left; left &= left - 1) {
		size_t i = (size_t)__builtin_ctzll(left);

		p = varint_put(p, has_dictionary(rs, i) ? entry_number(s, i, values[i]) : values[i].n);
	}
	for (uint64_t left = mask & s->plain; left; left &= left - 1) {
		const struct str *value = &values[__builtin_ctzll(left)];

		memcpy(p, value->p, value->n);
		p += value->n;
	}
	arena_trim(&s->bytes, p);
	GROW(s->rows, rs->n, s->cap);
	s->rows[rs->n++] = start;
}

static void unpack(const struct rowset *rs, const unsigned char *p, struct str *values)
{
	const struct rowset_store *s = rs->store;
	uint64_t mask = mask_of(s, p);

	memset(values, 0, s->width * sizeof(*values));
	p += s->mask_bytes;
	for (uint64_t left = mask; left; left &= left - 1) {
		size_t i = (size_t)__builtin_ctzll(left);
		uint64_t number = varint_get(&p);

		values[i] = has_dictionary(rs, i) ? s->dictionaries[i].entries[number].key :
						    (struct str){ NULL, number };
	}
	for (uint64_t left = mask & s->plain; left; left &= left - 1) {
		struct str *value = &values[__builtin_ctzll(left)];

		value->p = (const char *)p;
		p += value->n;
	}
}

void rowset_get(const struct rowset *rs, size_t i, struct str *values)
{
	unpack(rs, rs->store->rows[i], values);
}

void rowset_some(const struct rowset *rs, size_t i, uint64_t columns, struct str *values)
{
	const struct rowset_store *s = rs->store;
	const unsigned char *p = s->rows[i];
	uint64_t mask = mask_of(s, p), some = mask & columns;
	const unsigned char *bytes = p + s->mask_bytes;

	for (uint64_t left = columns & ~mask; left; left &= left - 1)
		values[__builtin_ctzll(left)] = (struct str){ NULL, 0 };
	p = bytes;
	for (int n = __builtin_popcountll(mask); n > 0; n--)
		while (*bytes++ & 0x80)
			;
	for (uint64_t left = mask; some; left &= left - 1) {
		uint64_t bit = left & -left, number = varint_get(&p);
		size_t column = (size_t)__builtin_ctzll(left);

		if (some & bit)
			values[column] = s->plain & bit ? (struct str){ (const char *)bytes, number } :
							  s->dictionaries[column].entries[number].key;
		bytes += s->plain & bit ? number : 0;
		some &= ~bit;
	}
}

void rowset_prefetch(const struct rowset *rs, size_t i)
{
	const unsigned char *p = rs->store->rows[i];

	__builtin_prefetch(p);
	__builtin_prefetch(p + 64);
	__builtin_prefetch(p + 128);
}

struct str rowset_value(const struct rowset *rs, size_t i, int column)
{
	const struct rowset_store *s = rs->store;
	const unsigned char *p = s->rows[i];
	uint64_t mask = mask_of(s, p), bit = 1ull << column, number, skip = 0;

	if (!(mask & bit))
		return (struct str){ NULL, 0 };
	p += s->mask_bytes;
	for (uint64_t left = mask & (bit - 1); left; left &= left - 1) {
		uint64_t n = varint_get(&p);

		skip += s->plain & left & -left ? n : 0;
	}
	number = varint_get(&p);
	if (!(s->plain & bit))
		return s->dictionaries[column].entries[number].key;
	for (int after = __builtin_popcountll(mask & ~(bit | (bit - 1))); after > 0; after--)
		while (*p++ & 0x80)
			;
	return (struct str){ (const char *)p + skip, number };
}

/* Only the numbers of dictionary entries change: `numbers` has those of the other rowset. */
static void append_row(struct rowset *to, const unsigned char *row, uint32_t *const *numbers)
{
	struct rowset_store *s = to->store;
	uint64_t mask = mask_of(s, row);
	const unsigned char *p = row + s->mask_bytes, *q = p;
	size_t plain = 0;
	unsigned char *start, *out;

	for (uint64_t left = mask; left; left &= left - 1) {
		uint64_t number = varint_get(&q);

		plain += s->plain & left & -left ? number : 0;
	}
	start = arena_bytes(&s->bytes, s->mask_bytes + VARINT_MAX * TABLE_MAX_COLUMNS + plain);
	memcpy(start, row, s->mask_bytes);
	out = start + s->mask_bytes;
	for (uint64_t left = mask; left; left &= left - 1) {
		uint64_t number = varint_get(&p);

		out = varint_put(out, s->plain & left & -left ? number : numbers[__builtin_ctzll(left)][number]);
	}
	memcpy(out, p, plain);
	arena_trim(&s->bytes, out + plain);
	GROW(s->rows, to->n, s->cap);
	s->rows[to->n++] = start;
}

void rowset_append(struct rowset *to, const struct rowset *from)
{
	uint32_t *numbers[TABLE_MAX_COLUMNS] = { 0 };

	for (size_t i = 0; i < from->store->width; i++) {
		const struct map *entries = &from->store->dictionaries[i];
		struct map *m = &to->store->dictionaries[i];

		numbers[i] = xcalloc(entries->n, sizeof(**numbers));
		for (size_t k = 0; k < entries->n; k++)
			numbers[i][k] = (uint32_t)*map_put(m, entries->entries[k].key, m->n, NULL);
	}
	for (size_t i = 0; i < from->n; i++)
		append_row(to, from->store->rows[i], numbers);
	for (size_t i = 0; i < from->store->width; i++)
		free(numbers[i]);
}

struct sorting {
	const struct rowset *rs;
	int (*compare)(const struct str *a, const struct str *b);
	unsigned char **from, **to;
};

/* The end of the ascending run that begins at `first`. */
static size_t run_end(const struct sorting *s, size_t first, size_t n)
{
	struct str rows[2][TABLE_MAX_COLUMNS];
	size_t end = first + 1;

	unpack(s->rs, s->from[first], rows[first % 2]);
	for (; end < n; end++) {
		unpack(s->rs, s->from[end], rows[end % 2]);
		if (s->compare(rows[(end - 1) % 2], rows[end % 2]) > 0)
			break;
	}
	return end;
}

/* Merges two neighbouring runs; on a tie the row of the first comes first. */
static void merge_runs(const struct sorting *s, size_t first, size_t middle, size_t end)
{
	struct str left[TABLE_MAX_COLUMNS], right[TABLE_MAX_COLUMNS];
	size_t a = first, b = middle, out = first;

	if (a < middle && b < end) {
		unpack(s->rs, s->from[a], left);
		unpack(s->rs, s->from[b], right);
	}
	while (a < middle && b < end) {
		if (s->compare(left, right) <= 0) {
			s->to[out++] = s->from[a++];
			if (a < middle)
				unpack(s->rs, s->from[a], left);
		} else {
			s->to[out++] = s->from[b++];
			if (b < end)
				unpack(s->rs, s->from[b], right);
		}
	}
	while (a < middle)
		s->to[out++] = s->from[a++];
	while (b < end)
		s->to[out++] = s->from[b++];
}

/* Merges the runs that are there: rows in order cost one comparison each. */
void rowset_sort(struct rowset *rs, int (*compare)(const struct str *a, const struct str *b))
{
	struct rowset_store *store = rs->store;
	struct sorting s = { rs, compare, store->rows, xcalloc(rs->n, sizeof(*s.to)) };
	size_t *ends = NULL, n_ends = 0, cap = 0;

	for (size_t at = 0; at < rs->n; n_ends++) {
		GROW(ends, n_ends, cap);
		at = ends[n_ends] = run_end(&s, at, rs->n);
	}
	while (n_ends > 1) {
		unsigned char **swap = s.from;
		size_t first = 0, merged = 0;

		for (size_t k = 0; k < n_ends; k += 2) {
			size_t end = k + 1 < n_ends ? ends[k + 1] : ends[k];

			merge_runs(&s, first, ends[k], end);
			ends[merged++] = first = end;
		}
		n_ends = merged;
		s.from = s.to;
		s.to = swap;
	}
	store->rows = s.from;
	store->cap = rs->n;
	free(s.to);
	free(ends);
}

static void add_header(const struct table_def *def, struct buf *b)
{
	struct str names[TABLE_MAX_COLUMNS];
	size_t n = table_width(def);

	for (size_t i = 0; i < n; i++)
		names[i] = str_of(def->columns[i]);
	csv_row(b, names, n);
}

void rowset_csv(const struct rowset *rs, struct buf *b)
{
	struct str values[TABLE_MAX_COLUMNS];

	add_header(rs->def, b);
	for (size_t i = 0; i < rs->n; i++) {
		rowset_get(rs, i, values);
		csv_row(b, values, rs->store->width);
	}
}

static bool table_path(char path[PATH_MAX], const char *dir, const struct table_def *def,
		       struct fault *f)
{
	int n = snprintf(path, PATH_MAX, "%s/%s.csv", dir, def->path);

	return (n > 0 && n < PATH_MAX) ||
	       fault_set(f, EXIT_FAILED, "the name of the folder %s is too long", dir);
}

bool rowset_save(const struct rowset *rs, const char *dir, struct fault *f)
{
	struct str values[TABLE_MAX_COLUMNS];
	char path[PATH_MAX];
	struct buf b = { 0 };
	struct outfile *o;

	if (!table_path(path, dir, rs->def, f) || !(o = outfile_open(path, f)))
		return false;
	add_header(rs->def, &b);
	for (size_t i = 0; i < rs->n; i++) {
		rowset_get(rs, i, values);
		csv_row(&b, values, rs->store->width);
		if (b.n >= FLUSH_AT) {
			outfile_str(o, buf_view(&b));
			buf_reset(&b);
		}
	}
	outfile_str(o, buf_view(&b));
	buf_release(&b);
	return outfile_commit(o, f);
}

bool rowset_load(struct rowset *rs, const char *dir, bool optional, struct fault *f)
{
	struct str values[TABLE_MAX_COLUMNS];
	int from[TABLE_MAX_COLUMNS];
	char path[PATH_MAX];
	const struct str *fields;
	struct csv_reader *r;

	if (!table_path(path, dir, rs->def, f))
		return false;
	if (optional && !csv_table_exists(path))
		return true;
	r = csv_reader_open(path, f);
	if (!r)
		return false;
	for (size_t i = 0; i < rs->store->width; i++)
		from[i] = csv_reader_column(r, str_of(rs->def->columns[i]));
	while (csv_reader_next(r, &fields)) {
		for (size_t i = 0; i < rs->store->width; i++)
			values[i] = from[i] >= 0 ? fields[from[i]] : STR("");
		rowset_add(rs, values);
	}
	return csv_reader_close(r, f);
}
