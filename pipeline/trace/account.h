/*
 * An account of something, told once and printed twice: as indented text for people or as
 * JSON for programs.
 */
#ifndef YICE_ACCOUNT_H
#define YICE_ACCOUNT_H

#include "buf.h"

struct account {
	struct buf out;
	bool json;
	unsigned depth;
	bool first; /* nothing stands yet at this depth */
	unsigned lists; /* bit d: depth d is a list */
	const char *waiting; /* text: name of a list that nothing stands in yet */
};

void account_begin(struct account *a, bool json);
void account_end(struct account *a);
/* A named part; its values follow until account_close. */
void account_open(struct account *a, const char *name);
/* A named list; each entry is account_open(a, NULL) ... account_close(a). */
void account_open_list(struct account *a, const char *name);
void account_close(struct account *a);
void account_value(struct account *a, const char *name, struct str value);
/* Text that only people want, left out of JSON. */
void account_line(struct account *a, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
