#include "sheet.h"

#include "date.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum {
	DIGITS = 15, /* what Excel keeps of a number */
	LAST_SERIAL = 2958465, /* 9999-12-31 */
	SECONDS = 86400,
};

void number_text(double value, struct buf *b)
{
	char text[40], digits[DIGITS + 1];
	int exponent, n = DIGITS;

	if (!isfinite(value)) {
		buf_str(b, STR("#NUM!"));
		return;
	}
	/* d.dddde+xx, from which the zeros of the exponent are written out */
	snprintf(text, sizeof(text), "%.*e", DIGITS - 1, fabs(value));
	digits[0] = text[0];
	memcpy(digits + 1, text + 2, DIGITS - 1);
	exponent = (int)strtol(text + DIGITS + 2, NULL, 10);
	while (n > 1 && digits[n - 1] == '0')
		n--;
	if (signbit(value) && value != 0)
		buf_char(b, '-');
	if (exponent < 0) {
		buf_str(b, STR("0."));
		for (int i = exponent + 1; i < 0; i++)
			buf_char(b, '0');
		buf_add(b, digits, (size_t)n);
		return;
	}
	for (int i = 0; i < n || i <= exponent; i++) {
		if (i == exponent + 1)
			buf_char(b, '.');
		buf_char(b, i < n ? digits[i] : '0');
	}
}

/* ---- formats ---- */

static bool is_date_letter(char c)
{
	return c == 'y' || c == 'd';
}

static bool is_time_letter(char c)
{
	return c == 'h' || c == 's';
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 'a' - 'A') : c;
}

/* Only the first section counts (positive numbers), without what stands in quotes and
 * brackets ([$-804] is a language, [h] a duration) or behind a backslash. */
struct number_format number_format_parse(struct str code)
{
	struct number_format f = { NUMBER_PLAIN, 0 };
	bool date = false, time = false, month = false, percent = false, only_zeros = true;

	for (size_t i = 0; i < code.n && code.p[i] != ';'; i++) {
		char c = lower(code.p[i]);

		if (c == '"' || (c == '[' && !(i + 1 < code.n && is_time_letter(lower(code.p[i + 1]))))) {
			const char *end = memchr(code.p + i + 1, c == '"' ? '"' : ']', code.n - i - 1);

			i = end ? (size_t)(end - code.p) : code.n;
		} else if (c == '\\' || c == '_' || c == '*') {
			i++;
		} else {
			date |= is_date_letter(c);
			time |= is_time_letter(c);
			month |= c == 'm';
			percent |= c == '%';
			only_zeros &= c == '0';
			f.zeros += c == '0';
		}
	}
	if (date && time)
		f.style = NUMBER_DATETIME;
	else if (date || (month && !time))
		f.style = NUMBER_DATE;
	else if (time)
		f.style = NUMBER_TIME;
	else if (percent)
		f.style = NUMBER_PERCENT;
	else if (only_zeros && f.zeros > 1)
		f.style = NUMBER_ZEROS;
	return f;
}

/* 27 to 36 and 50 to 58 are dates in the Chinese, Japanese and Korean versions. */
struct number_format number_format_builtin(unsigned id)
{
	enum number_style style = NUMBER_PLAIN;

	if ((id >= 14 && id <= 17) || (id >= 27 && id <= 31) || id == 36 || (id >= 50 && id <= 54) ||
	    id == 57 || id == 58)
		style = NUMBER_DATE;
	else if ((id >= 18 && id <= 21) || (id >= 32 && id <= 35) || (id >= 45 && id <= 47) ||
		 id == 55 || id == 56)
		style = NUMBER_TIME;
	else if (id == 22)
		style = NUMBER_DATETIME;
	else if (id == 9 || id == 10)
		style = NUMBER_PERCENT;
	return (struct number_format){ style, 0 };
}

/*
 * Days since 1899-12-31 (or 1904-01-01), where the first system also counts a 29th of
 * February 1900 that never was: number 60. What cannot be a day is written as it is.
 */
static bool put_day(double serial, bool since_1904, struct buf *b)
{
	int64_t days = (int64_t)serial;
	char text[10];

	if (!since_1904 && days == 60) {
		buf_str(b, STR("1900-02-29"));
		return true;
	}
	if (since_1904)
		days += DAYS_TO_1904;
	else if (days < 60)
		days++;
	if (days < 1 || days > LAST_SERIAL)
		return false;
	date_text((int32_t)(days - 25569), text);
	buf_add(b, text, sizeof(text));
	return true;
}

static void put_time(unsigned seconds, struct buf *b)
{
	buf_printf(b, "%02u:%02u:%02u", seconds / 3600, seconds / 60 % 60, seconds % 60);
}

static void put_serial(double value, struct number_format format, bool since_1904, struct buf *b)
{
	double days = floor(value);
	unsigned seconds = (unsigned)lround((value - days) * SECONDS);
	size_t before = b->n;

	if (seconds == SECONDS) {
		seconds = 0;
		days += 1;
	}
	if (format.style == NUMBER_TIME && days == 0) {
		put_time(seconds, b);
		return;
	}
	if (!put_day(days, since_1904, b)) {
		b->n = before;
		number_text(value, b);
	} else if (seconds && format.style != NUMBER_DATE) {
		buf_char(b, ' ');
		put_time(seconds, b);
	}
}

/* The zeros that bring a whole number to that many digits. */
static void put_zeros(double value, unsigned digits, struct buf *b)
{
	unsigned has = 1;

	while (has < digits && value >= 10) {
		value /= 10;
		has++;
	}
	for (; has < digits; has++)
		buf_char(b, '0');
}

void number_in_format(double value, struct number_format format, bool since_1904, struct buf *b)
{
	switch (format.style) {
	case NUMBER_PLAIN:
		number_text(value, b);
		break;
	case NUMBER_PERCENT:
		number_text(value * 100, b);
		buf_char(b, '%');
		break;
	case NUMBER_ZEROS:
		if (value >= 0 && value == floor(value))
			put_zeros(value, format.zeros, b);
		number_text(value, b);
		break;
	default:
		if (!(value >= 0 && value < LAST_SERIAL + 1)) /* nor where it is no number at all */
			number_text(value, b);
		else
			put_serial(value, format, since_1904, b);
	}
}
