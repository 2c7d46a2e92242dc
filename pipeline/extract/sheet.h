/*
 * The CSV image of one sheet, built cell by cell: line n of it is row n of the sheet, so
 * gaps become blank lines, and each row is as wide as the widest before it (a sheet has no
 * ragged rows, only cells that nobody filled).
 */
#ifndef YICE_SHEET_H
#define YICE_SHEET_H

#include "buf.h"

struct sheet {
	struct buf image;
	struct buf line; /* of the row at hand */
	struct buf number; /* at hand */
	uint64_t max_bytes, max_rows;
	uint32_t max_columns;
	bool since_1904; /* the day that serial numbers count from */
	const bool *days; /* by column, n_days of them: its numbers are days */
	size_t n_days;
	uint32_t row; /* at hand, from 1 */
	uint32_t column; /* the next one, from 0 */
	uint32_t width;
	bool filled; /* some cell of the row is */
	bool full; /* a limit was passed; what follows is dropped */
};

void sheet_begin(struct sheet *s); /* keeps its limits, and what it knows of numbers */
/* Row `number`, or the one below where it is 0 or not further down. */
void sheet_row(struct sheet *s, uint32_t number);
/* Column from 0 on; one that lies behind is put in the next place. */
void sheet_cell(struct sheet *s, uint32_t column, struct str value);
void sheet_end(struct sheet *s);
void sheet_release(struct sheet *s);

enum { DAYS_TO_1904 = 1462 }; /* between the two days that serial numbers count from */

/* What the number format of a cell makes of its number. */
enum number_style {
	NUMBER_PLAIN, NUMBER_DATE, NUMBER_TIME, NUMBER_DATETIME, NUMBER_PERCENT,
	NUMBER_ZEROS /* 000000: as many digits as there are zeros */
};

struct number_format {
	enum number_style style;
	unsigned zeros;
};

/* The format codes of ECMA-376 part 1, 18.8.30 and .31: "yyyy\-mm\-dd", "[$-804]0.00%". */
struct number_format number_format_parse(struct str code);
struct number_format number_format_builtin(unsigned id);

/* The number in full, 15 digits as spreadsheets keep them: 110101199003078000, 0.3. */
void number_text(double value, struct buf *b);
/* In its format; a serial number of no day stays a number. */
void number_in_format(double value, struct number_format format, bool since_1904, struct buf *b);

/* A cell with the number in its format. A plain one in a column of days, since 1904, is told as
 * the day it is: whoever reads numbers further on counts from 1900. */
void sheet_number(struct sheet *s, uint32_t column, double value, struct number_format format);
/* Is that plain number such a day? */
bool sheet_has_day(const struct sheet *s, uint32_t column, double value);

#endif
