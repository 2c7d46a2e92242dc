/*
 * publish: a finished run in, a store out that answers questions.
 *
 * Comes in: the tables of a run directory. Goes out: the same tables in SQLite or PostgreSQL
 * with indexes and views, all at once or not at all; in a lasting store only what changed
 * since the last night, with what was valid before. Rejected: nothing; a row that the store
 * refuses fails the publishing. Never: computes a value.
 */
#include "stage.h"

#include "csv_table.h"
#include "destination.h"
#include "night.h"
#include "people.h"

#include <stdlib.h>

const struct store_kind *store_kind_of(const char *url, struct fault *f)
{
	static const struct store_kind *const kinds[] = { &store_sqlite, &store_postgres };
	const char *rest;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		for (size_t k = 0; k < 2 && kinds[i]->prefixes[k]; k++)
			if (str_starts(str_of(url), str_of(kinds[i]->prefixes[k])))
				return !kinds[i]->check || kinds[i]->check(url, f) ? kinds[i] : NULL;
	}
	/* what stands before an @ may be a password */
	rest = strrchr(url, '@');
	fault_set(f, EXIT_USAGE, "'%s%s' names no store", rest ? "..." : "", rest ? rest : url);
	fault_hint(f, "publish to sqlite:PATH or postgresql://USER@HOST/DATABASE");
	return NULL;
}

static const char *path_of(const char *url)
{
	return str_starts(str_of(url), STR("sqlite:")) ? url + strlen("sqlite:") : NULL;
}

/* One place however it is written. */
struct str publish_place(const char *url, struct arena *a)
{
	const char *path = path_of(url);

	return path ? str_printf(a, "sqlite:%.*s", STR_FMT(destination_place(a, path))) : str_keep(a, str_of(url));
}

static void check_file(const char *option, const char *url, struct fault *f)
{
	const char *obstacle = destination_obstacle(path_of(url));

	if (!obstacle)
		return;
	fault_add(f, EXIT_USAGE, "%s %s is %s, no file", option, url, obstacle);
	fault_hint(f, "name a file, or a path where nothing stands yet");
}

static bool urls_check(const char *option, const char *const *urls, size_t n, struct fault *f)
{
	struct arena a = { 0 };
	struct str places[RUN_MAX_LIST];

	for (size_t i = 0; i < n; i++) {
		places[i] = publish_place(urls[i], &a);
		if (str_eq(str_of(urls[i]), STR("sqlite:"))) {
			fault_add(f, EXIT_USAGE, "'sqlite:' names no file");
			fault_hint(f, "publish to sqlite:PATH");
		} else if (!str_eq(places[i], STR("none"))) {
			store_kind_of(urls[i], f);
			if (path_of(urls[i]))
				check_file(option, urls[i], f);
		}
		for (size_t k = 0; k < i; k++)
			if (str_eq(places[i], places[k]) && !str_eq(places[i], STR("none")))
				fault_add(f, EXIT_USAGE, "%s and %s are one store: name it once", urls[k], urls[i]);
	}
	arena_release(&a);
	return !fault_is(f);
}

bool publish_urls_check(const char *const *urls, size_t n, struct fault *f)
{
	return urls_check("--to", urls, n, f);
}

bool publish_run_check(const struct run_options *o, struct fault *f)
{
	return urls_check("--publish", o->publish, o->n_publish, f);
}

bool publish_is_snapshot(const char *dir, const char *url)
{
	struct arena a = { 0 };
	const char *snapshot = str_keepz(&a, str_printf(&a, "sqlite:%s/yice.sqlite", dir));
	bool is = str_eq(publish_place(url, &a), publish_place(snapshot, &a));

	arena_release(&a);
	return is;
}

bool store_version_fault(const char *place, int64_t version, struct fault *f)
{
	fault_set(f, EXIT_FAILED, "the store %s has layout %lld, this program writes layout %d", place,
		  (long long)version, STORE_VERSION);
	fault_hint(f, version > STORE_VERSION ?
			      "publish with the newer program that made it, or into an empty database or file" :
			      "publish into an empty database or file; the old one stays as it is");
	return false;
}

/* sqlite:IN/yice.sqlite goes with its run directory; any other target lasts. */
static bool is_snapshot(struct run *r, const char *url)
{
	return publish_is_snapshot(run_in_path(r, "."), url);
}

/* Once set up, roles learn of new dealers and views with each night. */
static bool roles_set(struct run *r, struct store *s, struct fault *f)
{
	struct arena a = { 0 };
	struct str known = STR("");
	size_t n;
	bool ok = true;

	if (!s->kind->roles) {
		if (!r->opt.roles)
			return true;
		fault_set(f, EXIT_USAGE, "a file of SQLite has no roles: who can read the file sees all of it");
		fault_hint(f, "--roles goes with postgresql://..., for a file set its rights");
		return false;
	}
	if (!r->opt.roles)
		ok = s->kind->ask(s, "SELECT to_regclass('yice.dealer_role')", &a, &known, 1, &n, f);
	if (ok && (r->opt.roles || known.n))
		ok = s->kind->run(s, str_keepz(&a, s->kind->roles()), "set up the roles", f);
	arena_release(&a);
	return ok;
}

/* A run directory of --tables final has no lineage; a store that has one would lose it. */
static bool lineage_stays(struct run *r, struct store *s, struct fault *f)
{
	const char *path = run_in_path(r, "master/lineage.csv");
	struct arena a = { 0 };
	struct str held = STR("");
	size_t n;

	if (r->chained || s->fresh || csv_table_exists(path))
		return true;
	bool ok = s->kind->ask(s, "SELECT 1 FROM lineage_packed LIMIT 1", &a, &held, 1, &n, f);

	if (ok && n) {
		ok = fault_set(f, EXIT_USAGE, "there is no %s: the store would lose where its values come from", path);
		fault_hint(f, "run without --tables final, or publish with that run: yice run --publish URL");
	}
	arena_release(&a);
	return ok;
}

struct publishing {
	const struct store_kind *kind;
	struct store *store;
};

struct publishing *publish_fill(struct run *r, const char *url, struct fault *f)
{
	const struct store_kind *kind = store_kind_of(url, f);
	enum store_use use = is_snapshot(r, url) ? STORE_SNAPSHOT : STORE_LASTING;
	struct store *s = kind ? kind->open(url, use, f) : NULL;
	struct publishing *p;

	if (!s)
		return NULL;
	if (!lineage_stays(r, s, f) || !night_publish(r, s, f) || !people_forget(s, r->forgotten, f) ||
	    !roles_set(r, s, f)) {
		kind->abort(s);
		return NULL;
	}
	p = xmalloc(sizeof(*p));
	*p = (struct publishing){ kind, s };
	return p;
}

bool publish_show(struct publishing *p, struct fault *f)
{
	bool ok = p->kind->commit(p->store, f);

	free(p);
	return ok;
}

void publish_drop(struct publishing *p)
{
	if (p)
		p->kind->abort(p->store);
	free(p);
}

static bool publish_run(struct run *r, struct fault *f)
{
	struct publishing *p = publish_urls_check(&r->opt.to, 1, f) ? publish_fill(r, r->opt.to, f) : NULL;

	return p && publish_show(p, f);
}

static const struct stage_option options[] = {
	OPTION_IN,
	{ "--to", "URL", "sqlite:PATH or postgresql://USER@HOST/DATABASE", true },
	{ "--roles", NULL, "sets up who may see what (PostgreSQL; schemas/sql/roles.sql)", false },
	OPTION_STATE,
	OPTION_RULES,
	OPTION_DATE,
	OPTION_QUIET,
	{ 0 },
};

/* What a lasting store would take for gone. */
static const struct stage_need needs[] = { NEED_MASTER, { "master/relation", "merge", false }, { 0 } };

const struct stage stage_publish = {
	.name = "publish",
	.summary = "tables and views for questions: SQLite, PostgreSQL",
	.usage = "--in DIR --to URL [--roles]",
	.help = "Copies the tables of a run directory into a store, with indexes and views. Readers see\n"
		"the old night or the new one; a publish that fails changes nothing and can be repeated.\n"
		"A store lasts: of the next night only what changed is written, and what was valid before\n"
		"stays in customer_history, vehicle_history, ownership_history ... with valid_from and\n"
		"valid_to. Only sqlite:DIR/yice.sqlite is a snapshot, written anew, without history.\n"
		"DIR holds the faults told by its own night; with the --state of the run the table reject\n"
		"has those of earlier nights too, as when the run itself publishes.\n"
		"--roles makes the groups yice_admin, yice_analyst, yice_marketing, yice_service and one for\n"
		"each dealer (yice_dealer_D001 ...), by rows and columns; each later publish keeps them. The\n"
		"user that publishes needs CREATEROLE for it. Grant the groups to people.",
	.options = options,
	.needs = needs,
	.use = OUT_WRITES,
	.run = publish_run,
};
