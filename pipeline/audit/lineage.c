#include "audit.h"

#include <stdlib.h>
#include <string.h>

struct golden { /* one line of the lineage */
	uint64_t value; /* hash */
	bool met; /* in its table */
};

struct lineage {
	const struct rowset *rows;
	struct map index; /* entity/key/attribute -> line */
	struct golden *list;
};

static struct str key_of(struct arena *a, struct str entity, struct str key, struct str attribute)
{
	return str_printf(a, "%.*s/%.*s/%.*s", STR_FMT(entity), STR_FMT(key), STR_FMT(attribute));
}

static void index_lines(struct audit *x, struct lineage *l)
{
	struct arena a = { 0 };
	struct str v[LIN_COLUMNS];
	bool added;

	l->list = xcalloc(l->rows->n, sizeof(*l->list));
	for (size_t i = 0; i < l->rows->n; i++) {
		rowset_get(l->rows, i, v);
		map_put(&l->index, key_of(&a, v[LIN_ENTITY], v[LIN_KEY], v[LIN_ATTRIBUTE]), i, &added);
		l->list[i].value = hash64(v[LIN_VALUE]);
		if (!added)
			complain(x, "master/lineage.csv, row %llu: a second line for %.*s of %.*s", ROW_OF(i),
				 STR_FMT(v[LIN_ATTRIBUTE]), STR_FMT(v[LIN_KEY]));
		arena_reset(&a);
	}
	arena_release(&a);
}

/* Columns that are counted from the records, not won by one of them. */
static bool by_count(struct str column)
{
	static const struct str made[] = { STR_INIT("customer_id"), STR_INIT("first_seen"), STR_INIT("last_seen"),
					   STR_INIT("sources"), STR_INIT("record_count"), STR_INIT("dealer_code"),
					   STR_INIT("vin") };

	for (size_t m = 0; m < sizeof(made) / sizeof(made[0]); m++) {
		if (str_eq(column, made[m]))
			return true;
	}
	return false;
}

static void check_value(struct audit *x, struct lineage *l, const struct table_def *def, size_t row, struct str key,
			struct str column, struct str value, struct arena *a)
{
	struct str entity = str_of(strrchr(def->path, '/') + 1);
	uint64_t *at = map_get(&l->index, key_of(a, entity, key, column));

	x->checks++;
	if (!at) {
		complain(x, "master/lineage.csv: no line for %.*s in row %llu of %s.csv", STR_FMT(column), ROW_OF(row),
			 def->path);
		return;
	}
	l->list[*at].met = true;
	if (l->list[*at].value != hash64(value))
		complain(x, "%s.csv, row %llu: %.*s has another value than row %llu of master/lineage.csv", def->path,
			 ROW_OF(row), STR_FMT(column), ROW_OF(*at));
}

static bool check_table(struct audit *x, struct lineage *l, const struct table_def *def, struct fault *f)
{
	const struct rowset *rs = run_table(x->r, def, true, f);
	struct str v[TABLE_MAX_COLUMNS];
	struct arena a = { 0 };

	for (size_t i = 0; rs && i < rs->n; i++) {
		rowset_get(rs, i, v);
		for (size_t c = 1; c < table_width(def); c++) {
			if (v[c].n && !by_count(str_of(def->columns[c])))
				check_value(x, l, def, i, v[0], str_of(def->columns[c]), v[c], &a);
		}
		arena_reset(&a);
	}
	arena_release(&a);
	return rs != NULL;
}

static void check_met(struct audit *x, const struct lineage *l)
{
	struct str v[LIN_COLUMNS];

	for (size_t i = 0; i < l->rows->n; i++) {
		rowset_get(l->rows, i, v);
		if (!l->list[i].met && !by_count(v[LIN_ATTRIBUTE]))
			complain(x, "master/%.*s.csv: %.*s of %.*s, which row %llu of master/lineage.csv tells, is not there",
				 STR_FMT(v[LIN_ENTITY]), STR_FMT(v[LIN_ATTRIBUTE]), STR_FMT(v[LIN_KEY]), ROW_OF(i));
	}
}

/* A car may be known only as that of somebody's relative. */
static bool says(const struct records *rs, size_t at, enum field field, struct str value, struct arena *a)
{
	return str_eq(records_value(rs, at, field, a), value) ||
	       (field == F_VIN && str_eq(records_value(rs, at, F_RELATIVE_VIN, a), value));
}

/* A person may accept a value that no record gives. */
static bool is_decided(const struct rowset *decisions, const struct str *v)
{
	for (size_t i = 0; str_eq(v[LIN_RULE], STR("decision")) && i < decisions->n; i++)
		if (str_eq(rowset_value(decisions, i, DEC_ATTRIBUTE), v[LIN_ATTRIBUTE]) &&
		    str_eq(rowset_value(decisions, i, DEC_VALUE), v[LIN_VALUE]))
			return true;
	return false;
}

/* A line that names a record of this run says what that record says, unless it was derived or
 * decided; a correction carries values of the record that it mends. */
static bool check_origins(struct audit *x, const struct lineage *l, struct fault *f)
{
	const struct rowset *decisions = run_table(x->r, &table_decisions, true, f);
	const struct records *rs = decisions ? run_new_records(x->r, "clean", f) : NULL;
	struct arena a = { 0 };
	struct str v[LIN_COLUMNS];

	for (size_t i = 0; rs && i < l->rows->n; i++) {
		rowset_get(l->rows, i, v);
		ptrdiff_t at = records_find(rs, v[LIN_RECORD_ID]);
		enum field field = field_find(v[LIN_ATTRIBUTE]);

		if (at >= 0 && !str_eq(v[LIN_RULE], STR("derived")) && !str_eq(v[LIN_SOURCE], STR("correction")) &&
		    field != F_COUNT) {
			x->checks++;
			if (!says(rs, (size_t)at, field, v[LIN_VALUE], &a) && !is_decided(decisions, v))
				complain(x, "master/lineage.csv, row %llu: %.*s is not what clean/ holds of %.*s", ROW_OF(i),
					 STR_FMT(v[LIN_ATTRIBUTE]), STR_FMT(v[LIN_RECORD_ID]));
		}
		arena_reset(&a);
	}
	arena_release(&a);
	return rs != NULL;
}

bool audit_lineage(struct audit *x, bool tables, struct fault *f)
{
	struct lineage l = { .rows = run_table(x->r, &table_lineage, true, f) };
	bool ok = l.rows != NULL;

	if (ok && l.rows->n) {
		index_lines(x, &l);
		ok = check_table(x, &l, &table_customer, f) && check_table(x, &l, &table_pending, f) &&
		     check_table(x, &l, &table_vehicle, f);
		if (ok)
			check_met(x, &l);
		ok = ok && (!tables || check_origins(x, &l, f));
	}
	map_release(&l.index);
	free(l.list);
	return ok;
}
