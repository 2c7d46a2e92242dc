/*
 * Which of several values is true: survivorship by rules/source_priority.csv and the
 * judgement of changes by rules/change.csv (CONTRACT.md "Rules"; by example in
 * rules/README.md). After loading nothing here reads a file or a clock, and nothing depends
 * on the order in which records are given: every tie ends at the place of the record.
 */
#ifndef YICE_GOLDEN_H
#define YICE_GOLDEN_H

#include "models.h"
#include "record.h"

enum { GOLDEN_MAX_SOURCES = 32 };

enum change_policy { POLICY_FOLLOW, POLICY_CONFIRM, POLICY_FIXED };

struct golden_attribute { /* how one attribute of an entity is decided */
	bool newest; /* the newest record of any source */
	enum change_policy policy;
	/* By number of the source, the last for those that no rule knows; smaller is better.
	 * Steps of two: a correction stands one before the source of the record it mends. */
	uint8_t rank[GOLDEN_MAX_SOURCES + 1];
};

/* What is decided by witnesses: the columns of the entity's table, dealer_code too, but for
 * those that speak of the single record, and the VIN that a vehicle is known by. */
struct golden_attributes { /* in the order of their table */
	enum field list[F_COUNT];
	size_t n;
};

struct golden_rules {
	struct golden_attributes attributes[ENTITY_COUNT]; /* of customer and vehicle */
	struct str sources[GOLDEN_MAX_SOURCES]; /* rules/sources.csv, in its order */
	size_t n_sources;
	struct golden_attribute of[ENTITY_COUNT][F_COUNT];
	struct models models; /* under which names the same model goes */
	struct str *compared; /* by what the model of each of their lines is compared */
	struct arena arena;
};

/* All mistakes of the files at once, with file and line. */
bool golden_rules_load(struct golden_rules *rules, const char *rules_dir, struct fault *f);
void golden_rules_release(struct golden_rules *rules);
/* The mistakes of all but the models, for `yice rules check`. */
bool golden_rules_check(const char *rules_dir, struct fault *f);

/* Its number in ranks; the one for unknown sources where it is none of them. */
uint8_t golden_source_number(const struct golden_rules *rules, struct str source);
/* By what a model is compared: brand, series and model of rules/ref/models.csv, else as written. What
 * is written as a model of the list is called is that one, unless several are called so. */
struct str golden_model(const struct golden_rules *rules, struct str written);

/*
 * A correction stands just above the source that it mends, also over newer rows of that source: a
 * dealer who means a third value mends what he is asked about, or a better source says it (the
 * contract ranks corrections by source, not by day). That goes for the values which it mends. What
 * else comes in with a rejected row is the row's: of its day and rank, so that the next export wins.
 */
struct brought_in {
	int32_t day; /* of the row */
	struct field_set mended;
};

struct witness { /* what matters of a record that gives values; text lives as the record's does */
	size_t place; /* in the order of record ids */
	struct str record_id;
	struct str source; /* "correction" for one */
	struct str base; /* for a correction the source of the record it mends, else the same */
	struct str observed_on;
	struct str updated_at;
	int32_t day; /* observed_on */
	const struct brought_in *row; /* that came in by the correction; NULL: none */
	uint8_t source_no; /* of base in the rules */
	bool correction;
};

enum standing { /* what became of a value */
	STANDING_TRUE, /* it is the golden value */
	STANDING_OUTRANKED, /* another one is, by rank or date */
	STANDING_FORMER, /* it was true until a change was confirmed or decided */
	STANDING_HELD, /* it contradicts the golden value at equal rank: a person or a later record decides */
	STANDING_CONFLICTS, /* it contradicts a better or a fixed value: its sender should look */
};

struct observation { /* one value of one attribute that one record gives */
	struct str value;
	struct str compared; /* what it is compared by: the value, but for models */
	uint32_t witness;
	enum standing standing;
};

enum golden_rule { /* why a value is true, as lineage says it */
	GOLDEN_NONE, /* there is none */
	GOLDEN_FOLLOW, GOLDEN_CONFIRM, GOLDEN_FIXED, /* the policies */
	GOLDEN_NEWEST, /* the newest of any source */
	GOLDEN_DERIVED, /* from the resident ID number */
	GOLDEN_DECISION, /* a person accepted the change */
	GOLDEN_DEFAULT, /* no record says anything: consent is no */
	GOLDEN_KEY, /* what the entity is known by */
};

struct str golden_rule_name(enum golden_rule rule);

struct golden {
	enum golden_rule rule;
	struct str value;
	uint32_t witness; /* whose value it is; not for GOLDEN_DEFAULT */
	uint32_t candidates; /* different valid values */
};

struct observations {
	struct observation *list;
	size_t n, cap;
};

enum change_verdict { CHANGE_UNDECIDED, CHANGE_ACCEPTED, CHANGE_REFUSED };

/*
 * One customer or one vehicle under judgement. Zeroed at first; golden_case_start makes it
 * ready for the next one and keeps its memory. Values point to where the records keep theirs.
 */
struct golden_case {
	const struct golden_rules *rules;
	enum entity entity;
	struct str key; /* customer_id or VIN */
	struct witness *witnesses;
	size_t n, cap;
	struct observations of[F_COUNT];
	struct golden golden[F_COUNT]; /* filled by golden_case_judge */

	/* Is the one record the other sent again, word for word? NULL: never. */
	bool (*same_row)(void *context, size_t place, size_t other);
	/* What a person said of a value of equal rank. NULL: nothing. */
	enum change_verdict (*decided)(void *context, const struct golden_case *c,
				       enum field attribute, struct str value);
	/* The value that a person accepted for the attribute, or empty. NULL: none. */
	struct str (*accepted)(void *context, const struct golden_case *c, enum field attribute);
	void *context;

	/* private to judge.c */
	struct judge_scratch *scratch;
	char birth_date[10]; /* derived */
};

void golden_case_start(struct golden_case *c, const struct golden_rules *rules,
		       enum entity entity, struct str key);
/* Adds what the record says of the entity, and returns its witness; a record that does not
 * feed the entity's table (who brought a car to service) is counted and says nothing. `place`
 * is its place in the order of record ids; `base` the source of the record that a correction
 * mends. Records may come in any order. */
uint32_t golden_case_add(struct golden_case *c, const struct record *rec, size_t place,
			 struct str base);
/* The day on which that witness says it: of the record, or of the row that came in with it. */
int32_t golden_day(const struct golden_case *c, enum field attribute, uint32_t witness);
void golden_case_judge(struct golden_case *c);
void golden_case_release(struct golden_case *c);

/* The attribute that decides for the whole group: address for the parts of an address,
 * id_number for id_type, else the attribute itself. */
enum field golden_leader(enum entity entity, enum field attribute);

/* A resident's number, whose holder's gender and birth date it tells; the type may be missing. */
bool golden_is_resident(struct str id_type, struct str id_number);

/* Does witness a stand before b for that attribute: rank, newest day, newest updated_at,
 * smallest place? */
bool golden_before(const struct golden_case *c, enum field attribute, uint32_t a, uint32_t b);

#endif
