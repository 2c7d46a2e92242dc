-- The plain job for DuckDB: README.md. Each export is read once, only the columns that the job
-- needs; the checksum is done on integers; both results come from one table in memory.
CREATE MACRO half(s) AS
  CASE WHEN strlen(s) = length(s) THEN s
  ELSE translate(s, '０１２３４５６７８９Ｘｘ＋－　', '0123456789Xx+- ') END;
CREATE MACRO bare(s) AS replace(replace(half(s), ' ', ''), '-', '');
CREATE MACRO mobile_of(s) AS
  CASE WHEN length(s) = 14 AND starts_with(s, '+86') THEN s[4:]
       WHEN length(s) = 13 AND starts_with(s, '86') THEN s[3:] ELSE s END;
CREATE MACRO export(kind) AS TABLE
  SELECT * FROM read_csv(getvariable('inbox') || '/' || kind || '_*.csv', all_varchar = true,
                         header = true, delim = ',', quote = '"', escape = '"');
CREATE MACRO digit(n, place) AS (n // place) % 10;
CREATE MACRO check_digit(n) AS '10X98765432'[1 + (
    digit(n, 10000000000000000) * 7 + digit(n, 1000000000000000) * 9
  + digit(n, 100000000000000) * 10 + digit(n, 10000000000000) * 5 + digit(n, 1000000000000) * 8
  + digit(n, 100000000000) * 4 + digit(n, 10000000000) * 2 + digit(n, 1000000000)
  + digit(n, 100000000) * 6 + digit(n, 10000000) * 3 + digit(n, 1000000) * 7
  + digit(n, 100000) * 9 + digit(n, 10000) * 10 + digit(n, 1000) * 5 + digit(n, 100) * 8
  + digit(n, 10) * 4 + digit(n, 1) * 2) % 11];
-- '' where the value passes, else the code
CREATE MACRO name_code(s) AS
  CASE WHEN length(s) < 2 THEN 'NAME_TOO_SHORT'
       WHEN length(s) = 3 AND s[2:] IN ('先生', '女士', '小姐') THEN 'NAME_HONORIFIC' ELSE '' END;
CREATE MACRO id_code(s) AS
  CASE WHEN length(s) = 18 AND try_cast(s[:17] AS BIGINT) IS NOT NULL
        AND check_digit(try_cast(s[:17] AS BIGINT)) = s[18:] THEN '' ELSE 'ID_CHECKSUM' END;
CREATE MACRO mobile_code(s) AS CASE WHEN length(s) < 11 THEN 'MOBILE_TOO_SHORT' ELSE '' END;
CREATE MACRO resident(s) AS regexp_matches(s, '^[1-8][0-9]{16}[0-9X]$');

CREATE TABLE given AS
SELECT source, name_rank, mobile_rank, dealer, key, nullif(trim(replace(name, '　', ' ')), '') AS name,
       nullif(bare(upper(id)), '') AS id, typed, type, nullif(mobile_of(bare(mobile)), '') AS mobile
FROM (
  SELECT 'finance' source, '1' name_rank, '2' mobile_rank, 经销商代码 dealer, 合同号 "key",
         客户姓名 "name", 证件号码 id, true typed, 证件类型 "type", 手机号码 mobile FROM export('finance')
  UNION ALL
  SELECT 'invoice', '2', '', 经销商代码, 发票号码, 购买方名称, "身份证号码/组织机构代码", false, '', ''
  FROM export('invoice')
  UNION ALL
  SELECT 'callcenter', '3', '1', 经销商代码, 工单编号, 客户姓名, 证件号码, false, '', 来电号码
  FROM export('callcenter')
  UNION ALL
  SELECT 'dms', '4', '3', 经销商代码, 客户编号, 客户姓名, 证件号码, true, 证件类型, 手机
  FROM export('dms_customer'));

CREATE TABLE checked AS
SELECT source, name_rank, mobile_rank, coalesce(dealer, '') AS dealer, coalesce(key, '') AS key,
       name, id, mobile, name_code(name) AS name_code, mobile_code(mobile) AS mobile_code,
       CASE WHEN typed AND type = '身份证' OR NOT typed AND resident(id) THEN id_code(id) END AS id_code
FROM given;

COPY (
  SELECT source, dealer, key, 'name' field, name "value", name_code code FROM checked WHERE name_code <> ''
  UNION ALL
  SELECT source, dealer, key, 'id_number', id, id_code FROM checked WHERE id_code <> '' AND id IS NOT NULL
  UNION ALL
  SELECT source, dealer, key, 'mobile', mobile, mobile_code FROM checked WHERE mobile_code <> ''
) TO 'rejects.csv' (HEADER);

COPY (
  SELECT id AS id_number,
         arg_min(name, name_rank || dealer || ' ' || key || ' ' || name) FILTER (name_code = '') AS name,
         arg_min(mobile, mobile_rank || dealer || ' ' || key || ' ' || mobile)
           FILTER (mobile_code = '' AND mobile IS NOT NULL) AS mobile
  FROM checked WHERE id_code = '' AND id IS NOT NULL GROUP BY id
) TO 'master.csv' (HEADER);
