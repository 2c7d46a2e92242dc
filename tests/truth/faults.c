/* Which planted faults were told, and what was told that was not planted. */
#include <stdio.h>
#include <stdlib.h>

#include "truth.h"

enum { CODES = 128 };

struct tally { /* of one code */
	struct str code;
	uint64_t planted, told, right, alarms;
	unsigned shown_missed, shown_alarms;
};

struct tallies {
	struct tally list[CODES];
	size_t n;
	uint64_t fixes, whole;
	struct str lines[CODES * 8];
};

static struct tally *tally_of(struct tallies *all, struct str code, struct arena *a)
{
	for (size_t i = 0; i < all->n; i++)
		if (str_eq(all->list[i].code, code))
			return &all->list[i];
	if (all->n == CODES)
		die("more than %d codes", CODES);
	all->list[all->n] = (struct tally){ .code = str_keep(a, code) };
	return &all->list[all->n++];
}

/* Of the whole: what follows from several records together is not only what was planted. */
static bool is_of_the_whole(struct str code)
{
	static const char *const codes[] = { "MOBILE_SHARED", "NAME_CONFLICT", "SHARED_ID",
					     "CHANGE_HELD", "VALUE_FIXED" };

	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		if (str_eq(code, str_of(codes[i])))
			return true;
	return false;
}

static struct str key_of(struct arena *a, struct str record, struct str code)
{
	return str_printf(a, "%.*s %.*s", STR_FMT(code), STR_FMT(record));
}

static bool field_fits(struct str alternatives, struct str field)
{
	struct str piece;

	if (alternatives.n == 0)
		return true; /* the row as a whole */
	while (str_cut(&alternatives, '|', &piece))
		if (str_eq(piece, field))
			return true;
	return false;
}

struct told { /* columns of a rejects table */
	int record, field, code, action, value;
};

/* Several faults of one code in one record: `next` chains them. */
struct planted {
	struct map by_key; /* "CODE record" -> index of the first */
	uint32_t *next;
};

static struct planted index_planted(const struct truth *t, struct arena *a)
{
	struct planted p = { .next = xcalloc(t->n_faults + 1, sizeof(uint32_t)) };

	for (size_t i = 0; i < t->n_faults; i++) {
		bool added;
		uint64_t *first = map_put(&p.by_key, key_of(a, t->faults[i].id, t->faults[i].code),
					  i, &added);

		if (!added) {
			p.next[i] = p.next[*first];
			p.next[*first] = (uint32_t)i;
		}
		arena_reset(a);
	}
	return p;
}

static bool mark_told(struct truth *t, const struct planted *p, struct str key, struct str field)
{
	const uint64_t *first = map_get(&p->by_key, key);

	if (!first)
		return false;
	for (uint32_t i = (uint32_t)*first;; i = p->next[i]) {
		if (field_fits(t->faults[i].field, field)) {
			t->faults[i].told = true;
			return true;
		}
		if (p->next[i] == 0)
			return false;
	}
}

static void read_told(struct truth *t, const struct planted *p, struct tallies *all,
		      const char *out, const char *table, const struct limits *limits)
{
	struct reading in;
	struct arena a = { 0 };
	struct told c;

	if (!reading_open(&in, out, table))
		return;
	c = (struct told){ reading_column(&in, "record_id"), reading_column(&in, "field"),
			   reading_column(&in, "code"), reading_column(&in, "action"),
			   reading_column(&in, "value") };
	while (reading_next(&in)) {
		struct str record = in.row[c.record], code = in.row[c.code],
			   field = in.row[c.field];
		struct tally *tally;

		if (str_starts(record, STR("correction_")))
			continue;
		tally = tally_of(all, code, &t->arena);
		tally->told++;
		arena_reset(&a);
		if (mark_told(t, p, key_of(&a, record, code), field)) {
			tally->right++;
		} else if (str_eq(in.row[c.action], STR("fix"))) {
			all->fixes++;
			tally->told--;
		} else if (is_of_the_whole(code)) {
			all->whole++;
			tally->told--;
		} else {
			tally->alarms++;
			if (tally->shown_alarms++ < limits->examples)
				printf("  false alarm %.*s %.*s %.*s: %.*s\n", STR_FMT(code),
				       STR_FMT(record), STR_FMT(field), STR_FMT(in.row[c.value]));
		}
	}
	reading_close(&in);
	arena_release(&a);
}

static int by_code(const void *a, const void *b)
{
	return str_cmp(((const struct tally *)a)->code, ((const struct tally *)b)->code);
}

bool compare_faults(struct truth *t, const char *out, const struct limits *limits)
{
	static struct tallies all;
	struct arena a = { 0 };
	struct planted p = index_planted(t, &a);
	bool good = true;

	read_told(t, &p, &all, out, "extract/rejects", limits);
	read_told(t, &p, &all, out, "clean/rejects", limits);
	read_told(t, &p, &all, out, "resolve/rejects", limits);
	read_told(t, &p, &all, out, "master/rejects", limits);
	for (size_t i = 0; i < t->n_faults; i++) {
		const struct truth_fault *f = &t->faults[i];
		struct tally *tally = tally_of(&all, f->code, &t->arena);

		tally->planted++;
		if (!f->told && tally->shown_missed++ < limits->examples)
			printf("  missed %.*s %.*s %.*s: %.*s\n", STR_FMT(f->code), STR_FMT(f->id),
			       STR_FMT(f->field), STR_FMT(f->value));
	}
	qsort(all.list, all.n, sizeof(all.list[0]), by_code);
	printf("%-22s %8s %8s %8s %8s %9s\n", "fault", "planted", "told", "false", "recall",
	       "precision");
	for (size_t i = 0; i < all.n; i++) {
		const struct tally *c = &all.list[i];
		uint64_t missed = c->shown_missed;
		double recall = share(c->planted - missed, c->planted);
		double precision = share(c->right, c->right + c->alarms);
		bool fails = recall < limits->recall || precision < limits->precision;

		printf("%-22.*s %8lu %8lu %8lu %8.4f %9.4f%s\n", STR_FMT(c->code), c->planted,
		       c->planted - missed, c->alarms, recall, precision, fails ? "  <-" : "");
		good = good && !fails;
	}
	printf("besides: %lu repairs told, %lu findings of the whole that were not planted\n",
	       all.fixes, all.whole);
	map_release(&p.by_key);
	free(p.next);
	arena_release(&a);
	return good;
}
