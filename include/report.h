/* The rules of the report are right; for `yice rules check`. */
#ifndef YICE_REPORT_H
#define YICE_REPORT_H

#include "fault.h"

bool report_terms_check(const char *rules_dir, struct fault *f); /* rules/report.csv */
bool alert_rules_check(const char *rules_dir, struct fault *f); /* rules/alerts.csv */

extern const char *const alert_severities[]; /* the gravest first; ends with NULL */

#endif
