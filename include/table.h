/*
 * The tables of the contract, each described once: where it lies below a run directory and
 * its columns in order. Columns may be added at the end, never renamed, moved or dropped.
 *
 * A rowset is such a table in memory: packed rows in the order they were added. All values
 * are text; columns marked `dictionary` (few distinct values) are stored once per value.
 */
#ifndef YICE_TABLE_H
#define YICE_TABLE_H

#include "fault.h"
#include "mem.h"

enum { TABLE_MAX_COLUMNS = 64 };

struct table_def {
	const char *path; /* "master/customer": OUT/master/customer.csv */
	const char *const *columns; /* NULL-terminated */
	uint64_t dictionary; /* bit i: column i has few distinct values */
};

/* The tables by stage. The enumerations beside them number the columns. */
extern const struct table_def table_rejects_extract; /* extract/rejects: rows that are none */
extern const struct table_def table_files; /* extract/files: what is known of each file */
extern const struct table_def table_seen; /* extract/seen: records met again later */
extern const struct table_def table_correction_rows; /* extract/corrections: as they came */
extern const struct table_def table_rejects_clean; /* clean/rejects */
extern const struct table_def table_corrections; /* clean/corrections: what each mends */
extern const struct table_def table_clusters; /* resolve/clusters */
extern const struct table_def table_rejects_resolve;
extern const struct table_def table_review_resolve; /* resolve/review: merge adds its own */
extern const struct table_def table_repeated; /* resolve/repeated: by hand over a state */
extern const struct table_def table_superseded_resolve; /* resolve/superseded: for master/ */
extern const struct table_def table_decisions; /* extract/decisions: what people decided */
extern const struct table_def table_own_decisions; /* STATE/decisions: of them, by yice review */
extern const struct table_def table_unanswerable; /* kept: reviews that accept cannot settle */
extern const struct table_def table_rejects_merge; /* master/rejects */
extern const struct table_def table_customer; /* master/customer */
extern const struct table_def table_pending;
extern const struct table_def table_vehicle;
extern const struct table_def table_ownership;
extern const struct table_def table_contact;
extern const struct table_def table_relation;
extern const struct table_def table_lineage;
extern const struct table_def table_review;
extern const struct table_def table_superseded;
extern const struct table_def table_history;
extern const struct table_def table_ledger; /* ledger */
extern const struct table_def table_returns; /* report/returns */
extern const struct table_def table_quality; /* report/quality */
extern const struct table_def table_alerts; /* report/alerts */

enum reject_column {
	REJ_REJECT_ID, REJ_RECORD_ID, REJ_SOURCE, REJ_DEALER_CODE, REJ_FILE, REJ_ROW,
	REJ_FIELD, REJ_HEADER, REJ_VALUE, REJ_CODE, REJ_ACTION, REJ_MESSAGE,
	REJ_SUGGESTION, REJ_CORRECTED_VALUE, REJ_COLUMNS
};

/* extract/files.csv. headers: "field=header as it came", joined by ";" (";", "=" and "\"
 * inside are escaped by "\"). expects: the fields whose absence is told, joined by ";".
 * feeds: customer;vehicle;contact. status: ok or quarantined. */
enum files_column {
	FIL_FILE, FIL_STEM, FIL_SCHEMA, FIL_SENDER, FIL_SOURCE, FIL_OBSERVED_ON, FIL_SHA256,
	FIL_ENCODING, FIL_DELIMITER, FIL_MODE, FIL_FEEDS, FIL_EXPECTS, FIL_HEADERS,
	FIL_UNKNOWN_HEADERS, FIL_FINDINGS, FIL_ROWS, FIL_STATUS, FIL_REASON, FIL_COLUMNS
};

/* extract/seen.csv: a record that came again unchanged; the newest date it was seen. */
enum seen_column { SEEN_RECORD_ID, SEEN_LAST_SEEN, SEEN_COLUMNS };

/* extract/corrections.csv: the rows of correction files. */
enum correction_row_column {
	CRW_RECORD_ID, CRW_DEALER_CODE /* the sender */, CRW_OBSERVED_ON, CRW_REJECT_ID,
	CRW_CORRECTED_VALUE, CRW_FILE, CRW_ROW, CRW_FIELD, CRW_CODE, CRW_VALUE, CRW_HANDLER,
	CRW_COLUMNS
};

/* clean/corrections.csv: what became of each. status: applied (a record of that id carries
 * the value; that of a later row of its file where that one gives another), confirmed, review
 * (only headquarters may decide), still_wrong (the new value is faulty too), unknown (no such
 * reject), foreign (another dealer's), empty; of everything received also withdrawn (with the
 * record that it was to mend). */
enum corrections_column {
	COR_RECORD_ID, COR_REJECT_ID, COR_BASE_RECORD_ID, COR_BASE_SOURCE, COR_DEALER_CODE,
	COR_OBSERVED_ON, COR_FIELD, COR_CODE, COR_VALUE, COR_STATUS, COR_REASON, COR_COLUMNS
};

/* resolve/clusters.csv, in the order of record ids: every record that feeds customer, and
 * those of contact alone that evidence gives to a customer. kind: id (the customer has an ID
 * number) or pending. id_use, where the record carries a valid ID number: key (it is the
 * customer's), former (of a renewed or merged one) or barred (not to be used: shared by many
 * names, or set aside by a correction or decision). */
enum cluster_column {
	CLU_RECORD_ID, CLU_CUSTOMER_ID, CLU_METHOD, CLU_SCORE, CLU_KIND, CLU_ID_USE, CLU_COLUMNS
};

enum superseded_column { SUP_OLD_ID, SUP_NEW_ID, SUP_ON, SUP_REASON, SUP_COLUMNS };

/* decisions.csv. action: accept_change refuse_change (customer_id, attribute, value),
 * merge_customers keep_apart (customer_id, other_customer_id), split (customer_id, record_id). */
enum decision_column {
	DEC_DECISION_ID, DEC_DECIDED_ON, DEC_WHO, DEC_ACTION, DEC_CUSTOMER_ID,
	DEC_OTHER_CUSTOMER_ID, DEC_RECORD_ID, DEC_ATTRIBUTE, DEC_VALUE, DEC_NOTE, DEC_COLUMNS
};

enum ledger_column {
	LED_FILE, LED_SOURCE, LED_SENDER, LED_SHA256, LED_ENCODING, LED_ROWS, LED_ACCEPTED,
	LED_FLAGGED, LED_REJECTED, LED_DUPLICATE, LED_STATUS, LED_REASON, LED_COLUMNS
};

enum returns_column {
	RET_REJECT_ID, RET_DEALER_CODE, RET_CODE, RET_STATUS, RET_FIRST_SENT, RET_LAST_SEEN,
	RET_CLOSED_ON, RET_DAYS, RET_COLUMNS
};

enum review_column {
	REV_REVIEW_ID, REV_KIND, REV_CUSTOMER_ID, REV_ATTRIBUTE, REV_CURRENT_VALUE,
	REV_NEW_VALUE, REV_RECORD_ID, REV_REASON, REV_COLUMNS
};

enum lineage_column {
	LIN_ENTITY, LIN_KEY, LIN_ATTRIBUTE, LIN_VALUE, LIN_SOURCE, LIN_RECORD_ID,
	LIN_OBSERVED_ON, LIN_RULE, LIN_CANDIDATES, LIN_COLUMNS
};

/* master/customer.csv and master/pending.csv */
enum customer_column {
	CUS_CUSTOMER_ID, CUS_ID_TYPE, CUS_ID_NUMBER, CUS_CUSTOMER_TYPE, CUS_NAME,
	CUS_GENDER, CUS_BIRTH_DATE, CUS_MOBILE, CUS_PHONE, CUS_EMAIL, CUS_PROVINCE,
	CUS_CITY, CUS_DISTRICT, CUS_ADDRESS, CUS_POSTCODE, CUS_OCCUPATION, CUS_EMPLOYER,
	CUS_INDUSTRY, CUS_INTERESTS, CUS_CONTACT_NAME, CUS_CONTACT_PHONE, CUS_RELATIVE_NAME,
	CUS_RELATIVE_RELATION, CUS_SALES_CONSULTANT, CUS_CUSTOMER_SOURCE,
	CUS_MARKETING_CONSENT, CUS_DEALER_CODE, CUS_FIRST_SEEN, CUS_LAST_SEEN, CUS_SOURCES,
	CUS_RECORD_COUNT, CUS_ADDRESS1, CUS_ADDRESS2, CUS_ADDRESS3, CUS_CREATED_AT,
	CUS_INTENDED_PURCHASE_DATE, CUS_INTEREST_SERIES, CUS_INTEREST_MODEL,
	CUS_NEXT_CONTACT_PLAN, CUS_ENTHUSIASM, CUS_REFERRER_MOBILE, CUS_FINANCE_INTEREST,
	CUS_USED_CAR_INTEREST, CUS_RELATIVE_MOBILE, CUS_RELATIVE_ID_NUMBER,
	CUS_RELATIVE_VIN, CUS_COLUMNS
};

enum vehicle_column {
	VEH_VIN, VEH_ENGINE_NO, VEH_PLATE, VEH_BRAND, VEH_SERIES, VEH_MODEL,
	VEH_CONFIGURATION, VEH_PURCHASE_DATE, VEH_INVOICE_NO, VEH_INVOICE_DATE, VEH_PRICE,
	VEH_REGISTRATION_DATE, VEH_FIRST_SERVICE_DATE, VEH_INSURANCE_EXPIRY,
	VEH_LOAN_CONTRACT_NO, VEH_LOAN_AMOUNT, VEH_DEALER_CODE, VEH_FIRST_SEEN,
	VEH_LAST_SEEN, VEH_SOURCES, VEH_RECORD_COUNT, VEH_DELIVERY_DATE, VEH_USE,
	VEH_LOAN_TERM, VEH_LOAN_DATE, VEH_LOAN_STATUS, VEH_INSURER, VEH_INSURANCE_START,
	VEH_INSURANCE_POLICY_NO, VEH_SELLER_TAX_NO, VEH_TAX_AMOUNT, VEH_NET_PRICE,
	VEH_TAX_RATE, VEH_VEHICLE_TYPE, VEH_CERTIFICATE_NO, VEH_INSURANCE_KIND,
	VEH_INSURANCE_PREMIUM, VEH_COLUMNS
};

enum contact_column {
	CON_RECORD_ID, CON_CUSTOMER_ID, CON_VIN, CON_DEALER_CODE, CON_CONTACT_AT, CON_KIND,
	CON_CHANNEL, CON_SUBJECT, CON_CONTENT, CON_STATUS, CON_RESULT, CON_MILEAGE,
	CON_AMOUNT, CON_HANDLER, CON_FIRST_RESPONSE_AT, CON_CLOSED_AT, CON_SATISFACTION,
	CON_TAGS, CON_SOURCE, CON_CONTACT_NO, CON_PARTS_AMOUNT, CON_LABOUR_AMOUNT,
	CON_SETTLEMENT, CON_LEAD_TYPE, CON_SCORES, CON_ORGANIZER, CON_INFORMED_ON,
	CON_INVITED_ON, CON_ATTENDED_ON, CON_CONTRACT_ON, CON_SERVICE_OUT_AT, CON_COLUMNS
};

enum ownership_column {
	OWN_VIN, OWN_CUSTOMER_ID, OWN_ROLE, OWN_SINCE, OWN_UNTIL, OWN_RECORD_ID, OWN_SOURCE,
	OWN_DEALER_CODE, OWN_PRICE, OWN_COLUMNS
};

enum relation_column {
	REL_CUSTOMER_ID, REL_RELATION, REL_NAME, REL_MOBILE, REL_RELATED_CUSTOMER_ID, REL_VIN,
	REL_RECORD_ID, REL_COLUMNS
};

/* master/history.csv: what changed in this run. */
enum history_column {
	HIS_ENTITY, HIS_KEY, HIS_ATTRIBUTE, HIS_OLD_VALUE, HIS_NEW_VALUE, HIS_ON, HIS_RECORD_ID,
	HIS_REASON, HIS_COLUMNS
};

enum quality_column {
	QUA_DIMENSION, QUA_METRIC, QUA_SCOPE_KIND, QUA_SCOPE, QUA_VALUE, QUA_NUMERATOR,
	QUA_DENOMINATOR, QUA_COLUMNS
};

enum alerts_column {
	ALE_SEVERITY, ALE_RULE, ALE_METRIC, ALE_SCOPE_KIND, ALE_SCOPE, ALE_VALUE, ALE_COMPARISON,
	ALE_THRESHOLD, ALE_MESSAGE, ALE_COLUMNS
};

size_t table_width(const struct table_def *def);
/* Column of that name, or -1. */
int table_column(const struct table_def *def, struct str name);

struct rowset {
	const struct table_def *def;
	size_t n; /* rows */
	/* private to rowset.c */
	struct rowset_store *store;
};

void rowset_init(struct rowset *rs, const struct table_def *def);
/* Copies the row: as many values as the table has columns. */
void rowset_add(struct rowset *rs, const struct str *values);
/* All values of row i; they live as long as the rowset and are not moved by rowset_add. */
void rowset_get(const struct rowset *rs, size_t i, struct str *values);
struct str rowset_value(const struct rowset *rs, size_t i, int column); /* one of them */
/* Some of them (bit i: column i); the others are left as they are. */
void rowset_some(const struct rowset *rs, size_t i, uint64_t columns, struct str *values);
/* Tells the processor that row i is wanted soon. */
void rowset_prefetch(const struct rowset *rs, size_t i);
void rowset_append(struct rowset *to, const struct rowset *from); /* same table */
/* Stable sort by a comparison of rows as values. */
void rowset_sort(struct rowset *rs, int (*compare)(const struct str *a, const struct str *b));
/* How many different values a `dictionary` column has; 0 where that is not known. */
size_t rowset_distinct(const struct rowset *rs, int column);
size_t rowset_bytes(const struct rowset *rs);
void rowset_release(struct rowset *rs);

/* DIR/<path>.csv, or .csv.gz. A table that is not there is a fault unless `optional`, then
 * it is empty. Columns are found by name; missing ones are empty; unknown ones dropped. */
bool rowset_load(struct rowset *rs, const char *dir, bool optional, struct fault *f);
/* Writes DIR/<path>.csv (outfile: whole or not at all). */
bool rowset_save(const struct rowset *rs, const char *dir, struct fault *f);
void rowset_csv(const struct rowset *rs, struct buf *b); /* the bytes of that file */

#endif
