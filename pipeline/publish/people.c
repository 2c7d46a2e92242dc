#include "people.h"

#include "published.h"
#include "stage.h"

#include <stdio.h>

enum { MAX_LIST = 256 };

static bool list_tables(struct store *s, struct arena *a, struct str *names, size_t *n, struct fault *f)
{
	return s->kind->ask(s, s->kind->tables, a, names, MAX_LIST, n, f);
}

static bool list_columns(struct store *s, struct str table, struct arena *a, struct str *names, size_t *n,
			 struct fault *f)
{
	char *query = str_keepz(a, str_printf(a, s->kind->columns_of, str_keepz(a, table)));

	return s->kind->ask(s, query, a, names, MAX_LIST, n, f);
}

/* ---- forgetting ---- */

static bool has_column(const struct str *columns, size_t n, struct str name)
{
	for (size_t i = 0; i < n; i++) {
		if (str_eq(columns[i], name))
			return true;
	}
	return false;
}

static void put_quoted(struct buf *b, struct str value)
{
	buf_char(b, '\'');
	for (size_t i = 0; i < value.n; i++) {
		if (value.p[i] == '\'')
			buf_char(b, '\'');
		buf_char(b, value.p[i]);
	}
	buf_char(b, '\'');
}

static void put_values(struct buf *b, const struct map *values)
{
	buf_char(b, '(');
	for (size_t i = 0; i < values->n; i++) {
		buf_str(b, i ? STR(", ") : STR(""));
		put_quoted(b, values->entries[i].key);
	}
	buf_str(b, values->n ? STR(")") : STR("'')"));
}

/* Neither capitals, spaces nor what else stands between digits make another number or name of it. */
static const char FOLDED[] = "upper(replace(replace(replace(replace(replace(";
static const char FOLDED_END[] = ", ' ', ''), '-', ''), '/', ''), '.', ''), '_', ''))";

/* What the line, an expression that is folded, holds: without the text it is another one. LIKE
 * would take % and _ of the text for more than they are. */
static void put_holds(struct buf *b, const char *line, struct str text)
{
	buf_printf(b, "replace(%s, %s", line, FOLDED);
	put_quoted(b, text);
	buf_printf(b, "%s, '') <> %s", FOLDED_END, line);
}

static void put_holds_any(struct buf *b, const char *line, const struct map *texts)
{
	buf_char(b, '(');
	for (size_t i = 0; i < texts->n; i++) {
		buf_str(b, i ? STR(" OR ") : STR(""));
		put_holds(b, line, texts->entries[i].key);
	}
	buf_str(b, texts->n ? STR(")") : STR("1 = 0)"));
}

/* All columns as one text, folded. */
static void put_line(struct buf *b, const struct str *columns, size_t n)
{
	buf_printf(b, "%s''", FOLDED);
	for (size_t i = 0; i < n; i++)
		buf_printf(b, " || coalesce(CAST(\"%.*s\" AS TEXT), '') || '|'", STR_FMT(columns[i]));
	buf_str(b, STR(FOLDED_END));
}

/* The column as forgotten_phone has it. */
static void put_is_phone(struct buf *b, struct str column, const struct forgotten_person *person)
{
	struct arena a = { 0 };
	const char *digits = str_printf(&a, "replace(\"%.*s\", '-', '')", STR_FMT(column)).p;

	buf_printf(b, "CASE WHEN length(%s) BETWEEN 12 AND 14 THEN substr(%s, length(%s) - 10) ELSE %s END IN ", digits,
		   digits, digits, digits);
	put_values(b, &person->phones);
	arena_release(&a);
}

/* What tells whose row it is. */
static bool is_own(struct str column)
{
	static const struct str own[] = { STR_INIT("customer_id"), STR_INIT("key"), STR_INIT("vin"), STR_INIT("name"),
					  STR_INIT("mobile"), STR_INIT("phone") };

	return has_column(own, sizeof(own) / sizeof(own[0]), column);
}

/* Empties the cells with one of the texts, in rows that a condition holds for. */
static void put_empty(struct str table, const struct str *columns, size_t n, const struct map *texts, struct buf *b)
{
	size_t set = 0;

	buf_printf(b, "UPDATE \"%.*s\" SET ", STR_FMT(table));
	for (size_t i = 0; i < n; i++) {
		struct buf cell = { 0 };

		if (is_own(columns[i]))
			continue;
		put_line(&cell, &columns[i], 1);
		buf_char(&cell, '\0');
		buf_printf(b, "%s\"%.*s\" = CASE WHEN ", set++ ? ", " : "", STR_FMT(columns[i]));
		put_holds_any(b, cell.p, texts);
		buf_printf(b, " THEN NULL ELSE \"%.*s\" END", STR_FMT(columns[i]));
		buf_release(&cell);
	}
	buf_str(b, STR(" WHERE "));
}

/* What others' rows said: the number, and a phone beside a name; where it is the phone of the row
 * too, the name. */
static void put_forget_mentions(struct str table, const struct str *columns, size_t n,
				const struct forgotten_person *person, struct buf *b)
{
	static const struct str phones[] = { STR_INIT("mobile"), STR_INIT("phone") };
	struct buf line = { 0 };

	put_line(&line, columns, n);
	buf_char(&line, '\0');
	put_empty(table, columns, n, &person->numbers, b);
	put_holds_any(b, line.p, &person->numbers);
	buf_str(b, STR(";\n"));
	for (size_t i = 0; i < 2; i++) {
		if (!has_column(columns, n, phones[i]))
			continue;
		put_empty(table, columns, n, &person->names, b);
		put_is_phone(b, phones[i], person);
		buf_str(b, STR(" AND "));
		put_holds_any(b, line.p, &person->names);
		buf_str(b, STR(";\n"));
	}
	put_empty(table, columns, n, &person->phones, b);
	put_holds_any(b, line.p, &person->phones);
	buf_str(b, STR(" AND "));
	put_holds_any(b, line.p, &person->names);
	buf_str(b, STR(";\n"));
	buf_release(&line);
}

/* Rows under their key; of others' rows that were, the cells that name them. */
static void put_forget(struct str table, const struct str *columns, size_t n, const struct forgotten_person *person,
		       struct buf *b)
{
	static const struct str keys[] = { STR_INIT("customer_id"), STR_INIT("key") };
	static const struct str phones[] = { STR_INIT("contact_phone"), STR_INIT("relative_mobile"),
					     STR_INIT("referrer_mobile") };

	for (size_t i = 0; i < 2; i++) {
		if (!has_column(columns, n, keys[i]))
			continue;
		buf_printf(b, "DELETE FROM \"%.*s\" WHERE \"%.*s\" IN ", STR_FMT(table), STR_FMT(keys[i]));
		put_values(b, &person->customers);
		buf_str(b, STR(";\n"));
	}
	if (!str_ends(table, STR("_past")))
		return;
	for (size_t i = 0; i < 3; i++) {
		if (!has_column(columns, n, phones[i]))
			continue;
		buf_printf(b, "UPDATE \"%.*s\" SET \"%.*s\" = NULL WHERE ", STR_FMT(table), STR_FMT(phones[i]));
		put_is_phone(b, phones[i], person);
		buf_str(b, STR(";\n"));
	}
	put_forget_mentions(table, columns, n, person, b);
}

static bool forget_in(struct store *s, struct str table, const struct forgotten_person *person, struct arena *a,
		      struct fault *f)
{
	struct str columns[MAX_LIST];
	size_t n;
	struct buf b = { 0 };

	if (!list_columns(s, table, a, columns, &n, f))
		return false;
	put_forget(table, columns, n, person, &b);
	buf_char(&b, '\0');
	bool ok = s->kind->run(s, b.p, "remove what is known of a customer", f);

	buf_release(&b);
	return ok;
}

/* Changes of other people's values that named them, and cars that only their rows knew. */
static bool forget_past(struct store *s, const struct forgotten_person *person, struct fault *f)
{
	static const struct str values[] = { STR_INIT("old_value"), STR_INIT("new_value") };
	struct buf b = { 0 }, line = { 0 };

	put_line(&line, values, 2);
	buf_char(&line, '\0');
	buf_str(&b, STR("DELETE FROM history WHERE "));
	put_holds_any(&b, line.p, &person->numbers);
	buf_str(&b, STR(" OR ("));
	put_holds_any(&b, line.p, &person->names);
	buf_str(&b, STR(" AND "));
	put_holds_any(&b, line.p, &person->phones);
	buf_str(&b, STR(");\n"));
	for (int i = 0; i < 2; i++) {
		buf_str(&b, STR("DELETE FROM history WHERE \"attribute\" IN "
				"('contact_phone', 'relative_mobile', 'referrer_mobile') AND "));
		put_is_phone(&b, values[i], person);
		buf_str(&b, STR(";\n"));
	}
	buf_release(&line);
	buf_str(&b, STR("DELETE FROM vehicle_past WHERE \"vin\" NOT IN (SELECT \"vin\" FROM vehicle);\n"
			"DELETE FROM ownership_past WHERE \"vin\" NOT IN (SELECT \"vin\" FROM vehicle)"));
	buf_char(&b, '\0');
	bool ok = s->kind->run(s, b.p, "remove the past of a customer", f);

	buf_release(&b);
	return ok;
}

bool people_forget(struct store *s, const struct forgotten_person *person, struct fault *f)
{
	struct str tables[MAX_LIST];
	struct arena a = { 0 };
	size_t n;

	if (!person)
		return true;
	bool ok = list_tables(s, &a, tables, &n, f);

	for (size_t i = 0; ok && i < n; i++)
		ok = forget_in(s, tables[i], person, &a, f);
	ok = ok && (!s->lasting || forget_past(s, person, f));
	arena_release(&a);
	return ok;
}

/* ---- searching ---- */

static bool count_in(struct store *s, struct str table, struct str one, struct str other, struct arena *a,
		     uint64_t *found, struct fault *f)
{
	struct str columns[MAX_LIST], count = STR("");
	size_t n, n_rows;
	struct buf b = { 0 };
	uint64_t rows = 0;

	if (!list_columns(s, table, a, columns, &n, f))
		return false;
	buf_str(&b, STR("SELECT count(*) FROM (SELECT "));
	put_line(&b, columns, n);
	buf_printf(&b, " AS line FROM \"%.*s\") AS lines WHERE ", STR_FMT(table));
	put_holds(&b, "line", one);
	if (other.n) {
		buf_str(&b, STR(" AND "));
		put_holds(&b, "line", other);
	}
	buf_char(&b, '\0');
	bool ok = s->kind->ask(s, b.p, a, &count, 1, &n_rows, f);

	str_u64(count, &rows);
	*found += rows;
	buf_release(&b);
	return ok;
}

bool publish_search(const char *url, struct str one, struct str other, uint64_t *tables, uint64_t *found,
		    struct fault *f)
{
	const struct store_kind *kind = store_kind_of(url, f);
	struct store *s = kind ? kind->open(url, STORE_EXISTING, f) : NULL;
	struct str names[MAX_LIST];
	struct arena a = { 0 };
	size_t n = 0;

	*tables = *found = 0;
	if (!s)
		return false;
	bool ok = list_tables(s, &a, names, &n, f);

	for (size_t i = 0; ok && i < n; i++)
		ok = count_in(s, names[i], one, other, &a, found, f);
	*tables = n;
	kind->abort(s);
	arena_release(&a);
	return ok;
}
