/*
 * Any bytes as a rule file; the first byte says which (of the reference tables, each of which
 * is read by itself, the second). It is read as a run would read it,
 * beside codes that were loaded once and, where a check reads several files, beside others
 * that hold a header only. Beyond not crashing: there are mistakes, and each is told with the
 * file, or there are none.
 */
#define _GNU_SOURCE
#include "check/tables.h"
#include "clean/step.h"
#include "customer_key.h"
#include "golden.h"
#include "matching.h"
#include "outfile.h"
#include "read_limits.h"
#include "report.h"
#include "returns.h"
#include "standard.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MUST(condition)           \
	do {                      \
		if (!(condition)) \
			abort();  \
	} while (0)

static struct codes codes;

static bool steps_check(const char *dir, struct fault *f)
{
	struct cleaner c = {.codes = &codes};
	bool ok = steps_load(&c, dir, f);

	steps_release(&c);
	arena_release(&c.arena);
	return ok;
}

static bool words_check(const char *dir, struct fault *f)
{
	struct words w = {0};
	bool ok = words_load(&w, dir, f);

	words_release(&w);
	return ok;
}

static bool keywords_check(const char *dir, struct fault *f)
{
	struct keywords k = {0};
	bool ok = keywords_load(&k, dir, f);

	keywords_release(&k);
	return ok;
}

static bool models_check(const char *dir, struct fault *f)
{
	struct models m = {0};
	bool ok = models_load(&m, dir, f);

	models_release(&m);
	return ok;
}

static bool dealers_check(const char *dir, struct fault *f)
{
	struct known_dealers d = {0};
	struct arena a = {0};
	bool ok = known_dealers_load(&d, dir, &a, f);

	known_dealers_release(&d);
	arena_release(&a);
	return ok;
}

static bool reference_check(const char *file, const char *dir, struct fault *f)
{
	struct str table = str_span(file + strlen("ref/"), strrchr(file, '.'));
	struct reference *ref = reference_new();
	bool ok = reference_load_tables(ref, dir, table, f);

	if (ok)
		regions_index(ref);
	reference_free(ref);
	return ok;
}

static const struct kind {
	const char *file;
	bool (*check)(const char *dir, struct fault *f); /* NULL: a reference table */
} kinds[] = {
	{"cleansing.csv", steps_check},
	{"words.csv", words_check},
	{"keywords.csv", keywords_check},
	{"codes.csv", codes_check},
	{"messages.csv", codes_check},
	{"fields.csv", codes_check},
	{"ref/models.csv", models_check},
	{"ref/dealers.csv", dealers_check},
	{"limits.csv", limits_check},
	{"matching.csv", matching_check},
	{"customer_id.key", customer_key_check},
	{"standard.csv", standard_check},
	{"returns.csv", return_rules_check},
	{"report.csv", report_terms_check},
	{"alerts.csv", alert_rules_check},
	{"sources.csv", golden_rules_check},
	{"source_priority.csv", golden_rules_check},
	{"change.csv", golden_rules_check},
	{"ref/regions.csv", NULL},
	{"ref/mobile_ranges.csv", NULL},
	{"ref/area_codes.csv", NULL},
	{"ref/makers.csv", NULL},
	{"ref/surnames.csv", NULL},
	{"ref/countries.csv", NULL},
	{"ref/honorifics.csv", NULL},
	{"ref/company_markers.csv", NULL},
	{"ref/placeholders.csv", NULL},
	{"ref/postal_prefixes.csv", NULL},
	{"ref/plate_provinces.csv", NULL},
	{"ref/uscc_authorities.csv", NULL},
	{"ref/sources.csv", NULL},
	{"ref/reasons.csv", NULL},
};

enum {
	KINDS = sizeof(kinds) / sizeof(kinds[0]),
	FIRST_OF_REFERENCE = 18, /* ref/regions.csv */
};

static char folders[KINDS][64]; /* one for each file that is put in its place */
static int fd;

/* The shipped file where it is small and others need what is in it, else its header. */
static void put_neighbour(const char *folder, const char *name)
{
	char path[128], line[4096];
	FILE *from, *to;
	bool whole = !strncmp(name, "codes", 5) || !strncmp(name, "sources", 7);

	snprintf(path, sizeof(path), "rules/%s", name);
	MUST((from = fopen(path, "r")));
	snprintf(path, sizeof(path), "%s/%s", folder, name);
	MUST((to = fopen(path, "w")));
	while (fgets(line, sizeof(line), from) && fputs(line, to) >= 0 && whole)
		continue;
	MUST(fclose(from) == 0 && fclose(to) == 0);
}

static void make_folder(size_t which)
{
	char path[128], ours[64];

	snprintf(folders[which], sizeof(folders[which]), "%s/yice-rules-XXXXXX",
		 access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	MUST(mkdtemp(folders[which]));
	snprintf(path, sizeof(path), "%s/ref", folders[which]);
	MUST(mkdir(path, 0700) == 0);
	for (size_t i = 0; i < KINDS; i++)
		if (i != which)
			put_neighbour(folders[which], kinds[i].file);
	snprintf(ours, sizeof(ours), "/proc/self/fd/%d", fd);
	snprintf(path, sizeof(path), "%s/%s", folders[which], kinds[which].file);
	MUST(symlink(ours, path) == 0);
}

static void remove_folders(void)
{
	struct fault ignored = {0};

	for (size_t i = 0; i < KINDS; i++)
		remove_tree(folders[i], &ignored);
	fault_release(&ignored);
}

static void start(void)
{
	struct fault f = {0};

	MUST(codes_load(&codes, "rules", &f));
	fd = memfd_create("rules", 0);
	for (size_t i = 0; i < KINDS; i++)
		make_folder(i);
	atexit(remove_folders);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t front = size > 1 && data[0] % (FIRST_OF_REFERENCE + 1) == FIRST_OF_REFERENCE ? 2 : 1;
	const struct kind *kind;
	struct fault f = {0};
	bool ok;

	if (!size)
		return 0;
	if (!fd)
		start();
	kind = &kinds[front == 2 ? FIRST_OF_REFERENCE + data[1] % (KINDS - FIRST_OF_REFERENCE)
				 : data[0] % FIRST_OF_REFERENCE];
	MUST(ftruncate(fd, 0) == 0);
	MUST(pwrite(fd, data + front, size - front, 0) == (ssize_t)(size - front));
	ok = kind->check ? kind->check(folders[kind - kinds], &f) :
			   reference_check(kind->file, folders[kind - kinds], &f);
	MUST(ok == !fault_is(&f));
	MUST(ok || f.status == EXIT_USAGE);
	MUST(ok || str_has(buf_view(&f.text), STR(".csv")) ||
	     str_has(buf_view(&f.text), STR(".key")));
	fault_release(&f);
	return 0;
}
