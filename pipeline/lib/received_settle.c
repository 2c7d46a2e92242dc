/*
 * Which sights are records: within a key, ordered by date, file and row, the first of each
 * run of equal values. Only a file that came late can change what was decided when the rows
 * arrived, so without one nothing is sorted.
 */
#include "received_store.h"

#include <stdlib.h>

/* Renames are in the order of contents after received_settle. */
static int rename_cmp(const void *x, const void *y)
{
	const struct rename *a = x, *b = y;

	return (a->content > b->content) - (a->content < b->content);
}

const struct rename *received_rename(const struct received *rc, uint32_t content)
{
	struct rename wanted = { .content = content };

	return rc->n_renames ? bsearch(&wanted, rc->renames, rc->n_renames, sizeof(wanted), rename_cmp) : NULL;
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
	return received_file_cmp(&sorting->files[*(const uint32_t *)x].info,
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

struct group { /* the sights of one key, in order */
	struct received *rc;
	struct one_sight *sights;
	size_t n;
	uint32_t first; /* of rc->sights */
	uint32_t *content; /* of each head the kept row behind it; NONE: of no head, or not found yet */
};

static bool is_head(const struct group *g, size_t i)
{
	return g->sights[i].before == g->first + i;
}

static bool is_own(const struct group *g, size_t i)
{
	const struct content *c = &g->rc->contents[g->sights[i].content];

	return c->file == g->sights[i].file && c->row == g->sights[i].row;
}

/* A kept row that is no head gives itself to its head, whose own row is not kept. */
static void rename_kept(const struct group *g, size_t i)
{
	struct received *rc = g->rc;
	size_t head = g->sights[i].before - g->first;

	if (is_head(g, i) || !is_own(g, i) || g->content[head] != NONE)
		return;
	g->content[head] = g->sights[i].content;
	rc->states[g->content[head]] = KEPT;
	add_rename(&rc->renames, &rc->n_renames, &rc->cap_renames,
		   (struct rename){ g->content[head], g->sights[head].file, g->sights[head].row, NONE });
}

/* A head without one shares that of another head with its values. */
static void share_kept(const struct group *g, size_t head)
{
	struct received *rc = g->rc;
	uint32_t content = g->sights[head].content;

	for (size_t i = 0; i < g->n && rc->states[content] != KEPT; i++)
		if (rc->states[g->sights[i].content] == KEPT &&
		    same_values(&rc->contents[g->sights[i].content], rc->contents[content].values))
			content = g->sights[i].content;
	g->content[head] = content;
	add_rename(&rc->extras, &rc->n_extras, &rc->cap_extras,
		   (struct rename){ content, g->sights[head].file, g->sights[head].row, NONE });
}

/* Of those from `extras` on the one of that head, or NONE. */
static uint32_t extra_of(const struct group *g, size_t head, size_t extras)
{
	const struct received *rc = g->rc;

	for (size_t x = extras; x < rc->n_extras; x++)
		if (rc->extras[x].file == g->sights[head].file && rc->extras[x].row == g->sights[head].row)
			return (uint32_t)x;
	return NONE;
}

/* Any of its sights may have named the record when fewer files had come: what an earlier run
 * wrote down of it is found under that name, too. */
static void keep_names(const struct group *g, size_t head, size_t extras)
{
	struct received *rc = g->rc;

	for (size_t i = 0; i < g->n; i++) {
		if (g->sights[i].before != g->first + head || is_own(g, i))
			continue;
		SPILL_GROW(rc->other_names, rc->n_other_names, rc->cap_other_names);
		rc->other_names[rc->n_other_names++] = (struct other_name){
			g->sights[i].file,    g->sights[i].row,	    g->content[head],
			g->sights[head].file, g->sights[head].row, extra_of(g, head, extras),
		};
	}
}

static int other_name_cmp(const void *x, const void *y)
{
	const struct other_name *a = x, *b = y;

	if (a->file != b->file)
		return a->file < b->file ? -1 : 1;
	return (a->row > b->row) - (a->row < b->row);
}

const struct other_name *received_other_name(const struct received *rc, struct str stem, uint32_t row)
{
	struct other_name wanted = { .file = received_find_file(rc, stem), .row = row };

	if (!rc->n_other_names || wanted.file == NONE)
		return NULL;
	return bsearch(&wanted, rc->other_names, rc->n_other_names, sizeof(wanted), other_name_cmp);
}

/* The first of them with these values; `to` where there is none. */
static size_t with_values(const struct received *rc, const struct one_sight *group, size_t from, size_t to,
			  struct hash128 values)
{
	while (from < to && !same_values(&rc->contents[group[from].content], values))
		from++;
	return from;
}

/* A sight begins a record unless the export before had its values, or the sight right above
 * it in its own. */
static void find_heads(const struct group *g)
{
	struct received *rc = g->rc;
	size_t before = 0, own = 0; /* where the export before and the one at hand begin */

	for (size_t i = 0; i < g->n; i++) {
		uint32_t content = g->sights[i].content;
		struct hash128 values = rc->contents[content].values;

		if (i && g->sights[i].file != g->sights[i - 1].file) {
			before = own;
			own = i;
		}
		size_t repeated = with_values(rc, g->sights, before, own, values);

		if (repeated == own && i > own && same_values(&rc->contents[g->sights[i - 1].content], values))
			repeated = i - 1;
		else if (repeated == own)
			repeated = i;
		g->sights[i].before = repeated == i ? g->first + (uint32_t)i : g->sights[repeated].before;
		g->content[i] = NONE;
		if (!is_own(g, i))
			continue;
		rc->states[content] = is_head(g, i) ? KEPT : KEPT_REPEATED;
		if (is_head(g, i))
			g->content[i] = content;
	}
}

/* What shares a row with another record has a last sight, and perhaps the newest, of its own. */
static void find_last(const struct group *g, size_t extras)
{
	struct received *rc = g->rc;

	for (size_t i = 0; i < g->n; i++) {
		size_t head = g->sights[i].before - g->first;
		struct content *c = &rc->contents[g->content[head]];
		uint32_t extra = extra_of(g, head, extras);

		if (extra == NONE) {
			c->last_file = g->sights[i].file;
			continue;
		}
		rc->extras[extra].last_file = g->sights[i].file;
		if (i + 1 == g->n)
			map_put(&rc->newest_extras, received_key_text(&c->key), extra, NULL);
	}
}

static void settle_group(struct group *g)
{
	size_t extras = g->rc->n_extras;

	find_heads(g);
	for (size_t i = 0; i < g->n; i++)
		rename_kept(g, i);
	for (size_t i = 0; i < g->n; i++)
		if (is_head(g, i) && g->content[i] == NONE)
			share_kept(g, i);
	for (size_t i = 0; i < g->n; i++)
		if (is_head(g, i) && !is_own(g, i))
			keep_names(g, i, extras);
	find_last(g, extras);
}

static void settle_late(struct received *rc)
{
	struct group g = { .rc = rc };
	size_t from = 0, cap = 0;

	qsort(rc->sights, rc->n_sights, sizeof(*rc->sights), sight_cmp);
	rc->sorted = true;
	for (size_t i = 1; i <= rc->n_sights; i++) {
		if (i < rc->n_sights && rc->contents[rc->sights[i].content].key ==
						rc->contents[rc->sights[from].content].key)
			continue;
		g.sights = rc->sights + from;
		g.first = (uint32_t)from;
		g.n = i - from;
		if (g.n > cap) {
			cap = 2 * g.n;
			g.content = xreallocarray(g.content, cap, sizeof(*g.content));
		}
		settle_group(&g);
		from = i;
	}
	free(g.content);
	if (rc->n_renames)
		qsort(rc->renames, rc->n_renames, sizeof(*rc->renames), rename_cmp);
	if (rc->n_other_names)
		qsort(rc->other_names, rc->n_other_names, sizeof(*rc->other_names), other_name_cmp);
}

/* Of each series the newest of its full exports; NULL: it has deltas only. */
static const struct file_entry **newest_full(const struct received *rc)
{
	const struct file_entry **newest = xcalloc(rc->n_newest + 1, sizeof(*newest));

	for (size_t i = 0; i < rc->n_files; i++) {
		const struct file_entry *e = &rc->files[i], **of_series = &newest[e->series];

		if (e->info.full && (!*of_series || memcmp(e->info.observed_on, (*of_series)->info.observed_on, 10) > 0))
			*of_series = e;
	}
	return newest;
}

/* A full export holds everything: where its schema was `delta` before, what came until then too. A
 * delta that arrived behind it says what is new since. */
static void settle_withdrawn(struct received *rc)
{
	const struct file_entry **full = newest_full(rc);

	for (size_t i = 0; i < rc->n_files; i++) {
		const struct file_entry *e = &rc->files[i], *newest = full[e->series];

		if (!newest || (!e->info.full && newest < e))
			continue;
		for (uint32_t c = e->first_content; c < e->first_content + e->n_contents; c++) {
			const struct key_entry *k = received_find_key(rc, rc->contents[c].key);

			if (k && rc->states[c] == KEPT &&
			    memcmp(rc->files[k->file].info.observed_on, newest->info.observed_on, 10) < 0)
				rc->states[c] = KEPT_WITHDRAWN;
		}
	}
	free(full);
}

bool received_withdrew(const struct received *rc)
{
	return rc->n_contents && memchr(rc->states, KEPT_WITHDRAWN, rc->n_contents) != NULL;
}

/* What was only needed to tell sights apart. */
static void drop_values(struct received *rc)
{
	spill_free(rc->by_values);
	rc->by_values = NULL;
	rc->slots_values = 0;
}

/* The sights of a key hang together, the last first, until they are sorted. */
static const struct one_sight *next_sight(const struct received *rc, struct received_cursor *c)
{
	if (rc->sorted)
		return c->at < rc->n_sights ? &rc->sights[c->at++] : NULL;
	if (!c->within && c->at == rc->n_keys)
		return NULL;
	c->sight = c->within ? rc->sights[c->sight].before : rc->keys[c->at++].last;
	c->within = rc->sights[c->sight].before != NONE;
	return &rc->sights[c->sight];
}

bool received_next_repeat(const struct received *rc, struct received_cursor *cursor,
			  struct received_repeat *repeat)
{
	const struct one_sight *s;

	while (rc->n_sights && (s = next_sight(rc, cursor))) {
		const struct content *c = &rc->contents[s->content];
		const struct one_sight *head = rc->sorted ? &rc->sights[s->before] : NULL;

		*repeat = (struct received_repeat){ s->file, s->row, head ? head->file : c->file,
						    head ? head->row : c->row };
		if (repeat->file != repeat->name_file || repeat->row != repeat->name_row)
			return true;
	}
	return false;
}

void received_forget_repeats(struct received *rc)
{
	spill_free(rc->sights);
	rc->sights = NULL;
	rc->n_sights = rc->cap_sights = 0;
}

void received_settle(struct received *rc)
{
	sorting = rc;
	free(rc->states);
	rc->states = xcalloc(rc->n_contents + 1, 1);
	rc->n_renames = rc->n_extras = rc->n_other_names = 0;
	rank_files(rc);
	if (rc->late)
		settle_late(rc);
	settle_withdrawn(rc);
	drop_values(rc);
	sorting = NULL;
}
