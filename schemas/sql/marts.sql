-- The marts: ready answers over the tables of the store, each with its question, its columns
-- and the rule behind it. Plain SQL that SQLite and PostgreSQL both read (postgresql.sql has
-- the three functions that the latter lacks).
--
-- - Today is the business date of the run (term.today), never the clock; numbers and lists of
--   words are those of rules/marts.csv, points.csv and tiers.csv (tables of rules.sql).
-- - "The period" is the last term.period_months up to today.
-- - Money is counted in fen, whole numbers, and shown in yuan. Rates lie between 0 and 1; NULL
--   where there is nothing to divide by.
-- - A dealer code that nobody gave is 'hq', as for the return folders.
-- - Pending customers count: they are people too.

-- ---- what the marts are made of --------------------------------------------------------------

-- The days that today's rules lead to. One row.
CREATE VIEW span AS
SELECT today,
       date(today, '-' || period_months || ' months') AS period_from,
       date(today, '-' || quiet_months || ' months') AS quiet_before,
       date(today, '-' || lost_months || ' months') AS lost_before,
       date(today, '-' || warranty_months || ' months') AS warranty_from,
       date(today, '-' || first_service_months || ' months') AS first_service_from,
       date(date(today, '-' || period_months || ' months'), '-' || first_service_months || ' months')
         AS first_service_period_from,
       unixepoch(today) + 86400 AS now
FROM term;

-- Everybody, with an ID number or without one yet.
CREATE VIEW everybody AS
SELECT customer_id, 'customer' AS register, customer_type, name, mobile, birth_date,
       coalesce(dealer_code, 'hq') AS dealer_code, sales_consultant, customer_source,
       marketing_consent, sources, substr(created_at, 1, 10) AS created_on, first_seen, last_seen
FROM customer
UNION ALL
SELECT customer_id, 'pending', customer_type, name, mobile, birth_date,
       coalesce(dealer_code, 'hq'), sales_consultant, customer_source,
       marketing_consent, sources, substr(created_at, 1, 10), first_seen, last_seen
FROM pending;

-- Who bought which car: every owner and former owner. bought_on: since when it is theirs. used:
-- somebody owned it before, or it was first sold and invoiced on other days before that.
-- delivered_on: the same day for a used car, else the day of delivery, where it is known. Dealer
-- and price are those of the sale, as ownership has them. Where it has none, the car's dealer counts
-- for its present owner alone, and the car's price; but a car that is sold on keeps the newest invoice
-- and delivery only: those of a later sale are not the first buyer's, and the price is the used car's
-- whose buyer has the invoice of that day.
CREATE VIEW purchase AS
SELECT p.customer_id, p.vin, p.role, p.dealer_code, p.series, p.bought_on,
       CASE WHEN p.used = 1 OR p.delivery_date >= p.until THEN p.bought_on
            ELSE coalesce(p.delivery_date, p.bought_on) END AS delivered_on,
       p.used,
       CASE WHEN p.sold_at IS NOT NULL THEN CAST(round(CAST(p.sold_at AS NUMERIC) * 100) AS BIGINT)
            WHEN p.used = 1 AND p.bought_on <> coalesce(p.invoice_date, '') THEN 0
            WHEN p.used = 0 AND p.invoice_date >= p.until THEN 0
            ELSE coalesce(CAST(round(CAST(p.price AS NUMERIC) * 100) AS BIGINT), 0) END AS fen
FROM (SELECT o.customer_id, o.vin, o.role, o.until,
             coalesce(o.dealer_code, CASE WHEN o.role = 'owner' THEN v.dealer_code END, 'hq') AS dealer_code,
             v.series, v.delivery_date, v.invoice_date, v.price, o.price AS sold_at, coalesce(o.since, v.purchase_date) AS bought_on,
             CASE WHEN o.since > v.purchase_date AND o.since <> coalesce(v.invoice_date, '') THEN 1
                  WHEN EXISTS (SELECT 1 FROM ownership e
                               WHERE e.vin = o.vin AND e.role IN ('owner', 'former_owner')
                                 AND e.since < coalesce(o.since, v.purchase_date)) THEN 1
                  ELSE 0 END AS used
      FROM ownership o
      JOIN vehicle v ON v.vin = o.vin
      WHERE o.role IN ('owner', 'former_owner')) p;

-- Visits to the workshop. customer_id: who came, else who owns the car. paid_fen: what the
-- customer paid himself (not under warranty and the like: unpaid_settlements).
CREATE VIEW workshop_visit AS
SELECT t.record_id, t.vin,
       coalesce(t.customer_id, (SELECT min(o.customer_id) FROM ownership o
                                WHERE o.vin = t.vin AND o.role = 'owner')) AS customer_id,
       coalesce(t.dealer_code, 'hq') AS dealer_code, substr(t.contact_at, 1, 10) AS day, t.kind,
       CAST(round(CAST(t.mileage AS NUMERIC)) AS BIGINT) AS mileage,
       coalesce(CAST(round(CAST(t.amount AS NUMERIC) * 100) AS BIGINT), 0) AS fen,
       coalesce(CAST(round(CAST(t.parts_amount AS NUMERIC) * 100) AS BIGINT), 0) AS parts_fen,
       coalesce(CAST(round(CAST(t.labour_amount AS NUMERIC) * 100) AS BIGINT), 0) AS labour_fen,
       CASE WHEN t.settlement IN (SELECT word FROM word WHERE list = 'unpaid_settlements') THEN 0
            ELSE 1 END AS paid
FROM contact t
WHERE t.kind IN (SELECT word FROM word WHERE list = 'service_kinds');

-- How is each car used? Its visits: how many, the last one anywhere and at the dealer whose car
-- it is, the first one that was a first service, the last service (not a repair or a recall), the
-- highest mileage told, all that was settled.
CREATE VIEW vehicle_use AS
SELECT w.vin, count(*) AS visits, max(w.day) AS last_visit_on,
       max(CASE WHEN w.dealer_code = coalesce(v.dealer_code, 'hq') THEN w.day END) AS last_own_visit_on,
       min(CASE WHEN w.kind = 'first_service' THEN w.day END) AS first_service_on,
       max(CASE WHEN w.kind IN ('first_service', 'maintenance') THEN w.day END) AS last_service_on,
       max(w.mileage) AS mileage, sum(w.fen) AS fen
FROM workshop_visit w
JOIN vehicle v ON v.vin = w.vin
GROUP BY w.vin;

-- What a customer did that is worth money: purchase, service, insurance (of the present owner).
CREATE VIEW customer_event AS
SELECT customer_id, 'purchase' AS what, bought_on AS day, dealer_code, vin, role, fen FROM purchase
UNION ALL
SELECT customer_id, 'service', day, dealer_code, vin, '', fen * paid FROM workshop_visit WHERE customer_id IS NOT NULL
UNION ALL
SELECT o.customer_id, 'insurance', v.insurance_start, coalesce(v.dealer_code, 'hq'), v.vin, o.role,
       coalesce(CAST(round(CAST(v.insurance_premium AS NUMERIC) * 100) AS BIGINT), 0)
FROM vehicle v
JOIN ownership o ON o.vin = v.vin AND o.role = 'owner'
WHERE v.insurance_start IS NOT NULL;

-- ---- how a customer stands -------------------------------------------------------------------

-- What is a customer worth, of which class and level, and in which phase of his life with us?
-- One line for everybody.
-- purchases, services, insurances: how many; cars: owned today; repurchase: 'yes' who bought on
-- more than one day. frequency: all of these; last_on and recency_days: the newest of them.
-- money and its parts in yuan; largest_service: the largest bill of one visit.
-- class: A for the best customers, in order of money, who make up class_a_percent of all money,
-- B up to class_b_percent, else C; who spent nothing is C.
-- level: the highest one of rules/tiers.csv of which he meets one condition.
-- vin, bought_on: his newest car; sign_on: his last purchase or visit, or the last visit of that
-- car. phase, the first that fits:
--   lead           never had a car
--   lost           no car any more, or no sign for lost_months
--   last_year      no sign for quiet_months: the last year in which he can be kept
--   buyer          bought, and nothing says yet that he has the car (delivery, registration, service)
--   waiting        has the car and waits for its first service, not due yet
--   first_service  the first service is due, and was not done; a used car needs none
--   in_warranty    was served; delivered less than warranty_months ago, up to warranty_km
--   out_of_warranty
-- visits_in_period: his visits to any workshop in the period; loyal: 'yes' when all of them were
-- to his own dealer.
CREATE VIEW customer_standing AS
WITH spent AS (
	SELECT e.customer_id,
	       count(*) FILTER (WHERE e.what = 'purchase') AS purchases,
	       count(*) FILTER (WHERE e.what = 'purchase' AND e.role = 'owner') AS cars,
	       count(*) FILTER (WHERE e.what = 'service') AS services,
	       count(*) FILTER (WHERE e.what = 'insurance') AS insurances,
	       min(CASE WHEN e.what = 'purchase' THEN e.day END) AS first_bought_on,
	       max(CASE WHEN e.what = 'purchase' THEN e.day END) AS last_bought_on,
	       max(CASE WHEN e.what = 'purchase' AND e.role = 'owner'
	                THEN coalesce(e.day, '0000-00-00') || ' ' || e.vin END) AS newest,
	       max(e.day) AS last_on, count(*) AS frequency,
	       max(CASE WHEN e.what <> 'insurance' THEN e.day END) AS sign_on,
	       max(CASE WHEN e.what = 'service' THEN e.fen END) AS single_fen,
	       sum(CASE WHEN e.what = 'purchase' THEN e.fen ELSE 0 END) AS purchase_fen,
	       sum(CASE WHEN e.what = 'service' THEN e.fen ELSE 0 END) AS service_fen,
	       sum(e.fen) AS fen,
	       count(*) FILTER (WHERE e.what = 'service' AND e.day >= s.period_from AND e.day <= s.today) AS visits_in_period,
	       min(CASE WHEN e.what = 'service' AND e.day >= s.period_from AND e.day <= s.today
	                THEN e.dealer_code END) AS first_dealer,
	       max(CASE WHEN e.what = 'service' AND e.day >= s.period_from AND e.day <= s.today
	                THEN e.dealer_code END) AS last_dealer
	FROM customer_event e
	CROSS JOIN span s
	GROUP BY e.customer_id
), everyone AS (
	SELECT c.customer_id, c.dealer_code, c.register, c.customer_type, c.marketing_consent,
	       c.customer_source, c.created_on,
	       coalesce(e.purchases, 0) AS purchases, coalesce(e.cars, 0) AS cars,
	       coalesce(e.services, 0) AS services, coalesce(e.insurances, 0) AS insurances,
	       e.first_bought_on, e.last_bought_on, e.last_on, e.sign_on, coalesce(e.frequency, 0) AS frequency,
	       substr(e.newest, 12) AS vin, nullif(substr(e.newest, 1, 10), '0000-00-00') AS bought_on,
	       coalesce(e.single_fen, 0) AS single_fen, coalesce(e.purchase_fen, 0) AS purchase_fen,
	       coalesce(e.service_fen, 0) AS service_fen, coalesce(e.fen, 0) AS fen,
	       coalesce(e.visits_in_period, 0) AS visits_in_period, e.first_dealer, e.last_dealer
	FROM everybody c
	LEFT JOIN spent e ON e.customer_id = c.customer_id
), ranked AS (
	SELECT n.*,
	       sum(n.fen) OVER (ORDER BY n.fen DESC, n.customer_id ROWS UNBOUNDED PRECEDING) - n.fen AS before_fen
	FROM everyone n
), judged AS (
	SELECT r.*, u.visits, u.mileage, x.first_service_date, x.delivery_date, x.registration_date,
	       CASE WHEN u.last_visit_on > coalesce(r.sign_on, '') THEN u.last_visit_on ELSE r.sign_on END AS seen_on,
	       CASE WHEN r.bought_on > x.purchase_date AND r.bought_on <> coalesce(x.invoice_date, '') THEN 1
	            WHEN EXISTS (SELECT 1 FROM ownership o
	                         WHERE o.vin = r.vin AND o.role IN ('owner', 'former_owner')
	                           AND o.since < r.bought_on) THEN 1
	            ELSE 0 END AS used,
	       (SELECT max(k.level) FROM tier_rule k
	        WHERE k.level = 0 OR r.purchases >= k.cars OR r.services >= k.services
	           OR r.single_fen >= k.single_amount * 100 OR r.fen >= k.total_amount * 100
	           OR m.level = k.level) AS level
	FROM ranked r
	LEFT JOIN vehicle x ON x.vin = r.vin
	LEFT JOIN vehicle_use u ON u.vin = r.vin
	LEFT JOIN (SELECT p.customer_id, max(t.level) AS level
	           FROM purchase p JOIN tier_series t ON t.series = p.series
	           GROUP BY p.customer_id) m ON m.customer_id = r.customer_id
)
SELECT j.customer_id, j.dealer_code, j.register, j.customer_type, j.marketing_consent, j.customer_source,
       j.created_on, j.purchases, j.cars, j.services, j.insurances,
       CASE WHEN j.last_bought_on > j.first_bought_on THEN 'yes' ELSE 'no' END AS repurchase,
       j.last_on, (unixepoch(s.today) - unixepoch(j.last_on)) / 86400 AS recency_days, j.frequency,
       CAST(j.fen AS DOUBLE PRECISION) / 100 AS money,
       CAST(j.purchase_fen AS DOUBLE PRECISION) / 100 AS purchase_money,
       CAST(j.service_fen AS DOUBLE PRECISION) / 100 AS service_money,
       CAST(j.fen - j.purchase_fen - j.service_fen AS DOUBLE PRECISION) / 100 AS insurance_money,
       CAST(j.single_fen AS DOUBLE PRECISION) / 100 AS largest_service,
       CASE WHEN j.fen <= 0 THEN 'C'
            WHEN j.before_fen * 100 < a.all_fen * t.class_a_percent THEN 'A'
            WHEN j.before_fen * 100 < a.all_fen * t.class_b_percent THEN 'B'
            ELSE 'C' END AS class,
       j.level, j.vin, j.bought_on, j.seen_on AS sign_on,
       CASE WHEN j.purchases = 0 THEN 'lead'
            WHEN j.cars = 0 OR coalesce(j.seen_on, '') < s.lost_before THEN 'lost'
            WHEN j.seen_on < s.quiet_before THEN 'last_year'
            WHEN j.used = 0 AND j.visits IS NULL AND j.first_service_date IS NULL THEN
                 CASE WHEN coalesce(j.delivery_date, j.registration_date, '9999') > s.today THEN 'buyer'
                      WHEN coalesce(j.delivery_date, j.bought_on) > s.first_service_from THEN 'waiting'
                      ELSE 'first_service' END
            WHEN coalesce(j.delivery_date, j.bought_on) >= s.warranty_from
                 AND coalesce(j.mileage, 0) <= t.warranty_km AND j.used = 0 THEN 'in_warranty'
            ELSE 'out_of_warranty' END AS phase,
       j.visits_in_period,
       CASE WHEN j.first_dealer = j.dealer_code AND j.last_dealer = j.dealer_code THEN 'yes' ELSE 'no' END AS loyal
FROM judged j
CROSS JOIN (SELECT sum(fen) AS all_fen FROM spent) a
CROSS JOIN term t
CROSS JOIN span s;

-- ---- the club --------------------------------------------------------------------------------

-- For what does a customer earn points? One line an occasion: purchase, service, parts (paid by
-- himself), activity (attended), post (in the forum).
CREATE VIEW club_occasion AS
SELECT customer_id, what AS kind, day, dealer_code, fen FROM customer_event WHERE what = 'purchase'
UNION ALL
SELECT customer_id, 'service', day, dealer_code, fen FROM workshop_visit WHERE paid = 1 AND customer_id IS NOT NULL
UNION ALL
SELECT customer_id, 'parts', day, dealer_code, parts_fen FROM workshop_visit
WHERE paid = 1 AND parts_fen > 0 AND customer_id IS NOT NULL
UNION ALL
SELECT customer_id, CASE WHEN kind = 'activity' THEN 'activity' ELSE 'post' END,
       substr(coalesce(attended_on, contact_at), 1, 10), coalesce(dealer_code, 'hq'), 0
FROM contact
WHERE customer_id IS NOT NULL
  AND ((kind = 'activity' AND attended_on IS NOT NULL) OR (kind <> 'activity' AND channel = 'forum'));

-- How many points has a customer, and where do they count? scope 'network': everywhere, with
-- dealer_code ''; scope 'dealer': at that dealer only. Points as in rules/points.csv: for each
-- occasion, or for each whole per_yuan of its amount.
CREATE VIEW customer_points AS
SELECT o.customer_id, p.scope, CASE WHEN p.scope = 'dealer' THEN o.dealer_code ELSE '' END AS dealer_code,
       sum(CASE WHEN p.per_yuan IS NULL THEN p.points
                ELSE p.points * (o.fen / (p.per_yuan * 100)) END) AS points
FROM club_occasion o
JOIN point_rule p ON p.kind = o.kind
GROUP BY 1, 2, 3;

-- ---- the car as a whole ----------------------------------------------------------------------

-- What is known of a car: its owner, its visits, its warranty, its insurance, what is due?
-- delivered_on: where that is not known, the purchase. age_years: whole years since. visits,
-- last_visit_on, mileage as in vehicle_use; service_money: all that was settled, in yuan.
-- first_service_on: as its owner's dealer says, else the first such visit. warranty_end:
-- warranty_months from delivery; in_warranty: up to then and up to warranty_km.
-- next_service_due: service_interval_months from the last service (last_service_on of vehicle_use,
-- or the first service of which its owner's dealer says, if that is later), else
-- first_service_months from delivery; a day gone by is overdue. followup.csv lists by the same day.
CREATE VIEW vehicle_whole AS
SELECT v.vin, v.plate, v.brand, v.series, v.model, coalesce(v.dealer_code, 'hq') AS dealer_code,
       o.owner_id, o.owned_since, coalesce(o.former_owners, 0) AS former_owners,
       v.purchase_date, coalesce(v.delivery_date, v.purchase_date) AS delivered_on,
       CAST(substr(t.today, 1, 4) AS INTEGER)
         - CAST(substr(coalesce(v.delivery_date, v.purchase_date), 1, 4) AS INTEGER)
         - CASE WHEN substr(t.today, 6) < substr(coalesce(v.delivery_date, v.purchase_date), 6)
                THEN 1 ELSE 0 END AS age_years,
       coalesce(u.visits, 0) AS visits, u.last_visit_on, u.mileage,
       CAST(coalesce(u.fen, 0) AS DOUBLE PRECISION) / 100 AS service_money,
       coalesce(v.first_service_date, u.first_service_on) AS first_service_on,
       date(coalesce(v.delivery_date, v.purchase_date), '+' || t.warranty_months || ' months') AS warranty_end,
       CASE WHEN coalesce(v.delivery_date, v.purchase_date) IS NULL THEN NULL
            WHEN coalesce(v.delivery_date, v.purchase_date) >= s.warranty_from
                 AND coalesce(u.mileage, 0) <= t.warranty_km THEN 'yes' ELSE 'no' END AS in_warranty,
       v.insurer, v.insurance_policy_no, v.insurance_expiry,
       CASE WHEN u.last_service_on >= coalesce(v.first_service_date, '')
            THEN date(u.last_service_on, '+' || t.service_interval_months || ' months')
            WHEN v.first_service_date IS NOT NULL
            THEN date(v.first_service_date, '+' || t.service_interval_months || ' months')
            ELSE date(coalesce(v.delivery_date, v.purchase_date), '+' || t.first_service_months || ' months')
            END AS next_service_due
FROM vehicle v
LEFT JOIN (SELECT vin, min(CASE WHEN role = 'owner' THEN customer_id END) AS owner_id,
                  min(CASE WHEN role = 'owner' THEN since END) AS owned_since,
                  count(*) FILTER (WHERE role = 'former_owner') AS former_owners
           FROM ownership GROUP BY vin) o ON o.vin = v.vin
LEFT JOIN vehicle_use u ON u.vin = v.vin
CROSS JOIN term t
CROSS JOIN span s;

-- Whose was the car, in order? nth counts from the first owner.
CREATE VIEW vehicle_owner AS
SELECT o.vin, row_number() OVER (PARTITION BY o.vin ORDER BY coalesce(o.since, ''), o.customer_id) AS nth,
       o.customer_id, o.role, o.since, o.until, o.source
FROM ownership o
WHERE o.role IN ('owner', 'former_owner');

-- What was done to the car, in order? Amounts in yuan.
CREATE VIEW vehicle_service AS
SELECT v.vin, row_number() OVER (PARTITION BY v.vin ORDER BY coalesce(v.day, ''), v.record_id) AS nth,
       v.day, v.kind, v.dealer_code, v.customer_id, v.mileage, t.subject,
       CAST(v.fen AS DOUBLE PRECISION) / 100 AS amount,
       CAST(v.parts_fen AS DOUBLE PRECISION) / 100 AS parts_amount,
       CAST(v.labour_fen AS DOUBLE PRECISION) / 100 AS labour_amount, t.settlement, v.record_id
FROM workshop_visit v
JOIN contact t ON t.record_id = v.record_id
WHERE v.vin IS NOT NULL;

-- Who sent whom? One line for each customer that names a referrer whom we know; bought: 'yes'
-- where the new one has bought a car.
CREATE VIEW referral AS
SELECT DISTINCT r.related_customer_id AS referrer_id, r.customer_id,
       CASE WHEN p.customer_id IS NULL THEN 'no' ELSE 'yes' END AS bought
FROM relation r
LEFT JOIN (SELECT DISTINCT customer_id FROM purchase) p ON p.customer_id = r.customer_id
WHERE r.relation = 'referrer' AND r.related_customer_id IS NOT NULL;

-- ---- the customer as a whole -----------------------------------------------------------------

-- Who is this customer: person or company, where from, may he be asked, what has he, what is he
-- worth, what comes next? One line for everybody. cars: owned today. The due days are the
-- earliest over his cars: next_service_due may have gone by, the others lie ahead.
-- referred: how many customers he sent. points: those that count in the whole network.
CREATE VIEW customer_whole AS
SELECT c.customer_id, c.register, c.customer_type, c.name, c.mobile, c.dealer_code, c.sales_consultant,
       c.customer_source, c.sources, coalesce(c.marketing_consent, 'no') AS marketing_consent,
       c.created_on, v.cars, coalesce(n.contacts, 0) AS contacts, n.last_contact_on,
       v.class, (SELECT k.tier FROM tier_rule k WHERE k.level = v.level) AS tier, coalesce(p.points, 0) AS points, v.phase, v.repurchase,
       coalesce(r.referred, 0) AS referred, v.last_on, v.recency_days, v.frequency, v.money,
       w.next_service_due, w.next_insurance_end, w.next_warranty_end,
       CASE WHEN substr(c.birth_date, 6) >= substr(s.today, 6) THEN substr(s.today, 1, 4) || substr(c.birth_date, 5)
            ELSE (CAST(substr(s.today, 1, 4) AS INTEGER) + 1) || substr(c.birth_date, 5) END AS next_birthday
FROM everybody c
JOIN customer_standing v ON v.customer_id = c.customer_id
LEFT JOIN (SELECT customer_id, points FROM customer_points WHERE scope = 'network') p
       ON p.customer_id = c.customer_id
LEFT JOIN (SELECT customer_id, count(*) AS contacts, substr(max(contact_at), 1, 10) AS last_contact_on
           FROM contact GROUP BY customer_id) n ON n.customer_id = c.customer_id
LEFT JOIN (SELECT referrer_id, count(*) AS referred FROM referral GROUP BY referrer_id) r
       ON r.referrer_id = c.customer_id
LEFT JOIN (SELECT x.owner_id, min(x.next_service_due) AS next_service_due,
                  min(CASE WHEN x.insurance_expiry >= t.today THEN x.insurance_expiry END) AS next_insurance_end,
                  min(CASE WHEN x.warranty_end >= t.today THEN x.warranty_end END) AS next_warranty_end
           FROM vehicle_whole x CROSS JOIN term t
           GROUP BY x.owner_id) w ON w.owner_id = c.customer_id
CROSS JOIN span s;

-- Which cars has or had he to do with, as what?
CREATE VIEW customer_vehicle AS
SELECT o.customer_id, o.vin, o.role, o.since, o.until, v.plate, v.brand, v.series, v.model,
       v.purchase_date, v.use, v.insurance_expiry, v.loan_status
FROM ownership o
LEFT JOIN vehicle v ON v.vin = o.vin;

-- All that he had to do with us, in order. nth counts from the first.
CREATE VIEW customer_contact AS
SELECT t.customer_id, row_number() OVER (PARTITION BY t.customer_id
                                         ORDER BY coalesce(t.contact_at, ''), t.record_id) AS nth,
       t.contact_at, t.kind, t.channel, t.subject, t.status, t.dealer_code, t.vin, t.handler, t.source,
       t.record_id
FROM contact t
WHERE t.customer_id IS NOT NULL;

-- Who was on which campaign's list (yice export), and did he take part? attended_on: as the
-- activity export says whose 活动编号 is the campaign's name.
CREATE VIEW campaign_member AS
SELECT c.contact_no AS campaign, c.customer_id, c.dealer_code, substr(c.contact_at, 1, 10) AS listed_on,
       (SELECT max(g.attended_on) FROM contact g
        WHERE g.customer_id = c.customer_id AND g.contact_no = c.contact_no AND g.kind = 'activity') AS attended_on
FROM contact c
WHERE c.kind = 'activity' AND c.record_id LIKE 'campaign-%';

-- ---- for each dealer -------------------------------------------------------------------------
-- The wide marts below feed return/DEALER/analysis.csv as rules/analysis.csv says: each figure
-- a column, or one column through another.

-- Who are the dealer's customers, who stays, who goes? Counts of customers by phase; owners: of
-- any phase but lead. churn_rate = lost / owners. served: owners who came to any workshop in
-- the period, loyal: those of them who went to this dealer only; loyalty_rate = loyal / served.
-- repurchase_rate = repurchasers / owners. referrers: who sent somebody; referred: whom they
-- sent; referred_bought: of those, who bought. consenting: who may be asked. class_a, silver,
-- gold as in customer_standing (levels 1 and 2).
CREATE VIEW dealer_customers AS
WITH sent AS (
	SELECT referrer_id, count(*) AS referred, count(*) FILTER (WHERE bought = 'yes') AS bought
	FROM referral GROUP BY referrer_id
), counted AS (
	SELECT c.dealer_code, count(*) AS customers,
	       count(*) FILTER (WHERE c.register = 'pending') AS pending,
	       count(*) FILTER (WHERE c.customer_type = 'person') AS persons,
	       count(*) FILTER (WHERE c.customer_type = 'company') AS companies,
	       count(*) FILTER (WHERE c.marketing_consent = 'yes') AS consenting,
	       count(*) FILTER (WHERE c.phase <> 'lead') AS owners,
	       count(*) FILTER (WHERE c.phase = 'lead') AS leads,
	       count(*) FILTER (WHERE c.phase = 'buyer') AS buyer,
	       count(*) FILTER (WHERE c.phase = 'waiting') AS waiting,
	       count(*) FILTER (WHERE c.phase = 'first_service') AS first_service,
	       count(*) FILTER (WHERE c.phase = 'in_warranty') AS in_warranty,
	       count(*) FILTER (WHERE c.phase = 'out_of_warranty') AS out_of_warranty,
	       count(*) FILTER (WHERE c.phase = 'last_year') AS last_year,
	       count(*) FILTER (WHERE c.phase = 'lost') AS lost,
	       count(*) FILTER (WHERE c.phase <> 'lead' AND c.visits_in_period > 0) AS served,
	       count(*) FILTER (WHERE c.phase <> 'lead' AND c.loyal = 'yes') AS loyal,
	       count(*) FILTER (WHERE c.repurchase = 'yes') AS repurchasers,
	       count(*) FILTER (WHERE r.referred > 0) AS referrers,
	       coalesce(sum(r.referred), 0) AS referred, coalesce(sum(r.bought), 0) AS referred_bought,
	       count(*) FILTER (WHERE c.class = 'A') AS class_a,
	       count(*) FILTER (WHERE c.class = 'B') AS class_b,
	       count(*) FILTER (WHERE c.level = 1) AS silver,
	       count(*) FILTER (WHERE c.level >= 2) AS gold
	FROM customer_standing c
	LEFT JOIN sent r ON r.referrer_id = c.customer_id
	GROUP BY c.dealer_code
)
SELECT n.*,
       CAST(lost AS DOUBLE PRECISION) / nullif(owners, 0) AS churn_rate,
       CAST(loyal AS DOUBLE PRECISION) / nullif(served, 0) AS loyalty_rate,
       CAST(repurchasers AS DOUBLE PRECISION) / nullif(owners, 0) AS repurchase_rate
FROM counted n;

-- What did the dealer's workshop and showroom put out in the period? orders, cars: visits and
-- different cars; amount, parts_amount, labour_amount, warranty_amount (what customers did not
-- pay themselves) in yuan; for_each_order. cars_sold, sales_amount: by day and price of purchase.
CREATE VIEW dealer_output AS
WITH work AS (
	SELECT v.dealer_code, count(*) AS orders, count(DISTINCT v.vin) AS cars, sum(v.fen) AS fen,
	       sum(v.parts_fen) AS parts_fen, sum(v.labour_fen) AS labour_fen,
	       sum(CASE WHEN v.paid = 0 THEN v.fen ELSE 0 END) AS warranty_fen, 0 AS cars_sold, 0 AS sales_fen
	FROM workshop_visit v
	CROSS JOIN span s
	WHERE v.day >= s.period_from AND v.day <= s.today
	GROUP BY v.dealer_code
	UNION ALL
	SELECT p.dealer_code, 0, 0, 0, 0, 0, 0, count(*), sum(p.fen)
	FROM purchase p
	CROSS JOIN span s
	WHERE p.used = 0 AND p.bought_on >= s.period_from AND p.bought_on <= s.today
	GROUP BY p.dealer_code
)
SELECT dealer_code, sum(orders) AS orders, sum(cars) AS cars,
       CAST(sum(fen) AS DOUBLE PRECISION) / 100 AS amount,
       CAST(sum(parts_fen) AS DOUBLE PRECISION) / 100 AS parts_amount,
       CAST(sum(labour_fen) AS DOUBLE PRECISION) / 100 AS labour_amount,
       CAST(sum(warranty_fen) AS DOUBLE PRECISION) / 100 AS warranty_amount,
       CAST(sum(fen) AS DOUBLE PRECISION) / 100 / nullif(sum(orders), 0) AS for_each_order,
       sum(cars_sold) AS cars_sold, CAST(sum(sales_fen) AS DOUBLE PRECISION) / 100 AS sales_amount
FROM work
GROUP BY dealer_code;

-- How many of the dealer's cars of each age still come? age: whole years since delivery, 10 for
-- ten and more (20260303 - 20240304 is 19999: one whole year). retained: came to any workshop in
-- the period, retained_here: to this dealer.
CREATE VIEW dealer_retention AS
WITH car AS MATERIALIZED (
	SELECT coalesce(v.dealer_code, 'hq') AS dealer_code,
	       (CAST(replace(s.today, '-', '') AS INTEGER)
	         - CAST(replace(coalesce(v.delivery_date, v.purchase_date), '-', '') AS INTEGER)) / 10000 AS age_years,
	       CASE WHEN u.last_visit_on >= s.period_from THEN 1 ELSE 0 END AS retained,
	       CASE WHEN u.last_own_visit_on >= s.period_from THEN 1 ELSE 0 END AS retained_here
	FROM vehicle v
	LEFT JOIN vehicle_use u ON u.vin = v.vin
	CROSS JOIN span s
	WHERE coalesce(v.delivery_date, v.purchase_date) <= s.today
)
SELECT dealer_code, CASE WHEN age_years > 10 THEN 10 ELSE age_years END AS age, count(*) AS cars,
       sum(retained) AS retained, sum(retained_here) AS retained_here,
       CAST(sum(retained) AS DOUBLE PRECISION) / count(*) AS retention_rate,
       CAST(sum(retained_here) AS DOUBLE PRECISION) / count(*) AS own_retention_rate
FROM car
GROUP BY 1, 2;

-- How many of the cars whose first service fell due in the period had it? due: delivered
-- first_service_months before a day of the period; done: as vehicle_whole.first_service_on says.
CREATE VIEW dealer_first_service AS
SELECT coalesce(v.dealer_code, 'hq') AS dealer_code, count(*) AS due,
       count(coalesce(v.first_service_date, u.first_service_on)) AS done,
       CAST(count(coalesce(v.first_service_date, u.first_service_on)) AS DOUBLE PRECISION) / count(*)
         AS first_service_rate
FROM vehicle v
LEFT JOIN vehicle_use u ON u.vin = v.vin
CROSS JOIN span s
WHERE coalesce(v.delivery_date, v.purchase_date) >= s.first_service_period_from
  AND coalesce(v.delivery_date, v.purchase_date) <= s.first_service_from
GROUP BY 1;

-- How many leads become customers (S0201)? By month of creation, source and cycle: prospects are
-- all people created in the period; delivered: those of them who had a car handed over within
-- cycle_months of their own creation, with how many cars; test_drives: who drove within it;
-- conversion = delivered / prospects. running: prospects whose cycle has not ended yet.
-- lead_source: walk_in, hq_activity, dealer_activity, key_account, else active; unknown where
-- the customer's source is.
CREATE VIEW dealer_conversion AS
WITH cycle AS (
	SELECT lead_short_months AS cycle_months FROM term
	UNION ALL
	SELECT lead_long_months FROM term
), prospect AS (
	SELECT c.customer_id, c.dealer_code, c.created_on, y.cycle_months,
	       date(c.created_on, '+' || y.cycle_months || ' months') AS until,
	       CASE WHEN c.customer_source IS NULL THEN 'unknown'
	            WHEN c.customer_source IN (SELECT word FROM word WHERE list = 'walk_in_sources') THEN 'walk_in'
	            WHEN c.customer_source IN (SELECT word FROM word WHERE list = 'hq_activity_sources') THEN 'hq_activity'
	            WHEN c.customer_source IN (SELECT word FROM word WHERE list = 'dealer_activity_sources') THEN 'dealer_activity'
	            WHEN c.customer_source IN (SELECT word FROM word WHERE list = 'key_account_sources') THEN 'key_account'
	            ELSE 'active' END AS lead_source
	FROM customer_standing c
	CROSS JOIN span s
	CROSS JOIN cycle y
	WHERE c.created_on >= s.period_from AND c.created_on <= s.today
), delivered AS (
	SELECT p.customer_id, p.cycle_months, count(*) AS cars
	FROM prospect p
	JOIN purchase u ON u.customer_id = p.customer_id
	     AND u.delivered_on >= p.created_on AND u.delivered_on <= p.until
	GROUP BY p.customer_id, p.cycle_months
), driven AS (
	SELECT DISTINCT p.customer_id, p.cycle_months
	FROM prospect p
	JOIN contact t ON t.customer_id = p.customer_id AND (t.kind = 'test_drive' OR t.lead_type = 'TDR')
	     AND substr(t.contact_at, 1, 10) >= p.created_on AND substr(t.contact_at, 1, 10) <= p.until
)
SELECT p.dealer_code, substr(p.created_on, 1, 7) AS month, p.lead_source, p.cycle_months,
       count(*) AS prospects, count(*) FILTER (WHERE p.until >= s.today) AS running,
       count(d.customer_id) AS delivered, coalesce(sum(d.cars), 0) AS delivered_cars,
       count(v.customer_id) AS test_drives,
       CAST(count(d.customer_id) AS DOUBLE PRECISION) / count(*) AS conversion
FROM prospect p
LEFT JOIN delivered d ON d.customer_id = p.customer_id AND d.cycle_months = p.cycle_months
LEFT JOIN driven v ON v.customer_id = p.customer_id AND v.cycle_months = p.cycle_months
CROSS JOIN span s
GROUP BY 1, 2, 3, 4;

-- What did each market activity bring (M01)? informed, invited, attended: guests of the dealer;
-- invitation_rate = invited / informed, attendance_rate = attended / invited. Contracts of those
-- who attended: same_day, in_days (up to contract_days after, without those), in_months (up to
-- contract_months after, without both), total. cost in yuan; cost_for_each = cost / total,
-- performance = total / attended.
CREATE VIEW dealer_activity AS
WITH guest AS (
	SELECT coalesce(c.dealer_code, 'hq') AS dealer_code, c.contact_no, c.subject, c.organizer,
	       c.informed_on, c.invited_on, c.attended_on, c.contract_on,
	       CAST(round(CAST(c.amount AS NUMERIC) * 100) AS BIGINT) AS fen,
	       CASE WHEN c.contract_on = c.attended_on THEN 1
	            WHEN c.contract_on > c.attended_on
	                 AND unixepoch(c.contract_on) - unixepoch(c.attended_on) <= t.contract_days * 86400 THEN 2
	            WHEN c.contract_on > c.attended_on
	                 AND c.contract_on <= date(c.attended_on, '+' || t.contract_months || ' months') THEN 3
	            ELSE 0 END AS contract
	FROM contact c
	CROSS JOIN term t
	WHERE c.kind = 'activity' AND c.record_id NOT LIKE 'campaign-%'
), counted AS (
	SELECT dealer_code, contact_no AS activity_no, min(subject) AS activity, min(organizer) AS organizer,
	       min(informed_on) AS first_informed_on, max(attended_on) AS last_attended_on,
	       count(informed_on) AS informed, count(invited_on) AS invited, count(attended_on) AS attended,
	       count(*) FILTER (WHERE contract = 1) AS same_day,
	       count(*) FILTER (WHERE contract = 2) AS in_days,
	       count(*) FILTER (WHERE contract = 3) AS in_months,
	       count(*) FILTER (WHERE contract > 0) AS total,
	       CAST(max(fen) AS DOUBLE PRECISION) / 100 AS cost
	FROM guest
	GROUP BY dealer_code, contact_no
)
SELECT n.*,
       CAST(invited AS DOUBLE PRECISION) / nullif(informed, 0) AS invitation_rate,
       CAST(attended AS DOUBLE PRECISION) / nullif(invited, 0) AS attendance_rate,
       cost / nullif(total, 0) AS cost_for_each,
       CAST(total AS DOUBLE PRECISION) / nullif(attended, 0) AS performance
FROM counted n;

-- How are complaints dealt with? Those of the period: complaints; answered, and of these
-- answered_in_time (complaint_contact_hours); solved, and solved_in_time (complaint_solve_days);
-- reopened: open again; overdue: not solved in complaint_solve_days, or when reopened in
-- complaint_reopened_days; escalated: to an authority, the media or a lawyer, by its words.
-- answer_hours and solve_days: sums over answered and closed, for means. complaint_rate for
-- each customer of the dealer; solution_rate = solved / complaints. A dealer without a complaint
-- has a line, too: what all dealers have together counts its customers.
CREATE VIEW dealer_complaints AS
WITH complaint AS (
	SELECT coalesce(c.dealer_code, 'hq') AS dealer_code, c.first_response_at, c.closed_at,
	       unixepoch(c.first_response_at) - unixepoch(c.contact_at) AS answer_seconds,
	       unixepoch(c.closed_at) - unixepoch(c.contact_at) AS solve_seconds,
	       s.now - unixepoch(c.contact_at) AS age_seconds,
	       CASE WHEN c.status IN (SELECT word FROM word WHERE list = 'reopened_statuses') THEN 'reopened'
	            WHEN c.closed_at IS NOT NULL
	                 OR c.status IN (SELECT word FROM word WHERE list = 'solved_statuses') THEN 'solved'
	            ELSE 'open' END AS state,
	       CASE WHEN c.tags LIKE '%authority%' OR c.tags LIKE '%media%' OR c.tags LIKE '%lawyer%' THEN 1
	            ELSE 0 END AS escalated
	FROM contact c
	CROSS JOIN span s
	WHERE c.kind = 'complaint' AND c.contact_at >= s.period_from AND substr(c.contact_at, 1, 10) <= s.today
), dealer AS (
	SELECT dealer_code, max(customers) AS customers
	FROM (SELECT dealer_code, count(*) AS customers FROM customer_standing
	      WHERE dealer_code IS NOT NULL GROUP BY dealer_code
	      UNION ALL
	      SELECT dealer_code, NULL FROM complaint) known
	GROUP BY dealer_code
)
SELECT d.dealer_code, count(c.dealer_code) AS complaints, count(c.first_response_at) AS answered,
       count(*) FILTER (WHERE c.answer_seconds <= t.complaint_contact_hours * 3600) AS answered_in_time,
       count(*) FILTER (WHERE c.state = 'solved') AS solved,
       count(*) FILTER (WHERE c.state = 'solved' AND c.solve_seconds <= t.complaint_solve_days * 86400) AS solved_in_time,
       count(*) FILTER (WHERE c.state = 'reopened') AS reopened,
       count(*) FILTER (WHERE (c.state = 'open' AND c.age_seconds > t.complaint_solve_days * 86400)
                           OR (c.state = 'reopened' AND c.age_seconds > t.complaint_reopened_days * 86400)) AS overdue,
       count(*) FILTER (WHERE c.escalated = 1) AS escalated,
       CAST(sum(c.answer_seconds) AS DOUBLE PRECISION) / 3600 AS answer_hours,
       count(c.closed_at) AS closed,
       CAST(sum(c.solve_seconds) AS DOUBLE PRECISION) / 86400 AS solve_days,
       max(d.customers) AS customers,
       CAST(count(c.dealer_code) AS DOUBLE PRECISION) / max(d.customers) AS complaint_rate,
       CAST(count(*) FILTER (WHERE c.state = 'solved') AS DOUBLE PRECISION) / nullif(count(c.dealer_code), 0)
           AS solution_rate
FROM dealer d
LEFT JOIN complaint c ON c.dealer_code = d.dealer_code
CROSS JOIN term t
GROUP BY d.dealer_code;

-- How is a survey answered? One line for each survey: of sales or after-sales, by the words in
-- its category (after-sales looked for first; other surveys are left out). factor_1 to factor_5:
-- service initiation, service adviser, service quality, facility, hand-over, where given; score:
-- of after-sales the factors by their weights, of sales (and without any factor) the total
-- score. All in hundredths, so that sums are whole numbers.
CREATE VIEW survey_score AS
WITH RECURSIVE survey AS (
	SELECT c.record_id, c.customer_id, coalesce(c.dealer_code, 'hq') AS dealer_code,
	       substr(c.contact_at, 1, 10) AS day, c.scores,
	       CASE WHEN EXISTS (SELECT 1 FROM word w WHERE w.list = 'after_sales_words' AND instr(c.subject, w.word) > 0)
	            THEN 'after_sales' ELSE 'sales' END AS survey,
	       CAST(round(CAST(c.satisfaction AS NUMERIC) * 100) AS BIGINT) AS total_score
	FROM contact c
	WHERE c.kind = 'survey'
	  AND EXISTS (SELECT 1 FROM word w
	              WHERE w.list IN ('after_sales_words', 'sales_words') AND instr(c.subject, w.word) > 0)
), cut AS (
	SELECT record_id, 0 AS factor, '' AS score, scores || ';' AS rest
	FROM survey WHERE scores IS NOT NULL
	UNION ALL
	SELECT record_id, factor + 1, substr(rest, 1, instr(rest, ';') - 1), substr(rest, instr(rest, ';') + 1)
	FROM cut WHERE rest <> '' AND factor < 5
), given AS (
	SELECT record_id, factor, CAST(round(CAST(score AS NUMERIC) * 100) AS BIGINT) AS score
	FROM cut WHERE factor > 0 AND score <> ''
), weighed AS (
	SELECT g.record_id,
	       (CAST(sum(g.score * f.weight) AS BIGINT) + CAST(sum(f.weight) AS BIGINT) / 2)
	         / nullif(CAST(sum(f.weight) AS BIGINT), 0) AS score,
	       max(CASE WHEN g.factor = 1 THEN g.score END) AS factor_1,
	       max(CASE WHEN g.factor = 2 THEN g.score END) AS factor_2,
	       max(CASE WHEN g.factor = 3 THEN g.score END) AS factor_3,
	       max(CASE WHEN g.factor = 4 THEN g.score END) AS factor_4,
	       max(CASE WHEN g.factor = 5 THEN g.score END) AS factor_5
	FROM given g
	JOIN survey_factor f ON f.factor = g.factor
	GROUP BY g.record_id
)
SELECT s.record_id, s.customer_id, s.dealer_code, s.day, s.survey,
       CASE WHEN s.survey = 'after_sales' THEN coalesce(w.score, s.total_score)
            ELSE s.total_score END AS score,
       w.factor_1, w.factor_2, w.factor_3, w.factor_4, w.factor_5
FROM survey s
LEFT JOIN weighed w ON w.record_id = s.record_id;

-- How satisfied are the dealer's customers (CSI)? By quarter and survey: surveys, those with a
-- score; score and factors as means.
CREATE VIEW dealer_satisfaction AS
SELECT dealer_code,
       substr(day, 1, 4) || '-Q' || ((CAST(substr(day, 6, 2) AS INTEGER) + 2) / 3) AS quarter, survey,
       count(*) AS surveys, count(score) AS scored,
       CAST(sum(score) AS DOUBLE PRECISION) / 100 / nullif(count(score), 0) AS score,
       CAST(sum(factor_1) AS DOUBLE PRECISION) / 100 / nullif(count(factor_1), 0) AS service_initiation,
       CAST(sum(factor_2) AS DOUBLE PRECISION) / 100 / nullif(count(factor_2), 0) AS service_adviser,
       CAST(sum(factor_3) AS DOUBLE PRECISION) / 100 / nullif(count(factor_3), 0) AS service_quality,
       CAST(sum(factor_4) AS DOUBLE PRECISION) / 100 / nullif(count(factor_4), 0) AS facility,
       CAST(sum(factor_5) AS DOUBLE PRECISION) / 100 / nullif(count(factor_5), 0) AS hand_over
FROM survey_score
GROUP BY 1, 2, 3;

-- Whom is a lead (a test drive is one) about, and how far is it? One line for each. state: done, arranged, else
-- open. ownership: owns a car, once_owned one, never_bought, or unknown where the lead is
-- nobody's: only the whole can tell. done_hours: from the call to its end (to the first answer
-- where no end is told). age_hours: up to the end of today.
CREATE VIEW lead_overview AS
SELECT c.record_id, c.customer_id, coalesce(c.dealer_code, 'hq') AS dealer_code, c.lead_type, c.contact_at,
       substr(c.contact_at, 1, 10) AS day, c.first_response_at, c.closed_at,
       CASE WHEN c.status IN (SELECT word FROM word WHERE list = 'reopened_statuses') THEN 'open'
            WHEN c.closed_at IS NOT NULL
                 OR c.status IN (SELECT word FROM word WHERE list = 'solved_statuses') THEN 'done'
            WHEN c.status IN (SELECT word FROM word WHERE list = 'working_statuses') THEN 'arranged'
            ELSE 'open' END AS state,
       CASE WHEN c.customer_id IS NULL THEN 'unknown'
            WHEN p.cars > 0 THEN 'owns'
            WHEN p.purchases > 0 THEN 'once_owned'
            ELSE 'never_bought' END AS ownership,
       CAST(unixepoch(coalesce(c.closed_at, c.first_response_at)) - unixepoch(c.contact_at) AS DOUBLE PRECISION)
         / 3600 AS done_hours,
       CAST(s.now - unixepoch(c.contact_at) AS DOUBLE PRECISION) / 3600 AS age_hours
FROM contact c
LEFT JOIN customer_standing p ON p.customer_id = c.customer_id
CROSS JOIN span s
WHERE c.kind IN ('lead', 'test_drive');

-- Are leads dealt with in time? Those of the period: leads, open, arranged, done; delivered =
-- arranged + done; done_in_time: done within lead_hours, done_in_time_rate = done_in_time /
-- leads (80 % are asked for). untouched_48, _72, _96: open without any answer for so many
-- hours. owners: leads of people who own a car, unknown: of nobody we know.
CREATE VIEW dealer_leads AS
SELECT l.dealer_code, count(*) AS leads,
       count(*) FILTER (WHERE l.state = 'open') AS open,
       count(*) FILTER (WHERE l.state = 'arranged') AS arranged,
       count(*) FILTER (WHERE l.state = 'done') AS done,
       count(*) FILTER (WHERE l.state IN ('done', 'arranged')) AS delivered,
       count(*) FILTER (WHERE l.state = 'done' AND l.done_hours <= t.lead_hours) AS done_in_time,
       count(*) FILTER (WHERE l.state = 'open' AND l.first_response_at IS NULL AND l.age_hours > 48) AS untouched_48,
       count(*) FILTER (WHERE l.state = 'open' AND l.first_response_at IS NULL AND l.age_hours > 72) AS untouched_72,
       count(*) FILTER (WHERE l.state = 'open' AND l.first_response_at IS NULL AND l.age_hours > 96) AS untouched_96,
       count(*) FILTER (WHERE l.ownership = 'owns') AS owners,
       count(*) FILTER (WHERE l.ownership = 'unknown') AS unknown,
       CAST(count(*) FILTER (WHERE l.state = 'done' AND l.done_hours <= t.lead_hours) AS DOUBLE PRECISION)
         / count(*) AS done_in_time_rate
FROM lead_overview l
CROSS JOIN term t
CROSS JOIN span s
WHERE l.day >= s.period_from AND l.day <= s.today
GROUP BY l.dealer_code;

-- How good is the dealer's data? The shares of report/quality.csv, and what became of what was
-- returned: returned without what was withdrawn, of which nobody is asked any more; repaired =
-- fixed + confirmed, repair_rate = repaired / returned, as in quality.csv; days_open: the sum
-- over open ones.
CREATE VIEW dealer_quality AS
WITH share AS (
	SELECT scope AS dealer_code,
	       max(CASE WHEN metric = 'faultless' THEN denominator END) AS records,
	       max(CASE WHEN metric = 'faultless' THEN numerator END) AS faultless,
	       max(CASE WHEN metric = 'expected_given' THEN denominator END) AS expected,
	       max(CASE WHEN metric = 'expected_given' THEN numerator END) AS given,
	       max(CASE WHEN metric = 'valid' THEN denominator END) AS filled,
	       max(CASE WHEN metric = 'valid' THEN numerator END) AS valid,
	       max(CASE WHEN metric = 'on_time' THEN denominator END) AS judged,
	       max(CASE WHEN metric = 'on_time' THEN numerator END) AS on_time,
	       max(CASE WHEN metric = 'customers' THEN numerator END) AS customers,
	       max(CASE WHEN metric = 'callable' THEN numerator END) AS callable,
	       max(CASE WHEN metric = 'valid_address' THEN numerator END) AS valid_address,
	       max(CASE WHEN metric = 'qualified' THEN numerator END) AS qualified
	FROM quality
	WHERE scope_kind = 'dealer'
	GROUP BY scope
), sent AS (
	SELECT dealer_code, count(*) AS returned,
	       count(*) FILTER (WHERE status = 'open') AS open,
	       count(*) FILTER (WHERE status = 'wrong_again') AS wrong_again,
	       count(*) FILTER (WHERE status = 'fixed') AS fixed,
	       count(*) FILTER (WHERE status = 'confirmed') AS confirmed,
	       count(*) FILTER (WHERE status IN ('fixed', 'confirmed')) AS repaired,
	       coalesce(sum(CASE WHEN status = 'open' THEN days END), 0) AS days_open
	FROM returns
	WHERE status <> 'withdrawn'
	GROUP BY dealer_code
)
SELECT q.*, coalesce(r.returned, 0) AS returned, coalesce(r.open, 0) AS open,
       coalesce(r.wrong_again, 0) AS wrong_again, coalesce(r.fixed, 0) AS fixed,
       coalesce(r.confirmed, 0) AS confirmed, coalesce(r.repaired, 0) AS repaired,
       coalesce(r.days_open, 0) AS days_open,
       q.faultless / nullif(q.records, 0) AS faultless_rate,
       q.given / nullif(q.expected, 0) AS given_rate,
       q.valid / nullif(q.filled, 0) AS valid_rate,
       q.on_time / nullif(q.judged, 0) AS on_time_rate,
       q.callable / nullif(q.customers, 0) AS callable_rate,
       q.valid_address / nullif(q.customers, 0) AS valid_address_rate,
       q.qualified / nullif(q.customers, 0) AS qualified_rate,
       CAST(r.repaired AS DOUBLE PRECISION) / nullif(r.returned, 0) AS repair_rate
FROM share q
LEFT JOIN sent r ON r.dealer_code = q.dealer_code;

-- What do people speak of? Keywords of the free text (rules/keywords.csv) by month, dealer and
-- series of the car: touch points, complaints among them. A touch point with two keywords counts
-- under both.
CREATE VIEW keyword_counts AS
WITH RECURSIVE piece AS (
	SELECT record_id, CAST('' AS TEXT) AS keyword, tags || ';' AS rest
	FROM contact
	WHERE tags IS NOT NULL
	UNION ALL
	SELECT record_id, substr(rest, 1, instr(rest, ';') - 1), substr(rest, instr(rest, ';') + 1)
	FROM piece
	WHERE rest <> ''
)
SELECT substr(c.contact_at, 1, 7) AS month, coalesce(c.dealer_code, 'hq') AS dealer_code, v.series, p.keyword,
       count(*) AS contacts, count(*) FILTER (WHERE c.kind = 'complaint') AS complaints
FROM piece p
JOIN contact c ON c.record_id = p.record_id
LEFT JOIN vehicle v ON v.vin = c.vin
WHERE p.keyword <> ''
GROUP BY substr(c.contact_at, 1, 7), coalesce(c.dealer_code, 'hq'), v.series, p.keyword;
