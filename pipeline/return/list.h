/*
 * A dealer's list: its open faults as lines of text, what matters first. The CSV and the
 * workbook are two faces of the same lines.
 */
#ifndef YICE_RETURN_LIST_H
#define YICE_RETURN_LIST_H

#include "judge.h"

enum list_column { /* the contract's order */
		   LIST_REJECT_ID,
		   LIST_FILE,
		   LIST_ROW,
		   LIST_FIELD,
		   LIST_VALUE,
		   LIST_CODE,
		   LIST_MESSAGE,
		   LIST_SUGGESTION,
		   LIST_CORRECTED_VALUE,
		   LIST_KEY,
		   LIST_HANDLER,
		   LIST_FIRST_SENT,
		   LIST_COLUMNS
};

extern const struct str list_headers[LIST_COLUMNS];

struct list_line {
	struct str cells[LIST_COLUMNS];
	const struct returned *of;
	const struct code *code; /* NULL: not in the rules any more */
	enum action action;
};

struct unread { /* a file of this run that went to quarantine */
	struct str dealer, file, reason[LANG_COUNT];
};

struct list {
	struct str dealer, today;
	const struct unread *unread; /* the dealer's */
	size_t n_unread;
	struct list_line *lines;
	size_t n;
	struct arena arena;
};

/* The lines of one dealer's entries. */
void list_make(struct list *list, struct desk *d, const struct returned *entries, size_t n);
void list_release(struct list *list);

bool list_write_csv(const struct list *list, const char *path, struct fault *f);
/* `answer_by`: the day by which the dealer is asked to answer. (workbook.c) */
bool list_write_workbook(const struct list *list, struct str answer_by, const char *path,
			 struct fault *f);

#endif
