/* Whether clean/ holds the values that cleaning should give. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "truth.h"

struct seen { /* of one record: which judged fields were met with the right value, with another */
	uint64_t right[2], wrong[2];
};

static void set(uint64_t *bits, int f)
{
	bits[f / 64] |= 1ull << f % 64;
}

static bool get(const uint64_t *bits, int f)
{
	return bits[f / 64] >> f % 64 & 1;
}

/* Equal, or the same number, or a day and its midnight. */
static bool same(struct str expected, struct str value)
{
	double x, y;

	if (str_eq(expected, value))
		return true;
	if (expected.n == 10 && value.n == 19 && str_starts(value, expected) &&
	    str_ends(value, STR("T00:00:00")))
		return true;
	return str_double(expected, &x) && str_double(value, &y) && fabs(x - y) < 1e-6;
}

static void read_table(const struct truth *t, struct seen *seen, const char *out, const char *table,
		       const struct limits *limits, unsigned *shown)
{
	struct reading in;
	int columns[F_COUNT];

	if (!reading_open(&in, out, table))
		die("there is no %s in %s", table, out);
	for (int f = 0; f < F_COUNT; f++)
		columns[f] = csv_reader_column(in.reader, field_name((enum field)f));
	while (reading_next(&in)) {
		const uint64_t *i = map_get(&t->by_id, in.row[columns[F_RECORD_ID]]);
		const struct truth_record *r;

		if (!i)
			continue;
		r = &t->records[*i];
		for (int f = F_DEALER_CODE; f < F_COUNT; f++) {
			struct str expected = truth_value(r, (enum field)f), value;

			if (columns[f] < 0 || expected.n == 0 || f == F_OBSERVED_ON)
				continue;
			value = in.row[columns[f]];
			if (str_eq(expected, STR("!")) ? value.n == 0 : same(expected, value)) {
				set(seen[*i].right, f);
				continue;
			}
			set(seen[*i].wrong, f);
			if (shown[f]++ < limits->examples)
				printf("  value %s %.*s %.*s: %.*s, not %.*s\n", table,
				       STR_FMT(r->id), STR_FMT(field_name((enum field)f)),
				       STR_FMT(value), STR_FMT(expected));
		}
	}
	reading_close(&in);
}

bool compare_values(const struct truth *t, const char *out, const struct limits *limits)
{
	struct seen *seen = xcalloc(t->n_records + 1, sizeof(*seen));
	unsigned shown[F_COUNT] = { 0 };
	uint64_t judged[F_COUNT] = { 0 }, right[F_COUNT] = { 0 }, all = 0, all_right = 0;
	unsigned shown_absent = 0;
	bool good;

	read_table(t, seen, out, "clean/customer", limits, shown);
	read_table(t, seen, out, "clean/vehicle", limits, shown);
	read_table(t, seen, out, "clean/contact", limits, shown);
	for (size_t i = 0; i < t->n_records; i++) {
		const struct truth_record *r = &t->records[i];

		if (r->duplicate)
			continue;
		for (int f = F_DEALER_CODE; f < F_COUNT; f++) {
			struct str expected = truth_value(r, (enum field)f);
			bool absent = !get(seen[i].right, f) && !get(seen[i].wrong, f);
			bool ok = !get(seen[i].wrong, f) &&
				  (get(seen[i].right, f) || str_eq(expected, STR("!")));

			if (expected.n == 0)
				continue;
			judged[f]++;
			right[f] += ok;
			if (!ok && absent && shown_absent++ < limits->examples)
				printf("  absent %.*s %.*s: %.*s\n", STR_FMT(r->id),
				       STR_FMT(field_name((enum field)f)), STR_FMT(expected));
		}
	}
	printf("%-22s %10s %10s %8s\n", "cleaned value", "judged", "wrong", "right");
	for (int f = 0; f < F_COUNT; f++) {
		if (judged[f] == 0)
			continue;
		all += judged[f];
		all_right += right[f];
		printf("%-22.*s %10lu %10lu %8.4f%s\n", STR_FMT(field_name((enum field)f)),
		       judged[f], judged[f] - right[f], share(right[f], judged[f]),
		       share(right[f], judged[f]) < limits->values ? "  <-" : "");
	}
	good = share(all_right, all) >= limits->values;
	printf("%-22s %10lu %10lu %8.4f%s\n", "all", all, all - all_right, share(all_right, all),
	       good ? "" : "  <-");
	free(seen);
	return good;
}
