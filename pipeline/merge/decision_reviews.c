/*
 * Decisions about values that cannot be carried out as they stand: two that contradict each
 * other (the later counts), one that names a customer, car or attribute that is none, or one that
 * accepts a value which only follows from another. They are told with their names; the rest goes on.
 */
#include "results.h"

enum decision_fault { CONTRADICTS, NOBODY_NAMED, NO_ATTRIBUTE, FOLLOWS, FAULT_COUNT };

static const char *const reasons[FAULT_COUNT][LANG_COUNT] = {
	[CONTRADICTS] = { "与另一项决定（%.*s）互相矛盾，以较晚的决定为准（%.*s, %.*s）",
			  "contradicts another decision (%.*s); the later one counts (%.*s, %.*s)" },
	[NOBODY_NAMED] = { "决定中的客户或车辆不存在，未执行（%.*s%.*s, %.*s）",
			   "a decision that names an unknown customer or car; left out (%.*s%.*s, %.*s)" },
	[NO_ATTRIBUTE] = { "决定中的属性“%.*s”不存在，未执行（%.*s, %.*s）",
			   "a decision about \"%.*s\", which is no attribute; left out (%.*s, %.*s)" },
	[FOLLOWS] = { "属性“%.*s”取决于各条记录的证件号码（或整个地址），不能单独接受，未执行（%.*s, %.*s）",
		      "accepts \"%.*s\", which follows from the ID numbers of the records (or an address as a whole) "
		      "and is not decided alone; left out (%.*s, %.*s)" },
};

static void tell(struct merge *m, struct results *to, size_t row, enum decision_fault fault,
		 struct str about)
{
	struct str v[DEC_COLUMNS];
	struct arena a = { 0 };
	char id[16];

	rowset_get(m->decisions.rows, row, v);
	reject_id_make(v[DEC_DECISION_ID], about, STR("decision"), id);
	rowset_add(&to->review,
		   (struct str[REV_COLUMNS]){
			   [REV_REVIEW_ID] = { id, sizeof(id) },
			   [REV_KIND] = STR("ambiguous_match"),
			   [REV_CUSTOMER_ID] = v[DEC_CUSTOMER_ID],
			   [REV_ATTRIBUTE] = STR("decision"),
			   [REV_CURRENT_VALUE] = v[DEC_DECISION_ID],
			   [REV_RECORD_ID] = v[DEC_RECORD_ID],
			   [REV_REASON] = str_printf(&a, reasons[fault][m->run->opt.lang], STR_FMT(about),
						     STR_FMT(v[DEC_ACTION]), STR_FMT(v[DEC_WHO])),
		   });
	m->run->needs_person = true;
	arena_release(&a);
}

static bool is_change(const struct rowset *rows, size_t row)
{
	struct str action = rowset_value(rows, row, DEC_ACTION);

	return str_eq(action, STR("accept_change")) || str_eq(action, STR("refuse_change"));
}

static bool is_somebody(const struct merge *m, const struct results *to, size_t row)
{
	struct arena a = { 0 };
	struct str named = decision_subject(m, row, &a);
	bool known = master_row(&to->customer, named) >= 0 || master_row(&to->pending, named) >= 0 ||
		     master_row(&to->vehicle, named) >= 0;

	arena_release(&a);
	return known;
}

/* Record that a decision names -> line of the corrections + 1, 0 where it is none. */
static void find_corrections(const struct merge *m, struct map *named)
{
	const struct rowset *rows = m->decisions.rows;

	for (size_t i = 0; i < rows->n; i++)
		if (is_change(rows, i) && rowset_value(rows, i, DEC_RECORD_ID).n)
			map_put(named, rowset_value(rows, i, DEC_RECORD_ID), 0, NULL);
	for (size_t i = 0; named->n && i < m->corrections->n; i++) {
		uint64_t *line = map_get(named, rowset_value(m->corrections, i, COR_RECORD_ID));

		if (line && !*line)
			*line = i + 1;
	}
}

/* It let a dealer's correction in (clean), whatever key its customer had then. */
static bool is_carried_out(const struct merge *m, const struct map *corrections, size_t row)
{
	struct str record = rowset_value(m->decisions.rows, row, DEC_RECORD_ID);
	const uint64_t *line = record.n ? map_get(corrections, record) : NULL;

	return line && *line &&
	       str_ends(rowset_value(m->corrections, *line - 1, COR_REASON),
			rowset_value(m->decisions.rows, row, DEC_DECISION_ID));
}

/* What a golden record has: a row's key, its day and the like are no one's but the row's. */
static bool is_attribute(struct str name)
{
	enum field field = field_find(name);

	return (entity_has(ENTITY_CUSTOMER, field) && table_column(&table_customer, name) >= 0) ||
	       (entity_has(ENTITY_VEHICLE, field) && table_column(&table_vehicle, name) >= 0);
}

/* That the number is that record's is true of a record of the customer; one that is no more says
 * nothing. */
static bool has_record(const struct merge *m, size_t row, struct str customer)
{
	struct str record = rowset_value(m->decisions.rows, row, DEC_RECORD_ID);
	ptrdiff_t place = mendings_find_newest(&m->mendings, record);

	return record.n && (place < 0 || str_eq(customer_of(m, (uint32_t)place), customer));
}

/* Does it accept another value than that which the customer's ID number or address gives? */
static bool accepts_what_follows(const struct merge *m, const struct results *to, size_t row)
{
	struct str customer = decision_customer(m, row), v[DEC_COLUMNS], golden[CUS_COLUMNS];
	ptrdiff_t at = master_row(&to->customer, customer);
	const struct rowset *table = at >= 0 ? &to->customer : &to->pending;
	enum field field;
	int column;

	rowset_get(m->decisions.rows, row, v);
	field = field_find(v[DEC_ATTRIBUTE]);
	column = table_column(table->def, v[DEC_ATTRIBUTE]);
	at = at >= 0 ? at : master_row(&to->pending, customer);
	if (at < 0 || column < 0 || !entity_has(ENTITY_CUSTOMER, field) ||
	    decision_on(m, customer, v[DEC_ATTRIBUTE], v[DEC_VALUE]) != CHANGE_ACCEPTED)
		return false;
	rowset_get(table, (size_t)at, golden);
	if (str_eq(golden[column], v[DEC_VALUE]))
		return false;
	if (field == F_GENDER || field == F_BIRTH_DATE)
		return golden_is_resident(golden[CUS_ID_TYPE], golden[CUS_ID_NUMBER]);
	if (field == F_ID_NUMBER)
		return !has_record(m, row, customer);
	return golden_leader(ENTITY_CUSTOMER, field) != field;
}

void decisions_review(struct merge *m, struct results *to)
{
	const struct decisions *d = &m->decisions;
	struct map corrections = { 0 };

	find_corrections(m, &corrections);
	for (size_t i = 0; i < d->rows->n; i++) {
		struct str attribute = rowset_value(d->rows, i, DEC_ATTRIBUTE);

		if (!is_change(d->rows, i) || is_carried_out(m, &corrections, i))
			continue;
		if (!is_somebody(m, to, i))
			tell(m, to, i, NOBODY_NAMED, STR(""));
		else if (!is_attribute(attribute))
			tell(m, to, i, NO_ATTRIBUTE, attribute);
		else if (accepts_what_follows(m, to, i))
			tell(m, to, i, FOLLOWS, attribute);
	}
	map_release(&corrections);
	for (size_t i = 0; i < d->n_contradictions; i++) {
		const struct contradiction *c = &d->contradictions[i];

		tell(m, to, c->earlier, CONTRADICTS, rowset_value(d->rows, c->later, DEC_DECISION_ID));
		tell(m, to, c->later, CONTRADICTS, rowset_value(d->rows, c->earlier, DEC_DECISION_ID));
	}
}
