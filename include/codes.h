/*
 * rules/codes.csv and rules/messages.csv: what each code does (reject, blank, fix, warn),
 * whether a dealer may confirm it, and its texts in Chinese and English. And the one way to
 * write a line of a rejects table.
 */
#ifndef YICE_CODES_H
#define YICE_CODES_H

#include "record.h"
#include "table.h"

enum action { ACTION_REJECT, ACTION_BLANK, ACTION_FIX, ACTION_WARN };
enum lang { LANG_ZH, LANG_EN, LANG_COUNT };

struct code {
	struct str name; /* "NAME_MISSING" */
	enum action action;
	bool confirmable; /* 确认无误 settles it */
	int weight; /* what a dealer should see first: smaller comes first */
	struct str title[LANG_COUNT]; /* short, for reports */
	struct str message[LANG_COUNT]; /* {value} {field} {header} {detail} are filled in */
	struct str suggestion[LANG_COUNT];
};

struct codes {
	struct code *list;
	size_t n;
	struct arena arena;
};

bool codes_load(struct codes *c, const char *rules_dir, struct fault *f);
const struct code *codes_find(const struct codes *c, struct str name); /* NULL: unknown */
struct str action_name(enum action action);
void codes_release(struct codes *c);

/* reject_id: the first 16 hex digits of SHA-256 over record_id, field and code, so the same
 * in every run for the same fault in the same source record. */
void reject_id_make(struct str record_id, struct str field, struct str code, char out[16]);

struct reject { /* one fault; empty strings where there is nothing to say */
	const struct code *code;
	enum action action; /* usually code->action; a rule may say otherwise */
	struct str record_id, source, dealer_code;
	struct str file; /* name of the input file */
	struct str field; /* in the words of the tables; "" for the row as a whole */
	struct str header; /* as it stood in the file */
	struct str value; /* as it came, decoded */
	struct str detail; /* for {detail} of the texts: what exactly is wrong, no other source's value */
	struct str suggestion; /* replaces the code's own where given */
	struct str corrected_value; /* what a fix made of it */
};

/* Adds its line to a rowset of any of the rejects tables, texts in `lang`. */
void reject_add(struct rowset *rejects, const struct reject *reject, enum lang lang,
		struct arena *scratch);

#endif
