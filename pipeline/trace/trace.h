/* Private to trace: what was loaded, and the parts of an account. */
#ifndef YICE_TRACE_H
#define YICE_TRACE_H

#include "account.h"
#include "again.h"
#include "golden.h"
#include "mending.h"
#include "returns.h"

struct trace {
	struct run *r;
	struct arena arena;
	struct account out;
	struct str asked; /* as a code: upper case, without spaces */
	const struct rowset *clusters, *customers, *pending, *vehicles, *lineage, *ownership, *review,
		*superseded, *rejects, *told_by_resolve, *told_by_merge, *files, *corrections;
	const struct records *records;
	const struct mended_rows *mended;
	struct mendings mendings;
	struct golden_rules golden;
	const struct returns *returns;
	struct clean_watch *watch;
};

/* A value as the reader may see it: masked, unless --clear. Where no field is named it is said of
 * the whole row, and may hold all that a row holds. */
struct str trace_shown(struct trace *t, struct str field, struct str value);
/* All tables that tell faults; *n of them. */
const struct rowset *const *trace_faults(const struct trace *t, size_t *n);

/* told_record.c: one record with file, row, line, what the rules did and what became of its
 * faults; and one fault with the answers to it. */
void trace_record(struct trace *t, struct str record_id, struct str method, struct str score);
void trace_fault(struct trace *t, const struct str fault[REJ_COLUMNS]);

/* told_golden.c: the golden values of a customer, pending customer or vehicle, each with what
 * it beat and why. */
void trace_golden(struct trace *t, struct str entity, struct str key, const struct str *records,
		  size_t n);

#endif
