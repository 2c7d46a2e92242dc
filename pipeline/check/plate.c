/*
 * GA 36-2018: province, office, serial of five; new energy six, where a letter of
 * D A B C E (battery electric) or F G H J K (other) stands first (small cars) or last (large).
 * No I and O in a serial: they were typed for 1 and 0.
 */
#include "plate.h"

#include "form.h"
#include "tables.h"
#include "text.h"

enum { PLATE_MAX = 16 };

struct characters {
	uint32_t c[PLATE_MAX];
	size_t n;
};

static const char new_energy[] = "DABCEFGHJK";

static bool is_separator(uint32_t c)
{
	return c == 0xB7 || c == 0x2022 || c == 0x2027 || c == 0x30FB || c == '-' || c == '.' ||
	       c == '_' || c == ' ' || c == 0x2014 || c == '*' || c == '(' || c == ')';
}

/* Traditional and wrongly picked characters for provinces. */
static uint32_t province_meant(uint32_t c)
{
	static const uint32_t pairs[][2] = {
		{U'晥', U'皖'}, {U'穿', U'川'}, {U'遼', U'辽'}, {U'滬', U'沪'},
		{U'蘇', U'苏'}, {U'閩', U'闽'}, {U'贛', U'赣'}, {U'魯', U'鲁'},
		{U'粵', U'粤'}, {U'瓊', U'琼'}, {U'貴', U'贵'}, {U'雲', U'云'},
		{U'陝', U'陕'}, {U'寧', U'宁'}, {U'翼', U'冀'}, {U'愉', U'渝'},
	};

	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
		if (pairs[i][0] == c)
			return pairs[i][1];
	return c;
}

static bool is_province(const struct reference *ref, uint32_t c)
{
	char utf8[4];

	return map_get(&ref->plate_provinces, (struct str){utf8, utf8_put(c, utf8)}) != NULL;
}

static bool digit_at(const struct characters *p, size_t i)
{
	return i < p->n && p->c[i] >= '0' && p->c[i] <= '9';
}

static bool serial_at(const struct characters *p, size_t i)
{
	return digit_at(p, i) ||
	       (i < p->n && p->c[i] >= 'A' && p->c[i] <= 'Z' && p->c[i] != 'I' && p->c[i] != 'O');
}

static bool digits_between(const struct characters *p, size_t from, size_t to)
{
	while (from < to && digit_at(p, from))
		from++;
	return from == to;
}

static bool serial_between(const struct characters *p, size_t from, size_t to)
{
	while (from < to && serial_at(p, from))
		from++;
	return from == to;
}

static bool energy_letter(const struct characters *p, size_t i)
{
	return p->c[i] < 0x80 && p->c[i] && strchr(new_energy, (char)p->c[i]);
}

static enum plate_kind ending_kind(uint32_t c)
{
	switch (c) {
	case U'挂':
		return PLATE_TRAILER;
	case U'学':
		return PLATE_LEARNER;
	case U'警':
		return PLATE_POLICE;
	case U'港':
	case U'澳':
		return PLATE_HONG_KONG_MACAU;
	case U'领':
		return PLATE_CONSULATE;
	case U'使':
		return PLATE_EMBASSY;
	case U'试':
	case U'超':
		return PLATE_ORDINARY;
	default:
		return PLATE_NONE;
	}
}

/* Plates that start with no province: 使, WJ, two letters of the army, 临. */
static enum plate_kind special_kind(const struct reference *ref, const struct characters *p)
{
	if (p->c[0] == U'使' && p->n == 7 && digits_between(p, 1, 7))
		return PLATE_EMBASSY;
	if (p->n == 7 && p->c[6] == U'使' && digits_between(p, 0, 6))
		return PLATE_EMBASSY;
	if (p->c[0] == 'W' && p->n >= 7 && p->n <= 9 && p->c[1] == 'J')
		return is_province(ref, p->c[2])
			       ? serial_between(p, 3, p->n) ? PLATE_ARMED_POLICE : PLATE_NONE
		       : digits_between(p, 2, p->n - 1) ? PLATE_ARMED_POLICE
							: PLATE_NONE;
	if (p->n == 7 && p->c[0] >= 'A' && p->c[0] <= 'Z' && p->c[1] >= 'A' && p->c[1] <= 'Z' &&
	    digits_between(p, 2, 7))
		return PLATE_ARMY;
	return PLATE_NONE;
}

/* Of a plate that starts with a province: a letter stands for the office, but on a consulate's older
 * plates (闽20401领) there is none. */
static enum plate_kind civil_kind(const struct characters *p)
{
	if (p->n == 7 && p->c[6] == U'领' && digits_between(p, 1, 6))
		return PLATE_CONSULATE;
	if (p->c[1] < 'A' || p->c[1] > 'Z' || p->c[1] == 'I')
		return PLATE_NONE;
	if (p->n == 7 && serial_between(p, 2, 7))
		return PLATE_ORDINARY;
	if (p->n == 7 && serial_between(p, 2, 6))
		return ending_kind(p->c[6]);
	if (p->n == 8 && energy_letter(p, 2) && serial_at(p, 3) && digits_between(p, 4, 8))
		return PLATE_NEW_ENERGY;
	if (p->n == 8 && digits_between(p, 2, 7) && energy_letter(p, 7))
		return PLATE_NEW_ENERGY;
	if (p->n == 8 && p->c[6] == U'应' && p->c[7] == U'急' && serial_between(p, 2, 6))
		return PLATE_ORDINARY;
	if (p->n == 8 && p->c[2] == U'临' && serial_between(p, 3, 8))
		return PLATE_TEMPORARY;
	return PLATE_NONE;
}

static void read_characters(struct str s, struct characters *p)
{
	p->n = 0;
	for (size_t i = 0; i < s.n && p->n < PLATE_MAX;) {
		uint32_t c = utf8_next(s, &i);

		if (!is_separator(c))
			p->c[p->n++] = c;
	}
}

static struct str text_of(const struct characters *p, struct arena *a)
{
	char *out = arena_alloc(a, PLATE_MAX * 4);
	size_t n = 0;

	for (size_t i = 0; i < p->n; i++)
		n += utf8_put(p->c[i], out + n);
	return (struct str){out, n};
}

/* True where something was put right. */
static bool look_alikes_undone(const struct reference *ref, struct characters *p)
{
	bool changed = false;

	if (p->n && !is_province(ref, p->c[0]) && is_province(ref, province_meant(p->c[0]))) {
		p->c[0] = province_meant(p->c[0]);
		changed = true;
	}
	for (size_t i = 2; i < p->n; i++) {
		if (p->c[i] != 'O' && p->c[i] != 'I')
			continue;
		p->c[i] = p->c[i] == 'O' ? '0' : '1';
		changed = true;
	}
	return changed;
}

static void fault_tell(const struct reference *ref, const struct characters *p, struct arena *a,
		       struct verdict *v)
{
	char utf8[4];
	size_t at = 0;

	if (!is_province(ref, p->c[0])) {
		struct str first = {utf8, utf8_put(p->c[0], utf8)};

		verdict_add(v, REASON_plate_province, FINDING_WRONG, str_keep(a, first));
		return;
	}
	if (p->n < 7 || p->n > 8) {
		verdict_add(v, REASON_plate_length, FINDING_WRONG, str_printf(a, "%zu", p->n));
		return;
	}
	if (p->c[1] >= 'A' && p->c[1] <= 'Z')
		for (at = 2; at + 1 < p->n && serial_at(p, at);)
			at++;
	else
		at = 1;
	if (p->n == 8 && serial_between(p, 2, 8))
		at = 2;
	verdict_add(v, REASON_plate_character, FINDING_WRONG,
		    str_keep(a, (struct str){utf8, utf8_put(p->c[at], utf8)}));
}

void plate_check(const struct reference *ref, struct str raw, struct arena *a, struct plate *out)
{
	struct verdict *v = &out->verdict;
	struct str code = form_code(a, raw, " ");
	struct characters p;
	bool undone;

	out->kind = PLATE_NONE;
	verdict_start(v, code);
	if (!code.n)
		return;
	read_characters(code, &p);
	v->value = text_of(&p, a);
	if (!p.n || is_placeholder(ref, PLACEHOLDER_PLATE, v->value)) {
		verdict_add(v, REASON_plate_placeholder, FINDING_WRONG, code);
		return;
	}
	out->kind = special_kind(ref, &p);
	if (out->kind != PLATE_NONE)
		return;
	undone = look_alikes_undone(ref, &p);
	if (p.n >= 2 && is_province(ref, p.c[0]))
		out->kind = civil_kind(&p);
	if (out->kind == PLATE_NONE) {
		fault_tell(ref, &p, a, v);
		return;
	}
	if (undone) {
		struct str was = v->value;

		v->value = text_of(&p, a);
		verdict_add(v, REASON_plate_look_alike, FINDING_FIXED, was);
	}
}
