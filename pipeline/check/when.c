/*
 * Dates are read as tokens: numbers with what stands behind them (年 月 日), names of months,
 * separators. What is marked is settled; the rest falls into the order year, month, day, for
 * that is how dates are written here. A year at the end comes from foreign tools, where day
 * and month have no fixed order: read only where one of them can be no month.
 */
#include "when.h"

#include "clock_time.h"
#include "date.h"
#include "form.h"
#include "plain_value.h"
#include "text.h"

enum { SERIAL_FIRST = 10000, SERIAL_LAST = 73050, SERIAL_1970 = 25569 };
enum { YEARS_AHEAD = 20 };

struct ymd {
	int year, month, day;
};

static int this_year(const struct when_context *context)
{
	int year = 2030, month, day;

	if (context->today)
		date_parts(context->today, &year, &month, &day);
	return year;
}

/* 2-digit years reach one year ahead; a birth not even that; the end of an insurance or a purchase
 * to come as far as a contract may run. */
static int full_year(const struct when_context *context, const struct token *t)
{
	int ahead = context->birth ? 0 : context->past ? 1 : YEARS_AHEAD;
	int limit = this_year(context) + ahead, year = t->value;

	if (t->digits > 2 || t->digits == 0)
		return year;
	return year + 2000 <= limit ? year + 2000 : year + 1900;
}

static bool exists(struct ymd d)
{
	return date_make(d.year, d.month, d.day) != INT32_MIN;
}

enum outcome { READ, UNREADABLE, IMPOSSIBLE, AMBIGUOUS, INCOMPLETE };

/* 31-12-25: more likely the last day of 2025, written the other way round, than a day of 1931;
 * not so of a birth. */
static bool read_backwards(const struct when_context *context, struct ymd ymd, struct ymd dmy)
{
	return !context->birth && ymd.year < 2000 && dmy.year >= 2000 && exists(dmy);
}

/* Three numbers, none of them marked. */
static enum outcome read_three(const struct when_context *context, const struct token *t,
			       struct ymd *d)
{
	struct ymd ymd = {full_year(context, &t[0]), t[1].value, t[2].value};
	struct ymd dmy = {full_year(context, &t[2]), t[1].value, t[0].value};
	struct ymd mdy = {full_year(context, &t[2]), t[0].value, t[1].value};
	bool year_first = t[0].digits > 2, year_last = t[2].digits > 2;

	if (year_first || (!year_last && t[0].separator == '-' && t[0].digits == 2)) {
		*d = ymd;
		return !year_first && read_backwards(context, ymd, dmy) ? AMBIGUOUS : READ;
	}
	if (!year_last && exists(ymd)) {
		*d = ymd;
		if (read_backwards(context, ymd, dmy))
			return AMBIGUOUS;
		return t[0].value > 12 || (!exists(dmy) && !exists(mdy)) ? READ : AMBIGUOUS;
	}
	if (exists(dmy) && exists(mdy) && t[0].value != t[1].value)
		return AMBIGUOUS;
	*d = exists(dmy) ? dmy : mdy;
	return READ;
}

/* 20140305, 140305, and the digits of a time behind them. */
static enum outcome read_compact(const struct when_context *context, struct str s,
				 struct reading *r, struct ymd *d)
{
	struct token two = {.digits = 2}, last = {.digits = 2};
	struct ymd dmy;
	int part[7] = {0};

	for (size_t i = 0; i + 1 < s.n && i / 2 < 7; i += 2)
		part[i / 2] = (s.p[i] - '0') * 10 + (s.p[i + 1] - '0');
	if (s.n == 6) {
		two.value = part[0];
		last.value = part[2];
		*d = (struct ymd){full_year(context, &two), part[1], part[2]};
		dmy = (struct ymd){full_year(context, &last), part[1], part[0]};
		if (exists(*d))
			return read_backwards(context, *d, dmy) ? AMBIGUOUS : READ;
		return part[2] >= 1 && part[2] <= 12 && (part[0] == 19 || part[0] == 20)
			       ? INCOMPLETE
			       : IMPOSSIBLE;
	}
	*d = (struct ymd){part[0] * 100 + part[1], part[2], part[3]};
	if (s.n > 8) {
		r->hour = part[4];
		r->minute = part[5];
		r->second = part[6];
		if (r->hour > 23 || r->minute > 59 || r->second > 59)
			return IMPOSSIBLE;
	}
	return READ;
}

/* Day numbers of a spreadsheet (1900 system) with a fraction for the time. */
static enum outcome read_serial(const struct token *t, double fraction, struct reading *r,
				struct ymd *d)
{
	int32_t day = t->value - SERIAL_1970;
	int seconds = (int)(fraction * 86400 + 0.5);

	if (t->value < SERIAL_FIRST || t->value > SERIAL_LAST)
		return UNREADABLE;
	date_parts(day + seconds / 86400, &d->year, &d->month, &d->day);
	if (fraction > 0) {
		r->hour = seconds % 86400 / 3600;
		r->minute = seconds / 60 % 60;
		r->second = seconds % 60;
	}
	return READ;
}

/* Marked numbers take their place; what is left falls into the open ones, in order; in the
 * order day, year where only the month is marked (05-Mar-14) and no year is plain to see. */
static enum outcome read_marked(const struct when_context *context, struct reading *r,
				struct ymd *d)
{
	struct token *year = NULL, *month = NULL, *day = NULL, *open[TOKENS_MAX];
	size_t n = 0;

	for (size_t i = 0; i < r->n; i++) {
		struct token *t = &r->tokens[i], **place;

		place = t->role == 'y'	 ? &year
			: t->role == 'm' ? &month
			: t->role == 'd' ? &day
					 : NULL;
		if (!place)
			open[n++] = t;
		else if (*place)
			return UNREADABLE;
		else
			*place = t;
	}
	for (size_t i = 0; i < n; i++) {
		if (!year && (open[i]->digits == 4 || (year == NULL && day && month)))
			year = open[i];
		else if (year && !month)
			month = open[i];
		else if (!day && month)
			day = open[i];
		else
			return UNREADABLE;
	}
	if (!year || !month || !day)
		return INCOMPLETE;
	*d = (struct ymd){full_year(context, year), month->value, day->value};
	return READ;
}

static enum outcome read_date(const struct when_context *context, struct str s, struct reading *r,
			      struct ymd *d)
{
	const struct token *t = r->tokens;
	bool marked = false;

	read_tokens(s, r);
	for (size_t i = 0; i < r->n; i++)
		marked |= t[i].role != 0;
	if (r->strange || !r->n)
		return UNREADABLE;
	if (marked)
		return read_marked(context, r, d);
	if (r->n == 1 && (t->digits == 8 || t->digits == 6 || t->digits == 12 || t->digits == 14) &&
	    str_is_digits(s))
		return read_compact(context, s, r, d);
	if (r->n == 1 && t->digits == 5)
		return read_serial(t, 0, r, d);
	if (r->n == 2 && t->digits == 5 && t->separator == '.') {
		double serial;

		return str_double(s, &serial) ? read_serial(t, serial - t->value, r, d)
					      : UNREADABLE;
	}
	if (r->n == 3)
		return read_three(context, t, d);
	if ((r->n == 1 && t->digits == 4) || r->n == 2)
		return INCOMPLETE;
	return UNREADABLE;
}

/* Days that programs write for "none": the zero of a calendar or of a data type. */
static bool is_sentinel(const struct when_context *context, struct ymd d, bool midnight)
{
	static const struct ymd days[] = {
		{0, 0, 0},	{1, 1, 1},    {1752, 9, 14}, {1753, 1, 1},   {1899, 12, 30},
		{1899, 12, 31}, {1900, 1, 0}, {1900, 1, 1},  {1970, 1, 1},   {2099, 12, 31},
		{2999, 12, 31}, {3000, 1, 1}, {4000, 1, 1},  {9999, 12, 31},
	};

	for (size_t i = 0; i < sizeof(days) / sizeof(days[0]); i++)
		if (days[i].year == d.year && days[i].month == d.month && days[i].day == d.day)
			return !(d.year == 1970 && context->birth && midnight);
	return false;
}

static void value_write(const struct when_context *context, int32_t day, const struct reading *r,
			struct arena *a, struct verdict *v)
{
	char date[10];
	int minutes = r->hour < 0 ? 0 : r->hour * 60 + r->minute + r->zone;
	int32_t over = minutes >= 0 ? minutes / 1440 : (minutes - 1439) / 1440;

	minutes -= over * 1440;
	date_text(day + over, date);
	v->value = context->time ? str_printf(a, "%.10sT%02d:%02d:%02d", date, minutes / 60,
					      minutes % 60, r->hour < 0 ? 0 : r->second)
				 : str_keep(a, (struct str){date, 10});
}

static void outcome_tell(const struct when_context *context, enum outcome outcome, struct ymd d,
			 const struct reading *r, struct arena *a, struct verdict *v)
{
	static const enum reason reasons[] = {
		[UNREADABLE] = REASON_date_unreadable,
		[IMPOSSIBLE] = REASON_date_impossible,
		[AMBIGUOUS] = REASON_date_ambiguous,
		[INCOMPLETE] = REASON_date_incomplete,
	};
	int32_t day = date_make(d.year, d.month, d.day);

	if (outcome == READ && is_sentinel(context, d, r->hour <= 0)) {
		verdict_add(v, REASON_date_sentinel, FINDING_WRONG, v->value);
	} else if (outcome == READ && (day == INT32_MIN || d.year < 1880 || d.year > 2100)) {
		verdict_add(v, REASON_date_impossible, FINDING_WRONG, v->value);
	} else if (outcome == READ && context->birth && context->today &&
		   day < context->today - 130 * 366) {
		verdict_add(v, REASON_date_impossible, FINDING_WRONG, v->value);
	} else if (outcome == READ) {
		value_write(context, day, r, a, v);
		/* as written: a time zone may have moved it into the next day */
		if (context->past && context->today && date_day(v->value) > context->today)
			verdict_add(v, REASON_date_future, FINDING_WRONG, v->value);
	} else {
		verdict_add(v, reasons[outcome], FINDING_WRONG, v->value);
	}
}

static bool one_or_two(struct str s, size_t *i, int *value)
{
	unsigned digits;

	*i = read_number(s, *i, value, &digits);
	return digits == 1 || digits == 2;
}

static bool skip(struct str s, size_t *i, struct str mark)
{
	if (!str_starts(str_span(s.p + *i, s.p + s.n), mark))
		return false;
	*i += mark.n;
	return true;
}

/* 2014-03-05, 2014/3/5, 2014.3.5 or 2014年3月5日; moves *i behind it. */
static bool plain_date(struct str s, size_t *i, struct ymd *d)
{
	static const struct str marks[][3] = {
		{STR_INIT("-"), STR_INIT("-"), STR_INIT("")},
		{STR_INIT("/"), STR_INIT("/"), STR_INIT("")},
		{STR_INIT("年"), STR_INIT("月"), STR_INIT("日")},
		{STR_INIT("."), STR_INIT("."), STR_INIT("")},
	};
	unsigned digits;

	*i = read_number(s, 0, &d->year, &digits);
	for (size_t k = 0; digits == 4 && k < sizeof(marks) / sizeof(marks[0]); k++)
		if (skip(s, i, marks[k][0]))
			return one_or_two(s, i, &d->month) && skip(s, i, marks[k][1]) &&
			       one_or_two(s, i, &d->day) && skip(s, i, marks[k][2]);
	return false;
}

/* h:mm or h:mm:ss up to the end, behind one blank or a T. */
static bool plain_time(struct str s, size_t i, struct reading *r)
{
	r->minute = r->second = 0;
	if (s.p[i] != ' ' && s.p[i] != 'T')
		return false;
	i++;
	if (!one_or_two(s, &i, &r->hour) || !skip(s, &i, STR(":")) || !one_or_two(s, &i, &r->minute))
		return false;
	if (i < s.n && (!skip(s, &i, STR(":")) || !one_or_two(s, &i, &r->second)))
		return false;
	return i == s.n && r->hour < 24 && r->minute < 60 && r->second < 60;
}

static void put_two(char *p, char before, int value)
{
	p[0] = before;
	p[1] = (char)('0' + value / 10);
	p[2] = (char)('0' + value % 10);
}

/* The usual forms, of the last hundred years, at once. */
static bool at_once(const struct when_context *context, struct str raw, struct arena *a,
		    struct verdict *out)
{
	struct reading r = {.hour = 0};
	struct ymd d = {0};
	int32_t day;
	size_t i;
	char *p;

	if (raw.n < 8 || raw.n > 32 || !plain_date(raw, &i, &d) || d.year <= 1920 || d.year >= 2099)
		return false;
	if (i < raw.n && !plain_time(raw, i, &r))
		return false;
	day = date_make(d.year, d.month, d.day);
	if (day == INT32_MIN || (d.year == 1970 && d.month == 1 && d.day == 1) ||
	    (context->past && context->today && day > context->today))
		return false;
	if (!context->time && raw.n == 10 && raw.p[4] == '-')
		return true;
	p = arena_bytes(a, 19);
	date_text(day, p);
	put_two(p + 10, 'T', r.hour);
	put_two(p + 13, ':', r.minute);
	put_two(p + 16, ':', r.second);
	out->value = (struct str){p, context->time ? 19 : 10};
	return true;
}

void when_check(const struct when_context *context, struct str raw, struct arena *a,
		struct verdict *out)
{
	struct reading r = {.hour = -1};
	struct ymd d = {0};
	struct str s, date;
	enum outcome outcome = UNREADABLE;
	size_t at;

	verdict_start(out, raw);
	if (at_once(context, raw, a, out))
		return;
	s = text_upper(a, form_text(a, raw));
	out->value = s;
	if (!s.n)
		return;
	if (s.n <= 64) {
		s = without_chinese_digits(a, s);
		at = time_start(s);
		date = (struct str){s.p, at};
		if (at == s.n || read_time(date, str_span(s.p + at, s.p + s.n), &r, &date, a))
			outcome = read_date(context, date, &r, &d);
	}
	outcome_tell(context, outcome, d, &r, a, out);
}
