#include "again.h"

#include "batch.h"
#include "correction.h"

#include <stdlib.h>

bool clean_again(struct run *r, const struct records *extracted, const struct rowset *files,
		 struct records *cleaned, struct rowset *rejects, struct fault *f)
{
	const struct codes *codes = run_codes(r, f);
	struct contexts contexts = { 0 };
	struct cleaner *cleaner;

	if (!codes || !cleaner_load(&cleaner, run_rules_dir(r, f), codes, f))
		return false;
	contexts_load(&contexts, files, r->opt.lang);
	clean_batch(cleaner, &contexts, extracted, r->opt.jobs, cleaned, rejects, NULL, NULL);
	contexts_release(&contexts);
	cleaner_free(cleaner);
	return true;
}

bool clean_corrections_again(struct run *r, const struct rowset *rows, struct records *made,
			     struct rowset *rejects, struct rowset *corrections, struct fault *f)
{
	const struct rowset *files = run_all_files(r, f);
	struct rowset none, earlier;
	struct contexts contexts = { 0 };
	struct corrections c = { .run = r, .rows = rows, .earlier_rows = &none, .earlier = &earlier,
				 .contexts = &contexts, .cleaned = made, .rejects = rejects };
	struct cleaner *cleaner = NULL;
	bool ok;

	c.codes = files ? run_codes(r, f) : NULL;
	if (!c.codes || !cleaner_load(&cleaner, run_rules_dir(r, f), c.codes, f))
		return false;
	c.cleaner = cleaner;
	rowset_init(&none, &table_correction_rows);
	rowset_init(&earlier, &table_corrections);
	contexts_load(&contexts, files, r->opt.lang);
	ok = corrections_clean(&c, f);
	rowset_append(corrections, &c.out);
	rowset_release(&c.out);
	rowset_release(&none);
	rowset_release(&earlier);
	contexts_release(&contexts);
	cleaner_free(cleaner);
	return ok;
}

struct clean_watch {
	struct cleaner *cleaner;
	struct contexts contexts;
};

bool clean_watch_open(struct clean_watch **w, struct run *r, struct fault *f)
{
	const struct rowset *files = run_all_files(r, f);
	const struct codes *codes = files ? run_codes(r, f) : NULL;
	struct cleaner *cleaner;

	if (!codes || !cleaner_load(&cleaner, run_rules_dir(r, f), codes, f))
		return false;
	*w = xcalloc(1, sizeof(**w));
	(*w)->cleaner = cleaner;
	contexts_load(&(*w)->contexts, files, r->opt.lang);
	return true;
}

void clean_watch_record(const struct clean_watch *w, struct record *as_it_came,
			void (*changed)(void *who, const struct value_change *change), void *who,
			struct arena *a)
{
	size_t file = contexts_find(&w->contexts, as_it_came->v[F_RECORD_ID]);

	cleaner_watch(w->cleaner, &w->contexts.list[file].context, as_it_came, changed, who, a);
}

void clean_watch_close(struct clean_watch *w)
{
	if (!w)
		return;
	contexts_release(&w->contexts);
	cleaner_free(w->cleaner);
	free(w);
}
