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

/* `before`: how many contents the writer knew that are not here. A row that repeats one of
 * them only counts. */
static bool load_file_rows(struct received *rc, struct str *in, int64_t before)
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
			if (last < -before || last >= (int64_t)rc->n_contents)
				return false;
			if (last < 0) {
				rc->files[rc->n_files - 1].info.rows++;
				continue;
			}
		} else {
			if (!get_bytes(in, &values, sizeof(values)) || !get_bytes(in, &key, sizeof(key)) ||
			    !get_varint(in, &offset) || !get_varint(in, &length) || length > UINT32_MAX)
				return false;
			last = received_add_content(rc, values, key, row, (uint32_t)length);
		}
		received_add_sight(rc, row, (uint32_t)last);
	}
}

/* *known: the folder's files are there already (it is that of a run which the state holds). */
static bool load_keys(struct received *rc, struct str in, bool *known)
{
	int64_t before;
	uint64_t base;

	*known = false;
	if (!str_starts(in, RECEIVED_MAGIC))
		return false;
	in = str_span(in.p + RECEIVED_MAGIC.n, in.p + in.n);
	if (!get_varint(&in, &base))
		return false;
	before = (int64_t)base - (int64_t)rc->n_contents;
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
		if (received_find_file(rc, info.stem) != NONE) {
			*known = true;
			return true;
		}
		received_add_file(rc, &info);
		if (!load_file_rows(rc, &in, before))
			return false;
	}
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
	ok = load_keys(rc, in.bytes, &known);
	infile_close(&in);
	rc->last_known |= ok && known;
	folder->n_contents = (uint32_t)rc->n_contents - folder->first_content;
	if (!ok) {
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
	map_release(&rc->newest);
	arena_release(&rc->arena);
	free(rc);
}
