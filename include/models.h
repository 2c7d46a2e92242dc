/*
 * rules/ref/models.csv: what a source writes for a model -> brand, series, model. Case and
 * white space make no difference. Values are never rewritten by it: it fills in a brand or
 * series that is missing, and two writings are compared by it.
 */
#ifndef YICE_MODELS_H
#define YICE_MODELS_H

#include "map.h"

struct fault;

struct model {
	struct str brand, series, model;
};

struct models {
	struct model *list; /* by line */
	struct map written;
	struct arena arena;
};

bool models_load(struct models *m, const char *rules_dir, struct fault *f);
const struct model *models_find(const struct models *m, struct str written); /* or NULL */
/* Two writings of one model: equal but for case and white space, or the same line's model. */
bool models_same(const struct models *m, struct str a, struct str b);
void models_release(struct models *m);

#endif
