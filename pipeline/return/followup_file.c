/*
 * followup.csv: one file for each dealer, one line for each customer on a list, the most
 * urgent list first. A dealer sees the customer and the car as its own records have them.
 * A name or a phone that these lack it learns by a touch point that was recorded for this dealer (a
 * complaint or a lead that the call center passes on: somebody waits for a call), else the first
 * character of the name and the ends of the phone; of a touch point that was recorded for
 * somebody else, the end of its number; of a day that only another source knows, the month.
 * Headquarters sees all.
 */
#include "dealer.h"

#include "mask.h"
#include "own.h"
#include "people_csv.h"

#include <stdlib.h>

enum cell {
	FOL_LIST,
	FOL_DUE,
	FOL_NAME,
	FOL_MOBILE,
	FOL_TEXT,
	FOL_KEY,
	FOL_VIN,
	FOL_PLATE,
	FOL_CONTACT_NO,
	FOL_HANDLER,
	FOL_CUSTOMER_ID,
	FOL_CELLS
};

static const struct str headers[FOL_CELLS] = {
	[FOL_LIST] = STR_INIT("清单"),	     [FOL_DUE] = STR_INIT("应办日期"),
	[FOL_NAME] = STR_INIT("姓名"),	     [FOL_MOBILE] = STR_INIT("手机"),
	[FOL_TEXT] = STR_INIT("事由"),	     [FOL_KEY] = STR_INIT("单号"),
	[FOL_VIN] = STR_INIT("车架号"),	     [FOL_PLATE] = STR_INIT("车牌号"),
	[FOL_CONTACT_NO] = STR_INIT("工单编号"), [FOL_HANDLER] = STR_INIT("经办人"),
	[FOL_CUSTOMER_ID] = STR_INIT("客户标识"),
};

struct line { /* being filled */
	const struct followup *of;
	const struct followup_rule *rule;
	struct desk *desk;
	struct own_rows own[2]; /* the dealer's own records of customer and car */
	struct record customer, car; /* the dealer's own; empty where it never sent one */
	struct str customer_id, car_id; /* their record ids */
	bool headquarters;
	struct arena *a;
};

/* The day stands in the record: as it is, or inside a resident's number. */
static bool gives_day(const struct line *l, const struct record *rec, enum field field)
{
	struct str value = rec->v[field], day = l->of->basis;

	if (field != F_ID_NUMBER)
		return value.n && str_eq(value, day);
	return value.n == 18 && day.n == 10 &&
	       str_eq((struct str){value.p + 6, 8},
		      str_printf(l->a, "%.4s%.2s%.2s", day.p, day.p + 5, day.p + 8));
}

static bool knows_day(const struct line *l)
{
	if (l->headquarters || (!l->rule->n_own && !l->of->known.n) || str_eq(l->of->known, STR("1")))
		return true;
	for (size_t i = 0; i < l->rule->n_own; i++)
		if (gives_day(l, &l->customer, l->rule->own[i]) ||
		    gives_day(l, &l->car, l->rule->own[i]))
			return true;
	return false;
}

static struct str own_phone(const struct line *l)
{
	struct str mobile = own_value(&l->own[0], OWN_MOBILE, l->desk, l->a);

	return mobile.n ? mobile : own_value(&l->own[0], OWN_PHONE, l->desk, l->a);
}

static void fill_customer(const struct line *l, struct str *cells)
{
	const struct str *v = l->customer.v;

	if (l->customer_id.n) {
		cells[FOL_KEY] = desk_key(desk_origin(l->desk, l->customer_id), &l->customer);
		cells[FOL_NAME] = own_value(&l->own[0], OWN_NAME, l->desk, l->a);
		cells[FOL_MOBILE] = own_phone(l);
		cells[FOL_HANDLER] = v[F_SALES_CONSULTANT].n ? v[F_SALES_CONSULTANT] : v[F_HANDLER];
	}
	if (l->headquarters) {
		cells[FOL_NAME] = l->of->name;
		cells[FOL_MOBILE] = l->of->mobile;
		return;
	}
	if (!cells[FOL_NAME].n)
		cells[FOL_NAME] = mask_value(l->a, F_NAME, l->of->name);
	if (!cells[FOL_MOBILE].n)
		cells[FOL_MOBILE] = mask_value(l->a, F_MOBILE, l->of->mobile);
}

static void fill_car(const struct line *l, struct str *cells)
{
	cells[FOL_VIN] = l->car_id.n || l->headquarters ? l->of->vin
							: mask_value(l->a, F_VIN, l->of->vin);
	cells[FOL_PLATE] = l->car.v[F_PLATE];
}

/* Whom to call, by a touch point that was recorded for this dealer: what its own records do not tell. */
static void fill_caller(const struct line *l, const struct record *rec, struct str *cells)
{
	static const enum field phones[] = { F_MOBILE, F_PHONE, F_CONTACT_PHONE };
	struct str phone = own_phone(l), name = own_value(&l->own[0], OWN_NAME, l->desk, l->a);

	for (size_t i = 0; i < sizeof(phones) / sizeof(*phones) && !phone.n; i++)
		phone = rec->v[phones[i]];
	if (phone.n)
		cells[FOL_MOBILE] = phone;
	if (!name.n && rec->v[F_NAME].n)
		cells[FOL_NAME] = rec->v[F_NAME];
}

/* Who handled it somewhere else is not the dealer's business. */
static void fill_contact(const struct line *l, struct str *cells)
{
	const struct origin *o = desk_origin(l->desk, l->of->record_id);
	struct str dealer = l->of->dealer;
	struct record rec;

	if (!l->of->record_id.n || !desk_record(l->desk, l->of->record_id, &rec, l->a))
		return;
	if (l->headquarters || str_eq(dealer_folder(o->sender, STR("")), dealer)) {
		cells[FOL_CONTACT_NO] = rec.v[F_CONTACT_NO];
		cells[FOL_HANDLER] = rec.v[F_HANDLER].n ? rec.v[F_HANDLER] : cells[FOL_HANDLER];
	} else if (rec.v[F_DEALER_CODE].n && str_eq(dealer_folder(rec.v[F_DEALER_CODE], STR("")), dealer)) {
		cells[FOL_CONTACT_NO] = rec.v[F_CONTACT_NO];
		fill_caller(l, &rec, cells);
	} else {
		cells[FOL_CONTACT_NO] = mask_number(l->a, rec.v[F_CONTACT_NO]);
	}
}

static void load(struct record *rec, struct str *id, const struct line *l, uint32_t place)
{
	*rec = (struct record){0};
	if (place != OWN_NONE)
		records_get(l->desk->records, place, rec, l->a);
	*id = rec->v[F_RECORD_ID];
}

static void add_line(struct buf *b, struct line *l)
{
	struct str cells[FOL_CELLS] = {0};
	const struct followup *of = l->of;

	load(&l->customer, &l->customer_id, l, l->own[0].newest);
	load(&l->car, &l->car_id, l, l->own[1].newest);
	cells[FOL_LIST] = l->rule->title[l->desk->r->opt.lang];
	cells[FOL_DUE] = knows_day(l) || of->due.n < 7 ? of->due : (struct str){of->due.p, 7};
	cells[FOL_TEXT] = of->text;
	cells[FOL_CUSTOMER_ID] = of->customer_id;
	fill_customer(l, cells);
	fill_car(l, cells);
	fill_contact(l, cells);
	people_csv_row(b, cells, FOL_CELLS);
}

/* The own records of customer and car for each line. */
static void find_own(struct own_rows (*rows)[2], const struct dealer *dealer, const struct clientele *p,
		     struct desk *d)
{
	struct own own = {0};
	size_t (*asked)[2] = xcalloc(dealer->n_followups, sizeof(*asked));

	for (size_t i = 0; i < dealer->n_followups; i++) {
		const struct followup *of = &dealer->followups[i];

		asked[i][0] = own_want_customer(&own, clientele_find(p, of->customer_id));
		asked[i][1] = own_want_car(&own, of->vin);
	}
	own_find(&own, dealer, p, d);
	for (size_t i = 0; i < dealer->n_followups; i++)
		for (int k = 0; k < 2; k++)
			rows[i][k] = own_rows_of(&own, asked[i][k]);
	free(asked);
	own_release(&own);
}

static void add_lines(struct buf *b, const struct dealer *dealer, const struct clientele *p, struct desk *d,
		      const struct followup_rules *rules)
{
	struct own_rows (*own)[2] = xcalloc(dealer->n_followups, sizeof(*own));
	struct arena a = {0};

	find_own(own, dealer, p, d);
	for (size_t i = 0; i < dealer->n_followups; i++, arena_reset(&a))
		add_line(b, &(struct line){
				    .of = &dealer->followups[i],
				    .rule = &rules->list[dealer->followups[i].rule],
				    .desk = d,
				    .own = {own[i][0], own[i][1]},
				    .headquarters = str_eq(dealer->name, STR("hq")),
				    .a = &a,
			    });
	arena_release(&a);
	free(own);
}

bool followups_write(const struct dealer *dealer, const struct clientele *p, struct desk *d,
		     const struct followup_rules *rules, struct fault *f)
{
	struct buf b = {.max = SIZE_MAX};
	struct arena a = {0};
	bool ok;

	people_csv_begin(&b);
	people_csv_row(&b, headers, FOL_CELLS);
	add_lines(&b, dealer, p, d, rules);
	ok = folder_put(str_keepz(&a, str_printf(&a, "%s/followup.csv", dealer->path)),
			buf_view(&b), f);
	arena_release(&a);
	buf_release(&b);
	return ok;
}
