#include "scrub.h"

#include "csv_table.h"
#include "mention.h"
#include "outfile.h"
#include "text.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- a table ---- */

static bool is_theirs(const struct person *p, const struct str *v, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (v[i].n && person_has(p, v[i]))
			return true;
	}
	return false;
}

/* In a row of somebody else. */
struct scrubbed_row {
	enum mention what;
	int name, mobile, phone; /* columns, or -1 */
};

/* The phone of the row, as it stands there: the other one has it too. */
static bool is_own_phone(const struct person *p, const struct str *v, int column, struct arena *a)
{
	return column >= 0 && v[column].n && map_get(&p->is.phones, forgotten_phone(a, v[column]));
}

static struct scrubbed_row look_at(const struct person *p, const struct csv_reader *in, const struct str *v, size_t n,
				   struct arena *a)
{
	struct scrubbed_row row = { .name = csv_reader_column(in, STR("name")), .mobile = csv_reader_column(in, STR("mobile")),
				    .phone = csv_reader_column(in, STR("phone")) };
	int record = csv_reader_column(in, STR("record_id"));
	struct buf b = { 0 };

	csv_row(&b, v, n);
	row.what = mention_of(p, record < 0 ? STR("") : v[record], buf_view(&b));
	buf_release(&b);
	if (row.what == MENTION_PHONES && (is_own_phone(p, v, row.mobile, a) || is_own_phone(p, v, row.phone, a)))
		row.what = MENTION_NAMES;
	return row;
}

/* Blanks within a text are made one, as clean would. */
static struct str scrub_cell(const struct person *p, const struct scrubbed_row *row, int column, struct str v,
			     struct arena *a)
{
	enum mention what = column == row->name && row->what == MENTION_NAMES ? MENTION_NONE : row->what;

	if (!v.n || (what == MENTION_NONE && v.n < (p->is.old_number.n ? p->is.old_number.n : p->is.number.n)))
		return v;
	if (what == MENTION_PHONES && map_get(&p->is.phones, forgotten_phone(a, v)))
		return STR("");
	char *copy = str_keepz(a, v);
	size_t times = mention_blank(p, what, copy, v.n) + forgotten_overwrite_number(copy, v.n, &p->is);

	return times ? text_clean(a, (struct str){ copy, v.n }) : v;
}

enum { LOST_ACCEPTED, LOST_FLAGGED, LOST_REJECTED };

static void note_lost(struct map *lost, const struct csv_reader *in, const struct str *v)
{
	int record = csv_reader_column(in, STR("record_id")), action = csv_reader_column(in, STR("action"));
	uint64_t fate = LOST_ACCEPTED;

	if (!lost || record < 0)
		return;
	if (action >= 0 && !str_eq(v[action], STR("fix")))
		fate = str_eq(v[action], STR("reject")) ? LOST_REJECTED : LOST_FLAGGED;
	uint64_t *known = map_put(lost, v[record], fate, NULL);

	if (fate > *known)
		*known = fate;
}

bool scrub_table(const struct person *p, const char *from, const char *to, struct map *lost, struct fault *f)
{
	if (!file_exists(from))
		return true;
	struct csv_reader *in = csv_reader_open(from, f);
	struct outfile *out = in ? outfile_open(to, f) : NULL;
	struct arena a = { 0 };
	struct buf b = { 0 };
	struct str row[TABLE_MAX_COLUMNS];
	const struct str *v;

	if (!out)
		return in && csv_reader_close(in, f) && false;
	size_t n = csv_reader_columns(in);

	for (size_t i = 0; i < n && i < TABLE_MAX_COLUMNS; i++)
		row[i] = csv_reader_header(in, i);
	csv_row(&b, row, n);
	while (n <= TABLE_MAX_COLUMNS && csv_reader_next(in, &v)) {
		if (is_theirs(p, v, n)) {
			note_lost(lost, in, v);
			continue;
		}
		struct scrubbed_row how = look_at(p, in, v, n, &a);

		for (size_t i = 0; i < n; i++)
			row[i] = scrub_cell(p, &how, (int)i, v[i], &a);
		csv_row(&b, row, n);
		outfile_str(out, buf_view(&b));
		buf_reset(&b);
		arena_reset(&a);
	}
	outfile_str(out, buf_view(&b));
	buf_release(&b);
	arena_release(&a);
	bool ok = csv_reader_close(in, f);

	return outfile_commit(out, f) && ok;
}

bool scrub_tables(const struct person *p, const char *from, const char *to, struct map *lost, struct fault *f)
{
	struct arena a = { 0 };
	DIR *d = opendir(from);
	bool ok = true;

	if (!d)
		return errno == ENOENT || fault_errno(f, "open the folder", from);
	for (struct dirent *e; ok && (ok = folder_next(d, from, &e, f)) && e;) {
		const char *inner = str_keepz(&a, str_printf(&a, "%s/%s", from, e->d_name));
		const char *copy = str_keepz(&a, str_printf(&a, "%s/%s", to, e->d_name));
		struct stat st;

		if (e->d_name[0] == '.')
			continue;
		if (lstat(inner, &st) != 0)
			ok = fault_errno(f, "look at", inner);
		else if (S_ISDIR(st.st_mode))
			ok = scrub_tables(p, inner, copy, lost, f);
		else if (str_ends(str_of(e->d_name), STR(".csv")))
			ok = scrub_table(p, inner, copy, lost, f);
	}
	closedir(d);
	arena_release(&a);
	return ok;
}

/* ---- original rows ---- */

struct scrubbing {
	const struct person *p;
	struct run *r;
	const struct records *records;
	struct arena arena;
};

/* The record that a kept row is now: a file that came late may have named it anew. */
static struct str record_of(struct scrubbing *s, struct str stem, uint32_t row)
{
	struct kept kept = { .stem = stem, .row = row };

	received_kept(s->r->book->received, stem, row, &kept);
	return str_printf(&s->arena, "%.*s:%u", STR_FMT(kept.stem), kept.row);
}

static bool scrub_row(void *context, struct str stem, uint32_t row, char *bytes, size_t n, struct hash128 *values)
{
	struct scrubbing *s = context;
	const struct person *p = s->p;
	char hash[CUSTOMER_ID_LENGTH];
	struct str own, name;
	bool gone;

	arena_reset(&s->arena);
	own = str_printf(&s->arena, "%.*s:%u", STR_FMT(stem), row);
	name = record_of(s, stem, row);
	gone = person_has(p, own) || person_has(p, name);
	if (!gone && forgotten_overwrite_number(bytes, n, &p->is))
		gone = records_find(s->records, name) < 0;
	if (gone) {
		customer_id_make(&p->key, (struct str){ (char *)values, sizeof(*values) }, hash);
		*values = hash128((struct str){ hash, sizeof(hash) });
		return false;
	}
	mention_blank(p, mention_of(p, name, (struct str){ bytes, n }), bytes, n);
	return true;
}

bool scrub_received(const struct person *p, struct run *r, const char *from, const char *to, struct fault *f)
{
	struct scrubbing s = { .p = p, .r = r, .records = run_records(r, f) };
	struct arena a = { 0 };
	bool there = file_exists(str_keepz(&a, str_printf(&a, "%s/received.keys.gz", from)));
	bool ok = s.records && (!there || (make_folders(to, f) && received_rewrite(from, to, scrub_row, &s, f)));

	arena_release(&a);
	arena_release(&s.arena);
	return ok;
}

/* ---- the ledger ---- */

static bool is_of_file(struct str record_id, struct str file)
{
	struct str stem;
	uint32_t row;

	record_id_split(record_id, &stem, &row);
	return str_starts(file, stem) && file.n > stem.n && file.p[stem.n] == '.';
}

bool scrub_ledger(const char *from, const char *to, const struct map *lost, struct fault *f)
{
	static const int columns[] = { LED_ACCEPTED, LED_FLAGGED, LED_REJECTED };
	struct rowset ledger, scrubbed;
	struct str v[LED_COLUMNS];
	struct arena a = { 0 };

	rowset_init(&ledger, &table_ledger);
	rowset_init(&scrubbed, &table_ledger);
	bool ok = rowset_load(&ledger, from, true, f);

	for (size_t i = 0; ok && i < ledger.n; i++) {
		rowset_get(&ledger, i, v);
		for (size_t k = 0; k < lost->n; k++) {
			struct str *fate = &v[columns[lost->entries[k].value]];
			uint64_t n, duplicates;

			if (!is_of_file(lost->entries[k].key, v[LED_FILE]) || !str_u64(*fate, &n) || !n ||
			    !str_u64(v[LED_DUPLICATE], &duplicates))
				continue;
			*fate = str_printf(&a, "%llu", (unsigned long long)n - 1);
			v[LED_DUPLICATE] = str_printf(&a, "%llu", (unsigned long long)duplicates + 1);
		}
		rowset_add(&scrubbed, v);
	}
	ok = ok && rowset_save(&scrubbed, to, f);
	rowset_release(&ledger);
	rowset_release(&scrubbed);
	arena_release(&a);
	return ok;
}
