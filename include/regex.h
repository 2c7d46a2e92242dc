/* PCRE2 patterns of the rules: compiled once with JIT, UTF mode, with match limits, so that
 * no pattern can run away. A match that hits a limit counts as no match and is counted. */
#ifndef YICE_REGEX_H
#define YICE_REGEX_H

#include "fault.h"

struct regex;

/* NULL with a message (pattern, position) in *error (static or kept in the regex room). */
struct regex *regex_new(struct str pattern, const char **error);
bool regex_match(const struct regex *r, struct str subject); /* thread-safe */
/* The span of group `group` of the first match from `from` on; false where there is none. */
bool regex_find(const struct regex *r, struct str subject, size_t from, int group,
		struct str *span);
uint64_t regex_limit_hits(const struct regex *r);
void regex_free(struct regex *r);

#endif
