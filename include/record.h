/*
 * A record: one data row of one export, as it flows from extract to merge.
 *
 * It holds every field that the tables know, one value for each word: the same word in two
 * tables (mobile in customer and contact) is the same cell of the export. The tables
 * customer, vehicle and contact are projections of it; `feeds` says which it has a row in.
 * Empty means absent.
 */
#ifndef YICE_RECORD_H
#define YICE_RECORD_H

#include "fault.h"
#include "mem.h"

/* X(enumerator, column name): the first four belong to the record, not to a cell. */
#define RECORD_FIELDS(X)                                                                  \
	X(RECORD_ID, record_id) X(SOURCE, source) X(DEALER_CODE, dealer_code)             \
	X(OBSERVED_ON, observed_on) X(SOURCE_KEY, source_key) X(UPDATED_AT, updated_at)   \
	X(CUSTOMER_TYPE, customer_type) X(NAME, name) X(ID_TYPE, id_type)                 \
	X(ID_NUMBER, id_number) X(GENDER, gender) X(BIRTH_DATE, birth_date)               \
	X(MOBILE, mobile) X(PHONE, phone) X(EMAIL, email) X(PROVINCE, province)           \
	X(CITY, city) X(DISTRICT, district) X(ADDRESS, address) X(POSTCODE, postcode)     \
	X(OCCUPATION, occupation) X(EMPLOYER, employer) X(INDUSTRY, industry)             \
	X(INTERESTS, interests) X(CONTACT_NAME, contact_name)                             \
	X(CONTACT_PHONE, contact_phone) X(RELATIVE_NAME, relative_name)                   \
	X(RELATIVE_RELATION, relative_relation) X(SALES_CONSULTANT, sales_consultant)     \
	X(CUSTOMER_SOURCE, customer_source) X(MARKETING_CONSENT, marketing_consent)       \
	X(ADDRESS1, address1) X(ADDRESS2, address2) X(ADDRESS3, address3)                 \
	X(CREATED_AT, created_at) X(INTENDED_PURCHASE_DATE, intended_purchase_date)       \
	X(INTEREST_SERIES, interest_series) X(INTEREST_MODEL, interest_model)             \
	X(NEXT_CONTACT_PLAN, next_contact_plan) X(ENTHUSIASM, enthusiasm)                 \
	X(REFERRER_MOBILE, referrer_mobile) X(FINANCE_INTEREST, finance_interest)         \
	X(USED_CAR_INTEREST, used_car_interest) X(RELATIVE_MOBILE, relative_mobile)       \
	X(RELATIVE_ID_NUMBER, relative_id_number) X(RELATIVE_VIN, relative_vin)           \
	X(VIN, vin) X(ENGINE_NO, engine_no) X(PLATE, plate) X(BRAND, brand)               \
	X(SERIES, series) X(MODEL, model) X(CONFIGURATION, configuration)                 \
	X(PURCHASE_DATE, purchase_date) X(INVOICE_NO, invoice_no)                         \
	X(INVOICE_DATE, invoice_date) X(PRICE, price)                                     \
	X(REGISTRATION_DATE, registration_date)                                           \
	X(FIRST_SERVICE_DATE, first_service_date) X(INSURANCE_EXPIRY, insurance_expiry)   \
	X(LOAN_CONTRACT_NO, loan_contract_no) X(LOAN_AMOUNT, loan_amount)                 \
	X(DELIVERY_DATE, delivery_date) X(USE, use) X(LOAN_TERM, loan_term)               \
	X(LOAN_DATE, loan_date) X(LOAN_STATUS, loan_status) X(INSURER, insurer)           \
	X(INSURANCE_START, insurance_start) X(INSURANCE_POLICY_NO, insurance_policy_no)   \
	X(CONTACT_AT, contact_at) X(KIND, kind) X(CHANNEL, channel) X(SUBJECT, subject)   \
	X(CONTENT, content) X(STATUS, status) X(RESULT, result) X(MILEAGE, mileage)       \
	X(AMOUNT, amount) X(HANDLER, handler) X(FIRST_RESPONSE_AT, first_response_at)     \
	X(CLOSED_AT, closed_at) X(SATISFACTION, satisfaction) X(TAGS, tags)               \
	X(CONTACT_NO, contact_no) X(PARTS_AMOUNT, parts_amount)                           \
	X(LABOUR_AMOUNT, labour_amount) X(SETTLEMENT, settlement)                         \
	X(LEAD_TYPE, lead_type) X(SCORES, scores)                                         \
	/* beyond the contract's columns, written at the end of their table */            \
	X(SELLER_TAX_NO, seller_tax_no) X(ORGANIZER, organizer)                           \
	X(INFORMED_ON, informed_on) X(INVITED_ON, invited_on)                             \
	X(ATTENDED_ON, attended_on) X(CONTRACT_ON, contract_on)                           \
	X(INSURANCE_KIND, insurance_kind) X(INSURANCE_PREMIUM, insurance_premium)         \
	X(TAX_AMOUNT, tax_amount) X(NET_PRICE, net_price)                                 \
	X(TAX_RATE, tax_rate) X(VEHICLE_TYPE, vehicle_type)                               \
	X(CERTIFICATE_NO, certificate_no) X(SERVICE_OUT_AT, service_out_at)

enum field {
#define X(upper, lower) F_##upper,
	RECORD_FIELDS(X)
#undef X
	F_COUNT
};

enum entity { ENTITY_CUSTOMER, ENTITY_VEHICLE, ENTITY_CONTACT, ENTITY_COUNT };
#define FEEDS(entity) (1u << (entity))

struct record {
	unsigned feeds; /* FEEDS(...) of the tables it has a row in */
	struct str v[F_COUNT];
};

struct str field_name(enum field field);
/* F_COUNT where there is no such field. */
enum field field_find(struct str name);

/* The columns of extract/ and clean/ of an entity, in order, and how many. */
const enum field *entity_fields(enum entity entity, size_t *n);
struct str entity_name(enum entity entity); /* "customer" ... */
bool entity_has(enum entity entity, enum field field);
struct field_set {
	uint64_t bits[(F_COUNT + 63) / 64];
};

static inline void field_set_add(struct field_set *set, enum field field)
{
	set->bits[field / 64] |= 1ULL << field % 64;
}

static inline bool field_set_has(const struct field_set *set, enum field field)
{
	return set->bits[field / 64] >> field % 64 & 1;
}

static inline void field_set_join(struct field_set *set, struct field_set other)
{
	for (size_t i = 0; i < sizeof(set->bits) / sizeof(set->bits[0]); i++)
		set->bits[i] |= other.bits[i];
}

/* Fields that are nothing without each other, with the field itself: a document's type and number,
 * the parts of an address; with a step of an activity the day of the touch point, which is taken from
 * the steps; of any other field it alone. */
struct field_set field_group(enum field field);

/* It says something of the car of its row, whose sender's own key may have several. */
bool field_is_of_a_car(enum field field);

/* Nothing of it says who or which car, only its sender's own key: it stands for the "no" to
 * marketing that it says (cleansing.csv, `usable`). */
bool record_is_known_by_key(const struct record *rec);

/* record_id "STEM:ROW" in two; an id of another form is all stem with row 0. */
void record_id_split(struct str record_id, struct str *stem, uint32_t *row);
/* The order of record ids everywhere: stem by bytes, then row as a number. */
int record_id_cmp(struct str a, struct str b);

/*
 * Records in memory, packed, in the order they were added. Values given back point into
 * the store or into the arena (a record_id is put together again); stores are not moved by
 * later additions. Distinct files, sources and dealers are kept once.
 */
struct records {
	size_t n;
	/* private to records.c */
	struct records_store *store;
};

void records_init(struct records *rs);
/* Before the first record: values of fields that repeat themselves are kept once. For stores that
 * hold much for long: adding takes longer. */
void records_share(struct records *rs);
/* Keeps what the tables hold that it feeds: other fields are dropped, so that a record is
 * the same in memory as in its files. */
void records_add(struct records *rs, const struct record *rec);
void records_get(const struct records *rs, size_t i, struct record *rec, struct arena *a);
/* Cheap access without unpacking the rest. */
struct str records_value(const struct records *rs, size_t i, enum field field, struct arena *a);
unsigned records_feeds(const struct records *rs, size_t i);
/* Tells the processor that record i is wanted soon: records that belong together lie far
 * apart in memory. */
void records_prefetch(const struct records *rs, size_t i);
void records_append(struct records *to, const struct records *from);
void records_append_one(struct records *to, const struct records *from, size_t i);
/* Into the order of record ids. */
void records_sort(struct records *rs);
/* Index of the record of that id (after records_sort), or -1. */
ptrdiff_t records_find(const struct records *rs, struct str record_id);
/* Those of one file: from *first up to before *end; none where both are 0. */
void records_of_file(const struct records *rs, struct str stem, size_t *first, size_t *end);
size_t records_bytes(const struct records *rs);
void records_release(struct records *rs);

/* From and to DIR/customer.csv, vehicle.csv and contact.csv, joined by record_id; all three
 * are in the order of record ids. A table that is missing has no rows. */
bool records_load(struct records *rs, const char *dir, struct fault *f);
bool records_save(const struct records *rs, const char *dir, struct fault *f);
/* One line of the table of an entity, with the LF, onto b. */
void record_csv(const struct record *rec, enum entity entity, struct buf *b);
void record_csv_header(enum entity entity, struct buf *b);

#endif
