/*
 * What the report looks at: the tables of the run, the files behind the records, and the
 * customers and cars of the master by number.
 */
#ifndef YICE_REPORT_INPUTS_H
#define YICE_REPORT_INPUTS_H

#include "golden.h"
#include "run.h"
#include "standard.h"
#include "tally.h"
#include "terms.h"

struct export_facts { /* a file that was read */
	struct str stem, source, sender;
	bool corrections;
	enum field cells[F_COUNT]; /* the fields that it has a column for */
	size_t n_cells;
	bool expected[F_COUNT]; /* its absence is told */
};

/* What is known of a customer beyond its row in the master. */
enum person_bit {
	PERSON_LATE = 1, /* a record of it came too late */
	PERSON_ON_TIME = 2, /* one came in time */
	PERSON_ADDRESS = 4, /* a record without a fault in its address gave the address */
	PERSON_DOUBLE = 8, /* somebody should look whether it and another are one */
};

enum { NOBODY = RUN_NOBODY };

struct inputs {
	struct run *r;
	struct str today;
	const struct codes *codes;
	const struct records *records;
	const struct rowset *rejects, *files; /* of all; by record or file */
	const struct rowset *told_by_resolve, *told_by_merge;
	const struct rowset *new_files, *ledger; /* of this run */
	const struct rowset *carried; /* quality as the last run told it, where that stands; then the tables
				       * below and the records are not there */
	const struct rowset *people[2]; /* customer, pending */
	const struct rowset *vehicle, *ownership, *contact, *review;
	struct terms terms;
	struct standard standard;
	struct golden_rules golden;

	struct export_facts *exports;
	size_t n_exports;
	struct map by_stem;
	struct map by_customer; /* customer_id -> number: customers, then pending */
	const uint32_t *person_of, *car_of; /* by record: numbers, or NOBODY */
	uint32_t *own_cars; /* where they had to be found anew */
	unsigned char *person; /* enum person_bit, by number */
	size_t n_people;
	struct arena arena;
};

bool inputs_open(struct inputs *in, struct run *r, struct fault *f);
void inputs_close(struct inputs *in);

const struct export_facts *inputs_export(const struct inputs *in, struct str stem); /* or NULL */
/* A value of the customer of that number. */
struct str inputs_person(const struct inputs *in, size_t person, enum customer_column column);
/* Tells the processor that the golden records of record i are wanted soon. */
void inputs_prefetch(const struct inputs *in, size_t i);
/* The folder that the faults of a record are returned to. */
struct str inputs_dealer(struct str dealer_code, const struct export_facts *from);

#endif
