-- Who may see what, in PostgreSQL. Run by `yice publish --roles` and by each publish after that;
-- also by hand in psql with search_path = yice. Groups without login: grant them to people.
--
--   yice_admin      headquarters' administrator: everything, and the log of exports
--   yice_analyst    all rows, no value of a person; customer_masked
--   yice_marketing  customers who consent, with phones and addresses, without ID numbers
--   yice_service    whom to call about which car; no ID numbers, prices or loans
--   yice_dealer_X   rows of dealer X alone; names and phones masked in dealer_customer, since
--                   golden values may come from another source

-- Which dealer a role stands for.
CREATE TABLE IF NOT EXISTS dealer_role ("role_name" TEXT PRIMARY KEY, "dealer_code" TEXT NOT NULL);

-- Who exported what: written by export_customers, read by the administrator alone.
CREATE TABLE IF NOT EXISTS export_log (
	"at" TIMESTAMPTZ NOT NULL DEFAULT now(),
	"who" TEXT NOT NULL DEFAULT session_user,
	"purpose" TEXT NOT NULL,
	"rows" BIGINT NOT NULL
);

DO $$
DECLARE
	r TEXT;
BEGIN
	FOREACH r IN ARRAY ARRAY['yice_admin', 'yice_analyst', 'yice_marketing', 'yice_service', 'yice_dealer'] LOOP
		IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = r) THEN
			EXECUTE format('CREATE ROLE %I NOLOGIN', r);
		END IF;
		EXECUTE format('REVOKE ALL ON ALL TABLES IN SCHEMA yice FROM %I', r);
		EXECUTE format('GRANT USAGE ON SCHEMA yice TO %I', r);
	END LOOP;
	FOR r IN SELECT DISTINCT code FROM (
			SELECT dealer_code AS code FROM customer UNION SELECT dealer_code FROM pending UNION
			SELECT dealer_code FROM contact UNION SELECT dealer_code FROM returns UNION
			SELECT sender FROM ledger WHERE sender <> 'hq') AS codes
		WHERE code ~ '^[A-Za-z0-9_-]{1,40}$' LOOP
		IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'yice_dealer_' || r) THEN
			EXECUTE format('CREATE ROLE %I NOLOGIN IN ROLE yice_dealer', 'yice_dealer_' || r);
		END IF;
		INSERT INTO dealer_role VALUES ('yice_dealer_' || r, r) ON CONFLICT DO NOTHING;
	END LOOP;
END $$;

CREATE OR REPLACE FUNCTION my_dealers() RETURNS SETOF TEXT LANGUAGE sql STABLE SET search_path = yice AS
	'SELECT d.dealer_code FROM dealer_role d WHERE pg_has_role(current_user, d.role_name::name, ''MEMBER'')';

-- Consent is asked with the rights of the owner, so that the past is judged by today's word.
CREATE OR REPLACE FUNCTION consents(id TEXT) RETURNS BOOLEAN LANGUAGE sql STABLE SECURITY DEFINER
	SET search_path = yice AS
	'SELECT EXISTS (SELECT 1 FROM customer c WHERE c.customer_id = id AND c.marketing_consent = ''yes'')';

-- SCHEMA_SENDER_YYYYMMDD[_PART]: what looks so again in the part is nobody's.
CREATE OR REPLACE FUNCTION sender_of(file TEXT) RETURNS TEXT LANGUAGE sql IMMUTABLE AS
	'SELECT substring(file FROM ''^.*?_([A-Za-z0-9-]+)_[12][0-9]{3}[01][0-9][0-3][0-9][_.]'')';

-- Every table has its policies; what has none for a role shows it no row.
DO $$
DECLARE
	t TEXT;
	rule TEXT;
	has_customer BOOLEAN;
BEGIN
	FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = 'yice'
		AND tablename NOT IN ('dealer_role', 'export_log') LOOP
		EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
		EXECUTE format('DROP POLICY IF EXISTS everybody ON %I', t);
		EXECUTE format('DROP POLICY IF EXISTS marketing ON %I', t);
		EXECUTE format('DROP POLICY IF EXISTS dealer ON %I', t);
		EXECUTE format('CREATE POLICY everybody ON %I FOR SELECT TO yice_admin, yice_analyst, yice_service USING (true)', t);
		SELECT count(*) > 0 INTO has_customer FROM information_schema.columns
			WHERE table_schema = 'yice' AND table_name = t AND column_name = 'customer_id';
		IF has_customer THEN
			EXECUTE format('CREATE POLICY marketing ON %I FOR SELECT TO yice_marketing USING (consents(customer_id))', t);
		ELSIF NOT EXISTS (SELECT 1 FROM information_schema.columns WHERE table_schema = 'yice' AND table_name = t
			AND column_name IN ('key', 'record_id', 'reject_id', 'old_id')) THEN
			EXECUTE format('CREATE POLICY marketing ON %I FOR SELECT TO yice_marketing USING (true)', t);
		END IF;
		SELECT CASE
			WHEN regexp_replace(t, '_past$', '') IN ('customer', 'pending', 'vehicle', 'contact', 'returns')
				THEN 'dealer_code IN (SELECT my_dealers())'
			WHEN t = 'reject' -- of its own exports: a dealer does not learn what others sent
				THEN 'dealer_code IN (SELECT my_dealers()) AND dealer_code = sender_of("file")'
			WHEN regexp_replace(t, '_past$', '') = 'ledger' THEN 'sender IN (SELECT my_dealers())'
			WHEN regexp_replace(t, '_past$', '') IN ('quality', 'alerts')
				THEN 'scope_kind = ''dealer'' AND scope IN (SELECT my_dealers())'
			WHEN regexp_replace(t, '_past$', '') = 'ownership'
				THEN 'vin IN (SELECT v.vin FROM vehicle v) AND customer_id IN (SELECT c.customer_id FROM customer c)'
			WHEN NOT EXISTS (SELECT 1 FROM information_schema.columns WHERE table_schema = 'yice' AND table_name = t
				AND column_name IN ('customer_id', 'vin', 'key', 'record_id', 'reject_id', 'old_id', 'scope', 'sender'))
				AND t NOT IN ('runs', 'store_table', 'schema_version') THEN 'true'
			END INTO rule;
		IF rule IS NOT NULL THEN
			EXECUTE format('CREATE POLICY dealer ON %I FOR SELECT TO yice_dealer USING (%s)', t, rule);
		END IF;
	END LOOP;
	-- a view shows whoever asks it what that one may see
	FOR t IN SELECT viewname FROM pg_views WHERE schemaname = 'yice'
		AND viewname NOT IN ('customer_masked', 'dealer_customer') LOOP
		EXECUTE format('ALTER VIEW %I SET (security_invoker = true)', t);
	END LOOP;
END $$;

-- Masked as in reports: of a name the first character, of a number its ends.
CREATE OR REPLACE FUNCTION masked(value TEXT, first INT, last INT) RETURNS TEXT LANGUAGE sql IMMUTABLE AS
	'SELECT CASE WHEN length(value) <= first + last THEN repeat(''*'', length(value))
		ELSE left(value, first) || repeat(''*'', length(value) - first - last) || right(value, last) END';

DROP VIEW IF EXISTS dealer_customer;
DROP VIEW IF EXISTS customer_masked;
CREATE VIEW customer_masked AS
SELECT customer_id, customer_type, id_type, masked(id_number, 1, 2) AS id_number,
       left(name, 1) || repeat('*', length(name) - 1) AS name, masked(mobile, 3, 4) AS mobile,
       gender, left(birth_date, 4) AS birth_year, province, city, district, dealer_code, marketing_consent,
       first_seen, last_seen, record_count
FROM customer;
CREATE VIEW dealer_customer WITH (security_barrier = true) AS
SELECT customer_id, customer_type, name, mobile, gender, province, city, district, dealer_code,
       marketing_consent, first_seen, last_seen
FROM customer_masked WHERE dealer_code IN (SELECT my_dealers());

-- Tables by columns: what is named here is shown to nobody but the administrator.
DO $$
DECLARE
	person CONSTANT TEXT[] := ARRAY['id_number', 'name', 'birth_date', 'mobile', 'phone', 'email', 'address', 'address1',
		'address2', 'address3', 'postcode', 'employer', 'contact_name', 'contact_phone', 'relative_name',
		'relative_mobile', 'relative_id_number', 'relative_vin', 'referrer_mobile', 'interests', 'old_value', 'new_value',
		'current_value', 'value', 'corrected_value', 'message', 'suggestion', 'content', 'reason', 'lines', 'plate', 'engine_no',
		'invoice_no', 'loan_contract_no', 'insurance_policy_no', 'certificate_no'];
	reach CONSTANT TEXT[] := ARRAY['name', 'mobile', 'phone', 'email', 'address', 'address1', 'address2', 'address3', 'postcode'];
	money CONSTANT TEXT[] := ARRAY['price', 'net_price', 'tax_amount', 'tax_rate', 'loan_amount', 'loan_term', 'loan_date',
		'loan_status', 'insurance_premium'];
	numbers CONSTANT TEXT[] := ARRAY['quality', 'quality_past'];
	r RECORD;
	columns TEXT;
BEGIN
	FOR r IN SELECT t.tablename AS name, role.name AS role, role.hidden, role.tables
		FROM pg_tables t, (VALUES
			('yice_analyst', person, NULL::TEXT[]),
			('yice_marketing', (SELECT array_agg(c) FROM unnest(person || money) c WHERE c <> ALL (reach)),
				ARRAY['customer', 'ownership', 'contact']),
			('yice_service', (SELECT array_agg(c) FROM unnest(person || money) c
				WHERE c <> ALL (reach || ARRAY['plate', 'engine_no', 'content'])),
				ARRAY['customer', 'vehicle', 'ownership', 'contact']),
			('yice_dealer', person || money,
				ARRAY['customer', 'pending', 'vehicle', 'ownership', 'contact', 'reject', 'returns', 'ledger', 'quality', 'alerts'])
			) AS role(name, hidden, tables)
		WHERE t.schemaname = 'yice' AND t.tablename NOT IN ('export_log', 'store_table', 'schema_version', 'dealer_role')
			AND (role.tables IS NULL OR t.tablename = ANY (role.tables)
				OR NOT EXISTS (SELECT 1 FROM information_schema.columns c WHERE c.table_schema = 'yice'
					AND c.table_name = t.tablename AND c.column_name IN ('customer_id', 'vin', 'key', 'record_id',
						'reject_id', 'old_id', 'scope', 'sender', 'run_on'))) LOOP
		SELECT string_agg(quote_ident(c.column_name), ', ') INTO columns FROM information_schema.columns c
			WHERE c.table_schema = 'yice' AND c.table_name = r.name
				-- whether its customer bought elsewhere is no dealer's business
				AND NOT (r.role = 'yice_dealer' AND r.name = 'ownership' AND c.column_name = 'dealer_code')
				AND (c.column_name <> ALL (r.hidden) OR r.name = ANY (numbers)
					OR (r.role = 'yice_dealer' AND r.name = 'reject')
					OR NOT EXISTS (SELECT 1 FROM information_schema.columns k WHERE k.table_schema = 'yice'
						AND k.table_name = r.name AND k.column_name IN ('customer_id', 'vin', 'key', 'record_id', 'reject_id')));
		IF columns IS NOT NULL THEN
			EXECUTE format('GRANT SELECT (%s) ON %I TO %I', columns, r.name, r.role);
		END IF;
	END LOOP;
	FOR r IN SELECT viewname AS name FROM pg_views WHERE schemaname = 'yice' LOOP
		EXECUTE format('GRANT SELECT ON %I TO yice_admin', r.name);
		IF r.name NOT IN ('customer_masked', 'dealer_customer') THEN
			EXECUTE format('GRANT SELECT ON %I TO yice_analyst, yice_marketing, yice_service, yice_dealer', r.name);
		END IF;
	END LOOP;
END $$;

GRANT SELECT ON ALL TABLES IN SCHEMA yice TO yice_admin;
GRANT SELECT ON customer_masked TO yice_analyst;
GRANT SELECT ON dealer_customer TO yice_dealer;
GRANT SELECT ON dealer_role TO yice_dealer;

-- A list of customers for use elsewhere; the log says who took it, when, why and how many.
CREATE OR REPLACE FUNCTION export_customers(purpose TEXT)
RETURNS TABLE (customer_id TEXT, name TEXT, mobile TEXT, phone TEXT, email TEXT, province TEXT, city TEXT,
	district TEXT, address TEXT, postcode TEXT, dealer_code TEXT)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = yice AS $$
BEGIN
	IF coalesce(length(purpose), 0) < 3 THEN
		RAISE EXCEPTION 'say what the list is for';
	END IF;
	INSERT INTO export_log (purpose, rows)
		SELECT export_customers.purpose, count(*) FROM customer c WHERE c.marketing_consent = 'yes';
	RETURN QUERY SELECT c.customer_id, c.name, c.mobile, c.phone, c.email, c.province, c.city, c.district, c.address,
		c.postcode, c.dealer_code FROM customer c WHERE c.marketing_consent = 'yes' ORDER BY c.customer_id;
END $$;
REVOKE ALL ON FUNCTION export_customers(TEXT) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION export_customers(TEXT) TO yice_marketing, yice_admin;
