#include "date.h"

#include <stddef.h>

static int digits(const char *p, int n)
{
	int v = 0;

	for (int i = 0; i < n; i++) {
		if (p[i] < '0' || p[i] > '9')
			return -1;
		v = v * 10 + (p[i] - '0');
	}
	return v;
}

static void put(char *p, int n, int v)
{
	while (n-- > 0) {
		p[n] = (char)('0' + v % 10);
		v /= 10;
	}
}

static int days_in_month(int year, int month)
{
	static const char days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return days[month - 1] + (month == 2 && leap);
}

/* Years are counted from March, so that the leap day is the last of its year and the days
 * before a month follow a straight line: (153 * m + 2) / 5. An era is 400 years, 146097
 * days; 719468 days lie between 0000-03-01 and 1970-01-01. */
int32_t date_make(int year, int month, int day)
{
	int y, era, year_of_era, day_of_year;

	if (year < 0 || year > 9999 || month < 1 || month > 12 || day < 1 ||
	    day > days_in_month(year, month))
		return INT32_MIN;
	y = year - (month <= 2);
	era = (y < 0 ? y - 399 : y) / 400;
	year_of_era = y - era * 400;
	day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 +
	       day_of_year - 719468;
}

void date_parts(int32_t day, int *year, int *month, int *day_of_month)
{
	int32_t z = day + 719468;
	int32_t era = (z < 0 ? z - 146096 : z) / 146097;
	int32_t of_era = z - era * 146097;
	int32_t year_of_era =
		(of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	int32_t of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	int32_t from_march = (5 * of_year + 2) / 153;

	*day_of_month = of_year - (153 * from_march + 2) / 5 + 1;
	*month = from_march + (from_march < 10 ? 3 : -9);
	*year = year_of_era + era * 400 + (*month <= 2);
}

int32_t date_day(struct str s)
{
	int year, month, day;

	if (s.n < 10 || s.p[4] != '-' || s.p[7] != '-')
		return INT32_MIN;
	year = digits(s.p, 4);
	month = digits(s.p + 5, 2);
	day = digits(s.p + 8, 2);
	return date_make(year, month, day);
}

bool date_is(struct str s)
{
	return s.n == 10 && date_day(s) != INT32_MIN;
}

void date_text(int32_t day, char out[10])
{
	int year, month, day_of_month;

	date_parts(day, &year, &month, &day_of_month);
	put(out, 4, year);
	put(out + 5, 2, month);
	put(out + 8, 2, day_of_month);
	out[4] = out[7] = '-';
}

bool date_compact(struct str eight, char out[10])
{
	int32_t day;

	if (eight.n != 8)
		return false;
	day = date_make(digits(eight.p, 4), digits(eight.p + 4, 2), digits(eight.p + 6, 2));
	if (day == INT32_MIN)
		return false;
	date_text(day, out);
	return true;
}
