/*
 * yice export: a campaign's list, for use elsewhere.
 *
 * In: a SELECT over the tables and marts of a run, which gives customer_id and whatever else
 * the list is to hold. Out: its rows as CSV, without those who did not consent (the newest
 * word counts, none means no) and those who were on as many lists lately as
 * rules/marts.csv allows. Who is on the list goes into STATE/campaigns.csv, and is a touch
 * point of the customer from the next run on.
 *
 * A campaign is drawn once: the same name again gives the list of those who were drawn then
 * and still consent, and adds nobody. Never: changes a row of the run.
 */
#include "stage.h"

#include "analysis.h"
#include "campaigns.h"
#include "csv_table.h"
#include "date.h"
#include "destination.h"
#include "infile.h"
#include "state.h"
#include "text.h"

#include <stdio.h>
#include <stdlib.h>

enum { LONGEST_NAME = 64, LONGEST_SQL = 1 << 20 };

enum verdict { LISTED, REFUSED, TOO_OFTEN, NOT_DRAWN, TWICE, VERDICTS };

struct list {
	struct run *r;
	struct analysis *db;
	struct state state;
	struct rowset kept; /* STATE/campaigns.csv as it is */
	struct rowset known; /* the same with the keys of today */
	struct rowset fresh; /* lines that this list adds */
	struct map members; /* of this campaign, by the keys of today */
	struct map lately; /* customer -> other campaigns within campaign_days */
	struct map consents; /* customer -> index of dealers, or NO_CONSENT */
	struct str *dealers;
	size_t n_dealers, cap_dealers;
	struct map seen; /* customers of the rows so far */
	struct buf csv;
	size_t counts[VERDICTS];
	uint64_t most, days;
	bool drawn; /* the campaign is known: nobody is added */
	struct arena arena;
};

static const uint64_t NO_CONSENT = UINT64_MAX;

/* ---- what the command says ---- */

static bool check_name(struct str name, struct fault *f)
{
	bool ok = name.n && name.n <= LONGEST_NAME && name.p[0] != '.' && text_is_utf8(name);

	for (size_t i = 0; ok && i < name.n; i++)
		ok = (unsigned char)name.p[i] > ' ' && name.p[i] != 0x7F && !strchr("/\\:;,\"'*?<>|", name.p[i]);
	if (ok)
		return true;
	fault_set(f, EXIT_USAGE, "'%.*s' is no name for a campaign", STR_FMT(name));
	fault_hint(f, "letters, digits, - and _, up to %d bytes, such as spring-2026", LONGEST_NAME);
	return false;
}

static const char *read_question(struct list *x, struct fault *f)
{
	static const struct infile_limits limits = { .max_bytes = LONGEST_SQL };
	struct fault reading = { 0 };
	struct infile in;
	const char *sql;

	if (!infile_open(&in, x->r->opt.list, false, limits, &reading)) {
		fault_set(f, EXIT_USAGE, "%.*s", STR_FMT(str_trim(buf_view(&reading.text))));
		fault_hint(f, "--list names a file with one SELECT");
		fault_release(&reading);
		return NULL;
	}
	sql = str_keepz(&x->arena, in.bytes);
	infile_close(&in);
	return sql;
}

/* ---- who may be on a list ---- */

static bool read_limit(struct list *x, struct fault *f)
{
	struct analysis_rows *rows = analysis_ask(x->db, "SELECT campaign_most, campaign_days FROM term", NULL, 0, f);
	const struct str *v;

	if (rows && analysis_next(rows, &v)) {
		str_u64(v[0], &x->most);
		str_u64(v[1], &x->days);
	}
	return rows && analysis_end(rows, f);
}

static bool read_consents(struct list *x, struct fault *f)
{
	struct analysis_rows *rows = analysis_ask(
		x->db, "SELECT customer_id, marketing_consent, dealer_code FROM everybody", NULL, 0, f);
	const struct str *v;

	while (rows && analysis_next(rows, &v)) {
		bool yes = str_eq(v[1], STR("yes"));

		map_put(&x->consents, v[0], yes ? x->n_dealers : NO_CONSENT, NULL);
		if (!yes)
			continue;
		GROW(x->dealers, x->n_dealers, x->cap_dealers);
		x->dealers[x->n_dealers++] = str_keep(&x->arena, v[2]);
	}
	return rows && analysis_end(rows, f);
}

static void read_campaigns(struct list *x)
{
	struct str name = str_of(x->r->opt.campaign);
	int32_t today = date_day(run_date(x->r));

	for (size_t i = 0; i < x->known.n; i++) {
		struct str v[CAM_COLUMNS];

		rowset_get(&x->known, i, v);
		if (str_eq(v[CAM_CAMPAIGN], name)) {
			x->drawn = true;
			map_put(&x->members, v[CAM_CUSTOMER_ID], 0, NULL);
		} else if (today - date_day(v[CAM_LISTED_ON]) < (int32_t)x->days) {
			++*map_put(&x->lately, v[CAM_CUSTOMER_ID], 0, NULL);
		}
	}
}

static enum verdict judge(const struct list *x, struct str id)
{
	const uint64_t *often = map_get(&x->lately, id);

	if (map_get(&x->seen, id))
		return TWICE;
	if (*map_get(&x->consents, id) == NO_CONSENT)
		return REFUSED;
	if (x->drawn)
		return map_get(&x->members, id) ? LISTED : NOT_DRAWN;
	return often && *often >= x->most ? TOO_OFTEN : LISTED;
}

/* ---- the list ---- */

static int customer_column(const struct analysis_rows *rows, struct fault *f)
{
	for (size_t i = 0; i < analysis_columns(rows); i++)
		if (str_eq(analysis_column(rows, i), STR("customer_id")))
			return (int)i;
	fault_set(f, EXIT_USAGE, "the list has no column customer_id");
	fault_hint(f, "SELECT customer_id, name, mobile FROM customer_whole WHERE ...");
	return -1;
}

static bool take(struct list *x, const struct str *v, size_t n, struct str id, struct fault *f)
{
	if (!map_get(&x->consents, id)) {
		fault_set(f, EXIT_USAGE, "the list names the customer '%.*s', whom the master does not know",
			  STR_FMT(id));
		fault_hint(f, "take customer_id from the tables and marts of this run, not from an older list");
		return false;
	}
	enum verdict verdict = judge(x, id);

	x->counts[verdict]++;
	map_put(&x->seen, id, 0, NULL);
	if (verdict != LISTED)
		return true;
	csv_row(&x->csv, v, n);
	if (!x->drawn)
		rowset_add(&x->fresh, (struct str[CAM_COLUMNS]){ str_of(x->r->opt.campaign), id, run_date(x->r),
								x->dealers[*map_get(&x->consents, id)] });
	return true;
}

static bool draw(struct list *x, const char *sql, struct fault *f)
{
	struct analysis_rows *rows = analysis_ask(x->db, sql, NULL, 0, f);
	int column = rows ? customer_column(rows, f) : -1;
	bool ok = column >= 0;
	struct str names[TABLE_MAX_COLUMNS];
	const struct str *v;

	x->csv.max = SIZE_MAX;
	for (size_t i = 0; ok && i < analysis_columns(rows); i++)
		names[i] = analysis_column(rows, i);
	if (ok)
		csv_row(&x->csv, names, analysis_columns(rows));
	while (ok && analysis_next(rows, &v))
		ok = take(x, v, analysis_columns(rows), v[column], f);
	return rows && analysis_end(rows, f) && ok;
}

/* First the state, then the list: a run that dies between the two is mended by the same
 * command, which draws nobody anew. */
static bool keep(struct list *x, struct fault *f)
{
	if (x->fresh.n) {
		rowset_append(&x->kept, &x->fresh);
		if (!rowset_save(&x->kept, x->r->opt.state, f))
			return false;
	}
	return destination_put(x->r->opt.to, buf_view(&x->csv), f);
}

static void tell(const struct list *x)
{
	FILE *to = destination_is_stdout(x->r->opt.to) ? stderr : stdout;

	fprintf(to, "%s: %zu customers%s\n", x->r->opt.campaign, x->counts[LISTED],
		x->drawn ? ", of those who were drawn before" : "");
	if (x->counts[REFUSED])
		fprintf(to, "  left out, no consent: %zu\n", x->counts[REFUSED]);
	if (x->counts[TOO_OFTEN])
		fprintf(to, "  left out, on %llu lists within %llu days: %zu\n", (unsigned long long)x->most,
			(unsigned long long)x->days, x->counts[TOO_OFTEN]);
	if (x->counts[NOT_DRAWN])
		fprintf(to, "  left out, not drawn before: %zu\n", x->counts[NOT_DRAWN]);
	if (x->counts[TWICE])
		fprintf(to, "  rows of customers listed already: %zu\n", x->counts[TWICE]);
}

/* ---- the command ---- */

static bool open_state(struct list *x, struct fault *f)
{
	const char *manifest = str_keepz(&x->arena, str_printf(&x->arena, "%s/manifest.csv", x->r->opt.state));
	const struct rowset *superseded = run_table(x->r, &table_superseded, true, f);

	if (!file_exists(manifest)) {
		fault_set(f, EXIT_USAGE, "%s is no state", x->r->opt.state);
		fault_hint(f, "name the folder that `yice run --state DIR` keeps");
		return false;
	}
	rowset_release(&x->known);
	return superseded && state_open(&x->state, x->r->opt.state, true, f) &&
	       rowset_load(&x->kept, x->r->opt.state, true, f) &&
	       campaigns_load(&x->known, x->r->opt.state, superseded, f);
}

static bool has_master(struct run *r, struct fault *f)
{
	if (csv_table_exists(run_in_path(r, "master/customer.csv")))
		return true;
	fault_set(f, EXIT_USAGE, "there is no master in %s", r->opt.in);
	fault_hint(f, "name the results of a run with --in, such as OUT of yice run");
	return false;
}

static bool work(struct list *x, struct fault *f)
{
	const char *sql;

	if (!check_name(str_of(x->r->opt.campaign), f) || !destination_check("--to", x->r->opt.to, f))
		return false;
	sql = read_question(x, f);
	if (!sql || !has_master(x->r, f) || !open_state(x, f))
		return false;
	x->db = analysis_open(x->r, f);
	if (!x->db || !read_limit(x, f) || !read_consents(x, f))
		return false;
	read_campaigns(x);
	if (!draw(x, sql, f) || !keep(x, f))
		return false;
	tell(x);
	return true;
}

static bool run_export(struct run *r, struct fault *f)
{
	struct list x = { .r = r, .state = { .lock = -1 } };
	bool ok;

	rowset_init(&x.kept, &table_campaigns);
	rowset_init(&x.known, &table_campaigns);
	rowset_init(&x.fresh, &table_campaigns);
	ok = work(&x, f);
	rowset_release(&x.kept);
	rowset_release(&x.known);
	rowset_release(&x.fresh);
	map_release(&x.members);
	map_release(&x.lately);
	map_release(&x.consents);
	map_release(&x.seen);
	free(x.dealers);
	buf_release(&x.csv);
	if (x.state.dir)
		state_close(&x.state);
	arena_release(&x.arena);
	return ok;
}

static const struct stage_option options[] = {
	OPTION_IN,
	{ "--state", "DIR", "the state that yice run keeps", true },
	{ "--list", "FILE", "one SELECT over tables and marts that gives customer_id", true },
	{ "--campaign", "NAME", "what it is for; the touch points and the guests' exports bear it", true },
	{ "--to", "FILE", "where the list goes, as CSV; /dev/stdout for the next program", true },
	OPTION_DATE,
	OPTION_RULES,
	OPTION_MEMORY,
	OPTION_QUIET,
	{ 0 },
};

const struct stage stage_export = {
	.name = "export",
	.summary = "a campaign's list, with consent and no more often than allowed",
	.usage = "--in DIR --state DIR --list FILE.sql --campaign NAME --to FILE.csv [options]",
	.help = "Asks the SELECT of FILE.sql of the tables and marts of a run and writes its rows, without\n"
		"those who did not consent and those who were on other lists lately (campaign_most and\n"
		"campaign_days in rules/marts.csv). Who is on it is remembered in the state; the next run\n"
		"shows it among the customer's touch points (kind activity, contact_no NAME), in OUT and in\n"
		"the stores. Who took part comes back by the `activity` export, with NAME as its number.\n"
		"A campaign is drawn once: the same name again writes the list of those who were drawn then\n"
		"and still consent, and adds nobody.",
	.options = options,
	.run = run_export,
};
