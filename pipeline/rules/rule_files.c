/* All that `yice rules check` looks at. A room that reads rules has its line here. */
#include "rules.h"

#include "codes.h"
#include "customer_key.h"
#include "matching.h"
#include "returns.h"
#include "standard.h"

const struct rule_file rule_files[] = {
	{ "codes.csv", codes_check }, /* with messages.csv and fields.csv */
	{ "matching.csv", matching_check },
	{ "customer_id.key", customer_key_check },
	{ "standard.csv", standard_check },
	{ "returns.csv", return_rules_check },
	{ NULL, NULL },
};
