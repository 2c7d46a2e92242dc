/* The numbers and words of a date, in the order in which they stand. */
#include "clock_time.h"
#include "form.h"

static int chinese_digit(uint32_t c)
{
	static const uint32_t digits[] = U"〇一二三四五六七八九",
			      formal[] = U"零壹贰叁肆伍陆柒捌玖";

	for (int i = 0; i < 10; i++)
		if (digits[i] == c || formal[i] == c)
			return i;
	return c == U'○' ? 0 : c == U'元' ? -1 : c == U'十' || c == U'拾' ? 10 : -1;
}

struct str without_chinese_digits(struct arena *a, struct str s)
{
	char *p = arena_alloc(a, s.n * 2 + 2);
	size_t n = 0;
	int pending = -1;
	bool tens = false, found = false;

	for (size_t i = 0; i < s.n;) {
		size_t start = i;
		uint32_t c = utf8_next(s, &i);
		int digit = c < 0x80 ? -1 : chinese_digit(c);

		if (digit < 0) {
			if (tens)
				p[n++] = '0';
			tens = false;
			pending = -1;
			memcpy(p + n, s.p + start, i - start);
			n += i - start;
			continue;
		}
		found = true;
		if (digit == 10) {
			if (pending < 0)
				p[n++] = '1';
			tens = true;
		} else {
			p[n++] = (char)('0' + digit);
			tens = false;
			pending = digit;
		}
	}
	if (tens)
		p[n++] = '0';
	return found ? (struct str){p, n} : s;
}

static int month_named(struct str word)
{
	static const char names[] = "JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC";

	for (int i = 0; word.n >= 3 && i < 12; i++)
		if (memcmp(word.p, names + (size_t)i * 3, 3) == 0)
			return i + 1;
	return 0;
}

static bool day_named(struct str word)
{
	static const char names[] = "MONTUEWEDTHUFRISATSUN";

	for (size_t i = 0; word.n >= 3 && i < 7; i++)
		if (memcmp(word.p, names + i * 3, 3) == 0)
			return true;
	return false;
}

static size_t read_word(struct str s, size_t i, struct reading *r)
{
	size_t end = i;
	struct str word;

	while (end < s.n && is_upper(s.p[end]))
		end++;
	word = str_span(s.p + i, s.p + end);
	if (month_named(word) && r->n < TOKENS_MAX)
		r->tokens[r->n++] = (struct token){month_named(word), 0, 'm', 0};
	else if (!day_named(word) && !str_eq(word, STR("T")) && !str_eq(word, STR("TH")) &&
		 !str_eq(word, STR("CST")))
		r->strange = true;
	return end;
}

static void read_mark(uint32_t c, struct reading *r)
{
	struct token *last = r->n ? &r->tokens[r->n - 1] : NULL;
	char role = c == U'年' ? 'y' : c == U'月' ? 'm' : c == U'日' || c == U'号' ? 'd' : 0;

	if (last && role && !last->role)
		last->role = role;
	else if (last && (c == '-' || c == '/' || c == '.' || c == ' ' || c == ','))
		last->separator = last->separator && c == ' ' ? last->separator
				  : c == ','		      ? ' '
							      : (char)c;
	else
		r->strange |= !(c == ' ' || c == ',' || c == U'星' || c == U'期' || c == U'周');
}

/* A weekday, 星期三, is passed over. */
static size_t read_weekday(struct str s, size_t i)
{
	static const struct str words[] = {STR_INIT("星期"), STR_INIT("周")};

	for (int k = 0; k < 2; k++) {
		struct str rest = str_span(s.p + i, s.p + s.n);

		if (str_starts(rest, words[k])) {
			size_t next = i + words[k].n;

			if (next < s.n && is_digit(s.p[next]))
				return next + 1;
			if (next < s.n)
				utf8_next(s, &next);
			return next;
		}
	}
	return i;
}

void read_tokens(struct str s, struct reading *r)
{
	for (size_t i = 0; i < s.n;) {
		size_t behind = read_weekday(s, i);

		if (behind > i) {
			i = behind;
		} else if (is_digit(s.p[i])) {
			struct token t = {0};

			i = read_number(s, i, &t.value, &t.digits);
			if (r->n == TOKENS_MAX) {
				r->strange = true;
				return;
			}
			r->tokens[r->n++] = t;
		} else if (is_upper(s.p[i])) {
			i = read_word(s, i, r);
		} else {
			read_mark(utf8_next(s, &i), r);
		}
	}
}
