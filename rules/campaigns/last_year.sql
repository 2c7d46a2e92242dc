-- Owners who have not been seen for a year, and are lost in another one: the best first.
SELECT customer_id, name, mobile, dealer_code, tier, class, last_on, next_service_due
FROM customer_whole
WHERE phase = 'last_year' AND mobile IS NOT NULL
ORDER BY money DESC, customer_id;
