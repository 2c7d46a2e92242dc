/*
 * One export from outside, as a person or a DMS made it: CSV in any of the encodings and
 * habits of CONTRACT.md, or a workbook. Opened (encoding decided over the whole file, header
 * found and mapped to the schema), then read row by row in order; turning a row into a
 * record may be done by several threads at once.
 */
#ifndef YICE_EXPORT_H
#define YICE_EXPORT_H

#include "read_limits.h"
#include "reference.h"
#include "schema.h"

struct export;

struct raw_row {
	uint32_t row; /* as a spreadsheet shows it; the header is usually 1 */
	uint64_t offset; /* of its first byte in the (inflated) file */
	struct str bytes; /* as they came, line end included */
	const char *code; /* NULL, or the ROW_* code found while splitting */
	struct str detail; /* of that code */
};

/* NULL with a sentence for the ledger in *reason (kept in `a`) when the file cannot be read
 * at all, is empty, has no header that fits, or lacks a required column (named). Of several
 * columns of one field those are passed over that hold a word for nothing of the reference
 * (NULL: only blank ones); it stays until the export is closed. */
struct export *export_open(const char *path, const struct export_name *name,
			   const struct limits *limits, const struct reference *reference,
			   struct arena *a, struct str *reason);
/* The same from what the state kept: the header row's original bytes, and the rows given
 * one by one to export_record. */
struct export *export_reopen(const struct export_name *name, struct str header,
			     struct str encoding, char delimiter,
			     const struct reference *reference, struct arena *a,
			     struct str *reason);
/* The next data row; blank lines, title lines and the header are passed over but counted.
 * A stretch that cannot be split (a bad quote) comes back as one row with its code, and the
 * reading goes on at the next row that fits. */
bool export_next(struct export *e, struct raw_row *row);
/* Decodes and maps one row; values as they came, decoded, ASCII white space at the ends
 * kept. record_id, source, observed_on and dealer_code (else the sender, unless hq) are
 * filled. False with a ROW_* code and detail when it is no row. Thread-safe; values live
 * in the arena or the file. */
bool export_record(const struct export *e, const struct raw_row *row, struct record *rec,
		   const char **code, struct str *detail, struct arena *a);
/* A row of a correction file: the columns of table_correction_rows, by correction_row_column. */
bool export_correction(const struct export *e, const struct raw_row *row, struct str *values,
		       const char **code, struct str *detail, struct arena *a);
/* To be called for each record, in order: gathers what only the whole column shows. */
void export_observe(struct export *e, const struct record *rec);

/* "UTF-8", "UTF-8-BOM", "GB18030", "UTF-16LE", "UTF-16BE"; of workbooks, whose rows are
 * UTF-8 CSV, "XLSX", "XLS" or "HTML". */
struct str export_encoding(const struct export *e);
struct str export_delimiter(const struct export *e); /* ",", "\t", ";" or "|" */
/* Its original bytes, line end included, the BOM of the file in front. */
struct str export_header(const struct export *e);
/* The header as it came over the column of that field; "" where there is none. */
struct str export_field_header(const struct export *e, enum field field);
struct str export_unknown_headers(const struct export *e, struct arena *a); /* joined by ";" */
/* What the whole showed, joined by ";": "id_number:spreadsheet" (the column went through a
 * spreadsheet), "city:postcode" (values of city look like postcode) ... */
struct str export_findings(const struct export *e, struct arena *a);
/* Whether the file stayed what it was while it was read; to be asked after the last row. */
bool export_intact(const struct export *e);
void export_close(struct export *e); /* NULL is fine */

#endif
