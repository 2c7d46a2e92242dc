/*
 * What the marts go by, as tables for SQL: the business date, rules/marts.csv (numbers and
 * words), points.csv and tiers.csv, and what the marts need of report.csv.
 * schemas/sql/rules.sql makes the tables; publish and analysis fill them.
 */
#ifndef YICE_MART_RULES_H
#define YICE_MART_RULES_H

#include "table.h"

enum { MART_RULE_TABLES = 6 };

struct mart_rules {
	struct rowset tables[MART_RULE_TABLES]; /* def->path is the name of the SQL table */
};

void mart_rules_none(struct mart_rules *m); /* the tables, without a row */
bool mart_rules_load(struct mart_rules *m, const char *rules_dir, struct str today, struct fault *f);
void mart_rules_release(struct mart_rules *m);
bool mart_rules_check(const char *rules_dir, struct fault *f); /* for `yice rules check` */

#endif
