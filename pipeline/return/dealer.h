/* One dealer's folder while it is being made. */
#ifndef YICE_RETURN_DEALER_H
#define YICE_RETURN_DEALER_H

#include "followup.h"
#include "list.h"
#include "standard.h"

struct gaps { /* of a dealer's customers in the master */
	size_t customers, qualified; /* all; those with every item of the dealer standard */
	size_t lacking[STANDARD_MOST]; /* for each item */
};

struct sent { /* a file that a dealer sent itself */
	const struct dealer *dealer;
	const struct origin *origin;
	size_t from, to; /* its records */
};

struct dealer {
	struct str name; /* of the folder */
	const char *path; /* of the folder in this run */
	const struct returned *entries; /* all that was ever returned to it */
	size_t n;
	const struct unread *unread;
	size_t n_unread;
	struct gaps gaps;
	const struct followup *followups;
	size_t n_followups;
	const struct sent *sent; /* by day, then name: the last record is the newest */
	size_t n_sent;
	const struct returned **bad_rows; /* to be mended, of its own files (bad_rows.c) */
	size_t n_bad_rows;
};

struct dealers { /* by name */
	struct dealer *list;
	size_t n;
	struct unread *unread;
	size_t n_unread;
	struct arena arena;
};

/* Everybody who sent a file, is returned something, has customers in the master or somebody
 * to see to. */
bool dealers_find(struct dealers *ds, struct desk *d, const struct returns *rt,
		  const struct followups *fs, struct fault *f);
struct dealer *dealers_get(const struct dealers *ds, struct str name);
void dealers_release(struct dealers *ds);

/* What follows writes one dealer's files, for several dealers at a time. */

struct clientele;

/* X_bad.csv for each export whose rows must be mended, in its sender's folder; first, and once,
 * they are dealt out. (bad_rows.c) */
void bad_rows_deal(struct dealers *ds, const struct desk *d, const struct returns *rt);
bool bad_rows_write(const struct dealer *dealer, struct desk *d, struct fault *f);

/* incomplete.csv, and the dealer's gaps. (incomplete.c) */
bool incomplete_write(struct dealer *dealer, const struct dealers *ds, const struct clientele *p,
		      struct desk *d, const struct standard *standard, struct fault *f);

/* followup.csv (followup_file.c) */
bool followups_write(const struct dealer *dealer, const struct clientele *p, struct desk *d,
		     const struct followup_rules *rules, struct fault *f);

/* summary.html for each dealer. (summary.c) */
bool summaries_write(const struct dealers *ds, struct desk *d, const struct answers *answers,
		     const struct standard *standard, const struct followup_rules *rules,
		     struct fault *f);

#endif
