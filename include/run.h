/*
 * What a stage works on: the options of the command and the tables of the run.
 *
 * Within `yice run` a table that one stage made is handed to the next in memory; a stage
 * run by hand finds it in a sub-folder of --in. The stage cannot tell the difference.
 */
#ifndef YICE_RUN_H
#define YICE_RUN_H

#include "codes.h"
#include "record.h"
#include "reference.h"
#include "schema.h"
#include "table.h"

enum { RUN_MAX_LIST = 64 };

struct run_options { /* NULL or 0 where not given */
	const char *inbox, *in, *out, *state, *rules, *schemas;
	const char *date; /* YYYY-MM-DD; the business date */
	const char *publish[RUN_MAX_LIST]; /* of --publish and --to */
	size_t n_publish;
	const char **arguments; /* what stands without an option */
	size_t n_arguments;
	const char *to, *table, *rejects, *field, *explain, *list, *campaign, *by;
	unsigned jobs;
	uint64_t memory; /* bytes */
	enum lang lang;
	bool quiet, final_only, json, clear, roles;
};

struct forgotten_person;
struct mended_rows;
struct received;

struct run {
	struct run_options opt;
	struct arena arena; /* lives as long as the run */
	bool chained; /* within yice run */
	bool needs_person; /* exit status 1 at the end */
	const struct forgotten_person *forgotten; /* whose past goes from the stores too, or NULL */
	/* private to pipeline/book*.c */
	struct book *book;
};

/* The rules of the run (from --rules, or beside the program), loaded at the first call. */
const char *run_rules_dir(struct run *r, struct fault *f);
const struct codes *run_codes(struct run *r, struct fault *f);
const struct schemas *run_schemas(struct run *r, struct fault *f);
const struct reference *run_reference(struct run *r, struct fault *f);
/* The business date: --date, else what extract wrote down in --in, else today. */
struct str run_date(struct run *r);
/* Which run of its state this is, counted from 1 (who forgets a person makes the last one again); by
 * hand what the run.json in --in tells, 0 where there is none. */
bool run_number(struct run *r, uint32_t *number, struct fault *f);
/* Does the state remember this very night already? So it does for who forgets a person, and by hand where
 * --in is what a run of the last night of --state left: what it changed cannot be told from that anew. */
bool run_is_remembered(struct run *r, bool *is, struct fault *f);

/* Does merge tell the lineage? --tables final leaves it out of OUT, and then nobody needs it but a
 * store that lasts: there it would be taken for gone. */
bool run_tells_lineage(const struct run *r);

/* The records that are new in this run, as extract left them and as clean did; in the order
 * of record ids. A stage hands its own over with run_put_records (which takes the contents,
 * and writes the three tables below OUT/STAGE unless --tables final). */
const struct records *run_new_records(struct run *r, const char *stage, struct fault *f);
bool run_put_records(struct run *r, const char *stage, struct records *rs, struct fault *f);

/* The cleaned records that the run speaks of: those of --in and, with --state, all earlier
 * ones, in the order of record ids, withdrawn and repeated ones left out. */
const struct records *run_records(struct run *r, struct fault *f);
/* What clean (and extract) told of those same records. */
const struct rowset *run_all_rejects(struct run *r, struct fault *f);
/* The files behind those records (table_files), and when each was last seen (table_seen). */
const struct rowset *run_all_files(struct run *r, struct fault *f);
const struct rowset *run_all_seen(struct run *r, struct fault *f);
const struct rowset *run_all_corrections(struct run *r, struct fault *f);
/* Which of those records, and of the rows that clean rejected, were mended and sent again. */
const struct mended_rows *run_mended(struct run *r, struct fault *f);
/* What people decided and did not take back (table_decisions), by date and id. */
const struct rowset *run_all_decisions(struct run *r, struct fault *f);

/* For each record of run_records the line of its customer in table_customer or, counted on
 * behind it, in table_pending, and of its car by its own VIN in table_vehicle. merge hands them
 * over (allocated; they become the run's). Where it was no part of this command, the lines of
 * people are found by the clusters, and NULL is a fault; those of cars are NULL. */
enum { RUN_NOBODY = UINT32_MAX };
void run_put_person_lines(struct run *r, uint32_t *lines);
void run_put_car_lines(struct run *r, uint32_t *lines);
const uint32_t *run_person_lines(struct run *r, struct fault *f);
const uint32_t *run_car_lines(const struct run *r);
/* For each such line of people the items of the standard that it lacks (standard.h), as report
 * reckoned them; NULL where it was no part of this command. */
void run_put_lacking(struct run *r, uint64_t *lacking);
const uint64_t *run_lacking(const struct run *r);

/* Rows of correction files (table_correction_rows) that came in earlier runs. */
const struct rowset *run_earlier_correction_rows(struct run *r, struct fault *f);

/* report/quality.csv as the last run told it, where this one carries over what was made of everything
 * received; NULL where that is made anew. */
const struct rowset *run_carried_quality(const struct run *r);

/* A table as an earlier stage of this run left it. Empty when optional and not there. */
const struct rowset *run_table(struct run *r, const struct table_def *def, bool optional,
			       struct fault *f);
/* No later stage asks for it: its memory is given back once it is written. Who asks all the same
 * reads the file. */
bool run_let_go(struct run *r, const struct table_def *def, struct fault *f);
/* Is it in memory? */
bool run_holds(const struct run *r, const struct table_def *def);
/* Hands a table over: it is written below --out and kept for later stages. Takes the
 * rowset's contents. */
bool run_put(struct run *r, struct rowset *rs, struct fault *f);
/* A table that the state remembers from the last run that ended well (empty if none), and
 * what it shall remember after this one. */
const struct rowset *run_previous(struct run *r, const struct table_def *def, struct fault *f);
bool run_keep(struct run *r, const struct rowset *rs, struct fault *f);
/* The same for tables too large to hold twice: the path of the remembered table (NULL
 * without a fault where there is none), and a table that was put in this run, remembered as
 * the file that it was written to. */
const char *run_previous_path(struct run *r, const struct table_def *def, struct fault *f);
bool run_keep_put(struct run *r, const struct table_def *def, struct fault *f);

struct original_row {
	struct str row, header; /* original bytes, as kept (line end included) */
	struct str stem, encoding; /* of the file that both are of */
};

/* Of a record that a late file named: the row that was kept, with the header of the file that it
 * came in. False where that record is not kept. */
bool run_original(struct run *r, struct str record_id, struct original_row *original);

/* Where tables of this run are written: --out, or the staging folder of yice run. For what
 * is no table (workbooks, pages) or too large for a rowset; use outfile. `inside` may hold
 * slashes; the path lives as long as the run. */
const char *run_out_path(struct run *r, const char *inside);
/* --in: where a stage run by hand finds what it needs; the staging folder in yice run. */
const char *run_in_path(struct run *r, const char *inside);

/* The row as text, decoded, without its line end. */
bool run_original_line(struct run *r, struct str record_id, struct str *line, struct arena *a);

/* What became of a kept row: RUN_RECORD is in run_records (or was rejected by clean),
 * RUN_REPEATED stands under another name, RUN_WITHDRAWN is gone from a later full export,
 * RUN_UNKNOWN was never received. */
enum run_record_state { RUN_UNKNOWN, RUN_RECORD, RUN_REPEATED, RUN_WITHDRAWN };
enum run_record_state run_record_state(struct run *r, struct str record_id);
/* The record id of the newest row of the same key (source_key, contact_no ...) of the same
 * sender and schema; the record's own id where it is the newest or has no key. */
struct str run_newest(struct run *r, struct str record_id, struct arena *a);

/* That row as a record, with the values as they came: also one that clean rejected. False
 * without a fault where it is not kept. */
bool run_reread(struct run *r, struct str record_id, struct record *rec, struct arena *a,
		struct fault *f);

/* All that was received, settled; its repeats are there until clean hands over its records. */
const struct received *run_received(struct run *r, struct fault *f);

/* The stem of the file in which that row was seen last, unchanged; "" for RUN_UNKNOWN. */
struct str run_last_file(struct run *r, struct str record_id);

/* For faults that only the whole shows: puts the value as it came into lines that were told
 * of cleaned records. */
bool run_values_as_they_came(struct run *r, struct rowset *rejects, struct fault *f);

/* Progress: a line in a log, a moving line on a terminal, nothing with --quiet. */
void run_say(struct run *r, const char *format, ...) __attribute__((format(printf, 2, 3)));
void run_progress(struct run *r, const char *stage, uint64_t done, uint64_t total);

#endif
