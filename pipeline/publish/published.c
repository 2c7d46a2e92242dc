#include "published.h"

#include "csv_table.h"

#include <stdlib.h>

static const char *const lineage_columns[] = { "entity", "key", "lines", NULL };

#define SAME NULL /* the columns of the run's table */

const struct published published[] = {
	{ "customer", &table_customer, SAME, 1, .unique = true, .kept = true, .sum = "record_count" },
	{ "pending", &table_pending, SAME, 1, .unique = true, .sum = "record_count" },
	{ "vehicle", &table_vehicle, SAME, 1, .unique = true, .kept = true, .sum = "record_count" },
	{ "ownership", &table_ownership, SAME, 2, .kept = true },
	{ "contact", &table_contact, SAME, 1, .unique = true },
	{ "relation", &table_relation, SAME, 1, .unique = false },
	{ "cluster", &table_clusters, SAME, 1, .unique = true },
	{ "lineage_packed", &table_lineage, lineage_columns, 2, .unique = true },
	{ "review", &table_review, SAME, 1, .unique = true },
	{ "superseded", &table_superseded, SAME, 1, .unique = false },
	{ "reject", &table_rejects_clean, SAME, 1, .unique = false },
	{ "returns", &table_returns, SAME, 1, .unique = true, .sum = "days" },
	{ "ledger", &table_ledger, SAME, 1, .kept = true, .adds = true, .sum = "rows" },
	{ "quality", &table_quality, SAME, 3, .narrow = 1, .kept = true },
	{ "alerts", &table_alerts, SAME, 2, .kept = true },
	{ "history", &table_history, SAME, 2, .grows = true, .adds = true },
};

const size_t n_published = sizeof(published) / sizeof(published[0]);

size_t published_width(const struct published *p)
{
	size_t n = 0;

	while (p->columns && p->columns[n])
		n++;
	return p->columns ? n : table_width(p->def);
}

typedef bool taker(void *context, const struct str *values, struct fault *f);

/* ---- the rows of a table of the run ---- */

/* Columns by name: a table of an older run may lack those that came since. */
static bool each_of_file(struct run *r, const struct table_def *def, taker *take, void *context, struct fault *f)
{
	const char *path = run_in_path(r, str_keepz(&r->arena, str_printf(&r->arena, "%s.csv", def->path)));
	size_t width = table_width(def);
	int at[TABLE_MAX_COLUMNS];
	struct str v[TABLE_MAX_COLUMNS];
	const struct str *fields;
	bool ok = true;

	if (!csv_table_exists(path))
		return true;
	struct csv_reader *in = csv_reader_open(path, f);

	for (size_t i = 0; in && i < width; i++)
		at[i] = csv_reader_column(in, str_of(def->columns[i]));
	while (in && ok && csv_reader_next(in, &fields)) {
		for (size_t i = 0; i < width; i++)
			v[i] = at[i] < 0 ? STR("") : fields[at[i]];
		ok = take(context, v, f);
	}
	return in && csv_reader_close(in, f) && ok;
}

static bool each_of_rowset(const struct rowset *rs, taker *take, void *context, struct fault *f)
{
	struct str v[TABLE_MAX_COLUMNS];

	for (size_t i = 0; rs && i < rs->n; i++) {
		rowset_get(rs, i, v);
		if (!take(context, v, f))
			return false;
	}
	return rs != NULL;
}

static bool each_row(struct run *r, const struct table_def *def, taker *take, void *context, struct fault *f)
{
	return r->chained && run_holds(r, def) ? each_of_rowset(run_table(r, def, true, f), take, context, f) :
						 each_of_file(r, def, take, context, f);
}

/* All faults that were told, of the stages and of the whole. */
static bool each_reject(struct run *r, taker *take, void *context, struct fault *f)
{
	return each_of_rowset(run_all_rejects(r, f), take, context, f) &&
	       each_of_rowset(run_table(r, &table_rejects_resolve, true, f), take, context, f) &&
	       each_of_rowset(run_table(r, &table_rejects_merge, true, f), take, context, f);
}

/* ---- lineage: the lines of a key as one row ---- */

struct packing {
	taker *take;
	void *context;
	struct buf entity, key, lines;
};

static bool is_plain_json(unsigned char c)
{
	return c >= 0x20 && c != '"' && c != '\\';
}

/* Neither store has a place for a NUL. */
static void put_json_escape(struct buf *b, unsigned char c)
{
	if (c >= 0x20)
		buf_add(b, (char[]){ '\\', (char)c }, 2);
	else if (c)
		buf_printf(b, "\\u%04x", c);
}

static void put_json(struct buf *b, struct str s)
{
	if (!s.n) {
		buf_str(b, STR("null"));
		return;
	}
	buf_char(b, '"');
	for (size_t i = 0; i < s.n;) {
		size_t from = i;

		while (i < s.n && is_plain_json((unsigned char)s.p[i]))
			i++;
		buf_add(b, s.p + from, i - from);
		if (i < s.n)
			put_json_escape(b, (unsigned char)s.p[i++]);
	}
	buf_char(b, '"');
}

static bool give_packed(struct packing *p, struct fault *f)
{
	struct str v[3];

	if (!p->lines.n)
		return true;
	buf_char(&p->lines, ']');
	v[0] = buf_view(&p->entity);
	v[1] = buf_view(&p->key);
	v[2] = buf_view(&p->lines);
	bool ok = p->take(p->context, v, f);

	buf_reset(&p->lines);
	return ok;
}

static bool pack_line(void *context, const struct str *v, struct fault *f)
{
	struct packing *p = context;

	if (!str_eq(v[LIN_KEY], buf_view(&p->key)) || !str_eq(v[LIN_ENTITY], buf_view(&p->entity))) {
		if (!give_packed(p, f))
			return false;
		buf_reset(&p->entity);
		buf_reset(&p->key);
		buf_str(&p->entity, v[LIN_ENTITY]);
		buf_str(&p->key, v[LIN_KEY]);
	}
	buf_str(&p->lines, p->lines.n ? STR(",[") : STR("[["));
	for (int i = LIN_ATTRIBUTE; i <= LIN_CANDIDATES; i++) {
		if (i > LIN_ATTRIBUTE)
			buf_char(&p->lines, ',');
		if (i == LIN_CANDIDATES && v[i].n)
			buf_str(&p->lines, v[i]);
		else
			put_json(&p->lines, v[i]);
	}
	buf_char(&p->lines, ']');
	return true;
}

static bool each_lineage(struct run *r, taker *take, void *context, struct fault *f)
{
	struct packing p = { take, context, { 0 }, { 0 }, { 0 } };
	bool ok = each_row(r, &table_lineage, pack_line, &p, f) && give_packed(&p, f);

	buf_release(&p.entity);
	buf_release(&p.key);
	buf_release(&p.lines);
	return ok;
}

bool published_each(struct run *r, const struct published *p,
		    bool (*take)(void *context, const struct str *values, struct fault *f), void *context,
		    struct fault *f)
{
	if (p->def == &table_rejects_clean)
		return each_reject(r, take, context, f);
	if (p->def == &table_lineage)
		return each_lineage(r, take, context, f);
	return each_row(r, p->def, take, context, f);
}
