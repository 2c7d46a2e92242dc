/* All that `yice rules check` looks at. A room that reads rules has its line here. */
#include "rules.h"

#include "codes.h"

const struct rule_file rule_files[] = {
	{ "codes.csv", codes_check }, /* with messages.csv and fields.csv */
	{ NULL, NULL },
};
