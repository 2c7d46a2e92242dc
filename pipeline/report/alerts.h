/*
 * rules/alerts.csv (README.md there has the grammar by example): limits on metrics, and on
 * how far they may move against the runs before. What passes one is a line of alerts.csv.
 */
#ifndef YICE_REPORT_ALERTS_H
#define YICE_REPORT_ALERTS_H

#include "past.h"
#include "report.h"
#include "terms.h"

enum comparison {
	ALERT_BELOW, ALERT_ABOVE, /* a limit */
	ALERT_FALLS_BY, ALERT_RISES_BY, /* against the mean of the runs before, in its unit */
	ALERT_SHRINKS_BY, ALERT_GROWS_BY, /* the same, as a part of that mean */
	ALERT_COMPARISONS
};

struct alert_rule {
	struct str name;
	enum metric metric;
	enum scope_kind kind;
	struct str scope; /* "": each */
	enum comparison comparison;
	struct str limit; /* as written */
	double value;
	uint64_t runs, minimum;
	int severity; /* of alert_severities */
	struct str text[LANG_COUNT];
};


struct alert_rules {
	struct alert_rule *list;
	size_t n;
	struct arena arena;
};

bool alert_rules_load(struct alert_rules *rules, const char *rules_dir, struct fault *f);
void alert_rules_release(struct alert_rules *rules);
/* What they compare with the runs before. */
struct past_asked alert_rules_ask(const struct alert_rules *rules);

/* Into an initialised rowset of table_alerts: the gravest first, then as the rules stand.
 * *asks: a severity of `exit_on` is among them. */
void alerts_find(const struct alert_rules *rules, const struct rowset *quality,
		 const struct past_runs *h, const struct words *exit_on, enum lang lang,
		 struct rowset *alerts, bool *asks);

#endif
