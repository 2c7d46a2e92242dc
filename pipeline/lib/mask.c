#include "mask.h"

#include "buf.h"
#include "date.h"

enum {
	STARS_MOST = 24, /* the length of a long text is nobody's business either */
	HIDDEN_LEAST = 4, /* of a number; fewer hidden digits are soon guessed */
	DIGITS_PRIVATE = 7, /* a landline without its area code is the shortest */
	VIN_LENGTH = 17,
	VIN_DIGITS = 4 /* of which the last are digits (ISO 3779) */
};

enum shape {
	SHAPE_OPEN,
	SHAPE_NAME,
	SHAPE_ID,
	SHAPE_PHONE,
	SHAPE_EMAIL,
	SHAPE_ADDRESS,
	SHAPE_DATE,
	SHAPE_PLATE,
	SHAPE_VIN,
	SHAPE_NUMBER,
	SHAPE_TEXT
};

static const unsigned char field_shapes[F_COUNT] = {
	[F_NAME] = SHAPE_NAME,
	[F_CONTACT_NAME] = SHAPE_NAME,
	[F_RELATIVE_NAME] = SHAPE_NAME,
	[F_ID_NUMBER] = SHAPE_ID,
	[F_RELATIVE_ID_NUMBER] = SHAPE_ID,
	[F_MOBILE] = SHAPE_PHONE,
	[F_PHONE] = SHAPE_PHONE,
	[F_CONTACT_PHONE] = SHAPE_PHONE,
	[F_REFERRER_MOBILE] = SHAPE_PHONE,
	[F_RELATIVE_MOBILE] = SHAPE_PHONE,
	[F_EMAIL] = SHAPE_EMAIL,
	[F_ADDRESS] = SHAPE_ADDRESS,
	[F_ADDRESS1] = SHAPE_ADDRESS,
	[F_ADDRESS2] = SHAPE_ADDRESS,
	[F_ADDRESS3] = SHAPE_ADDRESS,
	[F_EMPLOYER] = SHAPE_ADDRESS,
	[F_BIRTH_DATE] = SHAPE_DATE,
	[F_PLATE] = SHAPE_PLATE,
	[F_VIN] = SHAPE_VIN,
	[F_RELATIVE_VIN] = SHAPE_VIN,
	[F_ENGINE_NO] = SHAPE_NUMBER,
	[F_SOURCE_KEY] = SHAPE_NUMBER,
	[F_CONTACT_NO] = SHAPE_NUMBER,
	[F_INVOICE_NO] = SHAPE_NUMBER,
	[F_LOAN_CONTRACT_NO] = SHAPE_NUMBER,
	[F_INSURANCE_POLICY_NO] = SHAPE_NUMBER,
	[F_CERTIFICATE_NO] = SHAPE_NUMBER,
	[F_SUBJECT] = SHAPE_TEXT,
	[F_CONTENT] = SHAPE_TEXT,
	[F_RESULT] = SHAPE_TEXT,
	[F_NEXT_CONTACT_PLAN] = SHAPE_TEXT,
	[F_INTERESTS] = SHAPE_TEXT,
};

/* The first `head` and the last `tail` characters; fewer where less than `hidden` would be
 * covered, none where the value has no more than that. */
static struct str masked(struct arena *a, struct str value, size_t head, size_t tail, size_t hidden)
{
	struct buf b = {0};
	size_t count = utf8_count(value), stars, at = 0;
	struct str kept;

	if (count < head + tail + hidden) {
		tail = 0;
		head = count > 1 ? 1 : 0;
	}
	stars = count - head - tail;
	if (stars > STARS_MOST)
		stars = STARS_MOST;
	for (size_t i = 0; i < head; i++)
		buf_utf8(&b, utf8_next(value, &at));
	for (size_t i = 0; i < stars; i++)
		buf_char(&b, '*');
	for (size_t i = head; i < count - tail; i++)
		utf8_next(value, &at);
	while (at < value.n)
		buf_utf8(&b, utf8_next(value, &at));
	kept = str_keep(a, buf_view(&b));
	buf_release(&b);
	return kept;
}

static struct str masked_email(struct arena *a, struct str value)
{
	ptrdiff_t at = str_find(value, STR("@"));
	struct str local;

	if (at < 0)
		return masked(a, value, 1, 0, HIDDEN_LEAST);
	local = masked(a, (struct str){value.p, (size_t)at}, 1, 0, 1);
	return str_printf(a, "%.*s%.*s", STR_FMT(local), (int)(value.n - (size_t)at), value.p + at);
}

/* Province, city and perhaps the district of an address, never its second half. */
static struct str masked_address(struct arena *a, struct str value)
{
	size_t count = utf8_count(value);

	return masked(a, value, count < 12 ? count / 2 : 6, 0, 1);
}

/* A number longer than any phone is an ID number that strayed into the column. */
static struct str masked_phone(struct arena *a, struct str value)
{
	return utf8_count(value) > 14 ? masked(a, value, 1, 2, HIDDEN_LEAST)
				      : masked(a, value, 3, 4, HIDDEN_LEAST);
}

struct str mask_number(struct arena *a, struct str number)
{
	size_t count = utf8_count(number);

	return masked(a, number, 0, count < 8 ? count / 4 : 4, 1);
}

static bool is_digit(uint32_t c)
{
	return (c >= '0' && c <= '9') || (c >= 0xFF10 && c <= 0xFF19);
}

static bool is_filler(uint32_t c)
{
	return c == ' ' || c == '-' || c == 0xA0 || c == 0x3000 || c == 0xFF0D;
}

/* End of the run of digits (with single fillers between) that begins at `from`. */
static size_t digit_run(struct str text, size_t from, size_t *digits)
{
	size_t end = from, i = from;
	bool filled = true;

	*digits = 0;
	while (i < text.n) {
		uint32_t c = utf8_next(text, &i);

		if (is_digit(c)) {
			(*digits)++;
			end = i;
			filled = false;
		} else if (is_filler(c) && !filled) {
			filled = true;
		} else {
			break;
		}
	}
	return end;
}

static bool is_word(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* Does a word begin at `from` that is as long as a VIN and ends as one does? */
static bool is_vin(struct str text, size_t from)
{
	size_t end = from, digits = 0;

	for (; end < text.n && is_word(text.p[end]); end++)
		digits = is_digit((unsigned char)text.p[end]) ? digits + 1 : 0;
	return end - from == VIN_LENGTH && digits >= VIN_DIGITS && (!from || !is_word(text.p[from - 1]));
}

static struct str hide_numbers(struct arena *a, struct str text, bool dates_too)
{
	struct buf b = {0};
	struct str kept;

	for (size_t i = 0; i < text.n;) {
		size_t digits, next = i, end = digit_run(text, i, &digits);
		struct str run = str_span(text.p + i, text.p + end);
		uint32_t c;

		if (digits >= DIGITS_PRIVATE && (dates_too || !date_is(run))) {
			buf_str(&b, masked(a, run, 3, 0, 1));
			i = end;
		} else if (is_vin(text, i)) {
			buf_str(&b, masked(a, (struct str){text.p + i, VIN_LENGTH}, 3, 4, 1));
			i += VIN_LENGTH;
		} else if (digits) {
			buf_add(&b, text.p + i, end - i);
			i = end;
		} else {
			c = utf8_next(text, &next);
			buf_utf8(&b, c);
			i = next;
		}
	}
	kept = str_keep(a, buf_view(&b));
	buf_release(&b);
	return kept;
}

struct str mask_text(struct arena *a, struct str text)
{
	return hide_numbers(a, text, true);
}

struct str mask_reason(struct arena *a, struct str reason)
{
	return hide_numbers(a, reason, false);
}

struct str mask_value(struct arena *a, enum field field, struct str value)
{
	switch (field < F_COUNT ? (enum shape)field_shapes[field] : SHAPE_TEXT) {
	case SHAPE_NAME:
		return masked(a, value, 1, 0, 1);
	case SHAPE_ID:
		return masked(a, value, 1, 2, HIDDEN_LEAST);
	case SHAPE_PHONE:
		return masked_phone(a, value);
	case SHAPE_EMAIL:
		return masked_email(a, value);
	case SHAPE_ADDRESS:
		return masked_address(a, value);
	case SHAPE_DATE:
		return masked(a, value, 4, 0, HIDDEN_LEAST);
	case SHAPE_PLATE:
		return masked(a, value, 2, 1, HIDDEN_LEAST);
	case SHAPE_VIN:
		return masked(a, value, 3, 4, HIDDEN_LEAST);
	case SHAPE_NUMBER:
		return mask_number(a, value);
	case SHAPE_TEXT:
		return mask_text(a, value);
	case SHAPE_OPEN:
		break;
	}
	return value;
}

struct str mask_foreign(struct arena *a, enum field field, struct str value)
{
	enum shape shape = field < F_COUNT ? (enum shape)field_shapes[field] : SHAPE_OPEN;

	if (shape == SHAPE_OPEN || shape == SHAPE_TEXT || shape == SHAPE_DATE)
		return masked(a, value, 1, 0, 1);
	return mask_value(a, field, value);
}
