/* An audit while it is made: what it found, and the parts that look for it. */
#ifndef YICE_AUDIT_H
#define YICE_AUDIT_H

#include "map.h"
#include "run.h"

struct file_count { /* what the files themselves say of one export */
	uint64_t bad_rows; /* extract/rejects */
	uint64_t rejected, flagged; /* clean/rejects: records, not lines */
	uint64_t records; /* in the three tables of clean/, each once */
};

struct audit {
	struct run *r;
	struct arena arena;
	uint64_t faults, checks;
	struct map files; /* stem -> index into counts */
	struct file_count *counts;
	size_t n_counts, cap_counts;
	struct map fates; /* record_id -> worst action told by clean: 0 warn or blank, 1 reject */
	struct map full; /* stems of full exports */
	struct map full_senders; /* SCHEMA_SENDER of these */
	struct map repeated; /* record_id of those that only repeat what the state has */
	struct map cleaned; /* record_id of every record in clean/ -> tables that it feeds; 0: of a correction */
	const struct rowset *clusters;
	struct map clustered; /* record_id -> its row of clusters */
};

/* One sentence, with file and row. */
void complain(struct audit *x, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The row of a table as a spreadsheet shows it. */
#define ROW_OF(i) ((unsigned long long)(i) + 2)

/* Whether a record of this run may be none in the whole: a late file names it otherwise, it repeats a
 * row that the state has, or it is of a full export, of which a later one (that only the state may
 * know) lacks it. */
bool audit_may_be_gone(struct audit *x, struct str record_id);
/* The customer of a record, as resolve/clusters.csv says; empty where it is nobody's, or was mended and
 * sent again. */
struct str audit_customer_of(const struct audit *x, struct str record_id);
/* Every file against the sums that the run left in run.json. (files.c) */
bool audit_files(struct audit *x, struct fault *f);
/* What run.json tells of the run against the ledger and the business date. (figures_told.c) */
bool audit_figures(struct audit *x, struct fault *f);
/* quality.csv against ledger, returns and metrics.prom. (figures_told.c) */
bool audit_quality(struct audit *x, struct fault *f);
/* The same records in the same tables of extract/ and clean/. (extracted.c) */
bool audit_extracted(struct audit *x, struct fault *f);
/* Touch points, owners, relations and reviews against the records and golden values that they are made
 * of. (master_rows.c) */
bool audit_links(struct audit *x, bool tables, struct fault *f);
/* Ledger against extract/files.csv: status, rows, sums of the exports. (files.c) */
bool audit_exports(struct audit *x, struct fault *f);
/* Each fault in one return, and nothing else there. (returns.c) */
bool audit_returns(struct audit *x, struct fault *f);
/* Golden values against the lineage, the lineage against the cleaned records. (lineage.c) */
bool audit_lineage(struct audit *x, bool tables, struct fault *f);
/* The customers of clusters, ownership, contacts and relations are in the master; the records
 * of each are as many as it says. (lineage.c holds the values, customers.c the keys) */
bool audit_customers(struct audit *x, struct fault *f);

#endif
