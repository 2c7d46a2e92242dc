#include "history.h"

#include "csv_table.h"

static void next_row(struct history *h)
{
	if (!h->previous || !csv_reader_next(h->previous, &h->row))
		h->row = NULL;
}

bool history_open(struct history *h, const struct merge *m, const struct golden_table *table,
		  const struct map *superseded, struct fault *f)
{
	const char *path = run_previous_path(m->run, table->def, f);

	*h = (struct history){ .m = m, .table = table, .superseded = superseded };
	rowset_init(&h->lines, &table_history);
	if (!path)
		return !fault_is(f);
	h->previous = csv_reader_open(path, f);
	if (!h->previous)
		return false;
	for (size_t i = 0; i < table->width; i++)
		h->column[i] = csv_reader_column(h->previous, str_of(table->def->columns[i]));
	next_row(h);
	return true;
}

static struct str earlier(const struct history *h, size_t column)
{
	int c = h->column[column];

	return c < 0 ? STR("") : h->row[c];
}

static void add_line(struct history *h, struct str key, struct str attribute, struct str old_value,
		     struct str new_value, struct str record_id, struct str reason)
{
	struct str v[HIS_COLUMNS] = {
		[HIS_ENTITY] = h->table->entity, [HIS_KEY] = key,
		[HIS_ATTRIBUTE] = attribute,	 [HIS_OLD_VALUE] = old_value,
		[HIS_NEW_VALUE] = new_value,	 [HIS_ON] = run_date(h->m->run),
		[HIS_RECORD_ID] = record_id,	 [HIS_REASON] = reason,
	};

	rowset_add(&h->lines, v);
}

/* A key that is no more: it moved, or its records were withdrawn. */
static void tell_gone(struct history *h)
{
	struct str key = earlier(h, 0);
	const uint64_t *moved = map_get(h->superseded, key);
	struct str row[SUP_COLUMNS];

	if (moved) {
		rowset_get(h->m->superseded, *moved, row);
		add_line(h, key, str_of(h->table->def->columns[0]), key, row[SUP_NEW_ID], STR(""),
			 row[SUP_REASON]);
	} else {
		add_line(h, key, str_of(h->table->def->columns[0]), key, STR(""), STR(""),
			 STR("withdrawn"));
	}
}

static void compare(struct history *h, const struct str *values, const struct why *why)
{
	const struct golden_table *t = h->table;

	for (size_t i = 1; i < t->width; i++) {
		struct str old_value = earlier(h, i), record_id = STR("");

		if (t->kind[i] != COLUMN_ATTRIBUTE || str_eq(old_value, values[i]))
			continue;
		if (why[i].place != NO_PLACE)
			record_id = records_value(h->m->records, why[i].place, F_RECORD_ID,
						  &h->arena);
		add_line(h, values[0], str_of(t->def->columns[i]), old_value, values[i], record_id,
			 why[i].rule == GOLDEN_NONE ? STR("withdrawn")
						    : golden_rule_name(why[i].rule));
		arena_reset(&h->arena);
	}
}

void history_row(struct history *h, const struct str *values, const struct why *why)
{
	if (!h->previous)
		return;
	for (; h->row && str_cmp(earlier(h, 0), values[0]) < 0; next_row(h))
		tell_gone(h);
	if (h->row && str_eq(earlier(h, 0), values[0])) {
		compare(h, values, why);
		next_row(h);
	} else {
		add_line(h, values[0], str_of(h->table->def->columns[0]), STR(""), values[0],
			 STR(""), STR("new"));
	}
}

bool history_finish(struct history *h, struct fault *f)
{
	struct csv_reader *previous = h->previous;

	for (; h->row; next_row(h))
		tell_gone(h);
	h->previous = NULL;
	return !previous || csv_reader_close(previous, f);
}

void history_release(struct history *h)
{
	struct fault ignored = { 0 };

	if (h->previous)
		csv_reader_close(h->previous, &ignored);
	fault_release(&ignored);
	if (h->lines.store)
		rowset_release(&h->lines);
	arena_release(&h->arena);
	*h = (struct history){ 0 };
}
