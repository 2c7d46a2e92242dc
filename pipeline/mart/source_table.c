/*
 * SQLite asks for a plan (best_index): which of the conditions can be told to a cursor. A
 * cursor follows one of them, an equality of texts, through the table of hashes, and drops rows
 * that others exclude: then an expression such as date(today, '-1 month') is reckoned once, not
 * for each row. SQLite still checks every condition itself, so a cursor only has to be sure of
 * what it drops: NULL, which no comparison holds for, and texts compared with a text by bytes.
 *
 * Rows that are grouped or ordered by one column of few texts, the dealer above all, are told in
 * that order: SQLite then counts as it goes and sorts nothing.
 */
#include "source_table.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

enum { MOST_FILTERS = 8, ROOM_FOR_TEXTS = 512, FIRST_COLUMN = '0' };
/* From so many columns on the whole row is unpacked at once. */
enum { WIDE = 4 };
/* A row is asked for before it is read: rows lie where their table was sorted from. */
enum { AHEAD = 8 };
/* idxNum: */
enum { PLAN_LOOKS_UP = 1, PLAN_WIDE = 2, PLAN_IN_ORDER = 4 };

struct source_table {
	sqlite3_vtab base;
	struct source *source;
};

struct filter {
	char op; /* < ( > ) = !  : less, at most, more, at least, equal, not NULL */
	size_t column;
	struct cell value;
};

struct cursor {
	sqlite3_vtab_cursor base;
	struct source *source;
	size_t row; /* SOURCE_END behind the last */
	size_t at; /* of all rows, where none is looked up */
	const uint32_t *order; /* of these; NULL: as they lie */
	bool looks_up, wide;
	struct filter key, filters[MOST_FILTERS];
	size_t n_filters;
	size_t unpacked; /* the row that `values` are of */
	struct str values[TABLE_MAX_COLUMNS];
	size_t used;
	char texts[ROOM_FOR_TEXTS];
};

/* ---- the plan ---- */

static char op_of(unsigned char op)
{
	switch (op) {
	case SQLITE_INDEX_CONSTRAINT_EQ: return '=';
	case SQLITE_INDEX_CONSTRAINT_LT: return '<';
	case SQLITE_INDEX_CONSTRAINT_LE: return '(';
	case SQLITE_INDEX_CONSTRAINT_GT: return '>';
	case SQLITE_INDEX_CONSTRAINT_GE: return ')';
	case SQLITE_INDEX_CONSTRAINT_ISNOTNULL: return '!';
	default: return 0;
	}
}

static bool is_binary(sqlite3_index_info *info, int i)
{
	const char *collation = sqlite3_vtab_collation(info, i);

	return collation && sqlite3_stricmp(collation, "BINARY") == 0;
}

/* How many rows share a value: where the rows tell (a dictionary), else nearly none do. */
static double rows_of_a_value(const struct source *s, size_t column)
{
	size_t distinct = s->rows ? rowset_distinct(s->rows, s->columns[column].from) : 0;

	return distinct ? (double)s->n / (double)distinct : 1.5;
}

/* Is it one column in whose order all rows can be told? */
static bool is_ordered(struct source *s, const sqlite3_index_info *info)
{
	int column = info->nOrderBy == 1 && !info->aOrderBy[0].desc ? info->aOrderBy[0].iColumn : -1;

	return column >= 0 && s->columns[column].kind == CELL_TEXT && source_in_order(s, (size_t)column);
}

static int best_index(sqlite3_vtab *base, sqlite3_index_info *info)
{
	struct source *s = ((struct source_table *)base)->source;
	double visited = (double)s->n, given;
	char plan[2 * (MOST_FILTERS + 1) + 2];
	int n = 0, key = -1;

	for (int i = 0; i < info->nConstraint; i++) {
		int column = info->aConstraint[i].iColumn;

		if (!info->aConstraint[i].usable || column < 0 || op_of(info->aConstraint[i].op) != '=' ||
		    s->columns[column].kind != CELL_TEXT || !is_binary(info, i) ||
		    (key >= 0 && rows_of_a_value(s, (size_t)column) >= visited))
			continue;
		key = i;
		visited = rows_of_a_value(s, (size_t)column);
	}
	given = visited;
	for (int pass = 0; pass < 2; pass++)
		for (int i = 0; i < info->nConstraint; i++) {
			int column = info->aConstraint[i].iColumn;
			char op = op_of(info->aConstraint[i].op);

			if ((pass == 0) != (i == key) || !info->aConstraint[i].usable || column < 0 || !op ||
			    n > MOST_FILTERS || !is_binary(info, i))
				continue;
			if (pass == 0 || op != '!')
				given *= pass == 0 ? 1 : 0.25;
			plan[2 * n] = op;
			plan[2 * n + 1] = (char)(FIRST_COLUMN + column);
			info->aConstraintUsage[i].argvIndex = ++n;
		}
	info->orderByConsumed = key < 0 && is_ordered(s, info);
	plan[2 * n] = info->orderByConsumed ? (char)(FIRST_COLUMN + info->aOrderBy[0].iColumn) : '\0';
	plan[2 * n + 1] = '\0';
	info->idxNum = (key >= 0 ? PLAN_LOOKS_UP : 0) | (info->orderByConsumed ? PLAN_IN_ORDER : 0) |
		       (__builtin_popcountll(info->colUsed) >= WIDE ? PLAN_WIDE : 0);
	info->idxStr = sqlite3_mprintf("%s", plan);
	info->needToFreeIdxStr = 1;
	info->estimatedRows = given < 1 ? 1 : (sqlite3_int64)given;
	info->estimatedCost = (key >= 0 ? 4 : 0) + visited + 2 * given;
	return info->idxStr ? SQLITE_OK : SQLITE_NOMEM;
}

/* ---- a cursor ---- */

static struct cell cell_at(struct cursor *c, size_t row, size_t column)
{
	const struct source *s = c->source;

	if (!c->wide || !s->rows)
		return source_cell(s, row, column);
	if (c->unpacked != row) {
		rowset_get(s->rows, row, c->values);
		c->unpacked = row;
	}
	return source_value(s, column, c->values[s->columns[column].from]);
}

static bool fits(char op, int order)
{
	switch (op) {
	case '<': return order < 0;
	case '(': return order <= 0;
	case '>': return order > 0;
	case ')': return order >= 0;
	case '=': return order == 0;
	default: return true;
	}
}

static bool may_pass(struct cursor *c, size_t row)
{
	for (size_t i = 0; i < c->n_filters; i++) {
		const struct filter *f = &c->filters[i];
		struct cell cell = cell_at(c, row, f->column);

		if (cell.kind == CELL_NULL)
			return false;
		if (cell.kind == CELL_TEXT && f->value.kind == CELL_TEXT &&
		    !fits(f->op, str_cmp(cell.text, f->value.text)))
			return false;
		if (cell.kind == CELL_INTEGER && f->value.kind == CELL_INTEGER &&
		    !fits(f->op, (cell.integer > f->value.integer) - (cell.integer < f->value.integer)))
			return false;
	}
	return true;
}

static size_t row_at(const struct cursor *c, size_t at)
{
	if (at >= c->source->n)
		return SOURCE_END;
	return c->order ? c->order[at] : at;
}

/* On to the next row that may pass, this one or a later one. */
static void settle(struct cursor *c)
{
	if (c->looks_up) {
		while (c->row != SOURCE_END && !may_pass(c, c->row))
			c->row = source_next(c->source, c->key.column, c->row);
		return;
	}
	for (;; c->at++) {
		source_prefetch(c->source, row_at(c, c->at + AHEAD));
		c->row = row_at(c, c->at);
		if (c->row == SOURCE_END || may_pass(c, c->row))
			return;
	}
}

/* There was no memory to end the text with a zero byte. */
static bool is_lost(sqlite3_value *value)
{
	return sqlite3_value_type(value) == SQLITE_TEXT && !sqlite3_value_text(value);
}

/* False where the value is none that a cursor could compare. */
static bool take_value(struct cursor *c, sqlite3_value *value, struct cell *cell)
{
	int type = sqlite3_value_type(value);
	size_t n;

	if (type == SQLITE_INTEGER) {
		*cell = cell_integer(sqlite3_value_int64(value));
		return true;
	}
	if (type != SQLITE_TEXT)
		return false;
	n = (size_t)sqlite3_value_bytes(value);
	if (n > sizeof(c->texts) - c->used)
		return false;
	memcpy(c->texts + c->used, sqlite3_value_text(value), n);
	*cell = (struct cell){ .kind = CELL_TEXT, .text = { c->texts + c->used, n } };
	c->used += n;
	return true;
}

static int filter(sqlite3_vtab_cursor *base, int plan, const char *filters, int n, sqlite3_value **values)
{
	struct cursor *c = (struct cursor *)base;
	bool never = false;

	c->row = c->at = c->n_filters = c->used = 0;
	c->order = plan & PLAN_IN_ORDER ? source_in_order(c->source, (size_t)(filters[2 * n] - FIRST_COLUMN)) : NULL;
	c->unpacked = SOURCE_END;
	c->wide = plan & PLAN_WIDE;
	c->looks_up = false;
	for (int i = 0; i < n; i++) {
		struct filter f = { .op = filters[2 * i], .column = (size_t)(filters[2 * i + 1] - FIRST_COLUMN) };

		if (is_lost(values[i]))
			return SQLITE_NOMEM;
		bool known = f.op == '!' || take_value(c, values[i], &f.value);

		never |= f.op != '!' && sqlite3_value_type(values[i]) == SQLITE_NULL;
		if (known && i == 0 && plan & PLAN_LOOKS_UP && f.value.kind == CELL_TEXT) {
			c->looks_up = true;
			c->key = f;
		} else if (known && c->n_filters < MOST_FILTERS) {
			c->filters[c->n_filters++] = f;
		}
	}
	if (never)
		c->row = SOURCE_END;
	else if (c->looks_up)
		c->row = source_first(c->source, c->key.column, c->key.value.text);
	if (c->row != SOURCE_END)
		settle(c);
	return SQLITE_OK;
}

static int next(sqlite3_vtab_cursor *base)
{
	struct cursor *c = (struct cursor *)base;

	if (c->looks_up)
		c->row = source_next(c->source, c->key.column, c->row);
	else
		c->at++;
	settle(c);
	return SQLITE_OK;
}

static int is_at_end(sqlite3_vtab_cursor *base)
{
	return ((struct cursor *)base)->row == SOURCE_END;
}

static int column(sqlite3_vtab_cursor *base, sqlite3_context *to, int i)
{
	struct cursor *c = (struct cursor *)base;
	struct cell cell = cell_at(c, c->row, (size_t)i);

	switch (cell.kind) {
	case CELL_TEXT: sqlite3_result_text(to, cell.text.p, (int)cell.text.n, SQLITE_STATIC); break;
	case CELL_INTEGER: sqlite3_result_int64(to, cell.integer); break;
	case CELL_REAL: sqlite3_result_double(to, cell.real); break;
	case CELL_NULL: break;
	}
	return SQLITE_OK;
}

static int row_number(sqlite3_vtab_cursor *base, sqlite3_int64 *row)
{
	*row = (sqlite3_int64)((struct cursor *)base)->row;
	return SQLITE_OK;
}

static int open_cursor(sqlite3_vtab *base, sqlite3_vtab_cursor **cursor)
{
	struct cursor *c = sqlite3_malloc(sizeof(*c));

	if (!c)
		return SQLITE_NOMEM;
	memset(c, 0, sizeof(*c));
	c->source = ((struct source_table *)base)->source;
	*cursor = &c->base;
	return SQLITE_OK;
}

static int close_cursor(sqlite3_vtab_cursor *cursor)
{
	sqlite3_free(cursor);
	return SQLITE_OK;
}

/* ---- the table ---- */

static int connect_table(sqlite3 *db, void *source, int n, const char *const *arguments, sqlite3_vtab **table,
			 char **error)
{
	static const char *const types[] = { [CELL_TEXT] = "TEXT", [CELL_INTEGER] = "BIGINT",
					     [CELL_REAL] = "DOUBLE PRECISION" };
	const struct source *s = source;
	struct source_table *t = sqlite3_malloc(sizeof(*t));
	struct buf b = { 0 };
	int rc;

	(void)n, (void)arguments, (void)error;
	if (!t)
		return SQLITE_NOMEM;
	*t = (struct source_table){ .source = source };
	buf_str(&b, STR("CREATE TABLE x("));
	for (size_t i = 0; i < s->width; i++)
		buf_printf(&b, "%s\"%.*s\" %s", i ? ", " : "", STR_FMT(s->columns[i].name), types[s->columns[i].kind]);
	buf_printf(&b, ")%c", '\0');
	rc = sqlite3_declare_vtab(db, b.p);
	buf_release(&b);
	if (rc == SQLITE_OK)
		rc = sqlite3_vtab_config(db, SQLITE_VTAB_INNOCUOUS);
	if (rc == SQLITE_OK)
		*table = &t->base;
	else
		sqlite3_free(t);
	return rc;
}

static int disconnect_table(sqlite3_vtab *table)
{
	sqlite3_free(table);
	return SQLITE_OK;
}

/* Is there so that the authorizer, and not the lack of it, refuses a statement that writes. */
static int refuse_change(sqlite3_vtab *table, int n, sqlite3_value **values, sqlite3_int64 *row)
{
	(void)table, (void)n, (void)values, (void)row;
	return SQLITE_READONLY;
}

/* Without xCreate a table is there by its name, as views name it, from the first question on. */
static const sqlite3_module module = {
	.iVersion = 1,
	.xConnect = connect_table,
	.xBestIndex = best_index,
	.xDisconnect = disconnect_table,
	.xOpen = open_cursor,
	.xClose = close_cursor,
	.xFilter = filter,
	.xNext = next,
	.xEof = is_at_end,
	.xColumn = column,
	.xRowid = row_number,
	.xUpdate = refuse_change,
};

/* The first question is ours, because later the connection may not declare anything. */
bool source_table_add(struct sqlite3 *db, struct source *s)
{
	struct arena a = { 0 };
	struct str sql = str_printf(&a, "SELECT 1 FROM \"%.*s\"", STR_FMT(s->name));
	sqlite3_stmt *first = NULL;
	bool ok = sqlite3_create_module_v2(db, str_keepz(&a, s->name), &module, s, NULL) == SQLITE_OK &&
		  sqlite3_prepare_v2(db, sql.p, (int)sql.n, &first, NULL) == SQLITE_OK;

	sqlite3_finalize(first);
	arena_release(&a);
	return ok;
}
