/*
 * Cuts must fall between rows, and a line feed ends a row only outside of quotes: the quotes of
 * all blocks are counted first, then each block knows whether it begins inside of them.
 */
#include <stdlib.h>

#include "csv_table.h"
#include "pool.h"
#include "records_file.h"

enum { BLOCK = 1 << 20, BLOCKS_PER_PIECE = 4 };

static bool open_table(struct cut_table *t, const char *dir, enum entity entity)
{
	struct fault f = { 0 };
	struct str rest;
	bool ok = records_path(t->path, dir, entity, &f);

	if (ok && csv_table_exists(t->path))
		ok = t->open = infile_open(&t->file, t->path, false, (struct infile_limits){ 0 }, &f);
	fault_release(&f);
	if (!t->open)
		return ok;
	rest = t->file.bytes;
	if (!str_cut(&rest, '\n', &t->header) || t->header.n == t->file.bytes.n ||
	    !str_starts(t->header, STR("record_id,")) || memchr(t->header.p, '"', t->header.n))
		return false;
	t->header.n++;
	t->rows = str_span(t->header.p + t->header.n, t->file.bytes.p + t->file.bytes.n);
	t->n_blocks = (t->rows.n + BLOCK - 1) / BLOCK;
	t->blocks = xcalloc(t->n_blocks + 1, sizeof(*t->blocks));
	return true;
}

/* ---- where rows begin ---- */

static size_t count_quotes(const char *p, const char *end)
{
	size_t n = 0;

	for (; p < end && (p = memchr(p, '"', (size_t)(end - p))); p++)
		n++;
	return n;
}

static void count_block(void *context, size_t block, unsigned worker)
{
	struct cut_table *t = context;
	size_t from = block * BLOCK, to = from + BLOCK < t->rows.n ? from + BLOCK : t->rows.n;

	(void)worker;
	t->blocks[block] = count_quotes(t->rows.p + from, t->rows.p + to);
}

/* The first start of a row behind a place that is inside of quotes or not. */
static size_t next_start(const struct cut_table *t, size_t at, bool inside)
{
	const char *p = t->rows.p + at, *end = t->rows.p + t->rows.n, *feed;

	for (; p < end; p = feed + 1) {
		feed = memchr(p, '\n', (size_t)(end - p));
		if (!feed)
			break;
		inside ^= count_quotes(p, feed) & 1;
		if (!inside)
			return (size_t)(feed + 1 - t->rows.p);
	}
	return t->rows.n;
}

/* From counts to starts. */
static void find_starts(struct cut_table *t, unsigned jobs)
{
	bool inside = false;

	pool_each(jobs, t->n_blocks, count_block, t);
	for (size_t i = 0; i < t->n_blocks; i++) {
		bool odd = t->blocks[i] & 1;

		t->blocks[i] = i ? next_start(t, i * BLOCK, inside) : 0;
		inside ^= odd;
	}
}

/* The record_id of the row that begins there; false where it is none, or is written unlike ours. */
static bool id_at(const struct cut_table *t, size_t start, struct str *id)
{
	struct str rest = str_span(t->rows.p + start, t->rows.p + t->rows.n);

	str_cut(&rest, ',', id);
	return id->n > 0 && !memchr(id->p, '"', id->n) && !memchr(id->p, '\n', id->n);
}

/* ---- cuts ---- */

/* The first row of that id or a later one; false where ids are not to be told. */
static bool find_row(const struct cut_table *t, struct str wanted, size_t *start)
{
	size_t low = 0, high = t->n_blocks;
	struct str id = STR("");

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (t->blocks[middle] < t->rows.n && !id_at(t, t->blocks[middle], &id))
			return false;
		if (t->blocks[middle] < t->rows.n && record_id_cmp(id, wanted) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	*start = low ? t->blocks[low - 1] : 0;
	for (; *start < t->rows.n; *start = next_start(t, *start, false)) {
		if (!id_at(t, *start, &id))
			return false;
		if (record_id_cmp(id, wanted) >= 0)
			return true;
	}
	return true;
}

struct cutting {
	struct records_cuts *c;
	const struct cut_table *leader; /* the largest, by whose blocks all are cut */
	bool *ok; /* of each piece */
};

static void cut_piece(void *context, size_t piece, unsigned worker)
{
	struct cutting *x = context;
	struct records_cuts *c = x->c;

	(void)worker;
	x->ok[piece] = piece == 0 ||
		       id_at(x->leader, x->leader->blocks[piece * BLOCKS_PER_PIECE], &c->ids[piece]);
	for (enum entity e = 0; x->ok[piece] && piece && e < ENTITY_COUNT; e++)
		if (c->tables[e].rows.n)
			x->ok[piece] = find_row(&c->tables[e], c->ids[piece], &c->tables[e].starts[piece]);
}

/* Rows that are not in order may be found anywhere. */
static bool is_rising(const struct records_cuts *c)
{
	for (enum entity e = 0; e < ENTITY_COUNT; e++)
		for (size_t k = 0; c->tables[e].rows.n && k < c->n; k++)
			if (c->tables[e].starts[k] > c->tables[e].starts[k + 1])
				return false;
	return true;
}

static bool cut(struct records_cuts *c, unsigned jobs)
{
	struct cutting x = { .c = c, .leader = &c->tables[0] };
	bool ok = true;

	for (enum entity e = 0; e < ENTITY_COUNT; e++)
		if (c->tables[e].rows.n > x.leader->rows.n)
			x.leader = &c->tables[e];
	c->n = x.leader->n_blocks / BLOCKS_PER_PIECE;
	if (c->n < 2)
		return false;
	for (enum entity e = 0; e < ENTITY_COUNT; e++) {
		find_starts(&c->tables[e], jobs);
		c->tables[e].starts = xcalloc(c->n + 1, sizeof(*c->tables[e].starts));
		c->tables[e].starts[c->n] = c->tables[e].rows.n;
	}
	c->ids = xcalloc(c->n, sizeof(*c->ids));
	x.ok = xcalloc(c->n, sizeof(*x.ok));
	pool_each(jobs, c->n, cut_piece, &x);
	for (size_t k = 0; k < c->n; k++)
		ok = ok && x.ok[k];
	free(x.ok);
	return ok && is_rising(c);
}

bool records_cuts_make(struct records_cuts *c, const char *dir, unsigned jobs)
{
	bool ok = true;

	*c = (struct records_cuts){ 0 };
	for (enum entity e = 0; ok && e < ENTITY_COUNT; e++)
		ok = open_table(&c->tables[e], dir, e);
	ok = ok && cut(c, jobs);
	if (!ok)
		records_cuts_release(c);
	return ok;
}

bool records_cuts_intact(const struct records_cuts *c)
{
	bool intact = true;

	for (enum entity e = 0; e < ENTITY_COUNT; e++)
		intact = intact && (!c->tables[e].open || infile_intact(&c->tables[e].file));
	return intact;
}

void records_cuts_release(struct records_cuts *c)
{
	for (enum entity e = 0; e < ENTITY_COUNT; e++) {
		struct cut_table *t = &c->tables[e];

		if (t->open)
			infile_close(&t->file);
		free(t->blocks);
		free(t->starts);
	}
	free(c->ids);
	*c = (struct records_cuts){ 0 };
}
