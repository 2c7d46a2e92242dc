/*
 * CSV that a person will open in a spreadsheet: UTF-8 with BOM (else Chinese Excel reads it
 * as GBK), CRLF, and no cell that the spreadsheet would run: one that begins with = + - @,
 * their full-width forms, TAB, CR or LF, also after blanks, quotes and what nobody sees, gets an
 * apostrophe before it (CWE-1236; the reader of corrections takes it off again). ID numbers stay
 * as they are, for programs: only a workbook keeps a spreadsheet from making numbers of them.
 */
#ifndef YICE_PEOPLE_CSV_H
#define YICE_PEOPLE_CSV_H

#include "buf.h"

bool people_cell_runs(struct str cell); /* a spreadsheet might take it for a formula */
void people_csv_begin(struct buf *b); /* the BOM */
void people_csv_row(struct buf *b, const struct str *cells, size_t n);

#endif
