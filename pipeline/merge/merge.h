/*
 * What the files of this stage share: the inputs of the run indexed by the place of a record
 * (its number in the order of record ids), and the small things that every entity needs.
 */
#ifndef YICE_MERGE_H
#define YICE_MERGE_H

#include "golden.h"
#include "groups.h"
#include "map.h"
#include "mending.h"
#include "ownership_rules.h"
#include "run.h"

enum { NO_PLACE = UINT32_MAX };

enum id_use { /* what resolve says of a record's ID number */
	ID_USE_NONE, /* it has none, or nothing is said: it counts */
	ID_USE_KEY, ID_USE_FORMER, ID_USE_BARRED,
};

struct contradiction { /* rows of the decisions; the later counts */
	size_t earlier, later;
};

struct decisions { /* what people said of changes */
	const struct rowset *rows;
	struct map superseded; /* former key -> line of superseded */
	struct map verdicts; /* customer or VIN, attribute and value -> enum change_verdict */
	struct map accepted; /* customer or VIN and attribute -> row */
	struct map said; /* customer or VIN, attribute and value -> row */
	struct map answers; /* record and attribute -> a row that accepts */
	struct contradiction *contradictions;
	size_t n_contradictions, cap_contradictions;
};

struct merge {
	struct run *run;
	struct golden_rules rules;
	struct ownership_rules ownership_rules;
	const struct codes *codes;
	const struct records *records;
	const struct rowset *clusters, *files, *corrections;
	const struct rowset *superseded; /* by resolve */
	struct decisions decisions;
	struct groups customers; /* places of records by customer_id */
	uint32_t *customer; /* by place: number of its customer, or NO_PLACE */
	uint8_t *id_use; /* by place */
	int32_t *last_seen; /* by place: day of its last sight; NULL: nothing came again */
	struct mendings mendings;
	struct map file_rows; /* stem -> line of files */
	struct map brought_in; /* id of a row that no table has -> place of what brought it in last */
};

/* inputs.c */
bool inputs_load(struct merge *m, struct run *r, struct fault *f);
void inputs_release(struct merge *m);
/* The customer that a record belongs to; empty where it is nobody's. */
struct str customer_of(const struct merge *m, uint32_t place);
/* Adds a record to the case of its customer or car, with what a correction brought in; one that is laid over a
 * record says nothing of the dealer, whom that record names on its own day. */
uint32_t case_add(const struct merge *m, struct golden_case *c, const struct record *rec, uint32_t place,
		  struct arena *a);
/* The record of a row that a correction brought in is given the name, source and day of that row. */
void name_row(const struct merge *m, uint32_t place, struct record *rec);
/* Is it a correction that brought in a row which no table has, and the last one that did? */
bool brings_in_row(const struct merge *m, uint32_t place);
/* Has its sender taken that value back by an applied correction? */
bool is_mended(const struct merge *m, uint32_t place, enum field field);
/* Was it mended and sent again? Then it is no observation any more. */
bool is_replaced(const struct merge *m, uint32_t place);
/* Gives the case what it asks the run for. */
void merge_prepare(const struct merge *m, struct golden_case *c);

/* change_decisions.c: indexes the decisions; those that contradict each other are listed. */
void decisions_index(struct merge *m, const struct rowset *rows);
void decisions_release(struct decisions *d);
/* The key that the customer of a decision has now. */
struct str decision_customer(const struct merge *m, size_t row);
/* That customer, or the VIN where it speaks of a car's value with a record of that car. */
struct str decision_subject(const struct merge *m, size_t row, struct arena *a);
/* What was said of a value of that customer. */
enum change_verdict decision_on(const struct merge *m, struct str customer, struct str attribute,
				struct str value);
/* Has a person accepted that the proposed ID number is that of the review's record? */
bool decisions_answer(const struct merge *m, const struct str *review);
/* For struct golden_case. */
enum change_verdict change_decided(void *merge, const struct golden_case *c, enum field attribute,
				   struct str value);
struct str change_accepted(void *merge, const struct golden_case *c, enum field attribute);

/* What stands before the date in the name of a record's file: its schema and sender. */
struct str sender_of(const struct merge *m, struct str record_id);
/* The same where the file is not known: by what looks like a date. */
struct str stem_sender(struct str record_id);

#endif
