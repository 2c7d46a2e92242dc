/* The .sql files of schemas/sql/, as they were when the program was built. */
#ifndef YICE_SQL_SCRIPTS_H
#define YICE_SQL_SCRIPTS_H

#include "str.h"

struct str sql_tables(void); /* of the contract's CSV files */
struct str sql_layout_2(void); /* makes those of layout 1 as these are */
struct str sql_rules(void); /* tables for what the marts go by */
struct str sql_indexes(void);
struct str sql_marts(void);
struct str sql_views(void);
/* What is said otherwise in each dialect: the view `lineage`, functions. */
struct str sql_sqlite(void);
struct str sql_postgresql(void);
struct str sql_roles(void); /* who may see what: PostgreSQL alone */
struct str sql_followup(void); /* what rules/followup.csv reads beside these */

#endif
