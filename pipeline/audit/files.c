#include "audit.h"

#include "outfile.h"
#include "sums.h"

#include <stdio.h>

static void compare(struct audit *x, const struct sums *told, const struct sums *found)
{
	for (size_t i = 0; i < told->n; i++) {
		const struct sum *now = sums_find(found, told->list[i].path);
		struct str was = told->list[i].value, is = now ? now->value : STR("");
		struct str length_was, length_is;

		x->checks++;
		if (!now) {
			complain(x, "%.*s: the file is missing", STR_FMT(told->list[i].path));
			continue;
		}
		if (str_eq(was, is))
			continue;
		str_cut(&was, ' ', &length_was);
		str_cut(&is, ' ', &length_is);
		if (str_eq(length_was, length_is))
			complain(x, "%.*s: its bytes are not those that the run wrote", STR_FMT(told->list[i].path));
		else
			complain(x, "%.*s: it has %.*s bytes, the run wrote %.*s", STR_FMT(told->list[i].path),
				 STR_FMT(length_is), STR_FMT(length_was));
	}
	for (size_t i = 0; i < found->n; i++) {
		if (!sums_find(told, found->list[i].path))
			complain(x, "%.*s: the run wrote no such file", STR_FMT(found->list[i].path));
	}
}

/* Stages run by hand leave no run.json; then there is nothing to compare with. */
bool audit_files(struct audit *x, struct fault *f)
{
	struct sums told, found = { 0 };
	bool ok = sums_told(&told, x->r->opt.out, f);

	if (ok && told.n) {
		ok = audit_figures(x, f) && sums_take(&found, x->r->opt.out, f);
		if (ok)
			compare(x, &told, &found);
	} else if (ok && file_exists(run_in_path(x->r, "run.json"))) {
		complain(x, "run.json: the sums of the files, which every run leaves there, are missing");
	} else if (ok) {
		puts("there is no run.json with the sums of the files: they were not compared");
	}
	sums_release(&told);
	sums_release(&found);
	return ok;
}

/* Two files of one inbox may bear one name: the second is in quarantine. */
static struct str line_key(struct arena *a, struct str file, struct str status, struct str sha256)
{
	return str_printf(a, "%.*s\n%.*s\n%.*s", STR_FMT(file), STR_FMT(status), STR_FMT(sha256));
}

bool audit_exports(struct audit *x, struct fault *f)
{
	const struct rowset *ledger = run_table(x->r, &table_ledger, false, f);
	const struct rowset *files = run_table(x->r, &table_files, true, f);
	struct str led[LED_COLUMNS], fil[FIL_COLUMNS];
	struct map booked = { 0 }, lines = { 0 }; /* by name, and by all that tells them apart */
	struct arena a = { 0 };

	for (size_t i = 0; ledger && i < ledger->n; i++) {
		rowset_get(ledger, i, led);
		map_put(&booked, led[LED_FILE], i, NULL);
		map_put(&lines, line_key(&a, led[LED_FILE], led[LED_STATUS], led[LED_SHA256]), i, NULL);
	}
	for (size_t i = 0; ledger && files && i < files->n; i++) {
		rowset_get(files, i, fil);
		uint64_t *at = map_get(&lines, line_key(&a, fil[FIL_FILE], fil[FIL_STATUS], fil[FIL_SHA256]));

		at = at ? at : map_get(&booked, fil[FIL_FILE]);
		x->checks++;
		if (!at) {
			complain(x, "ledger.csv: no line for %.*s, which stands in row %llu of extract/files.csv",
				 STR_FMT(fil[FIL_FILE]), ROW_OF(i));
			continue;
		}
		rowset_get(ledger, *at, led);
		const struct {
			const char *name;
			struct str booked, read;
		} pairs[] = {
			{ "status", led[LED_STATUS], fil[FIL_STATUS] },
			{ "sha256", led[LED_SHA256], fil[FIL_SHA256] },
			{ "sender", led[LED_SENDER], fil[FIL_SENDER] },
			{ "rows", led[LED_ROWS], fil[FIL_ROWS] },
		};
		bool unread = str_eq(fil[FIL_STATUS], STR("quarantined"));

		for (size_t p = 0; p < sizeof(pairs) / sizeof(pairs[0]); p++) {
			if (!str_eq(pairs[p].booked, pairs[p].read) && !(unread && p == 3))
				complain(x, "ledger.csv, row %llu: the %s of %.*s is '%.*s', extract/files.csv says '%.*s'",
					 ROW_OF(*at), pairs[p].name, STR_FMT(led[LED_FILE]), STR_FMT(pairs[p].booked),
					 STR_FMT(pairs[p].read));
		}
	}
	map_release(&booked);
	map_release(&lines);
	arena_release(&a);
	return ledger && files;
}
