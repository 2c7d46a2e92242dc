#include "profile.h"

#include "text.h"

enum {
	LONG_NUMBER = 7, /* digits: more than a day of a pivot table "2026-03" has */
	SHORT_NUMBER = 3, /* digits: more than "地址1" and "Q12" have */
	FEWEST_CELLS = 3, /* that make a line of values */
};

static size_t count_digits(struct str s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += s.p[i] >= '0' && s.p[i] <= '9';
	return n;
}

static bool is_ascii(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] >= 0x80)
			return false;
	return true;
}

/* Nobody calls a column by an ID number, a mobile or a VIN, whatever stands below it. By a day or
 * by another number one may, but not where such ones stand below it; "1月回访日" is no day. */
static bool is_value(const struct column_profile *c, struct arena *a)
{
	static const unsigned never_names =
		1u << LOOK_ID_NUMBER | 1u << LOOK_MOBILE | 1u << LOOK_VIN;
	static const unsigned values = 1u << LOOK_DATE | 1u << LOOK_PLATE | 1u << LOOK_EMAIL;
	struct str cell = text_code(a, c->header);
	unsigned found = looks_of(cell), below = 1u << column_look(c);
	bool alike = column_alike(c, c->header) > 0;

	return found & never_names || (found & below & values && (alike || is_ascii(cell))) ||
	       (alike && count_digits(cell) >= LONG_NUMBER);
}

/* Every cell is written as at least one in ten below it are, and a number is among them: "D001",
 * "个人", "张三". */
static bool is_line_of_values(const struct profile *p)
{
	size_t cells = 0, most_digits = 0;

	for (size_t i = 0; i < p->n; i++) {
		const struct column_profile *c = &p->columns[i];
		size_t digits = count_digits(c->header);

		if (!c->header.n)
			continue;
		if (!c->filled || column_alike(c, c->header) * 10 < c->filled)
			return false;
		most_digits = digits > most_digits ? digits : most_digits;
		cells++;
	}
	return cells >= FEWEST_CELLS && most_digits >= SHORT_NUMBER;
}

bool profile_headless(struct profiling *p)
{
	for (size_t i = 0; i < p->profile.n; i++)
		if (is_value(&p->profile.columns[i], &p->arena))
			return true;
	return !p->layout.score && is_line_of_values(&p->profile);
}
