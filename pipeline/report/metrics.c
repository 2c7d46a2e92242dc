#include "metrics.h"

const struct metric_facts metric_facts[METRICS] = {
#define X(dimension_, name_, unit_, better_, zh, en)                                        \
	[M_##name_] = {                                                                     \
		.dimension = STR_INIT(#dimension_),                                         \
		.name = STR_INIT(#name_),                                                   \
		.unit = UNIT_##unit_,                                                       \
		.better = BETTER_##better_,                                                 \
		.label = { zh, en },                                                        \
	},
	METRICS_LIST(X)
#undef X
};

static const struct str scope_kinds[SCOPE_KINDS] = {
#define X(upper, name) STR_INIT(name),
	SCOPE_KINDS_LIST(X)
#undef X
};

enum metric metric_find(struct str name)
{
	enum metric m = 0;

	while (m < METRICS && !str_eq(metric_facts[m].name, name))
		m++;
	return m;
}

struct str scope_kind_name(enum scope_kind kind)
{
	return scope_kinds[kind];
}

enum scope_kind scope_kind_find(struct str name)
{
	enum scope_kind kind = 0;

	while (kind < SCOPE_KINDS && !str_eq(scope_kinds[kind], name))
		kind++;
	return kind;
}
