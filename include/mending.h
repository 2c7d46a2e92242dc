/*
 * Corrections that apply, laid over the records that they mend. A correction record carries
 * one corrected field (and what belongs together with it); of two that carry one field the
 * one of the later day counts, on one day that of the smaller record id, as survivorship has it.
 * Where the mended row was rejected, the record also carries the rest of that row, which is no
 * correction: survivorship takes it for what the row says, on the row's day and by its rank.
 *
 * A correction speaks of a value, not of a row: what the same sender's rows of the same key say
 * in that field is mended with it while they say the same (a row that changed elsewhere). Of a
 * car's values only where the rows name the same car, since a key may have several.
 * A row that was mended and sent again (mended_rows.h) is no observation any more; what was corrected
 * in it and is still missing in the newer row is mended there, too.
 * Opened once, then read by any number of threads.
 */
#ifndef YICE_MENDING_H
#define YICE_MENDING_H

#include "mended_rows.h"
#include "record.h"
#include "schema.h"
#include "table.h"

enum { MENDS_NOTHING = UINT32_MAX };

struct mending { /* an applied correction; records by their number in the order of record ids */
	uint32_t base; /* the record that it mends; MENDS_NOTHING: it brought in a rejected row */
	uint32_t correction; /* the record that carries the value */
	enum field field;
	struct field_set mended; /* what the answers of its file mend in that record, with its group */
	struct str base_id, base_source; /* of the record that it mends */
	int32_t day;
	bool carried; /* it was to mend another row of the base's key */
};

/* A record that was mended and sent again, or what a correction brought in of such a row. Of a rejected
 * row that a correction brought in also where a later answer speaks of another person or car: a later
 * correction, or the row that was sent to mend it under its key. */
struct replaced {
	uint32_t record, newest;
};

struct mendings {
	const struct records *records;
	struct mending *list; /* by base, then in the order in which they are laid over it */
	size_t n, n_own; /* n_own: of those not carried */
	uint32_t *by_correction; /* indexes of list, of those not carried */
	struct replaced *replaced; /* by record */
	size_t n_replaced;
};

/* Of table_corrections; both are borrowed for as long as the mendings live. */
void mendings_open(struct mendings *m, const struct records *records,
		   const struct rowset *corrections);
void mendings_close(struct mendings *m);

/* Lays each correction over the other rows of its base's key, too, that hold the value which it
 * mended. Without it, corrections mend their bases alone. */
void mendings_carry(struct mendings *m, const struct rowset *files, const struct schemas *schemas);

/* The newest row stands for those that it replaced. To be called last. */
void mendings_follow(struct mendings *m, const struct mended_rows *mended);
/* The record that stands for this one: mostly itself. */
uint32_t mendings_newest(const struct mendings *m, uint32_t record);
/* The record that stands for the one of that name; -1 where no record has it. */
ptrdiff_t mendings_find_newest(const struct mendings *m, struct str record_id);

/* To be called after the list has changed. */
void mendings_index(struct mendings *m);

/* Those of one record, side by side, in the order in which they are laid over it. */
const struct mending *mendings_of(const struct mendings *m, size_t base, size_t *n);
/* With the record that it was to mend; NULL where that record is no applied correction. */
const struct mending *mendings_by(const struct mendings *m, size_t correction);
/* The record as it stands after its corrections. */
void mendings_record(const struct mendings *m, size_t i, struct record *rec, struct arena *a);

#endif
