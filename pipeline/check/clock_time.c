/* The time of day behind a date: 15:04:05, 下午 3:04, 15时4分, with the zones that exports have. */
#include "clock_time.h"

#include "form.h"

size_t read_number(struct str s, size_t i, int *value, unsigned *digits)
{
	for (*value = 0, *digits = 0; i < s.n && is_digit(s.p[i]); i++, (*digits)++)
		if (*digits < 8)
			*value = *value * 10 + (s.p[i] - '0');
	return i;
}

/* Where the time starts in the cleaned text: the hour in front of the first colon (or 时/点),
 * with 上午 or 下午 in front of it; s.n where there is none. */
size_t time_start(struct str s)
{
	static const struct str marks[] = {STR_INIT(":"), STR_INIT("时"), STR_INIT("点")};
	ptrdiff_t at = -1;
	size_t i;

	for (int k = 0; k < 3 && at < 0; k++)
		at = str_find(s, marks[k]);
	if (at <= 0)
		return s.n;
	for (i = (size_t)at; i && is_digit(s.p[i - 1]) && (size_t)at - i < 2;)
		i--;
	return i;
}

struct half_day {
	struct str word;
	int adds; /* to an hour below twelve */
};

/* Takes a word for the half of the day off either end. */
static int half_of_day(struct str *date, struct str *time)
{
	static const struct half_day words[] = {
		{STR_INIT("上午"), 0},	{STR_INIT("早上"), 0},	{STR_INIT("凌晨"), 0},
		{STR_INIT("下午"), 12}, {STR_INIT("晚上"), 12}, {STR_INIT("中午"), 12},
		{STR_INIT("AM"), 0},	{STR_INIT("PM"), 12},
	};

	*date = str_trim(*date);
	*time = str_trim(*time);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (str_ends(*date, words[i].word)) {
			date->n -= words[i].word.n;
			*date = str_trim(*date);
			return words[i].adds;
		}
		if (str_ends(*time, words[i].word)) {
			time->n -= words[i].word.n;
			*time = str_trim(*time);
			return words[i].adds;
		}
	}
	return -1;
}

/* Z and +08:00 behind a time, as minutes to be added for ours; false: no zone we know. */
static bool read_zone(struct str s, int *zone)
{
	int hours, minutes = 0;
	unsigned digits;
	size_t i;

	*zone = 0;
	s = str_trim(s);
	if (!s.n || str_eq(s, STR("CST")))
		return true;
	if (str_eq(s, STR("Z"))) {
		*zone = 8 * 60;
		return true;
	}
	if (s.p[0] != '+' && s.p[0] != '-')
		return false;
	i = read_number(s, 1, &hours, &digits);
	if (digits == 4) {
		minutes = hours % 100;
		hours /= 100;
	} else if (i < s.n && s.p[i] == ':') {
		i = read_number(s, i + 1, &minutes, &digits);
	}
	if (i != s.n || hours > 14 || minutes > 59)
		return false;
	*zone = 8 * 60 - (s.p[0] == '-' ? -1 : 1) * (hours * 60 + minutes);
	return true;
}

/* One unit of h:mm:ss or 15时30分20秒; moves *i behind it and its mark. */
static bool read_unit(struct str s, size_t *i, int *value, bool *more)
{
	static const struct str marks[] = {STR_INIT(":"), STR_INIT("时"), STR_INIT("点"),
					   STR_INIT("分"), STR_INIT("秒")};
	unsigned digits;

	*i = read_number(s, *i, value, &digits);
	*more = false;
	for (size_t k = 0; k < sizeof(marks) / sizeof(marks[0]); k++) {
		if (str_starts(str_span(s.p + *i, s.p + s.n), marks[k])) {
			*i += marks[k].n;
			*more = *i < s.n && is_digit(s.p[*i]);
			break;
		}
	}
	return digits >= 1 && digits <= 2;
}

/* Wed Mar 05 10:00:00 CST 2014: Java puts the year behind the time. */
static void year_forward(struct str *date, struct str *time, struct arena *a)
{
	struct str year = {time->p + time->n - 4, 4};

	if (time->n < 10 || time->p[time->n - 5] != ' ' || !str_is_digits(year))
		return;
	*date = str_printf(a, "%.*s %.4s", STR_FMT(str_trim(*date)), year.p);
	*time = (struct str){time->p, time->n - 5};
}

bool read_time(struct str date, struct str s, struct reading *r, struct str *rest, struct arena *a)
{
	int half = half_of_day(&date, &s);
	size_t i = 0;
	bool more;

	year_forward(&date, &s, a);

	*rest = date;
	r->minute = r->second = 0;
	if (!read_unit(s, &i, &r->hour, &more))
		return false;
	if (more && !read_unit(s, &i, &r->minute, &more))
		return false;
	if (more && !read_unit(s, &i, &r->second, &more))
		return false;
	if (i < s.n && s.p[i] == '.')
		for (i++; i < s.n && is_digit(s.p[i]);)
			i++;
	if (half >= 0 && r->hour <= 12)
		r->hour = r->hour % 12 + half;
	return r->hour <= 24 && r->minute < 60 && r->second < 61 &&
	       (r->hour < 24 || (r->minute == 0 && r->second == 0)) &&
	       read_zone(str_span(s.p + i, s.p + s.n), &r->zone);
}
