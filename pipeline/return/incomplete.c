/*
 * incomplete.csv: the dealer's customers in the master and what the standard misses of them.
 * The master holds values of other sources, which a dealer must not learn here: it sees the
 * customer by its own newest record (its number, name and mobile), and where it never sent
 * one, only the first character of the name.
 */
#include "dealer.h"

#include "mask.h"
#include "people_csv.h"

#include <stdlib.h>

enum {
	INC_CUSTOMER_ID,
	INC_KEY,
	INC_NAME,
	INC_MOBILE,
	INC_MET,
	INC_LACKING,
	INC_ITEMS,
	INC_COLUMNS
};

static const struct str headers[INC_COLUMNS] = {
	[INC_CUSTOMER_ID] = STR_INIT("客户标识"),
	[INC_KEY] = STR_INIT("单号"),
	[INC_NAME] = STR_INIT("姓名"),
	[INC_MOBILE] = STR_INIT("手机"),
	[INC_MET] = STR_INIT("合格项数"),
	[INC_LACKING] = STR_INIT("缺少项数"),
	[INC_ITEMS] = STR_INIT("缺少项目"),
};

struct person { /* a row of customer or pending */
	struct dealer *dealer;
	const struct rowset *table;
	size_t row;
	uint64_t lacking;
	struct str own, own_date; /* the dealer's newest record of it, or "" */
};

struct people {
	struct person *list;
	size_t n, cap;
	struct map by_id; /* customer_id -> index */
};

static void take_table(struct people *p, struct dealers *ds, const struct rowset *table)
{
	int code = table_column(table->def, STR("dealer_code")),
	    id = table_column(table->def, STR("customer_id"));

	for (size_t i = 0; i < table->n; i++) {
		struct str folder = dealer_folder(rowset_value(table, i, code), STR(""));

		map_put(&p->by_id, rowset_value(table, i, id), p->n, NULL);
		GROW(p->list, p->n, p->cap);
		p->list[p->n++] = (struct person){.dealer = dealers_get(ds, folder),
						  .table = table,
						  .row = i};
	}
}

static bool take_people(struct people *p, struct dealers *ds, struct desk *d,
			const struct standard *standard, struct fault *f)
{
	struct standard_tables tables = {
		.people = {run_table(d->r, &table_customer, true, f),
			   run_table(d->r, &table_pending, true, f)},
		.vehicle = run_table(d->r, &table_vehicle, true, f),
		.ownership = run_table(d->r, &table_ownership, true, f),
		.contact = run_table(d->r, &table_contact, true, f),
	};
	uint64_t *lacking;

	if (!tables.people[0] || !tables.people[1] || !tables.vehicle || !tables.ownership ||
	    !tables.contact)
		return false;
	take_table(p, ds, tables.people[0]);
	take_table(p, ds, tables.people[1]);
	lacking = standard_lacking(standard, &tables, &p->by_id);
	for (size_t i = 0; i < p->n; i++)
		p->list[i].lacking = lacking[i];
	free(lacking);
	return true;
}

static bool is_newer(const struct person *who, struct str date, struct str record_id)
{
	int c = str_cmp(date, who->own_date);

	return !who->own.n || c > 0 || (c == 0 && record_id_cmp(record_id, who->own) > 0);
}

static bool find_own_records(struct people *p, struct desk *d, struct fault *f)
{
	const struct rowset *clusters = run_table(d->r, &table_clusters, true, f);
	struct str v[CLU_COLUMNS];

	for (size_t i = 0; clusters && i < clusters->n; i++) {
		const struct origin *o;
		const uint64_t *at;

		rowset_get(clusters, i, v);
		at = map_get(&p->by_id, v[CLU_CUSTOMER_ID]);
		o = desk_origin(d, v[CLU_RECORD_ID]);
		if (!at || !str_eq(dealer_folder(o->sender, o->sender), p->list[*at].dealer->name))
			continue;
		if (is_newer(&p->list[*at], o->observed_on, v[CLU_RECORD_ID])) {
			p->list[*at].own = v[CLU_RECORD_ID];
			p->list[*at].own_date = o->observed_on;
		}
	}
	return clusters != NULL;
}

/* Those who miss most of what the standard asks come first. */
static int by_dealer_and_need(const void *a, const void *b)
{
	const struct person *x = a, *y = b;
	int p = __builtin_popcountll(x->lacking), q = __builtin_popcountll(y->lacking);
	int c = (x->dealer > y->dealer) - (x->dealer < y->dealer);

	if (!c)
		c = (q > p) - (q < p);
	if (!c)
		c = (x->table->def == &table_pending) - (y->table->def == &table_pending);
	return c ? c : (x->row > y->row) - (x->row < y->row);
}

static struct str items_text(const struct standard *s, uint64_t lacking, struct arena *a)
{
	struct buf b = {0};
	struct str text;

	for (size_t i = 0; i < s->n; i++)
		if (lacking >> i & 1) {
			if (b.n)
				buf_str(&b, STR("；"));
			buf_str(&b, s->list[i].label[LANG_ZH]);
		}
	text = str_keep(a, buf_view(&b));
	buf_release(&b);
	return text;
}

static void fill_who(const struct person *who, struct desk *d, struct str *cells, struct arena *a)
{
	struct str name =
		rowset_value(who->table, who->row, table_column(who->table->def, STR("name")));
	struct record rec;

	if (who->own.n && desk_record(d, who->own, &rec, a)) {
		cells[INC_KEY] = desk_key(desk_origin(d, who->own), &rec);
		cells[INC_NAME] = rec.v[F_NAME];
		cells[INC_MOBILE] = rec.v[F_MOBILE];
	}
	if (!cells[INC_NAME].n)
		cells[INC_NAME] =
			str_eq(who->dealer->name, STR("hq")) ? name : mask_value(a, F_NAME, name);
}

static void add_line(struct buf *b, const struct person *who, struct desk *d,
		     const struct standard *s, struct arena *a)
{
	struct str cells[INC_COLUMNS] = {0};

	cells[INC_CUSTOMER_ID] = rowset_value(who->table, who->row, 0);
	fill_who(who, d, cells, a);
	cells[INC_MET] = str_printf(a, "%d", __builtin_popcountll(s->qualified & ~who->lacking));
	cells[INC_LACKING] = str_printf(a, "%d", __builtin_popcountll(who->lacking));
	cells[INC_ITEMS] = items_text(s, who->lacking, a);
	people_csv_row(b, cells, INC_COLUMNS);
}

static void count(struct gaps *gaps, const struct person *who, const struct standard *s)
{
	gaps->customers++;
	gaps->qualified += !(who->lacking & s->qualified);
	for (size_t i = 0; i < s->n; i++)
		gaps->lacking[i] += who->lacking >> i & 1;
}

static bool write_dealer(const struct person *list, size_t n, struct dealer *dealer, struct desk *d,
			 const struct standard *s, struct fault *f)
{
	struct buf b = {.max = SIZE_MAX};
	struct arena a = {0};
	bool ok;

	people_csv_begin(&b);
	people_csv_row(&b, headers, INC_COLUMNS);
	for (size_t i = 0; i < n; i++) {
		count(&dealer->gaps, &list[i], s);
		if (list[i].lacking)
			add_line(&b, &list[i], d, s, &a);
		arena_reset(&a);
	}
	ok = folder_put(str_keepz(&a, str_printf(&a, "%s/incomplete.csv", dealer->path)),
			buf_view(&b), f);
	arena_release(&a);
	buf_release(&b);
	return ok;
}

static bool write_all(struct people *p, struct dealers *ds, struct desk *d,
		      const struct standard *s, struct fault *f)
{
	size_t at = 0;

	if (p->n)
		qsort(p->list, p->n, sizeof(*p->list), by_dealer_and_need);
	for (size_t i = 0; i < ds->n; i++) {
		size_t from = at;

		while (at < p->n && p->list[at].dealer == &ds->list[i])
			at++;
		if (!write_dealer(&p->list[from], at - from, &ds->list[i], d, s, f))
			return false;
	}
	return true;
}

bool incomplete_write(struct dealers *ds, struct desk *d, const struct standard *standard,
		      struct fault *f)
{
	struct people p = {0};
	bool ok = take_people(&p, ds, d, standard, f) && find_own_records(&p, d, f) &&
		  write_all(&p, ds, d, standard, f);

	free(p.list);
	map_release(&p.by_id);
	return ok;
}
