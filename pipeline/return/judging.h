/* The judgement while it goes on, for the files that it is made by. */
#ifndef YICE_RETURN_JUDGING_H
#define YICE_RETURN_JUDGING_H

#include "judge.h"

struct fault_link { /* beside each entry of the list */
	size_t version;
	size_t next; /* the next fault of the same record + 1 */
	bool answered; /* so it was sent, whatever the state knows */
};

struct judge {
	struct returns *rt;
	struct desk *desk;
	const struct answers *answers;
	struct fault_link *links;
	size_t cap, cap_links, n_links;
	struct map by_id; /* reject_id -> index in the list */
	struct map by_record; /* record_id -> index of its version */
	struct version *versions;
	size_t n_versions, cap_versions;
	size_t *first; /* for each version its first fault + 1 */
	size_t cap_first, n_first;
	struct map unreadable; /* stems with rows that could not be read */
	struct map held_kinds; /* of faults with such answers */
	struct map holds; /* answers that hold for newer rows, too: see held_name */
};

/* A column of the line that tells of it; "" where nobody tells it any more. */
struct str judge_told_value(const struct returned *t, int column);

/* Answers that hold for newer rows of the same key, too (judge_holds.c): first all are found,
 * then each fault asks for its own (NULL: there is none). */
void judge_find_holds(struct judge *j);
const struct str *judge_held_answer(struct judge *j, const struct returned *t);

#endif
