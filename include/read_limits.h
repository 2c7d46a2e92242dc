/*
 * rules/limits.csv: how much of what comes from outside is read before the program says
 * that it has had enough. Numbers are bytes unless the name says otherwise; K, M and G
 * stand for 2^10, 2^20 and 2^30.
 */
#ifndef YICE_READ_LIMITS_H
#define YICE_READ_LIMITS_H

#include "infile.h"

struct limits {
	struct infile_limits file; /* past these the file goes to quarantine */
	uint64_t max_row_bytes; /* a longer row is a fault of that row */
	uint64_t max_columns; /* of a header row */
	uint64_t max_header_lines; /* the header is looked for in so many lines */
	uint64_t max_workbook_bytes; /* of one unpacked part of a workbook */
	uint64_t max_workbook_rows;
};

/* What holds where limits.csv is missing or leaves a line out. */
extern const struct limits limits_default;

/* Reads RULES_DIR/limits.csv over the defaults; a file that is not there changes nothing.
 * All mistakes are told, with file and line. */
bool limits_load(struct limits *l, const char *rules_dir, struct fault *f);
bool limits_check(const char *rules_dir, struct fault *f); /* for `yice rules check` */

#endif
