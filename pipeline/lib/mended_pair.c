#include "mended_pair.h"

const enum field mended_telling[] = { F_NAME, F_MOBILE, F_PHONE, F_ID_NUMBER, F_VIN, F_PLATE };

/* What is told of one cell may be mended in another, or changes what clean makes of it. */
static const struct {
	enum field at_fault, with;
} together[] = {
	{ F_ID_NUMBER, F_GENDER },   { F_ID_NUMBER, F_BIRTH_DATE }, { F_ID_NUMBER, F_CUSTOMER_TYPE },
	{ F_GENDER, F_ID_NUMBER },   { F_BIRTH_DATE, F_ID_NUMBER }, { F_ID_TYPE, F_CUSTOMER_TYPE },
	{ F_NAME, F_CUSTOMER_TYPE }, { F_SUBJECT, F_TAGS },	    { F_CONTENT, F_TAGS },
	{ F_MODEL, F_SERIES },	     { F_MODEL, F_BRAND },
};

/* Of two dates in the wrong order one is told. */
static const enum field dates[] = {
	F_PURCHASE_DATE, F_REGISTRATION_DATE, F_DELIVERY_DATE, F_FIRST_SERVICE_DATE, F_INVOICE_DATE,
	F_CREATED_AT,	 F_CONTACT_AT,	      F_SERVICE_OUT_AT, F_FIRST_RESPONSE_AT, F_CLOSED_AT,
	F_LOAN_DATE,	 F_INSURANCE_START,   F_INSURANCE_EXPIRY, F_INFORMED_ON,     F_INVITED_ON,
	F_ATTENDED_ON,	 F_CONTRACT_ON,
};

void mended_fault(struct mended_row *row, struct str field, struct str code, struct str value, struct arena *a)
{
	enum field at = field_find(field);
	struct came *came;

	if (at == F_COUNT)
		return;
	field_set_join(&row->loose, field_group(at));
	for (size_t i = 0; i < sizeof(together) / sizeof(together[0]); i++)
		if (together[i].at_fault == at)
			field_set_join(&row->loose, field_group(together[i].with));
	if (str_eq(code, STR("DATE_ORDER")))
		for (size_t i = 0; i < sizeof(dates) / sizeof(dates[0]); i++)
			field_set_add(&row->loose, dates[i]);
	came = arena_alloc(a, (row->n_came + 1) * sizeof(*came));
	if (row->n_came)
		memcpy(came, row->came, row->n_came * sizeof(*came));
	came[row->n_came++] = (struct came){ at, value };
	row->came = came;
}

struct str mended_came(const struct mended_row *row, enum field field)
{
	for (size_t i = 0; i < row->n_came && !row->rec.v[field].n; i++)
		if (row->came[i].field == field)
			return row->came[i].value;
	return row->rec.v[field];
}

static bool is_telling(enum field field)
{
	for (size_t i = 0; i < MENDED_TELLING; i++)
		if (mended_telling[i] == field)
			return true;
	return false;
}

/* When it was exported, and under which key, says nothing of what the row says. */
static bool is_compared(enum field field, enum field key)
{
	return field == F_DEALER_CODE || (field > F_UPDATED_AT && field != key);
}

/* Rows that clean rejected were not cleaned: they are compared as they came. */
static bool is_same(const struct mended_row *old, const struct mended_row *newer, enum field field)
{
	struct str value = mended_came(old, field);

	return str_eq(value, mended_came(newer, field)) ||
	       (!old->cleaned && newer->as_it_came && str_eq(value, newer->as_it_came->v[field]));
}

/* Of a hundred: what two values have in common at both ends. 1391 became 13912343570, not 1392. */
static uint32_t likeness(struct str a, struct str b)
{
	size_t shorter = a.n < b.n ? a.n : b.n, longer = a.n < b.n ? b.n : a.n, front = 0, back = 0;

	while (front < shorter && a.p[front] == b.p[front])
		front++;
	while (front + back < shorter && a.p[a.n - 1 - back] == b.p[b.n - 1 - back])
		back++;
	return longer ? (uint32_t)((front + back) * 100 / longer) : 0;
}

struct mended_likeness mended_compare(const struct mended_row *old, const struct mended_row *newer, enum field key)
{
	struct mended_likeness l = { 0 };

	for (enum field field = F_DEALER_CODE; field < F_COUNT; field++) {
		if (!is_compared(field, key) || !mended_came(old, field).n)
			continue;
		if (is_same(old, newer, field)) {
			l.same++;
			l.told |= is_telling(field);
		} else if (!field_set_has(&old->loose, field)) {
			l.changed++;
		} else {
			l.like += likeness(mended_came(old, field), mended_came(newer, field));
		}
	}
	return l;
}

void mended_loosen_whole(struct mended_row *row)
{
	static const enum field fields[] = { F_ID_NUMBER, F_GENDER, F_BIRTH_DATE, F_CUSTOMER_TYPE, F_MOBILE, F_NAME };

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		field_set_join(&row->loose, field_group(fields[i]));
}
