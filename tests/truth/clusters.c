/* Pairs of records: put together rightly, wrongly, or left apart. */
#include <stdio.h>
#include <stdlib.h>

#include "truth.h"

struct member {
	uint32_t person, cluster;
};

static int by_both(const void *a, const void *b)
{
	const struct member *x = a, *y = b;

	if (x->cluster != y->cluster)
		return (x->cluster > y->cluster) - (x->cluster < y->cluster);
	return (x->person > y->person) - (x->person < y->person);
}

static int by_person(const void *a, const void *b)
{
	const struct member *x = a, *y = b;

	return (x->person > y->person) - (x->person < y->person);
}

static uint64_t pairs(uint64_t n)
{
	return n * (n - 1) / 2;
}

struct score {
	uint64_t together, right, should;
};

static struct score score_of(struct member *m, size_t n)
{
	struct score s = { 0, 0, 0 };

	qsort(m, n, sizeof(*m), by_both);
	for (size_t i = 0, j; i < n; i = j) {
		for (j = i; j < n && m[j].cluster == m[i].cluster;) {
			size_t k = j;

			while (k < n && m[k].cluster == m[i].cluster && m[k].person == m[j].person)
				k++;
			s.right += pairs(k - j);
			j = k;
		}
		s.together += pairs(j - i);
	}
	qsort(m, n, sizeof(*m), by_person);
	for (size_t i = 0, j; i < n; i = j) {
		for (j = i; j < n && m[j].person == m[i].person;)
			j++;
		s.should += pairs(j - i);
	}
	return s;
}

static void show_mixed(const struct truth *t, const uint32_t *cluster, struct arena *a,
		       unsigned examples)
{
	struct map first = { 0 }; /* cluster -> record */
	struct map whole = { 0 }; /* person -> record */
	unsigned mixed = 0, apart = 0;

	for (size_t i = 0; i < t->n_records && (mixed < examples || apart < examples); i++) {
		const struct truth_record *r = &t->records[i];
		bool added;
		uint64_t *other;

		if (cluster[i] == 0 || r->person == NO_PERSON)
			continue;
		other = map_put(&first, str_printf(a, "%u", cluster[i]), i, &added);
		if (!added && t->records[*other].person != r->person && mixed++ < examples)
			printf("  mixed %.*s with %.*s\n", STR_FMT(r->id),
			       STR_FMT(t->records[*other].id));
		other = map_put(&whole, str_printf(a, "%u", r->person), i, &added);
		if (!added && cluster[*other] != cluster[i] && apart++ < examples)
			printf("  apart %.*s and %.*s\n", STR_FMT(r->id),
			       STR_FMT(t->records[*other].id));
	}
	map_release(&first);
	map_release(&whole);
}

static bool print_score(const char *what, struct score s, const struct limits *limits)
{
	double precision = share(s.right, s.together), recall = share(s.right, s.should);
	bool fails = precision < limits->pair_precision || recall < limits->pair_recall;

	printf("%-22s %10lu pairs, together %lu, rightly %lu: precision %.5f recall %.5f%s\n", what,
	       s.should, s.together, s.right, precision, recall, fails ? "  <-" : "");
	return !fails;
}

bool compare_clusters(const struct truth *t, const char *out, const struct limits *limits)
{
	uint32_t *cluster = xcalloc(t->n_records + 1, sizeof(*cluster));
	struct member *m = xcalloc(t->n_records + 1, sizeof(*m));
	struct map keys = { 0 };
	struct arena a = { 0 };
	struct reading in;
	uint32_t alone = UINT32_MAX;
	size_t n = 0, missing = 0;
	bool good;

	if (!reading_open(&in, out, "resolve/clusters"))
		die("there is no resolve/clusters in %s", out);
	while (reading_next(&in)) {
		const uint64_t *i = map_get(&t->by_id, in.row[reading_column(&in, "record_id")]);
		struct str key = in.row[reading_column(&in, "customer_id")];

		if (i && key.n > 0)
			cluster[*i] = (uint32_t)*map_put(&keys, key, keys.n + 1, NULL);
	}
	reading_close(&in);
	show_mixed(t, cluster, &a, limits->examples);
	for (size_t i = 0; i < t->n_records; i++) {
		const struct truth_record *r = &t->records[i];
		bool contact_only = str_eq(r->export, STR("dms_service"));

		if (r->duplicate || r->person == NO_PERSON || (contact_only && cluster[i] == 0))
			continue;
		missing += cluster[i] == 0;
		m[n++] = (struct member){ r->person, cluster[i] ? cluster[i] : alone-- };
	}
	good = print_score("records of customers", score_of(m, n), limits);
	printf("%-22s %10zu records, %zu in no cluster, %zu clusters\n", "", n, missing, keys.n);
	map_release(&keys);
	arena_release(&a);
	free(cluster);
	free(m);
	return good;
}
