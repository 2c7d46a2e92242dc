#include "search.h"

#include "infile.h"
#include "mention.h"
#include "outfile.h"

#include <stdio.h>
#include <sys/stat.h>

static bool has_number(const struct person *p, struct str line)
{
	return forgotten_holds(line, p->is.number) || forgotten_holds(line, p->is.old_number);
}

static bool has_value(const struct person *p, struct str bytes)
{
	struct str line;

	while (str_cut(&bytes, '\n', &line)) {
		if (has_number(p, line) || mention_holds(p, line))
			return true;
	}
	return false;
}

static bool search_file(const struct person *p, const char *path, struct search *s, struct fault *f)
{
	struct infile in;

	if (!infile_open(&in, path, true, (struct infile_limits){ 0 }, f))
		return false;
	s->files++;
	if (has_value(p, in.bytes)) {
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
