/* An analysis as its two files know it: one opens it, the other asks. */
#ifndef YICE_MART_CONNECTION_H
#define YICE_MART_CONNECTION_H

#include "analysis.h"

#include <sqlite3.h>

struct contents;

struct analysis {
	sqlite3 *db;
	struct contents *contents;
	bool beside; /* another one owns the contents */
	struct arena arena;
};

/* A fault of SQLite, always false. */
bool analysis_failed(struct analysis *a, const char *what, struct fault *f);

#endif
