/*
 * received.keys.gz: the magic and a varint of how many contents there were before; then for
 * each file its description and its rows: varint of the distance in rows (0 ends the file),
 * varint reference: 0 for a new content (followed by hash, key, varint offset and varint
 * length), else 1 + zigzag distance to the content after the last one referred to, so that
 * an export repeated whole costs two small bytes a row.
 *
 * received.rows.gz: the original bytes of the contents, one behind the other.
 */
#include "received_bytes.h"
#include "received_store.h"

#include <stdlib.h>

/* ---- the file of keys ---- */

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

/* One row as it is written: a new content, or the one that it repeats. */
struct written {
	uint32_t row;
	bool is_new;
	struct hash128 values; /* of a new one, as the three below */
	uint64_t key;
	uint32_t length;
	int64_t content; /* index in the contents; below 0: of a folder that is not here */
};

enum got { GOT_ROW, GOT_END, GOT_DAMAGE };

/* `before`: how many contents the writer knew that are not here. w->content is that of the row
 * before. */
static enum got get_row(const struct received *rc, struct str *in, int64_t before, struct written *w)
{
	uint64_t step, ref, offset, length;

	if (!get_varint(in, &step))
		return GOT_DAMAGE;
	if (!step)
		return GOT_END;
	w->row += (uint32_t)step;
	if (!get_varint(in, &ref))
		return GOT_DAMAGE;
	w->is_new = !ref;
	if (ref) {
		w->content += 1 + distance(ref);
		return w->content < -before || w->content >= (int64_t)rc->n_contents ? GOT_DAMAGE : GOT_ROW;
	}
	if (!get_bytes(in, &w->values, sizeof(w->values)) || !get_bytes(in, &w->key, sizeof(w->key)) ||
	    !get_varint(in, &offset) || !get_varint(in, &length) || length > UINT32_MAX)
		return GOT_DAMAGE;
	w->length = (uint32_t)length;
	w->content = (int64_t)rc->n_contents;
	return GOT_ROW;
}

/* A row that repeats one of a folder that is not here only counts. */
static void take_row(struct received *rc, const struct written *w)
{
	if (w->content < 0) {
		rc->files[rc->n_files - 1].info.rows++;
		return;
	}
	if (w->is_new)
		received_add_content(rc, w->values, w->key, w->row, w->length);
	received_add_sight(rc, w->row, (uint32_t)w->content);
}

/* ---- a folder whose writer knew of none of the others ---- */

/* `repeated`: what stands for it; NONE for a row of a file that is there already. */
static void add_gap(struct received *rc, const struct written *w, uint32_t repeated)
{
	SPILL_GROW(rc->contents, rc->n_contents, rc->cap_contents);
	rc->contents[rc->n_contents++] =
		(struct content){ w->values, w->key, NONE, w->row, w->length, repeated };
}

/* What its writer took for a repetition may be none, where others stand between: it shares the kept
 * row then, which settling tells. */
static void join_repeated(struct received *rc, const struct written *w)
{
	const struct content *c = &rc->contents[w->content];
	uint32_t repeated = received_repeats(rc, w->row, c->values, c->key);

	if (repeated == NONE) {
		repeated = is_gap(c) ? received_find_values(rc, c->values) : (uint32_t)w->content;
		rc->late = true;
	}
	if (repeated == NONE) /* of somebody who was forgotten since */
		rc->files[rc->n_files - 1].info.rows++;
	else
		received_add_sight(rc, w->row, repeated);
}

static void join_row(struct received *rc, const struct written *w, bool known)
{
	uint32_t repeated;

	if (!w->is_new) {
		if (!known)
			join_repeated(rc, w);
		return;
	}
	repeated = known ? NONE : received_repeats(rc, w->row, w->values, w->key);
	if (known || repeated != NONE)
		add_gap(rc, w, repeated);
	else
		repeated = received_add_content(rc, w->values, w->key, w->row, w->length);
	if (known)
		return;
	if (is_gap(&rc->contents[w->content]))
		rc->files[rc->n_files - 1].n_contents++;
	received_add_sight(rc, w->row, repeated);
}

static bool load_file_rows(struct received *rc, struct str *in, int64_t before, bool known)
{
	struct written w = { .content = (int64_t)rc->n_contents - 1 };

	for (;;) {
		enum got got = get_row(rc, in, before, &w);

		if (got != GOT_ROW)
			return got == GOT_END;
		if (rc->joined)
			join_row(rc, &w, known);
		else
			take_row(rc, &w);
	}
}

static bool get_file(struct str *in, struct received_file *info)
{
	struct str *texts[] = { &info->name, &info->stem, &info->schema, &info->sender,
				&info->sha256, &info->encoding, &info->header };
	char full;

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		if (!get_text(in, texts[i]))
			return false;
	}
	if (!get_bytes(in, &info->delimiter, 1) || !get_bytes(in, &full, 1) ||
	    !get_bytes(in, info->observed_on, sizeof(info->observed_on)))
		return false;
	info->full = full == 'f';
	return true;
}

/* Only a run knows what to do with it. */
static bool same_contents(const struct received_file *before, const struct received_file *now, struct fault *f)
{
	if (str_eq(before->sha256, now->sha256))
		return true;
	fault_set(f, EXIT_FAILED, "%.*s came before with other contents", STR_FMT(now->name));
	fault_hint(f, "extract the other files without it, and send it as another PART");
	return false;
}

/* *known: the folder's files are there already (it is that of a run which the state holds). */
static bool load_keys(struct received *rc, struct str in, bool *known, struct fault *f)
{
	int64_t before;
	uint64_t base;
	bool all = true, any = false;

	*known = false;
	if (!str_starts(in, RECEIVED_MAGIC))
		return false;
	in = str_span(in.p + RECEIVED_MAGIC.n, in.p + in.n);
	if (!get_varint(&in, &base))
		return false;
	before = (int64_t)base - (int64_t)rc->n_contents;
	rc->joined = !base && rc->n_files > 0;
	while (in.n) {
		struct received_file info = { 0 };
		const struct received_file *there;

		if (!get_file(&in, &info))
			return false;
		there = received_find(rc, info.stem);
		if (there && !rc->joined) {
			*known = true;
			return true;
		}
		if (there && !same_contents(there, &info, f))
			return false;
		if (!there)
			received_add_file(rc, &info);
		if (!load_file_rows(rc, &in, before, there))
			return false;
		any = true;
		all = all && there;
	}
	*known = any && all;
	return true;
}

struct str received_path(struct received *rc, const struct folder *folder, const char *name)
{
	return str_printf(&rc->arena, "%.*s/received.%s.gz", STR_FMT(folder->dir), name);
}

static bool load_folder(struct received *rc, const char *dir, struct fault *f)
{
	struct infile in;
	bool ok, known;

	received_add_folder(rc, dir);
	struct folder *folder = &rc->folders[rc->n_folders - 1];
	char *path = str_keepz(&rc->arena, received_path(rc, folder, "keys"));

	if (!infile_open(&in, path, false, (struct infile_limits){ 0 }, f))
		return false;
	ok = load_keys(rc, in.bytes, &known, f);
	infile_close(&in);
	rc->last_known |= ok && known;
	folder->n_contents = (uint32_t)rc->n_contents - folder->first_content;
	if (!ok && !fault_is(f)) {
		fault_set(f, EXIT_FAILED, "%s is damaged", path);
		fault_hint(f, "restore the folder from a backup");
	}
	return ok;
}

bool received_last_known(const struct received *rc)
{
	return rc->last_known;
}

struct received *received_open(const char *const *dirs, size_t n, struct fault *f)
{
	struct received *rc = xcalloc(1, sizeof(*rc));

	received_rows_open(rc);
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
	received_add_folder(rc, dir);
	const struct folder *where = &rc->folders[rc->n_folders - 1];

	rc->out_keys = outfile_open(str_keepz(&rc->arena, received_path(rc, where, "keys")), f);
	if (!rc->out_keys)
		return false;
	rc->out_rows = outfile_open(str_keepz(&rc->arena, received_path(rc, where, "rows")), f);
	if (!rc->out_rows)
		return false;
	outfile_str(rc->out_keys, RECEIVED_MAGIC);
	buf_reset(&rc->line);
	put_varint(&rc->line, rc->n_contents);
	outfile_str(rc->out_keys, buf_view(&rc->line));
	return true;
}

void received_begin(struct received *rc, const struct received_file *file)
{
	const struct str texts[] = { file->name, file->stem, file->schema, file->sender,
				     file->sha256, file->encoding, file->header };

	received_add_file(rc, file);
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

void received_prefetch(const struct received *rc, struct hash128 values, uint64_t key)
{
	if (rc->slots_key)
		__builtin_prefetch(&rc->by_key[received_key_of(values, key) & (rc->slots_key - 1)]);
	if (rc->slots_values)
		__builtin_prefetch(&rc->by_values[values.lo & (rc->slots_values - 1)], 1);
}

enum sight received_sight(struct received *rc, uint32_t row, uint64_t offset, struct str bytes,
			  struct hash128 values, uint64_t key)
{
	uint64_t own_key = received_key_of(values, key);
	uint32_t content = received_repeats(rc, row, values, own_key);
	bool is_new = content == NONE;

	buf_reset(&rc->line);
	put_varint(&rc->line, row - rc->last_row);
	if (is_new) {
		content = received_add_content(rc, values, own_key, row, (uint32_t)bytes.n);
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
	received_add_sight(rc, row, content);
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

void received_close(struct received *rc)
{
	if (!rc)
		return;
	outfile_abandon(rc->out_keys);
	outfile_abandon(rc->out_rows);
	received_rows_close(rc);
	buf_release(&rc->line);
	spill_free(rc->contents);
	spill_free(rc->sights);
	spill_free(rc->other_names);
	spill_free(rc->keys);
	free(rc->files);
	free(rc->folders);
	spill_free(rc->by_values);
	spill_free(rc->by_key);
	spill_free(rc->by_stem);
	free(rc->states);
	free(rc->renames);
	free(rc->extras);
	map_release(&rc->series);
	free(rc->newest);
	map_release(&rc->newest_extras);
	arena_release(&rc->arena);
	free(rc);
}
