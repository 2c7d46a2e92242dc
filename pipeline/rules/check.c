/*
 * yice rules check DIR: loads every rule file as a run would, tells every mistake with file
 * and line, and throws the result away; then looks whether the names that files take from each other
 * are there. Changes nothing.
 */
#include "rules.h"
#include "stage.h"

#include <stdio.h>
#include <sys/stat.h>

static const struct stage_option options[] = {
	OPTION_SCHEMAS,
	{NULL, NULL, NULL, false},
};

/* The schemas of --schemas, or those beside the program if there are any. */
static const struct schemas *schemas_at_hand(struct run *r, struct fault *f)
{
	struct fault none_there = {0};
	const struct schemas *schemas;

	if (r->opt.schemas)
		return run_schemas(r, f);
	schemas = run_schemas(r, &none_there);
	fault_release(&none_there);
	return schemas;
}

static bool check_all(struct run *r, const char *dir, struct fault *f)
{
	struct stat st;
	bool ok = true;

	if (stat(dir, &st) != 0 || !S_ISDIR(st.st_mode))
		return fault_set(f, EXIT_USAGE, "%s is no folder of rules.", dir);
	for (const struct rule_file *file = rule_files; file->name; file++)
		ok &= file->check(dir, f);
	return rules_cross_check(dir, schemas_at_hand(r, f), f) && ok;
}

static bool run(struct run *r, struct fault *f)
{
	const struct run_options *opt = &r->opt;

	if (opt->n_arguments != 2 || strcmp(opt->arguments[0], "check") != 0)
		return fault_set(f, EXIT_USAGE, "usage: yice rules check DIR");
	if (!check_all(r, opt->arguments[1], f))
		return false;
	printf("%s: no mistakes\n", opt->arguments[1]);
	return true;
}

const struct stage stage_rules = {
	.name = "rules",
	.summary = "tell every mistake in the rules, with file and line",
	.usage = "check DIR",
	.help = "Reads all rule files of DIR as a run would. Exit status 0 where they are right,\n"
		"2 with a line for each mistake where they are not. Schemas that the rules name, and\n"
		"sources that the schemas name, are looked up in --schemas, or beside the program.",
	.options = options,
	.arguments = "check DIR",
	.run = run,
};
