/*
 * The doorway: options in, the stage run, faults printed, the exit status chosen. Nothing
 * else in the program prints an error or exits.
 */
#include "stage.h"

#include "book.h"
#include "date.h"
#include "log_line.h"
#include "pool.h"
#include "secret.h"
#include "sums.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

int stage_main(const struct stage *stage, int argc, char **argv);

/* How the argument of an option is understood. */
static bool set_string(const char **slot, const char *value)
{
	*slot = value;
	return true;
}

static bool set_jobs(struct run_options *o, struct str value, struct fault *f)
{
	uint64_t n;

	if (!str_u64(value, &n) || n < 1 || n > 1024)
		return fault_set(f, EXIT_USAGE, "--jobs must be a number from 1 to 1024, not '%.*s'",
				 STR_FMT(value));
	o->jobs = (unsigned)n;
	return true;
}

static bool set_memory(struct run_options *o, struct str value, struct fault *f)
{
	static const struct {
		char unit;
		unsigned shift;
	} units[] = { { 'K', 10 }, { 'M', 20 }, { 'G', 30 }, { 'T', 40 } };
	struct str digits = value;
	unsigned shift = 0;
	uint64_t n;

	for (size_t i = 0; i < 4; i++) {
		if (value.n && (value.p[value.n - 1] & ~0x20) == units[i].unit) {
			shift = units[i].shift;
			digits.n--;
		}
	}
	if (!str_u64(digits, &n) || n == 0 || n > (UINT64_MAX >> shift))
		return fault_set(f, EXIT_USAGE, "--memory must be a size such as 512M or 4G, not '%.*s'",
				 STR_FMT(value));
	o->memory = n << shift;
	return true;
}

static bool set_date(struct run_options *o, struct str value, struct fault *f)
{
	if (!date_is(value))
		return fault_set(f, EXIT_USAGE, "--date must be a day such as 2026-03-01, not '%.*s'",
				 STR_FMT(value));
	o->date = value.p;
	return true;
}

static bool set_word(struct str name, struct str value, struct str one, struct str two, bool *is_two,
		     struct fault *f)
{
	if (!str_eq(value, one) && !str_eq(value, two))
		return fault_set(f, EXIT_USAGE, "%.*s must be %.*s or %.*s, not '%.*s'", STR_FMT(name),
				 STR_FMT(one), STR_FMT(two), STR_FMT(value));
	*is_two = str_eq(value, two);
	return true;
}

static bool set_option(struct run_options *o, struct str name, const char *value, struct fault *f)
{
	struct {
		const char *name;
		const char **slot;
	} strings[] = {
		{ "--inbox", &o->inbox },     { "--in", &o->in },	      { "--out", &o->out },
		{ "--state", &o->state },     { "--rules", &o->rules },     { "--schemas", &o->schemas },
		{ "--table", &o->table },     { "--rejects", &o->rejects },
		{ "--field", &o->field },     { "--explain", &o->explain }, { "--list", &o->list },
		{ "--campaign", &o->campaign }, { "--by", &o->by },
	};
	struct {
		const char *name;
		bool *slot;
	} flags[] = {
		{ "--quiet", &o->quiet },
		{ "--json", &o->json },
		{ "--clear", &o->clear },
		{ "--roles", &o->roles },
	};
	bool two = false;

	for (size_t i = 0; i < sizeof(strings) / sizeof(strings[0]); i++) {
		if (str_eq(name, str_of(strings[i].name)))
			return set_string(strings[i].slot, value);
	}
	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
		if (str_eq(name, str_of(flags[i].name)))
			return *flags[i].slot = true;
	}
	if (str_eq(name, STR("--jobs")))
		return set_jobs(o, str_of(value), f);
	if (str_eq(name, STR("--memory")))
		return set_memory(o, str_of(value), f);
	if (str_eq(name, STR("--date")))
		return set_date(o, str_of(value), f);
	if (str_eq(name, STR("--tables")))
		return set_word(name, str_of(value), STR("all"), STR("final"), &o->final_only, f);
	if (str_eq(name, STR("--lang"))) {
		if (!set_word(name, str_of(value), STR("zh"), STR("en"), &two, f))
			return false;
		o->lang = two ? LANG_EN : LANG_ZH;
		return true;
	}
	if (str_eq(name, STR("--publish")) || str_eq(name, STR("--to"))) {
		if (o->n_publish == RUN_MAX_LIST)
			return fault_set(f, EXIT_USAGE, "%.*s may be given %d times at most", STR_FMT(name), RUN_MAX_LIST);
		o->to = value;
		o->publish[o->n_publish++] = value;
		return true;
	}
	BUG("option %.*s has no place", STR_FMT(name));
}

static const struct stage_option *find_option(const struct stage *stage, struct str name)
{
	for (const struct stage_option *o = stage->options; o && o->name; o++) {
		if (str_eq(str_of(o->name), name))
			return o;
	}
	return NULL;
}

static bool is_given(const struct stage_option *o, const struct stage_option **seen, size_t n_seen)
{
	for (size_t i = 0; i < n_seen; i++) {
		if (seen[i] == o)
			return true;
	}
	return false;
}

/* A night goes to several stores, and a person is in several; a flag twice says the same. */
static bool may_be_repeated(const struct stage *stage, const struct stage_option *o)
{
	struct str name = str_of(o->name);

	return !o->argument || str_eq(name, STR("--publish")) || (str_eq(name, STR("--to")) && stage == &stage_forget);
}

/* A copy; a password in it no longer stands in the list of processes. */
static const char *take_argument(struct run *r, char *value)
{
	const char *copy = str_keepz(&r->arena, str_of(value));

	secret_blank(value);
	return copy;
}

/* "--name value" and "--name=value" both; what is no option is an argument. */
static bool parse(const struct stage *stage, struct run *r, int argc, char **argv,
		  const struct stage_option **seen, size_t *n_seen, struct fault *f)
{
	bool options_end = false;

	r->opt.arguments = arena_alloc(&r->arena, sizeof(char *) * (size_t)(argc + 1));
	for (int i = 0; i < argc; i++) {
		struct str word = str_of(argv[i]);

		if (options_end || !str_starts(word, STR("--"))) {
			if (!stage->arguments)
				return fault_set(f, EXIT_USAGE, "'%s' is not expected here", argv[i]);
			r->opt.arguments[r->opt.n_arguments++] = argv[i];
			continue;
		}
		if (word.n == 2) {
			options_end = true;
			continue;
		}
		struct str rest = word, name;

		str_cut(&rest, '=', &name);
		const struct stage_option *o = find_option(stage, name);
		const char *value = name.n < word.n ? word.p + name.n + 1 : NULL;

		if (!o)
			return fault_set(f, EXIT_USAGE, "yice %s has no option %.*s", stage->name, STR_FMT(name));
		if (!o->argument && value)
			return fault_set(f, EXIT_USAGE, "%s takes no value", o->name);
		if (is_given(o, seen, *n_seen) && !may_be_repeated(stage, o))
			return fault_set(f, EXIT_USAGE, "%s is given twice: name it once", o->name);
		if (o->argument && !value) {
			if (i + 1 == argc)
				return fault_set(f, EXIT_USAGE, "%s needs a value: %s", o->name, o->argument);
			value = argv[++i];
		}
		if (o->argument && !*value)
			return fault_set(f, EXIT_USAGE, "%s needs a value: %s", o->name, o->argument);
		if (value)
			value = take_argument(r, (char *)value);
		if (!set_option(&r->opt, name, value, f))
			return false;
		if (!is_given(o, seen, *n_seen))
			seen[(*n_seen)++] = o;
	}
	return true;
}

static bool require_options(const struct stage *stage, const struct stage_option **seen, size_t n_seen,
			    struct fault *f)
{
	for (const struct stage_option *o = stage->options; o && o->name; o++) {
		if (o->required && !is_given(o, seen, n_seen))
			fault_add(f, EXIT_USAGE, "yice %s needs %s %s", stage->name, o->name,
				  o->argument ? o->argument : "");
	}
	if (fault_is(f))
		fault_hint(f, "`yice %s --help` explains the stage", stage->name);
	return !fault_is(f);
}

static void help(const struct stage *stage)
{
	printf("usage: yice %s %s\n\n%s\n", stage->name, stage->usage, stage->help);
	if (stage->options && stage->options->name)
		puts("\noptions:");
	for (const struct stage_option *o = stage->options; o && o->name; o++)
		printf("  %-10s %-12s %s%s\n", o->name, o->argument ? o->argument : "", o->help,
		       o->required ? " (required)" : "");
}

static bool asks_help(int argc, char **argv)
{
	for (int i = 0; i < argc; i++) {
		if (str_eq(str_of(argv[i]), STR("--help")) || str_eq(str_of(argv[i]), STR("-h")))
			return true;
		if (str_eq(str_of(argv[i]), STR("--")))
			break;
	}
	return false;
}

/* Standard streams that are closed would give their number to a data file. A file over the limit
 * (ulimit -f) is a write that fails, as on a full disk. */
static void settle_process(void)
{
	umask(077);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	setvbuf(stderr, NULL, _IOLBF, 0);
}

/* The remedy is the same wherever rights lack, and whoever tells so ends with the words of the system. */
static void hint_at_rights(struct fault *f)
{
	static const int lacking[] = { EACCES, EPERM, EROFS };

	for (size_t i = 0; f->status == EXIT_FAILED && i < sizeof(lacking) / sizeof(lacking[0]); i++) {
		if (!str_ends(buf_view(&f->text), str_of(strerror(lacking[i]))))
			continue;
		fault_hint(f, lacking[i] == EROFS ? "name a place that can be written, or mount this one so" :
						    "let the user who runs yice read and write there (`ls -ld` tells whose it is)");
		return;
	}
}

static void print_fault(const struct stage *stage, const struct fault *f)
{
	struct arena a = { 0 };
	struct str rest = secret_mask(&a, buf_view(&f->text)), line;

	while (str_cut(&rest, '\n', &line)) {
		if (!line.n)
			continue;
		line = log_line(&a, line);
		if (str_starts(line, STR("hint: ")))
			fprintf(stderr, "%.*s\n", STR_FMT(line));
		else
			fprintf(stderr, "yice %s: %.*s\n", stage->name, STR_FMT(line));
	}
	arena_release(&a);
}

/* What a stage by hand changed in the run directory that it writes, the run.json there tells. */
static bool work(const struct stage *stage, struct run *r, struct fault *f)
{
	const char *given = r->opt.out ? r->opt.out : r->opt.in, *dir = stage->use == OUT_WRITES ? given : NULL;
	struct sums before = { 0 };
	bool ok = (!dir || sums_mark(&before, dir, f)) && stage->run(r, f) && book_written(r, f) && book_sound(r, f) &&
		  (!dir || sums_renew(&before, dir, f));

	sums_release(&before);
	return ok;
}

int stage_main(const struct stage *stage, int argc, char **argv)
{
	const struct stage_option *seen[RUN_MAX_LIST]; /* each once: no stage has as many */
	size_t n_seen = 0;
	struct run r = { 0 };
	struct fault f = { 0 };
	int status = EXIT_DONE;

	settle_process();
	r.opt.jobs = pool_default_jobs();
	if (asks_help(argc, argv)) {
		help(stage);
	} else if (parse(stage, &r, argc, argv, seen, &n_seen, &f) && require_options(stage, seen, n_seen, &f) &&
		   places_settled(stage, &r.opt, &f) && stage_needs_met(stage, &r.opt, &f)) {
		pool_set_jobs(r.opt.jobs);
		book_open(&r);
		if (!work(stage, &r, &f) && !fault_is(&f))
			BUG("%s failed without a fault", stage->name);
		book_close(&r);
	}
	if (fflush(stdout) != 0 && !fault_is(&f))
		fault_errno(&f, "write to", "standard output");
	if (fault_is(&f)) {
		hint_at_rights(&f);
		print_fault(stage, &f);
		status = (int)f.status;
	} else if (r.needs_person) {
		status = EXIT_PERSON;
	}
	fault_release(&f);
	arena_release(&r.arena);
	return status;
}
