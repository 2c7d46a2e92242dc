#define _GNU_SOURCE /* memrchr */
#include "record.h"

#include "csv_table.h"

/* What every table of an entity begins with. */
#define COMMON(X) X(RECORD_ID) X(SOURCE) X(DEALER_CODE) X(OBSERVED_ON)

#define CUSTOMER(X)                                                                         \
	COMMON(X)                                                                           \
	X(SOURCE_KEY) X(UPDATED_AT) X(CUSTOMER_TYPE) X(NAME) X(ID_TYPE) X(ID_NUMBER)        \
	X(GENDER) X(BIRTH_DATE) X(MOBILE) X(PHONE) X(EMAIL) X(PROVINCE) X(CITY) X(DISTRICT) \
	X(ADDRESS) X(POSTCODE) X(OCCUPATION) X(EMPLOYER) X(INDUSTRY) X(INTERESTS)           \
	X(CONTACT_NAME) X(CONTACT_PHONE) X(RELATIVE_NAME) X(RELATIVE_RELATION)              \
	X(SALES_CONSULTANT) X(CUSTOMER_SOURCE) X(MARKETING_CONSENT) X(ADDRESS1) X(ADDRESS2) \
	X(ADDRESS3) X(CREATED_AT) X(INTENDED_PURCHASE_DATE) X(INTEREST_SERIES)              \
	X(INTEREST_MODEL) X(NEXT_CONTACT_PLAN) X(ENTHUSIASM) X(REFERRER_MOBILE)             \
	X(FINANCE_INTEREST) X(USED_CAR_INTEREST) X(RELATIVE_MOBILE) X(RELATIVE_ID_NUMBER)   \
	X(RELATIVE_VIN)

#define VEHICLE(X)                                                                          \
	COMMON(X)                                                                           \
	X(UPDATED_AT) X(VIN) X(ENGINE_NO) X(PLATE) X(BRAND) X(SERIES) X(MODEL)              \
	X(CONFIGURATION) X(PURCHASE_DATE) X(INVOICE_NO) X(INVOICE_DATE) X(PRICE)            \
	X(REGISTRATION_DATE) X(FIRST_SERVICE_DATE) X(INSURANCE_EXPIRY) X(LOAN_CONTRACT_NO)  \
	X(LOAN_AMOUNT) X(DELIVERY_DATE) X(USE) X(LOAN_TERM) X(LOAN_DATE) X(LOAN_STATUS)     \
	X(INSURER) X(INSURANCE_START) X(INSURANCE_POLICY_NO)                                \
	/* beyond the contract */                                                           \
	X(SELLER_TAX_NO) X(TAX_AMOUNT) X(NET_PRICE) X(TAX_RATE) X(VEHICLE_TYPE)             \
	X(CERTIFICATE_NO) X(INSURANCE_KIND) X(INSURANCE_PREMIUM)

#define CONTACT(X)                                                                          \
	COMMON(X)                                                                           \
	X(CONTACT_AT) X(KIND) X(CHANNEL) X(SUBJECT) X(CONTENT) X(STATUS) X(RESULT)          \
	X(MILEAGE) X(AMOUNT) X(HANDLER) X(FIRST_RESPONSE_AT) X(CLOSED_AT) X(SATISFACTION)   \
	X(VIN) X(PLATE) X(NAME) X(MOBILE) X(TAGS) X(CONTACT_NO) X(PARTS_AMOUNT)             \
	X(LABOUR_AMOUNT) X(SETTLEMENT) X(LEAD_TYPE) X(SCORES)                               \
	/* beyond the contract */                                                           \
	X(ORGANIZER) X(INFORMED_ON) X(INVITED_ON) X(ATTENDED_ON) X(CONTRACT_ON)             \
	X(SERVICE_OUT_AT)

#define LISTED(upper) F_##upper,
#define MARKED(upper) [F_##upper] = true,

static const enum field customer_fields[] = { CUSTOMER(LISTED) };
static const enum field vehicle_fields[] = { VEHICLE(LISTED) };
static const enum field contact_fields[] = { CONTACT(LISTED) };

#define COUNT(list) (sizeof(list) / sizeof(*(list)))

static const struct {
	struct str name;
	const enum field *fields;
	size_t n;
	bool has[F_COUNT];
} entities[ENTITY_COUNT] = {
	[ENTITY_CUSTOMER] = { STR_INIT("customer"), customer_fields, COUNT(customer_fields),
			      { CUSTOMER(MARKED) } },
	[ENTITY_VEHICLE] = { STR_INIT("vehicle"), vehicle_fields, COUNT(vehicle_fields),
			     { VEHICLE(MARKED) } },
	[ENTITY_CONTACT] = { STR_INIT("contact"), contact_fields, COUNT(contact_fields),
			     { CONTACT(MARKED) } },
};

static const struct str names[F_COUNT] = {
#define X(upper, lower) STR_INIT(#lower),
	RECORD_FIELDS(X)
#undef X
};

struct str field_name(enum field field)
{
	return field < F_COUNT ? names[field] : STR("");
}

enum field field_find(struct str name)
{
	enum field field = 0;

	while (field < F_COUNT && !str_eq(names[field], name))
		field++;
	return field;
}

const enum field *entity_fields(enum entity entity, size_t *n)
{
	*n = entities[entity].n;
	return entities[entity].fields;
}

struct str entity_name(enum entity entity)
{
	return entities[entity].name;
}

bool entity_has(enum entity entity, enum field field)
{
	return field < F_COUNT && entities[entity].has[field];
}

bool field_is_of_a_car(enum field field)
{
	return field < F_COUNT && field != F_VIN && entity_has(ENTITY_VEHICLE, field) &&
	       !entity_has(ENTITY_CUSTOMER, field);
}

bool record_is_known_by_key(const struct record *rec)
{
	static const enum field who[] = { F_ID_NUMBER, F_NAME, F_MOBILE, F_PHONE, F_EMAIL, F_VIN, F_PLATE };

	for (size_t i = 0; i < sizeof(who) / sizeof(who[0]); i++)
		if (rec->v[who[i]].n)
			return false;
	return rec->v[F_SOURCE_KEY].n > 0;
}

static bool add_all(struct field_set *set, enum field field, const enum field *group, size_t n)
{
	bool member = false;

	for (size_t i = 0; i < n; i++)
		member |= group[i] == field;
	for (size_t i = 0; member && i < n; i++)
		field_set_add(set, group[i]);
	return member;
}

struct field_set field_group(enum field field)
{
	static const enum field document[] = { F_ID_TYPE, F_ID_NUMBER };
	static const enum field postal[] = { F_PROVINCE, F_CITY,     F_DISTRICT, F_ADDRESS,
					     F_POSTCODE, F_ADDRESS1, F_ADDRESS2, F_ADDRESS3 };
	struct field_set set = { 0 };

	if (!add_all(&set, field, document, 2) && !add_all(&set, field, postal, 8))
		field_set_add(&set, field);
	if (field == F_ATTENDED_ON || field == F_INVITED_ON || field == F_INFORMED_ON)
		field_set_add(&set, F_CONTACT_AT);
	return set;
}

/* Only what is put together again as it was counts as a row: no sign, no leading zero. */
void record_id_split(struct str record_id, struct str *stem, uint32_t *row)
{
	const char *colon = record_id.n ? memrchr(record_id.p, ':', record_id.n) : NULL;
	struct str digits;
	uint64_t v;

	*stem = record_id;
	*row = 0;
	if (!colon)
		return;
	digits = str_span(colon + 1, record_id.p + record_id.n);
	if (digits.n > 10 || !str_u64(digits, &v) || digits.p[0] == '0' || v > UINT32_MAX)
		return;
	stem->n = (size_t)(colon - record_id.p);
	*row = (uint32_t)v;
}

int record_id_cmp(struct str a, struct str b)
{
	struct str stem_a, stem_b;
	uint32_t row_a, row_b;
	int c;

	record_id_split(a, &stem_a, &row_a);
	record_id_split(b, &stem_b, &row_b);
	c = str_cmp(stem_a, stem_b);
	return c ? c : (row_a > row_b) - (row_a < row_b);
}

void record_csv(const struct record *rec, enum entity entity, struct buf *b)
{
	const enum field *fields = entities[entity].fields;
	size_t n = entities[entity].n, room = 1;
	char *start, *p;

	for (size_t i = 0; i < n; i++)
		room += CSV_ROOM(rec->v[fields[i]].n) + 1;
	start = p = buf_room(b, room);
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			*p++ = ',';
		if (rec->v[fields[i]].n > 0)
			p = csv_put(p, rec->v[fields[i]]);
	}
	*p++ = '\n';
	buf_took(b, (size_t)(p - start));
}

void record_csv_header(enum entity entity, struct buf *b)
{
	for (size_t i = 0; i < entities[entity].n; i++) {
		if (i > 0)
			buf_char(b, ',');
		buf_str(b, names[entities[entity].fields[i]]);
	}
	buf_char(b, '\n');
}
