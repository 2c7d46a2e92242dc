/*
 * build/tests/truth/compare: an output of the program held to the generator's truth.
 *
 *     compare --truth DIR --out DIR [--recall X] [--precision X] [--values X]
 *             [--pair-precision X] [--pair-recall X] [--golden X] [--examples N] [--pairs-only]
 *
 * --pairs-only looks at resolve/clusters alone: also a clustering that another program made.
 * Exit status 0 where every share is at least what the options ask, 1 where one is not.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "truth.h"

static double read_share(const char *text)
{
	double x;

	if (!str_double(str_of(text), &x) || x < 0 || x > 1)
		die("not a share between 0 and 1: %s", text);
	return x;
}

/* Every file of the inbox: as many rows in the ledger, and the status it should have. */
bool compare_files(const char *truth, const char *out)
{
	struct reading in;
	struct map rows = { 0 }, status = { 0 };
	unsigned wrong = 0, files = 0;

	if (!reading_open(&in, out, "ledger"))
		die("there is no ledger in %s", out);
	while (reading_next(&in)) {
		struct str file = in.row[reading_column(&in, "file")];

		map_put(&rows, file,
			(uint64_t)strtoull(in.row[reading_column(&in, "rows")].p, NULL, 10), NULL);
		map_put(&status, file, str_eq(in.row[reading_column(&in, "status")], STR("ok")),
			NULL);
	}
	reading_close(&in);
	if (!reading_open(&in, truth, "files"))
		die("there is no files in %s", truth);
	while (reading_next(&in)) {
		struct str file = in.row[reading_column(&in, "file")];
		bool ok = str_eq(in.row[reading_column(&in, "status")], STR("ok"));
		const uint64_t *n = map_get(&rows, file);
		uint64_t expected = strtoull(in.row[reading_column(&in, "rows")].p, NULL, 10);

		files++;
		if (!n || *map_get(&status, file) != ok || (ok && *n != expected)) {
			wrong++;
			printf("  file %.*s: %ld rows in the ledger, not %lu\n", STR_FMT(file),
			       n ? (long)*n : -1, expected);
		}
	}
	reading_close(&in);
	printf("%-22s %10u, %u not as they should be in the ledger\n", "files", files, wrong);
	map_release(&rows);
	map_release(&status);
	return wrong == 0;
}

/* What became of the rows that dealers sent back. */
static bool compare_corrections(const struct truth *t, const char *out)
{
	struct reading in;
	struct map status = { 0 };
	struct arena a = { 0 };
	size_t wrong = 0;

	if (!reading_open(&in, out, "clean/corrections"))
		die("there is no clean/corrections in %s", out);
	while (reading_next(&in))
		map_put(&status,
			str_printf(&a, "%.*s %.*s",
				   STR_FMT(in.row[reading_column(&in, "record_id")]),
				   STR_FMT(in.row[reading_column(&in, "status")])),
			0, NULL);
	reading_close(&in);
	for (size_t i = 0; i < t->n_corrections; i++) {
		const struct truth_correction *c = &t->corrections[i];

		if (map_get(&status,
			    str_printf(&a, "%.*s %.*s", STR_FMT(c->id), STR_FMT(c->becomes))))
			continue;
		wrong++;
		printf("  correction %.*s is not %.*s\n", STR_FMT(c->id), STR_FMT(c->becomes));
	}
	printf("%-22s %10zu, %zu not as they should be\n", "corrections", t->n_corrections, wrong);
	map_release(&status);
	arena_release(&a);
	return wrong == 0;
}

int main(int argc, char **argv)
{
	static const struct option known[] = {
		{ "truth", 1, NULL, 't' },	 { "out", 1, NULL, 'o' },
		{ "recall", 1, NULL, 'r' },	 { "precision", 1, NULL, 'p' },
		{ "values", 1, NULL, 'v' },	 { "pair-precision", 1, NULL, 'P' },
		{ "pair-recall", 1, NULL, 'R' }, { "golden", 1, NULL, 'g' },
		{ "examples", 1, NULL, 'e' },	 { "pairs-only", 0, NULL, 'c' },
		{ NULL, 0, NULL, 0 },
	};
	static struct truth t;
	struct limits limits = { .examples = 3 };
	const char *truth = NULL, *out = NULL;
	bool pairs_only = false, good;
	int c;

	while ((c = getopt_long(argc, argv, "", known, NULL)) != -1) {
		switch (c) {
		case 't':
			truth = optarg;
			break;
		case 'o':
			out = optarg;
			break;
		case 'r':
			limits.recall = read_share(optarg);
			break;
		case 'p':
			limits.precision = read_share(optarg);
			break;
		case 'v':
			limits.values = read_share(optarg);
			break;
		case 'P':
			limits.pair_precision = read_share(optarg);
			break;
		case 'R':
			limits.pair_recall = read_share(optarg);
			break;
		case 'g':
			limits.golden = read_share(optarg);
			break;
		case 'e':
			limits.examples = (unsigned)strtoul(optarg, NULL, 10);
			break;
		case 'c':
			pairs_only = true;
			break;
		default:
			die("the options are explained on top of tests/truth/compare.c");
		}
	}
	if (!truth || !out)
		die("--truth and --out are needed");
	truth_load(&t, truth);
	if (pairs_only)
		return compare_clusters(&t, out, &limits) ? 0 : 1;
	good = compare_files(truth, out);
	good = compare_faults(&t, out, &limits) && good;
	good = compare_values(&t, out, &limits) && good;
	good = compare_corrections(&t, out) && good;
	good = compare_clusters(&t, out, &limits) && good;
	good = compare_golden(&t, out, &limits) && good;
	puts(good ? "all as it should be" : "not all as it should be");
	return good ? 0 : 1;
}
