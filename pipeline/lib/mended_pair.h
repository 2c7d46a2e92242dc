/* Private to the mended rows: two rows of a file and of the one that was sent to mend it. */
#ifndef YICE_MENDED_PAIR_H
#define YICE_MENDED_PAIR_H

#include "record.h"
#include "table.h"

struct came { /* a value at fault, as it came */
	enum field field;
	struct str value;
};

struct mended_row { /* one row of a file of the chain */
	struct str id;
	struct record rec; /* cleaned; as it came where clean rejected it */
	const struct record *as_it_came; /* also known so; or NULL */
	bool cleaned;
	struct field_set loose; /* cells that were at fault, or may be mended with one that was */
	struct came *came;
	size_t n_came;
};

/* Values by which a row is looked for: whatever was wrong, one of them mostly stayed. */
extern const enum field mended_telling[];
enum { MENDED_TELLING = 6 };

/* Takes a line of rejects into account. */
void mended_fault(struct mended_row *row, struct str field, struct str code, struct str value, struct arena *a);
struct mended_likeness {
	uint32_t same; /* cells that are the same */
	uint32_t changed; /* that are not, though nothing was wrong with them */
	uint32_t like; /* how alike those are that were at fault */
	bool told; /* one of the same tells of a person or a car */
};

/* Of the cells that the older row has. */
struct mended_likeness mended_compare(const struct mended_row *old, const struct mended_row *newer, enum field key);
/* Of a row that clean told nothing of: what may be wrong with it only the whole shows (SHARED_ID). */
void mended_loosen_whole(struct mended_row *row);
/* The value as it stands in the row, cleaned or not. */
struct str mended_came(const struct mended_row *row, enum field field);

#endif
