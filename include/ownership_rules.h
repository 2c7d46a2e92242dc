/*
 * rules/ownership.csv: what records say of whose car it is (grammar by example in
 * rules/README.md). Loaded once, all mistakes told at once, read-only afterwards.
 */
#ifndef YICE_OWNERSHIP_RULES_H
#define YICE_OWNERSHIP_RULES_H

#include "record.h"

enum { OWNERSHIP_MAX_LIST = 16 };

struct ownership_rules {
	int32_t same_sale; /* claims of two people within so many days are one sale */
	enum field since[OWNERSHIP_MAX_LIST]; /* dates since when a car is owned, best first */
	size_t n_since;
	struct str use[OWNERSHIP_MAX_LIST]; /* kinds of touch points that show who uses it */
	size_t n_use;
	struct arena arena;
};

bool ownership_rules_load(struct ownership_rules *rules, const char *rules_dir, struct fault *f);
bool ownership_rules_check(const char *rules_dir, struct fault *f);
void ownership_rules_release(struct ownership_rules *rules);

#endif
