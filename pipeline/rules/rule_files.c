/* All that `yice rules check` looks at. A room that reads rules has its line here. */
#include "rules.h"

#include "cleaner.h"
#include "codes.h"
#include "golden.h"
#include "customer_key.h"
#include "file_reasons.h"
#include "mart_rules.h"
#include "matching.h"
#include "ownership_rules.h"
#include "read_limits.h"
#include "reference.h"
#include "report.h"
#include "returns.h"
#include "standard.h"

static bool reference_check(const char *rules_dir, struct fault *f)
{
	struct reference *ref;
	bool ok = reference_load(&ref, rules_dir, f);

	if (ok)
		reference_free(ref);
	return ok;
}

const struct rule_file rule_files[] = {
	{ "codes.csv", codes_check }, /* with messages.csv and fields.csv */
	{ "ref/", reference_check },
	{ "cleansing.csv", cleaner_check }, /* with words, keywords, ref/models and ref/dealers */
	{ "matching.csv", matching_check },
	{ "customer_id.key", customer_key_check },
	{ "standard.csv", standard_check },
	{ "returns.csv", return_rules_check },
	{ "followup.csv", followup_rules_check },
	{ "analysis.csv", analysis_rules_check },
	{ "file_reasons.csv", file_reasons_check },
	{ "marts.csv", mart_rules_check }, /* with points and tiers */
	{ "report.csv", report_terms_check },
	{ "alerts.csv", alert_rules_check },
	{ "change.csv", golden_rules_check }, /* with sources.csv and source_priority.csv */
	{ "ownership.csv", ownership_rules_check },
	{ "limits.csv", limits_check },
	{ NULL, NULL },
};
