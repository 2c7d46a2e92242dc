/*
 * Workbooks stand for the CSV of their first fitting sheet: each sheet becomes UTF-8 CSV in
 * memory, with a line for every row as the sheet numbers them (blank ones too). Text cells
 * stay as they are; numbers are written in full, never with an exponent where they are
 * whole; dates as YYYY-MM-DD[ HH:MM:SS]; formulas give their last value.
 */
#ifndef YICE_WORKBOOK_H
#define YICE_WORKBOOK_H

#include "read_limits.h"
#include "mem.h"

enum workbook_kind {
	WORKBOOK_NONE, /* plain text */
	WORKBOOK_XLSX, /* a zip of XML (Office Open XML) */
	WORKBOOK_XLS, /* a compound file (BIFF), or an encrypted .xlsx */
	WORKBOOK_MARKUP /* an HTML table, or XML Spreadsheet 2003, named .xls */
};

/* By its first bytes, whatever it is called. */
enum workbook_kind workbook_kind(struct str bytes);

/* Takes the image of a sheet; true ends the reading. The image may be kept: swap the buf. */
struct sheet_taker {
	bool (*take)(struct sheet_taker *taker, struct str sheet, struct buf *image);
	bool since_1904; /* told before the first sheet: its serial numbers count from then */
	/* By column, n_days of them, where that is known by now: it holds days, and since 1904
	 * its plain numbers are written as such. */
	const bool *days;
	size_t n_days;
};

/* Shows the sheets in order. False with a sentence where the workbook cannot be read. */
bool workbook_read(enum workbook_kind kind, struct str bytes, const struct limits *limits,
		   struct sheet_taker *taker, struct arena *a, struct str *reason);

#endif
