/*
 * Private numbers in free text. A number is a token of digits that touches no other letter
 * or digit (so nothing inside a VIN or an order number with letters is one), or a group of
 * tokens as people write phones: 138 0013 8000, 138-0013-8000, 010-66554433.
 */
#include "free_text.h"

enum { MAX_GROUP = 3 };

struct token {
	size_t at, n;
	bool digits; /* nothing but digits */
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_word(char c)
{
	return is_digit(c) || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* The token that starts at i or behind it. */
static bool next_token(struct str text, size_t i, struct token *t)
{
	while (i < text.n && !is_word(text.p[i]))
		i++;
	if (i == text.n)
		return false;
	*t = (struct token){i, 0, true};
	for (; i < text.n && is_word(text.p[i]); i++, t->n++)
		t->digits &= is_digit(text.p[i]);
	return true;
}

static int two_digits(const char *p)
{
	return (p[0] - '0') * 10 + p[1] - '0';
}

/* Month and day as in any number that tells a birth date. */
static bool is_month_day(const char *p)
{
	int month = two_digits(p), day = two_digits(p + 2);

	return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

/* By its shape alone: a number with a typing error is as private as a right one. */
static bool is_id_number(const char *p, struct token t)
{
	bool x = t.n == 18 && (p[17] == 'X' || p[17] == 'x');

	if (t.n != 18 && t.n != 15)
		return false;
	for (size_t i = 0; i < t.n - x; i++)
		if (!is_digit(p[i]))
			return false;
	return is_month_day(p + (t.n == 18 ? 10 : 8));
}

static bool is_mobile(const char *p, size_t n)
{
	return n == 11 && p[0] == '1' && p[1] >= '3';
}

static bool is_whole_phone(const char *p, size_t n)
{
	return is_mobile(p, n) || (n >= 10 && n <= 12 && p[0] == '0') ||
	       (n == 13 && p[0] == '8' && p[1] == '6' && is_mobile(p + 2, n - 2));
}

/* Whether the tokens from `first` on are one number, each parted from the next by a single
 * space or dash; *end is behind it. */
static bool is_phone(struct str text, struct token first, size_t *end)
{
	struct token t[MAX_GROUP] = {first};
	const char *p = text.p + first.at;
	size_t n = 1;

	if (is_whole_phone(p, first.n)) {
		*end = first.at + first.n;
		return true;
	}
	while (n < MAX_GROUP) {
		size_t behind = t[n - 1].at + t[n - 1].n;

		if (!next_token(text, behind, &t[n]) || !t[n].digits || t[n].at != behind + 1 ||
		    (text.p[behind] != ' ' && text.p[behind] != '-'))
			break;
		n++;
	}
	if (n == 3 && first.n == 3 && p[0] == '1' && p[1] >= '3' && t[1].n == 4 && t[2].n == 4) {
		*end = t[2].at + t[2].n;
		return true;
	}
	if (n >= 2 && p[0] == '0' && (first.n == 3 || first.n == 4) &&
	    (t[1].n == 7 || t[1].n == 8)) {
		*end = t[1].at + t[1].n;
		return true;
	}
	return false;
}

static void hide(char *p, size_t n, size_t front, size_t back)
{
	for (size_t i = front; i + back < n; i++)
		if (is_word(p[i]))
			p[i] = '*';
}

static bool mask_once(struct str *text, struct arena *a)
{
	struct token t;
	char *out = NULL;

	for (size_t i = 0; next_token(*text, i, &t);) {
		size_t end = t.at + t.n;
		bool id = is_id_number(text->p + t.at, t);

		if (id || (t.digits && is_phone(*text, t, &end))) {
			if (!out)
				out = (char *)str_keep(a, *text).p;
			hide(out + t.at, end - t.at, id ? 1 : 3, id ? 2 : 4);
		}
		i = end;
	}
	if (out)
		text->p = out;
	return out != NULL;
}

/* What stays of one number may look like another beside its neighbour. */
struct str private_masked(struct str text, struct arena *a)
{
	while (mask_once(&text, a))
		continue;
	return text;
}
