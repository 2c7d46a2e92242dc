/*
 * Dates and times in every form that people and spreadsheets write: 2014-03-05, 2014/3/5,
 * 20140305, 140305, 2014年3月5日, 05-Mar-14, 05-3月-14, 二〇一四年三月五日, 41703 (Excel's
 * serial), each with a time of day behind it (下午 3:05 too). 3/5/2014 is ambiguous unless one of
 * the two can be no month, and so is 31-12-25 where the year can't lie ahead, but for a birth. Sentinels (1900-01-00, 9999-12-31 ...) are DATE_FORMAT with reason
 * date_sentinel.
 */
#ifndef YICE_WHEN_H
#define YICE_WHEN_H

#include "verdict.h"

struct when_context {
	int32_t today; /* day number of the row's observed_on; 0: unknown */
	bool past; /* cannot lie ahead of today: DATE_FUTURE; and 2-digit years reach one
		    * year ahead. Without it they reach twenty: 28-05-31 is in 2028 */
	bool birth; /* a birth date: the sentinel 1970-01-01 may be one; at most 130 years ago */
	bool time; /* value is YYYY-MM-DDTHH:MM:SS; 00:00:00 where no time was given */
};

void when_check(const struct when_context *context, struct str raw, struct arena *a,
		struct verdict *out);

#endif
