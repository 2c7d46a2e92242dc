-- What PostgreSQL says in its own way.

-- Where each golden value came from, as rows.
CREATE VIEW lineage AS
SELECT p."entity", p."key",
       l ->> 0 AS "attribute", l ->> 1 AS "value", l ->> 2 AS "source", l ->> 3 AS "record_id",
       l ->> 4 AS "observed_on", l ->> 5 AS "rule", (l ->> 6)::bigint AS "candidates"
FROM lineage_packed p, json_array_elements(p."lines"::json) l;

-- Functions that SQLite has and PostgreSQL lacks: with them marts and views are one dialect. Days and times are texts, YYYY-MM-DD and YYYY-MM-DDTHH:MM:SS.

-- date('2026-01-31', '+1 months'): a day that the month lacks runs over into the next one, as
-- in SQLite: 2026-03-03.
CREATE OR REPLACE FUNCTION date(day text, step text) RETURNS text LANGUAGE sql IMMUTABLE STRICT AS
$$ SELECT to_char(make_date(substr(day, 1, 4)::int, substr(day, 6, 2)::int, 1) + step::interval
                  + (substr(day, 9, 2)::int - 1) * interval '1 day', 'YYYY-MM-DD') $$;

-- Seconds since 1970, of a day or a time.
CREATE OR REPLACE FUNCTION unixepoch(moment text) RETURNS bigint LANGUAGE sql IMMUTABLE STRICT AS
$$ SELECT (make_date(substr(moment, 1, 4)::int, substr(moment, 6, 2)::int, substr(moment, 9, 2)::int)
           - date '1970-01-01') * 86400::bigint
          + coalesce(nullif(substr(moment, 12, 2), '')::int, 0) * 3600
          + coalesce(nullif(substr(moment, 15, 2), '')::int, 0) * 60
          + coalesce(nullif(substr(moment, 18, 2), '')::int, 0) $$;

-- Where `part` begins in `whole`, from 1; 0: nowhere.
CREATE OR REPLACE FUNCTION instr(whole text, part text) RETURNS int LANGUAGE sql IMMUTABLE STRICT AS
$$ SELECT strpos(whole, part) $$;
