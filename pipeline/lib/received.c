/*
 * One content is one kept row; one sight is one row of one file, which points at the content
 * with its values. Numbers, not text, so that tens of millions fit.
 */
#include "received_store.h"

#include <stdlib.h>

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
		size_t bigger = *n_slots ? *n_slots : 1024;

		while (n * 2 > bigger) /* gaps came since the last one, and count too */
			bigger *= 2;
		spill_free(*slots);
		*slots = spill_grow(NULL, 0, bigger * sizeof(**slots));
		memset(*slots, 0, bigger * sizeof(**slots));
		*n_slots = bigger;
		for (uint32_t i = 0; i + 1 < n; i++)
			table_insert(*slots, bigger, hash(rc, i), i);
	}
	table_insert(*slots, *n_slots, hash(rc, (uint32_t)n - 1), (uint32_t)n - 1);
}

/* The newest content of these values: all are looked at, for they lie in no order. */
uint32_t received_find_values(const struct received *rc, struct hash128 values)
{
	uint32_t found = NONE;

	if (!rc->slots_values)
		return NONE;
	for (size_t at = values.lo & (rc->slots_values - 1); rc->by_values[at];
	     at = (at + 1) & (rc->slots_values - 1)) {
		uint32_t i = rc->by_values[at] - 1;
		const struct content *c = &rc->contents[i];

		if (same_values(c, values) && !is_gap(c) && (found == NONE || i > found))
			found = i;
	}
	return found;
}

struct key_entry *received_find_key(const struct received *rc, uint64_t key)
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

uint32_t received_find_file(const struct received *rc, struct str stem)
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

int received_file_cmp(const struct received_file *a, const struct received_file *b)
{
	int c = memcmp(a->observed_on, b->observed_on, sizeof(a->observed_on));

	return c ? c : str_cmp(a->stem, b->stem);
}

/* Whether (file, row) stands at or behind the key's newest sight. */
static bool not_before(const struct received *rc, uint32_t file, uint32_t row, const struct key_entry *e)
{
	int c = file == e->file ? 0 : received_file_cmp(&rc->files[file].info, &rc->files[e->file].info);

	return c ? c > 0 : row >= e->row;
}

void received_add_folder(struct received *rc, const char *dir)
{
	GROW(rc->folders, rc->n_folders, rc->cap_folders);
	rc->folders[rc->n_folders++] =
		(struct folder){ .dir = str_keep(&rc->arena, str_of(dir)),
				 .first_content = (uint32_t)rc->n_contents };
}

/* ---- taking in files and sights (from a folder or anew) ---- */

/* Exports of one sender and schema follow each other. */
static void take_in_series(struct received *rc, uint32_t file)
{
	const struct received_file *info = &rc->files[file].info;
	struct str name = str_printf(&rc->arena, "%.*s\x1F%.*s", STR_FMT(info->sender), STR_FMT(info->schema));
	bool added;
	uint32_t series = (uint32_t)*map_put(&rc->series, name, rc->n_newest, &added);

	rc->files[file].series = series;
	if (added) {
		GROW(rc->newest, rc->n_newest, rc->cap_newest);
		rc->newest[rc->n_newest++] = file;
	} else if (received_file_cmp(&rc->files[rc->newest[series]].info, info) > 0) {
		rc->late = true;
	} else {
		rc->newest[series] = file;
	}
}

void received_add_file(struct received *rc, const struct received_file *info)
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
	take_in_series(rc, (uint32_t)rc->n_files - 1);
}

uint32_t received_add_content(struct received *rc, struct hash128 values, uint64_t key, uint32_t row,
			    uint32_t length)
{
	uint32_t file = (uint32_t)rc->n_files - 1;

	if (rc->n_contents == NONE - 1)
		BUG("more than %u distinct rows", NONE - 1);
	SPILL_GROW(rc->contents, rc->n_contents, rc->cap_contents);
	rc->contents[rc->n_contents++] = (struct content){ values, key, file, row, length, file };
	rc->files[file].n_contents++;
	table_add(rc, &rc->by_values, &rc->slots_values, rc->n_contents, content_hash);
	return (uint32_t)rc->n_contents - 1;
}

void received_add_sight(struct received *rc, uint32_t row, uint32_t content)
{
	uint32_t file = (uint32_t)rc->n_files - 1;
	struct content *c = &rc->contents[content];
	struct key_entry *e = received_find_key(rc, c->key);

	if (rc->n_sights == NONE)
		BUG("more than %u rows received", NONE);
	SPILL_GROW(rc->sights, rc->n_sights, rc->cap_sights);
	rc->sights[rc->n_sights] = (struct one_sight){ file, row, content, e ? e->last : NONE };
	if (e)
		e->last = (uint32_t)rc->n_sights;
	rc->n_sights++;
	rc->files[file].info.rows++;
	if (received_file_cmp(&rc->files[file].info, &rc->files[c->last_file].info) > 0)
		c->last_file = file;
	if (!e) {
		SPILL_GROW(rc->keys, rc->n_keys, rc->cap_keys);
		rc->keys[rc->n_keys++] = (struct key_entry){ c->key, file, row, content,
								     (uint32_t)rc->n_sights - 1 };
		table_add(rc, &rc->by_key, &rc->slots_key, rc->n_keys, key_hash);
	} else if (not_before(rc, file, row, e)) {
		e->file = file;
		e->row = row;
		e->content = content;
	}
}

/* A key may have several rows in one export (a customer's two cars): a row repeats one that
 * the last export with that key had, or the one of its key right above it in its own. What
 * returns after another of its key is no repetition: a complaint was closed, reopened, closed. */
static uint32_t find_in_last_export(const struct received *rc, const struct key_entry *e,
				    struct hash128 values)
{
	uint32_t own = (uint32_t)rc->n_files - 1, last = NONE, found = NONE;
	bool above = true; /* the sight at hand is the newest of its own export */

	for (uint32_t s = e->last; s != NONE; s = rc->sights[s].before) {
		const struct one_sight *sight = &rc->sights[s];
		bool same = same_values(&rc->contents[sight->content], values);

		if (sight->file == own) {
			if (same && above)
				return sight->content;
			above = false;
			continue;
		}
		if (sight->file != last) {
			if (last != NONE && !rc->late)
				break;
			if (received_file_cmp(&rc->files[sight->file].info, &rc->files[own].info) > 0 ||
			    (last != NONE &&
			     received_file_cmp(&rc->files[sight->file].info, &rc->files[last].info) < 0))
				continue;
			last = sight->file;
			found = NONE;
		}
		if (same)
			found = sight->content;
	}
	return found;
}

uint32_t received_repeats(const struct received *rc, uint32_t row, struct hash128 values, uint64_t key)
{
	const struct key_entry *e = received_find_key(rc, key);
	uint32_t found = e ? find_in_last_export(rc, e, values) : NONE;

	if (!e || found != NONE || not_before(rc, (uint32_t)rc->n_files - 1, row, e))
		return found;
	return received_find_values(rc, values); /* late: received already, whatever stands between */
}

/* ---- asking ---- */

uint32_t received_find_row(const struct received *rc, uint32_t file, uint32_t row)
{
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

uint32_t received_find_content(const struct received *rc, struct str stem, uint32_t row)
{
	uint32_t file = received_find_file(rc, stem);
	uint32_t c = file == NONE ? NONE : received_find_row(rc, file, row);

	return c == NONE || is_gap(&rc->contents[c]) ? NONE : c;
}

bool received_left_out(const struct received *rc, struct str stem, uint32_t row)
{
	uint32_t file = rc->joined ? received_find_file(rc, stem) : NONE;

	if (file == NONE || rc->files[file].folder + 1 < rc->n_folders)
		return file != NONE;
	uint32_t c = received_find_row(rc, file, row);

	return c != NONE && is_gap(&rc->contents[c]);
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
	kept->last_stem = rc->files[c->last_file].info.stem;
}

static void fill_extra(const struct received *rc, const struct rename *extra, struct kept *kept)
{
	fill_kept(rc, extra->content, extra->file, extra->row, kept);
	kept->last_seen = (struct str){ rc->files[extra->last_file].info.observed_on, 10 };
	kept->last_stem = rc->files[extra->last_file].info.stem;
}

static uint32_t repeated_by(const struct received *rc, struct str stem, uint32_t row)
{
	uint32_t file = rc->joined ? received_find_file(rc, stem) : NONE;
	uint32_t c = file == NONE ? NONE : received_find_row(rc, file, row);

	return c == NONE ? NONE : rc->contents[c].last_file; /* a gap, as no content was found */
}

bool received_kept(const struct received *rc, struct str stem, uint32_t row, struct kept *kept)
{
	uint32_t c = received_find_content(rc, stem, row);
	const struct other_name *other = c == NONE ? received_other_name(rc, stem, row) : NULL;

	if (other && other->extra != NONE)
		fill_extra(rc, &rc->extras[other->extra], kept);
	else if (other)
		fill_kept(rc, other->content, other->name_file, other->name_row, kept);
	if (other)
		return true;
	if (c == NONE)
		c = repeated_by(rc, stem, row);
	if (c == NONE)
		return false;
	fill_kept(rc, c, rc->contents[c].file, rc->contents[c].row, kept);
	const struct rename *x = received_rename(rc, c);

	if (x)
		fill_kept(rc, c, x->file, x->row, kept);
	return true;
}

bool received_place(const struct received *rc, struct str *stem, uint32_t *row)
{
	const struct other_name *other =
		received_find_content(rc, *stem, *row) == NONE ? received_other_name(rc, *stem, *row) : NULL;

	if (!other)
		return false;
	*stem = rc->files[rc->contents[other->content].file].info.stem;
	*row = rc->contents[other->content].row;
	return true;
}

bool received_next_seen(const struct received *rc, size_t *cursor, struct kept *kept)
{
	while (*cursor < rc->n_contents) {
		const struct content *c = &rc->contents[(*cursor)++];

		if (!is_gap(c) && (c->last_file != c->file || rc->n_renames) &&
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

/* The row behind it goes by a name of its own. */
void received_extra(const struct received *rc, size_t i, struct str *stem, uint32_t *row,
		    struct kept *kept)
{
	const struct rename *x = &rc->extras[i], *renamed = received_rename(rc, x->content);
	const struct content *c = &rc->contents[x->content];

	*stem = rc->files[renamed ? renamed->file : c->file].info.stem;
	*row = renamed ? renamed->row : c->row;
	fill_extra(rc, x, kept);
}

bool received_has_key(const struct received *rc, struct str stem, uint32_t row)
{
	received_place(rc, &stem, &row);

	uint32_t c = received_find_content(rc, stem, row);

	return c != NONE && rc->contents[c].key != received_key_of(rc->contents[c].values, 0);
}

bool received_newest(const struct received *rc, struct str stem, uint32_t row, struct str *newest_stem,
		     uint32_t *newest_row)
{
	received_place(rc, &stem, &row);

	uint32_t c = received_find_content(rc, stem, row);
	const struct key_entry *e = c == NONE ? NULL : received_find_key(rc, rc->contents[c].key);
	const uint64_t *extra = e ? map_get(&rc->newest_extras, received_key_text(&e->key)) : NULL;
	struct kept kept;

	if (!e)
		return false;
	if (extra) {
		*newest_stem = rc->files[rc->extras[*extra].file].info.stem;
		*newest_row = rc->extras[*extra].row;
		return true;
	}
	const struct content *n = &rc->contents[e->content];

	if (!received_kept(rc, rc->files[n->file].info.stem, n->row, &kept))
		return false;
	*newest_stem = kept.stem;
	*newest_row = kept.row;
	return true;
}

const struct received_file *received_find(const struct received *rc, struct str stem)
{
	uint32_t i = received_find_file(rc, stem);

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
