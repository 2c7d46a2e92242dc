/*
 * schemas/SCHEMA.csv: how an export is read (grammar by example in schemas/README.md).
 * Loaded once, all mistakes told at once with file and line, read-only afterwards.
 */
#ifndef YICE_SCHEMA_H
#define YICE_SCHEMA_H

#include "digest.h"
#include "map.h"
#include "record.h"

enum { SCHEMA_MAX_FIELDS = 4, SCHEMA_MAX_PARTS = 9 };

/*
 * One line of the schema that names a header. Of several whole columns of one field the
 * first that says something counts (无 and - do not), in the order of the lines; pieces count where
 * none does.
 */
struct schema_column {
	/* The fields it feeds; of a schema of corrections these are numbers of enum
	 * correction_row_column. None: the header is known, its cells are not used. */
	enum field fields[SCHEMA_MAX_FIELDS];
	int parts[SCHEMA_MAX_FIELDS]; /* 0: the whole value; 1, 2 ...: piece of a joined one */
	size_t n_fields;
	const struct str *headers; /* the name, then its variants */
	const struct str *keys; /* the same as headers are compared */
	size_t n_headers;
};

struct schema_join { /* how the pieces of a field come together */
	enum field field;
	struct str between;
	bool keep; /* an empty piece keeps its place; else it is left out */
};

struct schema_constant { /* a field that every row of the schema has, such as kind=repair */
	enum field field;
	struct str value;
};

struct schema {
	struct str name; /* "dms_customer" */
	struct str path;
	struct str source; /* "dms": a line of rules/sources.csv */
	size_t source_line; /* where the schema says so */
	bool full; /* a row that is missing was withdrawn (else delta) */
	bool corrections; /* rows are corrections of rejects, not records */
	unsigned feeds; /* FEEDS(...) */
	enum field feeds_if[ENTITY_COUNT]; /* only rows where this is filled; F_COUNT: all that
					    * say something the table has a column for */
	enum field key; /* F_SOURCE_KEY, F_CONTACT_NO or F_COUNT: the sender's own key */
	const struct schema_column *columns;
	size_t n_columns;
	struct map known; /* header, as headers are compared -> index of its column */
	const struct schema_constant *constants;
	size_t n_constants;
	const struct schema_join *joins;
	size_t n_joins;
	bool required[F_COUNT]; /* without a column for it the file goes to quarantine */
	bool expected[F_COUNT]; /* a *_MISSING is told */
};

/* A header as headers are compared: full-width forms, case, white space and the star of a
 * mandatory field make no difference. */
struct str schema_header_key(struct str header, struct arena *a);

struct schemas {
	struct schema *list; /* by name */
	size_t n;
	struct arena arena;
	struct hash128 fingerprint; /* of all the files' bytes */
};

bool schemas_load(struct schemas *s, const char *dir, struct fault *f);
const struct schema *schemas_find(const struct schemas *s, struct str name);
void schemas_release(struct schemas *s);

/* SCHEMA_SENDER_YYYYMMDD[_PART].csv[.gz]|.xlsx|.xls taken apart. */
struct export_name {
	struct str name; /* as it lies in the inbox */
	struct str stem; /* without .csv[.gz], .xlsx, .xls: the front of record ids */
	const struct schema *schema;
	struct str sender; /* letters, digits and "-" only */
	struct str part;
	char observed_on[10];
};

/* The name without its ending, in whatever case that is; all of it where it has none. */
struct str export_stem(struct str file_name);
/* False with the reason, in a sentence for the ledger, where the name fits no schema; its
 * schema and sender are there all the same as far as they can be read. */
bool export_name_parse(struct export_name *e, const struct schemas *s, struct str file_name,
		       struct str *reason);
/* False with the reason where a new file may not have such a long name: its faulty rows go out, and
 * come back, as STEM_bad.csv, a few times over, and no file name may be longer than 255 bytes
 * (NAME_MAX), ".part" for what is not whole yet included. A state may hold longer ones. */
bool export_name_fits(const struct export_name *e, struct str *reason);

#endif
