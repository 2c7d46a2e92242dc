/* A date being read by when.c: its numbers, and the time of day behind it. */
#ifndef YICE_CHECK_CLOCK_TIME_H
#define YICE_CHECK_CLOCK_TIME_H

#include "mem.h"

enum { TOKENS_MAX = 8 };

struct token {
	int value;
	unsigned digits; /* as written; 0: the name of a month */
	char role; /* 'y', 'm', 'd'; 0: not marked */
	char separator; /* behind it: '-', '/', '.', ' ', 0 */
};

struct reading {
	struct token tokens[TOKENS_MAX];
	size_t n;
	bool strange; /* something that belongs to no date */
	int hour, minute, second; /* -1: no time */
	int zone; /* minutes that lie between the time and ours (UTC+8) */
};

/* Digits from i on; returns the place behind them. Values of more than 8 digits are cut. */
size_t read_number(struct str s, size_t i, int *value, unsigned *digits);
/* 二〇一四 -> 2014, 二十五 -> 25, 十 -> 10. */
struct str without_chinese_digits(struct arena *a, struct str s);
/* The numbers of a date with what marks them, from cleaned text in capitals. Weekdays are passed over. */
void read_tokens(struct str s, struct reading *r);
/* Where the time of day starts in the cleaned text; s.n where there is none. */
size_t time_start(struct str s);
/* Reads the time into r; *rest is the date in front of it, to which the year may be added
 * that stood behind the time. False where it is no time. */
bool read_time(struct str date, struct str s, struct reading *r, struct str *rest, struct arena *a);

#endif
