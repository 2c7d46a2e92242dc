/*
 * One content is one kept row; one sight is one row of one file, which points at the content
 * with its values. Numbers, not text, so that tens of millions fit.
 *
 * received.keys.gz: the magic, then for each file its description and its rows: varint of
 * the distance in rows (0 ends the file), varint reference: 0 for a new content (followed by
 * hash, key, varint offset and varint length), else 1 + zigzag distance to the content after
 * the last one referred to, so that an export repeated whole costs two small bytes a row.
 */
#include "received.h"

#include "infile.h"
#include "mem.h"
#include "outfile.h"

#include <stdlib.h>

static const struct str MAGIC = STR_INIT("yice received 1\n");
static const uint32_t NONE = UINT32_MAX;

struct content {
	struct hash128 values;
	uint64_t key; /* never 0: the values' own hash where the row has no key */
	uint32_t file, row;
	uint32_t length; /* of the original bytes */
	uint32_t last_file; /* where it was seen last */
};

struct one_sight {
	uint32_t file, row, content;
};

struct key_entry { /* the newest sight of a key so far */
	uint64_t key;
	uint32_t file, row, content;
};

struct file_entry {
	struct received_file info;
	uint32_t first_content, n_contents;
	uint32_t folder;
	uint32_t rank; /* in the order of date and name; set by settle */
};

struct folder { /* where contents lie: original bytes are read at the first request */
	struct str dir;
	uint32_t first_content, n_contents;
	struct infile rows;
	bool rows_open;
	uint64_t *at; /* start of each content */
};

struct rename { /* a content that goes by another name, or by one more */
	uint32_t content, file, row;
};

struct received {
	struct arena arena;
	struct content *contents;
	size_t n_contents, cap_contents;
	struct one_sight *sights;
	size_t n_sights, cap_sights;
	struct key_entry *keys;
	size_t n_keys, cap_keys;
	struct file_entry *files;
	size_t n_files, cap_files;
	struct folder *folders;
	size_t n_folders, cap_folders;
	uint32_t *by_values, *by_key, *by_stem; /* open addressing: index + 1 */
	size_t slots_values, slots_key, slots_stem;
	bool late; /* some file came after one that it precedes */
	/* being written */
	struct outfile *out_keys, *out_rows;
	struct buf line;
	uint32_t last_row, last_content;
	/* settled */
	unsigned char *states;
	struct rename *renames, *extras;
	size_t n_renames, cap_renames, n_extras, cap_extras;
};

/* ---- hash tables of indexes ---- */

static uint64_t content_hash(const struct received *rc, uint32_t i)
{
	return rc->contents[i].values.lo;
}

static uint64_t key_hash(const struct received *rc, uint32_t i)
{
	return rc->keys[i].key;
}

static uint64_t stem_hash(const struct received *rc, uint32_t i)
{
	return hash64(rc->files[i].info.stem);
}

static void table_insert(uint32_t *slots, size_t n_slots, uint64_t hash, uint32_t index)
{
	size_t at = hash & (n_slots - 1);

	while (slots[at])
		at = (at + 1) & (n_slots - 1);
	slots[at] = index + 1;
}

static void table_add(const struct received *rc, uint32_t **slots, size_t *n_slots, size_t n,
		      uint64_t (*hash)(const struct received *, uint32_t))
{
	if (n * 2 > *n_slots) {
		size_t bigger = *n_slots ? *n_slots * 2 : 1024;

		free(*slots);
		*slots = xcalloc(bigger, sizeof(**slots));
		*n_slots = bigger;
		for (uint32_t i = 0; i + 1 < n; i++)
			table_insert(*slots, bigger, hash(rc, i), i);
	}
	table_insert(*slots, *n_slots, hash(rc, (uint32_t)n - 1), (uint32_t)n - 1);
}

/* The newest content of these values (later ones are found first never: all are walked). */
static uint32_t find_values(const struct received *rc, struct hash128 values)
{
	uint32_t found = NONE;

	if (!rc->slots_values)
		return NONE;
	for (size_t at = values.lo & (rc->slots_values - 1); rc->by_values[at];
	     at = (at + 1) & (rc->slots_values - 1)) {
		uint32_t i = rc->by_values[at] - 1;
		const struct content *c = &rc->contents[i];

		if (c->values.lo == values.lo && c->values.hi == values.hi && (found == NONE || i > found))
			found = i;
	}
	return found;
}

static struct key_entry *find_key(const struct received *rc, uint64_t key)
{
	if (!rc->slots_key)
		return NULL;
	for (size_t at = key & (rc->slots_key - 1); rc->by_key[at]; at = (at + 1) & (rc->slots_key - 1)) {
		struct key_entry *e = &rc->keys[rc->by_key[at] - 1];

		if (e->key == key)
			return e;
	}
	return NULL;
}

static uint32_t find_file(const struct received *rc, struct str stem)
{
	if (!rc->slots_stem)
		return NONE;
	for (size_t at = hash64(stem) & (rc->slots_stem - 1); rc->by_stem[at];
	     at = (at + 1) & (rc->slots_stem - 1)) {
		uint32_t i = rc->by_stem[at] - 1;

		if (str_eq(rc->files[i].info.stem, stem))
			return i;
	}
	return NONE;
}

/* ---- the order of files: date, then name ---- */

static int file_cmp(const struct received_file *a, const struct received_file *b)
{
	int c = memcmp(a->observed_on, b->observed_on, sizeof(a->observed_on));

	return c ? c : str_cmp(a->stem, b->stem);
}

/* Whether (file, row) stands at or behind the key's newest sight. */
static bool not_before(const struct received *rc, uint32_t file, uint32_t row, const struct key_entry *e)
{
	int c = file == e->file ? 0 : file_cmp(&rc->files[file].info, &rc->files[e->file].info);

	return c ? c > 0 : row >= e->row;
}

/* ---- taking in files and sights (from a folder or anew) ---- */

static void add_file(struct received *rc, const struct received_file *info)
{
	struct file_entry e = { .info = *info, .folder = (uint32_t)rc->n_folders - 1,
				.first_content = (uint32_t)rc->n_contents };
	struct str *texts[] = { &e.info.name, &e.info.stem, &e.info.schema, &e.info.sender,
				&e.info.sha256, &e.info.encoding, &e.info.header };

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		*texts[i] = str_keep(&rc->arena, *texts[i]);
	e.info.rows = 0;
	GROW(rc->files, rc->n_files, rc->cap_files);
	rc->files[rc->n_files++] = e;
	table_add(rc, &rc->by_stem, &rc->slots_stem, rc->n_files, stem_hash);
	for (size_t i = 0; i + 1 < rc->n_files && !rc->late; i++) {
		const struct received_file *o = &rc->files[i].info;

		rc->late = str_eq(o->sender, e.info.sender) && str_eq(o->schema, e.info.schema) &&
			   file_cmp(o, &e.info) > 0;
	}
}

static uint32_t add_content(struct received *rc, struct hash128 values, uint64_t key, uint32_t row,
			    uint32_t length)
{
	uint32_t file = (uint32_t)rc->n_files - 1;

	if (rc->n_contents == NONE - 1)
		BUG("more than %u distinct rows", NONE - 1);
	GROW(rc->contents, rc->n_contents, rc->cap_contents);
	rc->contents[rc->n_contents++] = (struct content){ values, key, file, row, length, file };
	rc->files[file].n_contents++;
	table_add(rc, &rc->by_values, &rc->slots_values, rc->n_contents, content_hash);
	return (uint32_t)rc->n_contents - 1;
}

static void add_sight(struct received *rc, uint32_t row, uint32_t content)
{
	uint32_t file = (uint32_t)rc->n_files - 1;
	struct content *c = &rc->contents[content];
	struct key_entry *e = find_key(rc, c->key);

	GROW(rc->sights, rc->n_sights, rc->cap_sights);
	rc->sights[rc->n_sights++] = (struct one_sight){ file, row, content };
	rc->files[file].info.rows++;
	if (memcmp(rc->files[file].info.observed_on, rc->files[c->last_file].info.observed_on, 10) > 0)
		c->last_file = file;
	if (!e) {
		GROW(rc->keys, rc->n_keys, rc->cap_keys);
		rc->keys[rc->n_keys++] = (struct key_entry){ c->key, file, row, content };
		table_add(rc, &rc->by_key, &rc->slots_key, rc->n_keys, key_hash);
	} else if (not_before(rc, file, row, e)) {
		e->file = file;
		e->row = row;
		e->content = content;
	}
}

static bool same_values(const struct content *c, struct hash128 values)
{
	return c->values.lo == values.lo && c->values.hi == values.hi;
}

/* The content that a row with these values repeats, or NONE where it is a new record. */
static uint32_t repeats(const struct received *rc, uint32_t row, struct hash128 values, uint64_t key)
{
	const struct key_entry *e = find_key(rc, key);

	if (!e)
		return NONE;
	if (same_values(&rc->contents[e->content], values))
		return e->content;
	if (not_before(rc, (uint32_t)rc->n_files - 1, row, e))
		return NONE;
	return find_values(rc, values);
}

/* ---- the file of keys ---- */

static void put_varint(struct buf *b, uint64_t v)
{
	while (v >= 0x80) {
		buf_char(b, (char)(v | 0x80));
		v >>= 7;
	}
	buf_char(b, (char)v);
}

static bool get_varint(struct str *in, uint64_t *v)
{
	*v = 0;
	for (unsigned shift = 0; in->n && shift < 64; shift += 7) {
		unsigned char c = (unsigned char)*in->p;

		in->p++;
		in->n--;
		*v |= (uint64_t)(c & 0x7f) << shift;
		if (!(c & 0x80))
			return true;
	}
	return false;
}

static void put_text(struct buf *b, struct str s)
{
	put_varint(b, s.n);
	buf_str(b, s);
}

static bool get_text(struct str *in, struct str *s)
{
	uint64_t n;

	if (!get_varint(in, &n) || n > in->n)
		return false;
	*s = (struct str){ in->p, (size_t)n };
	in->p += n;
	in->n -= (size_t)n;
	return true;
}

static bool get_bytes(struct str *in, void *to, size_t n)
{
	if (in->n < n)
		return false;
	memcpy(to, in->p, n);
	in->p += n;
	in->n -= n;
	return true;
}

static uint64_t reference(uint32_t last_content, uint32_t content)
{
	int64_t d = (int64_t)content - ((int64_t)last_content + 1);

	return 1 + (((uint64_t)d << 1) ^ (uint64_t)(d >> 63));
}

static int64_t distance(uint64_t ref)
{
	uint64_t z = ref - 1;

	return (int64_t)(z >> 1) ^ -(int64_t)(z & 1);
}

static bool load_file_rows(struct received *rc, struct str *in)
{
	uint32_t row = 0;
	int64_t last = (int64_t)rc->n_contents - 1;

	for (;;) {
		uint64_t step, ref, key, offset, length;
		struct hash128 values;

		if (!get_varint(in, &step))
			return false;
		if (!step)
			return true;
		row += (uint32_t)step;
		if (!get_varint(in, &ref))
			return false;
		if (ref) {
			last = last + 1 + distance(ref);
			if (last < 0 || last >= (int64_t)rc->n_contents)
				return false;
		} else {
			if (!get_bytes(in, &values, sizeof(values)) || !get_bytes(in, &key, sizeof(key)) ||
			    !get_varint(in, &offset) || !get_varint(in, &length) || length > UINT32_MAX)
				return false;
			last = add_content(rc, values, key, row, (uint32_t)length);
		}
		add_sight(rc, row, (uint32_t)last);
	}
}

static bool load_keys(struct received *rc, struct str in)
{
	if (!str_starts(in, MAGIC))
		return false;
	in = str_span(in.p + MAGIC.n, in.p + in.n);
	while (in.n) {
		struct received_file info = { 0 };
		struct str *texts[] = { &info.name, &info.stem, &info.schema, &info.sender,
					&info.sha256, &info.encoding, &info.header };
		char full;

		for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
			if (!get_text(&in, texts[i]))
				return false;
		}
		if (!get_bytes(&in, &info.delimiter, 1) || !get_bytes(&in, &full, 1) ||
		    !get_bytes(&in, info.observed_on, sizeof(info.observed_on)))
			return false;
		info.full = full == 'f';
		add_file(rc, &info);
		if (!load_file_rows(rc, &in))
			return false;
	}
	return true;
}

static struct str folder_path(struct received *rc, struct str dir, const char *name)
{
	return str_printf(&rc->arena, "%.*s/received.%s.gz", STR_FMT(dir), name);
}

static void add_folder(struct received *rc, const char *dir)
{
	GROW(rc->folders, rc->n_folders, rc->cap_folders);
	rc->folders[rc->n_folders++] =
		(struct folder){ .dir = str_keep(&rc->arena, str_of(dir)),
				 .first_content = (uint32_t)rc->n_contents };
}

static bool load_folder(struct received *rc, const char *dir, struct fault *f)
{
	struct infile in;
	bool ok;

	add_folder(rc, dir);
	struct folder *folder = &rc->folders[rc->n_folders - 1];
	char *path = str_keepz(&rc->arena, folder_path(rc, folder->dir, "keys"));

	if (!infile_open(&in, path, false, (struct infile_limits){ 0 }, f))
		return false;
	ok = load_keys(rc, in.bytes);
	infile_close(&in);
	folder->n_contents = (uint32_t)rc->n_contents - folder->first_content;
	if (!ok) {
		fault_set(f, EXIT_FAILED, "%s is damaged", path);
		fault_hint(f, "restore the folder from a backup");
	}
	return ok;
}

struct received *received_open(const char *const *dirs, size_t n, struct fault *f)
{
	struct received *rc = xcalloc(1, sizeof(*rc));

	for (size_t i = 0; i < n; i++) {
		if (!load_folder(rc, dirs[i], f)) {
			received_close(rc);
			return NULL;
		}
	}
	return rc;
}

/* ---- writing anew ---- */

bool received_create(struct received *rc, const char *dir, struct fault *f)
{
	add_folder(rc, dir);
	struct str where = rc->folders[rc->n_folders - 1].dir;

	rc->out_keys = outfile_open(str_keepz(&rc->arena, folder_path(rc, where, "keys")), f);
	if (!rc->out_keys)
		return false;
	rc->out_rows = outfile_open(str_keepz(&rc->arena, folder_path(rc, where, "rows")), f);
	if (!rc->out_rows)
		return false;
	outfile_str(rc->out_keys, MAGIC);
	return true;
}

void received_begin(struct received *rc, const struct received_file *file)
{
	const struct str texts[] = { file->name, file->stem, file->schema, file->sender,
				     file->sha256, file->encoding, file->header };

	add_file(rc, file);
	buf_reset(&rc->line);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		put_text(&rc->line, texts[i]);
	buf_char(&rc->line, file->delimiter);
	buf_char(&rc->line, file->full ? 'f' : 'd');
	buf_add(&rc->line, file->observed_on, sizeof(file->observed_on));
	outfile_str(rc->out_keys, buf_view(&rc->line));
	rc->last_row = 0;
	rc->last_content = (uint32_t)rc->n_contents - 1; /* the reference before the first */
}

enum sight received_sight(struct received *rc, uint32_t row, uint64_t offset, struct str bytes,
			  struct hash128 values, uint64_t key)
{
	uint64_t own_key = key ? key : (values.lo ^ values.hi) | 1;
	uint32_t content = repeats(rc, row, values, own_key);
	bool is_new = content == NONE;

	buf_reset(&rc->line);
	put_varint(&rc->line, row - rc->last_row);
	if (is_new) {
		content = add_content(rc, values, own_key, row, (uint32_t)bytes.n);
		rc->folders[rc->n_folders - 1].n_contents++;
		put_varint(&rc->line, 0);
		buf_add(&rc->line, &values, sizeof(values));
		buf_add(&rc->line, &own_key, sizeof(own_key));
		put_varint(&rc->line, offset);
		put_varint(&rc->line, bytes.n);
		outfile_str(rc->out_rows, bytes);
	} else {
		put_varint(&rc->line, reference(rc->last_content, content));
	}
	outfile_str(rc->out_keys, buf_view(&rc->line));
	add_sight(rc, row, content);
	rc->last_row = row;
	rc->last_content = content;
	return is_new ? SIGHT_NEW : SIGHT_DUPLICATE;
}

void received_end(struct received *rc)
{
	outfile_write(rc->out_keys, "", 1); /* a step of 0 rows */
}

bool received_commit(struct received *rc, struct fault *f)
{
	bool ok = outfile_commit(rc->out_rows, f);

	rc->out_rows = NULL;
	if (ok)
		ok = outfile_commit(rc->out_keys, f);
	else
		outfile_abandon(rc->out_keys);
	rc->out_keys = NULL;
	return ok;
}

/* ---- settling: which sights are records ---- */

static const struct received *sorting; /* qsort has no context; settle runs on one thread */

static int sight_cmp(const void *x, const void *y)
{
	const struct one_sight *a = x, *b = y;
	uint64_t ka = sorting->contents[a->content].key, kb = sorting->contents[b->content].key;
	uint32_t ra = sorting->files[a->file].rank, rb = sorting->files[b->file].rank;

	if (ka != kb)
		return ka < kb ? -1 : 1;
	if (ra != rb)
		return ra < rb ? -1 : 1;
	return (a->row > b->row) - (a->row < b->row);
}

static int rank_cmp(const void *x, const void *y)
{
	return file_cmp(&sorting->files[*(const uint32_t *)x].info,
			&sorting->files[*(const uint32_t *)y].info);
}

static void rank_files(struct received *rc)
{
	uint32_t *order = xcalloc(rc->n_files + 1, sizeof(*order));

	for (uint32_t i = 0; i < rc->n_files; i++)
		order[i] = i;
	qsort(order, rc->n_files, sizeof(*order), rank_cmp);
	for (uint32_t i = 0; i < rc->n_files; i++)
		rc->files[order[i]].rank = i;
	free(order);
}

static void add_rename(struct rename **list, size_t *n, size_t *cap, struct rename r)
{
	GROW(*list, *n, *cap);
	(*list)[(*n)++] = r;
}

/* A head whose own row is not kept takes a kept row of the same values that is no head
 * itself, else shares one. */
static void name_head(struct received *rc, const struct one_sight *group, size_t n,
		      const struct one_sight *head, const bool *is_head)
{
	struct hash128 values = rc->contents[head->content].values;

	for (size_t i = 0; i < n; i++) {
		const struct content *c = &rc->contents[group[i].content];

		if (!is_head[i] && c->file == group[i].file && c->row == group[i].row &&
		    same_values(c, values) && rc->states[group[i].content] == KEPT_REPEATED) {
			rc->states[group[i].content] = KEPT;
			add_rename(&rc->renames, &rc->n_renames, &rc->cap_renames,
				   (struct rename){ group[i].content, head->file, head->row });
			return;
		}
	}
	add_rename(&rc->extras, &rc->n_extras, &rc->cap_extras,
		   (struct rename){ head->content, head->file, head->row });
}

static void settle_group(struct received *rc, const struct one_sight *group, size_t n)
{
	bool *is_head = xcalloc(n, sizeof(*is_head));

	for (size_t i = 0; i < n; i++) {
		const struct content *c = &rc->contents[group[i].content];
		bool own = c->file == group[i].file && c->row == group[i].row;

		is_head[i] = i == 0 || !same_values(&rc->contents[group[i - 1].content], c->values);
		if (own)
			rc->states[group[i].content] = is_head[i] ? KEPT : KEPT_REPEATED;
	}
	for (size_t i = 0; i < n; i++) {
		const struct content *c = &rc->contents[group[i].content];

		if (is_head[i] && !(c->file == group[i].file && c->row == group[i].row))
			name_head(rc, group, n, &group[i], is_head);
	}
	free(is_head);
}

static int rename_cmp(const void *x, const void *y);

static void settle_late(struct received *rc)
{
	size_t from = 0;

	qsort(rc->sights, rc->n_sights, sizeof(*rc->sights), sight_cmp);
	for (size_t i = 1; i <= rc->n_sights; i++) {
		if (i < rc->n_sights && rc->contents[rc->sights[i].content].key ==
						rc->contents[rc->sights[from].content].key)
			continue;
		settle_group(rc, rc->sights + from, i - from);
		from = i;
	}
	if (rc->n_renames)
		qsort(rc->renames, rc->n_renames, sizeof(*rc->renames), rename_cmp);
}

/* The newest date of full exports of that file's sender and schema; NULL: its are deltas. */
static const char *newest_full(const struct received *rc, const struct received_file *of)
{
	const char *newest = NULL;

	for (size_t i = 0; i < rc->n_files; i++) {
		const struct received_file *o = &rc->files[i].info;

		if (o->full && str_eq(o->sender, of->sender) && str_eq(o->schema, of->schema) &&
		    (!newest || memcmp(o->observed_on, newest, 10) > 0))
			newest = o->observed_on;
	}
	return newest;
}

static void settle_withdrawn(struct received *rc)
{
	for (size_t i = 0; i < rc->n_files; i++) {
		const struct file_entry *e = &rc->files[i];
		const char *newest = e->info.full ? newest_full(rc, &e->info) : NULL;

		for (uint32_t c = e->first_content; newest && c < e->first_content + e->n_contents; c++) {
			const struct key_entry *k = find_key(rc, rc->contents[c].key);

			if (rc->states[c] == KEPT && memcmp(rc->files[k->file].info.observed_on, newest, 10) < 0)
				rc->states[c] = KEPT_WITHDRAWN;
		}
	}
}

void received_settle(struct received *rc)
{
	sorting = rc;
	free(rc->states);
	rc->states = xcalloc(rc->n_contents + 1, 1);
	rc->n_renames = rc->n_extras = 0;
	rank_files(rc);
	if (rc->late)
		settle_late(rc);
	settle_withdrawn(rc);
	sorting = NULL;
}

/* ---- asking ---- */

static uint32_t find_content(const struct received *rc, struct str stem, uint32_t row)
{
	uint32_t file = find_file(rc, stem);

	if (file == NONE)
		return NONE;
	uint32_t low = rc->files[file].first_content, high = low + rc->files[file].n_contents;

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;

		if (rc->contents[mid].row == row)
			return mid;
		if (rc->contents[mid].row < row)
			low = mid + 1;
		else
			high = mid;
	}
	return NONE;
}

/* Renames are in the order of contents after received_settle. */
static int rename_cmp(const void *x, const void *y)
{
	const struct rename *a = x, *b = y;

	return (a->content > b->content) - (a->content < b->content);
}

static const struct rename *find_rename(const struct received *rc, uint32_t content)
{
	struct rename wanted = { .content = content };

	return rc->n_renames ? bsearch(&wanted, rc->renames, rc->n_renames, sizeof(wanted), rename_cmp) : NULL;
}

static void fill_kept(const struct received *rc, uint32_t content, uint32_t file, uint32_t row,
		      struct kept *kept)
{
	const struct content *c = &rc->contents[content];

	kept->state = rc->states[content];
	kept->stem = rc->files[file].info.stem;
	kept->row = row;
	kept->observed_on = (struct str){ rc->files[file].info.observed_on, 10 };
	kept->last_seen = (struct str){ rc->files[c->last_file].info.observed_on, 10 };
}

bool received_kept(const struct received *rc, struct str stem, uint32_t row, struct kept *kept)
{
	uint32_t c = find_content(rc, stem, row);

	if (c == NONE)
		return false;
	fill_kept(rc, c, rc->contents[c].file, row, kept);
	const struct rename *x = find_rename(rc, c);

	if (x)
		fill_kept(rc, c, x->file, x->row, kept);
	return true;
}

bool received_next_seen(const struct received *rc, size_t *cursor, struct kept *kept)
{
	while (*cursor < rc->n_contents) {
		const struct content *c = &rc->contents[(*cursor)++];

		if (c->last_file != c->file &&
		    received_kept(rc, rc->files[c->file].info.stem, c->row, kept) && kept->state == KEPT &&
		    str_cmp(kept->last_seen, kept->observed_on) > 0)
			return true;
	}
	return false;
}

size_t received_extras(const struct received *rc)
{
	return rc->n_extras;
}

void received_extra(const struct received *rc, size_t i, struct str *stem, uint32_t *row,
		    struct kept *kept)
{
	const struct rename *x = &rc->extras[i];
	const struct content *c = &rc->contents[x->content];

	*stem = rc->files[c->file].info.stem;
	*row = c->row;
	fill_kept(rc, x->content, x->file, x->row, kept);
}

bool received_newest(const struct received *rc, struct str stem, uint32_t row, struct str *newest_stem,
		     uint32_t *newest_row)
{
	uint32_t c = find_content(rc, stem, row);
	const struct key_entry *e = c == NONE ? NULL : find_key(rc, rc->contents[c].key);
	struct kept kept;

	if (!e)
		return false;
	const struct content *n = &rc->contents[e->content];

	if (!received_kept(rc, rc->files[n->file].info.stem, n->row, &kept))
		return false;
	*newest_stem = kept.stem;
	*newest_row = kept.row;
	return true;
}

const struct received_file *received_find(const struct received *rc, struct str stem)
{
	uint32_t i = find_file(rc, stem);

	return i == NONE ? NULL : &rc->files[i].info;
}

size_t received_files(const struct received *rc)
{
	return rc->n_files;
}

const struct received_file *received_file(const struct received *rc, size_t i)
{
	return &rc->files[i].info;
}

/* ---- original bytes ---- */

static bool open_rows(struct received *rc, struct folder *folder, struct fault *f)
{
	uint64_t at = 0;
	char *path = str_keepz(&rc->arena, folder_path(rc, folder->dir, "rows"));

	if (!infile_open(&folder->rows, path, false, (struct infile_limits){ 0 }, f))
		return false;
	folder->rows_open = true;
	folder->at = xcalloc(folder->n_contents + 1, sizeof(*folder->at));
	for (uint32_t i = 0; i < folder->n_contents; i++) {
		folder->at[i] = at;
		at += rc->contents[folder->first_content + i].length;
	}
	if (at == folder->rows.bytes.n)
		return true;
	fault_set(f, EXIT_FAILED, "%s is damaged: %zu bytes where %llu belong", path,
		  folder->rows.bytes.n, (unsigned long long)at);
	fault_hint(f, "restore the folder from a backup");
	return false;
}

static bool content_bytes(struct received *rc, uint32_t content, struct str *bytes, struct fault *f)
{
	const struct content *c = &rc->contents[content];
	struct folder *folder = &rc->folders[rc->files[c->file].folder];

	if (!folder->rows_open && !open_rows(rc, folder, f))
		return false;
	*bytes = (struct str){ folder->rows.bytes.p + folder->at[content - folder->first_content],
			       c->length };
	return true;
}

bool received_original(struct received *rc, struct str stem, uint32_t row, struct str *bytes,
		       struct fault *f)
{
	uint32_t c = find_content(rc, stem, row);

	if (c == NONE && rc->n_renames + rc->n_extras) {
		for (size_t i = 0; i < rc->n_renames + rc->n_extras && c == NONE; i++) {
			const struct rename *x =
				i < rc->n_renames ? &rc->renames[i] : &rc->extras[i - rc->n_renames];

			if (x->row == row && str_eq(rc->files[x->file].info.stem, stem))
				c = x->content;
		}
	}
	return c != NONE && content_bytes(rc, c, bytes, f);
}

size_t received_kept_rows(const struct received *rc, size_t file)
{
	return rc->files[file].n_contents;
}

bool received_kept_row(struct received *rc, size_t file, size_t i, uint32_t *row, struct str *bytes,
		       struct fault *f)
{
	uint32_t c = rc->files[file].first_content + (uint32_t)i;

	*row = rc->contents[c].row;
	return content_bytes(rc, c, bytes, f);
}

void received_close(struct received *rc)
{
	if (!rc)
		return;
	outfile_abandon(rc->out_keys);
	outfile_abandon(rc->out_rows);
	for (size_t i = 0; i < rc->n_folders; i++) {
		if (rc->folders[i].rows_open)
			infile_close(&rc->folders[i].rows);
		free(rc->folders[i].at);
	}
	buf_release(&rc->line);
	free(rc->contents);
	free(rc->sights);
	free(rc->keys);
	free(rc->files);
	free(rc->folders);
	free(rc->by_values);
	free(rc->by_key);
	free(rc->by_stem);
	free(rc->states);
	free(rc->renames);
	free(rc->extras);
	arena_release(&rc->arena);
	free(rc);
}
