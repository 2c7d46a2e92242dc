/* Garbled text, e-mail addresses and numbers. */
#include "plain_value.h"

#include "form.h"
#include "tables.h"
#include "text.h"

/* ---- e-mail ---- */

static bool is_local(char c)
{
	return is_digit(c) || is_upper(c) || (c >= 'a' && c <= 'z') ||
	       strchr(".!#$%&'*+/=?^_`{|}~-", c);
}

static bool is_label(char c)
{
	return is_digit(c) || is_upper(c) || (c >= 'a' && c <= 'z') || c == '-';
}

static bool domain_fits(struct str domain)
{
	struct str label, last = {0};
	size_t labels = 0;

	if (!domain.n || domain.n > 253 || domain.p[domain.n - 1] == '.')
		return false;
	while (str_cut(&domain, '.', &label)) {
		if (!label.n || label.n > 63 || label.p[0] == '-' || label.p[label.n - 1] == '-')
			return false;
		for (size_t i = 0; i < label.n; i++)
			if (!is_label(label.p[i]))
				return false;
		last = label;
		labels++;
	}
	/* The last label has no digits: 192.168.0.1 is no domain. */
	for (size_t i = 0; i < last.n; i++)
		if (is_digit(last.p[i]))
			return false;
	return labels >= 2 && last.n >= 2;
}

/* RFC 5321, without quoted local parts: nobody has one. */
static bool email_fits(struct str s)
{
	const char *at = memchr(s.p, '@', s.n);
	struct str local = {s.p, at ? (size_t)(at - s.p) : 0};

	if (!local.n || local.n > 64 || local.p[0] == '.' || local.p[local.n - 1] == '.' ||
	    str_has(local, STR("..")))
		return false;
	for (size_t i = 0; i < local.n; i++)
		if (!local.p[i] || !is_local(local.p[i]))
			return false;
	return domain_fits(str_span(at + 1, s.p + s.n));
}

/* The slips of a hand: a comma for the dot, .con for .com, two at signs. */
static struct str email_guess(struct arena *a, struct str s)
{
	static const struct str slips[][2] = {
		{STR_INIT(".con"), STR_INIT(".com")},	  {STR_INIT(".cmo"), STR_INIT(".com")},
		{STR_INIT(".ocm"), STR_INIT(".com")},	  {STR_INIT("@qq"), STR_INIT("@qq.com")},
		{STR_INIT("@163"), STR_INIT("@163.com")}, {STR_INIT("@126"), STR_INIT("@126.com")},
		{STR_INIT("qqcom"), STR_INIT("qq.com")},  {STR_INIT("163com"), STR_INIT("163.com")},
	};
	char *p = arena_alloc(a, s.n + 8);
	size_t n = 0;

	for (size_t i = 0; i < s.n;) {
		uint32_t c = utf8_next(s, &i);

		if (c == ',' || c == 0x3002 || c == ';')
			c = '.';
		if ((c == '@' && n && p[n - 1] == '@') || (c == '.' && n && p[n - 1] == '.'))
			continue;
		n += utf8_put(c, p + n);
	}
	for (size_t i = 0; i < sizeof(slips) / sizeof(slips[0]); i++) {
		if (!str_ends((struct str){p, n}, slips[i][0]))
			continue;
		n -= slips[i][0].n;
		memcpy(p + n, slips[i][1].p, slips[i][1].n);
		n += slips[i][1].n;
		break;
	}
	return (struct str){p, n};
}

void email_check(const struct reference *ref, struct str raw, struct arena *a, struct verdict *out)
{
	struct str s = form_text(a, raw), guess;

	if (str_starts(s, STR("mailto:")))
		s = str_span(s.p + 7, s.p + s.n);
	if (str_has(s, STR(" "))) {
		char *p = arena_alloc(a, s.n);
		size_t n = 0;

		for (size_t i = 0; i < s.n; i++)
			if (s.p[i] != ' ')
				p[n++] = s.p[i];
		s = (struct str){p, n};
	}
	verdict_start(out, s);
	if (!s.n)
		return;
	if (is_placeholder(ref, PLACEHOLDER_EMAIL, s)) {
		verdict_add(out, REASON_email_placeholder, FINDING_WRONG, s);
		return;
	}
	guess = email_guess(a, s);
	if (email_fits(s)) {
		/* .con is no domain of the Internet, whatever its form. */
		if (str_ends(s, STR(".con")) || str_ends(s, STR(".cmo")) ||
		    str_ends(s, STR(".ocm"))) {
			verdict_add(out, REASON_email_domain, FINDING_WRONG, s);
			out->suggestion = guess;
		}
		return;
	}
	verdict_add(out, REASON_email_shape, FINDING_WRONG, s);
	if (email_fits(guess))
		out->suggestion = guess;
}

/* ---- numbers ---- */

enum { MOST_DIGITS = 30 }; /* of a number, those before and behind its point */

struct decimal {
	bool negative;
	char digits[MOST_DIGITS + 18]; /* without a point; and what its unit adds */
	size_t n, fraction; /* how many of them stand behind the point */
};

static struct str without_unit(struct str s, int *power)
{
	static const struct str units[] = {
		STR_INIT("人民币"), STR_INIT("元整"), STR_INIT("元"),	STR_INIT("圆"),
		STR_INIT("RMB"),    STR_INIT("CNY"),  STR_INIT("公里"), STR_INIT("千米"),
		STR_INIT("KM"),	    STR_INIT("个月"), STR_INIT("期"),	STR_INIT("月"),
		STR_INIT("分"),	    STR_INIT("次"),   STR_INIT("年"),
	};
	static const struct str front[] = {STR_INIT("人民币"), STR_INIT("RMB"), STR_INIT("CNY"),
					   STR_INIT("¥"),      STR_INIT("￥"),	STR_INIT("$")};

	for (size_t i = 0; i < sizeof(front) / sizeof(front[0]); i++)
		if (str_starts(s, front[i]))
			s = str_trim(str_span(s.p + front[i].n, s.p + s.n));
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (s.n > units[i].n && str_ends(s, units[i])) {
			s = str_trim((struct str){s.p, s.n - units[i].n});
			break;
		}
	}
	*power = 0;
	if (str_ends(s, STR("万")) || str_ends(s, STR("萬"))) {
		*power = 4;
		s = str_trim((struct str){s.p, s.n - 3});
	} else if (str_ends(s, STR("千"))) {
		*power = 3;
		s = str_trim((struct str){s.p, s.n - 3});
	}
	return s;
}

/* A comma belongs between groups of three digits before the point, nowhere else. */
static bool grouping_fits(struct str s)
{
	size_t run = 0;
	bool comma = false;

	for (size_t i = 0; i <= s.n; i++) {
		if (i < s.n && is_digit(s.p[i])) {
			run++;
			continue;
		}
		if (comma && run != 3)
			return false;
		if (i < s.n && s.p[i] == ',' && (run == 0 || run > 3))
			return false;
		if (i == s.n || s.p[i] != ',')
			return true;
		comma = true;
		run = 0;
	}
	return true;
}

static bool decimal_read(struct str s, struct decimal *d)
{
	bool point = false, any = false;

	memset(d, 0, sizeof(*d));
	if (s.n >= 2 && s.p[0] == '(' && s.p[s.n - 1] == ')') {
		d->negative = true;
		s = str_span(s.p + 1, s.p + s.n - 1);
	}
	if (s.n && (s.p[0] == '-' || s.p[0] == '+')) {
		d->negative ^= s.p[0] == '-';
		s = str_span(s.p + 1, s.p + s.n);
	}
	if (str_has(s, STR(",")) && !grouping_fits(s))
		return false;
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == ',' && !point)
			continue;
		if (s.p[i] == '.' && !point) {
			point = true;
			continue;
		}
		if (!is_digit(s.p[i]) || d->n == MOST_DIGITS)
			return false;
		any = true;
		if (d->n == 0 && !point && s.p[i] == '0')
			continue;
		d->digits[d->n++] = s.p[i];
		d->fraction += point;
	}
	return any;
}

/* Java writes 1.25E7 for 12500000, exactly; a spreadsheet's 1.25E+07 has been rounded. */
static bool java_double(struct str s, struct decimal *d, int *power, struct arena *a)
{
	struct str mantissa;
	unsigned exponent;

	if (str_has(s, STR("+")) || !form_scientific(s, &mantissa, &exponent, a) || exponent > 15 ||
	    mantissa.n > 17)
		return false;
	memset(d, 0, sizeof(*d));
	memcpy(d->digits, mantissa.p, mantissa.n);
	d->n = mantissa.n;
	d->fraction = mantissa.n - 1;
	*power = (int)exponent;
	return true;
}

static struct str decimal_text(struct decimal *d, int power, struct arena *a)
{
	size_t zeros = 0, whole;

	for (; power > 0; power--) {
		if (d->fraction)
			d->fraction--;
		else
			d->digits[d->n++] = '0';
	}
	whole = d->n - d->fraction;
	while (zeros + 1 < whole && d->digits[zeros] == '0')
		zeros++;
	return str_printf(a, "%s%.*s%s%.*s", d->negative ? "-" : "",
			  whole ? (int)(whole - zeros) : 1, whole ? d->digits + zeros : "0",
			  d->fraction ? "." : "", (int)d->fraction, d->digits + whole);
}

/* Digits with a point or none, as most systems write them. */
static bool plain_number(const struct number_context *context, struct str raw)
{
	size_t points = 0;

	if (!raw.n || raw.n > 9 || !is_digit(raw.p[0]) || !is_digit(raw.p[raw.n - 1]) ||
	    (raw.n > 1 && raw.p[0] == '0' && raw.p[1] != '.') ||
	    (context->max && context->max < 1e9))
		return false;
	for (size_t i = 0; i < raw.n; i++) {
		if (raw.p[i] == '.' && !context->whole)
			points++;
		else if (!is_digit(raw.p[i]))
			return false;
	}
	return points < 2;
}

void number_check(const struct number_context *context, struct str raw, struct arena *a,
		  struct verdict *out)
{
	struct str s;
	struct decimal d;
	double amount = 0;
	int power, exponent = 0;
	bool whole = true;

	verdict_start(out, raw);
	if (plain_number(context, raw))
		return;
	out->value = s = text_upper(a, form_text(a, raw));
	if (!s.n)
		return;
	s = without_unit(s, &power);
	if (!decimal_read(s, &d) && !java_double(s, &d, &exponent, a)) {
		verdict_add(out, REASON_number_unreadable, FINDING_WRONG, out->value);
		return;
	}
	s = decimal_text(&d, power + exponent, a);
	if (d.n > MOST_DIGITS) { /* its unit made it longer than what is read */
		verdict_add(out, REASON_number_unreadable, FINDING_WRONG, out->value);
		return;
	}
	out->value = s;
	for (size_t i = d.n - d.fraction; i < d.n; i++)
		whole &= d.digits[i] == '0';
	if (context->whole && whole && d.fraction)
		out->value.n -= d.fraction + 1;
	str_double(out->value, &amount);
	if (d.negative && amount == 0)
		out->value = str_span(out->value.p + 1, out->value.p + out->value.n);
	if (d.negative && !context->negative && amount < 0)
		verdict_add(out, REASON_number_negative, FINDING_WRONG, out->value);
	else if (context->max > 0 && amount > context->max)
		verdict_add(out, REASON_number_range, FINDING_WRONG, out->value);
	else if (context->whole && !whole)
		verdict_add(out, REASON_number_whole, FINDING_DOUBT, out->value);
}
