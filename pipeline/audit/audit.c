/*
 * audit: does a finished run add up? Everything is counted anew from the files below OUT,
 * never taken from a counter of the program.
 *
 * Comes in: a run directory. Goes out: one line for each thing that does not meet, with file
 * and numbers; exit status 0 only where all of it does. Tables that the run was told to leave
 * out (--tables final) are passed over, and that is said. Never: mends anything.
 */
#include "stage.h"

#include "audit.h"
#include "csv_table.h"
#include "outfile.h"
#include "received.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void complain(struct audit *x, const char *format, ...)
{
	va_list ap;

	x->faults++;
	va_start(ap, format);
	vprintf(format, ap);
	va_end(ap);
	putchar('\n');
}

static struct file_count *count_of(struct audit *x, struct str stem)
{
	bool added;
	uint64_t *at = map_put(&x->files, stem, x->n_counts, &added);

	if (added) {
		GROW(x->counts, x->n_counts, x->cap_counts);
		x->counts[x->n_counts++] = (struct file_count){ 0 };
	}
	return &x->counts[*at];
}

static struct str stem_of(struct str record_id)
{
	struct str stem;
	uint32_t row;

	record_id_split(record_id, &stem, &row);
	return stem;
}

/* ---- what the tables say ---- */

static bool count_bad_rows(struct audit *x, struct fault *f)
{
	const struct rowset *rs = run_table(x->r, &table_rejects_extract, true, f);

	for (size_t i = 0; rs && i < rs->n; i++)
		count_of(x, stem_of(rowset_value(rs, i, REJ_RECORD_ID)))->bad_rows++;
	return rs != NULL;
}

/* Rows of corrections that this run read: those of earlier ones may be judged again, and told of
 * anew, but they have their place in the ledger of their run. */
static bool find_corrections(struct audit *x, struct map *rows, struct fault *f)
{
	const struct rowset *rs = run_table(x->r, &table_correction_rows, true, f);

	for (size_t i = 0; rs && i < rs->n; i++)
		map_put(rows, rowset_value(rs, i, CRW_RECORD_ID), 0, NULL);
	return rs != NULL;
}

static bool count_fates(struct audit *x, struct fault *f)
{
	const struct rowset *rs = run_table(x->r, &table_rejects_clean, true, f);
	struct map corrections = { 0 };
	struct str v[REJ_COLUMNS];

	if (!find_corrections(x, &corrections, f))
		return false;
	for (size_t i = 0; rs && i < rs->n; i++) {
		rowset_get(rs, i, v);
		if (str_eq(v[REJ_ACTION], STR("fix")) ||
		    (str_eq(v[REJ_SOURCE], STR("correction")) && !map_get(&corrections, v[REJ_RECORD_ID])))
			continue;
		uint64_t *worst = map_put(&x->fates, v[REJ_RECORD_ID], 0, NULL);

		if (str_eq(v[REJ_ACTION], STR("reject")))
			*worst = 1;
	}
	for (size_t i = 0; i < x->fates.n; i++) {
		struct file_count *c = count_of(x, stem_of(x->fates.entries[i].key));

		if (x->fates.entries[i].value)
			c->rejected++;
		else
			c->flagged++;
	}
	map_release(&corrections);
	return rs != NULL;
}

static bool count_records(struct audit *x, struct fault *f)
{
	const struct records *rs = run_new_records(x->r, "clean", f);
	struct arena a = { 0 };

	for (size_t i = 0; rs && i < rs->n; i++) {
		struct str id = records_value(rs, i, F_RECORD_ID, &a);
		bool correction = str_eq(records_value(rs, i, F_SOURCE, &a), STR("correction")), added;

		map_put(&x->cleaned, id, correction ? 0 : records_feeds(rs, i), &added);
		if (!added)
			complain(x, "clean/: the record %.*s is there twice", STR_FMT(id));
		if (map_get(&x->fates, id) && *map_get(&x->fates, id))
			complain(x, "clean/: the record %.*s was rejected and is there all the same", STR_FMT(id));
		count_of(x, stem_of(id))->records++;
		arena_reset(&a);
	}
	arena_release(&a);
	return rs != NULL;
}

/* ---- the ledger ---- */

struct ledger_line {
	struct str file, stem;
	uint64_t rows, accepted, flagged, rejected, duplicate;
};

static bool read_line(struct audit *x, const struct str *v, struct ledger_line *l)
{
	bool ok = str_u64(v[LED_ROWS], &l->rows) && str_u64(v[LED_ACCEPTED], &l->accepted) &&
		  str_u64(v[LED_FLAGGED], &l->flagged) && str_u64(v[LED_REJECTED], &l->rejected) &&
		  str_u64(v[LED_DUPLICATE], &l->duplicate);

	l->file = v[LED_FILE];
	l->stem = export_stem(v[LED_FILE]);
	if (!ok)
		complain(x, "ledger.csv: %.*s: a count is no number", STR_FMT(l->file));
	return ok;
}

static void meet(struct audit *x, const struct ledger_line *l, const char *what, uint64_t ledger, uint64_t files)
{
	x->checks++;
	if (ledger != files)
		complain(x, "%.*s: the ledger says %llu %s, the files say %llu", STR_FMT(l->file),
			 (unsigned long long)ledger, what, (unsigned long long)files);
}

static void audit_line(struct audit *x, const struct ledger_line *l, const struct received *received,
		       bool tables)
{
	const struct file_count *c = count_of(x, l->stem);
	const struct received_file *file = received_find(received, l->stem);

	x->checks++;
	if (l->rows != l->accepted + l->flagged + l->rejected + l->duplicate)
		complain(x, "%.*s: %llu rows are not %llu accepted + %llu flagged + %llu rejected + %llu duplicate",
			 STR_FMT(l->file), (unsigned long long)l->rows, (unsigned long long)l->accepted,
			 (unsigned long long)l->flagged, (unsigned long long)l->rejected,
			 (unsigned long long)l->duplicate);
	meet(x, l, "rejected", l->rejected, c->bad_rows + c->rejected);
	meet(x, l, "flagged", l->flagged, c->flagged);
	if (file) /* read in this run: what it left must be all of its rows */
		meet(x, l, "rows", l->rows, file->rows);
	if (tables && file && !str_eq(file->schema, STR("correction")))
		meet(x, l, "records", l->accepted + l->flagged, c->records);
}

static bool audit_ledger(struct audit *x, bool tables, struct fault *f)
{
	const struct rowset *ledger = run_table(x->r, &table_ledger, false, f);
	const char *dir = run_in_path(x->r, "extract");
	bool kept = file_exists(run_in_path(x->r, "extract/received.keys.gz"));
	struct received *received = ledger ? received_open(&dir, kept ? 1 : 0, f) : NULL;
	struct str v[LED_COLUMNS];
	struct ledger_line line;

	if (received)
		received_settle(received);
	for (size_t i = 0; received && i < ledger->n; i++) {
		rowset_get(ledger, i, v);
		if (str_eq(v[LED_STATUS], STR("ok")) && read_line(x, v, &line))
			audit_line(x, &line, received, tables);
	}
	bool ok = received != NULL;

	received_close(received);
	return ok;
}

/* ---- each accepted record in exactly one cluster ---- */

static void find_full(struct audit *x, const struct rowset *files)
{
	struct str v[FIL_COLUMNS];

	for (size_t i = 0; i < files->n; i++) {
		rowset_get(files, i, v);
		if (!str_eq(v[FIL_MODE], STR("full")))
			continue;
		map_put(&x->full, v[FIL_STEM], 0, NULL);
		map_put(&x->full_senders,
			str_printf(&x->arena, "%.*s_%.*s", STR_FMT(v[FIL_SCHEMA]), STR_FMT(v[FIL_SENDER])), 0, NULL);
	}
}

/* Whether a full export of this run may lack a row that came before it: the name of its file begins with the
 * schema and the sender of one, in both of which there may be a _ too. */
static bool may_be_withdrawn(const struct audit *x, struct str record_id)
{
	for (size_t i = 0; i < record_id.n; i++)
		if (record_id.p[i] == '_' && map_get(&x->full_senders, (struct str){ record_id.p, i }))
			return true;
	return false;
}

/* An answer goes with the row that it speaks of. */
static void find_answers_gone(struct audit *x, const struct rowset *answers)
{
	for (size_t i = 0; i < answers->n; i++) {
		struct str base = rowset_value(answers, i, COR_BASE_RECORD_ID);

		if (audit_may_be_gone(x, base) || may_be_withdrawn(x, base))
			map_put(&x->repeated, rowset_value(answers, i, COR_RECORD_ID), 0, NULL);
	}
}

static bool find_gone(struct audit *x, struct fault *f)
{
	const struct rowset *files = run_table(x->r, &table_files, true, f);
	const struct rowset *repeated = files ? run_table(x->r, &table_repeated, true, f) : NULL;
	const struct rowset *answers = repeated ? run_table(x->r, &table_corrections, true, f) : NULL;

	if (files)
		find_full(x, files);
	for (size_t i = 0; repeated && i < repeated->n; i++)
		map_put(&x->repeated, rowset_value(repeated, i, 0), 0, NULL);
	if (answers)
		find_answers_gone(x, answers);
	return answers != NULL;
}

bool audit_may_be_gone(struct audit *x, struct str record_id)
{
	return map_get(&x->full, stem_of(record_id)) || map_get(&x->repeated, record_id) || run_record_state(x->r, record_id) == RUN_REPEATED;
}

static bool index_clusters(struct audit *x, struct fault *f)
{
	bool added;

	x->clusters = run_table(x->r, &table_clusters, true, f);
	for (size_t i = 0; x->clusters && i < x->clusters->n; i++) {
		struct str id = rowset_value(x->clusters, i, CLU_RECORD_ID);

		map_put(&x->clustered, id, i, &added);
		if (!added)
			complain(x, "resolve/clusters.csv, row %llu: the record %.*s is in two clusters", ROW_OF(i), STR_FMT(id));
	}
	x->checks += x->clustered.n;
	return x->clusters != NULL;
}

struct str audit_customer_of(const struct audit *x, struct str record_id)
{
	const uint64_t *at = map_get(&x->clustered, record_id);

	if (!at || str_eq(rowset_value(x->clusters, *at, CLU_METHOD), STR("replaced")))
		return STR("");
	return rowset_value(x->clusters, *at, CLU_CUSTOMER_ID);
}

static bool audit_clusters(struct audit *x, struct fault *f)
{
	const struct records *rs = run_new_records(x->r, "clean", f);
	struct arena a = { 0 };

	for (size_t i = 0; rs && i < rs->n; i++) {
		struct str id = records_value(rs, i, F_RECORD_ID, &a);

		if ((records_feeds(rs, i) & FEEDS(ENTITY_CUSTOMER)) && !map_get(&x->clustered, id) && !audit_may_be_gone(x, id))
			complain(x, "resolve/clusters.csv: the record %.*s is in no cluster", STR_FMT(id));
		arena_reset(&a);
	}
	arena_release(&a);
	return rs != NULL;
}

/* ---- the question ---- */

static bool audit_run(struct run *r, struct fault *f)
{
	struct audit x = { .r = r };
	bool tables, ok;

	r->opt.in = r->opt.out;
	tables = csv_table_exists(run_in_path(r, "clean/customer.csv"));
	ok = find_gone(&x, f) && count_bad_rows(&x, f) && count_fates(&x, f) && (!tables || count_records(&x, f)) &&
	     audit_ledger(&x, tables, f) && audit_exports(&x, f) && (!tables || audit_extracted(&x, f)) &&
	     audit_customers(&x, f) && index_clusters(&x, f) && (!tables || audit_clusters(&x, f)) &&
	     audit_links(&x, tables, f) && audit_lineage(&x, tables, f) && audit_returns(&x, f) && audit_quality(&x, f) &&
	     audit_files(&x, f);
	if (ok && !tables)
		puts("clean/ holds no tables: records were not counted");
	if (ok && x.faults)
		printf("%llu of %llu checks do not meet\n", (unsigned long long)x.faults, (unsigned long long)x.checks);
	else if (ok)
		printf("the ledger balances: %llu checks\n", (unsigned long long)x.checks);
	r->needs_person = x.faults > 0;
	map_release(&x.full);
	map_release(&x.full_senders);
	map_release(&x.repeated);
	free(x.counts);
	map_release(&x.files);
	map_release(&x.fates);
	map_release(&x.cleaned);
	map_release(&x.clustered);
	arena_release(&x.arena);
	return ok;
}

static const struct stage_option options[] = { OPTION_OUT, { 0 } };

static const struct stage_need needs[] = { { "ledger", "clean", false }, { 0 } };

const struct stage stage_audit = {
	.name = "audit",
	.summary = "does a finished run add up? exit 0 only where its ledger balances",
	.usage = "--out DIR",
	.help = "Counts a run directory anew from its files: rows and their fates against ledger.csv,\n"
		"each record in one cluster and in the tables that it was read into, each cluster's\n"
		"customer in the master, touch points, owners, relations and reviews against the records,\n"
		"each golden value in the lineage, each open fault in one return, the figures of\n"
		"quality.csv and run.json, each file against its sum there.\n"
		"Prints what does not meet, with file and row; exit status 1 where anything does not.",
	.options = options,
	.needs = needs,
	.run = audit_run,
};
