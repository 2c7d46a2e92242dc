/*
 * The generator's truth in memory, and the parts of the comparison with an output folder of
 * the program: faults told, values cleaned, records put together, golden values.
 */
#ifndef TRUTH_H
#define TRUTH_H

#include "csv_table.h"
#include "map.h"
#include "record.h"

enum { NO_PERSON = UINT32_MAX };

struct truth_record {
	struct str id;
	struct str export; /* "dms_customer" */
	struct str observed_on;
	uint32_t person; /* index into people, or NO_PERSON */
	bool duplicate;
	const char *packed; /* its judged values; see truth_value */
};

struct truth_fault {
	uint32_t record;
	struct str id, field, code, value;
	bool told;
};

struct truth_person {
	struct str id, name, id_type, id_number;
};

struct truth_correction {
	struct str id, base, field, value, becomes;
};

struct truth {
	struct arena arena;
	struct truth_record *records;
	size_t n_records, cap_records;
	struct map by_id; /* record_id -> index */
	struct truth_fault *faults;
	size_t n_faults, cap_faults;
	uint32_t *first_fault; /* of each record; those of one record stand together */
	struct truth_person *people;
	size_t n_people, cap_people;
	struct map person_by_id;
	struct truth_correction *corrections;
	size_t n_corrections, cap_corrections;
	struct map vins; /* of the cars that there are */
};

void truth_load(struct truth *t, const char *dir); /* ends the program on a fault */
/* "" nothing is said, "!" nothing may remain, else the cleaned value. */
struct str truth_value(const struct truth_record *r, enum field f);
bool truth_has_fault(const struct truth *t, uint32_t record, struct str code);

/* Reads a table of the output folder row by row. */
struct reading {
	struct csv_reader *reader;
	const struct str *row;
	char path[1024];
};

bool reading_open(struct reading *in, const char *dir, const char *table); /* false: not there */
int reading_column(const struct reading *in, const char *name); /* ends the program: none */
bool reading_next(struct reading *in);
void reading_close(struct reading *in);

struct limits { /* what must be reached; 0: only shown */
	double recall, precision, values, pair_precision, pair_recall, golden;
	unsigned examples; /* of each disagreement, how many are shown */
};

/* Each prints its table and is true where the limits are kept. */
bool compare_faults(struct truth *t, const char *out, const struct limits *limits);
bool compare_values(const struct truth *t, const char *out, const struct limits *limits);
bool compare_clusters(const struct truth *t, const char *out, const struct limits *limits);
bool compare_golden(const struct truth *t, const char *out, const struct limits *limits);
bool compare_files(const char *truth, const char *out);

double share(uint64_t part, uint64_t whole); /* 1 where there is nothing */
_Noreturn void die(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
