/*
 * Decisions of people about values: accept_change and refuse_change. They name a customer
 * (whose key may have changed since), for a vehicle its VIN, a record that speaks of it, or one of
 * its customers. What is said of the car itself counts before what is said of a customer's cars.
 */
#include "merge.h"

#include <stdlib.h>

static struct str subject(struct str customer, struct str attribute, struct str value, struct buf *b)
{
	buf_reset(b);
	buf_str(b, customer);
	buf_char(b, '\n');
	buf_str(b, attribute);
	buf_char(b, '\n');
	buf_str(b, value);
	return buf_view(b);
}

struct str decision_customer(const struct merge *m, size_t row)
{
	struct str customer = rowset_value(m->decisions.rows, row, DEC_CUSTOMER_ID);

	for (size_t steps = 0; steps <= m->superseded->n; steps++) {
		const uint64_t *moved = map_get(&m->decisions.superseded, customer);

		if (!moved)
			break;
		customer = rowset_value(m->superseded, *moved, SUP_NEW_ID);
	}
	return customer;
}

/* The VIN that the record gives now, also where it is a correction; empty where it has none, or is none. */
static struct str car_of(const struct merge *m, struct str record_id, struct arena *a)
{
	ptrdiff_t place = mendings_find_newest(&m->mendings, record_id);
	const struct mending *mending = place < 0 ? NULL : mendings_by(&m->mendings, (size_t)place);
	struct record rec;

	if (place < 0)
		return STR("");
	if (mending && mending->base != MENDS_NOTHING)
		place = mendings_newest(&m->mendings, mending->base);
	mendings_record(&m->mendings, (size_t)place, &rec, a);
	return rec.v[F_VIN];
}

struct str decision_subject(const struct merge *m, size_t row, struct arena *a)
{
	struct str record_id = rowset_value(m->decisions.rows, row, DEC_RECORD_ID), vin = STR("");

	if (record_id.n && field_is_of_a_car(field_find(rowset_value(m->decisions.rows, row, DEC_ATTRIBUTE))))
		vin = car_of(m, record_id, a);
	return vin.n ? vin : decision_customer(m, row);
}

static void contradict(struct decisions *d, size_t earlier, size_t later)
{
	GROW(d->contradictions, d->n_contradictions, d->cap_contradictions);
	d->contradictions[d->n_contradictions++] = (struct contradiction){ earlier, later };
}

/* Of a row that was mended and sent again the same is asked under its newest name. */
static void index_answer(struct merge *m, const struct str *v, size_t row, struct buf *b)
{
	ptrdiff_t newest = mendings_find_newest(&m->mendings, v[DEC_RECORD_ID]);
	struct arena a = { 0 };
	struct str name = newest < 0 ? STR("") : records_value(m->records, (size_t)newest, F_RECORD_ID, &a);

	map_put(&m->decisions.answers, subject(v[DEC_RECORD_ID], v[DEC_ATTRIBUTE], STR(""), b), row, NULL);
	if (name.n)
		map_put(&m->decisions.answers, subject(name, v[DEC_ATTRIBUTE], STR(""), b), row, NULL);
	arena_release(&a);
}

static void index_decision(struct merge *m, size_t row, struct buf *b, struct arena *a)
{
	struct decisions *d = &m->decisions;
	struct str v[DEC_COLUMNS], whose = decision_subject(m, row, a);
	enum change_verdict verdict;
	uint64_t *known, *said;
	bool added;

	rowset_get(d->rows, row, v);
	verdict = str_eq(v[DEC_ACTION], STR("accept_change")) ? CHANGE_ACCEPTED : CHANGE_REFUSED;
	if (verdict == CHANGE_REFUSED && !str_eq(v[DEC_ACTION], STR("refuse_change")))
		return;
	said = map_put(&d->said, subject(whose, v[DEC_ATTRIBUTE], v[DEC_VALUE], b), row, NULL);
	known = map_put(&d->verdicts, buf_view(b), verdict, NULL);
	if (*known != verdict)
		contradict(d, *said, row);
	*said = row;
	*known = verdict;
	if (verdict == CHANGE_ACCEPTED)
		index_answer(m, v, row, b);
	if (verdict != CHANGE_ACCEPTED || str_eq(v[DEC_ATTRIBUTE], STR("id_number")))
		return; /* a customer has as many ID numbers as documents */
	known = map_put(&d->accepted, subject(whose, v[DEC_ATTRIBUTE], STR(""), b), row, &added);
	if (!added && !str_eq(rowset_value(d->rows, *known, DEC_VALUE), v[DEC_VALUE]))
		contradict(d, *known, row);
	*known = row;
}

void decisions_index(struct merge *m, const struct rowset *rows)
{
	struct buf b = { 0 };
	struct arena a = { 0 };

	m->decisions.rows = rows;
	for (size_t i = 0; rows->n && i < m->superseded->n; i++)
		map_put(&m->decisions.superseded, rowset_value(m->superseded, i, SUP_OLD_ID), i, NULL);
	for (size_t i = 0; i < rows->n; i++, arena_reset(&a))
		index_decision(m, i, &b, &a);
	arena_release(&a);
	buf_release(&b);
}

void decisions_release(struct decisions *d)
{
	map_release(&d->superseded);
	map_release(&d->verdicts);
	map_release(&d->accepted);
	map_release(&d->said);
	map_release(&d->answers);
	free(d->contradictions);
}

enum change_verdict decision_on(const struct merge *m, struct str customer, struct str attribute,
				struct str value)
{
	struct buf b = { 0 };
	const uint64_t *verdict = NULL;

	if (m->decisions.verdicts.n)
		verdict = map_get(&m->decisions.verdicts, subject(customer, attribute, value, &b));
	buf_release(&b);
	return verdict ? (enum change_verdict)*verdict : CHANGE_UNDECIDED;
}

bool decisions_answer(const struct merge *m, const struct str *review)
{
	struct buf b = { 0 };
	bool answered = m->decisions.answers.n && str_eq(review[REV_KIND], STR("possible_duplicate")) &&
			map_get(&m->decisions.answers,
				subject(review[REV_RECORD_ID], review[REV_ATTRIBUTE], STR(""), &b)) &&
			decision_on(m, review[REV_CUSTOMER_ID], review[REV_ATTRIBUTE],
				    review[REV_NEW_VALUE]) == CHANGE_ACCEPTED;

	buf_release(&b);
	return answered;
}

/* Looks a subject up under the key of the case, then under the customers of a vehicle. */
static const uint64_t *look_up(const struct merge *m, const struct map *map,
			       const struct golden_case *c, enum field attribute, struct str value)
{
	struct buf b = { 0 };
	const uint64_t *found;

	if (map->n == 0)
		return NULL;
	found = map_get(map, subject(c->key, field_name(attribute), value, &b));
	for (size_t i = 0; !found && c->entity == ENTITY_VEHICLE && i < c->n; i++) {
		struct str customer = customer_of(m, (uint32_t)c->witnesses[i].place);

		if (customer.n) /* not all that nobody owns or brought in */
			found = map_get(map, subject(customer, field_name(attribute), value, &b));
	}
	buf_release(&b);
	return found;
}

enum change_verdict change_decided(void *merge, const struct golden_case *c, enum field attribute,
				   struct str value)
{
	const struct merge *m = merge;
	const uint64_t *verdict = look_up(m, &m->decisions.verdicts, c, attribute, value);

	return verdict ? (enum change_verdict)*verdict : CHANGE_UNDECIDED;
}

struct str change_accepted(void *merge, const struct golden_case *c, enum field attribute)
{
	const struct merge *m = merge;
	const uint64_t *row = look_up(m, &m->decisions.accepted, c, attribute, STR(""));
	struct str value;

	if (!row)
		return STR("");
	value = rowset_value(m->decisions.rows, *row, DEC_VALUE);
	if (change_decided(merge, c, attribute, value) != CHANGE_ACCEPTED)
		return STR(""); /* refused later */
	if (c->entity != ENTITY_VEHICLE)
		return value;
	/* its customer may have several cars: only the one whose records say so */
	for (size_t i = 0; i < c->of[attribute].n; i++)
		if (str_eq(c->of[attribute].list[i].value, value))
			return value;
	return STR("");
}
