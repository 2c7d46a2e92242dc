/* Private to the room: what its files share of the judgement. */
#ifndef YICE_GOLDEN_JUDGE_H
#define YICE_GOLDEN_JUDGE_H

#include "golden.h"

/* The observation gives the golden value; those of other values stand as `others`. */
void judge_set(struct golden_case *c, enum field attribute, enum golden_rule rule,
	       const struct observation *o, enum standing others);
/* How many different values there are. */
uint32_t judge_distinct(struct golden_case *c, const struct observations *of);

/* judge_groups.c, once address and ID number are decided. */
void judge_address(struct golden_case *c);
void judge_id_type(struct golden_case *c);
void judge_derived(struct golden_case *c);

void judge_release(struct golden_case *c);

#endif
