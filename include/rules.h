/*
 * Rule files: the small tables in rules/ that an analyst edits, by hand or in a spreadsheet.
 * They are read with patience (BOM, CRLF, blank lines, lines that begin with "#", empty
 * cells past the header) and judged without: every mistake of every file is told, with file
 * and line, before the first row of data is read.
 *
 *	static const struct rule_column columns[] = {
 *		{ "attribute", RULE_FILLED }, { "policy", RULE_FILLED }, { NULL, 0 },
 *	};
 *	struct rules r;
 *	bool ok = rules_read(&r, dir, "change.csv", columns, arena, f);
 *
 *	for (size_t i = 0; i < r.n; i++)
 *		if (field_find(r.rows[i].v[0]) == F_COUNT)
 *			ok = rules_mistake(&r, r.rows[i].line, f, "there is no attribute \"%.*s\"",
 *					   STR_FMT(r.rows[i].v[0]));
 */
#ifndef YICE_RULES_H
#define YICE_RULES_H

#include "fault.h"
#include "mem.h"

struct table_def;

enum rule_column_need {
	RULE_FREE, /* may be empty, but the column stands in the header */
	RULE_FILLED, /* every row has a value there */
	RULE_MAY_LACK, /* the header need not have it; then it is empty everywhere */
};

struct rule_column {
	const char *name;
	enum rule_column_need need;
};

struct rule_row {
	size_t line; /* of its first character in the file, from 1 */
	const struct str *v; /* as many as the columns asked for, in their order, trimmed */
};

struct rules {
	const char *path; /* DIR/NAME, as told in mistakes */
	struct rule_row *rows; /* only those without a mistake of form */
	size_t n;
};

/* Reads DIR/NAME. False where there was a mistake; the rows that are well formed are there
 * all the same, so that the caller can go on and tell the mistakes in them too. All of it
 * lives in the arena. */
bool rules_read(struct rules *r, const char *dir, const char *name,
		const struct rule_column *columns, struct arena *a, struct fault *f);

/* Adds "PATH:LINE: sentence." (line 0: the file as a whole). Always false. */
bool rules_mistake(const struct rules *r, size_t line, struct fault *f, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* Index of a value among `choices` (ends with NULL); -1 with a mistake that names them all. */
int rules_choice(const struct rules *r, const struct rule_row *row, const char *what,
		 struct str value, const char *const *choices, struct fault *f);
/* Tells every row whose first `n_key` values stand in an earlier row. */
bool rules_once(const struct rules *r, size_t n_key, struct fault *f);
/* "there is no WHAT "VALUE"", with the nearest of `words` where one is near. Always false. */
bool rules_unknown(const struct rules *r, size_t line, struct fault *f, const char *what,
		   struct str value, const struct str *words, size_t n);
bool rules_unknown_field(const struct rules *r, size_t line, struct fault *f, struct str value);
/* The same for a column of one of the tables. */
bool rules_unknown_column(const struct rules *r, size_t line, struct fault *f, struct str value,
			  const struct table_def *const *tables, size_t n);
/* A whole number from min to max, else a mistake. */
bool rules_number(const struct rules *r, const struct rule_row *row, const char *what,
		  struct str value, uint64_t min, uint64_t max, uint64_t *number,
		  struct fault *f);

/* The candidate that differs least from `word` (in characters changed, dropped, put in or
 * swapped with the next one, at most half of them); NULL where none is near. The first one wins a tie. */
const struct str *nearest_word(struct str word, const struct str *candidates, size_t n);

/*
 * The rule files that `yice rules check` looks at, in the order of their telling. A room that
 * reads one adds its line to pipeline/rules/rule_files.c: the check loads the file as a run
 * would, and throws the result away.
 */
struct rule_file {
	const char *name; /* "change.csv", "ref/" */
	bool (*check)(const char *rules_dir, struct fault *f);
};

extern const struct rule_file rule_files[]; /* ends with a NULL name */

struct schemas;

/* Names that one file takes from another: what `when` of cleansing.csv, matching.csv, report.csv,
 * marts.csv, ownership.csv, alerts.csv and the schemas name must stand in sources.csv, codes.csv,
 * words.csv, standard.csv or among the schemas (NULL: not at hand, so schemas are not asked about). */
bool rules_cross_check(const char *rules_dir, const struct schemas *schemas, struct fault *f);

#endif
