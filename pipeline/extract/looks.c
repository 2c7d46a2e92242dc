#include "looks.h"

#include "text.h"

enum {
	ALL_ROWS = 2000, /* so many rows are looked at, then every SAMPLEth */
	SAMPLE = 64,
	FEWEST = 5, /* values, before anything is said about a column */
};

static const struct {
	struct str name;
	enum field fields[20]; /* up to F_RECORD_ID, which is 0 */
} looks[LOOK_COUNT] = {
	[LOOK_ID_NUMBER] = { STR_INIT("id_number"), { F_ID_NUMBER, F_RELATIVE_ID_NUMBER } },
	[LOOK_MOBILE] = { STR_INIT("mobile"), { F_MOBILE, F_REFERRER_MOBILE, F_RELATIVE_MOBILE } },
	[LOOK_VIN] = { STR_INIT("vin"), { F_VIN, F_RELATIVE_VIN } },
	[LOOK_PLATE] = { STR_INIT("plate"), { F_PLATE } },
	[LOOK_POSTCODE] = { STR_INIT("postcode"), { F_POSTCODE } },
	[LOOK_DATE] = { STR_INIT("date"),
			{ F_BIRTH_DATE, F_PURCHASE_DATE, F_INVOICE_DATE, F_REGISTRATION_DATE,
			  F_FIRST_SERVICE_DATE, F_INSURANCE_EXPIRY, F_INSURANCE_START, F_LOAN_DATE,
			  F_DELIVERY_DATE, F_CONTACT_AT, F_UPDATED_AT, F_CREATED_AT, F_CLOSED_AT,
			  F_FIRST_RESPONSE_AT, F_SERVICE_OUT_AT, F_INFORMED_ON, F_INVITED_ON,
			  F_ATTENDED_ON, F_CONTRACT_ON } },
	[LOOK_PLACE] = { STR_INIT("place"), { F_PROVINCE, F_CITY, F_DISTRICT } },
	[LOOK_EMAIL] = { STR_INIT("email"), { F_EMAIL } },
};

struct str look_name(enum look look)
{
	return looks[look].name;
}

enum look look_of_field(enum field field)
{
	for (enum look look = 0; look < LOOK_COUNT; look++)
		for (size_t i = 0; i < 20 && looks[look].fields[i]; i++)
			if (looks[look].fields[i] == field)
				return look;
	return LOOK_COUNT;
}

/* ---- one value ---- */

struct shape { /* of a value: how many characters of which kind */
	size_t n, digits, letters, han, marks, others;
	bool at; /* an @ */
	unsigned char first;
};

static struct shape shape_of(struct str s)
{
	struct shape shape = { .first = s.n ? (unsigned char)s.p[0] : 0 };

	for (size_t i = 0; i < s.n; shape.n++) {
		uint32_t c = (unsigned char)s.p[i];

		if (c < 0x80)
			i++;
		else
			c = utf8_next(s, &i);
		if (c >= '0' && c <= '9')
			shape.digits++;
		else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'z')
			shape.letters++;
		else if (c == '-' || c == '/' || c == '.' || c == ':' || c == ' ' || c == '+')
			shape.marks++;
		else if (c >= 0x80 && text_is_han(c))
			shape.han++;
		else
			shape.others++;
		shape.at |= c == '@';
	}
	return shape;
}

static bool is_date(const struct shape *p, struct str s)
{
	static const struct str year = STR_INIT("年"), month = STR_INIT("月");

	if (p->han)
		return p->letters == 0 && str_has(s, month) && (str_has(s, year) || p->digits);
	if (p->digits == 8 && p->n == 8)
		return s.p[0] == '1' ? s.p[1] == '9' : s.p[0] == '2' && s.p[1] == '0';
	return p->digits >= 4 && p->digits <= 14 && p->marks >= 2 && p->letters <= 3 && !p->others &&
	       !memchr(s.p, '+', s.n) && p->n <= 25;
}

static bool is_id_number(const struct shape *p, struct str s)
{
	if (p->digits == 15 && p->n == 15)
		return true;
	return p->n == 18 && s.n == 18 && p->digits + p->letters == 18 &&
	       (p->digits >= 17 || (s.p[0] == '9' && p->digits >= 8));
}

static bool is_mobile(const struct shape *p, struct str s)
{
	size_t prefix = p->digits == 13 ? 2 : 0;

	if (p->digits != 11 + prefix || p->digits + p->marks != p->n)
		return false;
	if (s.p[0] == '+')
		return true;
	return s.p[prefix] == '1' && s.p[prefix + 1] >= '3';
}

unsigned looks_of(struct str value)
{
	struct str s = str_trim(value);
	struct shape p = shape_of(s);
	unsigned found = 0;

	if (is_id_number(&p, s))
		found |= 1u << LOOK_ID_NUMBER;
	if (is_mobile(&p, s))
		found |= 1u << LOOK_MOBILE;
	if (p.n == 17 && p.digits + p.letters == 17 && p.letters && p.digits >= 5)
		found |= 1u << LOOK_VIN;
	if (p.han >= 1 && p.han <= 2 && p.first >= 0x80 && p.n >= 7 && p.n <= 9 && p.letters &&
	    p.digits + p.letters >= 5)
		found |= 1u << LOOK_PLATE;
	if (p.n == 6 && p.digits == 6)
		found |= 1u << LOOK_POSTCODE;
	if (is_date(&p, s))
		found |= 1u << LOOK_DATE;
	if (p.n >= 2 && p.n <= 15 && p.han == p.n)
		found |= 1u << LOOK_PLACE;
	if (p.at && p.n >= 5)
		found |= 1u << LOOK_EMAIL;
	return found;
}

/* "1.10101E+17" */
static bool is_scientific(struct str s)
{
	const char *e = s.n ? memchr(s.p, 'E', s.n) : NULL;

	if (!e && s.n)
		e = memchr(s.p, 'e', s.n);
	return e && e > s.p && s.p[0] >= '1' && s.p[0] <= '9' &&
	       (e == s.p + 1 || s.p[1] == '.') && e + 1 < s.p + s.n &&
	       (e[1] == '+' || (e[1] >= '0' && e[1] <= '9'));
}

bool looks_damaged(struct str value, enum look look)
{
	struct str s = str_trim(value);
	struct shape p = shape_of(s);

	switch (look) {
	case LOOK_ID_NUMBER:
		return is_scientific(s) || (p.n >= 8 && p.digits >= 6);
	case LOOK_MOBILE:
		return is_scientific(s) || (p.digits >= 7 && p.digits <= 13);
	case LOOK_POSTCODE:
		return p.digits == p.n && p.n >= 4 && p.n <= 6;
	case LOOK_DATE:
		return p.digits >= 4 && p.digits + p.marks == p.n && p.digits != 11;
	case LOOK_VIN:
		return p.n >= 12 && p.digits + p.letters >= 12;
	case LOOK_PLATE:
		return p.letters + p.digits >= 5 && p.han;
	case LOOK_PLACE:
		return p.han >= 2;
	default:
		return false;
	}
}

/* ---- whole columns ---- */

static void look_at(struct evidence *e, enum field field, struct str value)
{
	enum look own = look_of_field(field);
	unsigned found = looks_of(value);

	e->filled[field]++;
	if (found & 1u << own || (!found && looks_damaged(value, own)))
		e->own[field]++;
	for (enum look look = 0; look < LOOK_COUNT; look++)
		e->like[field][look] += found >> look & 1;
}

/* 18 digits of which Excel kept 15, or the text that it made of them. */
static void count_damage(struct evidence *e, struct str number)
{
	number = str_trim(number);
	if (number.n == 18) {
		e->numbers++;
		e->damaged += memcmp(number.p + 15, "000", 3) == 0;
	} else if (is_scientific(number)) {
		e->numbers++;
		e->damaged++;
	}
}

void evidence_add(struct evidence *e, const struct record *rec, uint64_t place)
{
	bool sampled = place < ALL_ROWS || place % SAMPLE == 0;

	if (rec->v[F_ID_NUMBER].n)
		count_damage(e, rec->v[F_ID_NUMBER]);
	if (!sampled)
		return;
	for (enum look look = 0; look < LOOK_COUNT; look++)
		for (size_t i = 0; i < 20 && looks[look].fields[i]; i++)
			if (str_trim(rec->v[looks[look].fields[i]]).n)
				look_at(e, looks[look].fields[i], rec->v[looks[look].fields[i]]);
}

void evidence_join(struct evidence *e, const struct evidence *other)
{
	for (enum field field = 0; field < F_COUNT; field++) {
		e->filled[field] += other->filled[field];
		e->own[field] += other->own[field];
		for (enum look look = 0; look < LOOK_COUNT; look++)
			e->like[field][look] += other->like[field][look];
	}
	e->numbers += other->numbers;
	e->damaged += other->damaged;
}

/* The field whose header stands over such values instead: a place found under the post code
 * is told as "city", as people call the column that was swapped with it. */
static struct str told_as(enum look look)
{
	return look == LOOK_PLACE ? STR("city") : look_name(look);
}

static void find_in(const struct evidence *e, enum field field, struct buf *b)
{
	enum look own = look_of_field(field);
	uint32_t filled = e->filled[field];

	if (own == LOOK_COUNT || filled < FEWEST || e->own[field] > filled / 5)
		return;
	for (enum look look = 0; look < LOOK_COUNT; look++) {
		if (look == own || e->like[field][look] < filled - filled / 5)
			continue;
		if (b->n)
			buf_char(b, ';');
		buf_str(b, field_name(field));
		buf_char(b, ':');
		buf_str(b, told_as(look));
		return;
	}
}

struct str evidence_findings(const struct evidence *e, struct arena *a)
{
	struct buf b = { 0 };
	struct str kept;

	/* One number in a thousand ends in 000 by chance. */
	if (e->damaged >= FEWEST && e->damaged * 50 > e->numbers)
		buf_str(&b, STR("id_number:spreadsheet"));
	for (enum field field = 0; field < F_COUNT; field++)
		find_in(e, field, &b);
	kept = str_keep(a, buf_view(&b));
	buf_release(&b);
	return kept;
}
