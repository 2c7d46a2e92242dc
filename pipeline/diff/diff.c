/*
 * diff: what differs between two outputs, such as those before and after a rule was changed.
 *
 * In: two run directories. Out: on standard output a CSV line for each difference (table,
 * key, change, attribute, value in A, value in B), on standard error the counts. Both sides
 * are read row by row in the order in which merge writes them; nothing is held in memory.
 */
#include "stage.h"

#include "csv_table.h"
#include "map.h"
#include "mask.h"

#include <stdio.h>
#include <stdlib.h>

static const struct stage_option options[] = {
	{ "--clear", NULL, "show names, numbers and addresses as they are", false },
	{ "--quiet", NULL, "no counts", false },
	{ 0 },
};

struct compared_table {
	const struct table_def *def; /* its first column is the key */
	int (*compare)(struct str a, struct str b); /* order of its keys */
	bool several; /* a key may have several rows: they are compared as a set */
};

static const struct compared_table tables[] = {
	{ &table_customer, str_cmp, false },  { &table_pending, str_cmp, false },
	{ &table_vehicle, str_cmp, false },   { &table_ownership, str_cmp, true },
	{ &table_contact, record_id_cmp, false }, { &table_relation, str_cmp, true },
};

struct side { /* one output's table, a key ahead */
	struct csv_reader *reader;
	const struct compared_table *table;
	int column[TABLE_MAX_COLUMNS]; /* of the table's columns in this file; -1: none */
	size_t width;
	const struct str *next; /* the row behind the group; NULL: none */
	struct str *rows; /* the group: the rows of one key, `width` values each */
	size_t n, cap; /* values */
	struct arena arena; /* holds the group */
	uint64_t total;
};

struct counts {
	uint64_t same, changed, added, removed;
	struct map attributes; /* name -> how often it differs */
};

struct diff {
	struct run *run;
	const struct compared_table *table;
	struct side side[2];
	struct counts counts;
	struct arena arena;
	struct buf out;
};

/* ---- reading ---- */

static void side_step(struct side *s)
{
	if (!csv_reader_next(s->reader, &s->next))
		s->next = NULL;
}

static bool side_open(struct side *s, const char *dir, const struct compared_table *table,
		      struct arena *a, struct fault *f)
{
	const char *path = str_keepz(a, str_printf(a, "%s/%s.csv", dir, table->def->path));

	*s = (struct side){ .table = table, .width = table_width(table->def) };
	s->reader = csv_reader_open(path, f);
	if (!s->reader)
		return false;
	for (size_t i = 0; i < s->width; i++)
		s->column[i] = csv_reader_column(s->reader, str_of(table->def->columns[i]));
	if (s->column[0] < 0)
		return fault_set(f, EXIT_FAILED, "%s has no column %s", path,
				 table->def->columns[0]);
	side_step(s);
	return true;
}

/* Takes the rows of the next key. */
static bool side_group(struct side *s, struct fault *f)
{
	arena_reset(&s->arena);
	s->n = 0;
	while (s->next) {
		struct str key = s->next[s->column[0]];
		int order = s->n ? s->table->compare(s->rows[0], key) : 0;

		if (order < 0)
			return true;
		if (order > 0 || (s->n && !s->table->several))
			return fault_set(f, EXIT_FAILED, "%s, line %zu: the rows are not in the order of %s",
					 csv_reader_path(s->reader), csv_reader_line(s->reader),
					 s->table->def->columns[0]);
		for (size_t i = 0; i < s->width; i++) {
			GROW(s->rows, s->n, s->cap);
			s->rows[s->n++] = s->column[i] < 0 ? STR("")
							   : str_keep(&s->arena, s->next[s->column[i]]);
		}
		s->total++;
		side_step(s);
	}
	return true;
}

static bool side_close(struct side *s, struct fault *f)
{
	bool ok = !s->reader || csv_reader_close(s->reader, f);

	free(s->rows);
	arena_release(&s->arena);
	*s = (struct side){ 0 };
	return ok;
}

/* ---- telling ---- */

static struct str shown(struct diff *d, size_t column, struct str value)
{
	enum field field = field_find(str_of(d->table->def->columns[column]));

	if (d->run->opt.clear || field == F_COUNT)
		return value;
	return mask_value(&d->arena, field, value);
}

static void tell(struct diff *d, struct str key, const char *change, const char *attribute,
		 struct str a, struct str b)
{
	struct str name = str_of(d->table->def->path);

	str_cut(&name, '/', &(struct str){ 0 });
	csv_row(&d->out,
		(struct str[]){ name, shown(d, 0, key), str_of(change), str_of(attribute), a, b }, 6);
	if (d->out.n > 1 << 16) {
		fwrite(d->out.p, 1, d->out.n, stdout);
		buf_reset(&d->out);
	}
	arena_reset(&d->arena);
}

/* A row as one value: what stands behind its key. */
static struct str whole_row(struct diff *d, const struct str *row)
{
	struct buf b = { 0 };
	struct str text;

	for (size_t i = 1; i < d->side[0].width; i++) {
		if (!row[i].n)
			continue;
		if (b.n)
			buf_str(&b, STR("; "));
		buf_printf(&b, "%s=", d->table->def->columns[i]);
		buf_str(&b, shown(d, i, row[i]));
	}
	text = str_keep(&d->arena, buf_view(&b));
	buf_release(&b);
	return text;
}

static void tell_row(struct diff *d, const struct str *row, bool added)
{
	struct str text = d->table->several ? whole_row(d, row) : STR("");

	*(added ? &d->counts.added : &d->counts.removed) += 1;
	tell(d, row[0], added ? "added" : "removed", "", added ? STR("") : text,
	     added ? text : STR(""));
}

/* ---- comparing ---- */

static bool row_eq(const struct str *a, const struct str *b, size_t width)
{
	for (size_t i = 0; i < width; i++)
		if (!str_eq(a[i], b[i]))
			return false;
	return true;
}

static void compare_rows(struct diff *d)
{
	const struct str *a = d->side[0].rows, *b = d->side[1].rows;

	if (row_eq(a, b, d->side[0].width)) {
		d->counts.same++;
		return;
	}
	d->counts.changed++;
	for (size_t i = 1; i < d->side[0].width; i++) {
		if (str_eq(a[i], b[i]))
			continue;
		*map_put(&d->counts.attributes, str_of(d->table->def->columns[i]), 0, NULL) += 1;
		tell(d, a[0], "changed", d->table->def->columns[i], shown(d, i, a[i]),
		     shown(d, i, b[i]));
	}
}

/* Rows of one side that the other has not. */
static void tell_missing(struct diff *d, const struct side *from, const struct side *in, bool added)
{
	for (size_t i = 0; i < from->n; i += from->width) {
		size_t k = 0;

		while (k < in->n && !row_eq(from->rows + i, in->rows + k, from->width))
			k += from->width;
		if (k >= in->n)
			tell_row(d, from->rows + i, added);
		else if (!added)
			d->counts.same++;
	}
}

/* One key of either side, or of both. */
static bool compare_next(struct diff *d, bool *take, struct fault *f)
{
	struct side *a = &d->side[0], *b = &d->side[1];
	int order;

	if ((take[0] && !side_group(a, f)) || (take[1] && !side_group(b, f)))
		return false;
	order = !a->n ? 1 : !b->n ? -1 : d->table->compare(a->rows[0], b->rows[0]);
	take[0] = a->n && order <= 0;
	take[1] = b->n && order >= 0;
	if (take[0] && take[1] && !d->table->several) {
		compare_rows(d);
		return true;
	}
	if (take[0])
		tell_missing(d, a, take[1] ? b : &(struct side){ 0 }, false);
	if (take[1])
		tell_missing(d, b, take[0] ? a : &(struct side){ 0 }, true);
	return true;
}

static void say_counts(struct diff *d)
{
	const struct counts *c = &d->counts;

	run_say(d->run, "%s: %llu rows in A, %llu in B: %llu the same, %llu changed, %llu added, %llu removed",
		d->table->def->path, (unsigned long long)d->side[0].total,
		(unsigned long long)d->side[1].total, (unsigned long long)c->same,
		(unsigned long long)c->changed, (unsigned long long)c->added,
		(unsigned long long)c->removed);
	for (size_t i = 0; d->table->def->columns[i]; i++) {
		const uint64_t *n = map_get(&c->attributes, str_of(d->table->def->columns[i]));

		if (n)
			run_say(d->run, "  %s %llu", d->table->def->columns[i], (unsigned long long)*n);
	}
}

static bool compare_table(struct diff *d, struct fault *f)
{
	bool take[2] = { true, true }, ok = true;

	for (int i = 0; ok && i < 2; i++)
		ok = side_open(&d->side[i], d->run->opt.arguments[i], d->table, &d->run->arena, f);
	while (ok && (take[0] || take[1]))
		ok = compare_next(d, take, f);
	if (ok)
		say_counts(d);
	for (int i = 0; i < 2; i++)
		ok = side_close(&d->side[i], f) && ok;
	map_release(&d->counts.attributes);
	d->counts = (struct counts){ 0 };
	return ok;
}

static bool diff_run(struct run *r, struct fault *f)
{
	struct diff d = { .run = r };
	bool ok = true;

	if (r->opt.n_arguments != 2) {
		fault_set(f, EXIT_USAGE, "yice diff compares two outputs, and was given %zu",
			  r->opt.n_arguments);
		fault_hint(f, "yice diff OUT_BEFORE OUT_AFTER");
		return false;
	}
	csv_row(&d.out,
		(struct str[]){ STR("table"), STR("key"), STR("change"), STR("attribute"), STR("a"),
				STR("b") },
		6);
	for (size_t i = 0; ok && i < sizeof(tables) / sizeof(*tables); i++) {
		d.table = &tables[i];
		ok = compare_table(&d, f);
	}
	fwrite(d.out.p, 1, d.out.n, stdout);
	buf_release(&d.out);
	arena_release(&d.arena);
	return ok;
}

static const struct stage_need needs[] = { NEED_MASTER, { "master/relation", "merge", false }, { 0 } };

const struct stage stage_diff = {
	.name = "diff",
	.summary = "what differs between two outputs, by customer and attribute",
	.usage = "A B [--clear] [--quiet]",
	.help = "Compares the masters of two run directories, such as OUT before and after a rule was\n"
		"changed. Standard output gets a CSV line for each difference, standard error the counts.\n"
		"Values of people are masked unless --clear is given.",
	.options = options,
	.needs = needs,
	.arguments = "A B: the run directories",
	.run = diff_run,
};
