#include "form.h"

#include "plain_value.h"
#include "text.h"

/* Excel is kept from changing a number by ', by a TAB or by ="...". */
struct str value_undress(struct str raw)
{
	if (!raw.n)
		return STR("");
	raw = str_trim(raw);
	if (raw.n >= 3 && raw.p[0] == '=' && raw.p[1] == '"' && raw.p[raw.n - 1] == '"')
		raw = str_span(raw.p + 2, raw.p + raw.n - 1);
	else if (raw.n >= 2 && raw.p[0] == '"' && raw.p[raw.n - 1] == '"')
		raw = str_span(raw.p + 1, raw.p + raw.n - 1);
	while (raw.n && raw.p[0] == '\'')
		raw = str_span(raw.p + 1, raw.p + raw.n);
	if (str_starts(raw, STR("\u2018")) || str_starts(raw, STR("\u2019")))
		raw = str_span(raw.p + 3, raw.p + raw.n);
	return str_trim(raw);
}

/* 身份证号码:1101... -> 1101...: nothing but characters beyond ASCII before the colon. */
static struct str without_label(struct str s)
{
	size_t i = 0;

	while (i < s.n && (uint8_t)s.p[i] >= 0x80)
		i++;
	if (i && i + 1 < s.n && s.p[i] == ':')
		return str_span(s.p + i + 1, s.p + s.n);
	return s;
}

/* A whole number that went through a cell of decimals: 13812345678.0 */
static struct str without_decimals(struct str s)
{
	size_t i = 0;

	while (i < s.n && is_digit(s.p[i]))
		i++;
	if (i < 7 || i + 1 >= s.n || s.p[i] != '.')
		return s;
	for (size_t k = i + 1; k < s.n; k++)
		if (s.p[k] != '0')
			return s;
	return (struct str){s.p, i};
}

/* Everything around a number, however often it was wrapped. */
static struct str unwrapped(struct str s)
{
	for (;;) {
		struct str inner = without_decimals(without_label(value_undress(s)));

		if (inner.n == s.n)
			return inner;
		s = inner;
	}
}

static bool is_plain(struct str s, const char *drop)
{
	for (size_t i = 0; i < s.n; i++)
		if (!is_digit(s.p[i]) && !is_upper(s.p[i]) &&
		    ((uint8_t)s.p[i] >= 0x80 || s.p[i] <= ' ' || (s.p[i] >= 'a' && s.p[i] <= 'z') ||
		     strchr(drop, s.p[i])))
			return false;
	return true;
}

struct str form_code(struct arena *a, struct str raw, const char *drop)
{
	struct str s = value_undress(raw);
	char *p;
	size_t n = 0;

	if (is_plain(s, drop) && !memchr(s.p, '.', s.n))
		return s;
	s = unwrapped(text_code(a, s));
	p = arena_alloc(a, s.n + 1);
	for (size_t i = 0; i < s.n; i++)
		if (!s.p[i] || !strchr(drop, s.p[i]))
			p[n++] = s.p[i];
	return (struct str){p, n};
}

struct str form_text(struct arena *a, struct str raw)
{
	struct str s = text_clean(a, value_undress(raw));

	for (;;) {
		struct str inner = value_undress(s);

		if (inner.n == s.n)
			return inner;
		s = inner;
	}
}

struct str form_phone(struct arena *a, struct str raw)
{
	struct str s = value_undress(raw);

	return unwrapped(text_upper(a, text_clean(a, s)));
}

bool form_scientific(struct str s, struct str *mantissa, unsigned *exponent, struct arena *a)
{
	char *digits = arena_alloc(a, s.n + 1);
	size_t i = 0, n = 0;

	if (s.n < 3 || s.n > 32 || !is_digit(s.p[0]))
		return false;
	digits[n++] = s.p[i++];
	if (i < s.n && s.p[i] == '.')
		for (i++; i < s.n && is_digit(s.p[i]); i++)
			digits[n++] = s.p[i];
	if (i >= s.n || (s.p[i] != 'E' && s.p[i] != 'e'))
		return false;
	i++;
	if (i < s.n && s.p[i] == '+')
		i++;
	else if (n == 1) /* 1E23 may be a code of its own; 1E+23 is not */
		return false;
	if (i >= s.n || s.n - i > 2)
		return false;
	for (*exponent = 0; i < s.n; i++) {
		if (!is_digit(s.p[i]))
			return false;
		*exponent = *exponent * 10 + (unsigned)(s.p[i] - '0');
	}
	*mantissa = (struct str){digits, n};
	return true;
}

/* Steps of a run go round from 9 to 0: 12345678901. */
bool form_monotonous(struct str s)
{
	bool same = true, up = true, down = true;

	if (s.n < 6)
		return false;
	for (size_t i = 1; i < s.n; i++) {
		int step = s.p[i] - s.p[i - 1];

		same &= step == 0;
		up &= is_digit(s.p[i]) && (step == 1 || step == -9);
		down &= is_digit(s.p[i]) && (step == -1 || step == 9);
	}
	return same || up || down;
}

struct str form_with(struct arena *a, struct str s, size_t at, char c)
{
	struct str copy = str_keep(a, s);

	((char *)(uintptr_t)copy.p)[at] = c;
	return copy;
}
