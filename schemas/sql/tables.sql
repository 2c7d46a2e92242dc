-- The tables of the store: the columns of CONTRACT's CSV files, in their order. Plain SQL that
-- SQLite and PostgreSQL both read. An empty cell is NULL. Text unless a count: an amount is
-- text as it was cleaned; the views make numbers of it.

-- One row for each ID number: the golden record.
CREATE TABLE customer (
	"customer_id" TEXT NOT NULL,
	"id_type" TEXT,
	"id_number" TEXT,
	"customer_type" TEXT,
	"name" TEXT,
	"gender" TEXT,
	"birth_date" TEXT,
	"mobile" TEXT,
	"phone" TEXT,
	"email" TEXT,
	"province" TEXT,
	"city" TEXT,
	"district" TEXT,
	"address" TEXT,
	"postcode" TEXT,
	"occupation" TEXT,
	"employer" TEXT,
	"industry" TEXT,
	"interests" TEXT,
	"contact_name" TEXT,
	"contact_phone" TEXT,
	"relative_name" TEXT,
	"relative_relation" TEXT,
	"sales_consultant" TEXT,
	"customer_source" TEXT,
	"marketing_consent" TEXT,
	"dealer_code" TEXT,
	"first_seen" TEXT,
	"last_seen" TEXT,
	"sources" TEXT,
	"record_count" BIGINT,
	"address1" TEXT,
	"address2" TEXT,
	"address3" TEXT,
	"created_at" TEXT,
	"intended_purchase_date" TEXT,
	"interest_series" TEXT,
	"interest_model" TEXT,
	"next_contact_plan" TEXT,
	"enthusiasm" TEXT,
	"referrer_mobile" TEXT,
	"finance_interest" TEXT,
	"used_car_interest" TEXT,
	"relative_mobile" TEXT,
	"relative_id_number" TEXT,
	"relative_vin" TEXT
);

-- The same for people whom no record gives a valid ID number yet.
CREATE TABLE pending (
	"customer_id" TEXT NOT NULL,
	"id_type" TEXT,
	"id_number" TEXT,
	"customer_type" TEXT,
	"name" TEXT,
	"gender" TEXT,
	"birth_date" TEXT,
	"mobile" TEXT,
	"phone" TEXT,
	"email" TEXT,
	"province" TEXT,
	"city" TEXT,
	"district" TEXT,
	"address" TEXT,
	"postcode" TEXT,
	"occupation" TEXT,
	"employer" TEXT,
	"industry" TEXT,
	"interests" TEXT,
	"contact_name" TEXT,
	"contact_phone" TEXT,
	"relative_name" TEXT,
	"relative_relation" TEXT,
	"sales_consultant" TEXT,
	"customer_source" TEXT,
	"marketing_consent" TEXT,
	"dealer_code" TEXT,
	"first_seen" TEXT,
	"last_seen" TEXT,
	"sources" TEXT,
	"record_count" BIGINT,
	"address1" TEXT,
	"address2" TEXT,
	"address3" TEXT,
	"created_at" TEXT,
	"intended_purchase_date" TEXT,
	"interest_series" TEXT,
	"interest_model" TEXT,
	"next_contact_plan" TEXT,
	"enthusiasm" TEXT,
	"referrer_mobile" TEXT,
	"finance_interest" TEXT,
	"used_car_interest" TEXT,
	"relative_mobile" TEXT,
	"relative_id_number" TEXT,
	"relative_vin" TEXT
);

-- One row for each VIN.
CREATE TABLE vehicle (
	"vin" TEXT NOT NULL,
	"engine_no" TEXT,
	"plate" TEXT,
	"brand" TEXT,
	"series" TEXT,
	"model" TEXT,
	"configuration" TEXT,
	"purchase_date" TEXT,
	"invoice_no" TEXT,
	"invoice_date" TEXT,
	"price" TEXT,
	"registration_date" TEXT,
	"first_service_date" TEXT,
	"insurance_expiry" TEXT,
	"loan_contract_no" TEXT,
	"loan_amount" TEXT,
	"dealer_code" TEXT,
	"first_seen" TEXT,
	"last_seen" TEXT,
	"sources" TEXT,
	"record_count" BIGINT,
	"delivery_date" TEXT,
	"use" TEXT,
	"loan_term" TEXT,
	"loan_date" TEXT,
	"loan_status" TEXT,
	"insurer" TEXT,
	"insurance_start" TEXT,
	"insurance_policy_no" TEXT,
	"seller_tax_no" TEXT,
	"tax_amount" TEXT,
	"net_price" TEXT,
	"tax_rate" TEXT,
	"vehicle_type" TEXT,
	"certificate_no" TEXT,
	"insurance_kind" TEXT,
	"insurance_premium" TEXT
);

-- Who has what to do with which car: owner, former_owner, user, relative. dealer_code and price
-- of the sale that the record claims.
CREATE TABLE ownership (
	"vin" TEXT,
	"customer_id" TEXT,
	"role" TEXT,
	"since" TEXT,
	"until" TEXT,
	"record_id" TEXT,
	"source" TEXT,
	"dealer_code" TEXT,
	"price" TEXT
);

-- Touch points: service visits, calls, leads, complaints, surveys ...
CREATE TABLE contact (
	"record_id" TEXT NOT NULL,
	"customer_id" TEXT,
	"vin" TEXT,
	"dealer_code" TEXT,
	"contact_at" TEXT,
	"kind" TEXT,
	"channel" TEXT,
	"subject" TEXT,
	"content" TEXT,
	"status" TEXT,
	"result" TEXT,
	"mileage" TEXT,
	"amount" TEXT,
	"handler" TEXT,
	"first_response_at" TEXT,
	"closed_at" TEXT,
	"satisfaction" TEXT,
	"tags" TEXT,
	"source" TEXT,
	"contact_no" TEXT,
	"parts_amount" TEXT,
	"labour_amount" TEXT,
	"settlement" TEXT,
	"lead_type" TEXT,
	"scores" TEXT,
	"organizer" TEXT,
	"informed_on" TEXT,
	"invited_on" TEXT,
	"attended_on" TEXT,
	"contract_on" TEXT,
	"service_out_at" TEXT
);

-- Relatives, contact persons, referrers.
CREATE TABLE relation (
	"customer_id" TEXT,
	"relation" TEXT,
	"name" TEXT,
	"mobile" TEXT,
	"related_customer_id" TEXT,
	"vin" TEXT,
	"record_id" TEXT
);

-- Which record belongs to which customer, and why.
CREATE TABLE cluster (
	"record_id" TEXT NOT NULL,
	"customer_id" TEXT,
	"method" TEXT,
	"score" DOUBLE PRECISION,
	"kind" TEXT,
	"id_use" TEXT
);

-- Where each golden value came from, one row for each customer or car: its lines as a JSON array
-- of [attribute, value, source, record_id, observed_on, rule, candidates]. The view `lineage`
-- shows them as rows; twenty rows for each customer cost ten times as much to write.
CREATE TABLE lineage_packed (
	"entity" TEXT NOT NULL,
	"key" TEXT NOT NULL,
	"lines" TEXT
);

-- What a person should decide.
CREATE TABLE review (
	"review_id" TEXT NOT NULL,
	"kind" TEXT,
	"customer_id" TEXT,
	"attribute" TEXT,
	"current_value" TEXT,
	"new_value" TEXT,
	"record_id" TEXT,
	"reason" TEXT
);

-- Where keys went.
CREATE TABLE superseded (
	"old_id" TEXT,
	"new_id" TEXT,
	"on" TEXT,
	"reason" TEXT
);

-- Every fault told of a record that stands.
CREATE TABLE reject (
	"reject_id" TEXT,
	"record_id" TEXT,
	"source" TEXT,
	"dealer_code" TEXT,
	"file" TEXT,
	"row" BIGINT,
	"field" TEXT,
	"header" TEXT,
	"value" TEXT,
	"code" TEXT,
	"action" TEXT,
	"message" TEXT,
	"suggestion" TEXT,
	"corrected_value" TEXT
);

-- What became of everything ever returned.
CREATE TABLE returns (
	"reject_id" TEXT NOT NULL,
	"dealer_code" TEXT,
	"code" TEXT,
	"status" TEXT,
	"first_sent" TEXT,
	"last_seen" TEXT,
	"closed_on" TEXT,
	"days" BIGINT
);

-- The fate of each row of each input file.
CREATE TABLE ledger (
	"file" TEXT,
	"source" TEXT,
	"sender" TEXT,
	"sha256" TEXT,
	"encoding" TEXT,
	"rows" BIGINT,
	"accepted" BIGINT,
	"flagged" BIGINT,
	"rejected" BIGINT,
	"duplicate" BIGINT,
	"status" TEXT,
	"reason" TEXT
);

-- What the run measured.
CREATE TABLE quality (
	"dimension" TEXT,
	"metric" TEXT,
	"scope_kind" TEXT,
	"scope" TEXT,
	"value" TEXT,
	"numerator" DOUBLE PRECISION,
	"denominator" DOUBLE PRECISION
);

-- What the run found to be alarming.
CREATE TABLE alerts (
	"severity" TEXT,
	"rule" TEXT,
	"metric" TEXT,
	"scope_kind" TEXT,
	"scope" TEXT,
	"value" TEXT,
	"comparison" TEXT,
	"threshold" TEXT,
	"message" TEXT
);

-- Which golden values changed, and when; a lasting store has all nights.
CREATE TABLE history (
	"entity" TEXT,
	"key" TEXT,
	"attribute" TEXT,
	"old_value" TEXT,
	"new_value" TEXT,
	"on" TEXT,
	"record_id" TEXT,
	"reason" TEXT
);

-- One row for each business date published: the sums of its ledger, of one run or of several, and
-- the rows of its master.
CREATE TABLE runs (
	"run_on" TEXT NOT NULL,
	"version" TEXT,
	"files" BIGINT,
	"quarantined" BIGINT,
	"rows" BIGINT,
	"accepted" BIGINT,
	"flagged" BIGINT,
	"rejected" BIGINT,
	"duplicate" BIGINT,
	"customers" BIGINT,
	"pending" BIGINT,
	"vehicles" BIGINT,
	"contacts" BIGINT
);

-- How the store itself is made: the number of its layout and a digest of its views.
CREATE TABLE schema_version (
	"version" BIGINT NOT NULL,
	"views" TEXT NOT NULL
);

-- What the newest night left in each table: a table of the same digest is not written again. Under
-- first_run, which of its state's runs began that night: later ones of the same day add to it.
CREATE TABLE store_table (
	"name" TEXT NOT NULL,
	"rows" BIGINT NOT NULL,
	"digest" TEXT NOT NULL
);
