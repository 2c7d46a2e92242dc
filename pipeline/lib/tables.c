#include "table.h"

/* Column lists are written as in CONTRACT.md, and numbered by the enumerations of table.h. */
#define COLUMNS(...) ((const char *const[]){ __VA_ARGS__, NULL })
#define BIT(column) (1ull << (column))

#define REJECT_COLUMNS                                                                  \
	COLUMNS("reject_id", "record_id", "source", "dealer_code", "file", "row",       \
		"field", "header", "value", "code", "action", "message", "suggestion",  \
		"corrected_value")
#define REJECT_DICTIONARY                                                               \
	(BIT(REJ_SOURCE) | BIT(REJ_DEALER_CODE) | BIT(REJ_FILE) | BIT(REJ_FIELD) |      \
	 BIT(REJ_HEADER) | BIT(REJ_CODE) | BIT(REJ_ACTION))

const struct table_def table_rejects_extract = { "extract/rejects", REJECT_COLUMNS,
						 REJECT_DICTIONARY };
const struct table_def table_rejects_clean = { "clean/rejects", REJECT_COLUMNS,
					       REJECT_DICTIONARY };
const struct table_def table_rejects_resolve = { "resolve/rejects", REJECT_COLUMNS,
						 REJECT_DICTIONARY };
const struct table_def table_rejects_merge = { "master/rejects", REJECT_COLUMNS,
					       REJECT_DICTIONARY };

const struct table_def table_files = {
	"extract/files",
	COLUMNS("file", "stem", "schema", "sender", "source", "observed_on", "sha256",
		"encoding", "delimiter", "mode", "feeds", "expects", "headers",
		"unknown_headers", "findings", "rows", "status", "reason"),
	BIT(FIL_SCHEMA) | BIT(FIL_SENDER) | BIT(FIL_SOURCE) | BIT(FIL_OBSERVED_ON) |
		BIT(FIL_ENCODING) | BIT(FIL_DELIMITER) | BIT(FIL_MODE) | BIT(FIL_FEEDS) |
		BIT(FIL_EXPECTS) | BIT(FIL_HEADERS) | BIT(FIL_STATUS),
};

const struct table_def table_seen = {
	"extract/seen",
	COLUMNS("record_id", "last_seen"),
	BIT(SEEN_LAST_SEEN),
};

const struct table_def table_correction_rows = {
	"extract/corrections",
	COLUMNS("record_id", "dealer_code", "observed_on", "reject_id", "corrected_value",
		"file", "row", "field", "code", "value", "handler"),
	BIT(CRW_DEALER_CODE) | BIT(CRW_OBSERVED_ON) | BIT(CRW_FILE) | BIT(CRW_FIELD) |
		BIT(CRW_CODE),
};

const struct table_def table_corrections = {
	"clean/corrections",
	COLUMNS("record_id", "reject_id", "base_record_id", "base_source", "dealer_code",
		"observed_on", "field", "code", "value", "status", "reason"),
	BIT(COR_BASE_SOURCE) | BIT(COR_DEALER_CODE) | BIT(COR_OBSERVED_ON) | BIT(COR_FIELD) |
		BIT(COR_CODE) | BIT(COR_STATUS) | BIT(COR_REASON),
};

const struct table_def table_clusters = {
	"resolve/clusters",
	COLUMNS("record_id", "customer_id", "method", "score", "kind", "id_use"),
	BIT(CLU_METHOD) | BIT(CLU_SCORE) | BIT(CLU_KIND) | BIT(CLU_ID_USE),
};

#define DECISION_COLUMNS                                                                \
	COLUMNS("decision_id", "decided_on", "who", "action", "customer_id",            \
		"other_customer_id", "record_id", "attribute", "value", "note")
#define DECISION_DICTIONARY                                                             \
	(BIT(DEC_DECIDED_ON) | BIT(DEC_WHO) | BIT(DEC_ACTION) | BIT(DEC_ATTRIBUTE))

const struct table_def table_decisions = { "extract/decisions", DECISION_COLUMNS,
					   DECISION_DICTIONARY };
const struct table_def table_own_decisions = { "decisions", DECISION_COLUMNS,
					       DECISION_DICTIONARY };

const struct table_def table_unanswerable = { "review/unanswerable", COLUMNS("review_id"), 0 };

/* Those of the contract, then the further columns of the cleaned tables. */
#define CUSTOMER_COLUMNS                                                                \
	COLUMNS("customer_id", "id_type", "id_number", "customer_type", "name", "gender", \
		"birth_date", "mobile", "phone", "email", "province", "city", "district", \
		"address", "postcode", "occupation", "employer", "industry", "interests", \
		"contact_name", "contact_phone", "relative_name", "relative_relation",  \
		"sales_consultant", "customer_source", "marketing_consent",             \
		"dealer_code", "first_seen", "last_seen", "sources", "record_count",    \
		"address1", "address2", "address3", "created_at",                       \
		"intended_purchase_date", "interest_series", "interest_model",          \
		"next_contact_plan", "enthusiasm", "referrer_mobile",                   \
		"finance_interest", "used_car_interest", "relative_mobile",             \
		"relative_id_number", "relative_vin")
#define CUSTOMER_DICTIONARY \
	(BIT(CUS_ID_TYPE) | BIT(CUS_CUSTOMER_TYPE) | BIT(CUS_GENDER) | \
	BIT(CUS_PROVINCE) | BIT(CUS_CITY) | BIT(CUS_DISTRICT) | BIT(CUS_OCCUPATION) | \
	BIT(CUS_INDUSTRY) | BIT(CUS_RELATIVE_RELATION) | BIT(CUS_CUSTOMER_SOURCE) | \
	BIT(CUS_MARKETING_CONSENT) | BIT(CUS_DEALER_CODE) | BIT(CUS_FIRST_SEEN) | \
	BIT(CUS_LAST_SEEN) | BIT(CUS_SOURCES) | BIT(CUS_RECORD_COUNT) | \
	BIT(CUS_INTEREST_SERIES) | BIT(CUS_INTEREST_MODEL) | BIT(CUS_ENTHUSIASM) | \
	BIT(CUS_FINANCE_INTEREST) | BIT(CUS_USED_CAR_INTEREST))

const struct table_def table_customer = { "master/customer", CUSTOMER_COLUMNS,
					  CUSTOMER_DICTIONARY };
const struct table_def table_pending = { "master/pending", CUSTOMER_COLUMNS,
					 CUSTOMER_DICTIONARY };

const struct table_def table_vehicle = {
	"master/vehicle",
	COLUMNS("vin", "engine_no", "plate", "brand", "series", "model", "configuration",
		"purchase_date", "invoice_no", "invoice_date", "price",
		"registration_date", "first_service_date", "insurance_expiry",
		"loan_contract_no", "loan_amount", "dealer_code", "first_seen",
		"last_seen", "sources", "record_count",
		"delivery_date", "use", "loan_term", "loan_date", "loan_status", "insurer",
		"insurance_start", "insurance_policy_no",
		"seller_tax_no", "tax_amount", "net_price", "tax_rate", "vehicle_type",
		"certificate_no", "insurance_kind", "insurance_premium"),
	BIT(VEH_BRAND) | BIT(VEH_SERIES) | BIT(VEH_MODEL) | BIT(VEH_CONFIGURATION) |
		BIT(VEH_DEALER_CODE) | BIT(VEH_FIRST_SEEN) | BIT(VEH_LAST_SEEN) |
		BIT(VEH_SOURCES) | BIT(VEH_RECORD_COUNT) | BIT(VEH_USE) | BIT(VEH_LOAN_TERM) |
		BIT(VEH_LOAN_STATUS) | BIT(VEH_INSURER) | BIT(VEH_SELLER_TAX_NO) |
		BIT(VEH_TAX_RATE) | BIT(VEH_VEHICLE_TYPE) | BIT(VEH_INSURANCE_KIND),
};

const struct table_def table_ownership = {
	"master/ownership",
	COLUMNS("vin", "customer_id", "role", "since", "until", "record_id", "source",
		"dealer_code", "price"),
	BIT(OWN_ROLE) | BIT(OWN_SINCE) | BIT(OWN_UNTIL) | BIT(OWN_SOURCE) | BIT(OWN_DEALER_CODE),
};

const struct table_def table_contact = {
	"master/contact",
	COLUMNS("record_id", "customer_id", "vin", "dealer_code", "contact_at", "kind",
		"channel", "subject", "content", "status", "result", "mileage", "amount",
		"handler", "first_response_at", "closed_at", "satisfaction", "tags",
		"source", "contact_no", "parts_amount", "labour_amount", "settlement",
		"lead_type", "scores",
		"organizer", "informed_on", "invited_on", "attended_on", "contract_on",
		"service_out_at"),
	BIT(CON_DEALER_CODE) | BIT(CON_KIND) | BIT(CON_CHANNEL) | BIT(CON_STATUS) |
		BIT(CON_SATISFACTION) | BIT(CON_TAGS) | BIT(CON_SOURCE) | BIT(CON_SETTLEMENT) |
		BIT(CON_LEAD_TYPE) | BIT(CON_ORGANIZER) | BIT(CON_INFORMED_ON) |
		BIT(CON_INVITED_ON) | BIT(CON_ATTENDED_ON) | BIT(CON_CONTRACT_ON),
};

const struct table_def table_relation = {
	"master/relation",
	COLUMNS("customer_id", "relation", "name", "mobile", "related_customer_id", "vin",
		"record_id"),
	BIT(REL_RELATION),
};

const struct table_def table_lineage = {
	"master/lineage",
	COLUMNS("entity", "key", "attribute", "value", "source", "record_id", "observed_on",
		"rule", "candidates"),
	BIT(LIN_ENTITY) | BIT(LIN_ATTRIBUTE) | BIT(LIN_SOURCE) | BIT(LIN_OBSERVED_ON) |
		BIT(LIN_RULE) | BIT(LIN_CANDIDATES),
};

/* What resolve asks of people, and merge adds to. */
#define REVIEW_COLUMNS                                                                  \
	COLUMNS("review_id", "kind", "customer_id", "attribute", "current_value",       \
		"new_value", "record_id", "reason")
#define REVIEW_DICTIONARY (BIT(REV_KIND) | BIT(REV_ATTRIBUTE))

const struct table_def table_review_resolve = { "resolve/review", REVIEW_COLUMNS,
						REVIEW_DICTIONARY };
const struct table_def table_review = { "master/review", REVIEW_COLUMNS, REVIEW_DICTIONARY };

const struct table_def table_repeated = { "resolve/repeated", COLUMNS("record_id"), 0 };

/* Where keys of customers went: told by resolve, published with the master. */
#define SUPERSEDED_COLUMNS COLUMNS("old_id", "new_id", "on", "reason")
#define SUPERSEDED_DICTIONARY (BIT(SUP_ON) | BIT(SUP_REASON))

const struct table_def table_superseded_resolve = { "resolve/superseded", SUPERSEDED_COLUMNS,
						    SUPERSEDED_DICTIONARY };
const struct table_def table_superseded = { "master/superseded", SUPERSEDED_COLUMNS,
					    SUPERSEDED_DICTIONARY };

const struct table_def table_history = {
	"master/history",
	COLUMNS("entity", "key", "attribute", "old_value", "new_value", "on", "record_id",
		"reason"),
	BIT(HIS_ENTITY) | BIT(HIS_ATTRIBUTE) | BIT(HIS_ON) | BIT(HIS_REASON),
};

const struct table_def table_ledger = {
	"ledger",
	COLUMNS("file", "source", "sender", "sha256", "encoding", "rows", "accepted",
		"flagged", "rejected", "duplicate", "status", "reason"),
	BIT(LED_SOURCE) | BIT(LED_SENDER) | BIT(LED_ENCODING) | BIT(LED_STATUS),
};

const struct table_def table_returns = {
	"report/returns",
	COLUMNS("reject_id", "dealer_code", "code", "status", "first_sent", "last_seen",
		"closed_on", "days"),
	BIT(RET_DEALER_CODE) | BIT(RET_CODE) | BIT(RET_STATUS) | BIT(RET_FIRST_SENT) |
		BIT(RET_LAST_SEEN) | BIT(RET_CLOSED_ON) | BIT(RET_DAYS),
};

const struct table_def table_quality = {
	"report/quality",
	COLUMNS("dimension", "metric", "scope_kind", "scope", "value", "numerator",
		"denominator"),
	BIT(QUA_DIMENSION) | BIT(QUA_METRIC) | BIT(QUA_SCOPE_KIND),
};

const struct table_def table_alerts = {
	"report/alerts",
	COLUMNS("severity", "rule", "metric", "scope_kind", "scope", "value", "comparison",
		"threshold", "message"),
	0,
};

size_t table_width(const struct table_def *def)
{
	size_t n = 0;

	while (def->columns[n])
		n++;
	return n;
}

int table_column(const struct table_def *def, struct str name)
{
	for (int i = 0; def->columns[i]; i++)
		if (str_eq(str_of(def->columns[i]), name))
			return i;
	return -1;
}
