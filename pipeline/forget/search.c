#include "search.h"

#include "infile.h"
#include "outfile.h"

#include <iconv.h>
#include <stdio.h>
#include <sys/stat.h>

/* The bytes of a text in an encoding; empty where it has none. */
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

/* As it is searched: in capitals, without spaces and dashes within, and without the zeros that
 * UTF-16 has between. */
static void put_folded(struct buf *b, struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (c != ' ' && c != '-' && c != '\0')
			buf_char(b, c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c);
	}
}

/* Of a folded line. */
static bool has_any(struct str line, const struct map *values, const char *encoding, struct arena *a)
{
	struct buf b = { 0 };
	bool found = false;

	for (size_t i = 0; !found && i < values->n; i++) {
		buf_reset(&b);
		put_folded(&b, encoding ? encoded(a, values->entries[i].key, encoding) : values->entries[i].key);
		found = b.n && str_has(line, buf_view(&b));
	}
	buf_release(&b);
	return found;
}

static bool has_number(const struct person *p, struct str line)
{
	return str_has(line, p->is.number) || (p->is.old_number.n && str_has(line, p->is.old_number));
}

static bool has_name_and_phone(const struct person *p, struct str line, struct arena *a)
{
	return has_any(line, &p->is.phones, NULL, a) &&
	       (has_any(line, &p->written, NULL, a) || has_any(line, &p->written, "GB18030", a));
}

static bool has_value(const struct person *p, struct str bytes)
{
	struct arena a = { 0 };
	struct buf b = { 0 };
	struct str line;
	bool found = false;

	while (!found && str_cut(&bytes, '\n', &line)) {
		buf_reset(&b);
		put_folded(&b, line);
		found = has_number(p, buf_view(&b)) || has_name_and_phone(p, buf_view(&b), &a);
		arena_reset(&a);
	}
	buf_release(&b);
	arena_release(&a);
	return found;
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
