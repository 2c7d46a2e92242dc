/*
 * Decisions about values that cannot be carried out as they stand: two that contradict each
 * other (the later counts), or one that names a customer, car or attribute that is none. They
 * are told with their names; the rest goes on.
 */
#include "results.h"

enum decision_fault { CONTRADICTS, NOBODY_NAMED, NO_ATTRIBUTE, FAULT_COUNT };

static const char *const reasons[FAULT_COUNT][LANG_COUNT] = {
	[CONTRADICTS] = { "与另一项决定（%.*s）互相矛盾，以较晚的决定为准（%.*s, %.*s）",
			  "contradicts another decision (%.*s); the later one counts (%.*s, %.*s)" },
	[NOBODY_NAMED] = { "决定中的客户或车辆不存在，未执行（%.*s%.*s, %.*s）",
			   "a decision that names an unknown customer or car; left out (%.*s%.*s, %.*s)" },
	[NO_ATTRIBUTE] = { "决定中的属性“%.*s”不存在，未执行（%.*s, %.*s）",
			   "a decision about \"%.*s\", which is no attribute; left out (%.*s, %.*s)" },
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
	struct str named = decision_customer(m, row);

	return master_row(&to->customer, named) >= 0 || master_row(&to->pending, named) >= 0 ||
	       master_row(&to->vehicle, named) >= 0;
}

/* It let a dealer's correction in (clean), whatever key its customer had then. */
static bool is_carried_out(const struct merge *m, size_t row)
{
	struct str record = rowset_value(m->decisions.rows, row, DEC_RECORD_ID);

	for (size_t i = 0; record.n && i < m->corrections->n; i++)
		if (str_eq(rowset_value(m->corrections, i, COR_RECORD_ID), record))
			return str_ends(rowset_value(m->corrections, i, COR_REASON),
					rowset_value(m->decisions.rows, row, DEC_DECISION_ID));
	return false;
}

static bool is_attribute(struct str name)
{
	enum field field = field_find(name);

	return field != F_COUNT && (entity_has(ENTITY_CUSTOMER, field) || entity_has(ENTITY_VEHICLE, field));
}

void decisions_review(struct merge *m, struct results *to)
{
	const struct decisions *d = &m->decisions;

	for (size_t i = 0; i < d->rows->n; i++) {
		struct str attribute = rowset_value(d->rows, i, DEC_ATTRIBUTE);

		if (!is_change(d->rows, i) || is_carried_out(m, i))
			continue;
		if (!is_somebody(m, to, i))
			tell(m, to, i, NOBODY_NAMED, STR(""));
		else if (!is_attribute(attribute))
			tell(m, to, i, NO_ATTRIBUTE, attribute);
	}
	for (size_t i = 0; i < d->n_contradictions; i++) {
		const struct contradiction *c = &d->contradictions[i];

		tell(m, to, c->earlier, CONTRADICTS, rowset_value(d->rows, c->later, DEC_DECISION_ID));
		tell(m, to, c->later, CONTRADICTS, rowset_value(d->rows, c->earlier, DEC_DECISION_ID));
	}
}
