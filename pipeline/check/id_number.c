/*
 * GB 11643-1999: region (6), birth date (8), sequence (3, odd: male), check character by ISO
 * 7064 MOD 11-2. The 1989 form has 15 digits, a year of two and no check character.
 *
 * Each fault is told that does not follow from another one: a wrong length hides the rest,
 * and a county that does not exist is not told where the check character fails too (one slip
 * makes both).
 */
#include "id_number.h"

#include "date.h"
#include "form.h"
#include "tables.h"
#include "uscc.h"

#define LONGEST_LIFE 120 /* years; the oldest number met is told above 100 */
#define DAYS_OF_YEARS(n) ((n) * 365 + (n) / 4)

struct str id_type_name(enum id_type type)
{
	static const struct str names[ID_TYPE_COUNT] = {
		STR_INIT(""), STR_INIT("resident"), STR_INIT("passport"),
		STR_INIT("hk_macau_permit"), STR_INIT("taiwan_permit"),
		STR_INIT("foreign_resident"), STR_INIT("military"), STR_INIT("uscc"),
		STR_INIT("org_code"),
	};

	return names[type];
}

enum id_type id_type_find(struct str name)
{
	for (enum id_type type = ID_TYPE_RESIDENT; type < ID_TYPE_COUNT; type++)
		if (str_eq(id_type_name(type), name))
			return type;
	return ID_TYPE_NONE;
}

int id_number_check_character(const char *seventeen)
{
	static const uint8_t weights[17] = { 7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2 };
	unsigned sum = 0, bad = 0;

	for (int i = 0; i < 17; i++) {
		unsigned digit = (uint8_t)seventeen[i] - (unsigned)'0';

		bad |= digit > 9;
		sum += digit * weights[i];
	}
	return bad ? -1 : "10X98765432"[sum % 11];
}

static unsigned two_digits(const char *p)
{
	return (unsigned)(p[0] - '0') * 10 + (unsigned)(p[1] - '0');
}

/* Day number of YYYYMMDD (digits), INT32_MIN where there is no such day. */
static int32_t birth_day(const char *eight)
{
	unsigned year = two_digits(eight) * 100 + two_digits(eight + 2);

	return date_make((int)year, (int)two_digits(eight + 4), (int)two_digits(eight + 6));
}

static uint32_t region_code(const char *six)
{
	return (uint32_t)(two_digits(six) * 10000 + two_digits(six + 2) * 100 + two_digits(six + 4));
}

bool id_number_holds(struct str value)
{
	return value.n == 18 && id_number_check_character(value.p) == value.p[17] &&
	       birth_day(value.p + 6) != INT32_MIN;
}

static bool all_digits(struct str s, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		if (!is_digit(s.p[i]))
			return false;
	return true;
}

static void person_facts(struct id_number *out)
{
	const char *p = out->verdict.value.p;
	char *d = out->birth_date;

	memcpy(d, p + 6, 4);
	d[4] = d[7] = '-';
	memcpy(d + 5, p + 10, 2);
	memcpy(d + 8, p + 12, 2);
	out->gender = (p[16] - '0') % 2 ? 'M' : 'F';
}

/* The usual value, at once: nothing to repair, nothing to doubt. */
static bool resident_at_once(const struct reference *ref, const struct id_context *context,
			     struct str raw, struct id_number *out)
{
	int32_t born;

	if (raw.n != 18 || raw.p[0] == '9' || context->stated > ID_TYPE_RESIDENT ||
	    id_number_check_character(raw.p) != raw.p[17])
		return false;
	born = birth_day(raw.p + 6);
	if (born == INT32_MIN || !region_is_known(ref, region_code(raw.p)) ||
	    (context->spreadsheet && memcmp(raw.p + 15, "000", 3) == 0))
		return false;
	if (context->today &&
	    (born > context->today || born < context->today - DAYS_OF_YEARS(100)))
		return false;
	for (size_t i = 0; i < ref->n_placeholder_ids; i++)
		if (memcmp(ref->placeholder_ids[i], raw.p, 18) == 0)
			return false;
	verdict_start(&out->verdict, raw);
	out->type = ID_TYPE_RESIDENT;
	out->region = region_code(raw.p);
	person_facts(out);
	return true;
}

/* The birth date of an 18-character number whose digits 7-14 are digits. */
static bool birth_judge(const struct id_context *context, struct id_number *out)
{
	struct verdict *v = &out->verdict;
	struct str date = { v->value.p + 6, 8 };
	int32_t born = birth_day(date.p);

	if (born == INT32_MIN || date.p[0] == '0')
		verdict_add(v, REASON_id_birth_impossible, FINDING_WRONG, date);
	else if (context->today && born > context->today)
		verdict_add(v, REASON_id_birth_future, FINDING_WRONG, date);
	else if (context->today && born < context->today - DAYS_OF_YEARS(LONGEST_LIFE))
		verdict_add(v, REASON_id_birth_too_old, FINDING_WRONG, date);
	else if (context->today && born < context->today - DAYS_OF_YEARS(100))
		verdict_add(v, REASON_id_birth_too_old, FINDING_DOUBT, date);
	else
		return true;
	return !verdict_first(v, FINDING_WRONG);
}

/* 810000, 820000 and 830000 are the residence permits since 2018. */
static void region_judge(const struct reference *ref, bool checksum_holds, struct id_number *out)
{
	struct verdict *v = &out->verdict;
	uint32_t code = region_code(v->value.p);

	if (!region_province(ref, code))
		verdict_add(v, REASON_id_province, FINDING_WRONG, (struct str){ v->value.p, 2 });
	else if (checksum_holds && !region_is_known(ref, code))
		verdict_add(v, REASON_id_county, FINDING_DOUBT, (struct str){ v->value.p, 6 });
	else
		out->region = region_is_known(ref, code) ? code : 0;
}

static void foreign_judge(const struct reference *ref, const struct id_context *context,
			  struct id_number *out)
{
	struct verdict *v = &out->verdict;
	const char *p = v->value.p;
	bool holds = id_number_check_character(p) == p[17];

	out->type = ID_TYPE_FOREIGN_RESIDENT;
	if (!region_province(ref, two_digits(p + 1) * 10000))
		verdict_add(v, REASON_id_province, FINDING_WRONG, (struct str){ p + 1, 2 });
	else if (holds && !ref->nations[two_digits(p + 3) * 10 + (unsigned)(p[5] - '0')])
		verdict_add(v, REASON_id_nation, FINDING_DOUBT, (struct str){ p + 3, 3 });
	birth_judge(context, out);
	if (!holds)
		verdict_add(v, REASON_id_checksum, FINDING_WRONG, (struct str){ p + 17, 1 });
	if (verdict_usable(v))
		person_facts(out);
}

static void eighteen_judge(const struct reference *ref, const struct id_context *context,
			   struct id_number *out)
{
	struct verdict *v = &out->verdict;
	const char *p = v->value.p;
	bool holds = id_number_check_character(p) == p[17];

	if (p[0] == '9') {
		foreign_judge(ref, context, out);
		return;
	}
	out->type = ID_TYPE_RESIDENT;
	/* A number that Excel cut has 15 true digits; 9 % of those pass by chance, which is
	 * why the column as a whole is asked too. */
	if (memcmp(p + 15, "000", 3) == 0 && (context->spreadsheet || !holds)) {
		verdict_add(v, REASON_id_zeros, FINDING_WRONG, STR("000"));
		return;
	}
	region_judge(ref, holds, out);
	birth_judge(context, out);
	if (!holds)
		verdict_add(v, REASON_id_checksum, FINDING_WRONG, (struct str){ p + 17, 1 });
	if (verdict_usable(v))
		person_facts(out);
}

/* Sequences 996 to 999 were kept for people over a hundred: born in 18xx. */
static struct str to_eighteen(struct arena *a, struct str fifteen)
{
	char *p = arena_alloc(a, 18);

	memcpy(p, fifteen.p, 6);
	memcpy(p + 6, memcmp(fifteen.p + 12, "996", 3) >= 0 ? "18" : "19", 2);
	memcpy(p + 8, fifteen.p + 6, 9);
	p[17] = (char)id_number_check_character(p);
	return (struct str){ p, 18 };
}

static void fifteen_judge(const struct reference *ref, const struct id_context *context,
			  struct arena *a, struct id_number *out)
{
	struct verdict *v = &out->verdict;
	struct str old = v->value, full = to_eighteen(a, old);
	bool old_date = birth_day(full.p + 6) != INT32_MIN;

	out->type = ID_TYPE_RESIDENT;
	/* Where YYMMDD is no date but the next two digits make YYYYMMDD one, this is the head
	 * of a number of 18. */
	if (!old_date && (memcmp(old.p + 6, "19", 2) == 0 || memcmp(old.p + 6, "20", 2) == 0) &&
	    birth_day(old.p + 6) != INT32_MIN) {
		verdict_add(v, REASON_id_length, FINDING_WRONG, STR("15"));
		return;
	}
	v->value = full;
	region_judge(ref, true, out);
	birth_judge(context, out);
	if (verdict_usable(v)) {
		verdict_add(v, REASON_id_old_form, FINDING_FIXED, old);
		person_facts(out);
	} else {
		v->value = old;
	}
}

/* What people type for the X at the end, and O and I for 0 and 1. */
static char meant_by(uint32_t c, bool last)
{
	switch (c) {
	case 0xD7: /* × */
	case 0x425: /* Cyrillic Х, х */
	case 0x445:
	case 0x3A7: /* Greek Χ, χ */
	case 0x3C7:
	case '*':
	case 0x2715: /* ✕ */
		return last ? 'X' : 0;
	case 'O':
	case 0x41E: /* Cyrillic О */
	case 0x39F: /* Greek Ο */
		return '0';
	case 'I':
	case 'L':
	case '|':
		return '1';
	default:
		return 0;
	}
}

/* The value with its look-alikes undone in *repaired; `odd` is the first character that is
 * no digit where one must be. False where one of them looks like nothing. */
static bool look_alikes_undone(struct str value, char repaired[18], struct str *odd)
{
	size_t at = 0;
	bool ok = true;

	odd->n = 0;
	for (size_t i = 0; i < value.n && at < 18; at++) {
		size_t start = i;
		uint32_t c = utf8_next(value, &i);

		repaired[at] = c < 0x80 ? (char)c : '?';
		if (is_digit(repaired[at]) || (at == 17 && c == 'X'))
			continue;
		if (!odd->n)
			*odd = str_span(value.p + start, value.p + i);
		repaired[at] = meant_by(c, at == 17);
		ok &= repaired[at] != 0;
	}
	return ok;
}

/* The one digit for the one hole that the check character leaves. */
static void hole_suggest(const struct id_context *context, struct arena *a, struct str value,
			 struct verdict *v)
{
	size_t hole = 18, found = 0;
	struct str candidate = { NULL, 0 };

	for (size_t i = 0; value.n == 18 && i < 18; i++) {
		if (is_digit(value.p[i]) || (i == 17 && value.p[i] == 'X'))
			continue;
		if (hole != 18)
			return;
		hole = i;
	}
	for (char c = '0'; hole < 17 && c <= '9'; c++) {
		struct str filled = form_with(a, value, hole, c);

		if (!id_number_holds(filled) ||
		    (context->today && birth_day(filled.p + 6) > context->today))
			continue;
		candidate = filled;
		found++;
	}
	if (found == 1)
		v->suggestion = candidate;
}

static size_t astray(struct str eighteen)
{
	size_t n = 0;

	for (size_t i = 0; i < 18; i++)
		n += !is_digit(eighteen.p[i]) && !(i == 17 && eighteen.p[i] == 'X');
	return n;
}

static void characters_judge(const struct reference *ref, const struct id_context *context,
			     struct arena *a, struct id_number *out)
{
	struct verdict *v = &out->verdict;
	char repaired[18];
	struct str odd, whole = { repaired, 18 };

	out->type = ID_TYPE_RESIDENT;
	if (look_alikes_undone(v->value, repaired, &odd) && id_number_holds(whole) &&
	    region_province(ref, region_code(repaired))) {
		v->value = str_keep(a, whole);
		eighteen_judge(ref, context, out);
		verdict_add(v, REASON_id_look_alike, FINDING_FIXED, odd);
		return;
	}
	verdict_add(v, REASON_id_character, FINDING_WRONG, odd);
	hole_suggest(context, a, v->value, v);
	/* With two characters astray it is another kind of number, of which nothing follows. */
	if (v->value.n != 18 || astray(v->value) > 1)
		return;
	if (all_digits(v->value, 0, 6))
		region_judge(ref, false, out);
	if (all_digits(v->value, 6, 14))
		birth_judge(context, out);
}

/* 19 digits of which one is too many, often a doubled one: told where one choice holds. */
static void deletion_suggest(struct arena *a, struct str value, struct verdict *v)
{
	char shorter[18];
	bool found = false;

	for (size_t i = 0; i < value.n; i++) {
		struct str candidate = { shorter, 18 };

		memcpy(shorter, value.p, i);
		memcpy(shorter + i, value.p + i + 1, 18 - i);
		if (!id_number_holds(candidate))
			continue;
		if (found && !str_eq(v->suggestion, candidate)) {
			v->suggestion = STR("");
			return;
		}
		found = true;
		v->suggestion = str_keep(a, candidate);
	}
}

static void resident_judge(const struct reference *ref, const struct id_context *context,
			   struct arena *a, struct id_number *out)
{
	struct verdict *v = &out->verdict;
	size_t n = utf8_count(v->value);
	size_t digits = 0;

	out->type = ID_TYPE_RESIDENT;
	for (size_t i = 0; i < v->value.n; i++)
		digits += is_digit(v->value.p[i]);
	if (n == 15 && digits == 15) {
		fifteen_judge(ref, context, a, out);
	} else if (n == 18 && v->value.n == 18 && all_digits(v->value, 0, 17) &&
		   (is_digit(v->value.p[17]) || v->value.p[17] == 'X')) {
		eighteen_judge(ref, context, out);
	} else if (n == 18) {
		characters_judge(ref, context, a, out);
	} else if (!digits || (n == 15 && v->value.n == 15)) {
		verdict_add(v, REASON_id_character, FINDING_WRONG, digits ? STR("") : v->value);
	} else {
		verdict_add(v, REASON_id_length, FINDING_WRONG, str_printf(a, "%zu", n));
		if (n == 19 && v->value.n == 19)
			deletion_suggest(a, v->value, v);
	}
}

/* Shapes of documents whose rules are not public: letters, then so many digits. */
static bool shaped(struct str s, const char *letters, size_t fewest, size_t most)
{
	return s.n >= 1 + fewest && s.n <= 1 + most && strchr(letters, s.p[0]) &&
	       all_digits(s, 1, s.n);
}

static bool old_foreign_card(const struct reference *ref, struct str s)
{
	return s.n == 15 && all_digits(s, 3, 15) && map_get(&ref->countries, (struct str){ s.p, 3 });
}

/* Of Hong Kong and Macau (H, M), of Taiwan (8 digits; the old form 10 and a letter). */
static bool hk_macau_shape(struct str s)
{
	return shaped(s, "HM", 8, 8) || shaped(s, "HM", 10, 10);
}

static bool taiwan_shape(struct str s)
{
	return (s.n == 8 || (s.n >= 10 && s.n <= 12)) && all_digits(s, 0, s.n == 8 ? 8 : 10);
}

static bool passport_shape(struct str s)
{
	size_t digits = 0;

	for (size_t i = 0; i < s.n; i++) {
		if (!is_digit(s.p[i]) && !is_upper(s.p[i]))
			return false;
		digits += is_digit(s.p[i]);
	}
	return s.n >= 5 && s.n <= 15 && digits >= 4;
}

static bool chinese_passport(struct str s)
{
	return shaped(s, "EGDSPK", 7, 8) ||
	       (s.n == 9 && strchr("EDSPM", s.p[0]) && is_upper(s.p[1]) && all_digits(s, 2, 9));
}

static bool military_shape(struct str s)
{
	size_t digits = 0;

	for (size_t i = 0; i < s.n; i++)
		digits += is_digit(s.p[i]);
	return digits >= 4 && digits <= 10;
}

/* A resident's number but for its check character, which by chance fits a company's. */
static bool resident_shape(const struct reference *ref, struct str s)
{
	return all_digits(s, 0, 17) && region_province(ref, region_code(s.p)) &&
	       birth_day(s.p + 6) != INT32_MIN;
}

/* What a number proves itself to be, whatever is stated; ID_TYPE_NONE where it could be a
 * damaged number of any kind. */
static enum id_type proven(const struct reference *ref, struct str s)
{
	if (id_number_holds(s) && region_province(ref, s.p[0] == '9' ? two_digits(s.p + 1) * 10000
								   : region_code(s.p)))
		return s.p[0] == '9' ? ID_TYPE_FOREIGN_RESIDENT : ID_TYPE_RESIDENT;
	if (old_foreign_card(ref, s))
		return ID_TYPE_FOREIGN_RESIDENT;
	if (uscc_holds(ref, s) && !resident_shape(ref, s))
		return ID_TYPE_USCC;
	if (hk_macau_shape(s))
		return ID_TYPE_HK_MACAU_PERMIT;
	if (chinese_passport(s))
		return ID_TYPE_PASSPORT;
	return ID_TYPE_NONE;
}

/* The documents that one word covers in practice: a residence permit is said to be a
 * home-return permit, a foreigner's card an ID card, an old code a new one. */
static bool goes_with(enum id_type stated, enum id_type is, struct str s)
{
	switch (stated) {
	case ID_TYPE_NONE:
		return true;
	case ID_TYPE_RESIDENT:
		return is == ID_TYPE_FOREIGN_RESIDENT;
	case ID_TYPE_HK_MACAU_PERMIT:
	case ID_TYPE_TAIWAN_PERMIT:
		return is == ID_TYPE_RESIDENT && s.p[0] == '8';
	case ID_TYPE_ORG_CODE:
		return is == ID_TYPE_USCC;
	case ID_TYPE_PASSPORT:
	case ID_TYPE_MILITARY:
		/* Foreign passports and military cards have any shape. */
		return is == ID_TYPE_HK_MACAU_PERMIT || is == ID_TYPE_PASSPORT;
	default:
		return false;
	}
}

/* For a number whose kind nobody states and that proves nothing itself. */
static enum id_type likely(const struct reference *ref, const struct id_context *context,
			   struct str s, bool dashed)
{
	bool digits = s.n && all_digits(s, 0, s.n);

	if (context->company)
		return ID_TYPE_USCC;
	if (s.n == 18 && ref->uscc_authorities[(uint8_t)s.p[0]][(uint8_t)s.p[1]] &&
	    (s.p[0] == '9' || is_upper(s.p[0])))
		return s.p[0] == '9' && birth_day(s.p + 6) != INT32_MIN && all_digits(s, 0, 17)
			       ? ID_TYPE_RESIDENT
			       : ID_TYPE_USCC;
	if (org_code_holds(s) && (dashed || !digits))
		return ID_TYPE_ORG_CODE;
	if (s.n == 15 && !digits && old_tax_number_holds(ref, s))
		return ID_TYPE_USCC;
	if (!digits && s.n >= 7 && s.n <= 10 && passport_shape(s))
		return ID_TYPE_PASSPORT;
	return ID_TYPE_RESIDENT;
}

static struct str type_word(enum id_type type)
{
	static const struct str words[ID_TYPE_COUNT] = {
		STR_INIT(""), STR_INIT("居民身份证"), STR_INIT("护照"),
		STR_INIT("港澳居民来往内地通行证"), STR_INIT("台湾居民来往大陆通行证"),
		STR_INIT("外国人永久居留身份证"), STR_INIT("军官证"),
		STR_INIT("统一社会信用代码"), STR_INIT("组织机构代码"),
	};

	return words[type];
}

static void plausible_judge(enum id_type type, struct id_number *out)
{
	struct verdict *v = &out->verdict;
	struct str s = v->value;
	bool fits = type == ID_TYPE_PASSPORT	      ? passport_shape(s)
		    : type == ID_TYPE_HK_MACAU_PERMIT ? hk_macau_shape(s) || s.n == 9 || s.n == 11
		    : type == ID_TYPE_TAIWAN_PERMIT   ? taiwan_shape(s)
						      : military_shape(s);

	out->type = type;
	if (!fits)
		verdict_add(v, REASON_id_type_shape,
			    s.n == 18 && all_digits(s, 0, 17) ? FINDING_WRONG : FINDING_DOUBT, s)
			->expected = type_word(type);
}

static void judge(const struct reference *ref, const struct id_context *context, bool dashed,
		  struct arena *a, struct id_number *out)
{
	struct verdict *v = &out->verdict;
	enum id_type is = proven(ref, v->value), type = context->stated;

	if (is != ID_TYPE_NONE && is != type && !goes_with(type, is, v->value)) {
		out->type = type;
		verdict_add(v, REASON_id_type_differs, FINDING_WRONG, type_word(is))->expected =
			type_word(type);
		return;
	}
	if (is != ID_TYPE_NONE && goes_with(type, is, v->value))
		type = is;
	if (type == ID_TYPE_NONE)
		type = likely(ref, context, v->value, dashed);
	switch (type) {
	case ID_TYPE_USCC:
	case ID_TYPE_ORG_CODE:
		company_number_judge(ref, a, out);
		break;
	case ID_TYPE_FOREIGN_RESIDENT:
		if (old_foreign_card(ref, v->value)) {
			out->type = ID_TYPE_FOREIGN_RESIDENT;
			break;
		}
		resident_judge(ref, context, a, out);
		out->type = ID_TYPE_FOREIGN_RESIDENT;
		break;
	case ID_TYPE_RESIDENT:
		resident_judge(ref, context, a, out);
		break;
	default:
		plausible_judge(type, out);
	}
}

static bool spreadsheet_number(struct str value, struct arena *a)
{
	struct str mantissa;
	unsigned exponent;

	return form_scientific(value, &mantissa, &exponent, a) && exponent >= 8;
}

void id_number_check(const struct reference *ref, const struct id_context *context, struct str raw,
		     struct arena *a, struct id_number *out)
{
	struct verdict *v = &out->verdict;
	struct str value;

	if (resident_at_once(ref, context, raw, out))
		return;
	out->type = context->stated;
	out->gender = 0;
	out->birth_date[0] = 0;
	out->region = 0;
	value = form_code(a, raw, " ");
	verdict_start(v, value);
	if (spreadsheet_number(value, a)) {
		verdict_add(v, REASON_id_scientific, FINDING_WRONG, value);
		return;
	}
	v->value = value = form_code(a, value, " -_/.,'`()[]\\");
	if (!value.n)
		return;
	if (is_placeholder(ref, PLACEHOLDER_ID, value) ||
	    is_placeholder(ref, PLACEHOLDER_USCC, value) || form_monotonous(value)) {
		verdict_add(v, REASON_id_placeholder, FINDING_WRONG, STR(""));
		return;
	}
	judge(ref, context, str_has(raw, STR("-")), a, out);
}

struct str id_number_key(enum id_type type, struct str value)
{
	if (type == ID_TYPE_USCC && value.n == 18)
		return (struct str){ value.p + 8, 9 };
	return value;
}
