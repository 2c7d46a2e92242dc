#include "inbox.h"

#include "digest.h"
#include "encoding.h"
#include "infile.h"
#include "text.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* Tables are UTF-8. A Chinese Windows packs names in GBK; of what is neither, the bytes that mean
 * nothing are shown as U+FFFD, with which no name fits a schema. */
static struct str readable_name(struct arena *a, struct str name)
{
	struct str text;
	size_t bad, n = 0;
	char *p;

	if (text_is_utf8(name))
		return str_keep(a, name);
	if (encoding_decode(ENCODING_GB18030, name, a, &text, &bad))
		return text;
	p = arena_alloc(a, name.n * 3);
	for (size_t i = 0; i < name.n;)
		n += utf8_put(utf8_next(name, &i), p + n);
	return (struct str){ p, n };
}

static void add_file(struct inbox *in, const char *path)
{
	const char *slash = strrchr(path, '/');

	GROW(in->files, in->n, in->cap);
	in->files[in->n++] = (struct inbox_file){
		.path = str_keepz(&in->arena, str_of(path)),
		.file = readable_name(&in->arena, str_of(slash ? slash + 1 : path)),
	};
}

void inbox_leave_out(struct inbox *in, const char *path)
{
	if (path && in->n_apart < sizeof(in->apart) / sizeof(in->apart[0]) &&
	    stat(path, &in->apart[in->n_apart]) == 0)
		in->n_apart++;
}

static bool is_left_out(const struct inbox *in, const struct stat *st)
{
	for (size_t i = 0; i < in->n_apart; i++)
		if (in->apart[i].st_dev == st->st_dev && in->apart[i].st_ino == st->st_ino)
			return true;
	return false;
}

static bool add_folder(struct inbox *in, const char *path, struct fault *f)
{
	struct dirent **entries;
	int n = scandir(path, &entries, NULL, alphasort);
	bool ok = true;

	if (n < 0) {
		fault_errno(f, "read the folder", path);
		fault_hint(f, "let the user who runs yice read it");
		return false;
	}
	for (int i = 0; i < n; i++) {
		struct stat st;
		char *inside = str_keepz(&in->arena, str_printf(&in->arena, "%s/%s", path, entries[i]->d_name));

		/* What cannot be looked at goes to quarantine with its reason. */
		if (ok && entries[i]->d_name[0] != '.') {
			if (lstat(inside, &st) != 0 || !S_ISDIR(st.st_mode))
				add_file(in, inside);
			else if (!is_left_out(in, &st))
				ok = add_folder(in, inside, f);
		}
		free(entries[i]);
	}
	free(entries);
	return ok;
}

bool inbox_named(const char *path, struct stat *st, struct fault *f)
{
	if (stat(path, st) == 0)
		return true;
	if (errno != ENOENT && errno != ENOTDIR)
		return fault_errno(f, "open", path);
	fault_set(f, EXIT_USAGE, "there is no file %s", path);
	fault_hint(f, "name an export that is there");
	return false;
}

bool inbox_add(struct inbox *in, const char *path, struct fault *f)
{
	struct stat st;

	if (!inbox_named(path, &st, f))
		return false;
	if (S_ISDIR(st.st_mode))
		return add_folder(in, path, f);
	add_file(in, path);
	return true;
}

/* SHA-256 of the file as it lies there. False with a reason. */
static bool digest_file(struct inbox_file *file, struct arena *a)
{
	unsigned char block[1 << 16], sum[32];
	int fd = open(file->path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	struct sha256 *digest;
	ssize_t n = 0;

	if (fd < 0) {
		file->reason = errno == ELOOP ? STR("it is a link, and links are not followed") :
						str_printf(a, "it cannot be opened: %s", strerror(errno));
		return false;
	}
	if (fstat(fd, &file->stat) != 0 || !S_ISREG(file->stat.st_mode)) {
		file->reason = STR("it is no regular file");
		close(fd);
		return false;
	}
	digest = sha256_begin();
	while ((n = read(fd, block, sizeof(block))) > 0)
		sha256_add(digest, block, (size_t)n);
	if (n < 0)
		file->reason = str_printf(a, "it cannot be read: %s", strerror(errno));
	sha256_end(digest, sum);
	hex_of(sum, sizeof(sum), file->sha256);
	close(fd);
	return n == 0;
}

static int by_path(const void *x, const void *y)
{
	const struct inbox_file *a = x, *b = y;

	return strcmp(a->path, b->path);
}

/* Date and name; those without a readable name come first, their order does not matter. */
static int by_date_and_name(const void *x, const void *y)
{
	const struct inbox_file *a = x, *b = y;
	int c = memcmp(a->name.observed_on, b->name.observed_on, sizeof(a->name.observed_on));

	if (!c)
		c = str_cmp(a->name.stem, b->name.stem);
	return c ? c : strcmp(a->path, b->path);
}

static bool stem_taken(const struct inbox *in, size_t before, struct str stem)
{
	for (size_t i = 0; i < before; i++) {
		if (!in->files[i].misnamed && str_eq(in->files[i].name.stem, stem))
			return true;
	}
	return false;
}

/* What was received moves as more is received. */
static const struct received_file *keep_known(const struct received_file *known, struct arena *a)
{
	struct received_file *kept;

	if (!known)
		return NULL;
	kept = arena_alloc(a, sizeof(*kept));
	*kept = *known;
	return kept;
}

static void judge(struct inbox *in, size_t i, const struct schemas *schemas,
		  const struct received *received, struct str date)
{
	struct inbox_file *file = &in->files[i];
	const struct received_file *before;

	if (!digest_file(file, &in->arena))
		return;
	file->misnamed = !export_name_parse(&file->name, schemas, file->file, &file->reason) ||
			 !export_name_fits(&file->name, &file->reason);
	if (file->misnamed) {
		file->reason = str_keep(&in->arena, file->reason);
		return;
	}
	file->reason = (struct str){ 0 };
	file->known = NULL;
	before = received_find(received, file->name.stem);
	if (file->changed)
		file->reason = STR("it changed while it was read; the next run reads it again");
	else if (stem_taken(in, i, file->name.stem))
		file->reason = STR("another file of this name is in the inbox; send it as another PART");
	else if (str_cmp((struct str){ file->name.observed_on, 10 }, date) > 0)
		file->reason = str_printf(&in->arena, "its date lies after the business date %.*s", STR_FMT(date));
	else if (before && !str_eq(before->sha256, (struct str){ file->sha256, 64 }))
		file->reason = STR("a file of this name came before with other contents; send it as another PART");
	else
		file->known = keep_known(before, &in->arena);
}

void inbox_judge(struct inbox *in, const struct schemas *schemas, const struct received *received,
		 struct str date)
{
	if (!in->n)
		return;
	qsort(in->files, in->n, sizeof(*in->files), by_path);
	for (size_t i = 0; i < in->n; i++)
		judge(in, i, schemas, received, date);
	qsort(in->files, in->n, sizeof(*in->files), by_date_and_name);
}

bool inbox_file_unchanged(const struct inbox_file *file)
{
	const struct stat *then = &file->stat;
	struct stat now;

	if (lstat(file->path, &now) != 0)
		return errno == ENOENT;
	return now.st_dev == then->st_dev && now.st_ino == then->st_ino &&
	       now.st_size == then->st_size && now.st_mtim.tv_sec == then->st_mtim.tv_sec &&
	       now.st_mtim.tv_nsec == then->st_mtim.tv_nsec;
}

void inbox_release(struct inbox *in)
{
	free(in->files);
	arena_release(&in->arena);
}
