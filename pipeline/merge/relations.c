#define _GNU_SOURCE /* qsort_r */
#include "relations.h"

#include <stdlib.h>

static void add(struct relations *rel, struct relation r)
{
	GROW(rel->list, rel->n, rel->cap);
	rel->list[rel->n++] = r;
}

void relations_collect(struct relations *rel, const struct record *rec, uint32_t witness)
{
	const struct str *v = rec->v;

	/* a contact person of the customer's own name is the customer */
	if ((v[F_CONTACT_NAME].n || v[F_CONTACT_PHONE].n) &&
	    !(v[F_CONTACT_NAME].n && str_eq(v[F_CONTACT_NAME], v[F_NAME])))
		add(rel, (struct relation){ .relation = STR("contact"),
					    .name = v[F_CONTACT_NAME],
					    .mobile = v[F_CONTACT_PHONE],
					    .witness = witness });
	if (v[F_RELATIVE_NAME].n || v[F_RELATIVE_MOBILE].n || v[F_RELATIVE_ID_NUMBER].n ||
	    v[F_RELATIVE_VIN].n)
		add(rel, (struct relation){ .relation = v[F_RELATIVE_RELATION].n ? v[F_RELATIVE_RELATION]
										: STR("relative"),
					    .name = v[F_RELATIVE_NAME],
					    .mobile = v[F_RELATIVE_MOBILE],
					    .id_number = v[F_RELATIVE_ID_NUMBER],
					    .vin = v[F_RELATIVE_VIN],
					    .witness = witness });
	if (v[F_REFERRER_MOBILE].n)
		add(rel, (struct relation){ .relation = STR("referrer"),
					    .mobile = v[F_REFERRER_MOBILE],
					    .witness = witness });
}

static int same_relation(const struct relation *x, const struct relation *y)
{
	int c = str_cmp(x->relation, y->relation);

	c = c ? c : str_cmp(x->name, y->name);
	c = c ? c : str_cmp(x->mobile, y->mobile);
	c = c ? c : str_cmp(x->id_number, y->id_number);
	return c ? c : str_cmp(x->vin, y->vin);
}

/* Equal ones side by side, the newest record first. */
static int by_relation(const void *a, const void *b, void *golden_case)
{
	const struct golden_case *c = golden_case;
	const struct relation *x = a, *y = b;
	const struct witness *w = &c->witnesses[x->witness], *v = &c->witnesses[y->witness];
	int order = same_relation(x, y);

	if (order)
		return order;
	if (w->day != v->day)
		return w->day > v->day ? -1 : 1;
	order = str_cmp(v->updated_at, w->updated_at);
	return order ? order : (w->place > v->place) - (w->place < v->place);
}

/* Who names a relative's car: of a row that a correction brought in, that row. */
static struct str said_by(const struct witness *w)
{
	return w->row && !field_set_has(&w->row->mended, F_RELATIVE_VIN) ? w->base : w->source;
}

void relations_emit(struct relations *rel, const struct golden_case *c, struct str customer,
		    struct rowset *relation, struct rowset *ownership)
{
	if (rel->n > 1)
		qsort_r(rel->list, rel->n, sizeof(*rel->list), by_relation, (void *)c);
	for (size_t i = 0; i < rel->n; i++) {
		const struct relation *r = &rel->list[i];
		const struct witness *w = &c->witnesses[r->witness];

		if (i && same_relation(r, &rel->list[i - 1]) == 0)
			continue;
		rowset_add(relation, (struct str[REL_COLUMNS]){
					     [REL_CUSTOMER_ID] = customer,
					     [REL_RELATION] = r->relation,
					     [REL_NAME] = r->name,
					     [REL_MOBILE] = r->mobile,
					     [REL_RELATED_CUSTOMER_ID] = r->id_number,
					     [REL_VIN] = r->vin,
					     [REL_RECORD_ID] = w->record_id,
				     });
		if (r->vin.n)
			rowset_add(ownership, (struct str[OWN_COLUMNS]){
						      [OWN_VIN] = r->vin,
						      [OWN_CUSTOMER_ID] = customer,
						      [OWN_ROLE] = STR("relative"),
						      [OWN_RECORD_ID] = w->record_id,
						      [OWN_SOURCE] = said_by(w),
					      });
	}
	rel->n = 0;
}

/* ---- who they are ---- */

static const uint64_t UNSEEN = 0, SEVERAL = UINT64_MAX; /* else 1 + the number of the customer */

static struct str key_of(char kind, struct str value, struct str name, struct buf *b)
{
	buf_reset(b);
	buf_char(b, kind);
	buf_str(b, value);
	buf_char(b, '\n');
	buf_str(b, name);
	return buf_view(b);
}

/* Pending customers are numbered behind the others. */
static void answer(struct map *asked, struct str key, size_t number)
{
	uint64_t *who = map_get(asked, key);

	if (who)
		*who = *who == UNSEEN ? number + 1 : SEVERAL;
}

static void answer_all(struct map *asked, const struct rowset *people, size_t first)
{
	struct buf b = { 0 };

	for (size_t i = 0; i < people->n; i++) {
		struct str id = rowset_value(people, i, CUS_ID_NUMBER);
		struct str mobile = rowset_value(people, i, CUS_MOBILE);
		struct str name = rowset_value(people, i, CUS_NAME);

		if (id.n)
			answer(asked, key_of('i', id, STR(""), &b), first + i);
		if (!mobile.n)
			continue;
		answer(asked, key_of('m', mobile, STR(""), &b), first + i);
		if (name.n)
			answer(asked, key_of('m', mobile, name, &b), first + i);
	}
	buf_release(&b);
}

static bool known(const struct map *asked, struct str key, uint64_t *who)
{
	const uint64_t *found = map_get(asked, key);

	if (!found || *found == UNSEEN || *found == SEVERAL)
		return false;
	*who = *found - 1;
	return true;
}

/* By ID number, else by mobile, and by the name too where the row has one. */
static struct str found(const struct map *asked, const struct str *row,
			const struct rowset *customer, const struct rowset *pending, struct buf *b)
{
	struct str id_number = row[REL_RELATED_CUSTOMER_ID], mobile = row[REL_MOBILE], id;
	uint64_t who;

	if (!(id_number.n && known(asked, key_of('i', id_number, STR(""), b), &who)) &&
	    !(mobile.n && known(asked, key_of('m', mobile, row[REL_NAME], b), &who)))
		return STR("");
	id = who < customer->n ? rowset_value(customer, who, CUS_CUSTOMER_ID)
			       : rowset_value(pending, who - customer->n, CUS_CUSTOMER_ID);
	return str_eq(id, row[REL_CUSTOMER_ID]) ? STR("") : id;
}

static void ask_all(struct map *asked, const struct rowset *relation)
{
	struct buf b = { 0 };
	struct str row[REL_COLUMNS];

	for (size_t i = 0; i < relation->n; i++) {
		rowset_get(relation, i, row);
		if (row[REL_RELATED_CUSTOMER_ID].n)
			map_put(asked, key_of('i', row[REL_RELATED_CUSTOMER_ID], STR(""), &b),
				UNSEEN, NULL);
		if (row[REL_MOBILE].n)
			map_put(asked, key_of('m', row[REL_MOBILE], row[REL_NAME], &b), UNSEEN,
				NULL);
	}
	buf_release(&b);
}

void relations_settle(struct rowset *relation, const struct rowset *customer,
		      const struct rowset *pending)
{
	struct rowset settled;
	struct map asked = { 0 };
	struct buf b = { 0 };
	struct str row[REL_COLUMNS];

	ask_all(&asked, relation);
	answer_all(&asked, customer, 0);
	answer_all(&asked, pending, customer->n);
	rowset_init(&settled, &table_relation);
	for (size_t i = 0; i < relation->n; i++) {
		rowset_get(relation, i, row);
		row[REL_RELATED_CUSTOMER_ID] = found(&asked, row, customer, pending, &b);
		rowset_add(&settled, row);
	}
	rowset_release(relation);
	*relation = settled;
	map_release(&asked);
	buf_release(&b);
}
