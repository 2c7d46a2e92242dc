/*
 * The doorway to the cleaned records: what resolve wants to know of one, with corrections
 * laid over the record that they mend and with what clean said of values that it blanked.
 * Opened once, then read by any number of threads.
 */
#ifndef RESOLVE_READING_H
#define RESOLVE_READING_H

#include "map.h"
#include "matching.h"
#include "mending.h"
#include "record.h"
#include "reference.h"
#include "schema.h"
#include "table.h"

enum role { /* of a record in this stage */
	ROLE_NONE, /* a car's alone */
	ROLE_CUSTOMER, /* feeds customer */
	ROLE_CONTACT, /* tells of a touch point: somebody was there */
	ROLE_CORRECTION, /* mends another record and goes where that one goes */
	ROLE_REPLACED, /* mended and sent again: goes where its newest row goes */
};

struct blanked { /* a value that clean took away, as it came */
	uint32_t record;
	enum field field; /* F_ID_NUMBER, F_MOBILE, or F_NAME (only the surname that it showed) */
	struct str value;
};

struct scope { /* of a file: where its senders' own numbers mean something */
	enum field key; /* the field that holds such a number; F_COUNT: none */
	uint64_t hash; /* of schema and sender */
};

struct reading {
	const struct records *records;
	const struct matching *matching;
	const struct rowset *files;
	struct scope *scopes; /* of each row of files */
	uint8_t *role; /* of each record */
	struct mendings mendings;
	struct blanked *blanked; /* by record */
	size_t n_blanked, cap_blanked;
	struct map stems; /* stem -> row of files */
	struct map brought_in; /* record id of a correction -> row of files of its base, which no table has */
	struct arena arena;
};

struct witness { /* what a record can say of who it speaks of */
	struct name_form form;
	uint64_t name; /* hash of the form; 0: absent */
	uint64_t value[MATCH_FIELDS]; /* hashes; 0: absent, or not asked for */
};

/* `reference` may be NULL: then a name that was blanked for its title says nothing. */
void reading_open(struct reading *r, const struct records *records, const struct matching *matching,
		  const struct schemas *schemas, const struct rowset *files,
		  const struct rowset *rejects, const struct rowset *corrections,
		  const struct mended_rows *mended,
		  const struct reference *reference);
void reading_close(struct reading *r);

/* The record as it stands after its corrections; as clean left it. */
void reading_record(const struct reading *r, size_t i, struct record *rec, struct arena *a);
/* The base of a correction record. */
uint32_t reading_base(const struct reading *r, uint32_t correction);
/* The record that stands for it: mostly itself, the newest row of one that was replaced. */
uint32_t reading_newest(const struct reading *r, uint32_t record);
bool reading_is_mended(const struct reading *r, uint32_t base);

void reading_name(const struct reading *r, size_t i, const struct record *rec,
		  struct name_form *form, struct arena *a);
/* customer_identity of its ID number; empty where it has none that is valid. */
struct str reading_identity(const struct record *rec, struct arena *a);
/* Surname that a blanked name showed; empty where there is none. */
struct str reading_surname(const struct reading *r, size_t i);
/* The ID number or mobile that failed, in capitals without spaces; empty: none that is worth a
 * look. */
struct str reading_failed(const struct reading *r, size_t i, enum field field);
/* fields: a bit for each match_field that is wanted. */
void reading_witness(const struct reading *r, size_t i, const struct record *rec,
		     unsigned fields, struct witness *w, struct arena *a);
uint64_t witness_hash(enum match_field field, struct str value);
uint64_t witness_mix(uint64_t h, uint64_t value);
/* By the resident number where there is one. */
int32_t record_birth_date(const struct record *rec);

/* The row of table_files that the record came from, or -1. */
ptrdiff_t reading_file(const struct reading *r, struct str record_id);
/* The file where its sender's own number stood: that of the row which a correction brought in. */
ptrdiff_t reading_key_file(const struct reading *r, struct str record_id);

#endif
