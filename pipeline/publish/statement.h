/* What is put together to be run in a store, or asked of it. */
#ifndef YICE_STATEMENT_H
#define YICE_STATEMENT_H

#include "store.h"

struct statement {
	struct store *s;
	struct buf text; /* SQL; empty again after each run and each question */
	struct arena arena; /* of the answers */
};

/* `what` is what the text does, for the fault. */
bool statement_run(struct statement *sql, const char *what, struct fault *f);
/* The one value of a query; "" where there is no row. */
bool statement_ask(struct statement *sql, struct str *value, struct fault *f);
void statement_release(struct statement *sql);

#endif
