#include "search.h"

#include "infile.h"
#include "outfile.h"

#include <iconv.h>
#include <stdio.h>
#include <sys/stat.h>

/* The bytes of a name in an encoding; empty where it has none. */
static struct str encoded(struct arena *a, struct str name, const char *encoding)
{
	iconv_t to = iconv_open(encoding, "UTF-8");
	char *in = (char *)name.p, *out = arena_alloc(a, name.n * 4 + 1), *end = out;
	size_t n_in = name.n, room = name.n * 4 + 1;

	if (to == (iconv_t)-1)
		return STR("");
	bool ok = iconv(to, &in, &n_in, &end, &room) != (size_t)-1;

	iconv_close(to);
	return ok ? str_span(out, end) : STR("");
}

static bool has_any(struct str line, const struct map *values, const char *encoding, struct arena *a)
{
	for (size_t i = 0; i < values->n; i++) {
		struct str value = encoding ? encoded(a, values->entries[i].key, encoding) : values->entries[i].key;

		if (value.n && str_has(line, value))
			return true;
	}
	return false;
}

static bool has_name_and_phone(const struct person *p, struct str bytes)
{
	struct arena a = { 0 };
	struct str line;
	bool found = false;

	while (!found && str_cut(&bytes, '\n', &line)) {
		found = has_any(line, &p->is.phones, NULL, &a) &&
			(has_any(line, &p->names, NULL, &a) || has_any(line, &p->names, "GB18030", &a));
		arena_reset(&a);
	}
	arena_release(&a);
	return found;
}

/* As it stands, and in pairs with a zero as UTF-16 has it. */
static bool has_number(const struct person *p, struct str bytes)
{
	struct arena a = { 0 };
	char *wide = arena_zalloc(&a, p->is.number.n * 2);

	for (size_t i = 0; i < p->is.number.n; i++)
		wide[2 * i] = p->is.number.p[i];
	bool found = str_has(bytes, p->is.number) || str_has(bytes, (struct str){ wide, p->is.number.n * 2 - 1 });

	arena_release(&a);
	return found;
}

static bool search_file(const struct person *p, const char *path, struct search *s, struct fault *f)
{
	struct infile in;

	if (!infile_open(&in, path, true, (struct infile_limits){ 0 }, f))
		return false;
	s->files++;
	if (has_number(p, in.bytes) || has_name_and_phone(p, in.bytes)) {
		s->found++;
		printf("  still in %s\n", path);
	}
	infile_close(&in);
	return true;
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

		if (lstat(path, &st) != 0)
			ok = fault_errno(f, "look at", path);
		else if (S_ISDIR(st.st_mode))
			ok = search_folder(p, path, s, f);
		else if (S_ISREG(st.st_mode) && st.st_size > 0)
			ok = search_file(p, path, s, f);
	}
	closedir(d);
	arena_release(&a);
	return ok;
}
