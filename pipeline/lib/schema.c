#include "schema.h"

#include "infile.h"
#include "outfile.h"
#include "schema_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

enum { LARGEST_SCHEMA = 4 << 20 };

static int by_name(const void *a, const void *b)
{
	return str_cmp(((const struct schema *)a)->name, ((const struct schema *)b)->name);
}

/* Lower-case letters, digits and "_", so that it can stand in the name of an export. */
static bool name_fits(struct str name)
{
	for (size_t i = 0; i < name.n; i++)
		if (!(name.p[i] >= 'a' && name.p[i] <= 'z') &&
		    !(name.p[i] >= '0' && name.p[i] <= '9') && name.p[i] != '_')
			return false;
	return name.n && name.p[0] != '_' && name.p[name.n - 1] != '_';
}

static bool find_files(struct schemas *s, const char *dir, struct fault *f)
{
	DIR *d = opendir(dir);
	struct dirent *entry;
	size_t cap = 0;
	bool ok;

	if (!d)
		return fault_set(f, EXIT_USAGE, "cannot read the schemas in %s: %s", dir,
				 strerror(errno));
	while ((ok = folder_next(d, dir, &entry, f)) && entry) {
		struct str file = str_of(entry->d_name);
		struct str name = { file.p, file.n - 4 };

		if (!str_ends(file, STR(".csv")) || str_starts(file, STR(".")))
			continue;
		if (!name_fits(name)) {
			fault_add(f, EXIT_USAGE, "%s/%s: the name of a schema has lower-case "
				  "letters, digits and \"_\" only", dir, entry->d_name);
			continue;
		}
		GROW(s->list, s->n, cap);
		s->list[s->n++] = (struct schema){
			.name = str_keep(&s->arena, name),
			.path = str_printf(&s->arena, "%s/%s", dir, entry->d_name),
		};
	}
	closedir(d);
	if (s->n)
		qsort(s->list, s->n, sizeof(*s->list), by_name);
	return ok;
}

/* Names count too: a schema that is renamed reads other files. */
static void fingerprint_add(struct buf *b, const struct schema *s, struct fault *f)
{
	struct infile in;

	if (!infile_open(&in, s->path.p, false, (struct infile_limits){ LARGEST_SCHEMA, 0 }, f))
		return;
	buf_printf(b, "%.*s %zu\n", STR_FMT(s->name), in.bytes.n);
	buf_str(b, in.bytes);
	infile_close(&in);
}

bool schemas_load(struct schemas *s, const char *dir, struct fault *f)
{
	struct buf all = { 0 };

	*s = (struct schemas){ 0 };
	if (!find_files(s, dir, f)) {
		schemas_release(s);
		return false;
	}
	if (!s->n)
		fault_add(f, EXIT_USAGE, "there is no schema (NAME.csv) in %s", dir);
	for (size_t i = 0; i < s->n; i++) {
		schema_read(&s->list[i], &s->arena, f);
		fingerprint_add(&all, &s->list[i], f);
	}
	s->fingerprint = hash128(buf_view(&all));
	buf_release(&all);
	if (!fault_is(f))
		return true;
	schemas_release(s);
	return false;
}

const struct schema *schemas_find(const struct schemas *s, struct str name)
{
	for (size_t i = 0; i < s->n; i++)
		if (str_eq(s->list[i].name, name))
			return &s->list[i];
	return NULL;
}

void schemas_release(struct schemas *s)
{
	for (size_t i = 0; i < s->n; i++)
		map_release(&s->list[i].known);
	free(s->list);
	arena_release(&s->arena);
	*s = (struct schemas){ 0 };
}
