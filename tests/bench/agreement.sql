-- The plain job (PLAIN/) beside what the program made of the same exports (OUT/). Each SELECT
-- answers one question; the name of its first column is the name of the answer.
CREATE TABLE plain AS SELECT id_number FROM read_csv('PLAIN/master.csv', all_varchar = true);
CREATE TABLE book AS
SELECT id_number FROM read_csv('OUT/master/customer.csv', all_varchar = true) WHERE id_type = 'resident';
CREATE TABLE told AS
SELECT source, code, action, value, corrected_value FROM read_csv('OUT/clean/rejects.csv', all_varchar = true)
UNION ALL
SELECT source, code, action, value, corrected_value FROM read_csv('OUT/resolve/rejects.csv', all_varchar = true);
CREATE TABLE said AS
SELECT DISTINCT upper(replace(replace(coalesce(v, ''), ' ', ''), '-', '')) AS id_number, code, action
FROM (SELECT value AS v, code, action FROM told WHERE code LIKE 'ID%' OR code = 'SHARED_ID'
      UNION ALL SELECT corrected_value, code, action FROM told WHERE code LIKE 'ID%');

SELECT 'customers' AS customers, (SELECT count(*) FROM plain), (SELECT count(*) FROM book),
       (SELECT count(*) FROM plain JOIN book USING (id_number));

SELECT 'plain only' AS difference, coalesce(code || ' ' || action, 'not told') AS reason, count(DISTINCT id_number)
FROM (FROM plain ANTI JOIN book USING (id_number)) LEFT JOIN said USING (id_number) GROUP BY ALL
UNION ALL
SELECT 'yice only', coalesce(code || ' ' || action, 'type of another document'), count(DISTINCT id_number)
FROM (FROM book ANTI JOIN plain USING (id_number)) LEFT JOIN said USING (id_number) GROUP BY ALL
ORDER BY ALL;

SELECT code AS rejects, count(*) FILTER (job = 'plain'), count(*) FILTER (job = 'yice')
FROM (SELECT 'plain' AS job, code FROM read_csv('PLAIN/rejects.csv', all_varchar = true)
      UNION ALL SELECT 'yice', code FROM told)
WHERE code IN ('NAME_TOO_SHORT', 'NAME_HONORIFIC', 'MOBILE_TOO_SHORT') GROUP BY code ORDER BY code;

SELECT 'ID number' AS id_rejects,
       (SELECT count(*) FROM read_csv('PLAIN/rejects.csv', all_varchar = true) WHERE code = 'ID_CHECKSUM'),
       (SELECT count(*) FROM told WHERE code IN ('ID_LENGTH', 'ID_CHARACTERS', 'ID_CHECKSUM', 'ID_BIRTHDATE',
         'ID_REGION', 'ID_SPREADSHEET', 'ID_PLACEHOLDER'));
