/* What dealers sent back (table_corrections): the last word on each fault. */
#ifndef YICE_RETURN_ANSWERS_H
#define YICE_RETURN_ANSWERS_H

#include "desk.h"
#include "returns.h"

struct answer { /* to one fault; NULL where there was none */
	const struct str *decided; /* row of the last that was applied, confirmed or still wrong */
	const struct str *review; /* row of the last that only headquarters may decide */
};

struct answers {
	struct str (*rows)[COR_COLUMNS]; /* in the order of date and record id; so are pointers to them */
	size_t n;
	struct map decided, review; /* reject_id, and fault_key -> row */
	struct map by_record; /* record id of the correction -> row */
	struct map by_base; /* base record -> row + 1 of the last that answers a fault of it */
	size_t *before; /* row + 1 of the one before it of the same base */
	struct map newest; /* sender -> last row */
	size_t *before_by_sender; /* row + 1 of the one before it of the same sender */
	struct map mended; /* record id, US, field -> row of the last that was applied */
	struct arena arena;
};

bool answers_open(struct answers *as, struct desk *d, struct fault *f);
void answers_close(struct answers *as);

struct answer answers_find(const struct answers *as, const struct returned *t);
/* The correction that mended that field of that record, under whatever reject; or NULL. */
const struct str *answers_mended(const struct answers *as, struct str record_id, struct str field);
/* The corrections of a sender, the last first: that before `row`, the very last for NULL; NULL at
 * the end. */
const struct str *answers_of_sender(const struct answers *as, struct str sender, const struct str *row);
/* The correction of that record id, or NULL. */
const struct str *answers_row(const struct answers *as, struct str record_id);
bool answer_is(const struct str *row, const char *status);

/* That correction came before the dealer's newest ones: what could not be used of it has had
 * its answer. */
bool answers_is_past(const struct answers *as, const struct desk *d, struct str record_id);

/* Adds a line to `rejects` for each correction file of this run that could not be read. */
bool answers_tell(struct desk *d, struct rowset *rejects, struct fault *f);

#endif
