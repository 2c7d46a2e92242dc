/*
 * Which document a number is of: what the row states, what the number proves itself, what is
 * likely. A number that proves to be of another document than stated is told (ID_TYPE).
 */
#include "id_number.h"

#include "resident.h"
#include "tables.h"
#include "text.h"
#include "uscc.h"

struct str id_type_name(enum id_type type)
{
	static const struct str names[ID_TYPE_COUNT] = {
		STR_INIT(""),
		STR_INIT("resident"),
		STR_INIT("passport"),
		STR_INIT("hk_macau_permit"),
		STR_INIT("taiwan_permit"),
		STR_INIT("foreign_resident"),
		STR_INIT("military"),
		STR_INIT("uscc"),
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

/* Shapes of documents whose rules are not public: letters, then so many digits. */
static bool shaped(struct str s, const char *letters, size_t fewest, size_t most)
{
	return s.n >= 1 + fewest && s.n <= 1 + most && strchr(letters, s.p[0]) &&
	       all_digits(s, 1, s.n);
}

static bool old_foreign_card(const struct reference *ref, struct str s)
{
	return s.n == 15 && all_digits(s, 3, 15) && map_get(&ref->countries, (struct str){s.p, 3});
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

/* A resident's number but for one slip, which by chance fits a company's. */
static bool resident_shape(const struct reference *ref, struct str s)
{
	size_t astray = 0;

	for (size_t i = 0; i < 17; i++)
		astray += !is_digit(s.p[i]);
	return astray <= 1 && all_digits(s, 0, 2) &&
	       region_province(ref, two_digits(s.p) * 10000) &&
	       (!all_digits(s, 6, 14) || birth_day(s.p + 6) != INT32_MIN);
}

/* 南字第12345678号: a few characters, 字第, digits, 号. */
static bool military_words(struct str s)
{
	ptrdiff_t at = str_find(s, STR("字第"));

	return at > 0 && at <= 12 && str_ends(s, STR("号")) &&
	       str_is_digits(str_span(s.p + at + 6, s.p + s.n - 3));
}

/* A foreigner's card names a nation and a birth date of our time. A company's code fits it by
 * chance (one check in eleven), but hardly with these. */
static bool foreign_card(const struct reference *ref, struct str s)
{
	unsigned nation = two_digits(s.p + 3) * 10 + (unsigned)(s.p[5] - '0');

	return s.p[0] == '9' &&
	       (!uscc_holds(ref, s) || (ref->nations[nation] && two_digits(s.p + 6) >= 19));
}

/* What a number proves itself to be, whatever is stated; ID_TYPE_NONE where it could be a
 * damaged number of any kind. */
static enum id_type proven(const struct reference *ref, struct str s)
{
	if (id_number_holds(s) && s.p[0] != '9' && region_province(ref, region_code(s.p)))
		return ID_TYPE_RESIDENT;
	if (id_number_holds(s) && foreign_card(ref, s) &&
	    region_province(ref, two_digits(s.p + 1) * 10000))
		return ID_TYPE_FOREIGN_RESIDENT;
	if (old_foreign_card(ref, s))
		return ID_TYPE_FOREIGN_RESIDENT;
	if (uscc_holds(ref, s) && !resident_shape(ref, s))
		return ID_TYPE_USCC;
	if (military_words(s))
		return ID_TYPE_MILITARY;
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
	/* One more or one less of a credit code: no resident's number starts with 9. */
	if (s.n >= 16 && s.n <= 20 && s.n != 18 && s.p[0] == '9' && s.p[1] >= '1' && s.p[1] <= '3')
		return ID_TYPE_USCC;
	if (org_code_holds(s) && (dashed || (!digits && !(context->person && passport_shape(s)))))
		return ID_TYPE_ORG_CODE;
	if (s.n == 15 && !digits && old_tax_number_holds(ref, s))
		return ID_TYPE_USCC;
	if (!digits && s.n >= 7 && s.n <= 10 && passport_shape(s))
		return ID_TYPE_PASSPORT;
	if (s.n && !is_digit(s.p[0]) && !is_upper(s.p[0]) && str_ends(s, STR("号")) &&
	    military_shape(s))
		return ID_TYPE_MILITARY; /* 南字第12345678号 */
	return ID_TYPE_RESIDENT;
}

static struct str type_word(enum id_type type)
{
	static const struct str words[ID_TYPE_COUNT] = {
		STR_INIT(""),
		STR_INIT("居民身份证"),
		STR_INIT("护照"),
		STR_INIT("港澳居民来往内地通行证"),
		STR_INIT("台湾居民来往大陆通行证"),
		STR_INIT("外国人永久居留身份证"),
		STR_INIT("军官证"),
		STR_INIT("统一社会信用代码"),
		STR_INIT("组织机构代码"),
	};

	return words[type];
}

/* A sign that no number of any document has. */
static bool sign_told(struct verdict *v)
{
	for (size_t i = 0; i < v->value.n;) {
		size_t start = i;
		uint32_t c = utf8_next(v->value, &i);

		if (text_is_han(c) || (c < 0x80 && (is_digit((char)c) || is_upper((char)c))))
			continue;
		verdict_add(v, REASON_id_character, FINDING_WRONG,
			    str_span(v->value.p + start, v->value.p + i));
		return true;
	}
	return false;
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
	if (sign_told(v))
		return;
	if (!fits)
		verdict_add(v, REASON_id_type_shape,
			    s.n == 18 && all_digits(s, 0, 17) ? FINDING_WRONG : FINDING_DOUBT, s)
			->expected = type_word(type);
}

static void type_contradict(enum id_type stated, enum id_type is, struct id_number *out)
{
	out->type = stated;
	verdict_add(&out->verdict, REASON_id_type_differs, FINDING_WRONG, type_word(is))->expected =
		type_word(stated);
}

static void judge(const struct reference *ref, const struct id_context *context, bool dashed,
		  struct arena *a, struct id_number *out)
{
	struct verdict *v = &out->verdict;
	enum id_type is = proven(ref, v->value), type = context->stated;

	/* An organisation code may look like a passport; the check character decides. */
	if ((type == ID_TYPE_ORG_CODE || type == ID_TYPE_USCC) && org_code_holds(v->value))
		is = type;
	if (is != ID_TYPE_NONE && is != type && !goes_with(type, is, v->value)) {
		type_contradict(type, is, out);
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
		if (verdict_usable(v) && out->type == ID_TYPE_RESIDENT)
			type_contradict(type, ID_TYPE_RESIDENT, out);
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

/* A word for nothing may only show once the signs around it are gone. */
static bool made_up(const struct reference *ref, struct str value)
{
	return value_is_empty_like(ref, value) ||
	       is_placeholder(ref, PLACEHOLDER_ID, value) ||
	       is_placeholder(ref, PLACEHOLDER_USCC, value) || form_monotonous(value);
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
	v->value = value = form_code(a, value, " -_/.,'\"`()[]\\");
	if (!value.n)
		return;
	if (!made_up(ref, v->value))
		judge(ref, context, str_has(raw, STR("-")), a, out);
	if (made_up(ref, v->value)) { /* what a repair led to as well */
		verdict_start(v, v->value);
		verdict_add(v, REASON_id_placeholder, FINDING_WRONG, STR(""));
	}
}

struct str id_number_key(enum id_type type, struct str value)
{
	if (type == ID_TYPE_USCC && value.n == 18)
		return (struct str){value.p + 8, 9};
	return value;
}
