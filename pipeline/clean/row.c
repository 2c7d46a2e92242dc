/* What checks do to the record that they look at. */
#include "step.h"

/* The strongest action of two that speak of one fault. */
static enum action stronger(enum action a, enum action b)
{
	static const int strength[] = {
		[ACTION_REJECT] = 3,
		[ACTION_BLANK] = 2,
		[ACTION_WARN] = 1,
		[ACTION_FIX] = 0,
	};

	return strength[a] > strength[b] ? a : b;
}

static struct str joined(struct str one, struct str other, struct arena *a)
{
	if (!one.n || !other.n)
		return one.n ? one : other;
	return str_printf(a, "%.*s; %.*s", STR_FMT(one), STR_FMT(other));
}

void row_blank(struct row *row, enum field field)
{
	row->rec->v[field] = STR("");
	add_field(row->failed, field);
}

bool row_may_fill(const struct row *row, enum field field)
{
	const struct str *headers = row->context->headers;

	return !row->rec->v[field].n && !has_field(row->failed, field) &&
	       (!headers || !headers[field].n);
}

/* Two fields that one cell of the export feeds; one of them may have been taken from it as the
 * first filled of several, whose headers are joined by "|". */
static bool same_cell(const struct row *row, enum field a, enum field b)
{
	const struct str *headers = row->context->headers;

	if (!headers || a >= F_COUNT || b >= F_COUNT || !headers[a].n || !headers[b].n ||
	    !str_eq(row->raw[a], row->raw[b]))
		return false;
	return str_eq(headers[a], headers[b]) ||
	       (row->raw[a].n &&
		(str_is_one_of(headers[a], headers[b], '|') || str_is_one_of(headers[b], headers[a], '|')));
}

static struct told *told_before(struct row *row, const struct told *fault)
{
	for (size_t i = 0; i < row->n_told; i++) {
		struct told *t = &row->told[i];

		if (t->code == fault->code &&
		    (t->field == fault->field || same_cell(row, t->field, fault->field)))
			return t;
	}
	return NULL;
}

/* Growing by arena: a row with more than a handful of faults is rare. */
static struct told *told_room(struct row *row)
{
	if (row->n_told == row->cap_told) {
		size_t cap = row->cap_told ? row->cap_told * 4 : 8;
		struct told *grown = arena_alloc(row->a, cap * sizeof(*grown));

		if (row->n_told)
			memcpy(grown, row->told, row->n_told * sizeof(*grown));
		row->told = grown;
		row->cap_told = cap;
	}
	return &row->told[row->n_told++];
}

void row_tell(struct row *row, const struct told *fault)
{
	struct told *before = told_before(row, fault);

	row->tellings++;
	if (fault->field != F_COUNT && action_drops(fault->action))
		row_blank(row, fault->field);
	if (!before) {
		*told_room(row) = *fault;
		return;
	}
	if (before->field == fault->field && !str_eq(before->detail, fault->detail))
		before->detail = joined(before->detail, fault->detail, row->a);
	before->action = stronger(before->action, fault->action);
}

void row_fault(struct row *row, const struct step *step, enum field field, const struct code *code,
	       struct str detail, struct str suggestion)
{
	const struct told fault = {
		.field = field,
		.code = code,
		.action = step->has_action ? step->action : code->action,
		.detail = detail,
		.suggestion = suggestion,
	};

	row_tell(row, &fault);
}

static enum action action_of(const struct step *step, const struct finding *finding,
			     const struct code *code)
{
	if (finding->weight == FINDING_FIXED)
		return ACTION_FIX;
	if (step->has_action)
		return step->action;
	return finding->weight == FINDING_DOUBT ? ACTION_WARN : code->action;
}

static bool is_kept(const struct row *row, const struct step *step, const struct verdict *v)
{
	for (size_t i = 0; i < v->n; i++) {
		const struct finding *finding = &v->findings[i];

		if (action_drops(action_of(step, finding,
					   row->cleaner->known.of_reason[finding->reason])))
			return false;
	}
	return true;
}

void row_judge(struct row *row, const struct step *step, enum field field, const struct verdict *v)
{
	bool kept = is_kept(row, step, v);

	row->rec->v[field] = v->value;
	for (size_t i = 0; i < v->n; i++) {
		const struct finding *finding = &v->findings[i];
		const struct code *code = row->cleaner->known.of_reason[finding->reason];
		struct told fault = {
			.field = field,
			.code = code,
			.action = action_of(step, finding, code),
			.detail = finding_detail(row->cleaner->ref, finding, row->context->lang,
						 row->a),
			.suggestion = v->suggestion,
		};

		if (finding->weight == FINDING_FIXED && !kept)
			continue; /* a repair of what is not used is nothing to tell */
		if (finding->weight == FINDING_FIXED)
			fault.corrected = v->value;
		row_tell(row, &fault);
	}
}

void row_reject(struct row *row)
{
	struct told fault = {
		.field = F_COUNT,
		.code = row->cleaner->known.row_empty,
		.action = ACTION_REJECT,
	};
	bool at_hand = false;

	for (size_t i = 0; i < row->n_told; i++) {
		struct told *t = &row->told[i];

		if (t->field == F_COUNT || t->action == ACTION_FIX ||
		    !has_field(row->keys, t->field))
			continue;
		t->action = ACTION_REJECT;
		at_hand = true;
	}
	if (!at_hand)
		row_tell(row, &fault);
}
