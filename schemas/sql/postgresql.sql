-- What PostgreSQL says in its own way.

-- Where each golden value came from, as rows.
CREATE VIEW lineage AS
SELECT p."entity", p."key",
       l ->> 0 AS "attribute", l ->> 1 AS "value", l ->> 2 AS "source", l ->> 3 AS "record_id",
       l ->> 4 AS "observed_on", l ->> 5 AS "rule", (l ->> 6)::bigint AS "candidates"
FROM lineage_packed p, json_array_elements(p."lines"::json) l;

