/*
 * The book of a run: its tables in memory, where they are read and written, what the state
 * adds. Behind include/run.h; only the doorway, the chain and extract look inside.
 */
#ifndef YICE_BOOK_H
#define YICE_BOOK_H

#include "analysis.h"
#include "carried.h"
#include "later.h"
#include "map.h"
#include "mended_rows.h"
#include "received.h"
#include "run.h"
#include "state.h"

struct judged;

struct dataset { /* everything the run speaks of, put together at the first request */
	bool have_records, have_tables, have_mended, owns_records;
	struct records records; /* where state and run had to be joined */
	const struct records *all;
	struct rowset rejects, files, seen, corrections, correction_rows;
	struct mended_rows mended;
	struct map judged; /* record id of a correction -> the part that judged it last */
};

struct book {
	struct arena arena;
	const char *out; /* where this run writes: --out, or the chain's staging folder */
	const char *rules, *schemas_dir;
	bool have_codes, have_schemas;
	struct codes codes;
	struct schemas schemas;
	struct reference *reference;
	struct map tables; /* path -> index into rowsets */
	struct rowset **rowsets;
	size_t n_rowsets, cap_rowsets;
	struct map previous; /* tables of the run before */
	struct records *extracted, *cleaned; /* NULL: not read or made yet */
	uint32_t *person_lines, *car_lines; /* of merge; NULL until then */
	uint64_t *lacking; /* of report; NULL until then */
	struct later *later; /* what is being written */
	struct state state;
	bool have_state;
	struct received *received;
	bool settled, segments_prepared;
	bool handed_over; /* clean did: only its corrections look for what was repeated */
	struct dataset all;
	struct rowset decisions; /* with those of the state, where no extract joined them */
	bool have_decisions;
	struct analysis *analysis;
	struct carried carried;
	struct judged *judged; /* of the faults that were returned; NULL until then */
	struct str date, fingerprint;
	const char *private_dir; /* for the time of the command; see segment.c */
	struct fault trouble; /* of what was asked without a fault of its own */
};

void book_open(struct run *r);
void book_close(struct run *r);
/* Where memory beyond --memory goes. */
void book_spill(struct run *r, const char *folder);
/* Returns when all that was handed over is written. */
bool book_written(struct run *r, struct fault *f);
/* Keeps the first such trouble (and releases it); where there is any, what was made so far
 * cannot be trusted: book_sound is asked before anything is put in place. */
void book_trouble(struct run *r, struct fault *trouble);
bool book_sound(struct run *r, struct fault *f);
/* book_tables.c: frees all tables and records that are held. */
void book_tables_release(struct book *b);
/* book_tables.c: the records that clean left in that folder, unless they are there already. */
bool book_load_cleaned(struct book *b, const char *dir, struct fault *f);
/* The state of --state, opened for reading at the first request; true without one too. */
bool book_state(struct run *r, struct fault *f);
/* book_received.c: all that was received: the state's folders and, where it holds one, `new_dir`. */
bool book_received(struct run *r, const char *new_dir, struct fault *f);
/* What this run has written of it so far is thrown away; the next book_received reads anew. */
void book_forget_received(struct run *r);
/* Tables of OUT are copied into the state: people open them in programs that write into the file itself. */
bool copy_file(const char *from, const char *to, struct fault *f);
/* The same, of many files that are synced together (outfile_sync_tree). */
bool copy_file_unsynced(const char *from, const char *to, struct fault *f);
/* The same bytes under a second name (its folder exists); copied where they can't be linked. */
bool share_file(const char *from, const char *to, struct fault *f);
/* Writes the business date down for stages run by hand later. */
bool run_put_date(struct run *r, struct fault *f);
/* dataset.c: puts together what the run speaks of; dropped again when clean hands over. */
bool dataset_records(struct run *r, struct fault *f);
bool dataset_tables(struct run *r, struct fault *f);
void dataset_release(struct dataset *d);
/* The record's name when all sights are seen in order; false where it is no record any more. */
bool dataset_current_name(struct run *r, struct str record_id, struct str *name, struct kept *kept,
			  struct arena *a);
/* dataset_extras.c: adds to a table of rejects or of correction rows, under the names of now, what is told of records
 * that share a kept row with another one: what is told of the row is told of each. */
void dataset_extras(struct run *r, struct rowset *to, int id);
/* The same for the records themselves; they are in order before and after. */
void dataset_extra_records(struct run *r, struct records *all);
/* The cleaned records of a segment (or run directory) as the state keeps them. */
bool cleaned_save(const struct records *rs, const char *dir, struct str fingerprint, struct fault *f);
/* False without a fault where there is none of that fingerprint (empty: any). */
bool cleaned_load(struct records *rs, const char *dir, struct str fingerprint, struct fault *f);
/* The same, one by one: a record, which take may change, lives until take returns. */
bool cleaned_each(const char *dir, struct str fingerprint, void (*take)(void *context, struct record *rec),
		  void *context, struct fault *f);

/* run.c: resolve and merge over what the state holds and what people decided, into
 * r->book->out. */
bool run_again(struct run *r, struct fault *f);
/* run.c: resolve to publish, the results moved into OUT and the state switched. The state is
 * open for writing, extract/, clean/ and the ledger lie in run_staging. */
bool run_rest(struct run *r, struct fault *f);
/* The folder in OUT where a run writes until it is done. */
const char *run_staging(struct run *r);

#endif
