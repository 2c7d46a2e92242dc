#include "standard.h"

#include "rules.h"

#include <stdlib.h>

enum need_of { NEED_CUSTOMER, NEED_VEHICLE, NEED_CONTACT, NEED_COMPANY };

struct standard_need {
	enum need_of of;
	int column; /* of that table */
	unsigned alternative; /* of its item; all needs of one alternative must be met */
	uint64_t bit; /* what a car or touch point gives is gathered for each customer */
};

/* The table that a word speaks of; the word is left without its prefix. */
static const struct table_def *need_table(struct standard_need *need, struct str *word)
{
	static const struct {
		struct str prefix;
		enum need_of of;
		const struct table_def *table;
	} others[] = {
		{STR_INIT("vehicle."), NEED_VEHICLE, &table_vehicle},
		{STR_INIT("contact."), NEED_CONTACT, &table_contact},
	};
	const struct table_def *table = &table_customer;

	need->of = NEED_CUSTOMER;
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		if (str_starts(*word, others[i].prefix)) {
			need->of = others[i].of;
			table = others[i].table;
			word->p += others[i].prefix.n;
			word->n -= others[i].prefix.n;
		}
	return table;
}

static bool need_parse(struct standard_need *need, struct str word, const struct rules *r,
		       const struct rule_row *row, struct fault *f)
{
	const struct table_def *table;

	if (str_eq(word, STR("company"))) {
		need->of = NEED_COMPANY;
		need->column = table_column(&table_customer, STR("customer_type"));
		return true;
	}
	table = need_table(need, &word);
	need->column = table_column(table, word);
	return need->column >= 0 || rules_unknown_column(r, row->line, f, word, &table, 1);
}

/* "province+city|address" */
static bool needs_parse(struct standard_item *item, struct standard *s, const struct rules *r,
			const struct rule_row *row, struct fault *f)
{
	struct standard_need *needs = arena_alloc(&s->arena, (row->v[3].n + 1) * sizeof(*needs));
	struct str rest = row->v[3], alternative, word;
	unsigned number = 0;
	bool ok = true;

	for (; str_cut(&rest, '|', &alternative); number++)
		while (str_cut(&alternative, '+', &word)) {
			struct standard_need *need = &needs[item->n_needs++];

			*need = (struct standard_need){.alternative = number};
			ok &= need_parse(need, str_trim(word), r, row, f);
			if (need->of == NEED_CUSTOMER || need->of == NEED_COMPANY)
				continue;
			if (s->n_bits == 64)
				ok = rules_mistake(r, row->line, f,
						   "more than 64 values of cars and contacts");
			else
				need->bit = 1ull << s->n_bits++;
		}
	item->needs = needs;
	return ok;
}

static bool item_read(struct standard *s, const struct rules *r, const struct rule_row *row,
		      struct fault *f)
{
	static const char *const yes_no[] = {"no", "yes", NULL};
	int qualified = rules_choice(r, row, "qualified", row->v[4], yes_no, f);
	struct standard_item *item = &s->list[s->n];

	if (s->n == STANDARD_MOST)
		return rules_mistake(r, row->line, f, "more than %d items", STANDARD_MOST);
	*item = (struct standard_item){
		.name = row->v[0],
		.label = {row->v[1], row->v[2]},
		.qualified = qualified == 1,
	};
	if (item->qualified)
		s->qualified |= 1ull << s->n;
	s->n++;
	return needs_parse(item, s, r, row, f) && qualified >= 0;
}

bool standard_load(struct standard *s, const char *rules_dir, struct fault *f)
{
	static const struct rule_column columns[] = {
		{"item", RULE_FILLED},	{"label_zh", RULE_FILLED},  {"label_en", RULE_FILLED},
		{"needs", RULE_FILLED}, {"qualified", RULE_FILLED}, {"note", RULE_MAY_LACK},
		{NULL, RULE_FREE},
	};
	struct rules r;
	bool ok;

	*s = (struct standard){0};
	ok = rules_read(&r, rules_dir, "standard.csv", columns, &s->arena, f);
	ok &= rules_once(&r, 1, f);
	for (size_t i = 0; i < r.n; i++)
		ok &= item_read(s, &r, &r.rows[i], f);
	return ok;
}

void standard_release(struct standard *s)
{
	arena_release(&s->arena);
}

bool standard_check(const char *rules_dir, struct fault *f)
{
	struct standard s;
	bool ok = standard_load(&s, rules_dir, f);

	standard_release(&s);
	return ok;
}

static uint64_t bits_given(const struct standard *s, enum need_of of, const struct str *v)
{
	uint64_t bits = 0;

	for (size_t i = 0; i < s->n; i++)
		for (size_t k = 0; k < s->list[i].n_needs; k++) {
			const struct standard_need *need = &s->list[i].needs[k];

			if (need->of == of && v[need->column].n)
				bits |= need->bit;
		}
	return bits;
}

static void give(const struct map *places, uint64_t *given, struct str customer_id, uint64_t bits)
{
	const uint64_t *at = bits ? map_get(places, customer_id) : NULL;

	if (at)
		given[*at] |= bits;
}

static void give_of_cars(const struct standard *s, const struct standard_tables *t,
			 const struct map *places, uint64_t *given)
{
	int id = table_column(t->ownership->def, STR("customer_id"));
	int role = table_column(t->ownership->def, STR("role"));
	int until = table_column(t->ownership->def, STR("until"));
	int vin = table_column(t->ownership->def, STR("vin"));
	int vehicle_vin = table_column(t->vehicle->def, STR("vin"));
	struct str v[TABLE_MAX_COLUMNS];
	struct map cars = {0};

	for (size_t i = 0; i < t->vehicle->n; i++) {
		rowset_get(t->vehicle, i, v);
		map_put(&cars, v[vehicle_vin], bits_given(s, NEED_VEHICLE, v), NULL);
	}
	for (size_t i = 0; i < t->ownership->n; i++) {
		const uint64_t *bits = map_get(&cars, rowset_value(t->ownership, i, vin));

		if (bits && str_eq(rowset_value(t->ownership, i, role), STR("owner")) &&
		    !rowset_value(t->ownership, i, until).n)
			give(places, given, rowset_value(t->ownership, i, id), *bits);
	}
	map_release(&cars);
}

static void give_of_contacts(const struct standard *s, const struct standard_tables *t,
			     const struct map *places, uint64_t *given)
{
	int id = table_column(t->contact->def, STR("customer_id"));
	struct str v[TABLE_MAX_COLUMNS];

	for (size_t i = 0; i < t->contact->n; i++) {
		rowset_get(t->contact, i, v);
		if (v[id].n)
			give(places, given, v[id], bits_given(s, NEED_CONTACT, v));
	}
}

static bool need_met(const struct standard_need *need, const struct str *customer, uint64_t given)
{
	switch (need->of) {
	case NEED_CUSTOMER:
		return customer[need->column].n != 0;
	case NEED_COMPANY:
		return str_eq(customer[need->column], STR("company"));
	default:
		return given & need->bit;
	}
}

static bool item_met(const struct standard_item *item, const struct str *customer, uint64_t given)
{
	for (size_t k = 0; k < item->n_needs;) {
		unsigned alternative = item->needs[k].alternative;
		bool met = true;

		for (; k < item->n_needs && item->needs[k].alternative == alternative; k++)
			met &= need_met(&item->needs[k], customer, given);
		if (met)
			return true;
	}
	return false;
}

static uint64_t row_lacks(const struct standard *s, const struct str *customer, uint64_t given)
{
	uint64_t lacking = 0;

	for (size_t i = 0; i < s->n; i++)
		if (!item_met(&s->list[i], customer, given))
			lacking |= 1ull << i;
	return lacking;
}

uint64_t *standard_lacking(const struct standard *s, const struct standard_tables *t,
			   const struct map *places)
{
	size_t customers = t->people[0]->n, all = customers + t->people[1]->n;
	uint64_t *lacking = xcalloc(all, sizeof(*lacking));
	struct str v[TABLE_MAX_COLUMNS];

	give_of_cars(s, t, places, lacking);
	give_of_contacts(s, t, places, lacking);
	for (size_t i = 0; i < all; i++) {
		bool pending = i >= customers;

		rowset_get(t->people[pending], pending ? i - customers : i, v);
		lacking[i] = row_lacks(s, v, lacking[i]);
	}
	return lacking;
}
