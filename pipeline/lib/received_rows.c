/*
 * The original bytes of kept rows. received.rows.gz is a row of members of one size, so a row
 * costs its member, and only the rows asked for stay in memory. Where more rows were asked for
 * one by one than the file has members, or the members cannot be told apart (the file is
 * another program's), the whole is inflated at once. A file is open only while it is read: a state
 * has more folders than a process may have open files.
 */
#include "received_store.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "gz.h"
#include "map.h"
#include "pool.h"

enum { STEP = 64, CACHED = 4 };

struct rows { /* of one folder */
	char *path;
	uint64_t size; /* inflated */
	uint64_t *at; /* the start of each STEP-th content */
	uint64_t *starts; /* of the members, in the file; NULL: all is in `whole` */
	size_t n_members, n_read;
	struct infile whole;
};

static void rows_close(struct rows *rows)
{
	if (!rows)
		return;
	infile_close(&rows->whole);
	free(rows->at);
	free(rows->starts);
	free(rows);
}

struct cached {
	const struct rows *rows; /* NULL: nothing */
	size_t member;
	uint64_t used;
	char *bytes;
};

struct original {
	pthread_mutex_t lock; /* whoever asks, on whatever thread */
	struct map kept; /* content -> index of texts */
	struct str *texts;
	size_t n_texts, cap_texts;
	uint32_t *wanted;
	size_t n_wanted, cap_wanted;
	struct cached cache[CACHED];
	uint64_t clock;
	struct buf row; /* of received_kept_row */
};

void received_rows_open(struct received *rc)
{
	rc->original = xcalloc(1, sizeof(*rc->original));
	pthread_mutex_init(&rc->original->lock, NULL);
}

/* ---- a folder's file ---- */

static bool damaged(const struct rows *rows, struct fault *f)
{
	fault_set(f, EXIT_FAILED, "%s is damaged", rows->path);
	fault_hint(f, "restore the folder from a backup");
	return false;
}

static bool inflate_all(struct rows *rows, struct fault *f)
{
	if (!infile_open(&rows->whole, rows->path, false, (struct infile_limits){ 0 }, f))
		return false;
	infile_detach(&rows->whole);
	if (rows->whole.bytes.n == rows->size) {
		free(rows->starts);
		rows->starts = NULL;
		return true;
	}
	fault_set(f, EXIT_FAILED, "%s is damaged: %zu bytes where %llu belong", rows->path,
		  rows->whole.bytes.n, (unsigned long long)rows->size);
	fault_hint(f, "restore the folder from a backup");
	infile_close(&rows->whole);
	return false;
}

static void find_contents(const struct received *rc, const struct folder *folder, struct rows *rows)
{
	rows->at = xcalloc(folder->n_contents / STEP + 1, sizeof(*rows->at));
	for (uint32_t i = 0; i < folder->n_contents; i++) {
		if (i % STEP == 0)
			rows->at[i / STEP] = rows->size;
		rows->size += rc->contents[folder->first_content + i].length;
	}
}

/* The caller closes it; -1 with a fault. */
static int open_file(const struct rows *rows, struct fault *f)
{
	int fd = open(rows->path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		fault_errno(f, "open", rows->path);
	return fd;
}

static bool find_members(struct rows *rows, struct fault *f)
{
	int fd = open_file(rows, f);

	if (fd < 0)
		return false;
	rows->starts = gz_members_find(fd, rows->size, &rows->n_members);
	close(fd);
	return rows->starts || inflate_all(rows, f);
}

static bool open_rows(struct received *rc, struct folder *folder, struct fault *f)
{
	struct rows *rows = xcalloc(1, sizeof(*rows));

	rows->path = str_keepz(&rc->arena, received_path(rc, folder, "rows"));
	find_contents(rc, folder, rows);
	if (!find_members(rows, f)) {
		rows_close(rows);
		return false;
	}
	folder->rows = rows;
	return true;
}

static uint64_t start_of(const struct received *rc, const struct folder *folder, uint32_t content)
{
	uint32_t i = content - folder->first_content, from = i / STEP * STEP;
	uint64_t at = folder->rows->at[i / STEP];

	for (; from < i; from++)
		at += rc->contents[folder->first_content + from].length;
	return at;
}

static size_t member_size(const struct rows *rows, size_t member)
{
	return member + 1 < rows->n_members ? GZ_MEMBER :
					      (size_t)(rows->size - (uint64_t)member * GZ_MEMBER);
}

static bool read_member(const struct rows *rows, size_t member, char *to, struct fault *f)
{
	int fd = open_file(rows, f);
	bool ok;

	if (fd < 0)
		return false;
	ok = gz_member_read(fd, rows->starts[member], rows->starts[member + 1], to, member_size(rows, member));
	close(fd);
	return ok || damaged(rows, f);
}

/* Copies what a member holds of the bytes from `at` on. */
static void copy_part(const char *bytes, size_t member, uint64_t at, size_t n, char *to)
{
	uint64_t from = (uint64_t)member * GZ_MEMBER, end = from + GZ_MEMBER;
	uint64_t first = at > from ? at : from, last = at + n < end ? at + n : end;

	memcpy(to + (first - at), bytes + (first - from), (size_t)(last - first));
}

/* ---- one by one ---- */

static const char *cached_member(struct original *o, struct rows *rows, size_t member, struct fault *f)
{
	struct cached *oldest = &o->cache[0];

	for (int i = 0; i < CACHED; i++) {
		struct cached *c = &o->cache[i];

		if (c->rows == rows && c->member == member) {
			c->used = ++o->clock;
			return c->bytes;
		}
		if (c->used < oldest->used)
			oldest = c;
	}
	if (!oldest->bytes)
		oldest->bytes = xmalloc(GZ_MEMBER);
	oldest->rows = NULL;
	rows->n_read++;
	if (!read_member(rows, member, oldest->bytes, f))
		return NULL;
	*oldest = (struct cached){ rows, member, ++o->clock, oldest->bytes };
	return oldest->bytes;
}

static bool read_bytes(struct original *o, struct rows *rows, uint64_t at, size_t n, char *to,
		       struct fault *f)
{
	size_t last = n ? (size_t)((at + n - 1) / GZ_MEMBER) : 0;

	if (rows->starts && rows->n_read > rows->n_members && !inflate_all(rows, f))
		return false;
	if (!rows->starts) {
		memcpy(to, rows->whole.bytes.p + at, n);
		return true;
	}
	for (size_t member = (size_t)(at / GZ_MEMBER); n && member <= last; member++) {
		const char *bytes = cached_member(o, rows, member, f);

		if (!bytes)
			return false;
		copy_part(bytes, member, at, n, to);
	}
	return true;
}

static struct folder *folder_of(struct received *rc, uint32_t content, struct fault *f)
{
	struct folder *folder = &rc->folders[rc->files[rc->contents[content].file].folder];

	return folder->rows || open_rows(rc, folder, f) ? folder : NULL;
}

static struct str key_of(const uint32_t *content)
{
	return (struct str){ (const char *)content, sizeof(*content) };
}

static void keep(struct original *o, uint32_t content, struct str text)
{
	map_put(&o->kept, key_of(&content), o->n_texts, NULL);
	GROW(o->texts, o->n_texts, o->cap_texts);
	o->texts[o->n_texts++] = text;
}

static bool content_bytes(struct received *rc, uint32_t content, struct str *bytes, struct fault *f)
{
	struct original *o = rc->original;
	const uint64_t *at = map_get(&o->kept, key_of(&content));
	struct folder *folder;
	char *to;

	if (at) {
		*bytes = o->texts[*at];
		return true;
	}
	folder = folder_of(rc, content, f);
	if (!folder)
		return false;
	*bytes = (struct str){ NULL, rc->contents[content].length };
	bytes->p = to = arena_bytes(&rc->arena, bytes->n);
	if (!read_bytes(o, folder->rows, start_of(rc, folder, content), bytes->n, to, f))
		return false;
	keep(o, content, *bytes);
	return true;
}

/* The content that lies or goes under that name, or NONE. A sight that only repeats has no bytes of its own. */
static uint32_t content_named(const struct received *rc, struct str stem, uint32_t row)
{
	uint32_t c = received_find_content(rc, stem, row);
	const struct other_name *other = c == NONE ? received_other_name(rc, stem, row) : NULL;

	if (!other || other->name_file != other->file || other->name_row != other->row)
		return c;
	return other->content;
}

bool received_original(struct received *rc, struct str stem, uint32_t row, struct str *bytes,
		       struct fault *f)
{
	struct original *o = rc->original;
	uint32_t c = content_named(rc, stem, row);
	bool ok;

	pthread_mutex_lock(&o->lock);
	ok = c != NONE && content_bytes(rc, c, bytes, f) && bytes->n > 0;
	pthread_mutex_unlock(&o->lock);
	return ok;
}

size_t received_kept_rows(const struct received *rc, size_t file)
{
	return rc->files[file].n_contents;
}

bool received_kept_row(struct received *rc, size_t file, size_t i, uint32_t *row, struct str *bytes,
		       struct fault *f)
{
	uint32_t content = rc->files[file].first_content + (uint32_t)i;
	const struct content *c = &rc->contents[content];
	struct original *o = rc->original;
	struct folder *folder = folder_of(rc, content, f);
	char *to;

	if (!folder)
		return false;
	*row = c->row;
	buf_reset(&o->row);
	to = buf_room(&o->row, c->length);
	*bytes = (struct str){ to, c->length };
	return read_bytes(o, folder->rows, start_of(rc, folder, content), c->length, to, f);
}

/* ---- many at once ---- */

struct stretch { /* the wanted rows of one member */
	const struct rows *rows;
	size_t member;
	size_t first, end; /* of the wanted */
	struct fault fault;
};

struct fetching {
	struct want {
		uint64_t at;
		size_t n;
		char *to;
	} *wants;
	struct stretch *stretches;
	size_t n_stretches, cap_stretches;
};

static int by_content(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

/* Only those that are not there yet, each once, in the order in which they lie. */
static void sort_wanted(struct original *o)
{
	size_t n = 0;

	if (o->n_wanted)
		qsort(o->wanted, o->n_wanted, sizeof(*o->wanted), by_content);
	for (size_t i = 0; i < o->n_wanted; i++)
		if ((!n || o->wanted[i] != o->wanted[n - 1]) && !map_get(&o->kept, key_of(&o->wanted[i])))
			o->wanted[n++] = o->wanted[i];
	o->n_wanted = n;
}

static void add_to_stretch(struct fetching *x, const struct rows *rows, size_t member, size_t want)
{
	struct stretch *last = x->n_stretches ? &x->stretches[x->n_stretches - 1] : NULL;

	if (!last || last->rows != rows || last->member != member) {
		GROW(x->stretches, x->n_stretches, x->cap_stretches);
		last = &x->stretches[x->n_stretches++];
		*last = (struct stretch){ .rows = rows, .member = member, .first = want };
	}
	last->end = want + 1;
}

static void plan(struct received *rc, struct fetching *x, size_t i, const struct folder *folder)
{
	uint32_t content = rc->original->wanted[i];
	struct want *w = &x->wants[i];

	*w = (struct want){ start_of(rc, folder, content), rc->contents[content].length, NULL };
	w->to = arena_bytes(&rc->arena, w->n);
	if (!folder->rows->starts)
		memcpy(w->to, folder->rows->whole.bytes.p + w->at, w->n);
	else if (w->n)
		for (size_t m = (size_t)(w->at / GZ_MEMBER); m <= (w->at + w->n - 1) / GZ_MEMBER; m++)
			add_to_stretch(x, folder->rows, m, i);
}

static void fetch_stretch(void *context, size_t piece, unsigned worker)
{
	struct fetching *x = context;
	struct stretch *s = &x->stretches[piece];
	char *bytes = xmalloc(GZ_MEMBER);
	bool ok = read_member(s->rows, s->member, bytes, &s->fault);

	(void)worker;
	for (size_t i = s->first; ok && i < s->end; i++)
		copy_part(bytes, s->member, x->wants[i].at, x->wants[i].n, x->wants[i].to);
	free(bytes);
}

static void tell_faults(struct fetching *x, struct fault *f)
{
	for (size_t i = 0; i < x->n_stretches; i++) {
		struct fault *told = &x->stretches[i].fault;

		if (fault_is(told))
			fault_set(f, told->status, "%.*s", STR_FMT(buf_view(&told->text)));
		fault_release(told);
	}
}

static bool fetch(struct received *rc, struct fetching *x, struct fault *f)
{
	struct original *o = rc->original;

	for (size_t i = 0; i < o->n_wanted; i++) {
		const struct folder *folder = folder_of(rc, o->wanted[i], f);

		if (!folder)
			return false;
		plan(rc, x, i, folder);
	}
	pool_each(pool_jobs(), x->n_stretches, fetch_stretch, x);
	tell_faults(x, f);
	if (fault_is(f))
		return false;
	for (size_t i = 0; i < o->n_wanted; i++)
		keep(o, o->wanted[i], (struct str){ x->wants[i].to, x->wants[i].n });
	return true;
}

void received_want(struct received *rc, struct str stem, uint32_t row)
{
	struct original *o = rc->original;
	uint32_t content = content_named(rc, stem, row);

	if (content == NONE)
		return;
	GROW(o->wanted, o->n_wanted, o->cap_wanted);
	o->wanted[o->n_wanted++] = content;
}

bool received_fetch(struct received *rc, struct fault *f)
{
	struct original *o = rc->original;
	struct fetching x = { 0 };
	bool ok;

	sort_wanted(o);
	x.wants = xcalloc(o->n_wanted, sizeof(*x.wants));
	ok = fetch(rc, &x, f);
	free(x.wants);
	free(x.stretches);
	free(o->wanted);
	o->wanted = NULL;
	o->n_wanted = o->cap_wanted = 0;
	return ok;
}

void received_rows_close(struct received *rc)
{
	struct original *o = rc->original;

	for (size_t i = 0; i < rc->n_folders; i++)
		rows_close(rc->folders[i].rows);
	for (int i = 0; i < CACHED; i++)
		free(o->cache[i].bytes);
	pthread_mutex_destroy(&o->lock);
	map_release(&o->kept);
	free(o->texts);
	free(o->wanted);
	buf_release(&o->row);
	free(o);
}
