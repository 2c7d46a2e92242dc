/* Numbers that the tables hold as text, as SQL takes them. */
#ifndef YICE_MART_SQL_NUMBER_H
#define YICE_MART_SQL_NUMBER_H

#include "str.h"

/* CAST(text AS NUMERIC): the longest part in front that is a number, else 0. */
double sql_number(struct str text);
/* CAST(round(value) AS BIGINT): away from zero where it is half-way. */
int64_t sql_whole(double value);
/* Yuan as fen: 0 where there is none. */
int64_t sql_hundredfold(struct str text);

#endif
