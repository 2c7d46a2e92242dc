/*
 * What a stage run by hand must find, asked before anything is read: a folder that is not there,
 * or holds no run, would otherwise pass for one of empty tables.
 */
#include "csv_table.h"
#include "stage.h"

#include <sys/stat.h>

static const char *folder_option(const struct run_options *o)
{
	return o->in ? "with --in DIR" : o->out ? "with --out DIR" : "as the argument";
}

static bool is_there(const char *dir, struct fault *f, const struct run_options *o)
{
	struct stat st;

	if (stat(dir, &st) == 0 && S_ISDIR(st.st_mode))
		return true;
	fault_set(f, EXIT_USAGE, "there is no folder %s", dir);
	fault_hint(f, "name a run directory, such as OUT of yice run, %s", folder_option(o));
	return false;
}

static bool any_exists(const char *dir, const char *tables)
{
	struct str rest = str_of(tables), table;
	struct arena a = { 0 };
	bool found = false;

	while (!found && str_cut(&rest, ' ', &table))
		found = csv_table_exists(str_keepz(&a, str_printf(&a, "%s/%.*s.csv", dir, STR_FMT(table))));
	arena_release(&a);
	return found;
}

static void tell(const struct stage *stage, const struct run_options *o, const char *dir,
		 const struct stage_need *need, struct fault *f)
{
	struct str rest = str_of(need->tables), first;
	bool several = str_cut(&rest, ' ', &first) && rest.n > 0;

	fault_add(f, EXIT_USAGE, several ? "%s holds no %.*s.csv and none of its kind, which yice %s reads" :
					   "%s holds no %.*s.csv, which yice %s reads",
		  dir, STR_FMT(first), stage->name);
	fault_hint(f, "yice %s makes it%s; else name another run directory %s", need->made_by,
		   need->or_state ? " (a run with --tables final leaves it out: name the state with --state DIR)" : "",
		   folder_option(o));
}

static bool holds(const struct stage *stage, const struct run_options *o, const char *dir, struct fault *f)
{
	if (!is_there(dir, f, o))
		return false;
	for (const struct stage_need *need = stage->needs; need->tables; need++) {
		if (any_exists(dir, need->tables) || (need->or_state && o->state))
			continue;
		tell(stage, o, dir, need, f);
		return false;
	}
	return true;
}

bool stage_needs_met(const struct stage *stage, const struct run_options *o, struct fault *f)
{
	const char *dir = o->in ? o->in : o->out;
	bool ok = true;

	if (!stage->needs || o->table || o->explain)
		return true;
	if (dir)
		return holds(stage, o, dir, f);
	for (size_t i = 0; ok && i < o->n_arguments; i++)
		ok = holds(stage, o, o->arguments[i], f);
	return ok;
}
