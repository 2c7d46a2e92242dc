-- What the marts go by: the day of the run and rules/marts.csv. Filled anew by each publish.

-- One row: numbers by their names in rules/marts.csv.
CREATE TABLE term (
	"today" TEXT NOT NULL,
	"period_months" BIGINT NOT NULL,
	"warranty_months" BIGINT NOT NULL,
	"warranty_km" BIGINT NOT NULL,
	"first_service_months" BIGINT NOT NULL,
	"service_interval_months" BIGINT NOT NULL,
	"quiet_months" BIGINT NOT NULL,
	"lost_months" BIGINT NOT NULL,
	"class_a_percent" BIGINT NOT NULL,
	"class_b_percent" BIGINT NOT NULL,
	"complaint_contact_hours" BIGINT NOT NULL,
	"complaint_solve_days" BIGINT NOT NULL,
	"complaint_reopened_days" BIGINT NOT NULL,
	"lead_hours" BIGINT NOT NULL,
	"lead_short_months" BIGINT NOT NULL,
	"lead_long_months" BIGINT NOT NULL,
	"contract_days" BIGINT NOT NULL,
	"contract_months" BIGINT NOT NULL,
	"campaign_days" BIGINT NOT NULL,
	"campaign_most" BIGINT NOT NULL,
	"network_least" BIGINT NOT NULL
);

-- Lists of words, one line each: list is the name in rules/marts.csv.
CREATE TABLE word (
	"list" TEXT NOT NULL,
	"word" TEXT NOT NULL
);

-- rules/points.csv: what earns how many points; per_yuan NULL: for each occasion.
CREATE TABLE point_rule (
	"kind" TEXT NOT NULL,
	"points" BIGINT NOT NULL,
	"per_yuan" BIGINT,
	"scope" TEXT NOT NULL
);

-- rules/tiers.csv: the levels of the club from 0 on; one condition is enough.
CREATE TABLE tier_rule (
	"level" BIGINT NOT NULL,
	"tier" TEXT NOT NULL,
	"cars" BIGINT,
	"services" BIGINT,
	"single_amount" BIGINT,
	"total_amount" BIGINT
);
CREATE TABLE tier_series (
	"level" BIGINT NOT NULL,
	"series" TEXT NOT NULL
);

-- rules/report.csv: the weight of each factor of an after-sales survey, in the order of scores.
CREATE TABLE survey_factor (
	"factor" BIGINT NOT NULL,
	"weight" BIGINT NOT NULL
);
