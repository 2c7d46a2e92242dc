-- What SQLite says in its own way.

-- Where each golden value came from, as rows.
CREATE VIEW lineage AS
SELECT p."entity", p."key",
       l.value ->> 0 AS "attribute", l.value ->> 1 AS "value", l.value ->> 2 AS "source",
       l.value ->> 3 AS "record_id", l.value ->> 4 AS "observed_on", l.value ->> 5 AS "rule",
       l.value ->> 6 AS "candidates"
FROM lineage_packed p, json_each(p."lines") l;
