-- What the lists of rules/followup.csv read beside the tables and marts of a run. SQLite only:
-- the lists are made while the run goes on, in an analysis of its own.

-- Everybody: customers, and those whose ID number is not known yet.
CREATE VIEW person AS
SELECT customer_id, customer_type, name, mobile, phone, birth_date, dealer_code, marketing_consent,
       intended_purchase_date, interest_series, next_contact_plan
FROM customer
UNION ALL
SELECT customer_id, customer_type, name, mobile, phone, birth_date, dealer_code, marketing_consent,
       intended_purchase_date, interest_series, next_contact_plan
FROM pending;

-- The last time that a car was in the workshop, and the most that its odometer showed.
CREATE VIEW visit AS
SELECT vin, max(contact_at) AS last_at, max(CAST(mileage AS INTEGER)) AS mileage,
       max(CASE WHEN kind IN ('first_service', 'maintenance') THEN contact_at END) AS serviced_at
FROM contact
WHERE vin IS NOT NULL AND kind IN (SELECT word FROM word WHERE list = 'service_kinds')
GROUP BY vin;

-- A car and who owns it today. delivered_on: to this owner, as in purchase; first_delivered_on: as a
-- new car, to whomever, as delivered_on of vehicle_whole. The last three as visit has them.
CREATE VIEW car AS
SELECT o.customer_id, v.vin, v.dealer_code, v.series, v."use", v.registration_date, v.first_service_date,
       v.insurance_expiry,
       v.loan_date, v.loan_term, v.loan_status,
       CASE WHEN o.since > v.purchase_date AND o.since <> coalesce(v.invoice_date, '') THEN o.since
            WHEN EXISTS (SELECT 1 FROM ownership e
                         WHERE e.vin = o.vin AND e.role IN ('owner', 'former_owner')
                           AND e.since < coalesce(o.since, v.purchase_date))
            THEN coalesce(o.since, v.purchase_date)
            ELSE coalesce(v.delivery_date, o.since, v.purchase_date) END AS delivered_on,
       coalesce(v.delivery_date, v.purchase_date) AS first_delivered_on,
       w.last_at AS last_visit_at, w.mileage, w.serviced_at
FROM ownership o
JOIN vehicle v ON v.vin = o.vin
LEFT JOIN visit w ON w.vin = o.vin
WHERE o.role = 'owner' AND o.until IS NULL;

-- Customers whom dealers' own records, as they stand, give into more than one hand: which dealer's and
-- which consultant's there (NULL: the row names none), and the newest export that says so. A row that
-- took the place of another of its key is a handover: the one before stands no more.
CREATE TABLE consultant (
	"customer_id" TEXT NOT NULL,
	"dealer_code" TEXT NOT NULL,
	"name" TEXT,
	"last_on" TEXT NOT NULL
);
