/* A source (source.h) as a table of SQLite: read only, looked up by hashes, and filtered before
 * SQLite sees a row. The source must outlive the connection. */
#ifndef YICE_MART_SOURCE_TABLE_H
#define YICE_MART_SOURCE_TABLE_H

#include "source.h"

struct sqlite3;

bool source_table_add(struct sqlite3 *db, struct source *s);

#endif
