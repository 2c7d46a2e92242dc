#include "dealer.h"

#include <stdlib.h>

static int by_name(const void *a, const void *b)
{
	return str_cmp(((const struct dealer *)a)->name, ((const struct dealer *)b)->name);
}

struct dealer *dealers_get(const struct dealers *ds, struct str name)
{
	const struct dealer key = {.name = name};

	return bsearch(&key, ds->list, ds->n, sizeof(key), by_name);
}

static bool name_customers(struct map *names, struct run *r, const struct table_def *def,
			   struct fault *f)
{
	const struct rowset *rs = run_table(r, def, true, f);
	int code = table_column(def, STR("dealer_code"));

	for (size_t i = 0; rs && i < rs->n; i++)
		map_put(names, dealer_folder(rowset_value(rs, i, code), STR("")), 0, NULL);
	return rs != NULL;
}

static int by_dealer_and_file(const void *a, const void *b)
{
	const struct unread *x = a, *y = b;
	int c = str_cmp(x->dealer, y->dealer);

	return c ? c : str_cmp(x->file, y->file);
}

static struct unread unread_of(struct dealers *ds, const struct desk *d, const struct str *v)
{
	struct unread unread = {.dealer = dealer_folder(v[FIL_SENDER], STR("")), .file = v[FIL_FILE]};

	for (enum lang lang = 0; lang < LANG_COUNT; lang++)
		unread.reason[lang] =
			file_reason_text(&d->file_reasons, v[FIL_REASON], lang, &ds->arena);
	return unread;
}

static bool find_unread(struct dealers *ds, const struct desk *d, struct map *names, struct fault *f)
{
	const struct rowset *files = run_table(d->r, &table_files, true, f);
	struct str v[FIL_COLUMNS];

	if (!files)
		return false;
	ds->unread = arena_alloc(&ds->arena, (files->n + 1) * sizeof(*ds->unread));
	for (size_t i = 0; i < files->n; i++) {
		rowset_get(files, i, v);
		if (!str_eq(v[FIL_STATUS], STR("quarantined")))
			continue;
		ds->unread[ds->n_unread] = unread_of(ds, d, v);
		map_put(names, ds->unread[ds->n_unread++].dealer, 0, NULL);
	}
	if (ds->n_unread)
		qsort(ds->unread, ds->n_unread, sizeof(*ds->unread), by_dealer_and_file);
	return true;
}

static int by_dealer_and_day(const void *a, const void *b)
{
	const struct sent *x = a, *y = b;
	int c = (x->dealer > y->dealer) - (x->dealer < y->dealer);

	if (!c)
		c = str_cmp(x->origin->observed_on, y->origin->observed_on);
	return c ? c : record_id_cmp(x->origin->stem, y->origin->stem);
}

static void find_sent(struct dealers *ds, const struct desk *d)
{
	struct sent *sent = arena_alloc(&ds->arena, (d->n + 1) * sizeof(*sent));

	for (size_t i = 0; i < d->n; i++) {
		const struct origin *o = &d->origins[i];

		sent[i] = (struct sent){ .dealer = dealers_get(ds, dealer_folder(o->sender, STR(""))),
					 .origin = o };
		records_of_file(d->records, o->stem, &sent[i].from, &sent[i].to);
	}
	qsort(sent, d->n, sizeof(*sent), by_dealer_and_day);
	for (size_t i = 0; i < d->n; i++) {
		struct dealer *dealer = &ds->list[sent[i].dealer - ds->list];

		if (!dealer->n_sent++)
			dealer->sent = &sent[i];
	}
}

/* What is a dealer's stands together in each list. */
static void deal_out(struct dealers *ds, const struct returns *rt, const struct followups *fs)
{
	for (size_t i = 0; i < fs->n; i++) {
		struct dealer *dealer = dealers_get(ds, fs->list[i].dealer);

		if (!dealer->n_followups++)
			dealer->followups = &fs->list[i];
	}
	for (size_t i = 0; i < rt->n; i++) {
		struct dealer *dealer = dealers_get(ds, rt->list[i].dealer);

		if (!dealer->n++)
			dealer->entries = &rt->list[i];
	}
	for (size_t i = 0; i < ds->n_unread; i++) {
		struct dealer *dealer = dealers_get(ds, ds->unread[i].dealer);

		if (!dealer->n_unread++)
			dealer->unread = &ds->unread[i];
	}
}

bool dealers_find(struct dealers *ds, struct desk *d, const struct returns *rt,
		  const struct followups *fs, struct fault *f)
{
	struct map names = {0};
	bool ok;

	*ds = (struct dealers){0};
	for (size_t i = 0; i < d->n; i++)
		map_put(&names, dealer_folder(d->origins[i].sender, STR("")), 0, NULL);
	for (size_t i = 0; i < rt->n; i++)
		map_put(&names, rt->list[i].dealer, 0, NULL);
	for (size_t i = 0; i < fs->n; i++)
		map_put(&names, fs->list[i].dealer, 0, NULL);
	ok = find_unread(ds, d, &names, f) && name_customers(&names, d->r, &table_customer, f) &&
	     name_customers(&names, d->r, &table_pending, f);
	ds->list = xcalloc(names.n, sizeof(*ds->list));
	for (; ds->n < names.n; ds->n++)
		ds->list[ds->n].name = str_keep(&ds->arena, names.entries[ds->n].key);
	map_release(&names);
	qsort(ds->list, ds->n, sizeof(*ds->list), by_name);
	deal_out(ds, rt, fs);
	find_sent(ds, d);
	return ok;
}

void dealers_release(struct dealers *ds)
{
	free(ds->list);
	arena_release(&ds->arena);
}
