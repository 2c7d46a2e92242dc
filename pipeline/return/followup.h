/*
 * Follow-up lists: customers whom somebody at the dealer should see to (a complaint without
 * an answer, a call that is due, a birthday). Each list is a SELECT of rules/followup.csv over
 * the run's tables (include/analysis.h); here is only how its rows become a dealer's file:
 * whom a dealer may be shown, by what it knows the customer, and the order.
 */
#ifndef YICE_RETURN_FOLLOWUP_H
#define YICE_RETURN_FOLLOWUP_H

#include "desk.h"

enum { FOLLOWUP_MOST = 64, FOLLOWUP_OWN = 4 };

struct followup_rule {
	struct str name;
	bool consent; /* a list for calling: only of customers who agreed to be called */
	/* Where the dealer's own record gives `basis` in none of these, the day is another
	 * source's knowledge, and the dealer learns the month. */
	enum field own[FOLLOWUP_OWN];
	size_t n_own;
	uint64_t least; /* fewer lines of a dealer are a warning; 0: none */
	struct str title[LANG_COUNT];
	struct str text[LANG_COUNT]; /* {column} of the SELECT */
	struct str sql;
	size_t line; /* of the file */
};

struct followup_rules {
	struct followup_rule list[FOLLOWUP_MOST];
	size_t n;
	const char *path;
	struct arena arena;
};

/* Reads the file and asks each SELECT of empty tables: its mistakes are told with file and
 * line. (followup_rules.c) */
bool followup_rules_load(struct followup_rules *fr, const char *rules_dir, struct fault *f);
void followup_rules_release(struct followup_rules *fr);

struct followup { /* a line of a dealer's file */
	struct str dealer; /* the folder */
	size_t rule;
	struct str customer_id, name, mobile; /* golden values: headquarters sees them */
	struct str due, vin, record_id, basis, text;
	struct str known; /* "1": `due` goes by what the dealer itself recorded; "0": not; "": not asked */
};

struct followups {
	struct followup *list; /* in the order of dealer, rule, due, customer */
	size_t n;
	struct arena arenas[FOLLOWUP_MOST]; /* the texts of each rule's */
};

/* What the rules find in this run. */
bool followups_find(struct followups *fs, const struct followup_rules *rules, struct desk *d,
		    struct fault *f);
void followups_release(struct followups *fs);

/* The table `consultant` of followup.sql, from the dealers' own records: their rows of customers in
 * several hands, which may be gathered beside other work, then those of them that stand, into an
 * initialised rowset. (consultants.c) */
extern const struct table_def table_consultant;
struct consultants {
	const struct rowset *people[2]; /* asked: customer and pending */
	const uint32_t *person_of; /* asked: run_person_lines */
	uint32_t *of_person; /* the hands that hold him */
	struct held {
		uint32_t person, hands;
		const struct origin *from;
		struct str record_id;
		struct str last_on; /* the newest export with that row */
	} *rows;
	size_t n, cap;
	struct map hands; /* dealer, US, consultant or nobody */
	struct buf key;
	struct arena arena;
};
void consultants_gather(struct consultants *c, const struct desk *d);
void consultants_find(struct rowset *rs, struct consultants *c, struct desk *d);
void consultants_release(struct consultants *c);

#endif
