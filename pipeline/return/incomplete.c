/*
 * incomplete.csv: the dealer's customers in the master and what the standard misses of them.
 * The master holds values of other sources, which a dealer must not learn here: it sees the
 * customer by its own newest record (own.h: its number, name and mobile), and where it never sent
 * a name, only the first character of it.
 */
#include "dealer.h"

#include "mask.h"
#include "clientele.h"
#include "own.h"
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

struct person {
	uint32_t number;
	struct own_rows own; /* the dealer's records of it */
	uint64_t lacking;
};

struct listing { /* of one dealer */
	struct person *list; /* by number, then by need */
	size_t n, first; /* of all that are dealt */
	const struct dealer *dealer;
	const struct clientele *clientele;
	struct desk *desk;
	const struct standard *standard;
};

static void take_people(struct listing *l, size_t dealer)
{
	const struct clientele *p = l->clientele;

	l->first = p->firsts[dealer];
	l->n = p->firsts[dealer + 1] - l->first;
	l->list = xcalloc(l->n, sizeof(*l->list));
	for (size_t i = 0; i < l->n; i++) {
		uint32_t number = p->dealt[l->first + i];

		l->list[i] = (struct person){ number, own_nothing, p->lacking[number] };
	}
}

static void offer(void *context, size_t record)
{
	const struct listing *l = context;
	uint32_t number = l->clientele->of_record[record];
	size_t at = number == RUN_NOBODY ? SIZE_MAX : (size_t)l->clientele->place[number] - l->first;

	if (at < l->n)
		own_take(&l->list[at].own, record, l->desk);
}

/* Those who miss most of what the standard asks come first. */
static int by_need(const void *a, const void *b)
{
	const struct person *x = a, *y = b;
	int p = __builtin_popcountll(x->lacking), q = __builtin_popcountll(y->lacking);
	int c = (q > p) - (q < p);

	return c ? c : (x->number > y->number) - (x->number < y->number);
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

static void fill_who(const struct listing *l, const struct person *who, struct str *cells, struct arena *a)
{
	struct str name = clientele_value(l->clientele, who->number, CUS_NAME);
	struct record rec;

	if (who->own.newest != OWN_NONE) {
		records_get(l->desk->records, who->own.newest, &rec, a);
		cells[INC_KEY] = desk_key(desk_origin(l->desk, rec.v[F_RECORD_ID]), &rec);
	}
	cells[INC_NAME] = own_value(&who->own, OWN_NAME, l->desk, a);
	cells[INC_MOBILE] = own_value(&who->own, OWN_MOBILE, l->desk, a);
	if (!cells[INC_NAME].n)
		cells[INC_NAME] =
			str_eq(l->dealer->name, STR("hq")) ? name : mask_value(a, F_NAME, name);
}

static void add_line(struct buf *b, const struct listing *l, const struct person *who, struct arena *a)
{
	const struct standard *s = l->standard;
	struct str cells[INC_COLUMNS] = {0};

	cells[INC_CUSTOMER_ID] = clientele_value(l->clientele, who->number, CUS_CUSTOMER_ID);
	fill_who(l, who, cells, a);
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

static bool write_listing(const struct listing *l, struct fault *f)
{
	struct buf b = {.max = SIZE_MAX};
	struct arena a = {0};
	bool ok;

	people_csv_begin(&b);
	people_csv_row(&b, headers, INC_COLUMNS);
	for (size_t i = 0; i < l->n && l->list[i].lacking; i++, arena_reset(&a))
		add_line(&b, l, &l->list[i], &a);
	ok = folder_put(str_keepz(&a, str_printf(&a, "%s/incomplete.csv", l->dealer->path)),
			buf_view(&b), f);
	arena_release(&a);
	buf_release(&b);
	return ok;
}

bool incomplete_write(struct dealer *dealer, const struct dealers *ds, const struct clientele *p,
		      struct desk *d, const struct standard *standard, struct fault *f)
{
	size_t place = (size_t)(dealer - ds->list);
	struct listing l = {.dealer = dealer, .clientele = p, .desk = d, .standard = standard};
	bool ok;

	take_people(&l, place);
	if (l.n) {
		own_each(dealer, offer, &l);
		qsort(l.list, l.n, sizeof(*l.list), by_need);
	}
	for (size_t i = 0; i < l.n; i++)
		count(&dealer->gaps, &l.list[i], standard);
	ok = write_listing(&l, f);
	free(l.list);
	return ok;
}
