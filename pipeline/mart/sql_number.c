#include "sql_number.h"

#include <stdlib.h>

/* The longest part in front that is a number, as CAST takes it. */
static struct str number_part(struct str text)
{
	size_t i = 0, digits = 0, end;

	if (i < text.n && (text.p[i] == '-' || text.p[i] == '+'))
		i++;
	for (; i < text.n && text.p[i] >= '0' && text.p[i] <= '9'; i++)
		digits++;
	if (i < text.n && text.p[i] == '.')
		for (i++; i < text.n && text.p[i] >= '0' && text.p[i] <= '9'; i++)
			digits++;
	if (!digits)
		return (struct str){ 0 };
	end = i;
	if (i < text.n && (text.p[i] == 'e' || text.p[i] == 'E')) {
		i++;
		if (i < text.n && (text.p[i] == '-' || text.p[i] == '+'))
			i++;
		for (; i < text.n && text.p[i] >= '0' && text.p[i] <= '9'; i++)
			end = i + 1;
	}
	return (struct str){ text.p, end };
}

double sql_number(struct str text)
{
	static const double powers[] = { 1, 10, 100, 1e3, 1e4, 1e5, 1e6 };
	struct str part = number_part(str_trim(text));
	int64_t digits = 0;
	size_t decimals = 0;
	bool point = false;
	char z[64];

	if (part.n && part.n <= 15) { /* exact: both numbers and one division */
		size_t i = part.p[0] == '-' || part.p[0] == '+';

		for (; i < part.n && (part.p[i] == '.' ? !point : part.p[i] >= '0' && part.p[i] <= '9'); i++) {
			if (part.p[i] == '.') {
				point = true;
				continue;
			}
			digits = 10 * digits + (part.p[i] - '0');
			decimals += point;
		}
		if (i == part.n && decimals < sizeof(powers) / sizeof(*powers))
			return (part.p[0] == '-' ? -1 : 1) * ((double)digits / powers[decimals]);
	}
	if (!part.n || part.n >= sizeof(z))
		return 0;
	memcpy(z, part.p, part.n);
	z[part.n] = '\0';
	return strtod(z, NULL);
}

int64_t sql_whole(double value)
{
	value += value < 0 ? -0.5 : 0.5;
	if (value >= 9223372036854775807.0)
		return INT64_MAX;
	if (value <= -9223372036854775808.0)
		return INT64_MIN;
	return (int64_t)value;
}

int64_t sql_hundredfold(struct str text)
{
	return text.n ? sql_whole(sql_number(text) * 100) : 0;
}
