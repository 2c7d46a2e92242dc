#include "past.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum past_column { PAST_RUN, PAST_DATE, PAST_METRIC, PAST_SCOPE_KIND, PAST_SCOPE, PAST_NUMERATOR,
		      PAST_DENOMINATOR, PAST_COLUMNS };

static const struct table_def table_past = {
	"report/history",
	(const char *const[]){ "run", "date", "metric", "scope_kind", "scope", "numerator",
			       "denominator", NULL },
	1u << PAST_RUN | 1u << PAST_DATE | 1u << PAST_METRIC | 1u << PAST_SCOPE_KIND | 1u << PAST_SCOPE,
};

/* "912" or "657.64", as quality.csv writes them; a mean's sum in hundredths. */
static bool read_number(struct str text, enum unit unit, int64_t *number)
{
	struct str whole;
	int64_t fraction = 0;

	if (unit != UNIT_MEAN)
		return str_i64(text, number);
	str_cut(&text, '.', &whole);
	if (!str_i64(whole, number) || (text.n && (text.n != 2 || !str_i64(text, &fraction))))
		return false;
	*number = *number * 100 + fraction;
	return true;
}

static bool read_line(struct quality_line *line, struct str metric, struct str kind, struct str scope,
		      struct str numerator, struct str denominator)
{
	*line = (struct quality_line){
		.metric = metric_find(metric), .kind = scope_kind_find(kind), .scope = scope,
	};
	return line->metric < METRICS && line->kind < SCOPE_KINDS &&
	       read_number(numerator, metric_facts[line->metric].unit, &line->count.numerator) &&
	       (!denominator.n || str_i64(denominator, &line->count.denominator));
}

bool quality_line(const struct rowset *quality, size_t i, struct quality_line *line)
{
	struct str v[QUA_COLUMNS];

	rowset_get(quality, i, v);
	return read_line(line, v[QUA_METRIC], v[QUA_SCOPE_KIND], v[QUA_SCOPE], v[QUA_NUMERATOR],
			 v[QUA_DENOMINATOR]);
}

static struct str key_of(const struct quality_line *line, struct arena *a)
{
	return str_printf(a, "%d %d %.*s", (int)line->metric, (int)line->kind, STR_FMT(line->scope));
}

static void remember(struct past_runs *h, uint64_t run, struct str date, const struct quality_line *line,
		     struct arena *a)
{
	if (!h->n_runs || h->runs[h->n_runs - 1].number != run) {
		if (h->n_runs == PAST_RUNS) {
			memmove(h->runs, h->runs + 1, sizeof(h->runs) - sizeof(*h->runs));
			h->n_runs--;
		}
		h->runs[h->n_runs++] = (struct past_moment){ run, date };
	}
	bool added;
	uint64_t *newest = map_put(&h->lines, key_of(line, a), h->n, &added);

	if (h->n == h->cap) {
		h->cap = h->cap ? h->cap * 2 : 256;
		h->values = xreallocarray(h->values, h->cap, sizeof(*h->values));
		h->older = xreallocarray(h->older, h->cap, sizeof(*h->older));
	}
	h->values[h->n] = (struct past_value){ run, line->count };
	h->older[h->n] = added ? SIZE_MAX : *newest;
	*newest = h->n++;
}

/* How far back a line is looked at; of the finer scopes (asked NULL: whichever are there) those asked for. */
static uint64_t runs_back(const struct past_asked *asked, struct str metric, struct str scope_kind)
{
	enum scope_kind kind = scope_kind_find(scope_kind);
	enum metric m;

	switch (kind) {
	case SCOPE_ALL:
	case SCOPE_SOURCE:
		return PAST_RUNS;
	case SCOPE_DEALER:
	case SCOPE_FIELD:
	case SCOPE_CODE:
		return PAST_RUNS_OF_PARTS;
	case SCOPE_KINDS:
		return 0;
	default:
		m = metric_find(metric);
		return !asked || (m < METRICS && asked->of[m][kind]) ? PAST_RUNS_OF_PARTS : 0;
	}
}

/* The line is of a run before this one, and not of one too long ago. */
static bool is_past(const struct past_runs *h, const struct past_asked *asked, const struct str *v, uint64_t *run)
{
	return str_u64(v[PAST_RUN], run) && *run < h->now &&
	       h->now - *run <= runs_back(asked, v[PAST_METRIC], v[PAST_SCOPE_KIND]);
}

/* The one after the last that is kept, or that one made again. */
static bool number_this(struct past_runs *h, struct run *r, struct fault *f)
{
	bool remembered;
	uint64_t run;

	if (!h->kept || !run_is_remembered(r, &remembered, f))
		return false;
	for (size_t i = 0; i < h->kept->n; i++)
		if (str_u64(rowset_value(h->kept, i, PAST_RUN), &run) && run > h->now)
			h->now = run;
	if (!remembered || !h->now)
		h->now++;
	return true;
}

bool past_load(struct past_runs *h, struct run *r, struct fault *f)
{
	struct str v[PAST_COLUMNS];
	struct arena a = { 0 };

	*h = (struct past_runs){ .kept = run_previous(r, &table_past, f) };
	if (!number_this(h, r, f))
		return false;
	for (size_t i = 0; i < h->kept->n; i++) {
		struct quality_line line;
		uint64_t run;

		rowset_get(h->kept, i, v);
		arena_reset(&a);
		if (is_past(h, NULL, v, &run) &&
		    read_line(&line, v[PAST_METRIC], v[PAST_SCOPE_KIND], v[PAST_SCOPE], v[PAST_NUMERATOR],
			      v[PAST_DENOMINATOR]))
			remember(h, run, v[PAST_DATE], &line, &a);
	}
	arena_release(&a);
	return true;
}

size_t past_of(const struct past_runs *h, const struct quality_line *line, struct past_value *list,
		  size_t most)
{
	struct arena a = { 0 };
	const uint64_t *newest = map_get(&h->lines, key_of(line, &a));
	size_t n = 0;

	for (size_t at = newest ? *newest : SIZE_MAX; at != SIZE_MAX && n < most; at = h->older[at])
		list[n++] = h->values[at];
	arena_release(&a);
	return n;
}

bool past_last(const struct past_runs *h, const struct quality_line *line, struct count *count)
{
	struct past_value past;

	if (!h->n_runs || !past_of(h, line, &past, 1) || past.run != h->runs[h->n_runs - 1].number)
		return false;
	*count = past.count;
	return true;
}

/* One run more than the next looks back at: who makes this one again looks at those before it. */
static void keep_past(const struct past_runs *h, const struct past_asked *asked, struct rowset *to)
{
	struct str v[PAST_COLUMNS];
	uint64_t run;

	for (size_t i = 0; i < h->kept->n; i++) {
		rowset_get(h->kept, i, v);
		if (is_past(h, asked, v, &run))
			rowset_add(to, v);
	}
}

bool past_keep(const struct past_runs *h, const struct rowset *quality, const struct past_asked *asked,
	       struct run *r, struct fault *f)
{
	struct str v[QUA_COLUMNS], date = run_date(r);
	struct rowset past;
	char number[24];
	bool ok;

	struct str run = { number, (size_t)snprintf(number, sizeof(number), "%" PRIu64, h->now) };

	rowset_init(&past, &table_past);
	keep_past(h, asked, &past);
	for (size_t i = 0; i < quality->n; i++) {
		rowset_get(quality, i, v);
		if (runs_back(asked, v[QUA_METRIC], v[QUA_SCOPE_KIND]))
			rowset_add(&past, (struct str[PAST_COLUMNS]){
						  run, date, v[QUA_METRIC], v[QUA_SCOPE_KIND], v[QUA_SCOPE],
						  v[QUA_NUMERATOR], v[QUA_DENOMINATOR] });
	}
	ok = run_keep(r, &past, f);
	rowset_release(&past);
	return ok;
}

void past_release(struct past_runs *h)
{
	map_release(&h->lines);
	free(h->values);
	free(h->older);
}
