-- Views that answer an analyst's first questions. Plain SQL that SQLite and PostgreSQL both read.

-- Who is this customer: the golden record with cars and contacts counted.
CREATE VIEW customer_overview AS
SELECT c.customer_id, c.customer_type, c.name, c.id_type, c.id_number, c.gender, c.birth_date,
       c.mobile, c.province, c.city, c.marketing_consent, c.dealer_code, c.sources, c.record_count,
       (SELECT count(*) FROM ownership o WHERE o.customer_id = c.customer_id AND o.role = 'owner') AS cars,
       (SELECT count(*) FROM contact t WHERE t.customer_id = c.customer_id) AS contacts,
       (SELECT max(t.contact_at) FROM contact t WHERE t.customer_id = c.customer_id) AS last_contact_at
FROM customer c;

-- Whose car is this: the golden record with the owner of today and the services counted.
CREATE VIEW vehicle_overview AS
SELECT v.vin, v.plate, v.brand, v.series, v.model, v.purchase_date, v.price, v.insurance_expiry, v.dealer_code,
       o.customer_id AS owner_id, c.name AS owner_name, o.since AS owned_since,
       (SELECT count(*) FROM contact t WHERE t.vin = v.vin) AS contacts,
       (SELECT max(t.contact_at) FROM contact t WHERE t.vin = v.vin) AS last_contact_at
FROM vehicle v
LEFT JOIN ownership o ON o.vin = v.vin AND o.role = 'owner'
LEFT JOIN customer c ON c.customer_id = o.customer_id;

-- What is wrong with whose data: faults that go back, with their age.
CREATE VIEW reject_overview AS
SELECT r.dealer_code, r.code, r.action, r.field, r.file, r."row", r.record_id, r.message,
       t.status, t.first_sent, t.days
FROM reject r
LEFT JOIN returns t ON t.reject_id = r.reject_id
WHERE r.action <> 'fix';

-- Why a value won: golden values of customers with their source.
CREATE VIEW customer_value AS
SELECT l."key" AS customer_id, c.name, l.attribute, l.value, l.source, l.record_id, l.observed_on, l.rule, l.candidates
FROM lineage l
JOIN customer c ON c.customer_id = l."key"
WHERE l.entity = 'customer';

-- Faults by dealer and code.
CREATE VIEW dealer_faults AS
SELECT dealer_code, code, action, count(*) AS faults, count(DISTINCT record_id) AS records
FROM reject
GROUP BY dealer_code, code, action;
