/* The cleaned form of what earlier runs brought, under the rules of today. */
#ifndef YICE_SEGMENT_H
#define YICE_SEGMENT_H

#include "book.h"

/* "rules-" and the fingerprint of today's rules: the folder's name inside a segment. */
const char *segment_rules_name(struct run *r);
/* Brings the cleaned form of all segments under today's rules, once in a run; to be called
 * before the first of the folders below is read. */
bool segments_prepare(struct run *r, struct fault *f);
/* The folder that holds cleaned.gz, clean/rejects and clean/corrections of segment i. NULL
 * with a fault. */
const char *segment_cleaned_dir(struct run *r, size_t i, struct fault *f);

#endif
