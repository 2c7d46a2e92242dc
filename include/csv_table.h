/*
 * Our own tables and rules: strict RFC 4180 in UTF-8, LF or CRLF, a header row, plain or
 * .gz. (Exports from outside are read by pipeline/extract, which forgives.)
 *
 * Reader: pull. Fields are good until the next call. After the loop ask csv_reader_close
 * for the fault (sticky). Fields are told apart by name through csv_reader_column.
 * Writer: quotes only where needed; LF.
 */
#ifndef YICE_CSV_TABLE_H
#define YICE_CSV_TABLE_H

#include "outfile.h"

struct csv_reader;

/* Whether there is PATH or PATH.gz. */
bool csv_table_exists(const char *path);
/* PATH, or PATH.gz where only that is there; "-" is standard input. NULL with a fault. */
struct csv_reader *csv_reader_open(const char *path, struct fault *f);
/* A stretch of the table PATH: its header row and whole rows of it, both with their line feeds,
 * which live until the reader is closed. Lines are counted from the stretch on. */
struct csv_reader *csv_reader_over(const char *path, struct str header, struct str rows, struct fault *f);
/* Index of the column of that name, or -1. */
int csv_reader_column(const struct csv_reader *r, struct str name);
size_t csv_reader_columns(const struct csv_reader *r);
struct str csv_reader_header(const struct csv_reader *r, size_t i);
/* The next row's fields: always as many as the header has (a row with another number of
 * fields is a fault: file, line, counts). False at the end or on a fault. */
bool csv_reader_next(struct csv_reader *r, const struct str **fields);
size_t csv_reader_line(const struct csv_reader *r); /* of the last row; the header is 1 */
const char *csv_reader_path(const struct csv_reader *r);
bool csv_reader_close(struct csv_reader *r, struct fault *f); /* frees r */

/* One field, quoted where it must be, onto b; csv_row adds commas and the LF. */
void csv_field(struct buf *b, struct str field);
/* The same at p, where CSV_ROOM(field.n) bytes must be free; returns the end. */
char *csv_put(char *p, struct str field);
#define CSV_ROOM(n) (2 * (n) + 2)
void csv_row(struct buf *b, const struct str *fields, size_t n);

#endif
