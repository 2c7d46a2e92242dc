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

static void put_numbers(struct buf *b, const struct forgotten_person *person)
{
	buf_char(b, '(');
	put_quoted(b, person->number);
	buf_str(b, STR(", "));
	put_quoted(b, person->old_number.n ? person->old_number : person->number);
	buf_char(b, ')');
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
	if (has_column(columns, n, STR("relative_id_number"))) {
		buf_printf(b, "UPDATE \"%.*s\" SET \"relative_id_number\" = NULL WHERE \"relative_id_number\" IN ", STR_FMT(table));
		put_numbers(b, person);
		buf_str(b, STR(";\n"));
	}
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
	struct buf b = { 0 };

	for (int i = 0; i < 2; i++) {
		const char *column = i ? "new_value" : "old_value";

		buf_printf(&b, "DELETE FROM history WHERE \"%s\" IN ", column);
		put_numbers(&b, person);
		buf_str(&b, STR(" OR (\"attribute\" IN ('contact_phone', 'relative_mobile', 'referrer_mobile') AND "));
		put_is_phone(&b, str_of(column), person);
		buf_str(&b, STR(");\n"));
	}
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

/* Neither capitals, spaces nor dashes make another number or name of it. */
static const char FOLDED[] = "upper(replace(replace(";
static const char FOLDED_END[] = ", ' ', ''), '-', ''))";

/* What the line without the text is another one than the line. LIKE would take % and _ of the
 * text for more than they are. */
static void put_holds(struct buf *b, struct str text)
{
	buf_printf(b, "replace(line, %s", FOLDED);
	put_quoted(b, text);
	buf_printf(b, "%s, '') <> line", FOLDED_END);
}

static bool count_in(struct store *s, struct str table, struct str one, struct str other, struct arena *a,
		     uint64_t *found, struct fault *f)
{
	struct str columns[MAX_LIST], count = STR("");
	size_t n, n_rows;
	struct buf b = { 0 };
	uint64_t rows = 0;

	if (!list_columns(s, table, a, columns, &n, f))
		return false;
	buf_printf(&b, "SELECT count(*) FROM (SELECT %s''", FOLDED);
	for (size_t i = 0; i < n; i++)
		buf_printf(&b, " || coalesce(CAST(\"%.*s\" AS TEXT), '') || '|'", STR_FMT(columns[i]));
	buf_printf(&b, "%s AS line FROM \"%.*s\") AS lines WHERE ", FOLDED_END, STR_FMT(table));
	put_holds(&b, one);
	if (other.n) {
		buf_str(&b, STR(" AND "));
		put_holds(&b, other);
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
