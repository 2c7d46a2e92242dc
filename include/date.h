/* Days and times as the tables write them: YYYY-MM-DD, YYYY-MM-DDTHH:MM:SS. They sort as
 * text. Day numbers count from 1970-01-01 in the proleptic Gregorian calendar. */
#ifndef YICE_DATE_H
#define YICE_DATE_H

#include "str.h"

bool date_is(struct str s); /* a real calendar date YYYY-MM-DD */
int32_t date_day(struct str s); /* day number of the first ten characters; INT32_MIN if none */
void date_text(int32_t day, char out[10]);
int32_t date_make(int year, int month, int day); /* INT32_MIN where there is no such day */
void date_parts(int32_t day, int *year, int *month, int *day_of_month);
/* 20260301 -> 2026-03-01 */
bool date_compact(struct str eight, char out[10]);

#endif
