/*
 * A stage, or a question: one sub-command of yice. The list of them stands in main.c.
 */
#ifndef YICE_STAGE_H
#define YICE_STAGE_H

#include "run.h"

struct stage_option { /* the usual ones are OPTION_IN ... below */
	const char *name; /* "--in" */
	const char *argument; /* "DIR"; NULL for a flag */
	const char *help;
	bool required;
};

struct stage_need { /* a table without which a stage run by hand would take nothing for a result */
	const char *tables; /* paths in the run directory, parted by blanks: one of them is enough */
	const char *made_by; /* the stage that writes it */
	bool or_state; /* --state DIR does as well */
};

enum out_use { /* of the run directories that a command names */
	OUT_READS, /* whole ones only */
	OUT_WRITES, /* nor while a run works there */
	OUT_OWNS, /* alone, and sets right what is not whole */
};

struct stage {
	const char *name;
	const char *summary; /* one line */
	const char *usage; /* what follows "yice NAME"; several lines where there are forms */
	const char *help; /* a paragraph: what comes in, what goes out, what can be rejected */
	const struct stage_option *options; /* ends with a NULL name */
	const char *arguments; /* what stands without an option, or NULL for none */
	const struct stage_need *needs; /* of --in (else --out, else each argument); NULL: none; ends with NULL tables */
	enum out_use use;
	bool (*run)(struct run *r, struct fault *f);
};

extern const struct stage stage_run, stage_extract, stage_clean, stage_resolve, stage_merge,
	stage_report, stage_return, stage_publish, stage_trace, stage_audit, stage_profile,
	stage_rules, stage_review, stage_diff, stage_export, stage_forget;

/* Whether the run directory that a command names holds what its stage needs: false with a fault
 * of the command line, before anything is read or written. (needs.c) */
bool stage_needs_met(const struct stage *stage, const struct run_options *o, struct fault *f);

/* Whether no run would read what it writes, or remove what is not its own: neither OUT
 * nor the state is the inbox, and OUT is new or a run's. What is moved into OUT takes the place of what bears
 * its name there. (places.c) */
bool places_check(const struct run_options *o, struct fault *f);

/* Whether state and run directories that a command names are as the stage uses them: folders, of one run,
 * and none at work where the stage writes. (places.c) */
bool places_settled(const struct stage *stage, const struct run_options *o, struct fault *f);

/* Whether each URL (or "none") of --to names a store that publish knows, none the store of another,
 * and each that is a file can be one: asked before anything is read. */
bool publish_urls_check(const char *const *urls, size_t n, struct fault *f);
/* The same of --publish. */
bool publish_run_check(const struct run_options *o, struct fault *f);
/* The place that a URL names: one text however it is written. */
struct str publish_place(const char *url, struct arena *a);
/* That without user and password. */
struct str publish_name(const char *url, struct arena *a);
/* The stores that last and that runs of a state published to: store (publish_name), published_on. */
extern const struct table_def table_stores;
/* Those of this run join them; before the state switches. */
bool publish_remember(struct run *r, struct fault *f);
/* Whether the URL, however it is written, names the snapshot of a run directory. */
bool publish_is_snapshot(const char *dir, const char *url);
/* Looks through every table of a store for rows that hold both texts (the second may be ""), however
 * they are written in capitals, spaces and dashes. */
bool publish_search(const char *url, struct str one, struct str other, uint64_t *tables, uint64_t *found,
		    struct fault *f);

/* A store that holds the run but shows it to nobody yet: shown or dropped, either of which
 * frees it. What dies with it leaves the store as it was. */
struct publishing;
struct publishing *publish_fill(struct run *r, const char *url, struct fault *f);
bool publish_show(struct publishing *p, struct fault *f);
void publish_drop(struct publishing *p); /* NULL is fine */

#define NEED_EXTRACTED { "extract/customer extract/vehicle extract/contact", "extract", false }
#define NEED_CLEANED { "clean/customer clean/vehicle clean/contact", "clean", true }
#define NEED_CLUSTERS { "resolve/clusters", "resolve", false }
#define NEED_MASTER                                                                              \
	{ "master/customer", "merge", false }, { "master/pending", "merge", false },             \
		{ "master/vehicle", "merge", false }, { "master/ownership", "merge", false },    \
		{ "master/contact", "merge", false }

#define OPTION_IN { "--in", "DIR", "run directory to read (such as OUT of yice run)", true }
#define OPTION_OUT { "--out", "DIR", "run directory to write below", true }
#define OPTION_STATE { "--state", "DIR", "adds what earlier runs received", false }
#define OPTION_RULES { "--rules", "DIR", "the rules (default: those that came with the program)", false }
#define OPTION_SCHEMAS { "--schemas", "DIR", "the schemas (default: those that came with the program)", false }
#define OPTION_DATE { "--date", "YYYY-MM-DD", "business date of the run (default: today)", false }
#define OPTION_JOBS { "--jobs", "N", "threads (default: the processors there are)", false }
#define OPTION_MEMORY { "--memory", "SIZE", "past it tables spill into a file: 512M, 4G (default: half of what there is)", false }
#define OPTION_LANG { "--lang", "zh|en", "language of messages in the tables (default zh)", false }
#define OPTION_QUIET { "--quiet", NULL, "no progress and no summary", false }

#endif
