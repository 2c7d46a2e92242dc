#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "truth.h"

void die(const char *format, ...)
{
	va_list ap;

	fputs("compare: ", stderr);
	va_start(ap, format);
	vfprintf(stderr, format, ap);
	va_end(ap);
	fputc('\n', stderr);
	exit(2);
}

double share(uint64_t part, uint64_t whole)
{
	return whole == 0 ? 1 : (double)part / (double)whole;
}

bool reading_open(struct reading *in, const char *dir, const char *table)
{
	struct fault f = { 0 };

	snprintf(in->path, sizeof(in->path), "%s/%s.csv.gz", dir, table);
	if (access(in->path, R_OK) != 0)
		snprintf(in->path, sizeof(in->path), "%s/%s.csv", dir, table);
	if (access(in->path, R_OK) != 0)
		return false;
	in->reader = csv_reader_open(in->path, &f);
	if (!in->reader)
		die("%.*s", (int)f.text.n, f.text.p);
	return true;
}

int reading_column(const struct reading *in, const char *name)
{
	int column = csv_reader_column(in->reader, str_of(name));

	if (column < 0)
		die("%s has no column %s", in->path, name);
	return column;
}

bool reading_next(struct reading *in)
{
	return csv_reader_next(in->reader, &in->row);
}

void reading_close(struct reading *in)
{
	struct fault f = { 0 };

	if (!csv_reader_close(in->reader, &f))
		die("%.*s", (int)f.text.n, f.text.p);
}

static void need(struct reading *in, const char *dir, const char *table)
{
	if (!reading_open(in, dir, table))
		die("there is no %s in %s", table, dir);
}

static void load_people(struct truth *t, const char *dir)
{
	struct reading in;

	need(&in, dir, "people");
	while (reading_next(&in)) {
		struct truth_person p = {
			str_keep(&t->arena, in.row[reading_column(&in, "person_id")]),
			str_keep(&t->arena, in.row[reading_column(&in, "name")]),
			str_keep(&t->arena, in.row[reading_column(&in, "id_type")]),
			str_keep(&t->arena, in.row[reading_column(&in, "id_number")]),
		};

		map_put(&t->person_by_id, p.id, t->n_people, NULL);
		GROW(t->people, t->n_people, t->cap_people);
		t->people[t->n_people++] = p;
	}
	reading_close(&in);
	need(&in, dir, "vehicles");
	while (reading_next(&in))
		map_put(&t->vins, in.row[reading_column(&in, "vin")], 0, NULL);
	reading_close(&in);
}

/* One byte for the field, two for the length, the value; a zero byte ends (field 0 is the
 * record id, which is never kept here). */
static const char *pack(struct truth *t, const struct reading *in, const int *columns)
{
	size_t size = 1;
	char *p, *start;

	for (int f = 0; f < F_COUNT; f++)
		if (columns[f] >= 0 && in->row[columns[f]].n > 0)
			size += 3 + in->row[columns[f]].n;
	p = start = arena_alloc(&t->arena, size);
	for (int f = 0; f < F_COUNT; f++) {
		struct str value = columns[f] >= 0 ? in->row[columns[f]] : STR("");

		if (value.n == 0)
			continue;
		*p++ = (char)f;
		*p++ = (char)(value.n & 0xff);
		*p++ = (char)(value.n >> 8);
		memcpy(p, value.p, value.n);
		p += value.n;
	}
	*p = 0;
	return start;
}

struct str truth_value(const struct truth_record *r, enum field f)
{
	for (const unsigned char *p = (const unsigned char *)r->packed; *p != 0;) {
		size_t n = p[1] | (size_t)p[2] << 8;

		if (*p == (unsigned char)f)
			return (struct str){ (const char *)p + 3, n };
		p += 3 + n;
	}
	return STR("");
}

static void load_records(struct truth *t, const char *dir)
{
	static const char *const exports[] = { "dms_customer", "dms_service", "invoice",
					       "finance",      "callcenter",  "insurance",
					       "activity",     "survey",      "manual" };
	struct reading in;
	int columns[F_COUNT];

	need(&in, dir, "records");
	for (int f = 0; f < F_COUNT; f++)
		columns[f] = csv_reader_column(in.reader, field_name((enum field)f));
	columns[F_RECORD_ID] = columns[F_OBSERVED_ON] = -1;
	while (reading_next(&in)) {
		struct str person = in.row[reading_column(&in, "person_id")];
		struct truth_record r = {
			.id = str_keep(&t->arena, in.row[reading_column(&in, "record_id")]),
			.observed_on =
				str_keep(&t->arena, in.row[reading_column(&in, "observed_on")]),
			.duplicate = str_eq(in.row[reading_column(&in, "duplicate")], STR("yes")),
			.person = NO_PERSON,
		};

		for (size_t i = 0; i < sizeof(exports) / sizeof(exports[0]); i++)
			if (str_eq(in.row[reading_column(&in, "export")], str_of(exports[i])))
				r.export = str_of(exports[i]);
		if (person.n > 0)
			r.person = (uint32_t)*map_get(&t->person_by_id, person);
		r.packed = pack(t, &in, columns);
		map_put(&t->by_id, r.id, t->n_records, NULL);
		GROW(t->records, t->n_records, t->cap_records);
		t->records[t->n_records++] = r;
	}
	reading_close(&in);
}

static void load_faults(struct truth *t, const char *dir)
{
	struct reading in;

	t->first_fault = xmalloc((t->n_records + 1) * sizeof(*t->first_fault));
	memset(t->first_fault, 0xff, (t->n_records + 1) * sizeof(*t->first_fault));
	need(&in, dir, "faults");
	while (reading_next(&in)) {
		struct truth_fault f = {
			.id = str_keep(&t->arena, in.row[reading_column(&in, "record_id")]),
			.field = str_keep(&t->arena, in.row[reading_column(&in, "field")]),
			.code = str_keep(&t->arena, in.row[reading_column(&in, "code")]),
			.value = str_keep(&t->arena, in.row[reading_column(&in, "value")]),
		};
		uint64_t *record = map_get(&t->by_id, f.id);

		f.record = record ? (uint32_t)*record : UINT32_MAX;
		if (record && t->first_fault[*record] == UINT32_MAX)
			t->first_fault[*record] = (uint32_t)t->n_faults;
		GROW(t->faults, t->n_faults, t->cap_faults);
		t->faults[t->n_faults++] = f;
	}
	reading_close(&in);
}

static void load_corrections(struct truth *t, const char *dir)
{
	struct reading in;

	need(&in, dir, "corrections");
	while (reading_next(&in)) {
		struct truth_correction c = {
			str_keep(&t->arena, in.row[reading_column(&in, "record_id")]),
			str_keep(&t->arena, in.row[reading_column(&in, "base_record_id")]),
			str_keep(&t->arena, in.row[reading_column(&in, "field")]),
			str_keep(&t->arena, in.row[reading_column(&in, "value")]),
			str_keep(&t->arena, in.row[reading_column(&in, "becomes")]),
		};

		GROW(t->corrections, t->n_corrections, t->cap_corrections);
		t->corrections[t->n_corrections++] = c;
	}
	reading_close(&in);
}

void truth_load(struct truth *t, const char *dir)
{
	memset(t, 0, sizeof(*t));
	load_people(t, dir);
	load_records(t, dir);
	load_faults(t, dir);
	load_corrections(t, dir);
}

bool truth_has_fault(const struct truth *t, uint32_t record, struct str code)
{
	for (size_t i = t->first_fault[record]; i < t->n_faults && t->faults[i].record == record;
	     i++)
		if (str_eq(t->faults[i].code, code))
			return true;
	return false;
}
