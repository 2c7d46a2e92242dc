#include "search.h"

#include "csv_table.h"
#include "infile.h"
#include "mention.h"
#include "outfile.h"
#include "received.h"
#include "stage.h"
#include "unproved.h"

#include <stdio.h>
#include <sys/stat.h>

static bool has_number(const struct person *p, struct str bytes)
{
	return forgotten_holds(bytes, p->is.number) || forgotten_holds(bytes, p->is.old_number);
}

/* ---- a name and a phone in one row, as each kind of file has rows ---- */

struct looking {
	const struct person *p;
	bool found;
};

static bool look_at_row(void *context, struct str stem, uint32_t row, char *bytes, size_t n, struct hash128 *values)
{
	struct looking *l = context;

	(void)stem, (void)row, (void)values;
	l->found = l->found || mention_holds(l->p, (struct str){ bytes, n });
	return true;
}

static void look_at_record(void *context, struct record *rec)
{
	struct looking *l = context;
	struct buf b = { 0 };

	csv_row(&b, rec->v, F_COUNT);
	l->found = l->found || mention_holds(l->p, buf_view(&b));
	buf_release(&b);
}

static void look_at_lines(struct looking *l, struct str bytes)
{
	struct str line;

	while (!l->found && str_cut(&bytes, '\n', &line))
		l->found = mention_holds(l->p, line);
}

static bool search_names(const struct person *p, const char *url, uint64_t *tables, uint64_t *found, struct fault *f)
{
	uint64_t rows;

	for (size_t n = 0; n < p->is.names.n; n++) {
		for (size_t i = 0; i < p->is.phones.n; i++) {
			if (!publish_search(url, p->is.names.entries[n].key, p->is.phones.entries[i].key, tables, &rows, f))
				return false;
			*found += rows;
		}
	}
	return true;
}

/* False where it is no store of ours. */
static bool look_at_tables(struct looking *l, const char *path)
{
	struct arena a = { 0 };
	struct fault ignored = { 0 };
	uint64_t tables, rows = 0;
	bool ok = search_names(l->p, str_keepz(&a, str_printf(&a, "sqlite:%s", path)), &tables, &rows, &ignored);

	l->found = rows > 0;
	arena_release(&a);
	fault_release(&ignored);
	return ok;
}

static bool look_at_file(struct looking *l, const char *dir, const char *name, struct str bytes, struct fault *f)
{
	struct arena a = { 0 };
	bool ok = true;

	if (str_eq(str_of(name), STR("received.rows.gz")))
		ok = received_rewrite(dir, NULL, look_at_row, l, f);
	else if (str_eq(str_of(name), STR("cleaned.gz")))
		ok = cleaned_each(dir, STR(""), look_at_record, l, f);
	else if (!str_starts(bytes, STR("SQLite format 3")) ||
		 !look_at_tables(l, str_keepz(&a, str_printf(&a, "%s/%s", dir, name))))
		look_at_lines(l, bytes);
	arena_release(&a);
	return ok;
}

static bool search_file(const struct person *p, const char *dir, const char *name, struct search *s, struct fault *f)
{
	struct looking l = { .p = p };
	struct arena a = { 0 };
	const char *path = str_keepz(&a, str_printf(&a, "%s/%s", dir, name));
	struct infile in;
	bool ok = infile_open(&in, path, true, (struct infile_limits){ 0 }, f);

	if (ok) {
		l.found = has_number(p, in.bytes);
		ok = l.found || look_at_file(&l, dir, name, in.bytes, f);
		s->files++;
		s->found += l.found;
		infile_close(&in);
	}
	if (ok && l.found)
		printf("  still in %s\n", path);
	arena_release(&a);
	return ok;
}

bool search_folder(const struct person *p, const char *dir, struct search *s, struct fault *f)
{
	struct arena a = { 0 };
	DIR *d = opendir(dir);
	bool ok = true;

	if (!d)
		return fault_errno(f, "open the folder", dir);
	for (struct dirent *e; ok && (ok = folder_next(d, dir, &e, f)) && e;) {
		const char *path = str_keepz(&a, str_printf(&a, "%s/%s", dir, e->d_name));
		struct stat st;

		if (str_eq(str_of(e->d_name), str_of(unproved_name)))
			continue; /* goes when the search has found nothing */
		if (lstat(path, &st) != 0)
			ok = fault_errno(f, "look at", path);
		else if (S_ISDIR(st.st_mode))
			ok = search_folder(p, path, s, f);
		else if (S_ISREG(st.st_mode) && st.st_size > 0)
			ok = search_file(p, dir, e->d_name, s, f);
	}
	closedir(d);
	arena_release(&a);
	return ok;
}

/* ---- stores ---- */

bool search_store(const struct person *p, const char *url, uint64_t *tables, uint64_t *found, struct fault *f)
{
	uint64_t rows;

	for (size_t i = 0; i < p->is.numbers.n; i++) {
		if (!publish_search(url, p->is.numbers.entries[i].key, STR(""), tables, &rows, f))
			return false;
		*found += rows;
	}
	return search_names(p, url, tables, found, f);
}
