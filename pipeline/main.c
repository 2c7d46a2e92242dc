/* The program: its sub-commands in flow order, then the questions asked of the result. */
#include "stage.h"

#include <errno.h>
#include <stdio.h>

#include "heap.h"

int stage_main(const struct stage *stage, int argc, char **argv);

static const struct stage *const stages[] = {
	&stage_run,
	&stage_extract,
	&stage_clean,
	&stage_resolve,
	&stage_merge,
	&stage_report,
	&stage_return,
	&stage_publish,
	/* questions and decisions */
	&stage_trace,
	&stage_audit,
	&stage_profile,
	&stage_rules,
	&stage_review,
	&stage_diff,
	&stage_export,
	&stage_forget,
};

enum { N_STAGES = sizeof(stages) / sizeof(stages[0]) };

static void usage(FILE *to)
{
	fputs("usage: yice STAGE [options]\n\n", to);
	for (size_t i = 0; i < N_STAGES; i++)
		fprintf(to, "  %-8s %s\n", stages[i]->name, stages[i]->summary);
	fputs("\n`yice STAGE --help` explains a stage.\n"
	      "exit status: 0 done; 1 done, a person is needed; 2 wrong command line, rules or schemas;\n"
	      "3 failed, nothing published; 75 another run holds the lock\n",
	      to);
}

static int printed(void)
{
	if (fflush(stdout) == 0)
		return EXIT_DONE;
	fprintf(stderr, "yice: cannot write to standard output: %s\n", strerror(errno));
	return EXIT_FAILED;
}

int main(int argc, char **argv)
{
	if (argc < 2) {
		usage(stderr);
		return EXIT_USAGE;
	}
	struct str word = str_of(argv[1]);

	if (str_eq(word, STR("--help")) || str_eq(word, STR("help")) || str_eq(word, STR("-h"))) {
		usage(stdout);
		return printed();
	}
	if (str_eq(word, STR("--version"))) {
		puts("yice " YICE_VERSION);
		return printed();
	}
	for (size_t i = 0; i < N_STAGES; i++) {
		if (str_eq(word, str_of(stages[i]->name))) {
			heap_settle(argv);
			return stage_main(stages[i], argc - 2, argv + 2);
		}
	}
	fprintf(stderr, "yice: there is no stage '%s'\nhint: `yice --help` lists them\n", argv[1]);
	return EXIT_USAGE;
}
