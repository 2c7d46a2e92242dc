/*
 * rules/file_reasons.csv: why a file went to quarantine, in Chinese for those who sent it. The
 * ledger, which scripts read, says it in English; that sentence finds the line here.
 */
#ifndef YICE_FILE_REASONS_H
#define YICE_FILE_REASONS_H

#include "codes.h"

struct file_reason { /* a line: the ledger's sentence, `*` for any text, and ours */
	struct str pattern, zh;
};

struct file_reasons {
	struct file_reason *list;
	size_t n;
	struct arena arena;
};

bool file_reasons_load(struct file_reasons *fr, const char *rules_dir, struct fault *f);
/* The ledger's reason in that language; as it is where no line fits it. */
struct str file_reason_text(const struct file_reasons *fr, struct str reason, enum lang lang,
			    struct arena *a);
void file_reasons_release(struct file_reasons *fr);
bool file_reasons_check(const char *rules_dir, struct fault *f); /* for `yice rules check` */

#endif
