-- Made after the rows are in: one pass over sorted keys beats an update for each row.
CREATE INDEX customer_id_number ON customer ("id_number");
CREATE INDEX customer_mobile ON customer ("mobile");
CREATE INDEX ownership_vin ON ownership ("vin");
CREATE INDEX ownership_customer ON ownership ("customer_id");
CREATE INDEX contact_customer ON contact ("customer_id");
CREATE INDEX contact_vin ON contact ("vin");
CREATE INDEX cluster_customer ON cluster ("customer_id");
CREATE INDEX lineage_key ON lineage ("entity", "key");
CREATE INDEX reject_record ON reject ("record_id");
CREATE INDEX reject_dealer ON reject ("dealer_code", "code");
