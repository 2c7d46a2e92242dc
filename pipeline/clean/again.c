#include "again.h"

#include "batch.h"

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
