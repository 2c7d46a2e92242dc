/*
 * Values that many share, and holders who share too much. A phone, address, e-mail or VIN
 * under more different names than its guard allows is evidence of nothing (a dealer typed its
 * own); where the rules name a code, each record concerned is told. Two holders of different
 * documents under one name with such a value in common are worth a look: one person may have
 * renewed a document.
 */
#ifndef RESOLVE_CROWD_H
#define RESOLVE_CROWD_H

#include "name_set.h"
#include "people.h"

struct crowd_told { /* a record that carries a shared value */
	uint32_t record;
	enum match_field field;
};

struct twin { /* one name and one value, two documents */
	uint32_t one, other; /* identities */
	uint32_t record, other_record; /* that show it */
	enum match_field field;
};

struct crowd {
	uint64_t *shared; /* open addressing, 0: empty */
	size_t n_shared, n_slots;
	struct crowd_told *told; /* by record */
	size_t n_told, cap_told;
	struct twin *twins;
	size_t n_twins, cap_twins;
};

struct crowd_part { /* what one part of a column shows; zeroed by whoever has it */
	uint64_t *shared;
	size_t n_shared, cap_shared;
	struct crowd_told *told;
	size_t n_told, cap_told;
	struct twin *twins;
	size_t n_twins, cap_twins;
	struct name_set names;
};

/* Judges the records that have one value of a guarded field in common. True where that value
 * is evidence; then twins are looked for, where it would link by itself. */
bool crowd_judge(const struct people *p, enum match_field field, const struct pair *group,
		 size_t n, struct crowd_part *part, struct arena *a);
/* Takes over what a part found; parts come in their order. */
void crowd_join(struct crowd *c, struct crowd_part *part);
/* When all columns have been judged. */
void crowd_sort(struct crowd *c);
bool crowd_shares(const struct crowd *c, uint64_t value);
void crowd_close(struct crowd *c);

#endif
