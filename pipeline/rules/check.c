/*
 * yice rules check DIR: loads every rule file as a run would, tells every mistake with file
 * and line, and throws the result away. Reads nothing else and changes nothing.
 */
#include "rules.h"
#include "stage.h"

#include <stdio.h>
#include <sys/stat.h>

static const struct stage_option options[] = {
	{NULL, NULL, NULL, false},
};

static bool check_all(const char *dir, struct fault *f)
{
	struct stat st;
	bool ok = true;

	if (stat(dir, &st) != 0 || !S_ISDIR(st.st_mode))
		return fault_set(f, EXIT_USAGE, "%s is no folder of rules.", dir);
	for (const struct rule_file *file = rule_files; file->name; file++)
		ok &= file->check(dir, f);
	return ok;
}

static bool run(struct run *r, struct fault *f)
{
	const struct run_options *opt = &r->opt;

	if (opt->n_arguments != 2 || strcmp(opt->arguments[0], "check") != 0)
		return fault_set(f, EXIT_USAGE, "usage: yice rules check DIR");
	if (!check_all(opt->arguments[1], f))
		return false;
	printf("%s: no mistakes\n", opt->arguments[1]);
	return true;
}

const struct stage stage_rules = {
	.name = "rules",
	.summary = "tell every mistake in the rules, with file and line",
	.usage = "check DIR",
	.help = "Reads all rule files of DIR as a run would. Exit status 0 where they are right,\n"
		"2 with a line for each mistake where they are not.",
	.options = options,
	.arguments = "check DIR",
	.run = run,
};
