/*
 * rules/codes.csv, messages.csv and fields.csv: what each code does (reject, blank, fix,
 * warn), whether a dealer may confirm it, its texts in Chinese and English, and what each
 * field is called before people. And the one way to write a line of a rejects table.
 */
#ifndef YICE_CODES_H
#define YICE_CODES_H

#include "map.h"
#include "record.h"
#include "table.h"

enum action { ACTION_REJECT, ACTION_BLANK, ACTION_FIX, ACTION_WARN };
enum lang { LANG_ZH, LANG_EN, LANG_COUNT };

struct code {
	struct str name; /* "NAME_MISSING" */
	enum action action;
	bool confirmable; /* 确认无误 settles it */
	bool acceptable; /* else a person at headquarters may say so */
	int weight; /* what a dealer should see first: smaller comes first */
	struct str title[LANG_COUNT]; /* short, for reports */
	struct str message[LANG_COUNT]; /* as written; code_message fills it in */
	struct str suggestion[LANG_COUNT];
	const struct codes *codes; /* the set that it belongs to */
};

struct codes {
	struct code *list; /* in the order of their names */
	size_t n;
	struct arena arena;
	struct code repaired; /* the texts of a `fix`, whatever its code; in messages.csv: * */
	struct str *labels[LANG_COUNT]; /* private, as is the map: fields.csv by line */
	struct map fields;
};

/* *c is not moved afterwards: its codes point at it. */
bool codes_load(struct codes *c, const char *rules_dir, struct fault *f);
/* The same, but what could be read stays there where it returns false too, so that mistakes
 * elsewhere can be told with it; to be released in any case. */
bool codes_read(struct codes *c, const char *rules_dir, struct fault *f);
const struct code *codes_find(const struct codes *c, struct str name); /* NULL: unknown */
struct str action_name(enum action action);
/* What a column of the tables is called before people ("mobile": 手机, mobile phone); the
 * name itself where fields.csv does not list it; for "" the row as a whole. */
struct str codes_label(const struct codes *c, struct str field, enum lang lang);
/* The column of such a label (in either language), the way back from a dealer's file; ""
 * where there is none. */
struct str codes_field(const struct codes *c, struct str label);
void codes_release(struct codes *c);

/* rules/ is right in codes.csv, messages.csv and fields.csv; for `yice rules check`. */
bool codes_check(const char *rules_dir, struct fault *f);

/* reject_id: the first 16 hex digits of SHA-256 over record_id, field and code, so the same
 * in every run for the same fault in the same source record. */
void reject_id_make(struct str record_id, struct str field, struct str code, char out[16]);
/* What that fault is by the record's name of now: an answer may name it by an id that was made
 * while the record had another name (received.h). */
struct str fault_key(struct str record_id, struct str field, struct str code, struct arena *a);

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

/*
 * The code's texts with {value}, {field} (its label), {header} (the label where the file had
 * none) and {detail} filled in. A part in square brackets is left out where a word inside it
 * has nothing to say. What must not show the value leaves value, detail and suggestion of
 * the reject empty: every sentence is whole without them.
 */
struct str reject_message(const struct reject *reject, enum lang lang, struct arena *a);
struct str reject_suggestion(const struct reject *reject, enum lang lang, struct arena *a);

/* The line of a row that is none, which an earlier run wrote: its action and texts as codes.csv
 * and messages.csv of today have them, in `lang`, with the detail that was told then. Where neither
 * language has such a message any more, without one. */
void reject_say_again(struct str *v, const struct codes *codes, enum lang lang, struct arena *a);

/* Adds its line to a rowset of any of the rejects tables, texts in `lang`. */
void reject_add(struct rowset *rejects, const struct reject *reject, enum lang lang,
		struct arena *scratch);

#endif
