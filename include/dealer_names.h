/* What the group calls its dealers (rules/ref/dealers.csv), to be shown beside their codes. */
#ifndef YICE_DEALER_NAMES_H
#define YICE_DEALER_NAMES_H

#include "fault.h"
#include "map.h"

struct dealer_names {
	struct map by_code; /* code -> index into names */
	struct str *names;
	struct arena arena;
};

bool dealer_names_load(struct dealer_names *dn, const char *rules_dir, struct fault *f);
struct str dealer_name(const struct dealer_names *dn, struct str code); /* "" where there is none */
void dealer_names_release(struct dealer_names *dn);

#endif
