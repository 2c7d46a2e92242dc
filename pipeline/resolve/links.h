/*
 * From evidence to links. A loose record goes to the customer that its evidence fits, where
 * it fits one clearly best; evidence that fits two is left to a person. What has found its
 * place is evidence for the next round, so a record may follow another one home. Each round
 * looks at the state that the round before left, and so the order of records is nothing to it.
 *
 * What remains is pending: records that belong together without anybody's ID number.
 */
#ifndef RESOLVE_LINKS_H
#define RESOLVE_LINKS_H

#include "web.h"

enum { NO_EVIDENCE = 0xFF, LINK_REASONS = 3 };

struct link { /* where a loose record is, and why */
	uint32_t target; /* identity, LOOSE | the loose record that stands for a pending one, NOBODY */
	float score;
	uint8_t evidence[LINK_REASONS]; /* the strongest first; NO_EVIDENCE ends it */
	uint8_t grade[LINK_REASONS]; /* how the names compared in each */
};

enum { MAX_CANDIDATES = 16 };
enum targets { TARGETS_IDENTITIES, TARGETS_PENDING };

struct candidate {
	uint32_t target;
	double score;
	bool exact; /* under the same name in one of its evidences at least */
	uint8_t evidence[LINK_REASONS], grade[LINK_REASONS];
};

struct candidates {
	struct candidate list[MAX_CANDIDATES]; /* the surest first, exact names before others */
	size_t n;
	bool crowded; /* there were more than can be weighed */
};

enum doubt {
	DOUBT_NONE,
	DOUBT_WEAK, /* one customer fits, not surely enough */
	DOUBT_SEVERAL, /* several do, none clearly best */
};

struct bar { /* a person's word: this loose record is not that customer */
	uint32_t loose, identity;
};

struct links {
	const struct web *web;
	struct link *of; /* each loose record's */
	uint8_t *doubt;
	uint32_t *parent; /* of each loose record among the pending, itself at the root */
	const struct bar *bars; /* by loose record, then identity */
	size_t n_bars;
	const uint32_t *apart; /* of each loose record: 0, or the group that joins nobody else; NULL: none */
	uint32_t *exploded; /* roots of pending customers that grew too large */
	size_t n_exploded, cap_exploded;
};

void links_open(struct links *l, const struct web *web, const struct bar *bars, size_t n_bars,
		const uint32_t *apart);
void links_attach(struct links *l); /* rounds over those with an ID number */
void links_join_pending(struct links *l); /* then the rest among themselves */
void links_close(struct links *l);

void link_keep_reasons(struct link *link, const struct candidate *c);
/* "vin_name+mobile_near_name" */
struct str link_method(const struct link *link, const struct matching *m, struct arena *a);

/* What speaks for each identity, or each pending customer but its own, that a loose record
 * has something in common with. */
void links_weigh(const struct links *l, uint32_t loose, enum targets kind, struct candidates *c);
uint32_t links_root(const struct links *l, uint32_t loose);
/* What holds a pending record to the others of its customer; nothing where it is alone. */
void links_explain(const struct links *l, uint32_t loose, struct link *link);

#endif
