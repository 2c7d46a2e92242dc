-- The cleaned records that feed the customer table, with what the vehicle table says of them,
-- as one table of text: what every general tool reads. Dealers' own corrections, which carry
-- one field of another record, are no records.
COPY (
  SELECT c.record_id, c.source, c.customer_type, c.name, c.id_type, c.id_number, c.birth_date,
         c.mobile, c.phone, c.email, c.address, v.vin, v.plate, c.dealer_code,
         CASE WHEN c.source_key <> '' THEN c.source || ' ' || c.dealer_code || ' ' || c.source_key
         END AS sender_key
  FROM read_csv('clean/customer.csv', all_varchar = true, nullstr = '') c
  LEFT JOIN read_csv('clean/vehicle.csv', all_varchar = true, nullstr = '') v USING (record_id)
  WHERE c.source <> 'correction'
  ORDER BY c.record_id
) TO 'records.csv' (HEADER);
