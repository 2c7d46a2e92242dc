/*
 * Private to clean: one line of rules/cleansing.csv made ready to run, and one record under
 * the steps. cleansing.csv becomes a flat array of steps in the order of its lines; a record
 * goes through them once.
 */
#ifndef YICE_STEP_H
#define YICE_STEP_H

#include "cleaner.h"
#include "free_text.h"
#include "id_number.h"
#include "models.h"
#include "person_name.h"
#include "reference.h"
#include "regex.h"
#include "rules.h"
#include "verdict.h"
#include "words.h"

enum { STEP_FIELDS = 12 };

struct step;

struct told { /* a fault of the record, not yet written */
	enum field field; /* F_COUNT: of the row as a whole */
	const struct code *code;
	enum action action;
	struct str detail, suggestion, corrected;
};

struct row { /* one record under the steps */
	const struct cleaner *cleaner;
	const struct clean_context *context;
	struct record *rec; /* cleaned so far */
	const struct str *raw; /* [F_COUNT], as they came */
	struct arena *a;
	int32_t today; /* day number of observed_on; 0: unknown */
	struct { /* what the ID number tells; type is ID_TYPE_NONE until it has passed */
		enum id_type type;
		char gender;
		char birth_date[10]; /* [0] == 0: nothing */
	} id;
	enum name_party party; /* what the name shows */
	uint64_t failed[2]; /* bit of a field: it had a value that failed */
	bool asked_usable, usable; /* some table was asked; some table can use the row */
	uint64_t keys[2]; /* bit of a field: a value there would have made it usable */
	struct told *told;
	size_t n_told, cap_told;
	size_t tellings; /* how often anything was told, also of what was told before */
	struct clean_memo *memo; /* or NULL */
};

/* A check or a repair that a line of cleansing.csv can name. */
struct check {
	const char *name;
	const char *arguments; /* as told to people; NULL: takes none */
	const char *sentence[LANG_COUNT];
	void (*run)(struct row *row, const struct step *step);
	/* Understands the arguments; NULL in *mistake, or what is wrong with them. */
	void (*prepare)(struct step *step, struct str arguments, struct arena *a,
			const char **mistake);
	bool on_empty; /* also where the field has no value */
	bool needs_code;
	bool whole_row; /* of a row, not of a field */
	bool alone; /* looks at nothing but the value, the day and its arguments, and changes only
		     * the value: where it has nothing to tell, its result can be remembered */
	bool by_field; /* the field is one of its arguments */
};

extern const struct check checks[]; /* checks.c; ends with a NULL name */

enum condition_kind { WHEN_PERSON, WHEN_COMPANY, WHEN_SOURCE, WHEN_SCHEMA, WHEN_VALUE };

struct condition {
	enum condition_kind kind;
	bool negated;
	enum field field; /* of a value */
	struct str values; /* of source, schema and field: one or several, joined by "|" */
};

struct step {
	void (*run)(struct row *row, const struct step *step);
	enum field field; /* F_COUNT: of the row */
	unsigned feeds; /* for records that have a row in one of these tables */
	bool on_empty;
	bool has_action;
	enum action action; /* instead of the code's own */
	const struct condition *when;
	size_t n_when;
	/* arguments, each used by the checks that know them */
	enum field fields[STEP_FIELDS];
	size_t n_fields;
	bool past, birth, negative, whole, aside, prose;
	struct str keep; /* words for nothing that are meant here, joined by "|" */
	double max;
	size_t count; /* of numbers; 0: any */
	struct regex *pattern;
	/* for people */
	const struct code *code; /* of checks that can tell any fault */
	const struct check *check;
	size_t line;
};

/* The steps again, for the records that feed the same tables, and only what the loop over
 * them looks at for each field, filled or not: it stays in the first cache. */
struct op {
	const struct step *step;
	uint16_t field;
	uint16_t if_empty; /* index of the op to go on with where the field is empty */
	uint16_t group; /* here a series of checks `alone` begins, known by that number; 0: none */
	uint16_t group_end; /* index of the op behind it */
	bool on_empty;
};

struct plan {
	struct op *ops;
	size_t n;
};

/* The codes that C tells itself; that they exist is settled when the rules are read. */
struct known_codes {
	const struct code *of_reason[REASON_COUNT];
	const struct code *row_empty, *value_unknown, *date_order, *gender_mismatch,
		*birthdate_mismatch, *dealer_unknown;
};

struct known_dealers {
	struct map by_code, by_tax_no; /* value: line */
	struct str *codes; /* by line */
};

struct step_group { /* a series of checks of one field */
	const struct op *ops;
	size_t n;
};

struct cleaner {
	struct step_group *groups; /* by number, from 1 */
	size_t n_groups, cap_groups;
	struct step *steps;
	size_t n_steps;
	struct plan plans[1 << ENTITY_COUNT]; /* by the tables that a record feeds */
	struct reference *ref;
	const struct codes *codes;
	struct known_codes known;
	struct words words;
	struct keywords keywords;
	struct models models;
	struct known_dealers dealers;
	struct arena arena;
};

/* compile.c: cleansing.csv into steps. */
bool steps_load(struct cleaner *c, const char *rules_dir, struct fault *f);
void steps_release(struct cleaner *c);

/* known_dealers.c */
bool known_dealers_load(struct known_dealers *d, const char *rules_dir, struct arena *a, struct fault *f);
void known_dealers_release(struct known_dealers *d);

/* cleaner.c: one step after the other; `row` as cleaner_record sets it up. */
void row_start(struct row *row, const struct cleaner *c, const struct clean_context *context,
	       struct record *rec, const struct str *raw, struct arena *a);
bool conditions_hold(const struct step *step, const struct row *row);

/* row.c: what checks do to a row. */
static inline bool has_field(const uint64_t set[2], enum field field)
{
	return set[field / 64] >> (field % 64) & 1;
}
static inline void add_field(uint64_t set[2], enum field field)
{
	set[field / 64] |= 1ull << (field % 64);
}
static inline bool action_drops(enum action action)
{
	return action == ACTION_REJECT || action == ACTION_BLANK;
}
/* Whether a value that follows from others may be put there: only where the export has no
 * such column. Where it has, an empty cell may be one that was blanked, and cleaning what is
 * clean must not fill it. */
bool row_may_fill(const struct row *row, enum field field);
/* The value is not used. */
void row_blank(struct row *row, enum field field);
/* Tells a fault of that action; a value that is blanked or rejected by it is gone. The same
 * fault of the same cell is told once. */
void row_tell(struct row *row, const struct told *fault);
/* A fault of the step's field in the step's action, else the code's own. */
void row_fault(struct row *row, const struct step *step, enum field field, const struct code *code,
	       struct str detail, struct str suggestion);
/* No table can use the row: what is wrong with the values that would have said who or which
 * car rejects it. */
void row_reject(struct row *row);
/* Takes the verdict's value over, or blanks it, and tells its findings. */
void row_judge(struct row *row, const struct step *step, enum field field, const struct verdict *v);
static inline void row_take(struct row *row, const struct step *step, const struct verdict *v)
{
	if (v->n)
		row_judge(row, step, step->field, v);
	else
		row->rec->v[step->field] = v->value;
}

#endif
