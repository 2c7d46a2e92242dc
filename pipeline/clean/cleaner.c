#include "step.h"

#include "date.h"
#include "memo.h"

#include <stdlib.h>

static bool condition_holds(const struct condition *when, const struct row *row)
{
	const struct str *v = row->rec->v;

	switch (when->kind) {
	case WHEN_PERSON:
		return str_eq(v[F_CUSTOMER_TYPE], STR("person"));
	case WHEN_COMPANY:
		return str_eq(v[F_CUSTOMER_TYPE], STR("company"));
	case WHEN_SOURCE:
		return str_is_one_of(v[F_SOURCE], when->values, '|');
	case WHEN_SCHEMA:
		return str_is_one_of(row->context->schema, when->values, '|');
	case WHEN_VALUE:
		return str_is_one_of(v[when->field], when->values, '|');
	}
	BUG("condition %d", when->kind);
}

bool conditions_hold(const struct step *step, const struct row *row)
{
	for (size_t i = 0; i < step->n_when; i++)
		if (condition_holds(&step->when[i], row) == step->when[i].negated)
			return false;
	return true;
}

void row_start(struct row *row, const struct cleaner *c, const struct clean_context *context,
	       struct record *rec, const struct str *raw, struct arena *a)
{
	int32_t day = date_day(rec->v[F_OBSERVED_ON]);

	*row = (struct row){
		.cleaner = c,
		.context = context,
		.rec = rec,
		.raw = raw,
		.a = a,
		.today = day == INT32_MIN ? 0 : day,
	};
}

/* From op i to before `end`; returns where to go on. */
static size_t run_ops(struct row *row, const struct plan *plan, size_t i, size_t end)
{
	const struct str *v = row->rec->v;

	while (i < end) {
		const struct op *op = &plan->ops[i];

		if (!op->on_empty && !v[op->field].n) {
			i = op->if_empty;
			continue;
		}
		if (!op->step->n_when || conditions_hold(op->step, row))
			op->step->run(row, op->step);
		i++;
	}
	return i;
}

/* The series of checks that begins at op i. */
static size_t run_group(struct row *row, const struct plan *plan, size_t i)
{
	const struct op *op = &plan->ops[i];
	struct str *value = &row->rec->v[op->field];
	const struct memo_key key = {*value, op->group, row->today};
	size_t tellings = row->tellings, next;

	if (memo_find(row->memo, &key, value, row->a))
		return op->group_end;
	next = run_ops(row, plan, i, op->group_end);
	if (row->tellings == tellings)
		memo_put(row->memo, &key, *value);
	return next;
}

static void run_steps(struct row *row)
{
	const struct plan *plan = &row->cleaner->plans[row->rec->feeds];

	for (size_t i = 0; i < plan->n;) {
		const struct op *op = &plan->ops[i];

		if (row->memo && op->group && row->rec->v[op->field].n)
			i = run_group(row, plan, i);
		else
			i = run_ops(row, plan, i, i + 1);
	}
}

static struct str header_of(const struct clean_context *context, enum field field)
{
	return context->headers && field != F_COUNT ? context->headers[field] : STR("");
}

static void write_told(const struct row *row, struct rowset *rejects)
{
	for (size_t i = 0; i < row->n_told; i++) {
		const struct told *t = &row->told[i];
		const struct reject reject = {
			.code = t->code,
			.action = t->action,
			.record_id = row->rec->v[F_RECORD_ID],
			.source = row->rec->v[F_SOURCE],
			.dealer_code = row->rec->v[F_DEALER_CODE],
			.file = row->context->file,
			.field = t->field == F_COUNT ? STR("") : field_name(t->field),
			.header = header_of(row->context, t->field),
			.value = t->field == F_COUNT ? STR("") : row->raw[t->field],
			.detail = t->detail,
			.suggestion = t->suggestion,
			.corrected_value = t->corrected,
		};

		reject_add(rejects, &reject, row->context->lang, row->a);
	}
}

static enum fate fate_of(const struct row *row)
{
	enum fate fate = FATE_ACCEPTED;

	for (size_t i = 0; i < row->n_told; i++) {
		if (row->told[i].action == ACTION_REJECT)
			return FATE_REJECTED;
		if (row->told[i].action != ACTION_FIX)
			fate = FATE_FLAGGED;
	}
	return fate;
}

enum fate cleaner_record(const struct cleaner *c, const struct clean_context *context,
			 struct record *rec, struct rowset *rejects, struct arena *a)
{
	return cleaner_record_next(c, context, rec, rejects, a, NULL);
}

enum fate cleaner_record_next(const struct cleaner *c, const struct clean_context *context,
			      struct record *rec, struct rowset *rejects, struct arena *a,
			      struct clean_memo *memo)
{
	struct str raw[F_COUNT];
	struct row row;

	memcpy(raw, rec->v, sizeof(raw));
	row_start(&row, c, context, rec, raw, a);
	row.memo = memo;
	run_steps(&row);
	if (row.asked_usable && !row.usable && !context->elsewhere)
		row_reject(&row);
	if (!row.n_told)
		return FATE_ACCEPTED;
	write_told(&row, rejects);
	return fate_of(&row);
}

static bool known_code(const struct cleaner *c, struct str name, const struct code **code,
		       struct fault *f)
{
	*code = codes_find(c->codes, name);
	return *code ||
	       fault_add(f, EXIT_USAGE, "codes.csv: the code %.*s is missing, and a check tells it",
			 STR_FMT(name));
}

static bool known_codes_load(struct cleaner *c, struct fault *f)
{
	struct known_codes *k = &c->known;
	bool ok = true;

	for (int i = 0; i < REASON_COUNT; i++)
		ok &= known_code(c, reason_code((enum reason)i), &k->of_reason[i], f);
	ok &= known_code(c, STR("ROW_EMPTY"), &k->row_empty, f);
	ok &= known_code(c, STR("VALUE_UNKNOWN"), &k->value_unknown, f);
	ok &= known_code(c, STR("DATE_ORDER"), &k->date_order, f);
	ok &= known_code(c, STR("GENDER_MISMATCH"), &k->gender_mismatch, f);
	ok &= known_code(c, STR("BIRTHDATE_MISMATCH"), &k->birthdate_mismatch, f);
	ok &= known_code(c, STR("DEALER_UNKNOWN"), &k->dealer_unknown, f);
	return ok;
}

/* All but the reference tables. */
static bool load_rules(struct cleaner *c, const char *rules_dir, struct fault *f)
{
	bool ok = known_codes_load(c, f);

	ok &= words_load(&c->words, rules_dir, f);
	ok &= keywords_load(&c->keywords, rules_dir, f);
	ok &= models_load(&c->models, rules_dir, f);
	ok &= known_dealers_load(&c->dealers, rules_dir, &c->arena, f);
	ok &= steps_load(c, rules_dir, f);
	return ok;
}

bool cleaner_load(struct cleaner **out, const char *rules_dir, const struct codes *codes,
		  struct fault *f)
{
	struct cleaner *c = xcalloc(1, sizeof(*c));
	bool ok;

	c->codes = codes;
	ok = reference_load(&c->ref, rules_dir, f);
	ok &= load_rules(c, rules_dir, f);
	if (!ok) {
		cleaner_free(c);
		c = NULL;
	}
	*out = c;
	return ok;
}

void cleaner_free(struct cleaner *c)
{
	if (!c)
		return;
	steps_release(c);
	if (c->ref)
		reference_free(c->ref);
	words_release(&c->words);
	keywords_release(&c->keywords);
	models_release(&c->models);
	known_dealers_release(&c->dealers);
	arena_release(&c->arena);
	free(c);
}

bool cleaner_check(const char *rules_dir, struct fault *f)
{
	struct cleaner *c = xcalloc(1, sizeof(*c));
	struct fault told_elsewhere = {0};
	struct codes codes;
	bool ok;

	codes_read(&codes, rules_dir, &told_elsewhere);
	c->codes = &codes;
	ok = load_rules(c, rules_dir, f);
	cleaner_free(c);
	codes_release(&codes);
	fault_release(&told_elsewhere);
	return ok;
}
